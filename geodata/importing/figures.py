"""Counts of people as sources write them: one number, a range, a bound, about so many, or not known."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from geodata.importing.columns import REMEMBERED, count
from geodata.importing.phrases import Lexicon, merged, simplified, words

MAX_LENGTH = 100
_SIGNS = {
    "least": "G",
    "most": "T",
    "over": "O",
    "under": "U",
    "about": "P",
    "from": "F",
    "to": "R",
    "or_more": "M",
    "or_fewer": "L",
    "people": "N",
}
_COMPARING = {
    ">=": "at least",
    "\u2265": "at least",
    "<=": "at most",
    "\u2264": "at most",
    ">": "more than",
    "<": "less than",
    **dict.fromkeys("~\u2248\u00b1", "about"),
}
_BLANK = re.compile(r"[\s\-?.*_/]*\Z")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_NUMBER = r"\d[\d.,' ]*"
_FORM = re.compile(
    rf"(?P<about>P)?\s*(?P<before>G|T|TR|O|U|F)?\s*(?P<low>{_NUMBER}?)\s*(?:(?:-|R|TR)\s*(?P<high>{_NUMBER}?))?"
    r"\s*(?P<after>[GTMLOUP]|\+)?\s*\Z"
)


class Figures(NamedTuple):
    """A count: `best` where a source states one number, exact or about; `low` and `high` where it states bounds."""

    low: int | None = None
    best: int | None = None
    high: int | None = None


@cache
def _lexicon() -> Lexicon:
    languages = list(words("figure-words")["languages"].values())
    signs = {sign: {word for each in languages for word in each.get(kind, ())} for kind, sign in _SIGNS.items()}
    # Words that are "up to" before a number and "to" between two.
    both = {simplified(word) for word in signs["T"]} & {simplified(word) for word in signs["R"]}
    return Lexicon(merged([("TR", both), *signs.items()]))


@cache
def _known(kind: str) -> frozenset[str]:
    return frozenset(
        simplified(word) for each in words("figure-words")["languages"].values() for word in each.get(kind, ())
    )


@lru_cache(maxsize=REMEMBERED)
def read(text: str) -> Figures | None:
    """Read a count of people; no figures where it is not known, None where it cannot be read.

    >>> read("2–5"), read("about 10"), read("at least 3"), read("more than 10"), read("unknown")
    (Figures(low=2, best=None, high=5), Figures(low=None, best=10, high=None), Figures(low=3, best=None, high=None), \
Figures(low=11, best=None, high=None), Figures(low=None, best=None, high=None))
    """
    number = count(text)
    if number is not None:
        return Figures(best=number)
    if is_unknown(text):
        return Figures()
    if len(text) > MAX_LENGTH:
        return None
    written = _without_brackets(simplified(text))
    return None if written is None else _bounded(_lexicon().replaced(_in_words(written)))


def is_unknown(text: str) -> bool:
    """Tell whether a cell only says that a figure is not known: `n/a`, `-`, `?`, or words of the kind."""
    written = simplified(text)
    return bool(_BLANK.match(written)) or written.strip(" .()") in _known("unknown") or written in _known("unknown")


def _in_words(text: str) -> str:
    """Return a text with words in place of signs that compare."""
    return re.sub("|".join(_COMPARING), lambda match: f"{_COMPARING[match[0]]} ", text)


def _without_brackets(text: str) -> str | None:
    """Return a text without its brackets; None where these hold another figure, or one of the dead and wounded.

    >>> _without_brackets("3 (2 children)"), _without_brackets("10 (approx.)"), _without_brackets("5 (3 killed)")
    ('3', '10 approx.', None)
    """
    for inner in _BRACKETS.findall(text):
        named = set(re.findall(r"[^\W\d_]+", inner))
        if re.search(r"\d", inner) and (not named or named & _known("events")):
            return None
    qualified = _BRACKETS.sub(lambda match: "" if re.search(r"\d|\?", match[1]) else f" {match[1]}", text)
    known = _lexicon().replaced(qualified)
    if qualified != text and re.search(r"[^\W\d_A-Z]", known):
        # Brackets with words that say nothing of how exact the figure is.
        return _BRACKETS.sub("", text).strip()
    return " ".join(qualified.split())


def _bounded(signs: str) -> Figures | None:
    """Return the figures of a text in digits and signs; None where it has unknown words or runs backwards."""
    match = _FORM.match(" ".join(re.sub(r"N", " ", signs).split()))
    if match is None:
        return None
    before, after, about = match["before"], match["after"], match["about"]
    first, last = (None if digits is None else count(digits.strip(" ,.")) for digits in (match["low"], match["high"]))
    if first is None or (match["high"] is not None and last is None):
        return None
    if last is not None:
        plain_range = before in (None, "F") and after in (None, "P")
        return Figures(low=first, high=last) if plain_range and first <= last else None
    if before in ("F",) or (before and after):
        return None
    return _one(first, before or {"+": "G", "M": "G", "L": "T"}.get(after or "", after), approximate=bool(about))


def _one(number: int, sign: str | None, *, approximate: bool) -> Figures | None:
    if sign in (None, "P"):
        return Figures(best=number)
    if approximate:
        return None
    if sign == "G":
        return Figures(low=number)
    if sign == "O":
        return Figures(low=number + 1)
    if sign == "U":
        return Figures(high=number - 1) if number else None
    return Figures(high=number)
