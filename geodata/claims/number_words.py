"""What a number in words stands for, in the language it is written in: آلاف, dozens, نحو 4 آلاف, at least 40.

The words are those of a quotation, never those of its translation: an Arabic plural begins at three, where an English
one begins at two, as Arabic has a dual. docs/accuracy.md has the table.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from geodata.analysis.number_format import count, stated
from geodata.claims.verdict import Verdict, reported_interval, statements
from geodata.errors import BadValue
from geodata.messages import Message, same_in_all, texts
from geodata.model import Interval, Text
from geodata.text.plain_digits import plain_digits

Language = Literal["ar", "en"]
Phrase = tuple[str, ...]

SPANS: Mapping[Language, Mapping[str, Interval]] = {
    "ar": {
        "بضع": Interval(3, 9),
        "بضعة": Interval(3, 9),
        "عشرات": Interval(20, 99),
        "مئات": Interval(300, 999),
        "آلاف": Interval(3_000, 9_999),
        "عشرات الآلاف": Interval(20_000, 99_999),
        "مئات الآلاف": Interval(300_000, 999_999),
    },
    "en": {
        "several": Interval(3, 9),
        "dozens": Interval(24, 99),
        "tens": Interval(20, 99),
        "hundreds": Interval(200, 999),
        "thousands": Interval(2_000, 99_999),
        "tens of thousands": Interval(20_000, 99_999),
        "hundreds of thousands": Interval(200_000, 999_999),
    },
}
WIDE: Mapping[str, Interval] = {"آلاف": Interval(3_000, 99_999)}
"""What a word is read as where its own span would disagree: آلاف is said of tens of thousands, too."""

_DUALS = {"مئتان": 200, "مئتين": 200, "مائتان": 200, "مائتين": 200, "ألفان": 2_000, "ألفين": 2_000}
_TIMES = {"ألف": 1_000, "آلاف": 1_000, "مليون": 10**6, "ملايين": 10**6, "thousand": 1_000, "million": 10**6}
_ABOUT = ("نحو", "حوالي", "قرابة", "about", "around", "nearly", "approximately")
_MORE = ("أكثر من", "more than", "over")
_LEAST = ("لا يقل عن", "ما لا يقل عن", "at least", "no fewer than")
_FEW_MORE = "نيف"
_PREFIXES = ("", *"وفبكل", "ال", *(f"{letter}ال" for letter in "وفبك"), "لل")
_MARKS = re.compile("[\u064b-\u0652\u0640\u200e\u200f\u061c\u2066-\u2069]")
_LETTERS = str.maketrans("أإآىیة", "اااييه")
_ARABIC = re.compile("[\u0621-\u064a]")
_JOINED = re.compile(r"[وفبكل](?=\d)")
_FIGURE = re.compile(r"\d{1,3}(?:[,٬]\d{3})+|\d+(?:[.٫]\d+)?")


@dataclass(frozen=True)
class Reading:
    """What the words of a quotation are read as; an open end is infinite."""

    words: str
    language: Language
    interval: Interval
    closed: bool = True
    """Whether the upper end belongs to it; that of a figure would be rounded to the next one."""
    wide: Interval | None = None
    """What they are read as where `interval` would disagree."""
    narrow: Interval | None = None
    """The span that would have disagreed, where `interval` is the wider one."""

    def judge(self, spans: Iterable[Interval]) -> tuple[Verdict, Reading]:
        """Return the verdict on these words by what others stated, and the reading that it rests on."""
        others = list(spans)
        verdict = statements(self.interval, others, closed=self.closed)
        if verdict == "disagrees" and self.wide is not None:
            return replace(self, interval=self.wide, wide=None, narrow=self.interval).judge(others)
        return verdict, self

    @property
    def ends(self) -> list[float | None]:
        """Both ends; None for one that is open."""
        return [self.interval.low, None if math.isinf(self.interval.high) else self.interval.high]

    @property
    def text(self) -> Text:
        """Say how the words are read, in both languages."""
        low, high = same_in_all(_written(self.interval.low)), self.ends[1]
        if high is None:
            span = Message("number_words.at_least", low=low)
        elif self.interval.low == high:
            span = Message("number_words.exactly", low=low)
        else:
            span = Message("number_words.between", low=low, high=same_in_all(_written(high)))
        words = same_in_all(f"\u2068{self.words}\u2069")
        if self.narrow is None:
            return texts("number_words.reading", words=words, span=span)
        least, most = (same_in_all(_written(end)) for end in (self.narrow.low, self.narrow.high))
        return texts("number_words.narrow_reading", words=words, span=span, low=least, high=most)

    def to_dict(self) -> dict[str, Any]:
        """Return the reading as JSON values."""
        return {"words": self.words, "language": self.language, "interval": self.ends, "text": self.text}


def read(words: str) -> Reading:
    """Return what a number in words is read as; raises BadValue for words that are no number.

    >>> read("عشرات الآلاف").ends, read("hundreds").ends, read("حوالى 4 آلاف").ends
    ([20000, 99999], [200, 999], [3500.0, 4500.0])
    """
    language: Language = "ar" if _ARABIC.search(words) else "en"
    tokens = _tokens(words)
    about, more, least = (_after(tokens, phrases) for phrases in (_ABOUT, _MORE, _LEAST))
    rest = about or more or least or tokens
    word = next((word for word in SPANS[language] if _same(rest, _tokens(word))), None)
    if word is not None:
        span = SPANS[language][word]
        if more or least:
            return Reading(words, language, Interval(span.low, math.inf))
        return Reading(words, language, span, wide=WIDE.get(word))
    figure, few_more = _figure(rest)
    if figure is None:
        raise BadValue("word", words, "number_or_span", words=list(SPANS[language]))
    if more or least:
        # What is counted is whole: more than 40 is 41 at least.
        low = figure + 1 if more and figure == int(figure) else figure
        return Reading(words, language, Interval(low, math.inf))
    if few_more:
        return Reading(words, language, Interval(figure + 1, figure + 9))
    exact = not about and _dual(rest[0]) is not None
    if exact:
        return Reading(words, language, Interval(figure, figure))
    return Reading(words, language, reported_interval(figure), closed=False)


def _figure(tokens: Phrase) -> tuple[float | None, bool]:
    """Return the figure of some tokens, and whether a few more are added to it; None where they are no figure."""
    few_more = len(tokens) > 1 and (_is(tokens[-1], _FEW_MORE) or tokens[0] == _FEW_MORE)
    if few_more:
        tokens = tokens[1:] if tokens[0] == _FEW_MORE else tokens[:-1]
    number, times = _JOINED.sub("", tokens[0]) if tokens else "", tokens[1:]
    dual = _dual(number)
    if dual is not None and not times:
        return dual, few_more
    factor = next((value for word, value in _TIMES.items() if _is(times[0], word)), None) if times else 1
    if len(times) > 1 or factor is None or not _FIGURE.fullmatch(number):
        return None, few_more
    return float(re.sub("[,٬]", "", plain_digits(number))) * factor, few_more


def _dual(token: str) -> int | None:
    return next((value for word, value in _DUALS.items() if _is(token, word)), None)


def _after(tokens: Phrase, phrases: Sequence[str]) -> Phrase:
    """Return what stands after one of some phrases at the beginning; nothing where none stands there."""
    for parts in map(_tokens, phrases):
        if _same(tokens[: len(parts)], parts):
            return tokens[len(parts) :]
    return ()


def _same(tokens: Phrase, words: Phrase) -> bool:
    return len(tokens) == len(words) and all(map(_is, tokens, words))


def _is(token: str, word: str) -> bool:
    """Tell whether a token is a word, with or without a conjunction, a preposition or the article before it."""
    (folded,) = _tokens(word)
    return any(token == prefix + folded for prefix in _PREFIXES)


def _tokens(words: str) -> Phrase:
    """Return words as they are compared: composed, without vowel marks, alif, yaa and taa marbuta of one form."""
    text = _MARKS.sub("", unicodedata.normalize("NFC", words)).translate(_LETTERS).lower()
    return tuple(text.split())


def _written(figure: float) -> str:
    return count(figure) if figure == int(figure) else stated(figure)
