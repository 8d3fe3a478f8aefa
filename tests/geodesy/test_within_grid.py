"""Within a distance, for very many positions: the grid gives what comparing distances gives."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geodata import geodesy
from tests.geodesy.conftest import LINES, around

COUNT = 30_000


@pytest.mark.parametrize("name", ["wandering", "to the antimeridian", "high", "over the equator"])
@pytest.mark.parametrize("radius", [300.0, 25_000.0, 700_000.0])
def test_the_grid_agrees_with_distances(name: str, radius: float) -> None:
    path = LINES[name]
    lon, lat = (
        np.concatenate(parts) for parts in zip(around(path, 3 * radius, COUNT), around(path, 1e5, 5_000), strict=True)
    )
    lon[::1000] = np.nan
    line = geodesy.Line(path)
    stored = line.within(lon, lat, radius)
    np.testing.assert_array_equal(stored, line.nearest(lon, lat).distance <= radius)
    assert stored.any()
    assert not stored.all()


def test_positions_in_one_place_all_over_the_globe_and_nowhere() -> None:
    line = geodesy.Line(LINES["wandering"])
    assert line.within(np.full(COUNT, 41.0), np.full(COUNT, 35.0), 100.0).all()
    assert not line.within(np.full(COUNT, np.nan), np.full(COUNT, 35.0), 100.0).any()
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(-180, 180, COUNT), rng.uniform(-90, 90, COUNT)
    np.testing.assert_array_equal(line.within(lon, lat, 5e6), line.nearest(lon, lat).distance <= 5e6)


@pytest.mark.parametrize("radius", [5.0, 25_000.0, 900_000.0])
def test_positions_as_far_as_the_radius_itself_are_measured(radius: float) -> None:
    """A tenth of a millimetre more or less decides, where chords say nothing."""
    line = geodesy.Line(np.array([[41.0, 35.0], [41.5, 35.2]]), "geodesic")
    azimuth = np.linspace(90, 180, COUNT)
    length = radius + np.random.default_rng(4).choice([-1e-4, 1e-4, -1e-2, 1e-2, -1.0, 1.0, 0.0], COUNT)
    lon, lat = geodesy.direct(np.full(COUNT, 41.5), np.full(COUNT, 35.2), azimuth, length)
    stored = line.within(lon, lat, radius)
    np.testing.assert_array_equal(stored, line.nearest(lon, lat).distance <= radius)
    assert 0 < stored.sum() < COUNT


def test_the_inside_of_a_polygon_counts() -> None:
    target = geodesy.Target(shapely.box(40, 34, 43, 37))
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(38, 45, COUNT), rng.uniform(32, 39, COUNT)
    np.testing.assert_array_equal(target.within(lon, lat, 5_000), target.nearest(lon, lat).distance <= 5_000)
    assert target.within(41.5, 35.5, 0.0)
