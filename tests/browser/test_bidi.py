"""In the Arabic page every coordinate, interval and id reads left to right: fields, hints, errors, popups, reports."""

from __future__ import annotations

import random
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from geodata.catalog import shipped
from tests.browser import addresses
from tests.browser.bidi import turned
from tests.browser.conftest import Visit
from tests.webapp.test_bidi import PLAIN, RUNS
from webapp.bidi import isolated

pytestmark = pytest.mark.browser


def positions(seed: int, count: int) -> list[tuple[str, str]]:
    """Return longitudes and latitudes that a machine chose, as text of one to six decimals, some of them negative."""
    chosen = random.Random(seed)
    return [
        (f"{chosen.uniform(-60, 60):.{chosen.randint(1, 6)}f}", f"{chosen.uniform(-50, 50):.{chosen.randint(1, 6)}f}")
        for _ in range(count)
    ]


def opened(page: Page) -> Page:
    """Open everything on a page that can be opened, and return it."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    return page


def test_a_pair_that_is_not_isolated_is_caught(visit: Visit) -> None:
    page = visit("/about?lang=ar")
    write = "(html) => { document.querySelector('main').innerHTML = html; }"
    for lon, lat in positions(1, 6):
        pair = f"{lon}, {lat}"
        page.evaluate(write, f"<p>الموضع {pair} هنا</p><input value='{pair}' id='one'><i title='{pair}'>x</i>")
        assert len(turned(page)) == 3, pair
        page.evaluate(write, f"<p>الموضع <bdi>{pair}</bdi> هنا</p><input value='{pair}' dir='ltr'>\u2066{pair}\u2069")
        assert turned(page) == [], pair
    page.evaluate(write, "<p>من 5 – 15 كم</p>")
    assert len(turned(page)) == 1


@pytest.mark.parametrize("width", [1280, 390])
def test_what_is_typed_is_read_as_it_is_typed(visit: Visit, width: int) -> None:
    page = visit("/?lang=ar&claim=none", width=width)
    opened(page)
    assert turned(page) == []
    # What the fields show while they are empty reads as the page does.
    assert page.locator("#search-text").evaluate("field => getComputedStyle(field).direction") == "rtl"
    for lon, lat in positions(2, 4):
        page.locator("#search-text").fill(f"{lon}, {lat}", force=True)
        expect(page.locator("#hits button").first).to_be_attached()
        assert turned(page) == [], (lon, lat)
        page.locator("#search-text").fill("", force=True)
    page.locator("#search-text").fill("مخيم", force=True)
    assert page.locator("#search-text").evaluate("field => getComputedStyle(field).direction") == "rtl"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("address", ["/", "/events?layer=events"])
def test_the_unit_of_the_scale_stands_on_the_side_it_is_read_on(
    visit: Visit, lang: str, address: str, width: int
) -> None:
    page = visit(f"{address}{'&' if '?' in address else '?'}lang={lang}", width=width)
    # Where digits and unit are drawn, not where they stand in the text; the map writes the line anew as it moves.
    places = page.wait_for_function(
        """() => {
          const line = document.querySelector(".leaflet-control-scale-line .qty"), number = line?.querySelector("bdi");
          if (!number) return null;
          const range = document.createRange();
          range.selectNodeContents(line);
          range.setStartAfter(number);
          const unit = [...range.getClientRects()].filter((box) => box.width > 1).at(-1);
          return unit ? [number.getBoundingClientRect().x, unit.x] : null;
        }"""
    ).json_value()
    assert (places[0] > places[1]) == (lang == "ar"), places


def test_measured_answers_and_errors_read_left_to_right(visit: Visit) -> None:
    page = visit("/?lang=ar&claim=none", refused=True)
    page.locator("#open-measure").click()
    for number, (lon, lat) in enumerate(positions(3, 3), 1):
        page.locator("#in-layer").fill(f"{lon}, {lat}")
        page.locator("#in-target").fill(f"{abs(float(lat)):.4f}°N, {abs(float(lon)):.4f}°E")
        page.locator("#tool form button.primary").click()
        expect(page.locator("#results article")).to_have_count(number)
        assert turned(opened(page)) == [], (lon, lat)
    page.locator("#in-layer").fill(f"{lon}, 1{abs(float(lat)) + 10:.4f}")
    page.locator("#tool form button.primary").click()
    expect(page.locator("#tool [role=alert], #results [role=alert]").first).to_be_visible()
    assert turned(opened(page)) == []


@pytest.mark.parametrize("id_", ["al-baghuz", "event-wall-2024-01-28", "event-airfields-campaign"])
def test_popups_read_left_to_right(visit: Visit, id_: str) -> None:
    page = visit(f"/?lang=ar&claim=none&at={id_}")
    expect(page.locator(".popup")).to_be_visible()
    assert turned(opened(page)) == []


# Near the border, so that what is measured from it is measured at once.
LON, LAT = (f"{random.Random(4).uniform(*ends):.4f}" for ends in ((39, 43), (33, 37)))
ADDRESSES = (
    "/claims",
    "/sources",
    "/sources/hol-enwiki",
    "/layers/sites",
    "/layers/events",
    f"/matrix?layer={quote(f'{LON}, {LAT}')}&target=al-qaim",
    f"/matrix?layer={quote(f'{LON}, 1{abs(float(LAT)) + 10:.3f}')}&target=al-qaim",
    f"/report/proximity?layer={quote(f'{LON}, {LAT}')}&target=border-iq-sy",
    f"/report/buffer?layer={quote(f'{LON}, {LAT}')}&km=10,25",
    "/report/claims/prison-10km",
    f"/r?analysis=proximity&layer={quote(f'{LON}, {LAT}')}&target=border-iq-sy",
    f"/ruler?layer=border-iq-sy&km=60&pillars={quote(f'{LON}, {LAT}')}",
    f"/export/sites?bbox={quote('40.5, 36.1, 39, 37')}",
    f"/layers/{quote(f'{LON}, {LAT}')}",
)


NAMES = ("بغداد", "مخيم الهول", "القائم", "الموصل")


EVERY = sorted({path for paths in addresses.PAGES.values() for path in paths})


@pytest.mark.parametrize("path", [*EVERY, *ADDRESSES])
def test_pages_read_left_to_right(visit: Visit, path: str) -> None:
    page = visit(addresses.address(path, "ar"), refused=True)
    assert turned(opened(page)) == []


def test_rows_that_are_pasted_read_left_to_right(visit: Visit) -> None:
    page = visit("/proximity?lang=ar", refused=True)
    rows = [f"{lat}, {lon}" for lon, lat in positions(5, 3)]
    page.locator("#in-points").fill("\n".join([*rows, "40.7625, 136.4775"]))
    with page.expect_navigation():
        page.locator("form.near-form button").first.click()
    assert turned(opened(page)) == []


def test_numbers_behind_an_arabic_name_read_left_to_right_while_they_are_typed(visit: Visit) -> None:
    page = visit("/proximity?lang=ar")
    field = page.locator("#in-points")
    rows = [f"{name}{sign} {lat}, {lon}" for name, sign, (lon, lat) in zip(NAMES, ";؛:،", positions(5, 4), strict=True)]
    # The text of a field has no boxes: as it stands there, it is laid out in an element.
    lay = """(text) => {
      const row = Object.assign(document.createElement("pre"), { dir: "ltr", textContent: text });
      document.querySelector("main").append(row);
    }"""
    page.evaluate(lay, rows[0])
    assert turned(opened(page)) != []
    page.locator("pre").evaluate("(row) => row.remove()")
    field.press_sequentially("\n".join(rows))
    page.evaluate(lay, field.input_value())
    assert turned(opened(page)) == []
    with page.expect_navigation():
        page.locator("form.near-form button").first.click()
    shown = page.locator(".near tbody tr").all_inner_texts()
    assert len(shown) == len(rows)
    assert all(any(name in row for row in shown) for name in NAMES)


def test_page_and_server_isolate_the_same(visit: Visit) -> None:
    page = visit("/about?lang=ar")
    chosen = random.Random(6)
    parts = [*RUNS, *PLAIN, "عند", "(", "·", "، ", " ", "-", "2", "أ"]
    texts = ["".join(chosen.choices(parts, k=chosen.randint(1, 5))) for _ in range(400)]
    script = (
        "async (texts) => { const { isolated } = await import('/static/js/core/bidi.js'); return texts.map(isolated); }"
    )
    assert page.evaluate(script, texts) == [isolated(text) for text in texts]


def test_there_are_texts_with_coordinates_to_look_at() -> None:
    sources = shipped().sources().values()
    assert sum("، 4" in (source["says"] or {}).get("ar", "") for source in sources) >= 3
