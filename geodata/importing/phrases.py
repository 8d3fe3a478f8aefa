"""Texts of several languages in plain letters, and words in them replaced by signs that a grammar can be written in."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from geodata.settings import SCHEMAS

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_BLANKS = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\n"
_UNSEEN = "\u0640\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\u061c\ufeff"
_SIGNS = str.maketrans(
    {
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_BLANKS, " "),
        **dict.fromkeys(_UNSEEN),
        **dict.fromkeys("\u2018\u2019\u02bc\u2032`", "'"),
        "\u060c": ",",
        "\u066b": ".",
        "\u066c": ",",
        "\u061f": "?",
    }
)
# One form for each letter of Arabic script that Arabic, Persian and Kurdish keyboards write differently.
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("\u0649\u06cc\u06ce\u06d0", "\u064a"),
        **dict.fromkeys("\u0629\u06d5\u06be\u06c1\u06c0", "\u0647"),
        "\u06a9": "\u0643",
        "\u06c6": "\u0648",
        "\u0695": "\u0631",
        "\u06b5": "\u0644",
        "\u0671": "\u0627",
        "\u0131": "i",
    }
)
LETTER = r"[^\W\d_]"


def simplified(text: str) -> str:
    """Return a text in lower case, with digits 0–9, plain dashes and blanks, and no marks on or under its letters.

    >>> simplified("12–14 Şubat ٢٠٢٤"), simplified("FÉVRIER")
    ('12-14 subat 2024', 'fevrier')
    """
    lower = text.lower()
    if not lower.isascii():
        lower = unicodedata.normalize("NFD", lower.translate(_SIGNS))
        lower = "".join(_base(letter) for letter in lower if not unicodedata.combining(letter)).translate(_LETTERS)
    return " ".join(lower.split())


def _base(letter: str) -> str:
    return str(unicodedata.decimal(letter)) if letter.isdecimal() else letter


@cache
def words(name: str) -> dict[str, Any]:
    """Return one of the tables of words of `geodata/schemas`."""
    table: dict[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
    return table


class Lexicon:
    """Replaces words, whole and the longest first, by signs in capitals; a dot behind an abbreviation goes with it."""

    def __init__(self, signs: Mapping[str, str]) -> None:
        self.signs = {simplified(word): sign for word, sign in signs.items()}
        alternatives = "|".join(re.escape(word) for word in sorted(self.signs, key=len, reverse=True))
        self._pattern = re.compile(rf"(?<!{LETTER})({alternatives})(?!{LETTER})(?:(?<={LETTER})\.)?")

    def replaced(self, text: str) -> str:
        """Return a text, as `simplified` gives it, with its words replaced; letters that are left are unknown words."""
        return self._pattern.sub(lambda match: self.signs[match[1]], text)


def merged(tables: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Return the sign of each word; the first of several signs for one word stays."""
    signs: dict[str, str] = {}
    for sign, names in tables:
        for name in names:
            signs.setdefault(name, sign)
    return signs
