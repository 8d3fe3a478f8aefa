"""Which stretch of a line can be nearest to a place that is known only to a radius: the interval of its chainage.

A position of the line is kept where it can be the nearest one of some position p of the disc round c with radius r:

- p stands square to it, so the foot of c on the piece's own direction lies within r of it (at a vertex: beyond the end
  of one piece, and before the start of the next);
- p is as near to it as to the foot s of c: |c - t|² - |c - s|² ≤ 2 r |t - s|, the half-plane between t and s meeting
  the disc. Both are taken in three dimensions, on the chords, and r is widened by what chords and geodesics differ.

The second puts t within 2 (|c - s| + r) of s, so that only the pieces there are looked at.
Each is necessary, so the hull of what is kept holds the truth; on a straight line it is exact: ± r.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geodata import geodesy
from geodata.analysis.measure import Measured, line_of
from geodata.geodesy import ellipsoid

Floats = NDArray[np.float64]
Span = tuple[float, float]
FARTHEST = 300_000.0
"""Metres from the line up to which the interval is sound."""
SLACK = 1.0
"""Metres: more than a piece of at most 250 m bows away from its chord."""
AROUND = 1000.0
"""Metres: pieces are at most 250 m long, so the outermost that is looked at is never one that counts."""
SKEW = 2e-5
"""Metres a metre: the foot of the nearest chord and of the geodesic differ by 0.4 m at 30 km, 3.9 m at 300 km."""


def chainage_interval(
    line: geodesy.Line, lon: float, lat: float, radius: float, distance: float, chainage: float
) -> Span:
    """Return the least and the greatest chainage that can be nearest to a position within `radius` metres.

    `distance` and `chainage` are those of the position itself. Sound for places up to 300 km from the line.
    """
    if radius <= 0:
        return chainage, chainage
    r = radius + SLACK + SKEW * distance
    centre = ellipsoid.ecef(np.array([lon]), np.array([lat]))[0]
    foot = ellipsoid.ecef(*(np.atleast_1d(part) for part in line.point_at(chainage)))[0]
    pieces, chainages = _near(line, foot, 2 * (distance + r) + AROUND)
    start, direction, inverse = pieces[:, :3], pieces[:, 3:6], pieces[:, 9]
    along = np.einsum("ij,ij->i", centre - start, direction) * inverse
    reach = r * np.sqrt(inverse)
    low, high = np.maximum(0.0, along - reach), np.minimum(1.0, along + reach)
    square = low <= high
    # A corner between two pieces is nearest to what lies beyond the one and before the other.
    beyond, ahead = along + reach >= 1, along - reach <= 0
    corner = np.concatenate([ahead[:1], beyond[:-1] & ahead[1:], beyond[-1:]])
    near = start + np.clip(along, 0.0, 1.0)[:, None] * direction - centre
    least = np.einsum("ij,ij->i", near, near)
    ends = np.concatenate([start, start[-1:] + direction[-1:]]) - foot
    away = np.sqrt(np.einsum("ij,ij->i", ends, ends))
    chord = float(((foot - centre) ** 2).sum())
    possible = least - chord <= 2 * r * np.maximum(away[:-1], away[1:])
    selected = possible & square
    lengths = np.diff(chainages)
    bounds = [
        chainages[:-1][selected] + low[selected] * lengths[selected],
        chainages[:-1][selected] + high[selected] * lengths[selected],
    ]
    touched = np.concatenate([possible[:1], possible[:-1] | possible[1:], possible[-1:]])
    bounds.append(chainages[corner & touched])
    hull = np.concatenate([*bounds, [chainage]])
    return float(hull.min()), float(hull.max())


def kilometres_of(measurement: Measured) -> Span | None:
    """Return the interval of a measurement's chainage, widened by how well the line itself is known; metres.

    None without a chainage, where the uncertainty of either is not known, and for a place farther away than is sound.
    """
    subject, target = measurement.subject, measurement.target
    if measurement.chainage is None or measurement.start is None or not subject.is_point:
        return None
    if subject.uncertainty is None or target.uncertainty is None or (measurement.distance or 0.0) > FARTHEST:
        return None
    line = line_of(target.shape, target.edges)
    low, high = chainage_interval(
        line, *measurement.start, subject.uncertainty, measurement.distance or 0.0, measurement.chainage
    )
    return max(0.0, low - target.uncertainty), min(line.length, high + target.uncertainty)


def _near(line: geodesy.Line, foot: Floats, reach: float) -> tuple[Floats, Floats]:
    """Return the run of the line's pieces that holds all those that begin within `reach` of a position, one more
    either side, and the chainages of their ends."""
    away = line.curve.pieces[:, :3] - foot
    close = np.flatnonzero(np.einsum("ij,ij->i", away, away) <= reach * reach)
    first, last = max(0, int(close[0]) - 1), int(close[-1]) + 2
    return line.curve.pieces[first:last], line.curve.chainages[first : last + 1]
