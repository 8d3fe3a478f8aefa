"""Where a position lies along a Hilbert curve over longitudes and latitudes: what is near lies near in a file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BITS = 16
"""Cells a side: 2^16, about 600 m of longitude at the equator."""
LAST = np.uint32(0xFFFF_FFFF)

Floats = NDArray[np.float64]


def keys(lon: Floats, lat: Floats) -> NDArray[np.uint32]:
    """Return the place of positions (n, degrees) along the curve; NaN lies last.

    The turning of quadrants is that of J. Skilling, "Programming the Hilbert curve", AIP Conf. Proc. 707 (2004).
    """
    located = ~(np.isnan(lon) | np.isnan(lat))
    most = (1 << BITS) - 1
    x, y = (
        np.clip(np.where(located, (values + half) / (2 * half), 0.0) * most, 0, most).astype(np.uint32)
        for values, half in ((lon, 180.0), (lat, 90.0))
    )
    key = np.zeros(len(lon), dtype=np.uint32)
    for bit in range(BITS - 1, -1, -1):
        side = np.uint32(1 << bit)
        right, up = (x & side) > 0, (y & side) > 0
        key = (key << np.uint32(2)) | ((3 * right.astype(np.uint32)) ^ up.astype(np.uint32))
        turned = ~up
        mirrored = turned & right
        x, y = np.where(mirrored, most - x, x).astype(np.uint32), np.where(mirrored, most - y, y).astype(np.uint32)
        x, y = np.where(turned, y, x), np.where(turned, x, y)
    return np.where(located, key, LAST)
