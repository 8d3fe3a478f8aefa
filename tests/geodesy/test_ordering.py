"""The curve along which positions are asked: every cell once, each beside the one before."""

from __future__ import annotations

import numpy as np

from geodata.geodesy import ordering


def keys(lon: np.ndarray, lat: np.ndarray, bits: int, first: int = 0) -> np.ndarray:
    """Return the keys, with indices of 20 bits."""
    result, room = np.empty(len(lon), dtype=np.int64), np.empty((2, len(lon)), dtype=np.int64)
    ordering.hilbert_keys(lon, lat, first, bits, 20, room[0], room[1], result)
    return result


def test_neighbours_on_the_curve_are_neighbours_on_the_globe() -> None:
    bits = 5
    side = 360 / (1 << bits)
    column, row = (part.ravel() for part in np.meshgrid(np.arange(1 << bits), np.arange(1 << bits)))
    lon, lat = column * side - 180 + side / 2, row * side - 180 + side / 2
    order = np.argsort(keys(lon, lat, bits))
    assert len(set((keys(lon, lat, bits) >> 20).tolist())) == len(lon)
    steps = np.abs(np.diff(column[order])) + np.abs(np.diff(row[order]))
    assert (steps == 1).all()


def test_keys_carry_their_indices_and_nothing_comes_first() -> None:
    lon, lat = np.array([180.0, np.nan, -180.0, 10.0]), np.array([90.0, 0.0, -90.0, 10.0])
    result = keys(lon, lat, 21, first=7)
    assert (result & ((1 << 20) - 1)).tolist() == [7, 8, 9, 10]
    assert result.argmin() == 1
    assert (result >= 0).all()
