"""The bounds by which pieces are left out: what is left out is farther by geodesics, wherever it lies."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod

from geodata import geodesy
from geodata.geodesy import candidates, ellipsoid
from geodata.geodesy.ecef_inverse import NEAR
from geodata.geodesy.segments import Curve
from tests.geodesy.conftest import LINES, around

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize("reach", [1e3, 1e5, 6e5, NEAR])
@pytest.mark.parametrize("apart", [1.0, 1e-1, 1e-2, 1e-3])
def test_a_chord_longer_by_the_skew_means_a_longer_geodesic(reach: float, apart: float) -> None:
    rng = np.random.default_rng(11)
    count = 20_000
    lon, lat = rng.uniform(-180, 180, count), np.degrees(np.arcsin(rng.uniform(-1, 1, count)))
    azimuth, length = rng.uniform(0, 360, count), reach * rng.uniform(0.05, 1, count)
    first = GEOD.fwd(lon, lat, azimuth, length)[:2]
    # The second about as far, by a little more or less: where the order of chords and geodesics may differ.
    turned = azimuth + np.degrees(apart) * rng.choice([-1, 1], count)
    second = GEOD.fwd(lon, lat, turned, length * (1 + apart * 1e-4 * rng.normal(0, 1, count)))[:2]
    point, f, q = (ellipsoid.ecef(*each) for each in ((lon, lat), first, second))
    chord, other = (np.sqrt(((each - point) ** 2).sum(axis=1)) for each in (f, q))
    span = np.sqrt(((f - q) ** 2).sum(axis=1))
    left_out = other > chord + candidates.SKEW * chord * chord * span
    assert left_out.sum() > 100
    s, t = (np.asarray(GEOD.inv(lon, lat, *each)[2]) for each in (first, second))
    assert (t - s)[left_out].min() > -2e-8


@pytest.mark.parametrize("radius", [0.0, 300.0, 20_000.0])
def test_what_is_collected_for_a_ball_holds_the_nearest_of_every_point_in_it(radius: float) -> None:
    path = LINES["wandering"]
    curve, rng = Curve([path], "lonlat"), np.random.default_rng(7)
    lon, lat = around(path, 4e5, 40, seed=7)
    sizes = np.array([candidates.CAPACITY, candidates.STACK])
    near, reaches = np.empty(candidates.WIDE), np.empty(candidates.WIDE)
    stack, indices = np.empty((2, sizes[1]), np.int64), np.empty(sizes[0], np.int64)
    rows = np.empty((sizes[0], candidates.COLUMNS))
    tree = (curve.pieces, curve.leaf_order, curve.boxes, curve.levels)
    checked = 0
    for x, y in zip(lon, lat, strict=True):
        centre = ellipsoid.ecef(x, y)
        seed = candidates.nearest_chord(*tree, *centre, 0, near, np.empty(sizes[1]), stack)
        count = candidates.collect(*tree, *centre, radius, seed, curve.bow, near, reaches, stack, indices, rows)
        if count < 0:
            continue
        azimuth, out = rng.uniform(0, 360, 20), radius * np.sqrt(rng.uniform(0, 1, 20))
        to_lon, to_lat = geodesy.direct(x, y, azimuth, out)
        assert set(curve.nearest(to_lon, to_lat).piece.tolist()) <= set(indices[:count].tolist())
        checked += 1
    assert checked > 20


@pytest.mark.parametrize("name", ["wandering", "closed", "to the antimeridian", "one short edge"])
def test_a_search_for_any_chord_decides_as_looking_at_every_piece_does(name: str) -> None:
    curve, rng = Curve([LINES[name]], "lonlat"), np.random.default_rng(3)
    lon, lat = around(LINES[name], 6e4, 300, seed=3)
    vectors = ellipsoid.ecef(lon, lat)
    gaps = [min(candidates.chord_gap(curve.pieces, k, *vector) for k in range(len(curve))) for vector in vectors]
    least = np.sqrt(gaps)
    tree = (curve.pieces, curve.leaf_order, curve.boxes, curve.levels)
    # One threshold well between, one at a chord itself, and none that any reaches.
    itself = float(rng.choice(least))
    for certain, possible in ((2e4, 3e4), (itself, itself + 1e4), (-1.0, 1e4), (0.0, 0.0)):
        answer = np.empty(len(lon), dtype=np.int8)
        candidates.chords_within(*tree, *np.ascontiguousarray(vectors.T), certain, possible, answer)
        squares = np.array(gaps)
        expected = np.where(squares <= (certain**2 if certain > 0 else -1), 1, np.where(squares <= possible**2, -1, 0))
        np.testing.assert_array_equal(answer, expected)
