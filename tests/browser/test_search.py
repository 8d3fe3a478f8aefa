"""Search finds a place in either script, however it is spelled, and takes coordinates."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.words import plain, word

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("asked", ["الهول", "هول", "مخيّم الهَول", "al-hol", "Hol camp", "AL HAWL"])
def test_one_place_many_spellings(visit: Visit, asked: str) -> None:
    page = visit("/?lang=ar")
    page.locator("#search-text").fill(asked)
    expect(page.locator("#hits [data-row]").first).to_be_visible()
    rows = page.locator("#hits [data-row]").evaluate_all("rows => rows.map((row) => row.dataset.row)")
    assert "al-hol" in rows[:3]


def test_what_is_found_can_be_opened(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    page.locator("#search-text").fill("Ramadi" if lang == "en" else "الرمادي")
    assert page.locator("#browse").is_hidden()
    page.locator("#search-text").press("Enter")
    page.locator(".leaflet-popup h2").wait_for()
    assert "q=" in page.url


def test_lines_and_areas_are_found_too(visit: Visit) -> None:
    page = visit("/?lang=en")
    for asked, id_ in (("Euphrates", "euphrates"), ("wall", "border-wall"), ("Anbar", "gov-iq-an")):
        page.locator("#search-text").fill(asked)
        expect(page.locator(f'#hits [data-row="{id_}"]')).to_have_count(1)


def test_nothing_found_is_said(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    page.locator("#search-text").fill("zzzz")
    expect(page.locator("#found")).not_to_be_empty()
    assert plain(page.locator("#found").inner_text()) == plain(
        f"{word('search_none', lang, text='zzzz')}. {word('search_hint', lang)}"
    )
    page.locator("#search-text").press("Escape")
    expect(page.locator("#browse")).to_be_visible()


def test_coordinates_are_read_both_ways_round(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    page.locator("#search-text").fill("٣٦٫٤٧٧٥، ٤٠٫٧٦٢٥")
    expect(page.locator("#hits .name")).to_have_count(2)
    rows = [plain(text) for text in page.locator("#hits .name").all_text_contents()]
    assert len(rows) == 2
    assert "40.7625" in rows[0]
    page.locator("#hits button").last.click()
    page.locator("#results .big").wait_for()
    assert plain(page.locator("#results .big").inner_text()).startswith("49.3")
