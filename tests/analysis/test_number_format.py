"""How measured numbers are written: what is shown contains what was computed."""

from __future__ import annotations

import os
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.analysis import number_format
from geodata.model import outward, rounded_json

HALF_WIDTHS = 1.25
"""How far the value may lie from the middle before the range is written."""


def margins(power: int) -> list[Decimal]:
    """Return the margins that may be written of one power of ten."""
    return [Decimal(part).scaleb(power) for part in (*range(10, 20), *range(20, 100, 10))]


def place(margin: Decimal) -> Decimal:
    """Return the last digit of a margin: two digits where it begins with 1, else one."""
    first = int(margin.scaleb(-margin.adjusted()))
    return Decimal(1).scaleb(margin.adjusted() - (first == 1))


def smallest(value: Decimal, low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """Return the rounded value and the least margin that hold an interval, tried one after the other."""
    begin = ((high - low) / 2).adjusted() - 2
    for power in range(begin, begin + 5):
        for margin in margins(power):
            step = place(margin)
            shown = (value / step).to_integral_value(ROUND_HALF_UP) * step
            if shown - margin <= low and shown + margin >= high:
                return shown, margin
    raise AssertionError((value, low, high))


def check(value: float | None, low: float, high: float, number: str) -> None:
    """Hold a shown number of kilometres against the metres it stands for, by the words of the rule."""
    stored = rounded_json({"distance_m": value, "interval_m": [low, high]})
    v, (lo, hi) = stored["distance_m"], stored["interval_m"]
    v = None if v is None else Decimal(repr(v)) / 1000
    lo, hi = max(Decimal(0), Decimal(repr(lo)) / 1000), Decimal(repr(hi)) / 1000
    half = (hi - lo) / 2
    if "–" in number:
        ends = [Decimal(part) for part in number.split("–")]
        step = Decimal(1).scaleb((hi - lo).adjusted() - 1)
        assert ends[0] <= lo < ends[0] + step
        assert ends[1] - step < hi <= ends[1]
        assert ends[0] >= 0
        if v is not None and lo > 0:
            shown, margin = smallest(v, lo, hi)
            assert margin >= shown or max(v - lo, hi - v) > half * Decimal(HALF_WIDTHS)
        return
    assert v is not None or hi - lo < Decimal("0.001")
    if "±" in number:
        shown, margin = (Decimal(part) for part in number.split(" ± "))
        assert v is not None
        assert (shown, margin) == smallest(v, lo, hi)
        assert number.split(" ± ")[1] == f"{margin:f}", "as many digits as the margin has"
        assert shown.as_tuple().exponent == margin.as_tuple().exponent or "." not in number
        assert lo > 0
        assert margin < shown
    else:
        shown, margin = Decimal(number), Decimal("0.0005")
        assert hi - lo < Decimal("0.001")
    assert shown - margin <= lo
    assert hi <= shown + margin
    if v is not None:
        assert shown - margin <= v <= shown + margin


@settings(deadline=None)
@given(
    st.floats(0, 2.1e7), st.floats(0, 5e6), st.floats(0, 5e6), st.sampled_from([1.0, 1e-3, 1e-6, 0.0]), st.booleans()
)
def test_shown_contains_computed(value: float, below: float, above: float, part: float, has_value: bool) -> None:
    low, high = max(0.0, value - below * part), value + above * part
    check(
        value if has_value else None,
        low,
        high,
        number_format.kilometres(value if has_value else None, low, high)["number"],
    )


@settings(deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**7), st.integers(-4, 0))
def test_round_numbers_too(whole: int, radius: int, power: int) -> None:
    value, spread = whole * 10.0**power, radius * 10.0**power
    low, high = max(0.0, value - spread), value + spread
    check(value, low, high, number_format.kilometres(value, low, high)["number"])


def intervals(count: int, seed: int) -> Any:
    """Return distances and both ends in metres, machine-chosen: of all sizes, many a hair beside a round number."""
    rng = np.random.default_rng(seed)
    value = 10 ** rng.uniform(-1, 7.3, count)
    value = np.where(rng.random(count) < 0.3, np.round(value, -1), value)
    spread = value * 10 ** rng.uniform(-6, 0.5, count)
    spread = np.where(rng.random(count) < 0.3, np.round(spread), spread)
    other = np.where(rng.random(count) < 0.7, spread, spread * rng.uniform(0.2, 3, count))
    return zip(value.tolist(), np.maximum(0.0, value - spread).tolist(), (value + other).tolist(), strict=True)


def contained(value: float, low: float, high: float) -> bool:
    """Tell in whole tenths of a millimetre whether a shown number, read again, holds the value and both ends."""
    number = number_format.kilometres(value, low, high)["number"]
    least, most = read(number)
    low, high = outward(low, high, 4)
    ends = [round(end * 10**4) for end in (round(value, 4), low, high)]
    return least <= min(ends) and max(ends) <= most


def read(number: str) -> tuple[float, float]:
    """Return what a shown number of kilometres stands for, in tenths of a millimetre."""
    parts = re.split(r" ± |–", number)
    first, *rest = (round(float(part) * 10**9) / 100 for part in parts)
    if "±" in number:
        return first - rest[0], first + rest[0]
    return (first, rest[0]) if rest else (first - 5000, first + 5000)


def test_machine_chosen_intervals() -> None:
    assert not [one for one in intervals(20_000, seed=1) if not contained(*one)]


@pytest.mark.torture
def test_many_more_machine_chosen_intervals() -> None:
    count = 1_000_000 if os.environ.get("MASAFA_TORTURE") else 100_000
    assert not [one for one in intervals(count, seed=2) if not contained(*one)]


def test_the_least_margin_of_machine_chosen_intervals() -> None:
    for value, low, high in intervals(2_000, seed=3):
        check(value, low, high, number_format.kilometres(value, low, high)["number"])


@pytest.mark.parametrize(
    ("value", "low", "high", "number"),
    [
        (104.22, 97.72, 110.72, "104 ± 7"),
        (49.271, 47.271, 51.271, "49 ± 3"),
        (169.33, 167.63, 171.03, "169.3 ± 1.8"),
        (12.9, 11.4, 14.4, "12.9 ± 1.5"),
        (21.83, 20.83, 22.83, "21.8 ± 1.1"),
        (1.22, 0.0, 4.22, "0–4.3"),
        (0.02, 0.0, 0.82, "0–0.82"),
        (10.0, 1.0, 19.0, "10 ± 9"),
        (10.0, 0.04, 19.96, "0–20"),
        (104.0, 100.0, 110.0, "104 ± 6"),
        (104.0, 100.0, 111.0, "100–111"),
        (103.0, 100.0, 108.0, "103 ± 5"),
        (105.0, 100.0, 108.0, "105 ± 5"),
        (100.5, 81.82, 111.72, "100 ± 20"),
        (0.0, 0.0, 0.0, "0"),
        (12.3456789, 12.3456789, 12.3456789, "12.346"),
        (123456.0, 110000.0, 136912.0, "123000 ± 14000"),
        (None, 0.0, 184.2, "0–190"),
        (None, 12.0, 35.0, "12–35"),
        (None, 0.0, 10.0, "0–10"),
        (5.0, 0.0, 10.0, "0–10"),
        (10.0, None, None, "≈ 10"),
        (9.99, None, None, "≈ 10.0"),
        (3.14159, None, None, "≈ 3.1"),
        (-12.5, None, None, "≈ -12"),
        (None, 1.2, 500.0, "0–500"),
        (49.271, None, None, "≈ 49"),
        (None, None, None, "?"),
    ],
)
def test_numbers(value: float | None, low: float | None, high: float | None, number: str) -> None:
    assert number_format.quantity(value, low, high)["number"] == number


def test_metres_become_kilometres() -> None:
    assert number_format.kilometres(49270.1, 47270.1, 51270.1) == {"number": "49 ± 3", "unit": "km"}
    assert number_format.kilometres(None, None, None) == {"number": "?", "unit": "km"}
    assert number_format.kilometres(5_000_400.0, None, None) == {"number": "≈ 5000", "unit": "km"}


def test_an_interval_below_the_last_digit_is_not_shown_as_one() -> None:
    assert number_format.span(85_313.7, 85_313.7) is None
    assert number_format.span(85_313.2, 85_314.4) == {"number": "85.3132–85.3144", "unit": "km"}
    assert number_format.span(85_313.0, 85_313.9) is None
    assert number_format.span(85_313.0, 85_314.0) == {"number": "85.3130–85.3140", "unit": "km"}


@settings(deadline=None)
@given(st.floats(0, 360, exclude_max=True), st.floats(0, 70.0))
def test_azimuths_hold_what_the_uncertainty_spans(azimuth: float, margin: float) -> None:
    shown = number_format.degrees(azimuth, margin)
    assert shown is not None
    middle, _, half = shown["number"].partition(" ± ")
    assert 0 <= float(middle) < 360
    off = abs((float(middle) - azimuth + 180) % 360 - 180)
    assert off + margin <= (float(half) if half else 0.05) + 2e-9


@pytest.mark.parametrize(
    ("azimuth", "margin", "number"),
    [
        (104.54, 2.3, "105 ± 3"),
        (359.99, 0.02, "0.0"),
        (359.97, 0.2, "0.0 ± 0.3"),
        (12.4, 69.2, "10 ± 80"),
        (12.4, 79.2, None),
    ],
)
def test_azimuths_wrap(azimuth: float, margin: float, number: str | None) -> None:
    shown = number_format.degrees(azimuth, margin)
    assert shown == (None if number is None else {"number": number, "unit": "°"})


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [(-45, 45, "315–45"), (0, 90, "0–90"), (337.5, 472.5, "337–113"), (44.9999999996, 90.0000000004, "45–90")],
)
def test_sectors_go_outward(low: float, high: float, shown: str) -> None:
    assert number_format.sector(low, high) == shown


@settings(deadline=None)
@given(st.floats(0, 5e6))
def test_a_radius_alone_is_rounded_up_to_two_digits(metres: float) -> None:
    number = number_format.radius(metres)["number"]
    shown, stored = Decimal(number), Decimal(repr(round(metres, 4))) / 1000
    assert shown >= stored
    assert shown * 1000 + Decimal("0.00005") >= Decimal(metres)
    assert len(shown.normalize().as_tuple().digits) <= 2
    assert shown - stored <= max(stored / 10, Decimal("0.0000001"))


@pytest.mark.parametrize(
    ("metres", "number"), [(70.7107, "0.071"), (1500, "1.5"), (184_200, "190"), (20, "0.02"), (0, "0")]
)
def test_radii(metres: float, number: str) -> None:
    assert number_format.radius(metres) == {"number": number, "unit": "km"}


@settings(deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(0, 1e5), st.floats(0, 1e5))
def test_a_kilometre_may_be_negative(value: float, below: float, above: float) -> None:
    number = number_format.along(value, (value - below, value + above))["number"]
    shown = [Decimal(part) for part in re.split(r" ± |(?<=\d) ?– ?", number)]
    low, high = (Decimal(repr(end)) / 1000 for end in outward(value - below, value + above, 4))
    ends = (shown[0] - shown[1], shown[0] + shown[1]) if "±" in number else (shown[0], shown[-1])
    slack = Decimal("0.0005") if len(shown) == 1 else 0
    assert ends[0] - slack <= low
    assert high <= ends[1] + slack


def test_kilometres_of_a_line() -> None:
    assert number_format.along(603_912.3, (603_912.3, 603_912.3), at_end=True)["number"] == "603.9"
    assert number_format.along(466_200.0, (464_900.0, 467_500.0))["number"] == "466.2 ± 1.3"
    assert number_format.along(466_200.0, None) == {"number": "≈ 466", "unit": "km"}
    assert number_format.along(5_000_400.0, None)["number"] == "≈ 5000"
    assert number_format.along(603_912.3, (602_912.3, 604_912.3), at_end=True)["number"] == "603.9 ± 1.1"
    assert number_format.stretch(600_000.0, 603_912.3) == ("600", "604")
    assert number_format.stretch(85_313.7, 85_313.7) == ("85.313", "85.314")


def test_counts_and_shares() -> None:
    assert number_format.count(2188.0) == "2,188"
    assert number_format.quantity(4.0, 3.0, 5.0, unit="persons") == {"number": "3–5", "unit": "persons"}
    with pytest.raises(ValueError, match="no count"):
        number_format.count(2.5)
    assert number_format.quantity(4.0, 4.0, 4.0, unit="persons") == {"number": "4", "unit": "persons"}
    assert number_format.percent(None, 0.2642, 0.2642, at_most=True) == {"number": "≤ 27", "unit": "%"}
    assert number_format.percent(None, 0.9842, 0.9842, at_most=True)["number"] == "≤ 99"
    assert number_format.percent(None, 0.2642, 0.2642)["number"] == "26"
    assert number_format.percent(0.27, 0.27, 0.27) == {"number": "27", "unit": "%"}
    assert number_format.percent(0.265, 0.26, 0.27)["number"] == "26.5 ± 0.5"


def test_stated_figures_keep_their_digits() -> None:
    assert number_format.stated(1_234_567.0) == "1234567"
    assert number_format.stated(3.0, 3.5) == "3–3.5"


def test_areas_hold_what_the_rim_may_be_off_by() -> None:
    assert number_format.area(1e9, 1e5, 1.0) == {"number": "1000.00 ± 0.10", "unit": "km2"}
    assert number_format.area(1e9, 1e5, 2.0) == {"number": "1000.0 ± 0.2", "unit": "km2"}
    assert number_format.area(1e9, 1e7, 150.0)["number"] == "0–2500"
    assert number_format.area(5_000.0, 5_000.0, 1.0)["number"] == "0–0.010"


@pytest.mark.parametrize(("low", "high"), [(None, 51.0), (47.0, None), (None, None)])
def test_an_interval_with_one_end_is_none(low: float | None, high: float | None) -> None:
    assert number_format.quantity(49.271, low, high)["number"] == "≈ 49"
    assert number_format.quantity(None, low, high)["number"] == "?"
    ends = [None if end is None else end * 1000 for end in (low, high)]
    assert number_format.kilometres(49_271.0, *ends)["number"] == "≈ 49"
    assert number_format.span(*ends) is None


@pytest.mark.parametrize(
    ("value", "low", "high", "length", "number"),
    [
        (1.0, -1.0, 3.0, True, "0–3.0"),
        (1.0, -1.0, 3.0, False, "-1.0 – 3.0"),
        (5.0, 1.0, 4.0, True, "1.0–5.0"),
        (1.0, 2.0, 5.0, True, "1.0–5.0"),
        (12.346, 12.3455, 12.3465, True, "12.3460 ± 0.0005"),
        (12.346, 12.3456, 12.3464, True, "12.346"),
        (12.346, 12.3459, 12.3465, True, "12.346"),
        (12.346, 12.3455, 12.3461, True, "12.346"),
        (12.3465, 12.346, 12.3465, True, "12.34600–12.34650"),
        (12.3464, 12.3464, 12.3468, True, "12.34640–12.34680"),
        (12.3456, 12.3452, 12.3456, True, "12.34520–12.34560"),
    ],
)
def test_ends_that_are_no_length_or_leave_the_value_out(
    value: float, low: float, high: float, length: bool, number: str
) -> None:
    assert number_format.quantity(value, low, high, is_length=length)["number"] == number
    metres = [part * 1000 for part in (value, low, high)]
    assert number_format.kilometres(*metres, is_length=length)["number"] == number
    if length:
        assert (
            number_format.quantity(value, low, high)["number"] == number_format.kilometres(*metres)["number"] == number
        )


@pytest.mark.parametrize("margin", [90.0, 135.0, 180.0, float("inf"), float("nan")])
def test_an_azimuth_that_may_be_any_is_not_shown(margin: float) -> None:
    assert number_format.degrees(12.4, margin) is None


@settings(deadline=None)
@given(st.floats(-1e8, 1e9) | st.floats(1e6, 3e6))
def test_a_stated_figure_is_its_decimal(value: float) -> None:
    assert Decimal(number_format.stated(value)) == Decimal(repr(round(value, 9)))
    assert not re.search(r"\.\d*0\Z|\.\Z", number_format.stated(value))


@settings(deadline=None)
@given(st.integers(-(10**7), 10**7), st.sampled_from([0, 0.5, 49.9, 50, 99.9]))
def test_what_is_drawn_is_rounded_half_up(tens: int, more: float) -> None:
    metres = tens * 100 + more
    exact = Decimal(repr(round(metres / 1000, 9)))
    for shown, step in (
        (number_format.kilometre(metres), Decimal(1)),
        (number_format.length(metres)["number"], Decimal("0.1")),
    ):
        assert Decimal(shown).as_tuple().exponent == step.as_tuple().exponent
        assert -step / 2 < Decimal(shown) - exact <= step / 2
        assert not shown.startswith("-0") or Decimal(shown)
    assert number_format.length(metres)["unit"] == "km"


def test_a_figure_in_arabic_is_isolated() -> None:
    assert number_format.upright("12 ± 3") == "\u206612 ± 3\u2069"
