"""JSON records as batches of cells: read once for the columns and their types, once more for the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from geodata.errors import BadData
from geodata.formats import json_flat
from geodata.formats.column_types import ColumnType
from geodata.formats.dataset import batched
from geodata.formats.json_flat import Path
from geodata.formats.json_records import Records
from geodata.importing import delimited
from geodata.importing.table_header import MAX_COLUMNS
from geodata.importing.value_types import ValueTypes, array_of_texts

ROWS = 5_000


def read(source: Records) -> tuple[dict[str, Any], Iterator[pa.RecordBatch]]:
    """Return the metadata of records and their rows; raises BadData for what is no record, or has too many columns."""
    paths: dict[Path, None] = {}
    types = ValueTypes()
    for batch in batched(map(json_flat.flat, source.read()), ROWS):
        for row in batch:
            paths |= dict.fromkeys(row)
            if len(paths) > MAX_COLUMNS:
                # Objects whose keys are ids make a column of each.
                raise BadData("", "too_many_columns", count=len(paths), most=MAX_COLUMNS)
        for at, path in enumerate(paths):
            types.take(str(at), [row.get(path) for row in batch])
    if not paths:
        raise BadData("", "no_rows")
    names = json_flat.column_names(paths)
    kinds = {name: types.type(str(at)) for at, name in enumerate(names.values())}
    metadata = {
        "format": "json_records",
        "header": list(kinds),
        "parts": list(source.paths),
        "part": source.path,
        "types": {name: kind.to_dict() for name, kind in kinds.items()},
        "shapes": False,
    }
    return metadata, _batches(source, names, kinds)


def _batches(source: Records, names: Mapping[Path, str], kinds: Mapping[str, ColumnType]) -> Iterator[pa.RecordBatch]:
    number = 1
    for rows in batched(map(json_flat.flat, source.again()), ROWS):
        if any(not row.keys() <= names.keys() for row in rows):
            raise BadData("", "changed_while_read")
        texts = [[kinds[name].text(row.get(path)) for row in rows] for path, name in names.items()]
        cells = pa.RecordBatch.from_arrays([array_of_texts(column) for column in texts], names=list(kinds))
        yield delimited.marked(cells, range(number, number + len(rows)), ragged=False)
        number += len(rows)
