"""Read an untrusted file as batches, sandboxed: `python -m geodata.importing.worker FORMAT OPTIONS FILE`.

It sends an Arrow stream: every column of the file as text under `c:<name>`, the number of the row, whether it fits the
header, and a geometry where the format has one; the metadata of the file are in the stream's metadata.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, NoReturn

import pyarrow as pa
import shapely

from geodata import sandbox
from geodata.errors import BadData, MasafaError, NotFound
from geodata.formats import json_records, registry
from geodata.formats.column_types import ColumnType
from geodata.formats.dataset import Dataset, Row, batched
from geodata.formats.json_records import Records
from geodata.importing import delimited, record_batches
from geodata.importing.delimited import ROW, Dialect
from geodata.importing.value_types import ValueTypes
from geodata.messages import Message

GEOMETRY = "geometry"
TEXT = "text"
"""The format of all tables of text."""
SHEET = "xlsx"
SHEETS = (SHEET, "ods")
"""The formats of spreadsheets."""
ROWS = 5_000
_PLAIN = ColumnType()
BROKEN = -1
"""The number of a row that says, in its first column, why there are no more."""


def main(name: str, options: str, path: Path, stream: IO[bytes]) -> None:
    """Read a file and send its rows; an error of the file is sent as an error message."""
    try:
        metadata, batches = _read(name, json.loads(options), path)
        first = next(batches, None)
        if first is None:
            raise BadData("", "no_rows")
    except Exception as error:
        _complain(stream, _why(error))
        return
    schema = first.schema.with_metadata({"told": json.dumps(metadata)})
    # Whatever goes wrong from here on is the last batch, or ends the process with another code than 0: a stream that
    # ends without either is whole.
    with pa.ipc.new_stream(stream, schema) as sink:
        for batch in _checked(first, batches):
            sink.write_batch(batch.replace_schema_metadata(schema.metadata))
            # Flushed now: the last bytes must not wait for the next batch.
            stream.flush()


def _checked(first: pa.RecordBatch, others: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    try:
        yield from others
    except Exception as error:
        yield _broken(first.schema, _why(error))


def _why(error: Exception) -> Message:
    if isinstance(error, BadData):
        return Message("data.at", pointer=error.pointer, reason=error.reason) if error.pointer else error.reason
    if isinstance(error, MasafaError):
        return error.message
    if isinstance(error, MemoryError):
        return Message("data.memory")
    # A library failed on the file: report the type of the error without a traceback.
    return Message("data.failed", error=type(error).__name__)


def _broken(schema: pa.Schema, why: Message) -> pa.RecordBatch:
    cells = [pa.array([None], field.type) for field in schema]
    at = schema.get_field_index(ROW)
    cells[at] = pa.array([BROKEN], pa.int64())
    cells[0] = pa.array([json.dumps(why.to_dict())], schema.field(0).type)
    return pa.RecordBatch.from_arrays(cells, schema=schema)


def _complain(stream: IO[bytes], why: Message) -> None:
    schema = pa.schema([pa.field(ROW, pa.int64())], metadata={"error": json.dumps(why.to_dict())})
    with pa.ipc.new_stream(stream, schema):
        pass


def _read(name: str, options: Mapping[str, Any], path: Path) -> tuple[dict[str, Any], Iterator[pa.RecordBatch]]:
    if name == TEXT:
        how = delimited.detect_dialect(path, Dialect(options.get("encoding"), options.get("delimiter")))
        return asdict(how), delimited.batches(path, how)
    if name in SHEETS:
        from geodata.importing import sheet

        return sheet.read(path, options.get("part"), registry.READABLE[name].module)
    parts: Sequence[Dataset]
    if name in json_records.BY_CONTENT:
        source = json_records.opened(path, options.get("part"))
        if isinstance(source, Records):
            return record_batches.read(source)
        name, parts = source
    else:
        parts = registry.READABLE[name].module.load(path)
    layers = [part.metadata.layer for part in parts]
    wanted = options.get("part") or layers[0]
    if wanted not in layers:
        raise NotFound("layer", wanted, layers)
    part_ = parts[layers.index(wanted)]
    rows = list(part_.rows)
    names = dict.fromkeys(column for row in rows for column in row.properties)
    if "id" not in names and any(row.id is not None for row in rows):
        names = {"id": None, **names}
    # A file with a schema has an order of columns; in others it is the order of first appearance.
    keys = list(dict.fromkeys([*(name for name in part_.types if name in names), *names]))
    # Without the blanks around them two may be the same.
    columns = dict(zip(delimited.unique(keys), keys, strict=True))
    types = {name: part_.types.get(key) or _type(rows, key) for name, key in columns.items()}
    metadata = {
        "format": name,
        "header": list(columns),
        "parts": layers,
        "part": wanted,
        "types": {name: kind.to_dict() for name, kind in types.items()},
        "geometry": part_.geometry_name,
        "crs": part_.crs,
        "shapes": any(row.geometry is not None for row in rows),
    }
    return metadata, _features(rows, columns, types)


def _cell(row: Row, name: str) -> Any:
    return row.properties.get(name, row.id if name == "id" else None)


def _type(rows: Sequence[Row], name: str) -> ColumnType:
    types = ValueTypes()
    types.take(name, (_cell(row, name) for row in rows))
    return types.type(name)


def _features(
    rows: Sequence[Row], header: Mapping[str, str], types: Mapping[str, ColumnType]
) -> Iterator[pa.RecordBatch]:
    """Yield rows by the names of their columns, and the key of each in the properties of a row."""
    number = 1
    for batch in batched(rows, ROWS):
        texts = [[_text(_cell(row, key), types[name]) for row in batch] for name, key in header.items()]
        shapes = [None if row.geometry is None else shapely.to_wkb(row.geometry, output_dimension=2) for row in batch]
        columns = [pa.array(column, pa.string()) for column in texts]
        # A struct of no fields has a length, which a batch of no columns has not.
        of_shapes_alone = pa.array([{}] * len(batch), pa.struct([]))
        cells = (
            pa.RecordBatch.from_arrays(columns, names=list(header))
            if header
            else pa.RecordBatch.from_struct_array(of_shapes_alone)
        )
        marked = delimited.marked(cells, range(number, number + len(batch)), ragged=False)
        yield marked.append_column(GEOMETRY, pa.array(shapes, pa.binary()))
        number += len(batch)


def _text(value: Any, kind: ColumnType = _PLAIN) -> str | None:
    if value is None or isinstance(value, str | int | float):
        return kind.text(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def start(words: Sequence[str]) -> NoReturn:
    """Limit this process, read a file in a format by options, send its rows, and end."""
    sandbox.limit()
    main(words[0], words[1], Path(words[2]), sys.stdout.buffer)
    sandbox.leave(sys.stdout.buffer)


if __name__ == "__main__":
    start(sys.argv[1:])
