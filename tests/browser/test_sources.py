"""A source is recorded, attached and graded by two readers; actors are merged and set apart again, all in the page."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from geodata.catalog import current
from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.words import word
from tests.records.test_actors import GROUP, TWIN
from tests.records.test_sources import REPORT

pytestmark = pytest.mark.browser


def fill(page, given: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    """Fill the fields of the form that is open, and send it; ids are made of the names."""
    for name, value in given.items():
        if name == "id":
            continue
        field = page.locator(f"#in-{name}")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    with page.expect_navigation():
        page.locator("form.ledger-form .buttons button").click()


def test_a_source_is_recorded_and_graded_by_two_readers(app: tuple[Flask, str], visit: Visit, lang: str) -> None:
    result, address = app
    page = visit(f"/sources/new?lang={lang}", address=address, refused=True)
    expect(page.locator("main")).to_contain_text(word("sign_in_first", lang))
    page.goto(f"{address}/sign-in?token={result.extensions['masafa_token']}")
    page.goto(f"{address}/sources?lang={lang}")
    page.get_by_role("link", name=word("record_new_source", lang)).click()
    assert complaints(page) == []
    fill(page, {**REPORT, "title_en": "Wire report", "kind": "article", "published_on": "2024-02-31"})
    assert "2024-02-31" in page.get_by_role("alert").inner_text()
    fill(page, {"published_on": "2024-02-03"})
    for what, by in (("grade", "Reader One"), ("second", "Reader Two")):
        page.get_by_role("link", name=word(f"record_do_{what}", lang), exact=True).click()
        fill(page, {"reliability": "B", "credibility": "2", "by": by})
    expect(page.locator("main")).to_contain_text(word("record_agree", lang), use_inner_text=True)
    expect(page.locator("table tbody tr")).to_have_count(3)
    assert complaints(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with page.expect_navigation():
        page.locator(".speaks a").first.click()
    assert "/layers/sites" in page.url
    assert current().sources()["wire-report"]["verification"]["status"] == "confirmed"
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{address}/?lang={lang}&at=al-qaim")
    page.locator(".leaflet-popup").get_by_text(word("further_sources", lang)).click()
    expect(page.locator('.leaflet-popup a[href*="/sources/wire-report?"]')).to_be_visible()


def test_actors_that_look_alike_are_merged_by_a_person(app: tuple[Flask, str], visit: Visit, lang: str) -> None:
    result, address = app
    page = visit(f"/sign-in?token={result.extensions['masafa_token']}", address=address)
    page.wait_for_load_state("networkidle")
    for given in (GROUP, TWIN):
        page.goto(f"{address}/actors/new?lang={lang}")
        fill(page, given)
    page.goto(f"{address}/actors/alike?lang={lang}")
    assert complaints(page) == []
    row = page.get_by_role("row").filter(has=page.locator("a[href*='merge?into=river-brigade']"))
    row.get_by_role("link", name=word("record_do_merge", lang)).click()
    fill(page, {"by": "A", "why": "one emblem"})
    expect(page.locator("main")).to_contain_text(word("record_is_merged", lang), use_inner_text=True)
    page.get_by_role("link", name=word("record_do_unmerge", lang)).click()
    fill(page, {"by": "B"})
    expect(page.locator("main")).not_to_contain_text(word("record_is_merged", lang), use_inner_text=True)
    expect(page.locator("table")).to_contain_text("one emblem", use_inner_text=True)


def test_an_anchor_of_a_source_is_found_on_whichever_page_it_stands(visit: Visit, lang: str) -> None:
    page = visit(f"/sources?lang={lang}")
    first = page.locator("tbody tr[id]").first.get_attribute("id")
    page.goto(f"{page.url}#{first}")
    expect(page.locator(f"tr[id='{first}']")).to_be_in_viewport()
    page.get_by_role("link", name=word("page_next", lang)).first.click()
    expect(page.locator(f"tr[id='{first}']")).to_have_count(0)
    with page.expect_navigation(url=f"**/sources/{first}?lang={lang}"):
        page.evaluate("id => { location.hash = id; }", first)
    expect(page.locator("h1")).to_be_visible()
