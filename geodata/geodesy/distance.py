"""Between two geometries, or many pairs of points: how far, and from where to where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.errors import BadValue
from geodata.geodesy import ellipsoid, validation
from geodata.geodesy.ecef_inverse import CHORD
from geodata.geodesy.ellipsoid import Floats
from geodata.geodesy.jit import arcs_for
from geodata.geodesy.segments import Curve
from geodata.geodesy.target import Target, drawn
from geodata.messages import Message

GAP = 2e-5
"""Metres: stretches that cannot be nearer by more than this are not looked at again."""
MAX_STRETCHES = 200_000
MAX_PAIRS = 50_000_000
ROUNDS = 64


@dataclass(frozen=True)
class Distance:
    """The shortest way between two geometries: metres, both feet (lon, lat), and the azimuth at each to the other.

    Azimuths are in degrees, 0 to 360, and NaN where the geometries touch.
    """

    distance: float
    foot_a: tuple[float, float]
    foot_b: tuple[float, float]

    @property
    def azimuth_a(self) -> float:
        """Degrees at the foot on a towards b."""
        return self._azimuth(self.foot_a, self.foot_b)

    @property
    def azimuth_b(self) -> float:
        """Degrees at the foot on b towards a."""
        return self._azimuth(self.foot_b, self.foot_a)

    def _azimuth(self, start: tuple[float, float], end: tuple[float, float]) -> float:
        if self.distance == 0:
            return float("nan")
        return float(ellipsoid.inverse(*start, *end)[0]) % 360


def distance(
    a: BaseGeometry | Target, b: BaseGeometry | Target, edges_a: str = "lonlat", edges_b: str = "lonlat"
) -> Distance:
    """Measure the shortest geodesic between two geometries; 0 where they touch or one holds the other.

    Takes shapely geometries in degrees, or targets already prepared (whose own edges count then). Within 1e-4 m up to
    300 km. Raises BadValue as `Target` does.

    >>> round(distance(shapely.Point(40.74, 36.5), shapely.Point(41.1, 36.42)).distance)
    33468
    """
    first = a if isinstance(a, Target) else Target(a, edges_a)
    second = b if isinstance(b, Target) else Target(b, edges_b)
    met = _meeting(first, second)
    if met is not None:
        return Distance(0.0, met, met)
    if len(second.curve) < len(first.curve):
        turned = _between(second, first)
        return Distance(turned.distance, turned.foot_b, turned.foot_a)
    return _between(first, second)


def matrix(lon1: Any, lat1: Any, lon2: Any, lat2: Any) -> Floats:
    """Return the geodesic distances in metres (n, m) between n and m positions in degrees; NaN gives NaN.

    Within 1e-6 m up to 500 km and 1e-4 m up to 1,400 km; beyond, Karney's. Raises Refused for more than 50,000,000
    pairs.

    >>> matrix([40.74], [36.5], [41.1, 40.74], [36.42, 36.5]).round().tolist()
    [[33468.0, 0.0]]
    """
    x1, y1 = (np.atleast_1d(part) for part in validation.positions(lon1, lat1))
    x2, y2 = (np.atleast_1d(part) for part in validation.positions(lon2, lat2))
    for x in (x1, x2):
        if x.ndim != 1:
            raise BadValue("lon, lat", f"shape {x.shape}", "numbers_one_dimension")
    validation.work(len(x1) * len(x2), MAX_PAIRS, Message("work.pairs"))
    distances = np.empty((len(x1), len(x2)))
    first, second = (np.ascontiguousarray(ellipsoid.ecef(x, y).T) for x, y in ((x1, y1), (x2, y2)))
    with np.errstate(all="ignore"):
        # Far apart, towards the antipodes, chords say nothing: NaN, or any number.
        arcs_for(distances.size).pairs(*first, *second, distances)
    row, column = np.nonzero(~(distances <= CHORD))
    if len(row):
        distances[row, column] = ellipsoid.inverse(x1[row], y1[row], x2[column], y2[column])[2]
    return distances


def _meeting(first: Target, second: Target) -> tuple[float, float] | None:
    """Return a position both geometries hold; None where there is none."""
    shapes = [drawn(each.geometry, each.edges) for each in (first, second)]
    if shapely.intersects(*shapes):
        lon, lat = shapely.get_coordinates(shapely.intersection(*shapes))[0]
        return float(lon), float(lat)
    for holder, other in ((first, second), (second, first)):
        # ±180 is one meridian: a point on it may lie in a polygon that writes it with the other sign.
        lon, lat = shapely.get_coordinates(other.geometry).T
        edge = np.abs(lon) == 180
        if edge.any() and holder.inside(lon[edge], lat[edge]).any():
            at = int(np.argmax(holder.inside(lon[edge], lat[edge])))
            return float(lon[edge][at]), float(lat[edge][at])
    return None


@dataclass
class _Stretches:
    """Parts of curves, by chainage, with the distances at both ends."""

    start: Floats
    end: Floats
    at_start: Floats
    at_end: Floats

    def least(self) -> Floats:
        """Return what the distance is nowhere below: it changes by no more than a metre a metre."""
        return (self.at_start + self.at_end - (self.end - self.start)) / 2

    def where(self, mask: NDArray[np.bool_]) -> _Stretches:
        return _Stretches(self.start[mask], self.end[mask], self.at_start[mask], self.at_end[mask])

    def halves(self, middle: Floats, at_middle: Floats) -> _Stretches:
        return _Stretches(
            np.concatenate([self.start, middle]),
            np.concatenate([middle, self.end]),
            np.concatenate([self.at_start, at_middle]),
            np.concatenate([at_middle, self.at_end]),
        )


def _between(first: Target, second: Target) -> Distance:
    """Divide the first curve where it may come nearer to the second than the best found, until nothing may."""
    curve, other = first.curve, second.curve
    ends = curve.ends[curve.runs[:, 0], 0], curve.ends[curve.runs[:, 1], 1]
    at_start, at_end = (other.nearest(*part.T).distance for part in ends)
    best = int(np.argmin(at_start))
    least, foot = float(at_start[best]), ends[0][best]
    if at_end.min() < least:
        least, foot = float(at_end.min()), ends[1][int(np.argmin(at_end))]
    chainages = curve.chainages
    left = _Stretches(chainages[curve.runs[:, 0]], chainages[curve.runs[:, 1] + 1], at_start, at_end)
    for _ in range(ROUNDS):
        left = left.where((_bound(curve, left) < least - GAP) & (left.end - left.start > GAP))
        if not 0 < len(left.start) <= MAX_STRETCHES:
            break
        middle = (left.start + left.end) / 2
        lon, lat = curve.position(*curve.at(middle))
        at_middle = other.nearest(lon, lat).distance
        best = int(np.argmin(at_middle))
        if at_middle[best] < least:
            least, foot = float(at_middle[best]), np.array([lon[best], lat[best]])
        left = left.halves(middle, at_middle)
    return _settle(curve, other, foot)


def _bound(curve: Curve, left: _Stretches) -> Floats:
    """Return what the distance to the other is nowhere below on each stretch.

    A distance changes by no more than a metre a metre. Within one edge it also bends by no more than 1/d and the
    edge's own curvature (at most 1.1 tan φ/R for edges straight in longitude and latitude).
    """
    length = left.end - left.start
    least = left.least()
    inside = 1e-3 * length
    edge = [curve.edge[curve.at(at)[0]] for at in (left.start + inside, left.end - inside)]
    bend = 1 / np.maximum(least, 1e-9) + curve.bend
    by_bend = np.minimum(left.at_start, left.at_end) - length * length / 8 * bend
    return np.where(edge[0] == edge[1], np.maximum(least, by_bend), least)


def _settle(curve: Curve, other: Curve, foot: Floats) -> Distance:
    """Let fall perpendiculars to and fro until the feet stay: every step makes the way shorter."""
    on = other.nearest(foot[:1], foot[1:])
    there = other.position(on.piece, on.t)
    here = (foot[:1], foot[1:])
    length = float(on.distance[0])
    for _ in range(8):
        back = curve.nearest(*there)
        if back.distance[0] >= length - 1e-9:
            break
        here = curve.position(back.piece, back.t)
        on = other.nearest(*here)
        there, length = other.position(on.piece, on.t), float(on.distance[0])
    ends = [(float(part[0][0]), float(part[1][0])) for part in (here, there)]
    return Distance(length, ends[0], ends[1])
