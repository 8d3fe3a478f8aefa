"""A file dropped on the map, or chosen there: sent to be brought in, or told how to sign in."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.words import word

pytestmark = pytest.mark.browser

ROWS = "name,lat,lon,date\nHajin,34.69,40.83,2024-02-03\n"
FILE = """([name, text]) => {
  const held = new DataTransfer();
  held.items.add(new File([text], name, { type: "text/csv" }));
  return held;
}"""


def drag(page: Page, *steps: str) -> None:
    """Take a file over the page."""
    stored = page.evaluate_handle(FILE, ["days <b>.csv", ROWS])
    for step in steps:
        page.dispatch_event("#map", step, {"dataTransfer": stored})


def test_a_dropped_file_is_looked_at(app: tuple[Flask, str], visit: Visit, lang: str) -> None:
    result, address = app
    page = visit(f"/sign-in?token={result.extensions['masafa_token']}", address=address)
    page.goto(f"{address}/?lang={lang}")
    page.wait_for_selector("html[data-ready]")
    drag(page, "dragenter", "dragover")
    expect(page.get_by_text(word("drop_here", lang))).to_be_visible()
    drag(page, "dragleave")
    expect(page.get_by_text(word("drop_here", lang))).to_be_hidden()
    drag(page, "dragenter", "drop")
    expect(page.locator("h1")).to_contain_text("days <b>.csv")
    assert f"lang={lang}" in page.url
    page.wait_for_load_state("networkidle")


def test_a_chosen_file_is_looked_at(app: tuple[Flask, str], visit: Visit, lang: str, tmp_path: Path) -> None:
    file = tmp_path / "days.csv"
    file.write_text(ROWS, encoding="utf-8")
    result, address = app
    page = visit(f"/sign-in?token={result.extensions['masafa_token']}", address=address)
    page.goto(f"{address}/?lang={lang}")
    page.wait_for_selector("html[data-ready]")
    page.get_by_text(word("import_title", lang), exact=True).click()
    assert complaints(page) == []
    page.locator("#drop-file").set_input_files(file)
    expect(page.locator("h1")).to_contain_text("days.csv")
    page.wait_for_load_state("networkidle")


def test_who_has_not_signed_in_is_told_how(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    drag(page, "dragenter", "drop")
    dialog = page.get_by_role("dialog", name=word("sign_in", lang))
    expect(dialog.get_by_text(word("sign_in_first", lang))).to_be_visible()
    assert complaints(page) == []
    dialog.get_by_role("button", name=word("close", lang)).click()
    expect(dialog).to_be_hidden()
    assert page.url.split("?")[0].endswith("/")
