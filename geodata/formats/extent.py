"""The edge of the world, and coordinates that pass it by no more than rounding put on it."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

LIMITS = np.array([180.0, 90.0])
"""Longitude and latitude are at most this, either way."""
ROUNDING = 5e-8
"""Degrees by which a coordinate may pass that: 5 mm, what is lost when seven decimals are written."""


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


def _clip(xyz: NDArray[np.float64]) -> NDArray[np.float64]:
    xy = xyz[:, :2]
    xyz[:, :2] = np.where(np.abs(xy) <= LIMITS + ROUNDING, np.clip(xy, -LIMITS, LIMITS), xy)
    return xyz
