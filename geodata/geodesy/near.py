"""Which of very many positions lie within a distance: whole cells of a grid at once, the rest one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geodata.geodesy import ellipsoid
from geodata.geodesy.ellipsoid import Floats

if TYPE_CHECKING:
    from geodata.geodesy.curve import Curve

Bools = NDArray[np.bool_]

MANY = 10_000
"""Up to this many positions a grid is not worth its making."""
SHARE = 4
"""Cells are this part of the radius wide, and no finer than MOST to a side."""
MOST = 512
COARSE = 8
"""Cells are first looked at in squares of so many to a side."""
MARGIN = 0.01
"""Metres by which a cell must lie clear of the radius: distances and bounds of cells are surer than that."""

OUT, IN, MIXED = 0, 1, 2


def within(curve: Curve, lon: Floats, lat: Floats, radius: float) -> Bools:
    """Tell for positions (n,) in degrees whether a curve is at most `radius` metres away; NaN is not.

    The same answers as comparing distances: a cell counts as a whole only where the distance at its centre differs
    from the radius by more than its corners are away.
    """
    known = ~(np.isnan(lon) | np.isnan(lat))
    if len(lon) <= MANY or not known.any():
        return np.asarray(curve.nearest(lon, lat).distance <= radius)
    if not known.all():
        held = np.zeros(len(lon), dtype=bool)
        held[known] = within(curve, lon[known], lat[known], radius)
        return held
    grid = _Grid(lon, lat, radius)
    cell = grid.cell(lon, lat)
    seen = np.zeros(grid.wide * grid.high, dtype=bool)
    seen[cell] = True
    state = np.zeros(len(seen), dtype=np.int8)
    cells = np.flatnonzero(seen)
    column, row = cells % grid.wide, cells // grid.wide
    squares, square = np.unique(row // COARSE * grid.wide + column // COARSE, return_inverse=True)
    whole = grid.states(curve, squares % grid.wide, squares // grid.wide, COARSE)
    found = whole[square]
    mixed = found == MIXED
    found[mixed] = grid.states(curve, column[mixed], row[mixed], 1)
    state[cells] = found
    answer = state[cell]
    rest = np.flatnonzero(answer == MIXED)
    answer[rest] = curve.nearest(lon[rest], lat[rest]).distance <= radius
    return answer.astype(bool)


class _Grid:
    """Cells of one size in degrees over all positions."""

    def __init__(self, lon: Floats, lat: Floats, radius: float) -> None:
        self.radius = radius
        self.west, self.south = float(lon.min()), float(lat.min())
        width, height = float(lon.max()) - self.west, float(lat.max()) - self.south
        self.step = max(radius / SHARE / 111_000, width / MOST, height / MOST, 1e-6)
        self.wide, self.high = int(width / self.step) + 1, int(height / self.step) + 1

    def cell(self, lon: Floats, lat: Floats) -> NDArray[np.int32]:
        column = ((lon - self.west) / self.step).astype(np.int32)
        row = ((lat - self.south) / self.step).astype(np.int32)
        row *= self.wide
        row += column
        return row

    def states(self, curve: Curve, column: NDArray[np.int64], row: NDArray[np.int64], size: int) -> NDArray[np.int8]:
        """Return for squares of `size` cells whether they lie in, out, or both."""
        half = size * self.step / 2
        lon, lat = self.west + 2 * half * column + half, self.south + 2 * half * row + half
        # A rounding may put a position into the next cell: corners are a little farther out.
        half *= 1 + 1e-9
        inner = np.clip(lon, -180, 180), np.clip(lat, -90, 90)
        far = np.max(
            [
                ellipsoid.edge_length(np.column_stack(inner), np.column_stack([lon + half, lat + sign * half]))
                for sign in (-1, 1)
            ],
            axis=0,
        )
        far += (np.abs(lon - inner[0]) + np.abs(lat - inner[1])) * 112_000
        distance = curve.nearest(*inner).distance
        state = np.full(len(lon), MIXED, dtype=np.int8)
        state[distance - far > self.radius + MARGIN] = OUT
        state[distance + far < self.radius - MARGIN] = IN
        return state
