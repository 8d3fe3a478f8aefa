"""Who has not signed in finds every control that writes, locked; behind it one sentence and a field for the link."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_access import complaints
from tests.browser.words import word

pytestmark = pytest.mark.browser

LOCKED = {
    "/": ("edit_add", "import_choose"),
    "/claims": ("claim_new",),
    "/sources": ("record_new_source",),
    "/actors": ("record_new_actor",),
    "/sources/hussein-2024": ("record_do_change", "record_do_attach", "record_do_grade"),
    "/actors/isis": ("record_do_change", "record_do_alias", "record_do_merge"),
    "/lines": ("line_keep",),
    "/import": ("import_look", "sample_try"),
    "/events": ("import_choose",),
    "/events?layer=events": ("import_choose",),
}
"""The controls of each page that write, by their words."""


def locks(page: Page) -> list[str]:
    """Return the words of the locked controls of a page."""
    return [text.strip() for text in page.locator("[data-sign-in]").all_text_contents()]


@pytest.mark.parametrize("path", LOCKED)
def test_what_writes_is_there_and_locked(visit: Visit, lang: str, path: str) -> None:
    page = visit(f"{path}{'&' if '?' in path else '?'}lang={lang}")
    named = [f"{word(key, lang)} {word('locked', lang)}" for key in LOCKED[path]]
    assert set(named) <= set(locks(page))
    for lock in page.locator("[data-sign-in]").all():
        assert lock.get_attribute("title") == word("locked_title", lang)
        expect(lock.locator("svg.lock-sign")).to_have_count(1)


@pytest.mark.parametrize("path", LOCKED)
def test_nothing_is_locked_for_who_has_signed_in(app: tuple[Flask, str], visit: Visit, path: str) -> None:
    made, address = app
    page = visit(f"/sign-in?token={made.extensions['masafa_token']}", address=address)
    page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang=en")
    assert locks(page) == []
    names = page.locator("body").text_content() or ""
    assert all(word(key, "en") in names for key in LOCKED[path] if key != "import_choose")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_lock_opens_one_sentence_and_the_link_signs_in(
    app: tuple[Flask, str], visit: Visit, lang: str, width: int
) -> None:
    made, address = app
    page = visit(f"/claims?lang={lang}", address=address, width=width, refused=True)
    page.get_by_role("link", name=word("claim_new", lang)).press("Enter")
    dialog = page.get_by_role("dialog", name=word("sign_in", lang))
    expect(dialog.get_by_text(word("sign_in_first", lang))).to_be_visible()
    field = dialog.get_by_label(word("sign_in_link", lang))
    expect(field).to_be_focused()
    assert complaints(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name=word("claim_new", lang))).to_be_focused()
    page.get_by_role("link", name=word("claim_new", lang)).click()
    field.fill(f"{address}/sign-in?token=none")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(word("sign_in_wrong", lang))
    assert complaints(page) == []
    page.get_by_label(word("sign_in_link", lang)).fill(f"{address}/sign-in?token={made.extensions['masafa_token']}")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(word("claim_new", lang))


def test_the_popup_and_the_map_come_back_to_what_was_shown(app: tuple[Flask, str], visit: Visit, lang: str) -> None:
    made, address = app
    page = visit(f"/?lang={lang}&at=al-qaim", address=address)
    page.locator(".leaflet-popup").get_by_role("button", name=word("edit", lang)).click()
    dialog = page.get_by_role("dialog", name=word("sign_in", lang))
    dialog.get_by_label(word("sign_in_link", lang)).fill(made.extensions["masafa_token"])
    dialog.get_by_role("button", name=word("sign_in", lang)).click()
    page.wait_for_selector("html[data-ready]")
    assert "at=al-qaim" in page.url
    page.locator(".leaflet-popup").get_by_role("button", name=word("edit", lang)).click()
    expect(page.locator("#edit-form")).to_be_visible()


def test_the_sample_is_taken_and_understood(app: tuple[Flask, str], visit: Visit, lang: str) -> None:
    made, address = app
    page = visit(f"/import?lang={lang}", address=address)
    expect(page.locator("#in-file")).to_be_visible()
    expect(page.get_by_text(word("import_formats", lang))).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name=word("sample_download", lang)).click()
    assert download.value.suggested_filename == "masafa-sample.csv"
    assert complaints(page) == []
    page.goto(f"{address}/sign-in?token={made.extensions['masafa_token']}")
    page.goto(f"{address}/import?lang={lang}")
    page.get_by_role("button", name=word("sample_try", lang)).click()
    expect(page.locator("h1")).to_contain_text("masafa-sample.csv")
    rows = page.locator(".file-grid tbody tr")
    expect(rows.first).to_be_visible()
