"""The interpreted kernel, asked directly, and lines small enough to ask all of their pieces."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Any

import numpy as np

from geodata.geodesy import kernel
from geodata.geodesy.segments import Curve, NearestPieces
from tests.geodesy.conftest import LINES

CURVES = {
    "wandering": ([LINES["wandering"][:8]], "lonlat"),
    "apart": (
        [np.array([[39.0, 32.0], [39.06, 32.02], [39.05, 32.0]]), np.array([[39.08, 32.0], [39.09, 32.03]])],
        "geodesic",
    ),
    "spike": ([np.array([[41.0, 35.0], [41.06, 35.0], [41.0, 35.001]])], "lonlat"),
    "closed": ([np.array([[41.0, 35.0], [41.04, 35.0], [41.04, 35.04], [41.0, 35.04], [41.0, 35.0]])], "lonlat"),
    "zigzag": ([np.column_stack([41 + 0.01 * (np.arange(12) % 2), 35 + 0.01 * np.arange(12)])], "geodesic"),
    "points": ([np.array([[41.0, 35.0]]), np.array([[41.2, 35.1]]), np.array([[40.9, 35.3]])], "lonlat"),
    "short": ([np.array([[41.0, 35.0], [41.001, 35.0005]])], "lonlat"),
}
FIELDS = [each.name for each in fields(NearestPieces)]


@cache
def curve(name: str) -> Curve:
    paths, edges = CURVES[name]
    return Curve(paths, edges)


def ask(
    of: Curve, lon: Any, lat: Any, group: int, keys: Any = None, mask: int = -1, feet: bool = True
) -> NearestPieces:
    """Ask the interpreted kernel, in groups, in the order of the keys."""
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    answers = NearestPieces.of(len(x), feet)
    # What is not written shows.
    for part in answers.arrays:
        part[:] = 77
    order = np.arange(len(x)) if keys is None else keys
    kernel.nearest(x, y, order, mask, group, of.arrays(True), feet, answers.arrays)
    return answers
