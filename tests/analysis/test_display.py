"""How measured numbers are written: no digit beyond the uncertainty."""

from __future__ import annotations

import pytest

from geodata.analysis import display


@pytest.mark.parametrize(
    ("value", "low", "high", "number"),
    [
        (49.271, 47.271, 51.271, "49 ± 2"),
        (150.49, 144.99, 155.99, "150 ± 6"),
        (169.33, 167.63, 171.03, "169.3 ± 1.7"),
        (12.9, 11.4, 14.4, "12.9 ± 1.5"),
        (21.83, 20.83, 22.83, "21.8 ± 1.0"),
        (1.22, 0.0, 4.22, "0–5"),
        (0.3, 0.0, 1.1, "0.0–1.1"),
        (0.02, 0.0, 0.82, "0.0–0.9"),
        (0.0, 0.0, 0.0, "0.000"),
        (12.3456789, 12.3456789, 12.3456789, "12.346"),
        (123456.0, 110000.0, 136912.0, "123000 ± 13000"),
        (None, 0.0, 184.2, "0–190"),
        (None, 12.0, 35.0, "12–35"),
        (49.271, None, None, "≈ 49"),
        (None, None, None, "?"),
    ],
)
def test_numbers(value: float | None, low: float | None, high: float | None, number: str) -> None:
    assert display.quantity(value, low, high)["number"] == number


def test_metres_become_kilometres() -> None:
    assert display.kilometres(49270.1, 47270.1, 51270.1) == {"number": "49 ± 2", "unit": "km"}
    assert display.kilometres(None, None, None) == {"number": "?", "unit": "km"}


def test_no_negative_zero() -> None:
    assert display.number(-0.0001, 1) == "0.0"


@pytest.mark.parametrize(
    ("azimuth", "margin", "number"),
    [(104.54, 2.3, "105 ± 3"), (359.7, 0.0, "0"), (12.4, 0.0004, "12"), (12.4, 89.2, None), (12.4, 180.0, None)],
)
def test_azimuths_carry_what_the_uncertainty_spans(azimuth: float, margin: float, number: str | None) -> None:
    shown = display.degrees(azimuth, margin)
    assert (shown and shown["number"]) == number
