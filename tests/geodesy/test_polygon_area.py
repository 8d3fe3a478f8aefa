"""Areas and perimeters on the ellipsoid, against pyproj's geodesic polygons of very short edges."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geodata import geodesy
from geodata.errors import BadValue
from geodata.geodesy.polygon_area import area_and_perimeter

GEOD = Geod(ellps="WGS84")
EARTH = 510_065_621_724_078.0
"""Square metres of the WGS84 ellipsoid (Moritz 1980, from its a and f)."""


def finely(polygon: shapely.Polygon) -> tuple[float, float]:
    """Return area and perimeter by geodesics so short that they do not differ from straight edges."""
    area, perimeter = GEOD.geometry_area_perimeter(shapely.segmentize(shapely.orient_polygons(polygon), 0.002))
    return abs(area), perimeter


@settings(max_examples=25, deadline=None)
@given(
    st.floats(-170, 160),
    st.floats(-80, 70),
    st.lists(st.tuples(st.floats(0.2, 3), st.floats(0, 1)), min_size=3, max_size=8),
)
def test_any_polygon_against_short_geodesics(west: float, south: float, spokes: list[tuple[float, float]]) -> None:
    turns = sorted({round(turn, 2) for _, turn in spokes})
    spread = [radius for radius, _ in spokes][: len(turns)]
    star = [
        (west + 4 + radius * math.cos(math.tau * turn), south + 4 + radius * math.sin(math.tau * turn))
        for radius, turn in zip(spread, turns, strict=False)
    ]
    if len(set(star)) < 3 or not shapely.Polygon(star).is_valid or shapely.Polygon(star).area < 0.01:
        return
    polygon = shapely.Polygon(star)
    area, perimeter = area_and_perimeter(polygon)
    true_area, true_perimeter = finely(polygon)
    assert area == pytest.approx(true_area, rel=1e-7)
    assert perimeter == pytest.approx(true_perimeter, rel=1e-6)


def test_holes_and_parts() -> None:
    outer, hole, apart = shapely.box(40, 30, 44, 34), shapely.box(41, 31, 42, 32), shapely.box(50, 30, 51, 31)
    with_hole = shapely.difference(outer, hole)
    whole = area_and_perimeter(shapely.union(with_hole, apart))
    parts = [area_and_perimeter(one) for one in (outer, hole, apart)]
    assert whole[0] == pytest.approx(parts[0][0] - parts[1][0] + parts[2][0], rel=1e-12)
    assert whole[1] == pytest.approx(sum(length for _, length in parts), rel=1e-12)


def test_the_whole_earth_and_nothing() -> None:
    assert area_and_perimeter(shapely.box(-180, -90, 180, 90)) == (pytest.approx(EARTH, rel=1e-12), 0.0)
    assert area_and_perimeter(shapely.Polygon()) == (0.0, 0.0)
    with pytest.raises(BadValue, match="polygon"):
        area_and_perimeter(shapely.Point(40, 30))


@pytest.mark.parametrize(("lon", "lat"), [(41.1, 34.4), (0, 89.9), (179.99, -30), (20, -90)])
def test_a_ring_has_the_area_of_its_cap(lon: float, lat: float) -> None:
    radius = 100_000.0
    ring = geodesy.buffer(shapely.Point(lon, lat), radius, tolerance=1.0)
    area, perimeter = area_and_perimeter(ring)
    # By the length of the geodesic circles inside: on the ellipsoid a cap differs from a sphere's by its local radius.
    circle = [GEOD.fwd(lon, lat, step / 20, radius)[:2] for step in range(7200)]
    if abs(lat) < 60 and abs(lon) < 170:
        assert area == pytest.approx(finely(shapely.Polygon(circle))[0], abs=perimeter * 1.0)
    assert area == pytest.approx(math.pi * radius * radius, rel=2e-4)
    assert perimeter == pytest.approx(math.tau * radius, rel=1e-3)
