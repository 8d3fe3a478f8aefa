"""Columns of text worked on by their distinct values: a table of a million rows has few dates, names and types."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.formats.coordinates import plainly
from geodata.importing.folding import fold_all

T = TypeVar("T")
_NUMBER = re.compile(r"[-+]?(?:\d+(?:[ \u00a0']\d{3})*|\d{1,3}(?:,\d{3})+)(?:[.,]\d+)?\Z")
PLAIN_NUMBER = r"^[-+]?[0-9]{1,15}(\.[0-9]{0,17})?([eE][-+]?[0-9]{1,2})?$"
_ARABIC_LETTER = re.compile("[\u0621-\u064a\u0671-\u06d3]")


def each(column: pa.Array, function: Callable[[str], T], missing: T) -> list[T]:
    """Return what `function` makes of each text (n); `missing` for null. It is called once for each distinct text."""
    coded = column.dictionary_encode()
    made = [function(text) for text in coded.dictionary.to_pylist()]
    return [missing if at is None else made[at] for at in coded.indices.to_pylist()]


def mapped(column: pa.Array, function: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
    """Return what `function` makes of each text, null where that is None, as a column of a type."""
    coded = column.dictionary_encode()
    made = pa.array([function(text) for text in coded.dictionary.to_pylist()], kind)
    return made.take(coded.indices)


def trimmed(column: pa.Array) -> pa.Array:
    """Return texts without the blanks around them; what is empty then is null."""
    bare = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(bare, ""), pa.scalar(None, pa.string()), bare)


def number(text: str) -> float | None:
    """Return a number as people write it (1,234 · 1 234 · 12,5 · ١٢); None for anything else."""
    plain = plainly(text)
    if not _NUMBER.match(plain):
        return None
    plain = re.sub(r"[ \u00a0']", "", plain)
    if re.match(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?\Z", plain):
        plain = plain.replace(",", "")
    return float(plain.replace(",", "."))


def count(text: str) -> int | None:
    """Return a count of people: a whole number, not negative; None for anything else."""
    value = number(text)
    return None if value is None or value < 0 or not value.is_integer() or value >= 2**53 else int(value)


def floats(column: pa.Array) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return plain decimal numbers (n, NaN elsewhere), and which texts are of that kind (n)."""
    plain = pc.fill_null(pc.match_substring_regex(column, PLAIN_NUMBER), False)
    values = pc.if_else(plain, column, pa.scalar(None, pa.string())).cast(pa.float64())
    # A copy: what Arrow gives cannot be written to.
    return np.array(values.to_numpy(zero_copy_only=False)), plain.to_numpy(zero_copy_only=False)


def is_arabic(text: str) -> bool:
    """Tell whether a text is written in Arabic script."""
    return bool(_ARABIC_LETTER.search(text))


def folded(column: pa.Array) -> pa.Array:
    """Return texts as arabic.fold gives them; null stays null."""
    made = pa.array(fold_all(column.fill_null("").to_pylist()), pa.string())
    return pc.if_else(column.is_valid(), made, pa.scalar(None, pa.string()))


def folded_distinct(column: pa.Array) -> pa.Array:
    """Return texts as arabic.fold gives them, each distinct one folded once; null stays null."""
    coded = column.dictionary_encode()
    return pa.array(fold_all(coded.dictionary.to_pylist()), pa.string()).take(coded.indices)


def joined(columns: list[pa.Array], between: str) -> pa.Array:
    """Return the texts of several columns as one, those that are null left out; null where all are."""
    if len(columns) == 1:
        # Of a single column pyarrow (26.0) leaves the nulls out, and with them the rows.
        return columns[0]
    made = pc.binary_join_element_wise(*columns, between, null_handling="skip")
    return pc.if_else(pc.equal(made, ""), pa.scalar(None, pa.string()), made)


def lists(columns: list[pa.Array]) -> pa.Array:
    """Return the texts of several columns as a list a row, those that are null left out."""
    held = pa.chunked_array(columns).combine_chunks()
    count = len(columns[0])
    # Column after column becomes row after row.
    order = np.arange(len(held)).reshape(len(columns), count).T.ravel()
    rows = held.take(pa.array(order))
    known = rows.is_valid().to_numpy(zero_copy_only=False)
    ends = np.concatenate([[0], np.cumsum(known.reshape(count, -1).sum(axis=1))])
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), rows.drop_null())
