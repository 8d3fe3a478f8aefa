"""Fold many texts at once, as `arabic.fold` does, by a table of letters and one pass over their bytes."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.geodesy import jit
from geodata.text import arabic, fold_kernel
from geodata.text.fold_kernel import GONE, ODD

FEW = 20_000
"""Up to this many texts are folded one by one: the compiled pass takes time to load."""
REMEMBERED = 65_536
_KNOWN = (range(0x01, 0x700), range(0x1E00, 0x2100), range(0xFB50, 0xFF00))


def fold_all(texts: pa.Array) -> pa.Array:
    """Return `arabic.fold` of each of n texts; null stays null.

    >>> fold_all(pa.array(["مخيّم الهَول", None])).to_pylist()
    ['مخيم هول', None]
    """
    if len(texts) < FEW:
        return pa.array([None if text is None else _remembered(text) for text in texts.to_pylist()], pa.string())
    filled = texts.fill_null("") if texts.null_count else texts
    _, ends, data = filled.buffers()
    offsets = np.frombuffer(ends, dtype=np.int32)[filled.offset : filled.offset + len(filled) + 1]
    letters = np.frombuffer(data or b"", dtype=np.uint8)
    output, output_ends = (
        np.empty(int(offsets[-1] - offsets[0]), dtype=np.uint8),
        np.zeros(len(filled) + 1, dtype=np.int32),
    )
    odd = np.zeros(len(filled), dtype=np.bool_)
    jit.twin(fold_kernel).fold(letters, offsets, _table(), output, output_ends, odd)
    folded = pa.StringArray.from_buffers(len(filled), pa.py_buffer(output_ends), pa.py_buffer(output))
    if odd.any():
        at = np.flatnonzero(odd)
        others = pa.array([arabic.fold(text) for text in filled.take(pa.array(at)).to_pylist()], pa.string())
        folded = pc.replace_with_mask(folded, pa.array(odd), others)
    return pc.if_else(texts.is_valid(), folded, pa.scalar(None, pa.string())) if texts.null_count else folded


_remembered = lru_cache(maxsize=REMEMBERED)(arabic.fold)


@cache
def _table() -> NDArray[np.uint16]:
    """Return the folded form of each letter of the basic plane; ODD where it depends on neighbours or is several."""
    table = np.full(0x10000, ODD, dtype=np.uint16)
    for code in (code for codes in _KNOWN for code in codes):
        letter = chr(code)
        # Between two letters: alone, a blank or an article would be nothing.
        folded = arabic.fold(f"xx{letter}xx")
        inner = folded[2:-2] if folded.startswith("xx") and folded.endswith("xx") else letter * 2
        # No letter becomes longer: the output fits in the size of the input.
        if len(inner) <= 1 and not _joins(letter) and _width(inner) <= _width(letter):
            table[code] = ord(inner) if inner else GONE
    return table


def _width(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _joins(letter: str) -> bool:
    """Tell whether a letter may become one with its neighbour, change places with it, or look to the end of a word."""
    accent = "\u0300" <= letter <= "\u036f" or "\u064b" <= letter <= "\u0652"
    sigma = "Σ" in unicodedata.normalize("NFKC", letter)
    return sigma or (unicodedata.combining(letter) != 0 and not accent)
