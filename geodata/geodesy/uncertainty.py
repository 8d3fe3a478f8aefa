"""Distances with how well they are known: intervals, and the three answers to "within X"."""

from __future__ import annotations

from typing import Any

import numpy as np

from geodata.errors import BadValue
from geodata.geodesy.validation import not_negative, together

WITHIN = np.array(["certainly", "possibly", "no", "unknown"])
"""The answers to "within X", by the code that `classify` gives them."""


def interval(distance: Any, u_a: Any, u_b: Any) -> tuple[Any, Any]:
    """Return the least and the greatest distance in metres between places known to within `u_a` and `u_b` metres.

    Each radius is that of the smallest circle that holds the whole place (Darwin Core), so the bounds are sure, not
    probable: max(0, d - uA - uB) and d + uA + uB. NaN gives NaN. Raises BadValue for a negative number.

    >>> interval(49_270.0, 1_500, 500)
    (np.float64(47270.0), np.float64(51270.0))
    """
    d, a, b = together(
        distance=not_negative("distance", distance), u_a=not_negative("u_a", u_a), u_b=not_negative("u_b", u_b)
    )
    spread = a + b
    return np.maximum(0.0, d - spread)[()], (d + spread)[()]


def classify(low: Any, high: Any, radius: Any, placeholder: Any = False, distance: Any = np.nan) -> Any:
    """Return whether what lies [low, high] metres away lies within `radius` metres: the one rule, scalars or arrays.

    "certainly" where the whole interval does and nothing is a placeholder, "possibly" where a part does, else "no".
    Where an end is NaN, that is, nobody stated an uncertainty: "possibly" where the stated position, `distance` metres
    away, lies within the radius, else "unknown": it may lie within or not.
    NaN as the radius gives "no". Raises BadValue for a negative number, and for `low` above `high`.

    >>> str(classify(47_270.0, 51_270.0, 50_000))
    'possibly'
    """
    least, most, limit, stated, vague = together(
        low=not_negative("low", low),
        high=not_negative("high", high),
        radius=not_negative("radius", radius),
        distance=not_negative("distance", distance),
        placeholder=np.asarray(placeholder, dtype=float),
    )
    wrong = least > most
    if wrong.any():
        raise BadValue("low", float(least[wrong].flat[0]), "metres_at_most_high", high=float(most[wrong].flat[0]))
    open_ = np.isnan(least) | np.isnan(most)
    conditions = [open_ & (stated <= limit), open_, (most <= limit) & (vague == 0), least <= limit]
    return np.asarray(WITHIN[np.select(conditions, [1, 3, 0, 1], 2)])[()]


def nearest_of(low: Any, high: Any) -> tuple[float, float]:
    """Return the interval of the distance to the nearest of several places, all of which are true.

    `low` and `high` (n, metres) are the ends for each place. The nearest is no farther than any of them certainly is.

    >>> nearest_of([0.0, 1_200.0], [500_000.0, 9_200.0])
    (0.0, 9200.0)
    """
    return float(np.min(not_negative("low", low))), float(np.min(not_negative("high", high)))


def either_of(low: Any, high: Any) -> tuple[float, float]:
    """Return the interval of the distance to one place that may be any of several candidates; as `nearest_of`.

    >>> either_of([43_000.0, 47_270.0], [50_000.0, 58_000.0])
    (43000.0, 58000.0)
    """
    return float(np.min(not_negative("low", low))), float(np.max(not_negative("high", high)))
