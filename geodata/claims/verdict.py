"""When a measurement agrees with a report: the written rules, apart from any data (docs/accuracy.md).

A reported number stands for the interval of its last significant digit: 10 km is 5–15, 160 is 155–165. Apart from
what was measured: disagrees. Meeting it, and the measured half-width at most half the figure: agrees. Else it cannot
be told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from geodata.errors import BadValue
from geodata.model import Interval

Verdict = Literal["agrees", "disagrees", "cannot_tell"]


def reported_interval(value: float) -> Interval:
    """Return the interval that a reported figure stands for.

    >>> reported_interval(160)
    Interval(low=155.0, high=165.0)
    """
    if not math.isfinite(value) or value == 0:
        raise BadValue("reported", value, "finite_not_zero")
    step = 10.0 ** int(Decimal(f"{value:.12g}").normalize().as_tuple().exponent)
    return Interval(value - step / 2, value + step / 2)


def quantity(reported: Interval, figure: float, measured: Interval) -> Verdict:
    """Judge a reported figure by one measured interval, both in the same unit."""
    if not reported.meets(measured):
        return "disagrees"
    return "agrees" if measured.half_width <= abs(figure) / 2 else "cannot_tell"


def every(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict all share; cannot_tell where they differ or there is none.

    "Disagrees" needs every candidate place and every boundary line held to disagree.
    """
    found = set(verdicts)
    return found.pop() if len(found) == 1 else "cannot_tell"


def statements(reported: Interval, stated: Iterable[Interval], *, closed: bool = False) -> Verdict:
    """Judge a report by what others stated: agrees or disagrees only where all of them do.

    A statement agrees where it would be rounded to the reported figure: 3.5 is rounded to 4, not to 3. What a number
    word spans is `closed`: its upper end belongs to it.
    """
    return every(
        "agrees" if reported.meets(one) and (closed or one.low < reported.high) else "disagrees" for one in stated
    )
