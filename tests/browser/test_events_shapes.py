"""Every geometry of an event or a feature, drawn with our signs under its name; areas filled by what is asked."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import shapely
from playwright.sync_api import Page, expect

from geodata.catalog import shipped, workspace
from geodata.formats import geojson
from tests.analysis.conftest import entry
from tests.browser.conftest import Visit
from tests.browser.made_events import LAYER, bring
from tests.browser.words import plain, word

pytestmark = pytest.mark.browser

POINT = {"type": "Point", "coordinates": [41.2, 34.6]}
LINE = {"type": "LineString", "coordinates": [[41.3, 34.7], [41.6, 34.9]]}
AREA = {"type": "Polygon", "coordinates": [[[41.7, 34.4], [42.0, 34.4], [42.0, 34.6], [41.7, 34.4]]]}
GEOMETRIES: dict[str, dict[str, Any]] = {
    "Point": POINT,
    "MultiPoint": {"type": "MultiPoint", "coordinates": [[41.1, 34.5], [41.4, 34.3]]},
    "LineString": LINE,
    "MultiLineString": {"type": "MultiLineString", "coordinates": [LINE["coordinates"], [[40.8, 34.1], [40.9, 34.3]]]},
    "Polygon": AREA,
    "MultiPolygon": {"type": "MultiPolygon", "coordinates": [AREA["coordinates"]]},
    "GeometryCollection": {"type": "GeometryCollection", "geometries": [POINT, LINE, AREA]},
    "Nested": {
        "type": "GeometryCollection",
        "geometries": [
            {
                "type": "GeometryCollection",
                "geometries": [{"type": "MultiPoint", "coordinates": [[41.0, 34.9], [41.5, 34.2]]}],
            },
            LINE,
        ],
    },
}
POINTS = {"Point": 1, "MultiPoint": 2, "GeometryCollection": 1, "Nested": 2}
PATHS = {"LineString": 1, "MultiLineString": 2, "Polygon": 1, "MultiPolygon": 1, "GeometryCollection": 2, "Nested": 1}


def put(kind: str, layer_kind: str) -> None:
    """Put a layer of one feature into the workspace."""
    properties = {
        "name_en": f"The {kind}",
        "name_ar": "المعلم المرسوم",
        "kind": "event" if layer_kind == "event" else "town",
        "coordinateUncertaintyInMeters": 3000,
        "category": "battle",
        "actors": [],
        "killed": {"best": 7, "low": 7, "high": 7},
    }
    feature = {"type": "Feature", "id": "drawn-one", "geometry": GEOMETRIES[kind], "properties": properties}
    workspace().put_layer({**entry("drawn", None), "kind": layer_kind}, geojson.write([feature]))


def names(page: Page) -> list[str]:
    """Return the names of the markers that stand for the feature."""
    found = page.locator(".leaflet-marker-icon[aria-label], .leaflet-marker-icon[alt]").evaluate_all(
        "all => all.map((one) => one.getAttribute('aria-label') || one.getAttribute('alt'))"
    )
    return [str(name) for name in found]


def no_pin(page: Page) -> None:
    """See that no sign of Leaflet's own is drawn."""
    assert page.locator("img.leaflet-marker-icon, img.leaflet-marker-shadow").count() == 0
    assert not [name for name in names(page) if name == "Marker"]


@pytest.mark.parametrize("kind", GEOMETRIES)
def test_on_the_page_of_events(visit: Visit, kind: str) -> None:
    put(kind, "event")
    page = visit("/events?layer=drawn&lang=en&map=8/34.6/41.4")
    page.wait_for_selector("html[data-ready]")
    if kind != "Point":
        # A single point is drawn on the canvas with the others.
        expect(page.locator(".events-sign")).to_have_count(POINTS.get(kind, 0))
        expect(page.locator("path.events-line")).to_have_count(PATHS.get(kind, 0))
    count = POINTS.get(kind, 0)
    mine = [name for name in names(page) if name.startswith("The ")]
    wanted = [f"The {kind}"] if count == 1 else [f"The {kind} ({at}/2)" for at in range(1, count + 1)]
    assert mine == ([] if kind == "Point" else wanted)
    no_pin(page)
    if mine:
        page.locator(".events-sign").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#event-title")).to_have_text(f"The {kind}")
        assert word("no_position", "en") not in page.locator("#event-body").inner_text()


@pytest.mark.parametrize("kind", GEOMETRIES)
def test_on_the_map(visit: Visit, kind: str) -> None:
    put(kind, "site")
    page = visit("/?lang=en&map=8/34.6/41.4&claim=none")
    count = POINTS.get(kind, 0)
    expect(page.locator('.sign[data-id="drawn-one"]')).to_have_count(count)
    expect(page.locator("path.own-line")).to_have_count(PATHS.get(kind, 0))
    no_pin(page)
    if count:
        page.locator('.sign[data-id="drawn-one"]').first.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".leaflet-popup h2")).to_have_text(f"The {kind}")


def test_the_strike_has_our_signs_and_its_name(visit: Visit, lang: str) -> None:
    page = visit(f"/events?layer=events&lang={lang}")
    page.wait_for_selector("html[data-ready]")
    strike = shipped().feature("event-strikes-2024-02-03")
    # Of its two places one is known to an area only, and no point of it.
    assert strike.geometry is not None
    assert len(strike.geometry.geoms) == 1  # type: ignore[attr-defined]
    shapes = [feature.geometry for feature in shipped().layer("events").features if feature.geometry is not None]
    signs = sum(len(shape.geoms) for shape in shapes if isinstance(shape, shapely.MultiPoint))
    expect(page.locator(".events-sign")).to_have_count(signs)
    assert [name for name in names(page) if strike.name[lang] in name] == [strike.name[lang]]
    no_pin(page)


@pytest.mark.parametrize(("colour", "measure"), [("", "count"), ("deaths", "deaths")])
def test_areas_are_filled_by_what_is_asked(
    visit: Visit, base: str, tmp_path: Path, lang: str, colour: str, measure: str
) -> None:
    bring(tmp_path)
    with urllib.request.urlopen(f"{base}/events/{LAYER}/regions.json?by=governorate&lang={lang}") as stream:
        answer = json.load(stream)
    page = visit(f"/events?layer={LAYER}&lang={lang}&show=governorate&colour={colour}")
    page.wait_for_selector("html[data-ready]")
    most = max(item[measure] for item in answer["items"])
    assert {item["count"] for item in answer["items"]} != {item["deaths"] for item in answer["items"]}
    wanted: dict[str, int] = {}
    for item in answer["items"]:
        name = "none" if not item[measure] else f"ramp-{min(4, int((item[measure] / most) ** (1 / 3) * 5 + 1e-12))}"
        wanted[name] = wanted.get(name, 0) + 1
    for name, number in wanted.items():
        expect(page.locator(f"path.region.{name}")).to_have_count(number)
    legend = plain(page.locator("#events-legend").inner_text())
    key = {"count": "events_by_region", "deaths": "events_killed_by_region"}[measure]
    assert word(key, lang, what=word("events_by_governorate", lang)) in legend
    assert re.search(rf"\b{most}\b", legend.replace(",", ""))
    page.locator("#regions-table summary").click()
    rows = page.locator("#regions-table tbody tr").evaluate_all(
        "all => all.map((row) => [...row.cells].map((one) => one.textContent))"
    )
    figures = [tuple(int(figure.replace(",", "")) for figure in row[1:]) for row in rows]
    expected = sorted(
        ((one["count"], one["deaths"]) for one in answer["items"]),
        key=lambda one: one[::-1] if measure == "deaths" else one,
        reverse=True,
    )
    assert figures[: len(expected)] == expected
    assert figures[len(expected) :] == ([(answer["other"], answer["other_deaths"])] if answer["other"] else [])


def test_cells_are_filled_by_the_killed(visit: Visit, tmp_path: Path) -> None:
    bring(tmp_path, 2500)
    page = visit(f"/events?layer={LAYER}&lang=en&colour=deaths&map=5/35/42")
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("#events-legend")).to_contain_text(word("events_killed_by_cell", "en"))
    page.locator("#colour").select_option("category")
    expect(page.locator("#events-legend")).to_contain_text(word("events_by_cell", "en"))
