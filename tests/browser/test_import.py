"""A file brought in by the page, with the mouse and by keyboard: sent, put right, brought in, seen."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.words import plain, word
from tests.importing.made import acled, acled_file
from webapp.i18n import date_text
from webapp.jobs import RunningJob

pytestmark = pytest.mark.browser

PLAIN = "place,spot,day,toll\nالقائم,34°22'N 41°02'E,٢٠٢٤/٢/٣,٣\nHajin,34.69 40.83,04.02.2024,many\n"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_file_is_sent_put_right_and_brought_in(
    app: tuple[Flask, str], visit: Visit, lang: str, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "days & <b>places.csv"
    file.write_text(PLAIN, encoding="utf-8")
    result, address = app
    page = visit(f"/sign-in?token={result.extensions['masafa_token']}", address=address, width=width)
    page.goto(f"{address}/import?lang={lang}")
    assert complaints(page) == []
    page.locator("#in-file").set_input_files(file)
    page.get_by_role("button", name=word("import_look", lang)).press("Enter")
    expect(page.locator("h1")).to_contain_text("days & <b>places.csv")
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    meaning = page.locator("table.columns select")
    assert [one.input_value() for one in meaning.all()] == ["name", "", "date", ""]
    for at, role in ((1, "position"), (3, "deaths_best")):
        meaning.nth(at).focus()
        meaning.nth(at).select_option(role)
    with page.expect_navigation():
        page.get_by_role("button", name=word("import_again", lang)).click()
    assert [one.input_value() for one in meaning.all()] == ["name", "position", "date", "deaths_best"]
    understood = plain(page.locator("table.data").first.inner_text())
    assert "34.3667, 41.0333" in understood
    assert plain(date_text("2024-02-03", lang)) in understood
    page.locator("#in-title_ar").fill("أيام")
    page.locator("#in-title_en").fill("Days")
    page.get_by_role("button", name=word("import_load_rows", lang, count="2")).click()
    expect(page.locator("h1 + p")).to_contain_text("days", timeout=60_000)
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # A figure that cannot be read, and a date whose day and month nothing decides.
    expect(page.locator(".listed li")).to_have_count(2)
    page.get_by_role("link", name=word("import_see", lang)).click()
    expect(page.locator("h1")).to_have_text({"en": "Days", "ar": "أيام"}[lang])
    page.wait_for_load_state("networkidle")


def test_progress_is_shown_and_an_import_cancelled(
    app: tuple[Flask, str], visit: Visit, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "acled.csv"
    file.write_bytes(acled_file(*(acled(f"IRQ{number}") for number in range(60))))
    result, address = app
    report, go_on = RunningJob.report, Event()

    def waiting(job: RunningJob, step: str, rows: int) -> None:
        report(job, step, rows)
        assert go_on.wait(120)

    monkeypatch.setattr(RunningJob, "report", waiting)
    page = visit(f"/sign-in?token={result.extensions['masafa_token']}", address=address)
    page.goto(f"{address}/import?lang={lang}")
    page.locator("#in-file").set_input_files(file)
    page.get_by_role("button", name=word("import_look", lang)).click()
    expect(page.locator(".facts")).to_contain_text("ACLED")
    page.locator("button[value=load]").click()
    expect(page.locator("progress")).to_be_visible()
    assert complaints(page) == []
    with page.expect_navigation():
        page.get_by_role("button", name=word("import_cancel", lang)).click()
    go_on.set()
    expect(page.locator("h1 + p")).to_have_text(word("import_cancelled", lang), timeout=60_000)
    page.get_by_role("link", name=word("import_back", lang)).click()
    expect(page.locator(".facts")).to_contain_text("ACLED")
    page.goto(f"{address}/import?lang={lang}")
    expect(page.locator("#own-title")).to_have_count(0)
