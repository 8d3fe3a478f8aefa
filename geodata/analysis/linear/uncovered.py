"""Which stretches of a line lie beyond every reach of some geometries: found with a guarantee, not by sampling.

Along a line, the distance to anything changes by at most a metre a metre. So between two places h metres apart, where
F = distance - reach is known at both ends, F lies within ((F1 + F2) ± h) / 2: a stretch is decided where that bound
keeps its sign, and halved where it does not, down to `FINE` metres. No covered stretch longer than that is missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata import geodesy
from geodata.errors import Refused

Floats = NDArray[np.float64]
Stretch = tuple[float, float]

COARSE = 1000.0
FINE = 5.0
"""Metres: what may be missed, and what an end may be off where the distance only just touches the reach."""
PRECISION = 10.0
"""Metres along the line that every end is good to."""
MAX_PLACES = 1_000_000
"""The most places of the line that are looked at in one round."""


@dataclass(frozen=True)
class Reach:
    """A geometry prepared for measuring, and the metres round it that count as covered."""

    target: geodesy.Target
    radius: float


def beyond(line: geodesy.Line, reaches: Sequence[Reach]) -> list[Stretch]:
    """Return the stretches of a line, in metres from its start, that no reach covers; all of it where there is none."""
    reaches = [reach for reach in reaches if reach.radius >= 0]
    if not reaches:
        return [(0.0, line.length)]
    nodes = np.linspace(0.0, line.length, max(1, int(np.ceil(line.length / COARSE))) + 1)
    over = _over(line, reaches, nodes)
    start, end, first, last = nodes[:-1], nodes[1:], over[:-1], over[1:]
    uncovered: list[Floats] = []
    while len(start):
        if len(start) > MAX_PLACES:
            raise Refused("places_at_distance", most=MAX_PLACES)
        half = (end - start) / 2
        middle = (first + last) / 2
        free = middle - half > 0
        fine = end - start <= FINE
        uncovered.append(np.column_stack([start[free], end[free]]))
        uncovered.append(_ends(*(part[fine & ~free] for part in (start, end, first, last))))
        left = ~free & ~fine & (middle + half > 0)
        start, end, first, last = (part[left] for part in (start, end, first, last))
        at = (start + end) / 2
        between = _over(line, reaches, at) if len(at) else at
        start, end = np.concatenate([start, at]), np.concatenate([at, end])
        first, last = np.concatenate([first, between]), np.concatenate([between, last])
    return _merged(np.concatenate(uncovered))


def _over(line: geodesy.Line, reaches: Sequence[Reach], chainages: Floats) -> Floats:
    """Return by how many metres places of the line lie beyond the nearest reach; negative inside."""
    lon, lat = line.point_at(chainages)
    over = np.full(len(chainages), np.inf)
    for reach in reaches:
        over = np.minimum(over, np.asarray(reach.target.nearest(lon, lat).distance) - reach.radius)
    return over


def _ends(start: Floats, end: Floats, first: Floats, last: Floats) -> Floats:
    """Return the parts beyond reach of stretches too short to halve: cut where the interpolated distance crosses."""
    beyond_both = (first > 0) & (last > 0)
    leaving, entering = (first <= 0) & (last > 0), (first > 0) & (last <= 0)
    rise = np.where(first == last, 1.0, last - first)
    cross = start - first / rise * (end - start)
    return np.concatenate(
        [
            np.column_stack([start[beyond_both], end[beyond_both]]),
            np.column_stack([cross[leaving], end[leaving]]),
            np.column_stack([start[entering], cross[entering]]),
        ]
    )


def _merged(pieces: Floats) -> list[Stretch]:
    merged: list[Stretch] = []
    for start, end in pieces[np.argsort(pieces[:, 0])].tolist():
        if merged and start <= merged[-1][1] + 1e-6:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif end > start:
            merged.append((start, end))
    return merged


def inside(length: float, stretches: Sequence[Stretch]) -> list[Stretch]:
    """Return the rest of a line: what the stretches leave of it."""
    edges = [0.0, *(edge for stretch in stretches for edge in stretch), length]
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end - start > 1e-6]
