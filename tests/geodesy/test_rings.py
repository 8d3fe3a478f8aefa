"""Rings: how many vertices a tolerance asks for, and capsules that are whole everywhere."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geodata.geodesy import rings

GEOD = Geod(ellps="WGS84")


def test_a_ring_has_about_as_few_vertices_as_its_tolerance_allows() -> None:
    for radius, tolerance in ((50_000, 1.0), (10_000, 0.1), (500_000, 10.0)):
        # n = π √(r / 4·tolerance) divides a circle in a plane.
        fewest = np.pi * np.sqrt(radius / 4 / tolerance)
        assert fewest * 0.95 < rings.steps(radius, tolerance, 36.0) < fewest * 1.4


def test_finer_tolerances_and_higher_latitudes_need_more() -> None:
    assert rings.steps(50_000, 0.1, 36.0) > rings.steps(50_000, 1.0, 36.0)
    assert rings.steps(50_000, 1.0, 75.0) > rings.steps(50_000, 1.0, 10.0)


@pytest.mark.parametrize("azimuth", [0.0, 37.0, 90.0, 180.0, -90.0, 270.0])
@pytest.mark.parametrize("lat", [-70.0, 0.0, 36.5, 86.0, 88.9])
def test_a_capsule_is_valid_and_holds_its_edge(azimuth: float, lat: float) -> None:
    to_lon, to_lat, _ = GEOD.fwd(179.99, lat, azimuth, 500.0)
    start, end = np.array([[179.99, lat]]), np.array([[to_lon, to_lat]])
    result = rings.capsules(start, end, 5_000.0, 1.0)[0]
    assert result.is_valid
    assert shapely.intersects_xy(result, *start[0])
    assert shapely.intersects_xy(result, *end[0])
    area = abs(GEOD.geometry_area_perimeter(result)[0])
    assert area == pytest.approx(np.pi * 5_000**2 + 2 * 5_000 * 500, rel=1e-3)


def test_capsules_keep_the_order_of_their_edges() -> None:
    lon, lat = np.array([40.0, 41.0, 0.0, 42.0, 10.0]), np.array([35.0, -60.0, 89.5, 83.0, 2.0])
    for at, result in enumerate(rings.circles(lon, lat, 10_000.0, 1.0)):
        assert shapely.intersects_xy(result, lon[at], lat[at])
