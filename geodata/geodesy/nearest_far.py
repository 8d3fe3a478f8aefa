"""The nearest place on a curve far away: exact by Karney's geodesics on every piece that could be it, and slow."""

# The kernel has no types.
# mypy: allow-untyped-calls

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from geodata.geodesy import ellipsoid, kernel, lanes
from geodata.geodesy.ecef_inverse import reach
from geodata.geodesy.ellipsoid import Floats

ROUNDS = 3


class Segments(Protocol):
    """What is asked of a line's segments (segments.Curve)."""

    pieces: Floats
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    bow: float

    def position(self, piece: NDArray[np.int64], t: Floats) -> tuple[Floats, Floats]:
        """Return the positions, in degrees, at the parameters `t` (n) of pieces (n)."""


def nearest_far(
    curve: Segments,
    lon: Floats,
    lat: Floats,
    which: NDArray[np.int64],
    piece: NDArray[np.int64],
    t: Floats,
    distance: Floats,
    side: NDArray[np.int8],
) -> None:
    """Write the answers for the positions `which` into the arrays."""
    queries = ellipsoid.ecef(lon[which], lat[which])
    for at, query in zip(which, queries, strict=True):
        chords = _chords(curve.pieces, query)
        limit = reach(float(np.sqrt(chords.min())), curve.bow)
        could = np.flatnonzero(chords <= limit * limit)
        places, lengths = _feet(curve, could, query, lon[at], lat[at])
        best = int(np.argmin(lengths))
        piece[at], t[at], distance[at] = could[best], places[best], lengths[best]
        side[at] = _side(curve, query, int(piece[at]), float(t[at]), float(distance[at]))


def _side(curve: Segments, query: Floats, piece: int, t: float, distance: float) -> int:
    """Return the kernel's code of the side on which a vector lies."""
    room, turns = np.empty(lanes.ROWS * lanes.LANES), np.empty(kernel.TURN_ROWS * lanes.LANES)
    room[[lanes.X, lanes.Y, lanes.Z]], room[[lanes.PLACE, lanes.BEST]] = query, (t, distance)
    kernel.settle_sides(curve.pieces, curve.before, curve.after, room, 1, turns, np.array([piece]))
    return int(kernel.sided(turns, room, 0))


def _chords(pieces: Floats, query: Floats) -> Floats:
    """Return the squared distances of a vector to the chords of all pieces."""
    offset = query - pieces[:, :3]
    share = np.clip((offset * pieces[:, 3:6]).sum(axis=1) * pieces[:, 9], 0, 1)
    rest = offset - share[:, None] * pieces[:, 3:6]
    return np.asarray((rest * rest).sum(axis=1))


def _feet(curve: Segments, could: NDArray[np.int64], query: Floats, lon: float, lat: float) -> tuple[Floats, Floats]:
    """Return the places on the pieces nearest to a position and the distances, by Newton's method on the azimuth."""
    row = curve.pieces[could]
    offset = query - row[:, :3]
    t = np.clip((offset * row[:, 3:6]).sum(axis=1) * row[:, 9], 0, 1)
    for iteration in range(ROUNDS + 1):
        x, y = curve.position(could, t)
        azimuth, _, distance = ellipsoid.inverse(x, y, lon, lat)
        if iteration == ROUNDS:
            break
        tangent = row[:, 3:6] + (4 - 8 * t)[:, None] * row[:, 6:9]
        speed = np.sqrt((tangent * tangent).sum(axis=1))
        lam, phi, alpha = np.radians(x), np.radians(y), np.radians(azimuth)
        north, east = np.cos(alpha), np.sin(alpha)
        towards = np.stack(
            [
                -np.sin(phi) * np.cos(lam) * north - np.sin(lam) * east,
                -np.sin(phi) * np.sin(lam) * north + np.cos(lam) * east,
                np.cos(phi) * north,
            ],
            axis=1,
        )
        along = (towards * tangent).sum(axis=1)
        angle = distance / 6.37e6
        # From a quarter of the globe on, distances grow concave: the nearest place of a piece is one of its ends.
        stiff = np.where(angle < 1.5, 1 / np.tan(np.minimum(angle, 1.5)) / 6.37e6, 1e-9)
        square = np.maximum(speed * speed, 1e-300)
        bent = 8 * (towards * row[:, 6:9]).sum(axis=1) / square
        step = along / square / np.maximum(stiff + bent, 1e-9)
        t = np.clip(t + np.where(speed > 0, step, 0.0), 0, 1)
    return t, np.asarray(distance)
