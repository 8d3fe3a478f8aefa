"""The compiled kernel and the interpreted one: the same bits, however a batch is split."""

from __future__ import annotations

import numpy as np
import pytest

from geodata import geodesy
from geodata.geodesy import batch, ecef_inverse, ellipsoid, jit, kernel
from tests.geodesy.conftest import LINES, around, wander

FIELDS = ("distance", "lon", "lat", "chainage", "side", "piece", "beyond_end")


def positions(path: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return positions near and far, some twice, one missing."""
    near, far = around(path, 30_000, count // 2, seed=1), around(path, 900_000, count // 4, seed=2)
    lon, lat = (np.concatenate([a, b, a[: count // 4], [np.nan]]) for a, b in zip(near, far, strict=True))
    return lon, lat


@pytest.mark.parametrize("name", ["wandering", "spike", "closed", "repeated vertices", "high", "to the antimeridian"])
@pytest.mark.parametrize("edges", ["lonlat", "geodesic"])
def test_interpreted_and_compiled_give_the_same_bits(name: str, edges: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lon, lat = positions(LINES[name], 40)
    line = geodesy.Line(LINES[name], edges)
    monkeypatch.setattr(batch, "kernel_for", lambda count: kernel)
    plain = line.nearest(lon, lat)
    fast = jit.compile_kernel()
    assert fast is not kernel
    monkeypatch.setattr(batch, "kernel_for", lambda count: fast)
    quick = line.nearest(lon, lat)
    for field in FIELDS:
        np.testing.assert_array_equal(getattr(plain, field), getattr(quick, field))


def test_a_batch_may_be_split_anyhow() -> None:
    path = wander(8, 400, 41.0, 35.0, 0.02)
    line = geodesy.Line(path)
    lon, lat = positions(path, 6_000)
    whole = line.nearest(lon, lat)
    turned = line.nearest(lon[::-1], lat[::-1])
    parts = [line.nearest(lon[i : i + 700], lat[i : i + 700]) for i in range(0, len(lon), 700)]
    for field in FIELDS:
        every = getattr(whole, field)
        np.testing.assert_array_equal(every, np.concatenate([getattr(part, field) for part in parts]))
        np.testing.assert_array_equal(every[::-1], getattr(turned, field))


def test_matrices_have_the_same_bits_too() -> None:
    lon, lat = positions(LINES["wandering"], 40)
    whole = geodesy.matrix(lon, lat, lon, lat)
    for i in range(0, len(lon), 9):
        np.testing.assert_array_equal(whole[i : i + 1], geodesy.matrix(lon[i], lat[i], lon, lat))
    first, result = ellipsoid.ecef(lon[:5], lat[:5]).T, np.empty((5, 5))
    ecef_inverse.pairs(*first, *first, result)
    np.testing.assert_array_equal(result, whole[:5, :5])


def test_distances_between_vectors_agree_with_karney() -> None:
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(-180, 180, 200), np.degrees(np.arcsin(rng.uniform(-1, 1, 200)))
    for reach, tolerance in ((1e3, 1e-8), (1e5, 1e-8), (3e5, 1e-7), (1e6, 2e-5), (ecef_inverse.CHORD, 1e-4)):
        to_lon, to_lat = geodesy.direct(lon, lat, rng.uniform(0, 360, 200), reach)
        first, second = ellipsoid.ecef(lon, lat), ellipsoid.ecef(to_lon, to_lat)
        found = [ecef_inverse.distance(*p, *q) for p, q in zip(first, second, strict=True)]
        np.testing.assert_allclose(found, reach, rtol=0, atol=tolerance)
    for reach in (1e6, 5e6, 1.5e7):
        azimuth = rng.uniform(0, 360, 200)
        to_lon, to_lat = geodesy.direct(lon, lat, azimuth, reach)
        first, second = ellipsoid.ecef(lon, lat), ellipsoid.ecef(to_lon, to_lat)
        found = np.array([ecef_inverse.inverse(*p, *q) for p, q in zip(first, second, strict=True)])
        np.testing.assert_allclose(found[:, 0], reach, rtol=0, atol=1e-4)
        np.testing.assert_allclose(found[:, 1], np.sin(np.radians(azimuth)), rtol=0, atol=1e-9)
        np.testing.assert_allclose(found[:, 2], np.cos(np.radians(azimuth)), rtol=0, atol=1e-9)
    assert np.isnan(ecef_inverse.inverse(*ellipsoid.ecef(0.0, 0.0), *ellipsoid.ecef(179.9, 0.1))[0])
