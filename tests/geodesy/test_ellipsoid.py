"""The two geodesic problems against Karney's test set; vectors and back; bounds on edges."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from geodata import geodesy
from geodata.geodesy import ellipsoid
from tests.geodesy import truth
from tests.geodesy.tolerances import GEODTEST

CORPUS = os.environ.get("MASAFA_CORPUS")


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    """Rows of GeodTest: lat1 lon1 azi1 lat2 lon2 azi2 s12, and three columns more."""
    if not CORPUS:
        pytest.skip("MASAFA_CORPUS is not set: no GeodTest rows")
    return np.loadtxt(Path(CORPUS) / "distance" / "GeodTest-first-20.dat")


def test_inverse_agrees_with_geodtest(rows: np.ndarray) -> None:
    lat1, lon1, azi1, lat2, lon2, azi2, s12, _, m12 = rows.T[:9]
    azimuth, there, distance = geodesy.inverse(lon1, lat1, lon2, lat2)
    assert len(distance) == 20
    np.testing.assert_allclose(distance, s12, rtol=0, atol=GEODTEST)
    # An azimuth is as sure as the positions: off by an angle, the way ends beside the goal by the reduced length of it.
    for found, true in ((azimuth, azi1), (there, azi2)):
        assert (np.abs(np.radians(found - true)) * np.abs(m12)).max() < 1e-7


def test_direct_agrees_with_geodtest(rows: np.ndarray) -> None:
    lat1, lon1, azi1, lat2, lon2, _, s12 = rows.T[:7]
    lon, lat = geodesy.direct(lon1, lat1, azi1, s12)
    apart = geodesy.inverse(lon, lat, lon2, lat2)[2]
    assert len(apart) == 20
    assert apart.max() < 1e-7


@pytest.mark.parametrize("lat", [-60.0, 0.0, 36.5])
@pytest.mark.parametrize("azimuth", [0.0, 45.0, 90.0, 180.0, -90.0, -179.0])
def test_both_azimuths_point_in_the_direction_of_travel(lat: float, azimuth: float) -> None:
    lon2, lat2 = geodesy.direct(40.0, lat, azimuth, 10_000.0)
    ahead, there, distance = geodesy.inverse(40.0, lat, lon2, lat2)
    assert distance == pytest.approx(10_000.0, abs=1e-8)
    # Meridians converge by less than a quarter of a degree on the way.
    for found in (ahead, there):
        assert abs((float(found) - azimuth + 180) % 360 - 180) < 0.25


def test_scalars_arrays_and_nothing() -> None:
    assert geodesy.inverse(40.0, 35.0, 41.0, 35.0)[2].shape == ()
    assert geodesy.inverse([40.0, 41.0], 35.0, 41.0, 35.0)[2].shape == (2,)
    assert geodesy.inverse(np.zeros((0,)), 0.0, 0.0, 0.0)[2].shape == (0,)
    for part in geodesy.inverse([np.nan, 40.0], 35.0, 41.0, [35.0, np.nan]):
        assert np.isnan(part).all()
    for part in geodesy.direct([np.nan, 40.0], 35.0, 41.0, [35.0, np.nan]):
        assert np.isnan(part).all()


def test_vectors_come_back_as_positions() -> None:
    lon, lat = np.meshgrid(np.linspace(-179, 180, 40), np.linspace(-90, 90, 37))
    back_lon, back_lat = ellipsoid.geodetic(ellipsoid.ecef(lon, lat))
    np.testing.assert_allclose(back_lat, lat, rtol=0, atol=1e-13 * 180)
    off = np.abs(back_lon - lon)[np.abs(lat) < 90]
    assert np.minimum(off, 360 - off).max() < 1e-12


def test_longitudes_are_wrapped_and_those_in_range_are_kept() -> None:
    assert ellipsoid.wrapped([-180.0, 180.0, 40.1]).tolist() == [-180.0, 180.0, 40.1]
    np.testing.assert_allclose(ellipsoid.wrapped([190.0, -190.0, 540.0]), [-170.0, 170.0, -180.0])


def test_no_edge_is_longer_or_bends_more_than_its_bounds() -> None:
    rng = np.random.default_rng(4)
    start = np.column_stack([rng.uniform(-90, 90, 400), np.degrees(np.arcsin(rng.uniform(-1, 1, 400)))])
    end = np.clip(start + rng.normal(0, 1, (400, 2)) * 10 ** rng.uniform(-3, 1, (400, 1)), [-180, -90], [180, 90])
    straight = np.array([truth.length(np.array(pair), "lonlat", 200) for pair in zip(start, end, strict=True)])
    assert (straight <= ellipsoid.edge_length(start, end)).all()
    azimuth, _, length = ellipsoid.inverse(*start.T, *end.T)
    # The middle of the edge is off the geodesic between its ends by at most L²/8 times the bend.
    lon, lat = (start + end).T / 2
    ahead = ellipsoid.inverse(*start.T, lon, lat)
    off = np.abs(ahead[2] * np.sin(np.radians(ahead[0] - azimuth)))
    short = length < 100_000
    assert short.sum() > 100
    bound = straight**2 / 8 * ellipsoid.edge_bend(start, end) * 1.01 + 1e-6
    assert (off <= bound)[short].all()
