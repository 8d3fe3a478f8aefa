"""The edge of the world, and coordinates that pass it by no more than rounding put on it."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray

LIMITS = np.array([180.0, 90.0])
"""Longitude and latitude are at most this, either way."""
ROUNDING = 1e-7
"""Degrees by which a coordinate may pass that: 1 cm, the last of the seven decimals that are written."""


def clipped(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return shapes (n) in degrees, coordinates beyond the limits by at most ROUNDING put on them."""
    box = np.abs(shapely.bounds(shapes).reshape(-1, 2, 2)).max(axis=1)
    beyond = ((box > LIMITS) & (box <= LIMITS + ROUNDING)).any(axis=1)
    edged = shapes.copy()
    for heights in (False, True):
        rows = beyond & (shapely.has_z(shapes) == heights)
        if rows.any():
            edged[rows] = shapely.transform(shapes[rows], _clip, include_z=heights)
    return edged


def rounded(lon: float, lat: float) -> tuple[float, float]:
    """Return a position in degrees, put on the limits where it passes them by at most ROUNDING, else unchanged."""
    east, north = (
        math.copysign(limit, value) if limit < abs(value) <= limit + ROUNDING else value
        for value, limit in ((lon, 180.0), (lat, 90.0))
    )
    return east, north


def checked(place: tuple[float, ...]) -> tuple[float, ...]:
    """Return longitude, latitude and what follows them, put on the limits where they pass them by rounding.

    Raises ValueError for what is not finite or not on the earth.
    """
    if len(place) >= 2 and all(map(math.isfinite, place)):
        lon, lat = rounded(place[0], place[1])
        if abs(lon) <= 180 and abs(lat) <= 90:
            return (lon, lat, *place[2:])
    numbers = ", ".join(map(repr, place))
    raise ValueError(f"longitude {numbers}: longitude within ±180, then latitude within ±90")


def _clip(xyz: NDArray[np.float64]) -> NDArray[np.float64]:
    xy = xyz[:, :2]
    xyz[:, :2] = np.where(np.abs(xy) <= LIMITS + ROUNDING, np.clip(xy, -LIMITS, LIMITS), xy)
    return xyz
