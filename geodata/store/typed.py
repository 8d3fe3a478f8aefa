"""The columns that a file had, from the texts that stand for their values to typed columns of Arrow, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from geodata.formats.column_types import ColumnType, iso

ORIGINAL = "original."
"""Before the name of a column as the file had it."""


def with_types(table: pa.Table, types: Mapping[str, ColumnType]) -> pa.Table:
    """Return rows whose original columns, texts until now, are of these types; text where there is none."""
    return _mapped(table, {name: kind for name, kind in types.items() if kind.name != "text"}, from_texts)


def with_texts(table: pa.Table, types: Mapping[str, ColumnType]) -> pa.Table:
    """Return rows whose original columns, of these types until now, are texts."""
    return _mapped(table, {name: kind for name, kind in types.items() if kind.name != "text"}, to_texts)


def _mapped(table: pa.Table, types: Mapping[str, ColumnType], function: Any) -> pa.Table:
    # One table at the end: to replace one column after the other takes time by the square of their number.
    kinds = {f"{ORIGINAL}{name}": kind for name, kind in types.items()}
    fields, columns = list(table.schema), table.columns
    for at, field in enumerate(fields):
        if kind := kinds.get(field.name):
            columns[at] = function(columns[at].combine_chunks(), kind)
            fields[at] = pa.field(field.name, columns[at].type)
    return pa.Table.from_arrays(columns, schema=pa.schema(fields, table.schema.metadata))


def from_texts(column: pa.Array, kind: ColumnType) -> pa.Array:
    """Return the values that texts (n, coded or not) stand for; null for null and for an empty text."""
    from geodata.formats.arrow import arrow_type

    texts = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
    filled = pc.if_else(pc.equal(pc.binary_length(texts), 0), pa.scalar(None, pa.string()), texts)
    return pc.equal(filled, "true") if kind.name == "boolean" else filled.cast(arrow_type(kind))


def to_texts(column: pa.Array, kind: ColumnType) -> pa.Array:
    """Return the texts that values (n) stand for; null for null."""
    if kind.name in ("integer", "boolean", "date"):
        return column.cast(pa.string())
    distinct = column.dictionary_encode()
    texts = [_text(value, kind) for value in distinct.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(distinct.indices)


def _text(value: Any, kind: ColumnType) -> str | None:
    return iso(value) if isinstance(value, datetime) else kind.text(value)
