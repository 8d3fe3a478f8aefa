"""Vectors of positions by the kernel's own sines: as exact as the library's, and exact at right angles."""

from __future__ import annotations

import math

import numpy as np

from geodata.geodesy import ellipsoid, lanes


def test_sines_and_cosines_are_right_to_the_last_bits() -> None:
    rng = np.random.default_rng(1)
    degrees = np.concatenate([rng.uniform(-180, 180, 3_000), rng.normal(0, 1e-6, 100), np.arange(-180, 181, 0.5)])
    for angle in degrees.tolist():
        exact = math.radians(angle)
        assert abs(lanes.sine(angle) - math.sin(exact)) <= 5e-16
        assert abs(lanes.cosine(angle) - math.cos(exact)) <= 5e-16
    assert [lanes.sine(float(angle)) for angle in (-180, -90, 0, 90, 180)] == [0, -1, 0, 1, 0]
    assert [lanes.cosine(float(angle)) for angle in (-180, -90, 0, 90, 180)] == [-1, 0, 1, 0, -1]


def test_vectors_are_those_of_the_ellipsoid() -> None:
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(-180, 180, 40), rng.uniform(-90, 90, 40)
    room = np.empty(lanes.ROWS * lanes.LANES)
    room[lanes.LON : lanes.LON + 40], room[lanes.LAT : lanes.LAT + 40] = lon, lat
    lanes.place_lanes(room, 40)
    vectors = np.stack([room[row : row + 40] for row in (lanes.X, lanes.Y, lanes.Z)], axis=1)
    np.testing.assert_array_equal(vectors, ellipsoid.ecef(lon, lat))
    lam, phi = np.radians(lon), np.radians(lat)
    normal = ellipsoid.A / np.sqrt(1 - ellipsoid.E2 * np.sin(phi) ** 2)
    true = [
        normal * np.cos(phi) * np.cos(lam),
        normal * np.cos(phi) * np.sin(lam),
        normal * (1 - ellipsoid.E2) * np.sin(phi),
    ]
    np.testing.assert_allclose(vectors, np.stack(true, axis=1), rtol=0, atol=5e-9)
    x, y, z, radius = lanes.enclosing_ball(room, 40)
    assert np.sqrt(((vectors - [x, y, z]) ** 2).sum(axis=1)).max() <= radius


def test_a_group_takes_neighbours_once_and_passes_over_the_rest() -> None:
    lon = np.array([1.0, 1.0, np.nan, 2.0, 1.0, 3.0])
    room, source = np.empty(lanes.ROWS * lanes.LANES), np.empty(lanes.LANES, dtype=np.int64)
    assert lanes.take_group(lon, lon, np.arange(6), -1, 0, 3, room, source) == (3, 5)
    assert source[:3].tolist() == [0, 3, 4]
    assert lanes.take_group(lon, lon, np.arange(6), -1, 5, 3, room, source) == (1, 6)
