"""Distances between two geometries, and matrices."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geodata import geodesy
from tests.geodesy import truth
from tests.geodesy.conftest import LINES, wander
from tests.geodesy.tolerances import BETWEEN, MATRIX

GEOD = Geod(ellps="WGS84")


def test_a_point_and_a_line_agree_with_brute_force() -> None:
    path = LINES["wandering"]
    near = geodesy.distance(shapely.Point(43.0, 36.0), shapely.LineString(path))
    distance, lon, lat, _, _ = truth.nearest(path, 43.0, 36.0)
    assert near.distance == pytest.approx(distance, abs=1e-6)
    assert near.foot_a == (43.0, 36.0)
    assert GEOD.inv(*near.foot_b, lon, lat)[2] < 0.01
    assert near.azimuth_a == pytest.approx(GEOD.inv(43.0, 36.0, lon, lat)[0] % 360, abs=1e-5)
    assert near.azimuth_b == pytest.approx(GEOD.inv(lon, lat, 43.0, 36.0)[0] % 360, abs=1e-5)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (wander(5, 40, 41, 35, 0.05), wander(6, 30, 44, 33, 0.05)),
        (wander(5, 40, 41, 35, 0.05), np.array([[43.0, 30.0], [47.0, 31.0]])),
        (np.array([[40.0, 33.0], [44.0, 33.0]]), np.array([[40.0, 33.2], [44.0, 33.3]])),
        (np.array([[40.0, 33.0], [44.0, 33.0]]), np.array([[40.0, 33.2], [44.0, 33.2]])),
        (np.array([[178.0, 5.0], [179.9, 5.0]]), np.array([[-179.9, 5.2], [-178.0, 5.0]])),
        (np.array([[0.0, 88.0], [40.0, 88.0]]), np.array([[-180.0, 88.0], [-140.0, 88.5]])),
    ],
)
def test_two_lines_are_as_near_as_their_nearest_points(a: np.ndarray, b: np.ndarray) -> None:
    near = geodesy.distance(shapely.LineString(a), shapely.LineString(b))
    # Brute force from both sides: along each line, Karney's distance to the other.
    least = math.inf
    for first, second in ((a, b), (b, a)):
        start = np.concatenate([truth.along(first[:-1, None], first[1:, None], np.linspace(0, 1, 60), "lonlat")], 0)
        lon, lat = start.reshape(2, -1)
        least = min(least, truth.nearest_all(second, lon, lat).distance.min())
    assert near.distance <= least + BETWEEN
    back = truth.nearest(b, *near.foot_a)[0]
    assert near.distance == pytest.approx(back, abs=BETWEEN)
    assert GEOD.inv(*near.foot_a, *near.foot_b)[2] == pytest.approx(near.distance, abs=BETWEEN)


def test_zero_where_they_touch_or_one_holds_the_other() -> None:
    outer, inner = shapely.box(40, 34, 43, 37), shapely.box(41, 35, 42, 36)
    line = shapely.LineString([(39, 35), (44, 35)])
    cases = [(outer, inner), (inner, outer), (outer, line), (line, outer), (shapely.Point(41, 35), outer)]
    for a, b in cases:
        near = geodesy.distance(a, b)
        assert near.distance == 0
        assert near.foot_a == near.foot_b
        assert math.isnan(near.azimuth_a)


def test_a_hole_is_outside() -> None:
    ring = shapely.Polygon(shapely.box(40, 34, 43, 37).exterior, [shapely.box(41, 35, 42, 36).exterior.coords])
    near = geodesy.Target(ring).nearest([41.5, 40.5], [35.5, 35.5])
    assert near.distance[0] == pytest.approx(truth.nearest(np.array([[41, 35], [41, 36]]), 41.5, 35.5)[0], abs=1e-6)
    assert near.distance[1] == 0
    assert (near.lon[1], near.lat[1]) == (40.5, 35.5)


def test_the_antimeridian_is_one_meridian() -> None:
    west, east = shapely.box(179, -1, 180, 1), shapely.box(-180, -1, -179, 1)
    assert geodesy.distance(west, east).distance == pytest.approx(0, abs=1e-6)
    assert geodesy.distance(shapely.Point(-180, 0), west).distance == 0
    near = geodesy.Target(west).nearest(-179.9, 0.0)
    assert near.distance == pytest.approx(GEOD.inv(-179.9, 0, 180, 0)[2], abs=1e-6)


def test_multi_parts_and_collections_count_as_a_whole() -> None:
    parts = shapely.GeometryCollection(
        [shapely.Point(40, 35), shapely.LineString([(44, 30), (45, 30)]), shapely.box(46, 35, 47, 36)]
    )
    near = geodesy.Target(parts).nearest([40.1, 44.5, 46.5], [35.0, 30.5, 35.5])
    assert near.distance[0] == pytest.approx(GEOD.inv(40.1, 35, 40, 35)[2], abs=1e-6)
    assert near.distance[2] == 0
    assert np.isnan(near.chainage).all()
    assert near.side.tolist() == ["", "", "on"]


def test_edges_may_differ_between_the_two() -> None:
    path = LINES["east-west"]
    point, line = shapely.Point(42.0, 34.0), shapely.LineString(path)
    straight = geodesy.distance(point, line, edges_b="lonlat").distance
    geodesic = geodesy.distance(point, line, edges_b="geodesic").distance
    assert straight == pytest.approx(truth.nearest(path, 42.0, 34.0, "lonlat")[0], abs=1e-6)
    assert geodesic == pytest.approx(truth.nearest(path, 42.0, 34.0, "geodesic")[0], abs=1e-6)
    assert abs(straight - geodesic) > 1_000


def test_a_matrix_is_all_pairs() -> None:
    rng = np.random.default_rng(2)
    lon1, lat1 = rng.uniform(35, 50, 40), rng.uniform(28, 38, 40)
    lon2, lat2 = rng.uniform(-180, 180, 70), rng.uniform(-90, 90, 70)
    for lon, lat in ((lon2, lat2), (lon1, lat1)):
        shape = geodesy.matrix(lon1, lat1, lon, lat)
        for i in range(len(lon1)):
            true = GEOD.inv(np.full(len(lon), lon1[i]), np.full(len(lon), lat1[i]), lon, lat)[2]
            allowed = np.select([true <= reach for reach in MATRIX], list(MATRIX.values()), 1e-6)
            assert (np.abs(shape[i] - true) <= allowed).all()
    assert np.isnan(geodesy.matrix([np.nan], [1.0], [1.0], [1.0])).all()


lons, lats = st.floats(-180, 180), st.floats(-90, 90)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.tuples(lons, lats), st.tuples(lons, lats), st.tuples(lons, lats))
def test_distances_are_a_metric(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> None:
    def apart(p: tuple[float, float], q: tuple[float, float]) -> float:
        return geodesy.distance(shapely.Point(p), shapely.Point(q)).distance

    assert apart(a, b) == pytest.approx(GEOD.inv(*a, *b)[2], abs=1e-4)
    assert apart(a, b) == pytest.approx(apart(b, a), abs=1e-4)
    assert apart(a, c) <= apart(a, b) + apart(b, c) + 1e-3
