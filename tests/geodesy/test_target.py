"""Targets of many parts: each position finds the nearest of them, the first where several are as near."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geodata import geodesy
from geodata.geodesy.target import parts, polygons

GEOD = Geod(ellps="WGS84")


def test_the_nearest_of_many_points_is_found() -> None:
    rng = np.random.default_rng(6)
    xy = rng.normal(0, 1, (3_000, 2)) * [3, 2] + [42, 35]
    lon, lat = rng.uniform(36, 48, 400), rng.uniform(30, 40, 400)
    near = geodesy.Target(shapely.MultiPoint(xy)).nearest(lon, lat)
    for i in range(len(lon)):
        every = GEOD.inv(*xy.T, np.full(len(xy), lon[i]), np.full(len(xy), lat[i]))[2]
        assert near.distance[i] == pytest.approx(every.min(), abs=1e-3)
        assert near.piece[i] == every.argmin()


def test_the_first_of_equal_parts_is_the_one() -> None:
    xy = np.repeat(np.random.default_rng(7).uniform([40, 34], [44, 37], (50, 2)), 3, axis=0)
    turned = np.concatenate([xy, xy[::-1]])
    near = geodesy.Target(shapely.MultiPoint(turned)).nearest(*(xy[::3] + 0.001).T)
    assert near.piece.tolist() == list(range(0, 150, 3))


def test_many_lines_are_measured_as_each_alone() -> None:
    rng = np.random.default_rng(8)
    start = rng.uniform([38, 30], [47, 38], (60, 2))
    lines = [shapely.LineString([a, a + b]) for a, b in zip(start, rng.normal(0, 0.3, (60, 2)), strict=True)]
    lon, lat = rng.uniform(38, 47, 100), rng.uniform(30, 38, 100)
    whole = geodesy.Target(shapely.MultiLineString(lines)).nearest(lon, lat)
    each = np.array([geodesy.Target(line).nearest(lon, lat).distance for line in lines])
    np.testing.assert_allclose(whole.distance, each.min(axis=0), rtol=0, atol=1e-6)
    assert whole.piece.tolist() == each.argmin(axis=0).tolist()


def test_collections_are_opened_to_the_last() -> None:
    box = shapely.box(40, 34, 41, 35)
    deep = shapely.GeometryCollection([shapely.MultiPolygon([box]), shapely.GeometryCollection([shapely.Point(1, 2)])])
    assert [part.geom_type for part in parts(deep)] == ["Polygon", "Point"]
    assert polygons(deep) == [box]


def test_both_signs_of_the_antimeridian_are_inside() -> None:
    target = geodesy.Target(shapely.box(179, -1, 180, 1))
    assert target.inside(np.array([180.0, -180.0, -179.9]), np.zeros(3)).tolist() == [True, True, False]
