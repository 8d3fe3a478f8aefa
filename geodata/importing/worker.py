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
from geodata.formats import registry
from geodata.formats.column_types import ColumnType, of_value
from geodata.formats.dataset import Dataset, Row, batched
from geodata.importing import delimited
from geodata.importing.delimited import ROW, Dialect
from geodata.importing.inference import Inference
from geodata.messages import Message

GEOMETRY = "geometry"
TEXT = "text"
"""The format of all tables of text."""
SHEET = "xlsx"
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
    if name == SHEET:
        from geodata.importing import sheet

        return sheet.read(path, options.get("part"))
    parts: Sequence[Dataset] = registry.FORMATS[name].module.load(path)
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
    header = delimited.unique(list(dict.fromkeys([*(name for name in part_.types if name in names), *names])))
    types = {name: part_.types.get(name) or _type(rows, name) for name in header}
    metadata = {
        "header": header,
        "parts": layers,
        "part": wanted,
        "types": {name: kind.to_dict() for name, kind in types.items()},
        "geometry": part_.geometry_name,
        "shapes": any(row.geometry is not None for row in rows),
    }
    return metadata, _features(rows, header, types)


def _cell(row: Row, name: str) -> Any:
    return row.properties.get(name, row.id if name == "id" else None)


def _type(rows: Sequence[Row], name: str) -> ColumnType:
    """Return the type of a column by the types of its values; texts that are all dates or times are those."""
    values = [cell for row in rows if (cell := _cell(row, name)) is not None]
    names = {kind for kind in map(of_value, values) if kind is not None}
    if names == {"text"} and all(isinstance(cell, str) for cell in values):
        inference = Inference()
        inference.take([(name, pa.array(set(values), pa.string()))])
        inferred = inference.types([name])[name]
        return inferred if inferred.name in ("date", "timestamp") else _PLAIN
    if names == {"integer", "number"}:
        return ColumnType("number")
    return ColumnType(names.pop()) if len(names) == 1 else ColumnType(mixed=bool(names))


def _features(rows: Sequence[Row], header: Sequence[str], types: Mapping[str, ColumnType]) -> Iterator[pa.RecordBatch]:
    number = 1
    for batch in batched(rows, ROWS):
        texts = [[_text(_cell(row, name), types[name]) for row in batch] for name in header]
        shapes = [None if row.geometry is None else shapely.to_wkb(row.geometry, output_dimension=2) for row in batch]
        columns = [pa.array(column, pa.string()) for column in texts]
        cells = pa.RecordBatch.from_arrays(columns, names=list(header))
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
