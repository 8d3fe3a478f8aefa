"""By keyboard the map is one stop; arrows move among its places, and what has the focus is covered by nothing."""

from __future__ import annotations

import random

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_keyboard import tab_to
from tests.browser.waiting import until
from tests.browser.words import word

pytestmark = pytest.mark.browser
SIGNS = "#map .sign[tabindex]"
STOP = '#map .sign[tabindex="0"]'
# The middle of what has the focus: of its first line, and of a place on the strip, of its sign.
SEEN = """() => {
  const node = document.activeElement;
  const [box] = (node.querySelector(".sign-at") ?? node).getClientRects();
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const drawing = node.closest("svg");
  return hit !== null && (node.contains(hit) || (drawing !== null && drawing.contains(hit))
    || Boolean(hit.closest("label, a, button, summary")?.contains(node)));
}"""
ZOOM = "Number(new URL(location).searchParams.get('map').split('/')[0])"
ARROWS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]
CENTRE = (
    "node => { const box = node.getBoundingClientRect(); return [box.left + box.width / 2, box.top + box.height / 2] }"
)


def focused(page: Page) -> str:
    """Return the id of the place whose marker has the focus."""
    return str(page.evaluate("document.activeElement.dataset.id ?? ''"))


@pytest.mark.parametrize("path", ["/", "/ruler", "/lines"])
def test_one_marker_is_a_stop_of_the_tab_key(visit: Visit, lang: str, path: str) -> None:
    page = visit(f"{path}?lang={lang}")
    expect(page.locator(STOP)).to_have_count(1)
    assert page.locator(SIGNS).count() > 10
    tab_to(page, STOP, 200)
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.matches('.sign')")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(STOP)).to_be_focused()


def test_the_list_comes_before_the_map(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}")
    after = "() => document.querySelector('#list').compareDocumentPosition(document.querySelector('#map'))"
    assert page.evaluate(after) == 4
    described = page.locator("#map").get_attribute("aria-describedby")
    assert page.locator(f"#{described}").inner_text() == word("map_keys", lang)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1000, 700), (390, 844)])
def test_arrows_reach_places_that_nothing_covers(visit: Visit, lang: str, width: int, height: int) -> None:
    page = visit(f"/?lang={lang}", width, height)
    page.locator('#map .sign[data-id="hasakah-prison"]').focus()
    draw = random.Random(width)
    reached = set()
    for _ in range(40):
        page.keyboard.press(draw.choice(ARROWS))
        until(page, SEEN)
        reached.add(focused(page))
        assert page.locator(STOP).count() == 1
    assert len(reached) > 5
    assert "" not in reached


@pytest.mark.parametrize("id_", ["erbil", "tower-22", "al-qaim", "roj"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844), (320, 480)])
def test_a_focused_marker_comes_out_from_under_the_panel(visit: Visit, id_: str, width: int, height: int) -> None:
    page = visit("/?lang=ar", width, height)
    page.locator(f'#map .sign[data-id="{id_}"]').first.focus()
    until(page, SEEN)


def test_an_arrow_goes_its_way(visit: Visit) -> None:
    page = visit("/?lang=en")
    page.locator('#map .sign[data-id="al-hol"]').focus()
    for key, axis, sign in (("ArrowRight", 0, 1), ("ArrowLeft", 0, -1), ("ArrowDown", 1, 1), ("ArrowUp", 1, -1)):
        before = focused(page)
        page.keyboard.press(key)
        places = [
            page.locator(f'#map .sign[data-id="{id_}"]').first.evaluate(CENTRE) for id_ in (before, focused(page))
        ]
        assert sign * (places[1][axis] - places[0][axis]) > 0, key


def test_shift_moves_the_map_and_signs_zoom_it(visit: Visit) -> None:
    page = visit("/?lang=en")
    sign = page.locator('#map .sign[data-id="al-hol"]')
    sign.focus()
    x, y = sign.evaluate(CENTRE)
    page.keyboard.press("Shift+ArrowUp")
    until(page, f"document.activeElement.getBoundingClientRect().top > {y}")
    assert sign.evaluate(CENTRE)[0] == pytest.approx(x, abs=1)
    zoom = page.evaluate(ZOOM)
    page.keyboard.press("+")
    until(page, f"zoom => {ZOOM} > zoom", zoom)
    assert focused(page) == "al-hol"


def test_without_markers_the_map_is_the_stop(visit: Visit) -> None:
    page = visit("/?lang=en&off=sites,events,places")
    expect(page.locator("#map")).to_have_attribute("tabindex", "0")
    page.locator("#map").focus()
    before = page.url
    page.keyboard.press("ArrowUp")
    until(page, "before => location.href !== before", before)


@pytest.mark.parametrize("path", ["/", "/claims", "/ruler", "/events?layer=events", "/lines", "/proximity"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_what_tab_reaches_is_covered_by_nothing(visit: Visit, path: str, width: int, height: int) -> None:
    page = visit(f"{path}{'&' if '?' in path else '?'}lang=ar", width, height)
    if page.locator(".events-page, .ruler-page").count():
        page.wait_for_selector("html[data-ready]")
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        until(page, SEEN)


def test_what_leaflet_says_is_in_the_language_of_the_page(visit: Visit, lang: str) -> None:
    page = visit(f"/?lang={lang}&at=hasakah-prison")
    close = page.locator(".leaflet-popup-close-button")
    expect(close).to_have_attribute("aria-label", word("close_popup", lang))
    said = page.locator("#map").evaluate(
        """map => [...map.querySelectorAll("*")]
          .flatMap((node) => ["aria-label", "title", "alt"].map((name) => node.getAttribute(name)))
          .filter((text) => text && /^[ -~]+$/.test(text) && /[a-z]{3}/i.test(text))"""
    )
    assert lang == "en" or said == []
