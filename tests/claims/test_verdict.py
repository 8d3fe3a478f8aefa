"""The written rules of the verdicts."""

from __future__ import annotations

import pytest

from geodata.claims import verdict
from geodata.errors import BadValue
from geodata.model import Interval


@pytest.mark.parametrize(
    ("figure", "low", "high"),
    [(10, 5, 15), (160, 155, 165), (3, 2.5, 3.5), (2500, 2450, 2550), (165, 164.5, 165.5), (11.6, 11.55, 11.65)],
)
def test_a_figure_stands_for_its_last_significant_digit(figure: float, low: float, high: float) -> None:
    found = verdict.reported_interval(figure)
    assert (found.low, found.high) == pytest.approx((low, high))


@pytest.mark.parametrize("figure", [0.0, float("nan"), float("inf")])
def test_what_is_no_figure_is_refused(figure: float) -> None:
    with pytest.raises(BadValue):
        verdict.reported_interval(figure)


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [(47.3, 51.3, "disagrees"), (8, 12, "agrees"), (14, 20, "agrees"), (0, 30, "cannot_tell"), (16, 900, "disagrees")],
)
def test_ten_kilometres(low: float, high: float, word: str) -> None:
    assert verdict.quantity(verdict.reported_interval(10), 10, Interval(low, high)) == word


def test_a_verdict_needs_all() -> None:
    assert verdict.every(["disagrees", "disagrees"]) == "disagrees"
    assert verdict.every(["disagrees", "agrees"]) == "cannot_tell"
    assert verdict.every([]) == "cannot_tell"


def test_three_and_a_half_metres_are_not_three() -> None:
    three = verdict.reported_interval(3)
    assert verdict.statements(three, [Interval(3, 3), Interval(3.4, 3.4)]) == "agrees"
    assert verdict.statements(three, [Interval(3, 3), Interval(3.5, 3.5)]) == "cannot_tell"
    assert verdict.statements(three, [Interval(4, 4)]) == "disagrees"


def test_an_interval_is_in_order() -> None:
    with pytest.raises(BadValue):
        Interval(2, 1)
