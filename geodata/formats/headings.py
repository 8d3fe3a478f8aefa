"""What the columns of a table mean by their headings: usual names, HXL tags, and words in ten languages.

A heading that is a usual name is taken for its meaning at once. Any other is split into words, and each meaning has
patterns of words (schemas/headings, one file a language) that may stand in it in any order; words around them, groups
before them and units in brackets make the match weaker, not impossible.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from geodata import settings
from geodata.text import arabic

Known = Mapping[str, tuple[str, ...]]
EXACT = 1.0
"""The score of a heading that is a usual name."""
BEST = 0.95
"""The score of a heading all of whose words belong to a pattern; one with other words has less."""
MAX_TOTAL = 40
"""Characters of a cell that may say that its row is one of totals."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LETTER_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_WORD = re.compile(r"[^\W_]+|№")
_PATH = re.compile(r"[/.:\\]|__")
_BRACKETED = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")


class Match(NamedTuple):
    """How well a heading says a meaning (0 to 1), and the words that are not part of it."""

    score: float
    rest: frozenset[str]


def folded(name: str) -> str:
    """Return a column's name folded for comparison."""
    return arabic.fold(name.replace("_", " "))


@cache
def names() -> Known:
    """Return the folded names of each meaning, the most usual first."""
    return MappingProxyType({meaning: tuple(map(folded, words)) for meaning, words in _table()["names"].items()})


@cache
def tags() -> Known:
    """Return the HXL tags of each meaning."""
    return MappingProxyType({meaning: tuple(words) for meaning, words in _table()["tags"].items()})


def column(header: Sequence[str], *meanings: str) -> int | None:
    """Return which column of a header has one of these meanings, the first of them that there is; None for none."""
    folded_names, tagged = [folded(name) for name in header], [name.strip().lower() for name in header]
    for meaning in meanings:
        for keys, wanted in ((folded_names, names().get(meaning, ())), (tagged, tags().get(meaning, ()))):
            index = next((keys.index(name) for name in wanted if name in keys), None)
            if index is not None:
                return index
    return None


@lru_cache(maxsize=4096)
def matches(heading: str) -> Mapping[str, Match]:
    """Return how well a heading says each meaning of schemas/headings; those it does not say at all are left out.

    >>> "lat" in matches("grp_where/_GPS_latitude"), matches("Position MGRS (UNCLASS)")["position"].score > 0.5
    (True, True)
    """
    *groups, last = _parts(heading)
    before = frozenset(word for group in groups for word in words(group))
    own = words(last) or before
    bracketed = frozenset(word for text in _BRACKETED.findall(last) for word in words(text))
    core = own - bracketed or own
    core = frozenset(word for word in core if word not in _noise() and not word.isdecimal()) or core
    result: dict[str, Match] = {}
    for meaning, pattern in _candidates(own | before):
        match = Match(*_scored(pattern, core, own, before))
        if match.score > (result[meaning].score if meaning in result else 0.0):
            result[meaning] = match
    return MappingProxyType(result)


def says(heading: str, meaning: str) -> bool:
    """Tell whether a heading, or a group before it, has the words of a meaning."""
    own = words(heading)
    return any(_member(pattern, own) is not None for of, pattern in _candidates(own) if of == meaning)


@lru_cache(maxsize=4096)
def words(text: str) -> frozenset[str]:
    """Return the folded words of a heading, parted by signs, by case and where letters and digits meet."""
    split = _LETTER_DIGIT.sub(" ", _CAMEL.sub(" ", text))
    return frozenset(_WORD.findall(folded(split).replace("ı", "i")))


@lru_cache(maxsize=4096)
def is_total(text: str) -> bool:
    """Tell whether the text of a cell is what stands before the totals of a table, and nothing else.

    >>> is_total("Total:"), is_total("المجموع الكلي"), is_total("Total war")
    (True, True, False)
    """
    own = words(text) if len(text) <= MAX_TOTAL else frozenset()
    return bool(own) and any(_member(pattern, own) == own for pattern in _patterns()["total"])


def _parts(heading: str) -> list[str]:
    """Return the groups of a heading and its last part, with what stands in brackets: `grp_where/_GPS_latitude`."""
    bracketed = " ".join(match[0] for match in _BRACKETED.finditer(heading))
    parts = [part for part in _PATH.split(_BRACKETED.sub(" ", heading)) if words(part)]
    return [*parts[:-1], f"{parts[-1]} {bracketed}"] if parts else [heading]


def _scored(
    pattern: tuple[str, ...], core: frozenset[str], own: frozenset[str], before: frozenset[str]
) -> tuple[float, frozenset[str]]:
    matched = _member(pattern, own | before)
    if matched is None or not matched & own:
        return 0.0, own
    # A pattern of such words alone ("no") is that of a heading of nothing else.
    inside = matched & core or (matched if matched == own else frozenset())
    if not inside:
        # The unit in brackets alone says it: "Position (MGRS)" has words of its own.
        return 0.4, own - matched
    share = min(1.0, len(inside) / len(core))
    # More words that match are a more particular meaning: "event date" before "event".
    return BEST * (0.45 + 0.5 * share + 0.05 * min(len(matched), 3) / 3), own - matched


def _member(pattern: tuple[str, ...], among: frozenset[str]) -> frozenset[str] | None:
    """Return the words that a pattern matches; None where one of its own is missing."""
    matched = set()
    for wanted in pattern:
        hits = {word for word in among if _is(word, wanted)}
        if not hits:
            return None
        matched |= hits
    return frozenset(matched)


def _is(word: str, wanted: str) -> bool:
    if wanted.endswith("*"):
        return word.startswith(wanted[:-1])
    return word.endswith(wanted[1:]) if wanted.startswith("*") else word == wanted


@cache
def _patterns() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Return the patterns of every language by meaning: words, `*` for any letters at the end or the beginning."""
    patterns: dict[str, dict[tuple[str, ...], None]] = {}
    for path in sorted((settings.SCHEMAS / "headings").glob("*.json")):
        for meaning, texts in json.loads(path.read_bytes())["words"].items():
            for text in texts:
                pattern = tuple(
                    f"{'*' if part.startswith('*') else ''}{word}{'*' if part.endswith('*') else ''}"
                    for part in text.split()
                    for word in sorted(words(part))
                )
                patterns.setdefault(meaning, {})[pattern] = None
    return MappingProxyType({meaning: tuple(texts) for meaning, texts in patterns.items()})


def _candidates(among: frozenset[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the patterns, each with its meaning, whose first word is one of these or may stand for any."""
    index = _index()
    for word in (*among, ""):
        yield from index.get(word, ())


@cache
def _index() -> Mapping[str, list[tuple[str, tuple[str, ...]]]]:
    """Return the patterns by their first word; under "" those that begin with a word of any letters."""
    index: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for meaning, patterns in _patterns().items():
        for pattern in patterns:
            if pattern:
                index.setdefault("" if "*" in pattern[0] else pattern[0], []).append((meaning, pattern))
    return MappingProxyType(index)


@cache
def _noise() -> frozenset[str]:
    """Return the words that say nothing of a column's meaning: articles, units of degrees, "number of"."""
    return frozenset(word for pattern in _patterns()["noise"] for word in pattern)


@cache
def _table() -> Mapping[str, Known]:
    value: Mapping[str, Known] = json.loads((settings.SCHEMAS / "column-names.json").read_bytes())
    return value
