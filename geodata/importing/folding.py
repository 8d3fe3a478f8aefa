"""Many texts folded at once: what `arabic.fold` makes of each, a table of letters for all of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata import arabic

FEW = 64
"""So few texts are folded one by one: the table takes as long to make."""
Units = NDArray[np.uint16]
_GONE, _BREAK, _BLANK, _ODD = 0x0000, 0x0001, 0x0020, 0xFFFF
"""What leaves nothing, parts two texts, parts two words, and what the table does not tell."""
_KNOWN = (range(0x20, 0x700), range(0x1E00, 0x2100), range(0xFB50, 0xFF00), range(0x09, 0x0E))
_LAM, _ALIF = ord("ل"), ord("ا")
_BEFORE = [ord(letter) for letter in "وبك"]
_AL = (ord("a"), ord("l"))


def fold_all(texts: Sequence[str]) -> list[str]:
    """Return `arabic.fold` of each text.

    >>> fold_all(["مخيّم الهَول"] * 99)[98]
    'مخيم هول'
    """
    if len(texts) < FEW:
        return [arabic.fold(text) for text in texts]
    units = np.frombuffer(chr(_BREAK).join(texts).encode("utf-16-le", "surrogatepass"), dtype="<u2")
    if np.count_nonzero(units == _BREAK) != len(texts) - 1:
        return [arabic.fold(text) for text in texts]
    mapped = _table()[units]
    odd = np.searchsorted(np.flatnonzero(units == _BREAK), np.flatnonzero(mapped == _ODD))
    plain = _without_al(_without_articles(_spaced(mapped[mapped != _GONE])))
    made: list[str] = plain.tobytes().decode("utf-16-le", "replace").split(chr(_BREAK))
    for at in np.unique(odd).tolist():
        made[at] = arabic.fold(texts[at])
    return made


@cache
def _table() -> Units:
    """Return what each letter of the basic plane becomes; _ODD where its neighbours decide, or it becomes several."""
    made = np.full(0x10000, _ODD, dtype=np.uint16)
    for code in (code for codes in _KNOWN for code in codes):
        letter = chr(code)
        # Between two letters: alone, a blank or an article would be nothing.
        folded = arabic.fold(f"xx{letter}xx")
        inner = folded[2:-2] if folded.startswith("xx") and folded.endswith("xx") else letter * 2
        if len(inner) <= 1 and not _joins(letter):
            made[code] = ord(inner) if inner else _GONE
    made[_BREAK] = _BREAK
    return made


def _joins(letter: str) -> bool:
    """Tell whether a letter may become one with its neighbour, change places with it, or look to the end of a word."""
    accent = "\u0300" <= letter <= "\u036f" or "\u064b" <= letter <= "\u0652"
    sigma = "Σ" in unicodedata.normalize("NFKC", letter)
    return sigma or (unicodedata.combining(letter) != 0 and not accent)


def _spaced(units: Any) -> Any:
    """Return units with one blank between words, none beside a break or at an end."""
    parting = (units == _BLANK) | (units == _BREAK)
    after = np.concatenate([[True], parting[:-1]])
    units = units[~((units == _BLANK) & after)]
    before = np.concatenate([units[1:] == _BREAK, [True]])
    return units[~((units == _BLANK) & before)]


def _starts(units: Any, at: NDArray[np.intp]) -> Any:
    """Tell which places begin a word."""
    before = units[np.maximum(at - 1, 0)]
    return (at == 0) | (before == _BLANK) | (before == _BREAK)


def _without_articles(units: Any) -> Any:
    """Take off the articles (ال, وال, بال, كال, لل) of words that are two letters longer at least."""
    padded = np.concatenate([[_BREAK] * 3, units, [_BREAK] * 2]).astype(np.uint16)
    lam = np.flatnonzero(padded == _LAM)
    word = (padded != _BLANK) & (padded != _BREAK)
    lam = lam[word[lam + 1] & word[lam + 2]] if len(lam) else lam
    one, two = padded[lam - 1], padded[lam - 2]
    short = _starts(padded, lam - 1) & ((one == _ALIF) | (one == _LAM))
    long = _starts(padded, lam - 2) & (one == _ALIF) & np.isin(two, _BEFORE)
    keep = np.ones(len(padded), dtype=bool)
    keep[:3] = keep[-2:] = False
    for back, found in ((0, short | long), (1, short | long), (2, long)):
        keep[lam[found] - back] = False
    return padded[keep]


def _without_al(units: Any) -> Any:
    """Take off the words `al`."""
    padded = np.concatenate([units, [_BREAK] * 2]).astype(np.uint16)
    first = np.flatnonzero((padded[:-2] == _AL[0]) & (padded[1:-1] == _AL[1]))
    ending = padded[first + 2] if len(first) else first
    first = first[_starts(padded, first) & ((ending == _BLANK) | (ending == _BREAK))]
    if not len(first):
        return units
    keep = np.ones(len(units), dtype=bool)
    keep[first] = keep[first + 1] = False
    return _spaced(units[keep])
