"""Which of very many positions lie within a distance: whole cells of a grid at once, the rest by the chords to pieces.

A cell is decided by the distance at its centre where that differs from the radius by more than any of it is away. Of
what is left, a position is decided by chords, which differ from distances by a few centimetres at the most; only what
lies as near to the very radius is measured.
"""

# The kernel's functions have no types.
# mypy: allow-untyped-calls

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geodata.geodesy import candidates, ellipsoid, jit
from geodata.geodesy.ecef_inverse import NEAR, far_along

if TYPE_CHECKING:
    from geodata.geodesy.segments import Curve

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = ellipsoid.Floats

MANY = 10_000
"""Up to this many positions a grid is not worth its making."""
BLOCK = 65_536
"""Positions that are looked up in the grid in one go: they stay in a processor's cache."""
SHARE = 4
"""Cells are this part of the radius wide, and no finer than MOST to a side."""
MOST = 512
COARSE = 8
"""Cells are first looked at in squares of so many to a side."""
MARGIN = 0.01
"""Metres by which a cell or a chord must lie clear of the radius: distances and bounds are surer than that."""
DEGREE = 111_694.0
"""Metres, no less than a degree is long anywhere: a²/b · π/180, the greatest radius of curvature."""

OUT, IN, MIXED = 0, 1, 2


def within(curve: Curve, lon: Floats, lat: Floats, radius: float) -> Bools:
    """Tell for positions (n,) in degrees whether a curve is at most `radius` metres away; NaN is not.

    The same answers as comparing distances.
    """
    if len(lon) <= MANY:
        return np.asarray(curve.nearest(lon, lat).distance <= radius)
    if np.isnan(lon.min()) or np.isnan(lat.min()):
        answer = np.zeros(len(lon), dtype=bool)
        valid = np.flatnonzero(~(np.isnan(lon) | np.isnan(lat)))
        answer[valid] = within(curve, lon[valid], lat[valid], radius)
        return answer
    grid = _Grid(lon, lat, radius)
    cell = grid.cells(lon, lat)
    state = grid.states(curve, cell)[cell]
    rest = np.flatnonzero(state == MIXED)
    state[rest] = _by_chords(curve, lon[rest], lat[rest], radius)
    return state.view(bool)


def _by_chords(curve: Curve, lon: Floats, lat: Floats, radius: float) -> Bools:
    """Tell for each position whether the curve is within the radius, measuring only where chords do not decide."""
    if len(lon) <= jit.SMALL or radius > NEAR:
        return np.asarray(curve.nearest(lon, lat).distance <= radius)
    jit.compile_kernel()
    answer = np.empty(len(lon), dtype=np.int8)
    x, y, z = np.ascontiguousarray(ellipsoid.ecef(lon, lat).T)
    longer = far_along(radius) - radius
    certain, possible = radius - longer - curve.bow - MARGIN, radius + curve.bow + MARGIN
    tree = (curve.pieces, curve.leaf_order, curve.boxes, curve.levels)
    jit.twin(candidates).chords_within(*tree, x, y, z, certain, possible, answer)
    unsure = np.flatnonzero(answer < 0)
    answer[unsure] = curve.nearest(lon[unsure], lat[unsure]).distance <= radius
    return answer.view(bool)


class _Grid:
    """Cells of one size in degrees over all positions, in whole squares of COARSE to a side."""

    def __init__(self, lon: Floats, lat: Floats, radius: float) -> None:
        self.radius = radius
        self.west, self.south = float(lon.min()), float(lat.min())
        width, height = float(lon.max()) - self.west, float(lat.max()) - self.south
        self.step = max(radius / SHARE / 111_000, width / MOST, height / MOST, 1e-6)
        self.wide, self.high = (COARSE * (int(side / self.step) // COARSE + 1) for side in (width, height))

    def cells(self, lon: Floats, lat: Floats) -> NDArray[np.int32]:
        """Return the cell of each position, counted row by row."""
        cell = np.empty(len(lon), dtype=np.int32)
        for first in range(0, len(lon), BLOCK):
            part = slice(first, first + BLOCK)
            column, row = (lon[part] - self.west) / self.step, (lat[part] - self.south) / self.step
            np.multiply(row.astype(np.int32), self.wide, out=cell[part])
            cell[part] += column.astype(np.int32)
        return cell

    def states(self, curve: Curve, cell: NDArray[np.int32]) -> NDArray[np.int8]:
        """Return for all cells whether they lie in, out, or both; cells without a position are out."""
        shape = self.high // COARSE, COARSE, self.wide // COARSE, COARSE
        occupied = np.zeros(self.wide * self.high, dtype=bool)
        occupied[cell] = True
        row, column = np.nonzero(occupied.reshape(shape).any(axis=(1, 3)))
        squares = np.zeros((shape[0], 1, shape[2], 1), dtype=np.int8)
        squares[row, 0, column, 0] = self._squares(curve, column, row, COARSE)
        state = np.array(np.broadcast_to(squares, shape)).reshape(-1)
        mixed = np.flatnonzero(occupied & (state == MIXED))
        state[mixed] = self._squares(curve, mixed % self.wide, mixed // self.wide, 1)
        return state

    def _squares(self, curve: Curve, column: Ints, row: Ints, size: int) -> NDArray[np.int8]:
        """Return for squares of `size` cells whether they lie in, out, or both."""
        half = size * self.step / 2
        lon, lat = self.west + 2 * half * column + half, self.south + 2 * half * row + half
        inner_lon, inner_lat = np.clip(lon, -180, 180), np.clip(lat, -90, 90)
        # A rounding may put a position into the next cell: corners are a little farther out.
        half *= 1 + 1e-9
        across, up = half + np.abs(lon - inner_lon), half + np.abs(lat - inner_lat)
        # A line straight in longitude and latitude to any of it is no longer than this.
        level = np.cos(np.radians(np.maximum(np.abs(inner_lat) - up, 0.0)))
        far = DEGREE * np.hypot(up, across * level)
        distance = curve.nearest(inner_lon, inner_lat).distance
        state = np.full(len(lon), MIXED, dtype=np.int8)
        state[distance - far > self.radius + MARGIN] = OUT
        state[distance + far < self.radius - MARGIN] = IN
        return state
