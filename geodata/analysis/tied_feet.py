"""Where else on a line a place is as near: listed for a single question, a yes or no for each of a batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from geodata.analysis.base import Parameter
from geodata.analysis.display import along
from geodata.analysis.measure import Measured, line_of
from geodata.analysis.reach import FARTHEST, chainage_interval
from geodata.geodesy import Line, ties

TIES = Parameter(
    "ties",
    {"en": "Other feet that are as near", "ar": "المساقط الأخرى المساوية في القرب"},
    "choice",
    default="equal",
    allowed=("equal", "all"),
)
MOST = 20
"""Tied feet that a single answer lists; of more it says how many."""
MOST_ROWS = 2_000
"""Places of a batch that are looked at: about 0.4 ms each."""
BESIDE = 200.0
"""Metres either side of a foot by which its side of the line is told."""


def add(item: dict[str, Any], made: Measured, which: str = "equal") -> None:
    """Add `ties` and `ties_more` to the item of one measurement, and make unclear in it what differs between the feet.

    "all" lists every foot that the place may have within its uncertainty and the line's: local minima up to the
    distance + 2u.
    """
    item.update(tied=False, ties=[], ties_more=0)
    if made.chainage is None or made.start is None or made.distance is None or made.target.parts:
        return
    line = line_of(made.target.shape, made.target.edges)
    reach = 2 * ((made.subject.uncertainty or 0.0) + (made.target.uncertainty or 0.0)) if which == "all" else 0.0
    found = ties.local_minima(line.curve, *made.start, reach)
    first = int(np.argmin(np.abs(found.chainage - made.chainage)))
    others = [index for index in range(len(found)) if index != first]
    equal = [index for index in others if found.distance[index] <= made.distance + ties.EQUAL]
    item["tied"] = bool(equal)
    item["ties"] = [
        {
            "distance_m": float(found.distance[index]),
            "chainage_m": float(found.chainage[index]),
            "chainage_display": _shown(line, made, float(found.distance[index]), float(found.chainage[index])),
            "foot": [float(found.lon[index]), float(found.lat[index])],
            "side": _side(line, *made.start, float(found.chainage[index])),
        }
        for index in others[:MOST]
    ]
    item["ties_more"] = max(0, len(others) - MOST)
    if equal and len({made.side, *(_side(line, *made.start, float(found.chainage[i])) for i in equal[:MOST])}) > 1:
        item["side"] = "unclear"


def of_batch(found: Sequence[Measured | None]) -> list[bool | None]:
    """Tell for each measurement whether another foot on its line is as near.

    None where it is to no line, and for all of a batch of more than MOST_ROWS places, which are not looked at.
    """
    tied: list[bool | None] = [None] * len(found)
    groups: dict[str, list[tuple[int, Measured]]] = defaultdict(list)
    for index, made in enumerate(found):
        if made is not None and made.chainage is not None and made.start is not None and not made.target.parts:
            groups[made.target.id].append((index, made))
    if sum(len(group) for group in groups.values()) > MOST_ROWS:
        return tied
    for group in groups.values():
        target = group[0][1].target
        lon, lat = np.array([made.start for _, made in group], dtype=float).T
        distance = np.array([made.distance for _, made in group], dtype=float)
        answers = ties.tied(line_of(target.shape, target.edges).curve, lon, lat, distance)
        for (index, _), answer in zip(group, answers.tolist(), strict=True):
            tied[index] = answer
    return tied


def _shown(line: Line, made: Measured, distance: float, chainage: float) -> dict[str, str]:
    """Return the kilometre of another foot as it is shown, with the interval it has within the place's radius."""
    radius, own = made.subject.uncertainty, made.target.uncertainty
    if made.start is None or radius is None or own is None or distance > FARTHEST:
        return dict(along(chainage, None))
    low, high = chainage_interval(line, *made.start, radius, distance, chainage)
    return dict(along(chainage, (max(0.0, low - own), min(line.length, high + own))))


def _side(line: Line, lon: float, lat: float, chainage: float) -> str:
    """Return on which side of the line a position lies, as it is seen from one of its feet."""
    start, end = max(0.0, chainage - BESIDE), min(line.length, chainage + BESIDE)
    near = line.slice(start, end).nearest(lon, lat)
    at_end = chainage < 1e-6 or chainage > line.length - 1e-6
    return "unclear" if at_end else str(near.side)
