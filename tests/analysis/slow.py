"""Slow truth for questions along a line: short steps, Karney's geodesics, and nothing of the library."""

from __future__ import annotations

from typing import Any

import numpy as np
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
STEP = 50.0


class SlowLine:
    """A line straight in longitude and latitude between its vertices, cut into steps of at most 50 m."""

    def __init__(self, coordinates: Any) -> None:
        path = np.asarray(coordinates, dtype=float)[:, :2]
        lengths = GEOD.inv(*path[:-1].T, *path[1:].T)[2]
        parts = []
        for start, end, length in zip(path[:-1], path[1:], lengths, strict=True):
            share = np.arange(max(1, int(np.ceil(length / STEP)))) / max(1, int(np.ceil(length / STEP)))
            parts.append(start + (end - start) * share[:, None])
        self.nodes = np.concatenate([*parts, path[-1:]])
        steps = GEOD.inv(*self.nodes[:-1].T, *self.nodes[1:].T)[2]
        self.chainages = np.concatenate([[0.0], np.cumsum(steps)])

    @property
    def length(self) -> float:
        """Metres."""
        return float(self.chainages[-1])

    def at(self, chainage: Any) -> Any:
        """Return longitude and latitude at metres from the start."""
        lon, lat = (np.interp(chainage, self.chainages, column) for column in self.nodes.T)
        return lon, lat

    def distances(self, lon: float, lat: float, chainages: Any) -> Any:
        """Return metres from a position to places of the line."""
        x, y = self.at(chainages)
        return GEOD.inv(np.full(len(x), lon), np.full(len(x), lat), x, y)[2]

    def nearest(self, lon: float, lat: float) -> tuple[float, float]:
        """Return the least distance and its chainage, by looking at every step and then ever closer."""
        coarse = self.distances(lon, lat, self.chainages)
        best = (np.inf, 0.0)
        for index in np.flatnonzero(coarse <= coarse.min() + STEP):
            around = self.chainages[index]
            low, high = max(0.0, around - STEP), min(self.length, around + STEP)
            while high - low > 0.01:
                grid = np.linspace(low, high, 21)
                found = self.distances(lon, lat, grid)
                at = int(np.argmin(found))
                low, high = grid[max(0, at - 1)], grid[min(20, at + 1)]
                if found[at] < best[0]:
                    best = (float(found[at]), float(grid[at]))
        return best

    def side(self, lon: float, lat: float, chainage: float) -> str:
        """Return left or right, by where the position lies of the secant 5 m either way."""
        (x1, x2), (y1, y2) = self.at(np.clip([chainage - 5, chainage + 5], 0, self.length))
        along = GEOD.inv(x1, y1, x2, y2)[0]
        x, y = self.at([chainage])
        away = GEOD.inv(x[0], y[0], lon, lat)[0]
        return "right" if 0 < (away - along) % 360 < 180 else "left"
