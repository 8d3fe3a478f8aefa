"""The proximity table in the page: pasted, shown, filtered, downloaded, by keyboard, wide and narrow."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.words import plain, word

pytestmark = pytest.mark.browser
TEXT = "Base: 33.79,42.44\n42.44 33.79\nfoo\nالقائم؛ ٣٤٫٣٧، ٤١٫٠٩"


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_paste_and_read(visit: Visit, lang: str, width: int, height: int) -> None:
    page = visit(f"/proximity?lang={lang}", width, height)
    assert complaints(page) == []
    page.get_by_label(word("paste", lang), exact=True).fill(TEXT)
    page.get_by_role("button", name=word("do_measure", lang), exact=True).press("Enter")
    page.wait_for_selector(".near")
    assert "150.2 ± 0.6" in plain(page.locator(".near").inner_text())
    assert word("table_problems", lang, count=1) in page.locator(".listed").first.inner_text()
    assert word("table_warnings", lang, count=1) in page.locator(".listed").last.inner_text()
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_filter_and_download(visit: Visit, lang: str, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("name,lat,lon\n=near,34.37,41.09\nfar,33.79,42.44\n", "utf-8")
    page = visit(f"/proximity?lang={lang}")
    page.get_by_label(word("csv_file", lang), exact=True).set_input_files(file)
    page.get_by_role("button", name=word("do_measure", lang), exact=True).click()
    page.get_by_label(word("near_text", lang), exact=True).fill("near")
    page.get_by_role("button", name=word("rule", lang), exact=True).click()
    page.wait_for_selector(".near")
    expect(page.locator(".near tbody tr")).to_have_count(1)
    with page.expect_download() as kept:
        page.get_by_role("button", name="CSV", exact=True).click()
    text = Path(kept.value.path()).read_text("utf-8-sig")
    assert "'=near" in text
    assert "far" in text


def test_the_language_switch_keeps_the_rows(visit: Visit, lang: str) -> None:
    other = "en" if lang == "ar" else "ar"
    page = visit(f"/proximity?lang={lang}")
    page.get_by_label(word("paste", lang), exact=True).fill(TEXT)
    page.get_by_label(word("target", lang), exact=True).select_option(["border-iq-sy", "border-iq-jo"])
    page.get_by_role("button", name=word("do_measure", lang), exact=True).click()
    page.wait_for_selector(".near")
    page.get_by_role("button", name=word("other_language", lang)).press("Enter")
    page.wait_for_selector(f"html[lang={other}] .near")
    expect(page.locator(".near tbody tr")).to_have_count(6)
    assert {"en": "no two numbers", "ar": "ليس عددين"}[other] in page.locator(".listed").first.inner_text()
    assert complaints(page) == []


def test_the_ruler_leads_here(visit: Visit, lang: str) -> None:
    page = visit(f"/proximity?lang={lang}&layer=sites")
    assert "49 ± 3" in plain(page.locator(".near").inner_text())
    page.goto(page.url.replace("/proximity", "/ruler"))
    page.get_by_role("link", name=word("table_title", lang)).click()
    expect(page.get_by_label(word("target", lang), exact=True)).to_have_value("border-iq-sy")


def test_the_rows_of_a_layer_that_a_filter_leaves_are_measured(visit: Visit, lang: str) -> None:
    page = visit(f"/layers/sites?lang={lang}")
    page.locator("#filter").fill("hasakah-prison" if lang == "en" else "سجن الحسكه")
    shown = page.locator("table.data tbody tr:visible").count()
    assert 0 < shown < 22
    page.get_by_role("link", name=word("near_these", lang)).press("Enter")
    page.wait_for_selector(".near")
    expect(page.locator(".near tbody tr")).to_have_count(shown)
    assert "49 ± 3" in plain(page.locator(".near").inner_text())
    assert complaints(page) == []
