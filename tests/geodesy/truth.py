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
AT_ONCE = 1_000_000
"""Samples whose distances are measured at once, at most about so many."""


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
    from_lon, from_lat, azimuth, ahead = (
        np.array(part) for part in np.broadcast_arrays(start[..., 0], start[..., 1], azimuth, length * share)
    )
    lon, lat, _ = GEOD.fwd(from_lon, from_lat, azimuth, ahead)
    return np.asarray(lon), np.asarray(lat)


def nearest(path: np.ndarray, lon: float, lat: float, edges: str = "lonlat") -> tuple[float, float, float, int, float]:
    """Return distance, foot, edge and share of the edge for one position."""
    true = nearest_all(path, np.array([lon], dtype=float), np.array([lat], dtype=float), edges)
    return float(true.distance[0]), float(true.lon[0]), float(true.lat[0]), int(true.edge[0]), float(true.share[0])


def nearest_all(path: np.ndarray, lon: np.ndarray, lat: np.ndarray, edges: str = "lonlat") -> Truth:
    """Return the truth for many positions."""
    start, end = path[:-1], path[1:]
    x, y = along(start[:, None], end[:, None], np.linspace(0, 1, SAMPLES), edges)
    length = GEOD.inv(*start.T, *end.T)[2]
    parts = []
    for at in np.array_split(np.arange(len(lon)), max(1, len(lon) * x.size // AT_ONCE)):
        away = measured(x, y, lon[at, None, None], lat[at, None, None])
        # A distance changes by no more than a metre a metre; edges of unusual bow get twice their length.
        least = away.min(axis=(1, 2))
        row, edge = np.nonzero(away.min(axis=2) - 2 * length / SAMPLES <= least[:, None])
        parts.append((at[row], edge, away[row, edge].argmin(axis=1)))
    row, edge, sample = (np.concatenate(part) for part in zip(*parts, strict=True))
    distance, share = golden(start[edge], end[edge], sample, lon[row], lat[row], edges)
    # Of each position the edge that is nearest, of several the first.
    order = np.lexsort((edge, distance, row))
    best = order[np.searchsorted(row[order], np.arange(len(lon)))]
    distance, edge = distance[best], edge[best]
    share = upright(start[edge], end[edge], share[best], lon, lat, edges)
    return Truth(distance, *along(start[edge], end[edge], share, edges), edge, share)


def golden(
    start: np.ndarray, end: np.ndarray, sample: np.ndarray, lon: np.ndarray, lat: np.ndarray, edges: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the least distance of each position to its edge and the share of it, beside the nearest sample."""
    low = np.maximum(sample - 1, 0) / (SAMPLES - 1)
    high = np.minimum(sample + 1, SAMPLES - 1) / (SAMPLES - 1)
    for _ in range(60):
        a, b = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        at_a, at_b = (measured(*along(start, end, part, edges), lon, lat) for part in (a, b))
        low, high = np.where(at_a < at_b, low, a), np.where(at_a < at_b, b, high)
    at_low, at_high = (measured(*along(start, end, part, edges), lon, lat) for part in (low, high))
    return np.minimum(at_low, at_high), np.where(at_low <= at_high, low, high)


def upright(
    start: np.ndarray, end: np.ndarray, share: np.ndarray, lon: np.ndarray, lat: np.ndarray, edges: str
) -> np.ndarray:
    """Return the shares where the way to a position stands upright on its edge, by bisection.

    Near its minimum a distance is too flat to tell the foot to better than √(2·1e-9·d): 1.4 cm at 100 km.
    """
    length = GEOD.inv(*start.T, *end.T)[2]
    length = np.where(length == 0, np.nan, length)
    step = np.minimum(0.25, 2 / length)
    low, high = np.maximum(0.0, share - 5 / length), np.minimum(1.0, share + 5 / length)

    def ahead(at: np.ndarray) -> np.ndarray:
        ends = [along(start, end, at + sign * step, edges) for sign in (-1, 1)]
        tangent = GEOD.inv(*ends[0], *ends[1])
        here = along(start, end, at, edges)
        middle = GEOD.fwd(*ends[0], tangent[0], tangent[2] / 2)
        turn = GEOD.inv(*middle[:2], *ends[1])[0]
        return np.asarray(np.cos(np.radians(GEOD.inv(*here, lon, lat)[0] - turn)) > 0)

    # An edge without a length, or a foot at an end, stays as it is.
    crossed = ahead(low) & ~ahead(high)
    for _ in range(50):
        middle = (low + high) / 2
        before = ahead(middle)
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    return np.where(crossed, low, share)


def measured(x: np.ndarray, y: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Return the geodesic distances of positions to others."""
    return np.asarray(GEOD.inv(*(np.array(part) for part in np.broadcast_arrays(x, y, lon, lat)))[2])


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
