"""Tables: boxes with and without a tree, whole days and instants, order, and where a box lies in each system."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from geodata.catalog import shipped
from geodata.errors import BadValue
from geodata.model import Feature
from geodata.query import dates
from geodata.query.crs import CRS84, KNOWN
from geodata.query.table import Table
from geodata.query.tables import KEPT, cached_table, table


def points(count: int) -> Table:
    """Return a table of random points and one feature without a geometry."""
    rng = np.random.default_rng(7)
    at = rng.uniform((-180, -90), (180, 90), (count, 2))
    items = [Feature(f"p{i}", "made", shapely.Point(*xy), {"n": i % 5 or None}) for i, xy in enumerate(at)]
    return Table([*items, Feature("none", "made", None, {"n": 3})])


@pytest.mark.parametrize("box", [(-20, -20, 20, 20), (170, -50, -170, 50), (-180, -90, 180, 90), (1, 1, 1, 1)])
def test_points_in_a_box_are_those_of_the_tree(box: tuple[float, ...]) -> None:
    stored = points(3000)
    area = CRS84.boxes(box)
    assert stored.meeting(area).tolist() == sorted(stored.tree.query(area, predicate="intersects").tolist())
    on_edge = Table([Feature("a", "made", shapely.Point(1, 2), {})])
    assert on_edge.meeting(CRS84.boxes((1, 0, 5, 2))).tolist() == [0]


def test_a_crooked_area_of_points_needs_the_tree() -> None:
    stored, area = points(3000), shapely.Point(0, 0).buffer(40)
    assert stored.meeting(area).tolist() == [
        i for i, shape in enumerate(stored.geometries) if shape and area.intersects(shape)
    ]


def test_unknown_values_stand_last_either_way() -> None:
    stored = points(10)
    for descending in (False, True):
        result = stored.ordered(np.arange(len(stored)), [("n", descending)])
        values = [stored.features[row].properties["n"] for row in result]
        known = [value for value in values if value is not None]
        assert values == sorted(known, reverse=descending) + [None] * (len(values) - len(known))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2020-01-03", ("2020-01-03", "2020-01-03")),
        ("2020-02", ("2020-02-01", "2020-02-29")),
        ("2020", ("2020-01-01", "2020-12-31")),
        ("2020-01-03T10:00:00Z", ("2020-01-03", "2020-01-03")),
        ("2020-13", None),
        ("2020-02-30", None),
        ("0000", None),
        ("soon", None),
        (None, None),
        (20200103, None),
    ],
)
def test_dates_as_data_has_them(text: object, span: tuple[str, str] | None) -> None:
    expected = None if span is None else tuple(dates.moment(day, "x").first for day in span)
    assert dates.day_span(text) == expected


def test_an_instant_is_shown_by_the_clocks_of_the_places() -> None:
    moment = dates.moment("2020-01-03T22:00:00Z", "x")
    assert moment.instant is not None
    zones = ("UTC", "Asia/Baghdad", "../../etc/passwd", "No/Where")
    shown = dates.at_places(moment.instant, zones, np.array([0, 1, 2, 3]))
    assert np.floor(shown - moment.first + 22 / 24).tolist() == [0, 1, 0, 0]
    assert math.isclose(shown[1] - shown[0], 3 / 24)


def test_what_was_when() -> None:
    stored = Table(
        [
            Feature("day", "made", None, {"date_start": "2020-01-03", "date_end": None}),
            Feature("since", "made", None, {"valid_from": "2020-01-01", "valid_to": None}),
            Feature("until", "made", None, {"date_start": None, "date_end": None, "valid_to": "2019-12-31"}),
            Feature("never-said", "made", None, {}),
        ]
    )
    for text, found in [
        ("2020-01-03", ["day", "since"]),
        ("2019-06-01", ["until"]),
        ("../2019-12-31", ["until"]),
        ("2020-01-03T23:59:59Z/..", ["day", "since"]),
        ("2020-01-04/..", ["since"]),
    ]:
        rows = stored.during(*dates.interval(text, "datetime"))
        assert [stored.features[row].id for row in rows] == found, text


@pytest.mark.parametrize("crs", [one for one in KNOWN if one.metric], ids=lambda one: one.code)
def test_shapes_go_there_and_back(crs: object) -> None:
    sites = table(shipped().layer("sites"))
    for there, was in zip(crs.from_lonlat(sites.geometries), sites.geometries, strict=True):  # type: ignore[attr-defined]
        if was is not None:
            back = crs.to_lonlat(there, "x")  # type: ignore[attr-defined]
            assert back.distance(was) < 2e-8


def test_what_lies_off_the_earth_is_refused() -> None:
    for crs in KNOWN:
        with pytest.raises(BadValue, match="bbox"):
            crs.boxes((9e99, 9e99, 9.1e99, 9.1e99))


def test_few_tables_are_kept() -> None:
    layer = shipped().layer("sites")
    mine = table(layer)
    assert table(layer) is mine
    assert cached_table("sites", layer.version[:16]) is mine
    assert cached_table("sites", "0" * 16) is None
    assert KEPT < 100
