"""The keyboard alone can do it all, and what is done is said."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from geodata.catalog import shipped
from tests.browser.conftest import Visit
from tests.browser.waiting import until
from tests.browser.words import plain, word

pytestmark = pytest.mark.browser
FOCUSED = "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent.trim()"


def tab_to(page: Page, selector: str, most: int = 120) -> None:
    """Press Tab until an element that matches is focused."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} was not reached; focus is on {page.evaluate(FOCUSED)!r}")


def test_the_prisons_distance_without_a_mouse(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    tab_to(page, '#list [data-row="hasakah-prison"]')
    page.keyboard.press("Enter")
    until(page, "document.activeElement.classList.contains('popup')")
    tab_to(page, ".popup-tools button:nth-child(2)")
    page.keyboard.press("Enter")
    page.locator("#results .big").wait_for()
    assert plain(page.locator("#results .big").inner_text()).startswith("49 ± 3")
    expect(page.locator("#results")).to_have_attribute("aria-live", "polite")


def test_rings_from_the_panel(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    tab_to(page, "#open-measure")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H2"
    tab_to(page, ".modes button:nth-child(3)")
    page.keyboard.press("Enter")
    tab_to(page, "#in-layer")
    page.keyboard.insert_text(shipped().feature("al-qaim").name[lang])
    tab_to(page, "#in-km")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("50")
    page.keyboard.press("Enter")
    page.locator("path.measure-ring").wait_for(state="attached")
    tab_to(page, "#tool .close")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "open-measure"


def test_escape_closes_and_gives_the_focus_back(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    row = page.locator('#list [data-row="al-hol"]')
    row.focus()
    page.keyboard.press("Enter")
    until(page, "document.activeElement.classList.contains('popup')")
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    assert row.evaluate("node => node === document.activeElement")


def test_a_marker_and_the_timeline_answer_to_enter(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    page.locator('.sign[data-id="al-hol"]').focus()
    page.keyboard.press("Enter")
    page.locator(".leaflet-popup").wait_for()
    expect(page.locator(".leaflet-popup")).to_contain_text(shipped().feature("al-hol").name[lang], use_inner_text=True)
    page.locator('#timeline-strip [data-row="event-mosul-2017"]').focus()
    page.keyboard.press(" ")
    expect(page.locator(".leaflet-popup")).to_contain_text(
        shipped().feature("event-mosul-2017").name[lang], use_inner_text=True
    )


def test_the_first_stop_skips_to_the_list(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == word("skip", lang)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#list') !== null")


def test_focus_can_be_seen(visit: Visit) -> None:
    page = visit("/?lang=en")
    tab_to(page, "#open-measure")
    style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert style != "none"
