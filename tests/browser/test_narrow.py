"""On a phone: a full map, search on top, a sheet with three stops, four tabs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.waiting import until
from tests.browser.words import plain, word

pytestmark = pytest.mark.browser


def test_the_sheet_has_three_stops(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}", 390, 844)
    panel, handle = page.locator("#panel"), page.locator("#handle")
    heights = []
    for stop in ("1", "2", "0"):
        assert panel.get_attribute("data-stop") == stop
        box = panel.bounding_box()
        assert box is not None
        heights.append(box["height"])
        assert word(f"sheet_{stop}", lang) in (handle.get_attribute("aria-label") or "")
        handle.click()
    assert heights[2] < 60 < heights[0] < heights[1]


def test_the_handle_is_dragged_and_a_drag_of_the_map_that_ends_on_it_is_none(visit: Visit) -> None:
    page = visit("/?lang=en", 390, 844)
    panel, handle = page.locator("#panel"), page.locator("#handle")

    def drag(y: float, to: float) -> None:
        page.mouse.move(195, y)
        page.mouse.down()
        page.mouse.move(195, to, steps=4)
        page.mouse.up()

    def height() -> float:
        box = handle.bounding_box()
        assert box is not None
        return box["y"] + box["height"] / 2

    drag(200, height())
    expect(panel).to_have_attribute("data-stop", "1")
    drag(height(), height() - 120)
    expect(panel).to_have_attribute("data-stop", "2")
    until(page, "() => document.getAnimations().every((one) => one.playState !== 'running')")
    drag(height(), height() + 700)
    expect(panel).to_have_attribute("data-stop", "0")
    handle.press("Enter")
    expect(panel).to_have_attribute("data-stop", "1")


def test_the_claim_is_in_the_sheet(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}", 390, 844)
    expect(page.locator("#panel #card")).to_be_visible()
    assert plain(page.locator("#card .measured dd").inner_text()).startswith("49 ± 3")


def test_the_dock_leads_to_the_list_and_the_pages(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}", 390, 844)
    page.get_by_role("button", name=word("nav_list", lang), exact=True).click()
    expect(page.locator("#panel")).to_have_attribute("data-stop", "2")
    row = page.locator('#list [data-row="al-hol"]')
    box = row.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    row.click()
    expect(page.locator("#panel")).to_have_attribute("data-stop", "1")
    expect(page.locator(".leaflet-popup")).to_be_visible()
    page.locator(".dock a").first.click()
    page.wait_for_url("**/ruler?**")


def test_measuring_on_a_phone(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}&at=hasakah-prison", 390, 844)
    page.locator(".popup-tools button").nth(1).click()
    page.locator("#results .big").wait_for()
    assert plain(page.locator("#results .big").inner_text()).startswith("49 ± 3")


@pytest.mark.parametrize("path", ["/claims", "/sources", "/layers/sites", "/layers/events", "/about"])
def test_pages_fit(visit: Visit, lang: str, path: str) -> None:
    page = visit(f"{path}?lang={lang}", 390, 844)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_touched_is_large_enough(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}", 390, 844)
    small = page.evaluate(
        """() => [".dock > *", ".rows button", "#search-text", ".narrow-lang", "#open-measure", ".layers li"]
          .flatMap((selector) => [...document.querySelectorAll(selector)])
          .filter((node) => node.getClientRects().length && node.getBoundingClientRect().height < 44)
          .map((node) => node.className || node.id)"""
    )
    assert small == []
