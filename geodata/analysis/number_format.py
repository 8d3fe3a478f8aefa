"""How a measured number is written for people: what is shown contains what was computed.

The rule (docs/accuracy.md), in whole numbers of the last stored digit, so that no rounding of floats takes part:

- "v ± m": v is the value rounded half up to the place of m, and m the smallest of 10 … 19, 20, 30 … 90 times a power
  of ten with v - m ≤ low and v + m ≥ high;
- the range instead where there is no value, low is 0, m ≥ v, or the value lies so far from the middle that the larger
  of value - low and high - value is more than 1.25 × the half-width; its ends go outward at two digits of the width;
- the bare number where the interval is narrower than its last digit says (0.001 km), and within half of that digit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from geodata.model import METRE_DIGITS, OTHER_DIGITS, outward

BARE: Mapping[str, float] = {"km": 0.001, "°": 0.1, "%": 1.0, "km2": 0.001}
"""The last digit of a bare number, by its unit: an interval narrower than this may be written without a margin.

What has another unit is counted (persons, attacks): whole numbers, never rounded."""

ABOUT = "≈ "
"""Before a number whose uncertainty nobody stated."""

_EXACT = 2.0**50
_POWERS: tuple[int, ...] = tuple(10**digits for digits in range(OTHER_DIGITS + 1))
_FINER = 100
"""Parts of a stored digit that the arithmetic counts in, so that the least margin still has two digits."""


def quantity(
    value: float | None, low: float | None, high: float | None, unit: str = "km", *, is_length: bool = True
) -> Mapping[str, str]:
    """Return number and unit as they are shown: "49 ± 3", "0–4.3", "≈ 49".

    Parameters
    ----------
    value : float or None
        In the unit that is shown; None for a place that is an area.
    low, high : float or None
        The ends of the interval; None where nobody stated an uncertainty: the value is then marked as about.
    is_length : bool
        Whether the quantity is never negative; a kilometre of a line may be.
    """
    if low is None or high is None:
        return {"number": "?" if value is None else ABOUT + _about(value), "unit": unit}
    if unit not in BARE:
        return {"number": count(low) if low == high else f"{count(low)}–{count(high)}", "unit": unit}
    middle = None if value is None else _stored(value, OTHER_DIGITS)
    least, most = (_scaled(end, OTHER_DIGITS) for end in outward(low, high, OTHER_DIGITS))
    return {"number": _written(middle, least, most, OTHER_DIGITS, _bare(unit, OTHER_DIGITS), is_length), "unit": unit}


def kilometres(
    distance_m: float | None, low_m: float | None, high_m: float | None, *, is_length: bool = True
) -> Mapping[str, str]:
    """Return metres as they are shown, in kilometres, from the values that the JSON answer holds."""
    if low_m is None or high_m is None:
        return quantity(None if distance_m is None else distance_m / 1000, None, None)
    low_m, high_m = outward(low_m, high_m, METRE_DIGITS)
    value = None if distance_m is None else _stored(distance_m, METRE_DIGITS)
    digits = METRE_DIGITS + 3
    low, high = _scaled(low_m, METRE_DIGITS), _scaled(high_m, METRE_DIGITS)
    return {"number": _written(value, low, high, digits, _bare("km", digits), is_length), "unit": "km"}


def span(low_m: float | None, high_m: float | None) -> Mapping[str, str] | None:
    """Return an interval in metres as a range in kilometres; None where it is narrower than a bare number says."""
    if low_m is None or high_m is None or high_m - low_m < BARE["km"] * 1000:
        return None
    return kilometres(None, low_m, high_m)


def along(chainage_m: float, interval_m: tuple[float, float] | None, at_end: bool = False) -> Mapping[str, str]:
    """Return where along a line something stands, in kilometres: "466 ± 2"; negative before km 0.

    What lies beyond the line's end stands `at_end`, written as the line's length is.
    """
    if interval_m is None:
        return {"number": f"{ABOUT}{_rounded(chainage_m / 1000, 0)}", "unit": "km"}
    if at_end and interval_m[0] == interval_m[1]:
        return length(chainage_m)
    return kilometres(chainage_m, *interval_m, is_length=False)


def length(metres: float) -> Mapping[str, str]:
    """Return the length of a line as it is drawn, to 0.1 km: how long it is on the ground nobody stated."""
    return {"number": _rounded(metres / 1000, 1), "unit": "km"}


def degrees(azimuth: float, margin: float | None) -> Mapping[str, str] | None:
    """Return an azimuth with half the angle that its uncertainty spans; None from 90°, where it means nothing.

    Where nobody stated an uncertainty, `margin` is None and the azimuth is a round one.

    >>> degrees(104.54, 2.3)["number"]
    '105 ± 3'
    """
    if margin is None:
        return {"number": f"{ABOUT}{_rounded(azimuth, 0)}", "unit": "°"}
    if not math.isfinite(margin):
        return None
    value = _stored(azimuth, OTHER_DIGITS)
    low, high = (_scaled(end, OTHER_DIGITS) for end in outward(azimuth - margin, azimuth + margin, OTHER_DIGITS))
    bare = _bare("°", OTHER_DIGITS)
    shown, m, place = _bare_number(value, low, high, bare) or _margin(value, min(low, value), max(high, value))
    turn = 360 * 10**OTHER_DIGITS * _FINER
    if m is not None and 4 * m >= turn:
        return None
    number = _text(shown % turn, place, OTHER_DIGITS)
    return {"number": number if m is None else f"{number} ± {_text(m, place, OTHER_DIGITS)}", "unit": "°"}


def sector(low: float, high: float) -> str:
    """Return the sector between two azimuths, as a word of direction spans it: "338–112", "0–90" (degrees).

    Ends that are no whole degrees go outward.
    """
    return f"{math.floor(round(low, 9)) % 360}–{math.ceil(round(high, 9)) % 360}"


def radius(metres: float) -> Mapping[str, str]:
    """Return a radius of uncertainty alone, in kilometres, rounded up to two digits.

    >>> radius(70.7107)["number"]
    '0.071'
    """
    number = _scaled(outward(metres, metres, METRE_DIGITS)[1], METRE_DIGITS)
    place = 10 ** max(0, len(str(number)) - 2)
    return {"number": _plain(-(-number // place) * place, METRE_DIGITS + 3), "unit": "km"}


def area(square_metres: float, perimeter: float, tolerance: float) -> Mapping[str, str]:
    """Return the area of a ring in square kilometres, its rim good to `tolerance` metres all along `perimeter`."""
    spread = perimeter * tolerance
    value, low, high = (
        part / 1e6 for part in (square_metres, max(0.0, square_metres - spread), square_metres + spread)
    )
    return quantity(value, low, high, unit="km2")


def percent(share: float | None, low: float, high: float, *, at_most: bool = False) -> Mapping[str, str]:
    """Return a share between 0 and 1 in per cent; `at_most` where its denominator is only the least: "≤ 27"."""
    if at_most:
        return {"number": f"≤ {math.ceil(round(high * 100, OTHER_DIGITS))}", "unit": "%"}
    return quantity(None if share is None else share * 100, low * 100, high * 100, unit="%")


def count(number: float) -> str:
    """Return a count: a whole number, its thousands apart; never rounded.

    Raises ValueError for what is no whole number.
    """
    if number != int(number):
        raise ValueError(f"{number} is no count")
    return f"{int(number):,}"


def stretch(low_m: float, high_m: float) -> tuple[str, str]:
    """Return both ends of a stretch of a line in kilometres, outward at two digits of its width."""
    digits = METRE_DIGITS + 3
    low, high = (_scaled(end, METRE_DIGITS) for end in outward(low_m, high_m, METRE_DIGITS))
    place = max(10 ** (len(str(high - low)) - 2), _bare("km", digits))
    return _plain(low // place * place, digits), _plain(-(-high // place) * place, digits)


def kilometre(metres: float) -> str:
    """Return where something is drawn along a line, in whole kilometres: half up, for axes and cells of a drawing."""
    return _rounded(metres / 1000, 0)


def stated(low: float, high: float | None = None) -> str:
    """Return a figure that somebody stated or chose, with all of its digits and no more: "160", "3–3.5"."""
    ends = [_plain(_stored(end, OTHER_DIGITS), OTHER_DIGITS) for end in (low, low if high is None else high)]
    return ends[0] if ends[0] == ends[1] else "–".join(ends)


def upright(figure: str) -> str:
    """Return a figure as it stands among Arabic words: read left to right, value first."""
    return f"\u2066{figure}\u2069"


def isolated(figure: str) -> dict[str, str]:
    """Return a figure as it stands in either language: upright among Arabic words."""
    return {"en": figure, "ar": upright(figure)}


def _stored(value: float, digits: int) -> int:
    """Return a value as `_scaled` does, as answers hold it: rounded to `digits` decimals."""
    return _scaled(round(value, digits), digits)


def _scaled(value: float, digits: int) -> int:
    """Return a value that is rounded to `digits` decimals as a whole number of `_FINER`ths of the last of them."""
    number = value * _POWERS[digits]
    # Beyond, the product itself would be rounded.
    scaled = round(number) if abs(number) < _EXACT else int(Decimal(repr(value)).scaleb(digits))
    return scaled * _FINER


@cache
def _bare(unit: str, digits: int) -> int:
    return round(BARE[unit] * _POWERS[digits]) * _FINER


def _written(value: int | None, low: int, high: int, digits: int, bare: int, is_length: bool) -> str:
    if is_length:
        low = max(0, low)
    if value is not None:
        low, high = min(low, value), max(high, value)
    if low == high == 0:
        return "0"
    found = _bare_number((low + high) // 2 if value is None else value, low, high, bare)
    if found is not None:
        return _text(found[0], found[2], digits)
    if value is None or 8 * max(value - low, high - value) > 5 * (high - low):
        return _range(low, high, digits)
    shown, margin, place = _margin(value, low, high)
    # So it is wherever low is 0: shown - margin is at most low.
    if margin >= abs(shown):
        return _range(low, high, digits)
    return f"{_text(shown, place, digits)} ± {_text(margin, place, digits)}"


def _bare_number(value: int, low: int, high: int, bare: int) -> tuple[int, None, int] | None:
    """Return a number that needs no margin, None and its place; None where half of its last digit is too little."""
    if high - low >= bare:
        return None
    shown = _half_up(value, bare)
    return (shown, None, bare) if 2 * (shown - low) <= bare and 2 * (high - shown) <= bare else None


def _margin(value: int, low: int, high: int) -> tuple[int, int, int]:
    """Return the value as shown, the least margin that holds both ends, and the place of both."""
    power = 10 ** (len(str((high - low) // 2)) - 2)
    tens = 10
    while True:
        # The last digit that is written: two of them where the margin begins with 1. After 90 come 100, 110 … 190:
        # more are never needed, as the value lies near the middle.
        tens = tens if tens <= 19 else -(-tens // 10) * 10
        place, margin = power * (1 if tens <= 19 else 10), tens * power
        shown = _half_up(value, place)
        if shown - margin <= low and shown + margin >= high:
            return shown, margin, place
        tens += 1


def _range(low: int, high: int, digits: int) -> str:
    """Return both ends, outward at two digits of the width."""
    place = 10 ** (len(str(high - low)) - 2)
    outer = (low // place * place, -(-high // place) * place)
    ends = [_text(end, place, digits) if end else "0" for end in outer]
    return (" – " if ends[0].startswith("-") else "–").join(ends)


def _half_up(value: int, place: int) -> int:
    return (2 * value + place) // (2 * place) * place


def _text(number: int, place: int, digits: int) -> str:
    """Write a number of `_FINER`ths of its last of `digits` decimals, to `place`, of which it is a multiple."""
    decimals = digits + 2 - (len(str(place)) - 1)
    if decimals <= 0:
        return str(number // (10 ** (digits + 2)))
    sign, number = ("-" if number < 0 else ""), abs(number)
    whole, part = divmod(number // 10 ** (digits + 2 - decimals), 10**decimals)
    return f"{sign}{whole}.{part:0{decimals}}"


def _plain(number: int, digits: int) -> str:
    """Write a number to its last digit that is not 0."""
    return _text(number, 1, digits).rstrip("0").rstrip(".")


def _rounded(value: float, decimals: int) -> str:
    """Write a number half up to some decimals; never a negative zero."""
    place = 10 ** (OTHER_DIGITS - decimals) * _FINER
    return _text(_half_up(_stored(value, OTHER_DIGITS), place), place, OTHER_DIGITS)


def _about(value: float) -> str:
    return _rounded(value, 0 if abs(value) >= 10 else 1)
