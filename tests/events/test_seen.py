"""Through time, in view, by region, page by page: every number is of the same events."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from geodata.catalog import Catalog, current
from geodata.errors import BadValue
from geodata.events import facets, histogram, paging, viewport
from geodata.events import filters as event_filters
from geodata.events.dataset import MEMORY, Opened, opened

Desk = tuple[Opened, Catalog]
WORLD = (-180.0, -90.0, 180.0, 90.0)
SOME = (40.0, 34.0, 42.0, 36.0)


@pytest.mark.parametrize("by", ["day", "week", "month", "year", "auto"])
def test_bins_hold_every_dated_event_once(desk: Desk, by: str) -> None:
    events, catalog = desk
    filters = event_filters.read({"category": "Battles|Riots"}, catalog)
    result = histogram.histogram(filters, events, catalog, by)
    count = facets.summary(filters, events, catalog)["count"]
    sum_ = sum(one["count"] + one["spread"] for one in result["bins"]) + result["undated"]
    assert sum_ == pytest.approx(count, abs=0.06 * len(result["bins"]))
    starts = [date.fromisoformat(one["start"]) for one in result["bins"]]
    assert starts == sorted(set(starts))
    assert all(histogram.start_of(one, result["by"]) == one for one in starts)


def test_what_is_known_to_a_month_is_spread_over_its_weeks(desk: Desk) -> None:
    events, catalog = desk
    weekly: Counter[date] = Counter()
    sure: Counter[date] = Counter()
    for one in events.layer.features:
        if one.properties["date_start"] is None:
            continue
        first, last = (date.fromisoformat(one.properties[name]) for name in ("date_start", "date_end"))
        days = [first + timedelta(at) for at in range((last - first).days + 1)]
        bins = {day - timedelta(day.weekday()) for day in days}
        if len(bins) == 1:
            sure[bins.pop()] += 1
        else:
            for day in days:
                weekly[day - timedelta(day.weekday())] += 1 / len(days)
    result = histogram.histogram(event_filters.read({}, catalog), events, catalog, "week")
    for one in result["bins"]:
        start = date.fromisoformat(one["start"])
        assert one["count"] == sure[start]
        assert one["spread"] == pytest.approx(weekly[start], abs=0.051)
    assert sum(one["spread"] for one in result["bins"]) > 20


@pytest.mark.parametrize("box", [WORLD, SOME])
def test_the_picture_and_the_numbers_agree(desk: Desk, box: tuple[float, float, float, float]) -> None:
    events, catalog = desk
    filters = event_filters.read({"deaths_min": "3"}, catalog)
    seen = viewport.view(filters, events, catalog, box, 7)
    assert seen["mode"] == "points"
    assert len(seen["lon"]) == len(seen["id"]) == seen["points"]
    areas = sum(one["count"] for one in seen["areas"])
    assert seen["count"] == seen["points"] + areas + seen["shapes"]["count"]
    bins = histogram.histogram(filters, events, catalog, "year", box)
    total = sum(one["count"] + one["spread"] for one in bins["bins"]) + bins["undated"]
    assert total == pytest.approx(seen["count"], abs=0.5)
    inside = [
        one
        for one in events.layer.features
        if one.geometry is not None
        and (one.properties["killed"] or {}).get("best", 0) >= 3
        and box[0] <= one.geometry.x <= box[2]
        and box[1] <= one.geometry.y <= box[3]
    ]
    assert set(seen["id"]) == {one.id for one in inside}
    assert all(one.area is None for one in inside)


@pytest.mark.parametrize("zoom", [2, 7, 12])
def test_density_counts_each_event_in_its_cell(desk: Desk, zoom: int, monkeypatch: pytest.MonkeyPatch) -> None:
    events, catalog = desk
    monkeypatch.setattr(viewport, "POINTS", 10)
    seen = viewport.view(event_filters.read({}, catalog), events, catalog, WORLD, zoom)
    assert seen["mode"] == "density"
    side = seen["cell"]
    expected: Counter[tuple[int, int]] = Counter()
    for one in events.layer.features:
        if one.geometry is not None:
            phi = math.radians(one.geometry.y)
            x = int((one.geometry.x + 180) / 360 * side)
            y = int((1 - math.log(math.tan(phi) + 1 / math.cos(phi)) / math.pi) / 2 * side)
            expected[x, y] += 1
    assert {(x, y): count for x, y, count, _ in seen["cells"]} == expected
    assert sum(count for _, _, count, _ in seen["cells"]) == seen["points"]


@pytest.mark.parametrize("by", ["governorate", "country"])
def test_regions_hold_every_event_once(desk: Desk, by: str) -> None:
    events, catalog = desk
    found, (other, other_deaths) = facets.regions(event_filters.read({}, catalog), events, catalog, by)
    name = {"governorate": "governorate", "country": "country_id"}[by]
    expected = Counter(one.properties[name] for one in events.layer.features)
    assert {id_: count for id_, count, _ in found} == {id_: n for id_, n in expected.items() if id_}
    assert other == expected[None]
    deaths: Counter[str | None] = Counter()
    for one in events.layer.features:
        deaths[one.properties[name]] += (one.properties["killed"] or {}).get("best") or 0
    assert {id_: killed for id_, _, killed in found} == {id_: deaths[id_] for id_ in expected if id_}
    assert other_deaths == deaths[None]


def test_an_event_on_two_places_is_drawn_and_counted_once_under_its_name(workspace: Path) -> None:
    catalog = current()
    events = opened("events", catalog)
    several = {
        feature.id: feature
        for feature in events.layer.features
        if feature.geometry is not None and feature.geometry.geom_type == "MultiPoint"
    }
    strike = several["event-strikes-2024-02-03"]
    seen = viewport.view(event_filters.read({}, catalog), events, catalog, WORLD, 7)
    shapes = {shape["id"]: shape for shape in seen["shapes"]["features"]}
    assert len(shapes) == len(seen["shapes"]["features"])
    assert shapes.keys() == several.keys()
    drawn = shapes[strike.id]
    assert drawn["properties"] == {
        "name_en": strike.name["en"],
        "name_ar": strike.name["ar"],
        "category": strike.properties["event_type"],
        "actor": strike.properties["actors"][0],
        "deaths": strike.properties["killed"]["best"],
        "u": strike.properties["coordinateUncertaintyInMeters"],
    }
    # It has an area, too, and is not counted there once more.
    assert strike.area
    areas = sum(one["count"] for one in seen["areas"])
    assert seen["count"] == seen["points"] + areas + seen["shapes"]["count"]
    known = sum(one.geometry is None and one.area is not None for one in events.layer.features)
    total = facets.summary(event_filters.read({}, catalog), events, catalog)
    assert (total["points"], total["areas"], total["unplaced"]) == (seen["points"], known, 0)
    assert total["shapes"] == len(several)
    rows, _ = paging.page(event_filters.read({}, catalog), events, catalog, 1, 100, "id")
    shaped = {one.id for one in events.layer.features if one.geometry is not None}
    assert {row["id"] for row in rows if row["shaped"]} == shaped


@pytest.mark.parametrize("sort", ["date_start", "-date_start", "-killed.best", "name", "category", "id", "-id"])
def test_pages_visit_every_event_once_in_order(desk: Desk, sort: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # The first pages are found in one way, later ones in another.
    monkeypatch.setattr(paging, "EARLY", 100)
    events, catalog = desk
    filters = event_filters.read({"deaths_min": "1"}, catalog)
    seen: list[dict[str, object]] = []
    for number in range(1, 99):
        rows, count = paging.page(filters, events, catalog, number, 37, sort)
        seen += rows
        if not rows:
            break
    assert len(seen) == count == len({row["id"] for row in seen})
    name = sort.removeprefix("-")
    keys = [row["name_en"] or row["name_ar"] if name == "name" else row[name] for row in seen]
    known = [key for key in keys if key is not None]
    assert known == sorted(known, reverse=sort.startswith("-"))  # type: ignore[type-var]
    assert all(key is None for key in keys[len(known) :])


def test_an_order_that_is_none_is_named(desk: Desk) -> None:
    events, catalog = desk
    with pytest.raises(BadValue, match="sort"):
        paging.page(event_filters.read({}, catalog), events, catalog, 1, 10, "notes; DROP TABLE events")


def test_what_does_not_fit_in_memory_is_put_down_in_a_folder_of_its_own(desk: Desk) -> None:
    result = Opened(desk[0].layer)
    asked_for = "SELECT current_setting('temp_directory'), current_setting('memory_limit')"
    folder, memory = result.cursor().execute(asked_for).fetchall()[0]
    assert Path(folder).is_dir()
    assert Path.cwd() not in (Path(folder), *Path(folder).parents)
    assert float(memory.split()[0]) == pytest.approx(float(MEMORY.removesuffix("MB")) / 1.048576, rel=0.01)
    del result
    assert not Path(folder).exists()
