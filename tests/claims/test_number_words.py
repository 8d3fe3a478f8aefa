"""Number words in Arabic and English: what each spans, in every form it is written, and the verdict on it."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geodata import settings
from geodata.catalog import shipped
from geodata.claims import number_words
from geodata.errors import BadValue
from geodata.model import Interval

TABLE = {
    "بضعة": (3, 9),
    "بضع": (3, 9),
    "عشرات": (20, 99),
    "مئات": (300, 999),
    "آلاف": (3_000, 9_999),
    "عشرات الآلاف": (20_000, 99_999),
    "مئات الآلاف": (300_000, 999_999),
    "several": (3, 9),
    "dozens": (24, 99),
    "tens": (20, 99),
    "hundreds": (200, 999),
    "thousands": (2_000, 99_999),
    "tens of thousands": (20_000, 99_999),
    "hundreds of thousands": (200_000, 999_999),
    # Duals are exact, and so is nothing else.
    "مئتان": (200, 200),
    "مئتين": (200, 200),
    "مائتين": (200, 200),
    "ألفان": (2_000, 2_000),
    "ألفين": (2_000, 2_000),
    # A figure stands for its last digit.
    "نحو ألفين": (1_500, 2_500),
    "حوالى 4 آلاف": (3_500, 4_500),
    "بحوالى 165": (164.5, 165.5),
    "قرابة 3,500": (3_450, 3_550),
    "حوالي ٢٫٥ مليون": (2_450_000, 2_550_000),
    "about 4 thousand": (3_500, 4_500),
    "نحو آلاف": (3_000, 9_999),
    # A few more than a figure.
    "20 ونيف": (21, 29),
    "نيف و20": (21, 29),
    "مئتان ونيف": (201, 209),
    "3 آلاف ونيف": (3_001, 3_009),
    # Open above.
    "أكثر من 40": (41, None),
    "لا يقل عن 40": (40, None),
    "ما لا يقل عن ٤٠": (40, None),
    "أكثر من مئات": (300, None),
    "more than 40": (41, None),
    "over 3.5": (3.5, None),
    "at least 40": (40, None),
    "at least hundreds": (200, None),
}
ARABIC = {word: ends for word, ends in TABLE.items() if word in number_words.SPANS["ar"]}
spans = st.tuples(st.integers(0, 120_000), st.integers(0, 120_000)).map(lambda ends: Interval(min(ends), max(ends)))


@pytest.mark.parametrize("words", TABLE)
def test_what_words_span(words: str) -> None:
    assert number_words.read(words).ends == pytest.approx(list(TABLE[words]))


QUALIFIED = {
    (35, 45): ("نحو", "حوالي", "حوالى", "قرابة", "about", "around", "nearly", "approximately"),
    (41, None): ("أكثر من", "more than", "over"),
    (40, None): ("لا يقل عن", "ما لا يقل عن", "at least", "no fewer than"),
}
TIMES = {
    10**3: ("ألف", "آلاف", "الف", "thousand"),
    10**6: ("مليون", "ملايين", "million"),
}
DUALS = {200: ("مئتان", "مئتين", "مائتان", "مائتين"), 2_000: ("ألفان", "ألفين", "الفين")}


def test_every_word_beside_a_figure_is_known() -> None:
    for ends, words in QUALIFIED.items():
        assert [number_words.read(f"{word} 40").ends for word in words] == [list(ends)] * len(words)
    for times, words in TIMES.items():
        assert [number_words.read(f"4 {word}").ends for word in words] == [[3.5 * times, 4.5 * times]] * len(words)
    for figure, words in DUALS.items():
        assert [number_words.read(word).ends for word in words] == [[figure, figure]] * len(words)


@pytest.mark.parametrize("letter", "وفبكل")
def test_a_figure_is_known_with_what_is_written_before_it(letter: str) -> None:
    assert number_words.read(f"{letter}40").ends == [35, 45]


def test_every_word_there_is_stands_in_the_table_and_in_the_document() -> None:
    page = (settings.PACKAGE.parent / "docs/accuracy.md").read_text("utf-8")
    for words in number_words.SPANS.values():
        for word, span in words.items():
            assert TABLE[word] == (span.low, span.high)
            assert word in page
            assert f"{span.low:,}–{span.high:,}" in page


@given(
    st.sampled_from(sorted(ARABIC)),
    st.sampled_from(["", *"وفبكل", "ال", "وال", "فال", "بال", "كال", "لل"]),
    st.booleans(),
    st.booleans(),
)
@example("آلاف", "بال", True, True)
def test_an_arabic_word_is_known_with_what_is_written_before_it(
    word: str, prefix: str, marked: bool, loose: bool
) -> None:
    text = prefix + word
    if marked:
        text = "\u200f" + text.replace("ات", "َات\u0640")
    if loose:
        text = text.replace("آ", "ا\u0653").replace("ة", "ه")
    reading = number_words.read(text)
    assert (reading.interval.low, reading.interval.high) == ARABIC[word]
    assert (reading.language, reading.words) == ("ar", text)


@given(st.integers(1, 10**6), st.sampled_from(["", "نحو ", "about "]), st.sampled_from(["{}", "{:,}"]))
def test_a_figure_in_words_spans_what_the_figure_does(figure: int, before: str, form: str) -> None:
    exponent = len(str(figure)) - len(str(figure).rstrip("0"))
    half = 10**exponent / 2
    reading = number_words.read(before + form.format(figure))
    assert reading.ends == [figure - half, figure + half]
    # Rounded up, the upper end is the next figure.
    assert reading.judge([Interval(figure + half, figure + half)])[0] == "disagrees"
    assert reading.judge([Interval(figure - half, figure - half)])[0] == "agrees"


@given(st.sampled_from(sorted(TABLE)), st.lists(spans, min_size=1, max_size=3))
@example("آلاف", [Interval(52_600, 52_600)])
@example("آلاف", [Interval(9_999, 9_999)])
@example("آلاف", [Interval(10_000, 10_000), Interval(9_000, 9_000)])
@example("مئات", [Interval(299, 299)])
def test_a_word_is_read_wider_only_where_it_would_disagree(words: str, stated: list[Interval]) -> None:
    reading = number_words.read(words)
    low, high = reading.interval.low, reading.interval.high

    def agreeing(most: float) -> list[bool]:
        return [span.low <= most and span.high >= low and (reading.closed or span.low < most) for span in stated]

    def verdict(each: list[bool]) -> str:
        return "agrees" if all(each) else "cannot_tell" if any(each) else "disagrees"

    judged, used = reading.judge(stated)
    if reading.wide is not None and not any(agreeing(9_999)):
        assert (judged, used.ends) == (verdict(agreeing(99_999)), [3_000, 99_999])
        assert "3,000 to 9,999 would disagree" in used.text["en"]
        assert "3,000 إلى 9,999" in used.text["ar"]
    else:
        assert (judged, used) == (verdict(agreeing(high)), reading)
        assert "would disagree" not in used.text["en"]


def test_one_word_alone_has_a_wider_span() -> None:
    assert [words for words in TABLE if number_words.read(words).wide is not None] == ["آلاف", "نحو آلاف"]


@pytest.mark.parametrize("words", TABLE)
def test_how_words_are_read_is_said_in_both_languages(words: str) -> None:
    reading = number_words.read(words)
    figures = [f"{end:,.10g}" for end in dict.fromkeys(reading.ends) if end is not None]
    for lang in ("en", "ar"):
        assert words in reading.text[lang]
        assert all(figure in reading.text[lang].replace(words, "") for figure in figures)
    assert ("or more" in reading.text["en"]) == ("فأكثر" in reading.text["ar"]) == math.isinf(reading.interval.high)
    exact = reading.interval.low == reading.interval.high
    assert ("is read as exactly" in reading.text["en"]) == ("بالضبط" in reading.text["ar"]) == exact
    assert json.loads(json.dumps(reading.to_dict(), allow_nan=False)) == {
        "words": words,
        "language": reading.language,
        "interval": reading.ends,
        "text": reading.text,
    }


@pytest.mark.parametrize(
    "words",
    [
        *("", "كثير", "عشرات مئات", "many", "thousands آلاف", "4 5", "4 x", "نحو", "نحو أكثر من 4"),
        # A dual is a number of its own.
        *("مئتين ألف", "ألفين كثير"),
        *("4 thousand x", "4 آلاف x", "نيف"),
        # No other letter stands before a word.
        *("tعشرات", "tالعشرات", "سعشرات", "سالعشرات"),
    ],
)
def test_what_is_no_number_is_refused_with_the_words_there_are(words: str) -> None:
    with pytest.raises(BadValue, match=r"^word: .*(آلاف|thousands)"):
        number_words.read(words)


def test_the_words_of_a_claim_are_read_as_they_stand_in_its_quotation() -> None:
    count = 0
    for claim in shipped().claims().values():
        test = claim["test"]
        reported = [claim["reported"], *(part["reported"] for part in test.get("parts", ()) if isinstance(part, dict))]
        words = {figure["word"] for figure in reported if figure.get("word")} | {
            test[key] for key in ("against",) if key in test
        }
        figures = {figure for quote in claim["quotes"] for figure in quote["figures"]}
        assert words <= figures, claim["id"]
        assert all(number_words.read(word).language == "ar" for word in words)
        count += len(words)
    assert count >= 3
