"""Cells that name several actors: the signs and words that split them, and those to ask a person about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from geodata.errors import BadValue

WORDS = {"and": r"\s+and\s+", "و": r"\s+و(?:\s+|(?=ال))"}
"""Words that separate actors where they are named; the Arabic one alone, or joined to a word with the article."""
PROPOSED = (",", "/", *WORDS)
"""Separators that also stand within names, so that no cell is split by them unasked."""


class Proposal(NamedTuple):
    """A separator by which cells fall into actors that also stand alone."""

    separator: str
    cells: int
    """Distinct cells of which this is so."""
    example: str


def tokens(separators: str) -> tuple[str, ...]:
    """Return the signs and words that separate actors, written with blanks round the words; raises BadValue."""
    signs = list[str]()
    for part in separators.split():
        if part not in WORDS and any(sign.isalnum() for sign in part):
            raise BadValue("separators", separators, "actor_separators", words=list(WORDS))
        signs += [part] if part in WORDS else part
    return tuple(dict.fromkeys(signs))


@lru_cache(maxsize=16)
def _pattern(separators: tuple[str, ...]) -> re.Pattern[str]:
    signs = "".join(re.escape(separator) for separator in separators if separator not in WORDS)
    words = [WORDS[separator] for separator in separators if separator in WORDS]
    return re.compile("|".join([*([f"[{signs}]"] if signs else ()), *words]) or r"\Z(?!\Z)", re.IGNORECASE)


def split(text: str, separators: tuple[str, ...]) -> list[str]:
    """Return the actors that a cell names, in order, without the blanks around them.

    >>> split("A and B; C", (";", "and")), split("الجيش والحشد و حلفاؤهما", ("و",))
    (['A', 'B', 'C'], ['الجيش', 'الحشد', 'حلفاؤهما'])
    """
    return [part for piece in _pattern(separators).split(text) if (part := piece.strip())]


def proposals(cells: Iterable[str], separators: tuple[str, ...]) -> list[Proposal]:
    """Return further separators worth a question: those by which cells fall into actors that also stand alone."""
    members = dict.fromkeys(part for cell in cells for part in split(cell, separators))
    proposed = list[Proposal]()
    for separator in PROPOSED:
        parted = [(cell, split(cell, (separator,))) for cell in members] if separator not in separators else []
        several = [cell for cell, parts in parted if len(parts) > 1 and all(part in members for part in parts)]
        if several:
            proposed.append(Proposal(separator, len(several), several[0]))
    return proposed
