"""In which encoding a text file is written: by its mark, else by what its bytes can be and which letters they make.

Of the code pages of Windows that is taken in which the letters beyond ASCII are those that some language writes most
often: `geodata/schemas/letter-frequencies.json` orders the letters of each.
"""

from __future__ import annotations

import codecs
import json
import math
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from itertools import islice

from geodata import settings

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1256", "cp1251", "cp1250", "cp1254", "cp1252")
"""Those that are told apart; the last one can be read from any bytes."""
WESTERN = "cp1252"
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_WORD = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")
_NULS = 0.2
"""The least share of zero bytes at one side of the pairs of UTF-16."""
_WORDS = 5_000
"""Words that are looked at."""
_MARGINS = {"cp1250": 3.0}
"""How much likelier (natural logarithm) than the Western one this encoding must be: many of its letters are in the
place of one of Western Europe that is as frequent, such as \u010d in that of \u00e8."""
_UNUSUAL = math.log(1e-4)
"""The likelihood of a letter that the language does not write, and of a sign that is in no text."""
_SIGN = math.log(0.05)
"""That of a usual sign, which has the same place in all these code pages."""
_SIGNS = frozenset(
    "\u00ab\u00bb\u201e\u201c\u201d\u2018\u2019\u2013\u2014\u2026\u00b0\u2116\u2022\u00a7\u00a9\u00ae\u00b1\u00b2\u00b3\u00b7\u00a0\u20ac\u060c\u061b\u061f"
)
_FOREIGN = math.log(0.1)
"""The factor of a word in another language than the others: a table has names from many places."""
_UPPER, _UPPER_WITHIN = math.log(0.3), math.log(0.02)
"""Factors of a capital, and of one after a small letter."""
_BESIDE = math.log(0.05)
"""The factor of a letter beside one of another script, and in Latin of one beside another letter beyond ASCII."""


def detect(head: bytes) -> str:
    """Return the encoding of a text by its beginning, one of ENCODINGS.

    Bytes that are no UTF are in the code page of Windows in which they are likeliest; Windows-1252 where none is.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > _NULS * len(head) / 2:
        return "utf-16-be" if even > odd else "utf-16-le"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(head)
    except UnicodeDecodeError:
        return _code_page(head)
    # The beginning of a text may end within a letter; where that is the only one beyond ASCII it is a letter by itself.
    alone = bool(text) and text.isascii() and bool(decoder.getstate()[0])
    return _code_page(head) if alone else "utf-8"


def _code_page(head: bytes) -> str:
    # Each word once: a name that comes again and again is no more evidence than once.
    words = list(dict.fromkeys(match.group() for match in islice(_WORD.finditer(head), _WORDS)))
    likelihoods = {name: _best(words, name) - _MARGINS.get(name, 0) for name in _languages()}
    best = max(likelihoods, key=likelihoods.__getitem__)
    return best if likelihoods[best] > likelihoods[WESTERN] else WESTERN


@cache
def _languages() -> Mapping[str, list[Mapping[str, float]]]:
    """Return the likelihood of each letter in the languages of each code page: by Zipf's law, from its rank."""
    table = json.loads((settings.SCHEMAS / "letter-frequencies.json").read_bytes())
    return {name: [_zipf(letters) for letters in languages.values()] for name, languages in table["encodings"].items()}


def _zipf(letters: str) -> Mapping[str, float]:
    shares = {letter: 1 / rank for rank, letter in enumerate(letters, start=2)}
    total = sum(shares.values())
    return {letter: math.log(share / total) for letter, share in shares.items()}


def _best(words: list[bytes], encoding: str) -> float:
    """Return the likelihood of words in that language of a code page in which they are likeliest, a few in others."""
    texts = [word.decode(encoding, "replace") for word in words]
    languages = [[_likelihood(text, letters) for text in texts] for letters in _languages()[encoding]]
    foreign = [max(word) + _FOREIGN for word in zip(*languages, strict=True)]
    best: float = max(sum(map(max, language, foreign)) for language in languages)
    return best


def _likelihood(text: str, letters: Mapping[str, float]) -> float:
    """Return the logarithm of the likelihood of a word's letters beyond ASCII."""
    total, before = 0.0, ""
    latin = "LATIN" in unicodedata.name(next(iter(letters)))
    for letter in text:
        if not letter.isascii():
            small = "i" if letter == "\u0130" else letter.lower()
            if not letter.isalpha():
                total += _SIGN if letter in _SIGNS else _UNUSUAL
            else:
                total += letters.get("\u0131" if letter == "\u0130" else small, _UNUSUAL)
            if letter.isalpha() and before.isalpha():
                total += _BESIDE if before.isascii() != latin else 0
                total += _UPPER_WITHIN if letter != small and before.islower() else 0
            total += _UPPER if letter != small else 0
        elif before and not before.isascii() and before.isalpha() and letter.isalpha() and not latin:
            total += _BESIDE
        before = letter
    return total
