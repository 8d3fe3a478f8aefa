"""How a measured number is written for people: no digit beyond its uncertainty.

The rule (docs/accuracy.md): the uncertainty to one significant digit, two where it begins with 1; the value to the
same place; where the uncertainty is as large as the value, the interval instead.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

TYPED_PLACES = 3
"""Decimals of a kilometre shown between points that were typed, whose uncertainty nobody stated: a metre."""

END_PLACES = 1
"""Decimals of the kilometre of a line's end."""


def places(uncertainty: float) -> int:
    """Return the decimals (negative: tens, hundreds) that `uncertainty` supports."""
    exponent = math.floor(math.log10(uncertainty))
    leading = round(uncertainty / 10**exponent, 9)
    return -exponent + (1 if leading < 2 else 0)


def number(value: float, decimals: int) -> str:
    """Write `value` to `decimals` places, which may be negative; never a negative zero."""
    rounded = round(value, decimals) + 0.0
    return f"{rounded:.{max(decimals, 0)}f}"


def quantity(value: float | None, low: float | None, high: float | None, unit: str = "km") -> Mapping[str, str]:
    """Return number and unit as they are shown: "49 ± 2", "0–4", "at least 3".

    The three numbers are in the unit that is shown. A `value` of None stands for a place that is an area; `low` and
    `high` of None for an uncertainty nobody stated, and the value is then marked as about.
    """
    if low is None or high is None:
        return {"number": "?" if value is None else f"≈ {number(value, _coarse(value))}", "unit": unit}
    half = (high - low) / 2
    if value is not None and half < 1e-9:
        return {"number": number(value, TYPED_PLACES), "unit": unit}
    margin = half if value is None else max(high - value, value - low)
    if value is not None and margin < value:
        decimals = places(margin)
        return {"number": f"{number(value, decimals)} ± {number(margin, decimals)}", "unit": unit}
    if half < 1e-9:
        return {"number": number(low, TYPED_PLACES), "unit": unit}
    decimals = places(half)
    step = 10.0**-decimals
    floor = number(math.floor(low / step + 1e-9) * step, decimals)
    return {"number": f"{floor}–{number(math.ceil(high / step - 1e-9) * step, decimals)}", "unit": unit}


def kilometres(distance_m: float | None, low_m: float | None, high_m: float | None) -> Mapping[str, str]:
    """Return a distance given in metres as it is shown, in kilometres."""
    value, low, high = (None if metres is None else metres / 1000 for metres in (distance_m, low_m, high_m))
    return quantity(value, low, high, unit="km")


def degrees(azimuth: float, margin: float) -> Mapping[str, str] | None:
    """Return an azimuth as it is shown: whole degrees and half the angle its uncertainty spans; None from 90°.

    >>> degrees(104.54, 2.3)["number"]
    '105 ± 3'
    """
    half = math.ceil(round(margin, 3))
    if half >= 90:
        return None
    whole = f"{round(azimuth) % 360}"
    return {"number": whole if half == 0 else f"{whole} ± {half}", "unit": "°"}


def upright(figure: str) -> str:
    """Return a figure as it stands among Arabic words: read left to right, value first."""
    return f"\u2066{figure}\u2069"


def _coarse(value: float) -> int:
    return 0 if value >= 10 else 1


def along(chainage_m: float, interval_m: tuple[float, float] | None, at_end: bool = False) -> Mapping[str, str]:
    """Return where along a line something stands, in kilometres: "466 ± 2"; negative before km 0.

    What lies beyond the line's end stands `at_end`, written as the line's length is.
    """
    value = chainage_m / 1000
    if interval_m is None:
        return {"number": f"≈ {number(value, 0)}", "unit": "km"}
    margin = max(chainage_m - interval_m[0], interval_m[1] - chainage_m) / 1000
    if margin < 1e-9:
        return {"number": number(value, END_PLACES if at_end else TYPED_PLACES), "unit": "km"}
    decimals = places(margin)
    return {"number": f"{number(value, decimals)} ± {number(margin, decimals)}", "unit": "km"}
