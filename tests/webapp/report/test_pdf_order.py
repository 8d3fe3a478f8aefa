"""What pdfium is given comes out as it was written: checked against its own way of reading, written out here."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.report.pdf_fonts import drawn
from webapp.report.pdf_order import MIRRORED, is_rtl, kind, turned

LATIN = "aZ é"
FIGURES = "0139.,±–-% "
ARABIC = "ابمش ئًّ"


def read(line: str, rtl: bool) -> str:
    """Return what CPDF_TextPage::CloseTempLine makes of a line from left to right, in that direction."""
    parts = [("".join(part), found) for found, part in itertools.groupby(line, kind)]
    current, output = ("R" if rtl else "L"), ""
    for part, found in reversed(parts) if rtl else parts:
        if found == "R" or (found == "neutral" and current == "R"):
            current = "R"
            output += "".join(MIRRORED.get(letter, letter) for letter in reversed(part))
        else:
            current = "L" if found != "weak" else current
            output += part
    return output


@given(st.text(LATIN + FIGURES + "()_:", min_size=1, max_size=14))
def test_latin_text_comes_out_of_an_arabic_line(text: str) -> None:
    assert read(turned(text, True), True) == text


@given(st.text(ARABIC + FIGURES, min_size=1, max_size=14))
def test_arabic_text_comes_out_of_a_latin_line(text: str) -> None:
    assert read(turned(text, False), False) == text


def test_without_it_a_figure_is_turned_round() -> None:
    assert read("49 ± 3", True) == "3 ± 49"
    assert read("0–1.1", True) == "1.1–0"


@pytest.mark.parametrize(
    ("line", "expected"), [("سجن 22", True), ("49 ± 3", False), ("Natural Earth ISC عبر", False), ("a ب", True)]
)
def test_most_words_decide_the_direction_of_a_line(line: str, expected: bool) -> None:
    assert is_rtl(line) is expected


@given(st.text("ﻻﻷﻼﺴﺳبﰲﲪ", max_size=4))
def test_a_glyph_stands_for_the_letters_of_its_forms_turned_round(text: str) -> None:
    assert drawn(text)[::-1] == "".join(unicodedata.normalize("NFKC", form) for form in text)


@given(st.text("fi½Å 12", max_size=4))
def test_other_letters_stay_as_they_are(text: str) -> None:
    assert drawn(text) == text
