"""From a file dropped on the map to its layer on the map: one click where all is guessed, one more for each answer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.words import word

pytestmark = pytest.mark.browser

SHAPES = {
    "form.csv": "start;grp_a/when;grp_a/killed_total;grp_b/_GPS_latitude;grp_b/_GPS_longitude;grp_b/_GPS_precision\n"
    "2024-05-01T09:00:00+03:00;2024-04-28T13:23:00+03:00;3;35.79188;38.58539;3.4\n"
    "2024-05-02T09:00:00+03:00;2024-04-29T13:23:00+03:00;4;35.07628;40.41152;3.8\n",
    "bericht.csv": "Lagebericht;;;;\n;;;;\nNr;Breite;Länge;Datum;Tote\n1;34,10735;42,42177;30.06.2023;9\n"
    "2;32,86278;35,99514;19.02.2024;mind. 3\n",
    "posts.csv": 'Post,Date,Geolocation (DMS)\na1,06/02/2024,"33°26\'04.5""N 44°08\'17.6""E"\n'
    'a2,03/04/2024,"33°36\'16.1""N 43°19\'46.5""E"\n',
    "patrol.csv": "DTG date,Grid (MGRS),Type\n31/05/24,37SFU807146,roadside bomb\n27/09/16,37S CV 02261 72823,raid\n",
}
"""Files as people have them, each with something that must be guessed or asked."""
FOLDER = Path(os.environ.get("MASAFA_CORPUS", "/nowhere")) / "tables"
REAL = [name for name in ("kobo_submissions.csv", "vorfaelle.csv", "posts.csv", "patrol_log.csv") if FOLDER.is_dir()]
TAKEN = """([name, text]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name, { type: "text/csv" }));
  return files;
}"""


def dropped(app: tuple[Flask, str], visit: Visit, lang: str, name: str, text: str, width: int = 1280) -> Page:
    """Drop a file on the map; return the page of its preview."""
    result, address = app
    page = visit(f"/sign-in?token={result.extensions['masafa_token']}", address=address, width=width)
    page.goto(f"{address}/?lang={lang}")
    page.wait_for_selector("html[data-ready]")
    files = page.evaluate_handle(TAKEN, [name, text])
    for step in ("dragenter", "dragover", "drop"):
        page.dispatch_event("#map", step, {"dataTransfer": files})
    expect(page.locator("h1")).to_contain_text(name)
    page.wait_for_selector("html[data-ready]")
    return page


@pytest.mark.parametrize("name", [*SHAPES, *(f"real {name}" for name in REAL)])
def test_a_dropped_file_is_on_the_map_with_one_click(
    app: tuple[Flask, str], visit: Visit, lang: str, name: str
) -> None:
    file = name.removeprefix("real ")
    text = SHAPES[file] if name in SHAPES else (FOLDER / file).read_text("utf-8")
    page = dropped(app, visit, lang, file, text)
    assert complaints(page) == []
    assert page.locator(".question input:checked").count() == 0
    page.locator("button[value=load]").click()
    expect(page.locator(".import-notice")).to_be_visible(timeout=60_000)
    assert "/events?layer=" in page.url
    assert "imported=" not in page.url
    page.wait_for_load_state("networkidle")


def test_an_answer_changes_counts_map_and_button_at_once(app: tuple[Flask, str], visit: Visit, lang: str) -> None:
    page = dropped(app, visit, lang, "posts.csv", SHAPES["posts.csv"])
    button = page.locator("button[value=load]")
    expect(button).to_contain_text(word("import_then_dates", lang))
    page.locator("#a-dates-1").check()
    expect(button).not_to_contain_text(word("import_then_dates", lang))
    expect(page.locator("#a-dates-1")).to_be_checked()
    expect(page.locator("#a-dates-1")).to_be_focused()
    expect(page.locator(".counters dd").nth(2)).to_have_text("0")
    page.locator("#in-radius_km").fill("2.5")
    page.locator("#in-radius_reason").fill("towns by name")
    page.locator("#in-radius_reason").press("Tab")
    expect(button).not_to_contain_text(word("import_then_radius", lang))
    expect(page.locator("#in-radius_km")).to_have_value("2.5")
    button.click()
    notice = page.locator(".import-notice")
    expect(notice).to_be_visible(timeout=60_000)
    with page.expect_navigation():
        notice.get_by_role("button", name=word("import_undo", lang)).click()
    expect(page.get_by_role("status").first).to_contain_text("posts")
    page.wait_for_load_state("networkidle")


def test_by_keyboard_and_on_a_telephone(app: tuple[Flask, str], visit: Visit, lang: str) -> None:
    page = dropped(app, visit, lang, "posts.csv", SHAPES["posts.csv"], width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#a-dates-1").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#a-dates-2")).to_be_checked()
    expect(page.locator("#a-dates-2")).to_be_focused()
    page.locator("button[value=load]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".import-notice")).to_be_visible(timeout=60_000)
    page.wait_for_load_state("networkidle")
