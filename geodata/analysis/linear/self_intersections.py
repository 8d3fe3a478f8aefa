"""Where a line meets itself: a ruler with loops has places that two of its kilometres share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata import geodesy
from geodata.analysis.measure import Edges, line_of
from geodata.errors import Refused

MAX_LOOPS = 100
TOGETHER = 0.01
"""Metres of line: meetings nearer to each other than this are one."""


@dataclass(frozen=True)
class Loop:
    """A part of a line that ends where it began; `start` and `end` are metres from the line's start."""

    lon: float
    lat: float
    start: float
    end: float

    def turned(self, length: float) -> Loop:
        """Return the loop as it lies on the reversed line."""
        return replace(self, start=length - self.end, end=length - self.start)


@lru_cache(maxsize=256)
def loops_of(shape: BaseGeometry, edges: Edges, parameter: str) -> tuple[Loop, ...]:
    """Return the loops of a LineString in order; raises Refused for more than 100.

    Edges are treated as straight in longitude and latitude: two edges that meet there also meet as geodesics, unless
    they run within metres of each other.
    """
    path = shapely.get_coordinates(shape)
    if shape.is_simple and not (path[0] == path[-1]).all():
        return ()
    line = line_of(shape, edges)
    loops: list[Loop] = []
    for first, second, lon, lat in _meetings(path, parameter):
        start, end = (_chainage(line, edge, lon, lat) for edge in (first, second))
        if all(abs(start - loop.start) > TOGETHER or abs(end - loop.end) > TOGETHER for loop in loops):
            loops.append(Loop(lon, lat, start, end))
        if len(loops) > MAX_LOOPS:
            raise Refused("self_intersections", parameter=parameter, most=MAX_LOOPS)
    return tuple(sorted(loops, key=lambda loop: (loop.start, loop.end)))


def _meetings(path: NDArray[np.float64], parameter: str) -> list[tuple[int, int, float, float]]:
    """Return pairs of edges that are not neighbours and meet, with a position where they do."""
    edges = shapely.linestrings(np.stack([path[:-1], path[1:]], axis=1))
    first, second = shapely.STRtree(edges).query(edges, predicate="intersects")
    apart = second - first > 1
    first, second = first[apart], second[apart]
    if len(first) > 50 * MAX_LOOPS:
        raise Refused("self_intersections", parameter=parameter, most=MAX_LOOPS)
    met = shapely.intersection(edges[first], edges[second])
    places = [shapely.get_coordinates(meeting)[0] for meeting in met]
    order = np.lexsort((second, first))
    return [(int(first[i]), int(second[i]), float(places[i][0]), float(places[i][1])) for i in order]


def _chainage(line: geodesy.Line, edge: int, lon: float, lat: float) -> float:
    """Return the metres from the start to a position on one edge."""
    before = float(line.curve.chainages[np.searchsorted(line.curve.edge, edge)])
    start = line.coordinates[edge]
    if (start == (lon, lat)).all():
        return before
    return before + geodesy.Line([start, (lon, lat)], line.edges).length
