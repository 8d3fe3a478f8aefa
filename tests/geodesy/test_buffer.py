"""Buffers: no point on the wrong side, every edge within the tolerance, valid, cut as RFC 7946 asks."""

from __future__ import annotations

import os

import numpy as np
import pytest
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from geodata import geodesy
from geodata.errors import BadValue
from geodata.geodesy import buffer_edges
from tests.geodesy import truth
from tests.geodesy.conftest import LINES, wander
from tests.geodesy.tolerances import BUFFER

GEOD = Geod(ellps="WGS84")
POINTS = 100_000

C_SHAPE = shapely.LineString([(41.5, 35.2), (41.0, 35.0), (40.5, 35.5), (41.0, 36.0), (41.5, 35.8)])
HOLED = shapely.Polygon(
    [(40, 34), (43, 34), (43, 37), (40, 37)],
    [[(40.5, 34.5), (40.5, 36.5), (42.5, 36.5), (42.5, 34.5)]],
)
STAR = shapely.Polygon([(40, 34), (41.5, 35.2), (43, 34), (41.8, 35.5), (43, 37), (41.5, 35.8), (40, 37), (41.2, 35.5)])

# name: geometry, radius, tolerance
CASES: dict[str, tuple[BaseGeometry, float, float]] = {
    "point": (shapely.Point(40.74, 36.5), 50_000, 1),
    "small": (shapely.Point(40.74, 36.5), 10, 0.1),
    "large": (shapely.Point(40.74, 36.5), 5_000_000, 5),
    "points": (shapely.MultiPoint([(40.74, 36.5), (41.0, 36.6), (44.0, 33.0)]), 30_000, 1),
    "wandering line": (shapely.LineString(LINES["wandering"]), 25_000, 1),
    "long edges": (shapely.LineString(LINES["long edges"]), 25_000, 1),
    "narrow": (shapely.LineString(LINES["wandering"]), 200, 1),
    "wide": (shapely.LineString(LINES["wandering"]), 1_000_000, 10),
    "c-shape with a hole": (C_SHAPE, 36_000, 1),
    "spike": (shapely.LineString(LINES["spike"]), 5_000, 1),
    "repeated vertices": (shapely.LineString(LINES["repeated vertices"]), 5_000, 1),
    "lines": (shapely.MultiLineString([LINES["wandering"], LINES["east-west"]]), 25_000, 1),
    "polygon with a hole": (HOLED, 20_000, 1),
    "hole filled": (HOLED, 150_000, 1),
    "star": (STAR, 10_000, 1),
    "inward": (STAR, -8_000, 1),
    "inward with a hole": (HOLED, -15_000, 1),
    "polygons": (shapely.MultiPolygon([STAR, shapely.box(45, 34, 46, 35)]), 15_000, 1),
    "collection": (shapely.GeometryCollection([C_SHAPE, shapely.Point(43, 36)]), 15_000, 1),
    "point at the antimeridian": (shapely.Point(179.95, -17), 50_000, 1),
    "line to the antimeridian": (shapely.LineString(LINES["to the antimeridian"]), 40_000, 1),
    "polygon cut at the antimeridian": (
        shapely.MultiPolygon([shapely.box(179, -18, 180, -16), shapely.box(-180, -18, -179, -16)]),
        40_000,
        1,
    ),
    "inward over the antimeridian": (
        shapely.MultiPolygon([shapely.box(179, -18, 180, -16), shapely.box(-180, -17.5, -179, -15.5)]),
        -40_000,
        1,
    ),
    "inward round the pole": (shapely.segmentize(shapely.box(-180, 85, 180, 90), 90), -100_000, 1),
    "round the pole": (shapely.Polygon([(-180, 85), (0, 85), (180, 85), (180, 90), (-180, 90)]), 100_000, 1),
    "pole": (shapely.Point(0, 90), 50_000, 1),
    "over the pole": (shapely.Point(30, 89.7), 50_000, 1),
    "beside the pole": (shapely.Point(30, -89.4), 50_000, 1),
    "touching the pole": (shapely.Point(30, 89.0), 111_693.0, 1),
    "high line": (shapely.LineString(LINES["high"]), 100_000, 10),
}


def scattered(shape: BaseGeometry, radius: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return positions round a buffer's boundary and over all of its neighbourhood."""
    rng = np.random.default_rng(7)
    lines = shapely.segmentize(shapely.boundary(shape), 0.5)
    xy = shapely.get_coordinates(lines)
    at = xy[rng.integers(0, len(xy), count // 2)]
    off = np.abs(radius) * 10 ** rng.uniform(-6, -1, count // 2)
    lon, lat, _ = GEOD.fwd(*at.T, rng.uniform(0, 360, count // 2), off)
    west, south, east, north = shapely.bounds(shape)
    pad = min(5.0, abs(radius) / 100_000)
    rest = count - count // 2
    # As many to the square kilometre near a pole as elsewhere.
    sin = np.sin(np.radians([max(-90, south - pad), min(90, north + pad)]))
    over_lon = rng.uniform(max(-180, west - pad), min(180, east + pad), rest)
    over_lat = np.degrees(np.arcsin(np.clip(rng.uniform(*sin, rest), -1, 1)))
    return np.concatenate([lon, over_lon]), np.concatenate([lat, over_lat])


def to_boundary(geometry: BaseGeometry, lon: np.ndarray, lat: np.ndarray, inward: bool) -> np.ndarray:
    """Return distances to a geometry, or for inward buffers how deep inside a polygon, negative."""
    if not inward:
        return np.asarray(geodesy.Target(geometry).nearest(lon, lat).distance)
    start, end = buffer_edges.rim(geometry)
    outline = shapely.multilinestrings(shapely.linestrings(np.stack([start, end], axis=1)))
    deep = geodesy.Target(outline).nearest(lon, lat).distance
    return np.where(shapely.intersects_xy(geometry, lon, lat), -deep, deep)


def rim(shape: BaseGeometry) -> tuple[np.ndarray, np.ndarray]:
    """Return both ends of every edge of every ring."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shape)), return_index=True)
    same = ring[1:] == ring[:-1]
    return xy[:-1][same], xy[1:][same]


@pytest.mark.parametrize("name", CASES)
def test_no_point_is_on_the_wrong_side(name: str) -> None:
    geometry, radius, tolerance = CASES[name]
    shape = geodesy.buffer(geometry, radius, tolerance)
    assert shape.is_valid
    lon, lat = scattered(shape, radius, POINTS if os.environ.get("MASAFA_TORTURE") else 20_000)
    distance = to_boundary(geometry, lon, lat, radius < 0)
    inside = shapely.intersects_xy(shape, lon, lat)
    assert inside.any()
    assert (~inside).any()
    assert not (inside & (distance > radius + BUFFER * tolerance)).any()
    assert not (~inside & (distance < radius - BUFFER * tolerance)).any()


@pytest.mark.parametrize("name", CASES)
def test_every_edge_keeps_to_the_tolerance(name: str) -> None:
    geometry, radius, tolerance = CASES[name]
    shape = geodesy.buffer(geometry, radius, tolerance)
    start, end = rim(shape)
    cut = (np.abs(start[:, 0]) == 180) & (start[:, 0] == end[:, 0]) | (np.abs(start[:, 1]) > 89.9999)
    start, end = start[~cut], end[~cut]
    shares = np.linspace(0, 1, 9)[:, None, None]
    lon, lat = (start + shares * (end - start)).reshape(-1, 2).T
    distance = to_boundary(geometry, lon, lat, radius < 0)
    assert len(distance) > 60
    assert np.abs(distance - radius).max() <= BUFFER * tolerance


def test_brute_force_agrees_on_a_buffer() -> None:
    path = LINES["wandering"]
    shape = geodesy.buffer(shapely.LineString(path), 25_000)
    xy = shapely.get_coordinates(shape)[::40]
    true = truth.nearest_all(path, *xy.T)
    assert np.abs(true.distance - 25_000).max() <= 1


def test_one_hundred_thousand_points_and_the_border(border: np.ndarray) -> None:
    geometry = shapely.LineString(border)
    shape = geodesy.buffer(geometry, 25_000)
    assert shape.geom_type == "Polygon"
    assert not shape.interiors
    lon, lat = scattered(shape, 25_000, POINTS)
    distance = geodesy.Line(border).nearest(lon, lat).distance
    inside = shapely.intersects_xy(shape, lon, lat)
    assert not (inside & (distance > 25_001)).any()
    assert not (~inside & (distance < 24_999)).any()


def test_the_hole_of_a_bay_is_kept_and_a_filled_one_is_not() -> None:
    assert len(geodesy.buffer(C_SHAPE, 36_000).interiors) == 1
    assert not geodesy.buffer(C_SHAPE, 20_000).interiors
    assert not geodesy.buffer(C_SHAPE, 50_000).interiors
    assert not geodesy.buffer(*CASES["hole filled"]).interiors


def test_geodesic_edges_are_followed() -> None:
    path = LINES["east-west"]
    shape = geodesy.buffer(shapely.LineString(path), 10_000, edges="geodesic")
    xy = shapely.get_coordinates(shape)
    true = truth.nearest_all(path, *xy[::10].T, edges="geodesic")
    assert np.abs(true.distance - 10_000).max() <= 1


def test_nothing_is_left_of_a_polygon_shrunk_too_far() -> None:
    shape = geodesy.buffer(shapely.box(41, 35, 41.1, 35.1), -20_000)
    assert shape.is_empty
    assert shape.geom_type == "Polygon"


def test_rings_are_cut_and_wound_as_rfc_7946_asks() -> None:
    for name in ("point at the antimeridian", "over the pole", "polygon with a hole", "line to the antimeridian"):
        shape = geodesy.buffer(*CASES[name])
        xy = shapely.get_coordinates(shape)
        assert np.abs(xy[:, 0]).max() <= 180
        assert np.abs(xy[:, 1]).max() <= 90
        for part in shapely.get_parts(shape):
            assert shapely.is_ccw(part.exterior)
            assert not any(shapely.is_ccw(hole) for hole in part.interiors)


def test_a_pole_inside_is_inside_at_every_longitude() -> None:
    shape = geodesy.buffer(*CASES["over the pole"])
    assert shape.geom_type == "Polygon"
    assert shapely.intersects_xy(shape, np.linspace(-180, 180, 50), np.full(50, 90.0)).all()


def test_many_points_at_once_are_as_one_by_one() -> None:
    points = shapely.points([40.74, 179.99, 12.0], [36.5, 10.0, 88.0])
    shape = geodesy.buffer(points, 50_000)
    assert shape.shape == (3,)
    assert shapely.is_valid(shape).all()
    for one, point in zip(shape, points, strict=True):
        # One by one, numbers of arcs may differ: the same area all the same.
        assert shapely.symmetric_difference(one, geodesy.buffer(point, 50_000)).area < 1e-4 * one.area


def test_several_radii_at_once_are_as_one_by_one() -> None:
    several = geodesy.buffer(STAR, [10_000, -8_000])
    assert several.shape == (2,)
    assert [shapely.equals_exact(several[i], geodesy.buffer(STAR, radius)) for i, radius in ((0, 10_000), (1, -8_000))]
    grid = geodesy.buffer(shapely.points([40.0, 41.0, 42.0], 35.0), [1_000, 2_000])
    assert grid.shape == (3, 2)
    assert shapely.equals_exact(grid[2, 1], geodesy.buffer(shapely.points([42.0], 35.0), 2_000)[0])
    with pytest.raises(BadValue, match="radius"):
        geodesy.buffer(STAR, [10_000, 0])


def test_parts_are_dissolved() -> None:
    parts = shapely.MultiPoint([(40.0, 35.0), (40.1, 35.0), (45.0, 35.0)])
    shape = geodesy.buffer(parts, 20_000)
    assert shape.geom_type == "MultiPolygon"
    assert len(shape.geoms) == 2


def test_a_dense_wandering_line_has_no_spurious_holes() -> None:
    path = wander(3, 3_000, 41.0, 35.0, 0.003)
    shape = geodesy.buffer(shapely.LineString(path), 25_000)
    line = geodesy.Line(path)
    for part in shapely.get_parts(shape):
        for hole in part.interiors:
            lon, lat = shapely.get_coordinates(shapely.Polygon(hole).representative_point())[0]
            assert line.nearest(lon, lat).distance > 25_000 - 1
