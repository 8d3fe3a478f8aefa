"""Arabic and Latin names as they are searched, never as they are identified. Twin of webapp/static/js/core/arabic.js.

The rules are those of search engines for Arabic (marks and tatweel off, one alif, one yaa, one kaf, articles off), and
one table of cases, tests/arabic_cases.json, tests both twins.
"""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile("[\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff]")
_COMBINING = re.compile("[\u0300-\u036f]")
_QUOTES = re.compile("[ʻʼʿʾ‘’'`]")
_BETWEEN = ',،.()«»"“”/-\u2010\u2011\u2012\u2013\u2014\u2015'
"""What parts words, beside blanks."""
# What is left must be a word: two letters at least.
_ARTICLE = re.compile("^(?:وال|بال|كال|لل|ال)(?=..)")
_ARTICLES = ("ال", "وال", "بال", "كال", "لل")
# Letters are mapped before any decomposition, which would make of أ an alif and a mark.
_LETTERS = (
    *((letter, "ا") for letter in "أإآٱ"),
    *((letter, "ي") for letter in "ىیئ"),
    *(("ک", "ك"), ("ة", "ه"), ("ؤ", "و")),
)
_DIGIT = re.compile("[\u0660-\u0669\u06f0-\u06f9]")
_DIGITS = str.maketrans(
    {chr(first + digit): str(digit) for first in (0x660, 0x6F0) for digit in range(10)},
)


# The same for ASCII in one pass: blanks for separators, nothing for quotes.
_ASCII = str.maketrans({**dict.fromkeys('\x0b\x1c\x1d\x1e\x1f,.()"/-', " "), **dict.fromkeys("'`")})


def fold(text: str) -> str:
    """Return the text folded: marks dropped, letters joined, digits 0–9, articles off, lower case, one blank between.

    >>> fold("مخيّم الهَول"), fold("Al-Hawl"), fold("عين الأسد ٢٠٢٤")
    ('مخيم هول', 'hawl', 'عين اسد 2024')
    """
    if text.isascii():
        return " ".join([word for word in text.lower().translate(_ASCII).split() if word != "al"])
    folded = text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)
    folded = _MARKS.sub("", folded)
    # Replaced one after the other: several times as quick as one table for all.
    for letter, other in _LETTERS:
        folded = folded.replace(letter, other)
    if _DIGIT.search(folded):
        folded = folded.translate(_DIGITS)
    if not unicodedata.is_normalized("NFD", folded):
        folded = unicodedata.normalize("NFD", folded)
    bare = _QUOTES.sub("", _COMBINING.sub("", folded).lower())
    for sign in _BETWEEN:
        bare = bare.replace(sign, " ")
    words = [_ARTICLE.sub("", word) if word.startswith(_ARTICLES) else word for word in bare.split()]
    return " ".join([word for word in words if word != "al"])


def matches(text: str, query: str) -> bool:
    """Tell whether every word asked for stands in a word of the text, both folded.

    >>> matches("سجن الحسكة", "الحسكه"), matches("al-Qaim", "qaim"), matches("القائم", "روج")
    (True, True, False)
    """
    folded = fold(text)
    return all(word in folded for word in fold(query).split())
