"""Columns of text processed by their distinct values: a table of a million rows has few dates, names and types.

A column is either an array of texts or a dictionary array: the distinct texts, and the index of each row's text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, reduce
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.formats.coordinates import plainly
from geodata.importing import actors
from geodata.text.fold_arrow import fold_all

T = TypeVar("T")
Places = NDArray[np.int64]
REMEMBERED = 16_384
"""Numbers that are remembered: a column has few, and they come in every batch."""
_NUMBER = re.compile(r"[-+]?(?:\d+(?:[ \u00a0']\d{3})*|\d{1,3}(?:,\d{3})+)(?:[.,]\d+)?\Z")
PLAIN_NUMBER = r"^[-+]?[0-9]{1,15}(\.[0-9]{0,17})?([eE][-+]?[0-9]{1,2})?$"
_ARABIC_LETTER = re.compile("[\u0621-\u064a\u0671-\u06d3]")


def coded(column: pa.Array) -> pa.DictionaryArray:
    """Return texts as a dictionary array: the distinct texts, and the index of each row's text."""
    return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()


def decoded(column: pa.Array) -> pa.Array:
    """Return a dictionary array as an array with one text for each row."""
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def recoded(places: pa.Array, texts: pa.Array) -> pa.DictionaryArray:
    """Return rows by the place of each among texts, some of which may be null or the same."""
    distinct = texts.dictionary_encode()
    return pa.DictionaryArray.from_arrays(distinct.indices.take(places), distinct.dictionary)


def at_places(places: Places, texts: Sequence[str | None]) -> pa.DictionaryArray:
    """Return rows by the place of each among texts; -1 for null."""
    return recoded(pa.array(places, pa.int32(), mask=places < 0), pa.array(texts, pa.string()))


def places(column: pa.Array) -> Places:
    """Return the place of each row's text among the distinct ones of `coded`; -1 for null."""
    indices: Places = coded(column).indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return indices


def combinations(parts: Sequence[Places]) -> tuple[Places, Places]:
    """Return where each distinct combination of numbers (from -1 on) first stands, and the combination of each row."""
    key, size = np.zeros(len(parts[0]), dtype=np.int64), 1
    for part in parts:
        wide = int(part.max(initial=-1)) + 2
        if size * wide > 2**62:
            _, key = np.unique(key, return_inverse=True)
            size = len(key) + 1
        key = key * wide + (part + 1)
        size *= wide
    _, first, row = np.unique(key, return_index=True, return_inverse=True)
    return first, row


def each(column: pa.Array, function: Callable[[str], T], missing: T) -> tuple[list[T], Places]:
    """Apply `function` to each distinct text; return the results, `missing` last, and each row's index, -1 for null."""
    encoded = coded(column)
    return [*(function(text) for text in encoded.dictionary.to_pylist()), missing], places(encoded)


def mapped(column: pa.Array, function: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
    """Apply `function` to each text; return a column of type `kind`, null for None, texts as a dictionary array."""
    encoded = coded(column)
    values = pa.array([function(text) for text in encoded.dictionary.to_pylist()], kind)
    return recoded(encoded.indices, values) if pa.types.is_string(kind) else values.take(encoded.indices)


def trimmed(column: pa.Array) -> pa.Array:
    """Return texts without the blanks around them; what is empty then is null."""
    if pa.types.is_dictionary(column.type):
        return recoded(column.indices, trimmed(column.dictionary))
    bare = pc.utf8_trim_whitespace(column)
    empty = pc.equal(pc.binary_length(bare), 0)
    return pc.if_else(empty, pa.scalar(None, pa.string()), bare) if pc.any(empty).as_py() else bare


@lru_cache(maxsize=REMEMBERED)
def number(text: str) -> float | None:
    """Return a number as people write it (1,234 · 1 234 · 12,5 · ١٢); None for anything else."""
    digits = plainly(text)
    if not _NUMBER.match(digits):
        return None
    digits = re.sub(r"[ \u00a0']", "", digits)
    if re.match(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?\Z", digits):
        digits = digits.replace(",", "")
    return float(digits.replace(",", "."))


def count(text: str) -> int | None:
    """Return a count of people: a whole number, not negative; None for anything else."""
    value = number(text)
    return None if value is None or value < 0 or not value.is_integer() or value >= 2**53 else int(value)


def floats(column: pa.Array) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return plain decimal numbers (n, NaN elsewhere), and which texts are of that kind (n)."""
    encoded = coded(column)
    fits = pc.match_substring_regex(encoded.dictionary, PLAIN_NUMBER)
    values = pc.if_else(fits, encoded.dictionary, pa.scalar(None, pa.string())).cast(pa.float64())
    # A copy: arrays from Arrow are read-only.
    numbers = np.array(values.take(encoded.indices).to_numpy(zero_copy_only=False))
    return numbers, fits.take(encoded.indices).fill_null(False).to_numpy(zero_copy_only=False)


def is_arabic(text: str) -> bool:
    """Tell whether a text is written in Arabic script."""
    return bool(_ARABIC_LETTER.search(text))


def folded(column: pa.Array) -> pa.Array:
    """Return texts as arabic.fold gives them; null stays null."""
    if pa.types.is_dictionary(column.type):
        return recoded(column.indices, fold_all(column.dictionary))
    return fold_all(column)


def joined(columns: list[pa.Array], between: str) -> pa.Array:
    """Return the texts of several columns as one, those that are null left out; null where all are."""
    if len(columns) == 1:
        # Of a single column pyarrow (26.0) leaves the nulls out, and with them the rows.
        return columns[0]
    texts = [decoded(column) for column in columns]
    # And where all are null: an empty text in the first of them keeps the row.
    nothing = reduce(pc.and_, [pc.is_null(column) for column in texts])
    texts[0] = pc.if_else(nothing, "", texts[0])
    concatenated = pc.binary_join_element_wise(*texts, between, null_handling="skip")
    return pc.if_else(pc.equal(concatenated, ""), pa.scalar(None, pa.string()), concatenated)


def lists(columns: list[pa.Array], separators: tuple[str, ...] = ()) -> pa.Array:
    """Return the texts of several columns as a list a row, each text once, those that are null left out.

    Each of `separators`, signs and words as `actors.tokens` gives them, parts a text into several.
    """
    encoded = pa.chunked_array([coded(column) for column in columns]).unify_dictionaries().combine_chunks()
    count = len(columns[0])
    # Column after column becomes row after row.
    order = np.arange(len(encoded)).reshape(len(columns), count).T.ravel()
    rows = encoded.take(pa.array(order))
    members, numbers, first = _members(encoded.dictionary.to_pylist(), separators)
    cell = rows.indices.to_numpy(zero_copy_only=False)
    valid = np.flatnonzero(rows.is_valid().to_numpy(zero_copy_only=False))
    cell = cell[valid].astype(np.int64)
    sizes = np.diff(first)[cell]
    # The members of each cell, one after another: where it begins, and how far in.
    step = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    member = numbers[np.repeat(first[cell], sizes) + step]
    row = np.repeat(valid // len(columns), sizes)
    _, once = np.unique(row * max(1, len(members)) + member, return_index=True)
    once.sort()
    ends = np.concatenate([[0], np.cumsum(np.bincount(row[once], minlength=count))])
    texts = recoded(pa.array(member[once]), pa.array(members, pa.string()))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), decoded(texts))


def _members(
    texts: Sequence[str], separators: tuple[str, ...]
) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct members that texts name, the number of each of a text's, and where each text's begin."""
    trimmed_parts = [actors.split(text, separators) for text in texts]
    members = list(dict.fromkeys(part for parts in trimmed_parts for part in parts))
    number = {member: at for at, member in enumerate(members)}
    numbers = np.array([number[part] for parts in trimmed_parts for part in parts], dtype=np.int64)
    return members, numbers, np.concatenate([[0], np.cumsum([len(parts) for parts in trimmed_parts])]).astype(np.int64)
