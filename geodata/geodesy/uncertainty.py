"""Distances with how well they are known: intervals, and the three answers to "within X"."""

from __future__ import annotations

from typing import Any

import numpy as np

from geodata.errors import BadValue
from geodata.geodesy.checks import not_negative, together


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


def classify(low: Any, high: Any, radius: Any) -> Any:
    """Return "certainly" where all of [low, high] lies within `radius` metres, "possibly" where a part, else "no".

    NaN in the interval or as the radius gives "no". Raises BadValue for a negative number, and for `low` above `high`.

    >>> str(classify(47_270.0, 51_270.0, 50_000))
    'possibly'
    """
    least, most, limit = together(
        low=not_negative("low", low), high=not_negative("high", high), radius=not_negative("radius", radius)
    )
    wrong = least > most
    if wrong.any():
        raise BadValue("low", float(least[wrong].flat[0]), f"metres, at most high ({float(most[wrong].flat[0])})")
    known = ~(np.isnan(least) | np.isnan(most))
    answers = np.where(most <= limit, "certainly", np.where(least <= limit, "possibly", "no"))
    return np.where(known, answers, "no")[()]
