"""What is refused before any work starts, each by the parameter's name."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geodata import geodesy
from geodata.errors import BadValue, Refused
from geodata.geodesy import validation

LINE = [[41.0, 35.0], [42.0, 36.0]]

BAD_LINES: dict[str, object] = {
    "nothing": None,
    "no vertex": [],
    "one vertex": [[41.0, 35.0]],
    "one vertex repeated": [[41.0, 35.0]] * 3,
    "NaN": [[41.0, 35.0], [np.nan, 36.0]],
    "infinite": [[41.0, 35.0], [np.inf, 36.0]],
    "None in it": [[41.0, 35.0], [None, 36.0]],
    "text": [["a", "b"], ["c", "d"]],
    "a flat list": [41.0, 35.0, 42.0, 36.0],
    "ragged": [[41.0, 35.0], [42.0]],
    "four numbers": [[41.0, 35.0, 0.0, 1.0], [42.0, 36.0, 0.0, 1.0]],
    "latitude 91": [[41.0, 35.0], [41.0, 91.0]],
    "longitude 181": [[41.0, 35.0], [181.0, 36.0]],
    "swapped": [[35.0, 110.0], [36.0, 111.0]],
    "over the antimeridian": [[179.0, 0.0], [-179.0, 0.0]],
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_a_bad_line_is_refused(name: str) -> None:
    with pytest.raises(BadValue, match="coordinates"):
        geodesy.Line(BAD_LINES[name])


def test_the_antimeridian_is_refused_with_the_rule_that_says_how() -> None:
    with pytest.raises(BadValue, match=r"RFC 7946 § 3\.1\.9"):
        geodesy.Line([[179.0, 0.0], [-179.0, 0.0]])
    assert geodesy.Line([[179.0, 0.0], [-179.0, 0.0]], edges="geodesic").length < 300_000


@pytest.mark.parametrize("edges", ["", "planar", None])
def test_edges_are_one_of_two(edges: str) -> None:
    with pytest.raises(BadValue, match="edges"):
        geodesy.Line(LINE, edges=edges)


@pytest.mark.parametrize(
    ("lon", "lat"), [(181.0, 0.0), (0.0, 91.0), (np.inf, 0.0), ("x", 0.0), ([1.0, 2.0], [1.0] * 3)]
)
def test_bad_positions_are_refused(lon: object, lat: object) -> None:
    with pytest.raises(BadValue, match=r"lon|lat"):
        geodesy.Line(LINE).nearest(lon, lat)
    with pytest.raises(BadValue, match=r"lon|lat"):
        geodesy.matrix(lon, lat, 41.0, 35.0)


@pytest.mark.parametrize("radius", [-1.0, "far"])
def test_a_bad_radius_of_within_is_refused(radius: object) -> None:
    with pytest.raises(BadValue, match="radius"):
        geodesy.Line(LINE).within(41.0, 35.0, radius)


POINT, LINESTRING, POLYGON = shapely.Point(41, 35), shapely.LineString(LINE), shapely.box(41, 35, 42, 36)


@pytest.mark.parametrize(
    ("shape", "radius"),
    [(shape, bad) for shape in (POINT, LINESTRING, POLYGON) for bad in (0, np.nan, np.inf, -np.inf, None, "wide", 0.5)]
    + [(POINT, 5_000_001), (LINESTRING, 1_000_001), (POLYGON, 1_000_001), (POLYGON, -1_000_001)]
    + [(POINT, -10), (LINESTRING, -10), (shapely.GeometryCollection([POLYGON, POINT]), -10)],
)
def test_a_bad_radius_of_a_buffer_is_refused(shape: shapely.Geometry, radius: object) -> None:
    with pytest.raises(BadValue, match="radius"):
        geodesy.buffer(shape, radius)


@pytest.mark.parametrize("tolerance", [0, -1, 0.09, 1_000.1, np.nan, np.inf, None, "fine"])
def test_a_bad_tolerance_is_refused(tolerance: object) -> None:
    with pytest.raises(BadValue, match="tolerance"):
        geodesy.buffer(POINT, 10_000, tolerance)


BAD_SHAPES = {
    "nothing": None,
    "text": "POINT (41 35)",
    "an empty point": shapely.Point(),
    "an empty collection": shapely.GeometryCollection(),
    "NaN": shapely.Point(np.nan, 35),
    "out of range": shapely.Point(41, 95),
    "a bow tie": shapely.Polygon([(40, 30), (41, 31), (41, 30), (40, 31)]),
}


@pytest.mark.parametrize("name", BAD_SHAPES)
def test_a_bad_geometry_is_refused(name: str) -> None:
    for ask in (
        geodesy.Target,
        lambda shape: geodesy.buffer(shape, 1_000),
        lambda shape: geodesy.distance(shape, POINT),
    ):
        with pytest.raises(BadValue, match="geometry"):
            ask(BAD_SHAPES[name])


def test_an_array_of_geometries_is_refused_for_one_that_is_bad() -> None:
    for bad in (None, shapely.Point(), shapely.Point(41, 95)):
        with pytest.raises(BadValue, match="geometry"):
            geodesy.buffer(np.array([POINT, bad], dtype=object), 1_000)


def test_deep_nesting_is_refused_and_not_walked_into() -> None:
    shape = POINT
    for _ in range(validation.MAX_DEPTH + 1):
        shape = shapely.GeometryCollection([shape])
    with pytest.raises(BadValue, match="nested"):
        geodesy.Target(shape)


def test_huge_geometries_are_refused_before_the_work() -> None:
    many = np.column_stack([np.linspace(-170, 170, validation.MAX_VERTICES + 1), np.zeros(validation.MAX_VERTICES + 1)])
    with pytest.raises(BadValue, match="vertices"):
        geodesy.Line(many)
    with pytest.raises(BadValue, match="vertices"):
        geodesy.buffer(shapely.LineString(many), 1_000)
    round_and_round = np.column_stack([np.tile([-80.0, 80.0], 50), np.repeat(np.linspace(-1, 1, 50), 2)])
    with pytest.raises(Refused, match="pieces"):
        geodesy.Line(round_and_round).nearest(41.0, 35.0)
    with pytest.raises(Refused, match="pairs"):
        geodesy.matrix(np.zeros(10_000), np.zeros(10_000), np.zeros(10_000), np.zeros(10_000))


def test_a_pole_may_be_walked_along() -> None:
    cap = shapely.Polygon([(-180, 80), (0, 80), (180, 80), (180, 90), (-180, 90)])
    assert geodesy.Target(cap).nearest(20.0, 85.0).distance == 0
