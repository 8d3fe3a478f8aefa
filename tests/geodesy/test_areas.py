"""Areas: how near and how far they reach, and where their middle is."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geodata import geodesy
from geodata.errors import BadValue
from tests.geodesy.conftest import LINES
from tests.geodesy.tolerances import CENTROID, EXTENT

GEOD = Geod(ellps="WGS84")
AREA = shapely.Polygon([(40.6, 36.3), (41.1, 36.2), (41.4, 36.7), (40.9, 36.5), (40.7, 36.9)])


@pytest.mark.parametrize(
    "target",
    [
        shapely.Point(42.5, 36.0),
        shapely.Point(40.9, 36.4),
        shapely.LineString(LINES["wandering"]),
        shapely.box(42, 35, 43, 36),
    ],
)
def test_an_extent_holds_all_distances_and_little_more(target: shapely.Geometry) -> None:
    low, high = geodesy.extent(AREA, target)
    rng = np.random.default_rng(3)
    west, south, east, north = AREA.bounds
    lon, lat = rng.uniform(west, east, 20_000), rng.uniform(south, north, 20_000)
    edge = shapely.get_coordinates(shapely.segmentize(AREA.exterior, 0.001))
    shape = shapely.contains_xy(AREA, lon, lat)
    lon, lat = np.concatenate([lon[shape], edge[:, 0]]), np.concatenate([lat[shape], edge[:, 1]])
    distance = geodesy.Target(target).nearest(lon, lat).distance
    assert low <= distance.min() + 1e-6
    assert low >= distance.min() - 500
    assert distance.max() <= high <= distance.max() * (1 + EXTENT) + 0.5 + 100


def test_an_area_within_the_other_is_nowhere_far() -> None:
    assert geodesy.extent(AREA, shapely.box(40, 36, 42, 37)) == (0.0, 0.0)


def test_an_extent_is_of_polygons_only() -> None:
    with pytest.raises(BadValue, match="area"):
        geodesy.extent(shapely.Point(41, 36), AREA)


def moment(polygon: shapely.Geometry) -> tuple[float, float]:
    """Return the centre of area where cells of known area balance, in degrees."""
    west, south, east, north = polygon.bounds
    lon = np.linspace(west, east, 2_001)
    lat = np.linspace(south, north, 2_001)
    x, y = np.meshgrid((lon[1:] + lon[:-1]) / 2, (lat[1:] + lat[:-1]) / 2)
    shape = shapely.contains_xy(polygon, x, y)
    sin = np.sin(np.radians(y))
    weight = shape * np.cos(np.radians(y)) / (1 - 0.0066943799901413165 * sin * sin) ** 2
    return float((weight * x).sum() / weight.sum()), float((weight * y).sum() / weight.sum())


def test_a_small_polygon_has_its_centre_where_cells_of_area_balance() -> None:
    # So small that a frame round it and the graticule have one balance, but for the parallels' bow.
    small = shapely.Polygon([(41.0, 36.0), (41.02, 36.0), (41.02, 36.01), (41.01, 36.02)])
    lon, lat = geodesy.centroid(small)
    x, y = moment(small)
    assert GEOD.inv(lon, lat, x, y)[2] < 1.0


def test_a_centroid_is_where_symmetry_has_it() -> None:
    lon, lat = geodesy.centroid(shapely.box(40, -3, 44, 3))
    assert GEOD.inv(lon, lat, 42.0, 0.0)[2] < CENTROID
    parts = shapely.MultiPolygon([shapely.box(179, -1, 180, 1), shapely.box(-180, -1, -179, 1)])
    lon, lat = geodesy.centroid(parts)
    assert GEOD.inv(lon, lat, 180.0, 0.0)[2] < CENTROID
    cap = shapely.Polygon([(-180, 80), (-90, 80), (0, 80), (90, 80), (180, 80), (180, 90), (-180, 90)])
    assert geodesy.centroid(cap)[1] == pytest.approx(90, abs=1e-6)


def test_a_centroid_is_of_polygons_only() -> None:
    with pytest.raises(BadValue, match="polygon"):
        geodesy.centroid(shapely.LineString(LINES["wandering"]))
