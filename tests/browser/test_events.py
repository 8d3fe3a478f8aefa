"""The page of events: picture and numbers agree, the card tells all, the table pages through all, files are taken."""

from __future__ import annotations

import itertools
import json
import re
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from geodata.catalog import current, shipped, workspace
from geodata.records import sources
from tests.browser.axe import complaints
from tests.browser.conftest import Visit
from tests.browser.made_events import LAYER, bring
from tests.browser.words import plain, word
from tests.records.test_sources import REPORT

pytestmark = pytest.mark.browser
PAGE = f"/events?layer={LAYER}"


@pytest.fixture(autouse=True)
def _events(tmp_path: Path) -> None:
    bring(tmp_path)


def ready(page: Page) -> Page:
    """Wait until the page has asked and drawn everything."""
    page.wait_for_selector("html[data-ready]")
    return page


def asked(base: str, path: str) -> Any:
    """Return what the server answers."""
    with urllib.request.urlopen(f"{base}/events/{LAYER}/{path}") as answer:
        return json.load(answer)


def count(page: Page) -> tuple[int, int]:
    """Return how many events the page says are in view, and how many of those there are."""
    digits = plain(page.locator("#events-count").inner_text()).replace(",", "")
    shown, found = (int(part) for part in digits.split() if part.isdigit())
    return shown, found


def in_view(page: Page, urls: list[str], zoom: float) -> Any:
    """Return what the server answers to a page's question of its view at a zoom, once the page says the same."""
    for _ in range(100):
        if urls and f"zoom={zoom:g}&" in f"{urls[-1]}&":
            with urllib.request.urlopen(urls[-1]) as answer:
                view = json.load(answer)
            if count(page) == (view["count"], 240):
                return view
        page.wait_for_timeout(200)
    raise AssertionError(f"the page says {count(page)} after it asked {urls}")


def expect_found(page: Page, number: int) -> None:
    """Wait until the page says that so many events are filtered."""
    lang = page.locator("html").get_attribute("lang") or ""
    ways = [
        word(f"events_in_{where}", lang, shown="SHOWN", all=f"\u2066{number:,}\u2069") for where in ("view", "areas")
    ]
    pattern = "|".join(re.escape(way).replace("SHOWN", r"\u2066[\d,]+\u2069") for way in ways)
    expect(page.locator("#events-count")).to_have_text(re.compile(rf"^(?:{pattern})\s*$"))


def said_count(lang: str, shown: int, found: int, where: str = "view") -> str:
    """Return how the page says these numbers."""
    return word(f"events_in_{where}", lang, shown=f"\u2066{shown}\u2069", all=f"\u2066{found}\u2069")


def test_the_number_is_that_of_the_picture(visit: Visit, base: str, lang: str) -> None:
    urls: list[str] = []
    page = visit(f"{PAGE}&lang={lang}", 1440, 900)
    ready(page)
    assert count(page) == (240, 240)
    expect(page.locator("#events-more")).to_contain_text(word("events_areas", lang), use_inner_text=True)
    page.on("request", lambda one: urls.append(one.url) if "/view.json" in one.url else None)
    zoom = float(parse_qs(urlsplit(page.url).query)["map"][0].split("/")[0]) + 2
    for _ in range(2):
        page.locator(".leaflet-control-zoom-in").click()
    view = in_view(page, urls, zoom)
    assert view["mode"] == "points"
    assert view["count"] < 240
    assert view["count"] == len(view["id"]) + sum(one["count"] for one in view["areas"])


def test_a_press_on_an_event_opens_its_card(visit: Visit, base: str, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}&map=10/34.69/40.83", 1440, 900))
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    card = page.locator("#event-card")
    expect(card.locator(".facts")).to_be_visible()
    expect(card).to_contain_text("Hajin", use_inner_text=True)
    here = asked(base, "items.json?limit=300")["items"]
    same = [one for one in here if one["lon"] == 40.83 and one["lat"] == 34.69]
    expect(card.locator("#event-at")).to_have_text(word("events_one_of", lang, at=1, count=len(same)))
    first = page.url
    card.get_by_role("button", name=word("events_next", lang)).click()
    expect(card.locator("#event-at")).to_have_text(word("events_one_of", lang, at=2, count=len(same)))
    assert page.url != first
    assert complaints(page) == []
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert "at=" not in page.url


def test_the_card_says_all_that_is_held(visit: Visit, base: str, lang: str) -> None:
    sources.add({**REPORT, "supports": "made-made12"}, workspace(), current())
    page = ready(visit(f"{PAGE}&lang={lang}&at=made-made12", 1440, 900))
    card = page.locator("#event-card")
    expect(card.locator(".facts")).to_be_visible()
    text = plain(card.inner_text())
    assert "Agence <b>France</b>" in text
    assert {"en": "March 2022", "ar": "آذار/مارس 2022"}[lang] in text
    assert 'An attack "near" the <i>crossing</i>' in text
    assert word("further_sources", lang) in text
    expect(card.locator('a[href*="/sources/wire-report"]')).to_be_visible()
    card.locator("summary").click()
    original = plain(card.locator(".original").inner_text())
    assert "event_id_cnty" in original
    assert "MADE12" in original


def test_events_known_to_an_area_are_the_area(visit: Visit, base: str, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}", 1440, 900))
    view = asked(base, "view.json?bbox=30,28,50,40&zoom=6")
    pills = page.locator(".events-pill")
    items = [int(re.findall(r"\d+", str(pill.get_attribute("aria-label")))[-1]) for pill in pills.all()]
    assert sum(items) == sum(one["count"] for one in view["areas"]) == 24
    pills.first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#event-card")).to_contain_text(word("events_area_said", lang), use_inner_text=True)
    page.locator("#event-body button").click()
    expect(page).to_have_url(re.compile("precision="))
    expect(page.locator("#events-count")).to_have_text(said_count(lang, 24, 24))


def test_numbers_of_areas_do_not_lie_over_each_other(visit: Visit) -> None:
    items = [f"governorates/{one.id}" for one in shipped().layer("governorates").features]
    areas = [{"area": ref, "count": 90 + 7 * at, "deaths": 0} for at, ref in enumerate(items)]

    def everywhere(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "areas": areas})

    # At a zoom that there is not: the map moves before its first answer.
    page = ready(visit(f"{PAGE}&lang=en&map=2/34/43", 1440, 900))
    page.route("**/view.json*", everywhere)
    page.locator(".leaflet-control-zoom-in").click()
    expect(page.locator(".events-pill")).to_have_count(len(areas))
    expect(page.locator(".events-pill.crowded").first).to_be_attached()
    written = [pill.bounding_box() for pill in page.locator(".events-pill:not(.crowded) span").all()]
    for one, other in itertools.combinations([box for box in written if box is not None], 2):
        apart = abs(one["x"] + one["width"] / 2 - other["x"] - other["width"] / 2)
        assert apart >= (one["width"] + other["width"]) / 2 or abs(one["y"] - other["y"]) >= one["height"]
    assert complaints(page) == []


def test_the_table_pages_through_all_and_sorts(visit: Visit, base: str, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}", 1440, 900))
    page.locator("#table-open").click()
    rows = page.locator("#table-rows tr")
    expect(rows).to_have_count(100)
    seen = set(page.locator("[data-event]").evaluate_all("all => all.map(one => one.dataset.event)"))
    for number, most in ((2, 100), (3, 40)):
        page.locator("#table-part").get_by_role("button", name=word("near_next", lang)).click()
        expect(page.locator("#page-number")).to_have_value(str(number))
        expect(rows).to_have_count(most)
        seen |= set(page.locator("[data-event]").evaluate_all("all => all.map(one => one.dataset.event)"))
    assert len(seen) == 240
    page.locator("#table-part").get_by_role("button", name=word("events_deaths", lang)).click()
    expect(page.locator('[data-sort="killed.best"]')).to_have_attribute("aria-sort", "descending")
    expect(rows.first.locator("td").nth(3)).to_have_text("6")
    row = rows.nth(2).locator("button")
    row.press("Enter")
    expect(row).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#event-title")).to_have_text(row.inner_text())
    assert "table=1" in page.url
    assert "sort=-killed.best" in page.url


def test_colour_and_choropleth_have_their_legend(visit: Visit, base: str, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}", 1440, 900))
    legend = page.locator("#events-legend")
    labels = {one["label"] for one in asked(base, f"summary.json?lang={lang}")["facets"]["category"]}
    assert labels <= set(legend.locator("span").all_inner_texts())
    page.locator("#colour").select_option("actor")
    expect(legend).to_contain_text("Islamic State")
    expect(legend).to_contain_text(word("events_actor_colour", lang))
    page.locator("#colour").select_option("deaths")
    expect(legend).to_contain_text("1–4")
    page.locator("#show").select_option("governorate")
    regions = asked(base, "regions.json?by=governorate")
    items = [one for one in regions["items"] if one["count"]]
    expect(page.locator("path.region")).to_have_count(len(items))
    shown = sum(one["count"] for one in items)
    expect(page.locator("#events-count")).to_have_text(said_count(lang, shown, 240, "areas"))
    assert "show=governorate" in page.url


def test_thousands_are_drawn_as_density(visit: Visit, base: str, lang: str, tmp_path: Path) -> None:
    bring(tmp_path, 4000)
    page = ready(visit(f"{PAGE}&lang={lang}", 1440, 900))
    assert count(page) == (4000, 4000)
    expect(page.locator("#events-legend")).to_contain_text(word("events_by_cell", lang))
    drawn = page.evaluate(
        """() => {
      const canvas = document.querySelector(".leaflet-events-pane canvas");
      const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      let seen = 0;
      for (let at = 3; at < data.length; at += 4) seen += data[at] > 0;
      return seen;
    }"""
    )
    assert drawn > 500


def test_the_file_is_of_what_is_filtered(visit: Visit, base: str, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}&category=Battles", 1440, 900))
    link = page.locator('[data-format="csv"]').get_attribute("href") or ""
    with urllib.request.urlopen(base + link) as answer:
        assert answer.read().decode("utf-8-sig").count("\n") == 81
    expect(page.locator("#export-count")).to_have_text("80")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_axe_and_width(visit: Visit, lang: str, width: int, height: int) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}&at=made-made1&table=1", width, height))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for summary in page.locator("details > summary:visible").all():
        summary.click()
    assert complaints(page) == []
    page.emulate_media(color_scheme="dark")
    assert complaints(page) == []


def test_the_sheet_has_filters_time_and_table(visit: Visit, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}", 390, 844))
    for part in ("filters", "time", "table"):
        page.locator(f'[data-part="{part}"]').click()
        for name in ("filters", "time", "table"):
            assert page.locator(f"#{name}-part").is_visible() is (name == part)
        assert complaints(page) == []
    page.locator("#table-rows button").first.click()
    expect(page.locator("#sheet-card #event-title")).to_be_visible()
    page.locator('[data-part="map"]').click()
    expect(page.locator("#panel")).to_have_attribute("data-stop", "0")


def test_every_layer_of_events_is_listed(visit: Visit, lang: str) -> None:
    page = visit(f"/events?lang={lang}")
    assert complaints(page) == []
    page.get_by_role("link", name={"en": "Made events", "ar": "أحداث مصنوعة"}[lang]).click()
    ready(page)
    expect_found(page, 240)
    page.goto(page.url.split("/events")[0] + f"/layers/events?lang={lang}")
    page.get_by_role("link", name=word("events_open", lang)).click()
    ready(page)
    assert page.locator("h1").inner_text() == word("list_events", lang)


def test_a_failed_answer_is_said_and_asked_again(visit: Visit, lang: str) -> None:
    page = ready(visit(f"{PAGE}&lang={lang}", 1440, 900, refused=True))
    failed = page.get_by_role("alert").filter(has_text=word("failed", lang))
    page.route("**/summary.json*", lambda route: route.abort())
    page.locator('[data-list="category"] input').first.check()
    expect(failed).to_be_visible()
    page.unroute("**/summary.json*")
    # Half an answer is none.
    page.route("**/time.json*", lambda route: route.fulfill(status=200, body='{"bins": ['))
    with page.expect_response("**/time.json*"):
        page.get_by_role("button", name=word("retry", lang)).click()
    expect(failed).to_be_visible()
    page.unroute("**/time.json*")
    page.get_by_role("button", name=word("retry", lang)).click()
    expect(page.locator("#events-problem")).to_be_hidden()
    expect_found(page, 80)
