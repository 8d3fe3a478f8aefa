"""In which country a place lies, and when that is certain; the quick test of a box against the exact distance."""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata import geodesy
from geodata.analysis.country import _far, countries_of
from geodata.catalog import Catalog, shipped

NORTH = shapely.box(36, 30, 40, 85)
ROUND = shapely.Point(20, 60).buffer(8).difference(shapely.Point(20, 60).buffer(1))
AREAS = [(area, geodesy.Target(area.boundary)) for area in (NORTH, ROUND)]


@given(
    st.sampled_from(AREAS),
    st.lists(st.tuples(st.floats(11, 41), st.floats(25, 88), st.floats(0, 400_000)), min_size=1, max_size=8),
)
def test_a_box_never_says_far_of_a_circle_that_meets_the_outline(
    drawn: tuple[shapely.Geometry, geodesy.Target], circles: list[tuple[float, float, float]]
) -> None:
    area, outline = drawn
    lon, lat, radius = np.array(circles).T
    far = _far(area, lon, lat, radius)
    away = outline.nearest(lon, lat).distance
    assert (away[far] > radius[far]).all()
    assert shapely.contains_xy(area, lon[far], lat[far]).all()


def test_a_box_says_far_of_small_circles_well_inside() -> None:
    lon, lat = np.array([38.0, 38.0, 38.0, 36.0, 30.0]), np.array([35.0, 35.0, 35.0, 35.0, 35.0])
    radius = np.array([1_000.0, 150_000.0, np.nan, 1_000.0, 1_000.0])
    assert _far(NORTH, lon, lat, radius).tolist() == [True, True, False, False, False]


def test_certainty_is_that_of_the_exact_distance_to_the_outline(small: Catalog) -> None:
    lon = np.array([39.999, 39.99, 39.9, 38.0, 41.0, 50.0])
    lat = np.full(6, 32.0)
    radius = np.array([100.0, 400.0, 8_000.0, np.nan, 50_000.0, 1.0])
    ids, certain = countries_of(lon, lat, radius, small)
    assert ids == ["country-west", "country-west", "country-west", "country-west", "country-east", None]
    # 94, 944, 9,444 m to the border, whose outline is known to 500 m.
    assert certain == [False, True, True, False, True, False]


@cache
def outline_of(id_: str) -> geodesy.Target:
    """Return the outline of a shipped country, to be measured to."""
    geometry = shipped().feature(id_).geometry
    assert geometry is not None
    return geodesy.Target(geometry.boundary, shipped().layer("countries").edges)


@given(st.lists(st.tuples(st.floats(38, 48), st.floats(30, 37), st.floats(0, 50_000)), min_size=1, max_size=5))
def test_shipped_countries_are_certain_where_the_circle_keeps_clear_of_the_outline(
    circles: list[tuple[float, float, float]],
) -> None:
    lon, lat, radius = np.array(circles).T
    layer = shipped().layer("countries")
    ids, certain = countries_of(lon, lat, radius, shipped())
    for index, id_ in enumerate(ids):
        if id_ is None:
            assert not certain[index]
            continue
        away = outline_of(id_).nearest(lon[index], lat[index]).distance
        assert certain[index] == (away > radius[index] + (layer.uncertainty(shipped().feature(id_)) or 0.0))
