"""A popup stands where it can be read, and stays until it is closed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.waiting import until

pytestmark = pytest.mark.browser


def test_a_press_that_began_in_a_popup_closes_nothing(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}&at=al-qaim")
    popup = page.locator(".leaflet-popup .popup")
    box = popup.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 60, box["y"] + 20)
    page.mouse.up()
    page.wait_for_timeout(200)
    expect(popup).to_be_visible()
    page.mouse.click(box["x"] + box["width"] + 60, box["y"] + 20)
    expect(popup).to_have_count(0)


def test_a_part_opened_in_the_moment_of_closing_harms_nothing(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}&at=event-strikes-2024-02-03")
    expect(page.locator(".leaflet-popup .popup details").first).to_be_attached()
    # The browser tells of the opened part in a task of its own, after this.
    page.evaluate(
        """() => {
          document.querySelector(".leaflet-popup .popup details summary").click();
          document.querySelector(".leaflet-popup-close-button").click();
        }"""
    )
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    page.wait_for_timeout(200)


@pytest.mark.parametrize("still", [True, False], ids=["still", "moving"])
def test_opened_by_an_address_it_is_in_sight_on_a_narrow_screen(visit: Visit, lang: str, still: bool) -> None:
    page = visit(f"/?lang={lang}&at=al-qaim", 390, 844, still=still)
    until(
        page,
        """() => {
          const box = (selector) => document.querySelector(selector).getBoundingClientRect();
          const popup = box(".leaflet-popup-content-wrapper");
          return popup.left >= 0 && popup.right <= innerWidth
            && popup.top >= box("#search-text").bottom && popup.bottom <= box("#panel").top;
        }""",
    )
