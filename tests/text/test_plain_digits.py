"""Numbers as people type them become what Python reads."""

from __future__ import annotations

import pytest

from geodata.text.plain_digits import plain_digits


@pytest.mark.parametrize(
    ("text", "number"),
    [("12٫5", 12.5), ("−3", -3.0), ("\u200f٤٢\u200e", 42.0), ("\u2067−٣٫٢٥\u2069", -3.25), ("7", 7.0)],
)
def test_python_reads_the_number(text: str, number: float) -> None:
    assert float(plain_digits(text)) == number


def test_an_arabic_comma_parts_as_a_latin_one() -> None:
    assert plain_digits("41،36").split(",") == ["41", "36"]
