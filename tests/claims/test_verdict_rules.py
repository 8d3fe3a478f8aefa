"""The rules of docs/accuracy.md, "When a report agrees with a measurement", over figures a machine chose."""

from __future__ import annotations

from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geodata.claims import checks, verdict
from geodata.errors import BadValue
from geodata.model import Interval

halves = st.integers(-400, 400).map(lambda number: number / 2)
intervals = st.tuples(halves, halves).map(lambda ends: Interval(min(ends), max(ends)))


@given(st.integers(1, 10**6).filter(lambda digits: digits % 10), st.integers(-6, 6), st.sampled_from([1, -1]))
@example(5, -6, 1)
def test_a_figure_spans_half_its_last_digit_either_way(digits: int, exponent: int, sign: int) -> None:
    unit = Fraction(10) ** exponent
    span = verdict.reported_interval(float(sign * digits * unit))
    assert span.low == pytest.approx(float((sign * digits - Fraction(1, 2)) * unit), rel=1e-12)
    assert span.high == pytest.approx(float((sign * digits + Fraction(1, 2)) * unit), rel=1e-12)


@given(intervals, halves, intervals)
@example(Interval(5, 15), 10.0, Interval(5, 15))
@example(Interval(5, 15), 10.0, Interval(15, 25))
@example(Interval(-15, -5), -10.0, Interval(-15, -5))
def test_a_figure_is_judged_by_distance_and_by_half_width(
    reported: Interval, figure: float, measured: Interval
) -> None:
    apart = reported.high < measured.low or measured.high < reported.low
    known = (measured.high - measured.low) / 2 <= abs(figure) / 2
    expected = "disagrees" if apart else "agrees" if known else "cannot_tell"
    assert verdict.quantity(reported, figure, measured) == expected


@given(halves.filter(lambda figure: figure != 0))
def test_the_half_width_that_is_still_known_is_half_the_figure(figure: float) -> None:
    half = abs(figure) / 2
    reported = Interval(figure, figure)
    assert verdict.quantity(reported, figure, Interval(figure - half, figure + half)) == "agrees"
    assert verdict.quantity(reported, figure, Interval(figure - half, figure + half + 0.01)) == "cannot_tell"


@given(st.lists(st.sampled_from(["agrees", "disagrees", "cannot_tell"]), max_size=4))
def test_a_verdict_is_what_all_say(verdicts: list[verdict.Verdict]) -> None:
    shared = verdicts[0] if verdicts and verdicts.count(verdicts[0]) == len(verdicts) else "cannot_tell"
    assert verdict.every(iter(verdicts)) == shared


@given(st.integers(-20, 20), st.lists(intervals, min_size=1, max_size=3))
@example(3, [Interval(2.5, 2.5)])
@example(3, [Interval(3.5, 3.5)])
@example(3, [Interval(0, 2.5)])
@example(3, [Interval(0, 2)])
def test_a_statement_agrees_where_a_part_of_it_is_rounded_to_the_figure(figure: int, stated: list[Interval]) -> None:
    reported = Interval(figure - 0.5, figure + 0.5)
    agreeing = [span.low < figure + 0.5 and span.high >= figure - 0.5 for span in stated]
    expected = "agrees" if all(agreeing) else "cannot_tell" if any(agreeing) else "disagrees"
    assert verdict.statements(reported, stated) == expected
    # The same with its upper end in it.
    agreeing = [span.low <= figure + 0.5 and span.high >= figure - 0.5 for span in stated]
    expected = "agrees" if all(agreeing) else "cannot_tell" if any(agreeing) else "disagrees"
    assert verdict.statements(reported, stated, closed=True) == expected


@pytest.mark.parametrize("figure", [0.0, -0.0, float("nan"), float("inf"), float("-inf")])
def test_a_figure_without_a_digit_is_refused_by_name(figure: float) -> None:
    with pytest.raises(BadValue, match=r"^reported: .*finite number that is not 0"):
        verdict.reported_interval(figure)


def test_the_ledger_counts_every_verdict() -> None:
    assert sorted(checks.VERDICTS) == sorted(get_args(verdict.Verdict))
