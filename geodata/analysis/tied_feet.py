"""Where else, on a line or on another target, a place is as near, listed for a single question."""

from __future__ import annotations

from typing import Any

import numpy as np

from geodata.analysis.base import Parameter
from geodata.analysis.linear.chainage_interval import FARTHEST, chainage_interval, kilometres_of
from geodata.analysis.measure import Measured, line_of
from geodata.analysis.number_format import along
from geodata.geodesy import Line, ties
from geodata.geodesy.kernel import EQUAL
from geodata.messages import texts

TIES = Parameter(
    "ties",
    texts("parameter.ties"),
    "choice",
    allowed=("equal", "all"),
    help="of one place: feet that are as near (equal), or every one it may have within its uncertainty (all)",
)
MOST = 20
"""Tied feet that a single answer lists; of more it says how many."""
BESIDE = 200.0
"""Metres either side of a foot by which its side of the line is told."""


def add(item: dict[str, Any], measurement: Measured, which: str | None = None) -> None:
    """Add `ties` and `ties_more` to the item of one measurement, and make unclear in it what differs between the feet.

    "all" lists every foot that the place may have within its uncertainty and the line's: local minima up to the
    distance + 2u.
    """
    rivals = [_rival(rival) for rival in measurement.rivals]
    item.update(tied=bool(rivals), ties=rivals[:MOST], ties_more=max(0, len(rivals) - MOST))
    if (
        measurement.chainage is None
        or measurement.start is None
        or measurement.distance is None
        or measurement.target.parts
    ):
        return
    line = line_of(measurement.target.shape, measurement.target.edges)
    reach = (
        2 * ((measurement.subject.uncertainty or 0.0) + (measurement.target.uncertainty or 0.0))
        if which == "all"
        else 0.0
    )
    minima = ties.local_minima(line.curve, *measurement.start, reach)
    first = int(np.argmin(np.abs(minima.chainage - measurement.chainage)))
    others = [index for index in range(len(minima)) if index != first]
    equal = [index for index in others if minima.distance[index] <= measurement.distance + EQUAL]
    listed = [
        {
            "target": measurement.target.id,
            "distance_m": float(minima.distance[index]),
            "chainage_m": float(minima.chainage[index]),
            "chainage_display": _shown(line, measurement, float(minima.distance[index]), float(minima.chainage[index])),
            "foot": [float(minima.lon[index]), float(minima.lat[index])],
            "side": _side(line, *measurement.start, float(minima.chainage[index])),
        }
        for index in others[:MOST]
    ]
    item["tied"] = bool(equal or rivals)
    item["ties"] = [*listed, *rivals][:MOST]
    item["ties_more"] = max(0, len(others) + len(rivals) - MOST)
    sides = {measurement.side, *(_side(line, *measurement.start, float(minima.chainage[i])) for i in equal[:MOST])}
    item["side"] = measurement.side if len(sides) == 1 and not rivals else "unclear"


def _rival(rival: Measured) -> dict[str, Any]:
    """Return the foot on another target that is as near, as `ties` has it."""
    chainage = None if rival.chainage is None else dict(along(rival.chainage, kilometres_of(rival), rival.beyond_end))
    return {
        "target": rival.target.id,
        "target_name": dict(rival.target.name),
        "distance_m": rival.distance,
        "chainage_m": rival.chainage,
        "chainage_display": chainage,
        "foot": None if rival.foot is None else list(rival.foot),
        "side": rival.side,
    }


def _shown(line: Line, measurement: Measured, distance: float, chainage: float) -> dict[str, str]:
    """Return the kilometre of another foot as it is shown, with the interval it has within the place's radius."""
    radius, own = measurement.subject.uncertainty, measurement.target.uncertainty
    if measurement.start is None or radius is None or own is None or distance > FARTHEST:
        return dict(along(chainage, None))
    low, high = chainage_interval(line, *measurement.start, radius, distance, chainage)
    return dict(along(chainage, (max(0.0, low - own), min(line.length, high + own))))


def _side(line: Line, lon: float, lat: float, chainage: float) -> str:
    """Return on which side of the line a position lies, as it is seen from one of its feet."""
    start, end = max(0.0, chainage - BESIDE), min(line.length, chainage + BESIDE)
    near = line.slice(start, end).nearest(lon, lat)
    at_end = chainage < 1e-6 or chainage > line.length - 1e-6
    return "unclear" if at_end else str(near.side)
