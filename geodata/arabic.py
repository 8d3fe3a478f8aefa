"""Arabic and Latin names as they are searched, never as they are identified. Its twin is webapp/static/js/arabic.js.

The rules are those of search engines for Arabic (marks and tatweel off, one alif, one yaa, one kaf, articles off), and
one table of cases, tests/arabic_cases.json, tests both twins.
"""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile("[\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff]")
_COMBINING = re.compile("[\u0300-\u036f]")
_QUOTES = re.compile("[ʿʾ‘’'`]")
_BETWEEN = re.compile('[\\s,،.()«»"“”/\u2010-\u2015-]+')
# What is left must be a word: two letters at least.
_ARTICLE = re.compile("^(?:وال|بال|كال|لل|ال)(?=..)")
# Letters are mapped before any decomposition, which would make of أ an alif and a mark.
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىیئ", "ي"),
        "ک": "ك",
        "ة": "ه",
        "ؤ": "و",
        **{chr(0x660 + digit): str(digit) for digit in range(10)},
        **{chr(0x6F0 + digit): str(digit) for digit in range(10)},
    }
)


def fold(text: str) -> str:
    """Return the text folded: marks dropped, letters joined, digits 0–9, articles off, lower case, one blank between.

    >>> fold("مخيّم الهَول"), fold("Al-Hawl"), fold("عين الأسد ٢٠٢٤")
    ('مخيم هول', 'hawl', 'عين اسد 2024')
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", text)).translate(_LETTERS)
    bare = _QUOTES.sub("", _COMBINING.sub("", unicodedata.normalize("NFD", plain)).lower())
    words = (_ARTICLE.sub("", word) for word in _BETWEEN.split(bare) if word)
    return " ".join(word for word in words if word != "al")


def matches(text: str, asked: str) -> bool:
    """Tell whether every word asked for stands in a word of the text, both folded.

    >>> matches("سجن الحسكة", "الحسكه"), matches("al-Qaim", "qaim"), matches("القائم", "روج")
    (True, True, False)
    """
    folded = fold(text)
    return all(word in folded for word in fold(asked).split())
