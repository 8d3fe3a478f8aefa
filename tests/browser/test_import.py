"""A file brought in by the page, with the mouse and by keyboard: sent, put right, brought in, seen."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.words import word
from tests.importing.made import acled, acled_file
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
    meaning = page.locator(".file-grid select")
    assert [one.input_value() for one in meaning.all()] == ["name", "position", "date", "deaths_best"]
    expect(page.locator(".counters dd")).to_have_text(["2", "2", "1"])
    meaning.nth(1).focus()
    meaning.nth(1).select_option("")
    expect(page.locator(".counters dd").first).to_have_text("0")
    expect(page.locator("button[value=load]")).to_be_disabled()
    expect(page.get_by_text(word("import_nothing_placed", lang))).to_be_visible()
    expect(meaning.nth(1)).to_be_focused()
    meaning.nth(1).select_option("position")
    expect(page.locator(".counters dd").first).to_have_text("2")
    expect(page.locator(".mini-map circle")).to_have_count(2)
    page.locator("#more summary").click()
    page.locator("#in-title_ar").fill("أيام")
    page.locator("#in-title_en").fill("Days")
    page.locator("button[value=load]").click()
    notice = page.locator(".import-notice")
    expect(notice).to_contain_text({"en": "Days", "ar": "أيام"}[lang], timeout=60_000)
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    notice.get_by_role("link", name=word("import_report", lang)).click()
    expect(page.locator("h1 + p")).to_contain_text("days")
    # A figure that cannot be read.
    expect(page.locator(".listed li")).to_have_count(1)
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
