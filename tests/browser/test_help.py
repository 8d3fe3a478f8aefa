"""Help on one sheet by its button and by ?; shortcuts of one letter, off in fields and where they were switched off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_access import complaints
from tests.browser.words import word

pytestmark = pytest.mark.browser


def opened(page: Page) -> None:
    expect(page.locator("dialog#help")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/claims", "/events?layer=events"])
def test_the_key_opens_the_sheet_over_the_page(visit: Visit, lang: str, path: str) -> None:
    page = visit(f"{path}{'&' if '?' in path else '?'}lang={lang}")
    page.locator("body").press("?")
    opened(page)
    sheet = page.get_by_role("dialog", name=word("help_title", lang))
    expect(sheet.locator("svg[role=img]")).to_have_count(4)
    assert sheet.locator("[data-symbol] > svg").count() == sheet.locator("[data-symbol]").count() > 10
    assert complaints(page) == []
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_button_opens_it_and_it_fits(visit: Visit, lang: str, width: int) -> None:
    page = visit(f"/?lang={lang}", width=width)
    page.locator("[data-help]:visible").click()
    opened(page)
    assert page.locator("dialog#help").evaluate("sheet => sheet.scrollWidth <= sheet.clientWidth")
    page.get_by_role("dialog").get_by_role("button", name=word("close", lang)).click()
    expect(page.locator("dialog#help")).to_be_hidden()
    expect(page.locator("[data-help]:visible")).to_be_focused()


def test_letters_typed_in_a_field_are_letters(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    page.locator("body").press("/")
    field = page.locator("#search-text")
    expect(field).to_be_focused()
    page.keyboard.type("m?/")
    expect(field).to_have_value("m?/")
    expect(page.locator("dialog#help")).to_have_count(0)
    expect(page.locator("#tool")).to_be_hidden()


def test_m_measures_on_a_keyboard_of_either_script(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    page.dispatch_event("body", "keydown", {"key": "ة", "code": "KeyM", "bubbles": True})
    expect(page.locator("#in-layer")).to_be_visible()


def test_they_are_switched_off_and_stay_so(visit: Visit, lang: str) -> None:
    page = visit(f"/help?lang={lang}")
    switch = page.get_by_label(word("help_keys_on", lang))
    expect(switch).to_be_checked()
    switch.uncheck()
    page.goto(page.url.replace("/help?", "/claims?"))
    page.locator("body").press("?")
    page.locator(".help").click()
    opened(page)
    expect(page.get_by_label(word("help_keys_on", lang))).not_to_be_checked()
    page.get_by_label(word("help_keys_on", lang)).check()
    page.keyboard.press("Escape")
    page.locator("main").click(position={"x": 2, "y": 2})
    page.dispatch_event("body", "keydown", {"key": "؟", "code": "Slash", "shiftKey": True, "bubbles": True})
    opened(page)
