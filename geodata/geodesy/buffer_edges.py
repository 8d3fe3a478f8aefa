"""Which of very many short edges make the rim of a buffer: edges are added until no place of the rim is too near.

The rim is made of pieces of the rings round chosen edges, so that no place of it is too far. It is near enough where
its distance to the whole geometry, all edges, is at least the radius less the tolerance. Along an edge of the rim of
length l that distance bends down by at most C = 1/ρ + K (rings.py), so that between its ends it lies nowhere below
the parabola of that bend through the distances there; nor does it fall by more than a metre a metre. Where this is
not enough, the edges nearest to the ends join the chosen; where they are chosen already, the edge is halved.

What is nearer than the radius less the tolerance lies within the rim then: such a place would be connected to a
chosen edge by such places (edges not chosen lie within a quarter of the radius of chosen ones), and cross no rim.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.errors import Refused
from geodata.geodesy import ellipsoid, rings, validation
from geodata.geodesy.ellipsoid import Floats
from geodata.geodesy.segments import Curve
from geodata.messages import Message

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MAX_CHOSEN = 100_000
"""Rings round more edges than this are refused."""
ROUNDS = 60
HALVINGS = 12


@dataclass(frozen=True)
class Pieces:
    """Short edges (n, 2) each, `start` to `end`; `first` and `count` say which belong to each edge of the outline."""

    start: Floats
    end: Floats
    first: Ints
    count: Ints

    def at(self, edge: Ints, share: Floats) -> Ints:
        """Return the pieces on which places of edges lie."""
        step = np.minimum((share * self.count[edge]).astype(np.int64), self.count[edge] - 1)
        return np.asarray(self.first[edge] + step)


def sample(pieces: Pieces, radius: float) -> Bools:
    """Choose one piece of those that begin in each cube of an eighth of the radius."""
    cube = np.floor(ellipsoid.ecef(*pieces.start.T) / (radius / 8)).astype(np.int64)
    _, first = np.unique(cube, axis=0, return_index=True)
    chosen = np.zeros(len(pieces.start), dtype=bool)
    chosen[first] = True
    return chosen


def grown(pieces: Pieces, curve: Curve, area: BaseGeometry | None, radius: float, tolerance: float) -> BaseGeometry:
    """Return what lies within a radius of the pieces and of the area, or for a negative radius, deeper in the area.

    `curve` is the outline whose pieces they are.
    """
    size = abs(radius)
    chosen = sample(pieces, size)
    region: BaseGeometry = shapely.Polygon() if area is None else area
    new = np.flatnonzero(chosen)
    for _ in range(ROUNDS):
        validation.work(int(chosen.sum()), MAX_CHOSEN, Message("work.buffer_edges"))
        reached = shapely.union_all(rings.capsules(pieces.start[new], pieces.end[new], size, tolerance))
        region = shapely.difference(region, reached) if radius < 0 else shapely.union(region, reached)
        new = _too_near(region, pieces, curve, chosen, size, tolerance)
        if not len(new):
            return region
        chosen[new] = True
    raise Refused("buffer_rim")


def _too_near(
    region: BaseGeometry, pieces: Pieces, curve: Curve, chosen: Bools, radius: float, tolerance: float
) -> Ints:
    """Return pieces not chosen that are nearer to the rim than allowed."""
    start, end = rim(region)
    missing = set[int]()
    for _ in range(HALVINGS):
        if not len(start):
            break
        near = curve.nearest(*np.concatenate([start, end]).T)
        edge = curve.edge[near.piece]
        at = pieces.at(edge, (near.piece - curve.starts[edge] + near.t) / curve.counts[edge])
        first, last = np.split(near.distance, 2)
        low = _least(start, end, first, last, radius, tolerance) < radius - tolerance
        unknown = ~chosen[at].reshape(2, -1)
        missing.update(at.reshape(2, -1)[unknown & low].tolist())
        left = low & ~unknown.any(axis=0)
        middle = (start[left] + end[left]) / 2
        start, end = np.concatenate([start[left], middle]), np.concatenate([middle, end[left]])
    return np.array(sorted(missing), dtype=np.int64)


def _least(start: Floats, end: Floats, first: Floats, last: Floats, radius: float, tolerance: float) -> Floats:
    """Return what the distance is nowhere below on edges of the rim, from the distances at their ends."""
    length = ellipsoid.edge_length(start, end)
    bend = 1 / rings.bulge(radius - tolerance) + ellipsoid.edge_bend(start, end)
    rise = np.divide(last - first, length, out=np.zeros_like(length), where=length > 0)
    # Where the parabola is lowest, as metres from the middle.
    lowest = np.clip(-rise / bend, -length / 2, length / 2)
    parabola = (first + last) / 2 + rise * lowest - bend / 2 * (length / 2 - lowest) * (length / 2 + lowest)
    return np.asarray(np.maximum(parabola, (first + last - length) / 2))


def rim(area: BaseGeometry) -> tuple[Floats, Floats]:
    """Return both ends of all edges, but for those along ±180 where the area goes on beyond, and along the poles."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(area)), return_index=True)
    same = ring[1:] == ring[:-1]
    start, end = xy[:-1][same], xy[1:][same]
    pole = (np.abs(start[:, 1]) == 90) & (start[:, 1] == end[:, 1])
    seam = (np.abs(start[:, 0]) == 180) & (start[:, 0] == end[:, 0])
    ordinary = ~pole & ~seam
    if not seam.any():
        return start[ordinary], end[ordinary]
    # The other side may be cut elsewhere: edges along the seam are divided where any of them ends.
    ends = np.unique(np.concatenate([start[seam, 1], end[seam, 1]]))
    cut = []
    for (lon, first), (_, last) in zip(start[seam], end[seam], strict=True):
        inner = ends[(ends >= min(first, last)) & (ends <= max(first, last))]
        inner = inner if first < last else inner[::-1]
        goes_on = shapely.intersects_xy(area, -lon, (inner[1:] + inner[:-1]) / 2)
        cut += [(lon, a, b) for a, b, on in zip(inner[:-1], inner[1:], goes_on, strict=True) if not on]
    seams = np.array(cut).reshape(-1, 3)
    return np.concatenate([start[ordinary], seams[:, :2]]), np.concatenate([end[ordinary], seams[:, [0, 2]]])
