"""The truth, slow and obviously right: Karney's geodesics to every edge, the minimum found by golden sections.

Shares nothing with the library: an edge is followed by its definition, every minimum along it is bracketed by samples.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
GOLDEN = (np.sqrt(5) - 1) / 2
SAMPLES = 9


@dataclass(frozen=True)
class Truth:
    """Distances in metres, feet in degrees, the edges they lie on, the share of the edge, and metres along the line."""

    distance: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    edge: np.ndarray
    share: np.ndarray


def along(start: np.ndarray, end: np.ndarray, share: np.ndarray, edges: str) -> tuple[np.ndarray, np.ndarray]:
    """Return positions at shares of edges."""
    if edges == "lonlat":
        return start[..., 0] + share * (end - start)[..., 0], start[..., 1] + share * (end - start)[..., 1]
    azimuth, _, length = GEOD.inv(start[..., 0], start[..., 1], end[..., 0], end[..., 1])
    lon, lat, _ = GEOD.fwd(start[..., 0], start[..., 1], azimuth, length * share)
    return np.asarray(lon), np.asarray(lat)


def nearest(path: np.ndarray, lon: float, lat: float, edges: str = "lonlat") -> tuple[float, float, float, int, float]:
    """Return distance, foot, edge and share of the edge for one position."""
    start, end = path[:-1], path[1:]
    shares = np.linspace(0, 1, SAMPLES)
    first, last = (np.repeat(part, SAMPLES, axis=0) for part in (start, end))
    every = np.tile(shares, len(start))
    x, y = along(first, last, every, edges)
    distance = measured(x, y, lon, lat).reshape(-1, SAMPLES)
    length = GEOD.inv(*start.T, *end.T)[2]
    # A distance changes by no more than a metre a metre; edges of unusual bow get twice their length.
    could = np.flatnonzero(distance.min(axis=1) - 2 * length / SAMPLES <= distance.min())
    low = np.maximum(distance[could].argmin(axis=1) - 1, 0) / (SAMPLES - 1)
    high = np.minimum(distance[could].argmin(axis=1) + 1, SAMPLES - 1) / (SAMPLES - 1)
    for _ in range(60):
        a, b = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        at_a, at_b = (measured(*along(start[could], end[could], part, edges), lon, lat) for part in (a, b))
        low, high = np.where(at_a < at_b, low, a), np.where(at_a < at_b, b, high)
    found = [measured(*along(start[could], end[could], part, edges), lon, lat) for part in (low, high)]
    best = min(range(len(could)), key=lambda i: min(found[0][i], found[1][i]))
    share = float(low[best] if found[0][best] <= found[1][best] else high[best])
    edge = int(could[best])
    share = upright(path[edge], path[edge + 1], share, lon, lat, edges)
    foot = along(start[edge], end[edge], np.float64(share), edges)
    return float(min(found[0][best], found[1][best])), float(foot[0]), float(foot[1]), edge, share


def upright(start: np.ndarray, end: np.ndarray, share: float, lon: float, lat: float, edges: str) -> float:
    """Return the share where the way to a position stands upright on the edge, by bisection.

    Near its minimum a distance is too flat to tell the foot to better than √(2·1e-9·d): 1.4 cm at 100 km.
    """
    length = GEOD.inv(*start, *end)[2]
    if length == 0:
        return share
    step = min(0.25, 2 / length)
    low, high = max(0.0, share - 5 / length), min(1.0, share + 5 / length)

    def ahead(at: float) -> bool:
        ends = [along(start, end, np.float64(at + sign * step), edges) for sign in (-1, 1)]
        tangent = GEOD.inv(*ends[0], *ends[1])
        here = along(start, end, np.float64(at), edges)
        middle = GEOD.fwd(*ends[0], tangent[0], tangent[2] / 2)
        turn = GEOD.inv(*middle[:2], *ends[1])[0]
        return bool(np.cos(np.radians(GEOD.inv(*here, lon, lat)[0] - turn)) > 0)

    if not (ahead(low) and not ahead(high)):
        return share
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if ahead(middle) else (low, middle)
    return low


def measured(x: np.ndarray, y: np.ndarray, lon: float, lat: float) -> np.ndarray:
    """Return the geodesic distances of positions to one position."""
    x, y = np.broadcast_arrays(x, y)
    return np.asarray(GEOD.inv(x, y, np.full(x.shape, lon), np.full(x.shape, lat))[2])


def nearest_all(path: np.ndarray, lon: np.ndarray, lat: np.ndarray, edges: str = "lonlat") -> Truth:
    """Return the truth for many positions."""
    rows = [nearest(path, float(x), float(y), edges) for x, y in zip(lon, lat, strict=True)]
    distance, x, y, edge, share = (np.array(column) for column in zip(*rows, strict=True))
    return Truth(distance, x, y, edge, share)


def length(path: np.ndarray, edges: str = "lonlat", parts: int = 2000) -> float:
    """Return the length of a line as the sum of many short chords along each edge."""
    if edges == "geodesic":
        return float(GEOD.inv(*path[:-1].T, *path[1:].T)[2].sum())
    total = 0.0
    for start, end in itertools.pairwise(path):
        x, y = along(start, end, np.linspace(0, 1, parts + 1), edges)
        total += float(GEOD.inv(x[:-1], y[:-1], x[1:], y[1:])[2].sum())
    return total


def chainage(path: np.ndarray, edge: int, share: float, edges: str = "lonlat", parts: int = 2000) -> float:
    """Return metres from the start of the line to a share of an edge."""
    end = np.column_stack(along(path[edge], path[edge + 1], np.array([share]), edges))
    whole = length(path[: edge + 1], edges, parts) if edge else 0.0
    return whole + length(np.concatenate([path[edge : edge + 1], end]), edges, parts)
