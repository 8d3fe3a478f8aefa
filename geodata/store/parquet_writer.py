"""The files of a large layer as they are written: row groups, boxes, days, and the manifest over them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from geodata.formats.column_types import TEXT
from geodata.store import event_schema
from geodata.store.geojson_store import digest
from geodata.store.parquet import Stored
from geodata.store.prefetch import ahead

GROUP = 20_000
"""Rows a row group: one is read to show one event."""
PART = 100_000
"""Rows a file: an edit writes the one anew that it is in."""
DISTINCT = ("id", "notes", "search", event_schema.GEOMETRY)
"""Columns in which hardly anything comes twice: no list of what is different is tried."""
POINT_BYTES = 21
"""Of a point without a height in WKB; no other geometry has as few but an empty one."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Part:
    """A written file: its rows, the box of their geometries (degrees) and first and last day, None where unknown."""

    path: Path
    sha256: str
    rows: int
    bbox: Box | None
    time: tuple[str, str] | None


def write(tables: Iterable[pa.Table], original: event_schema.Columns, folder: Path) -> list[Part]:
    """Write rows of `flat.schema(original)`, in the order they come, as files in a folder; one at least."""
    groups = ahead(map(_compact, _alike(_grouped(tables))))
    made: list[_File] = []
    digests: list[Future[str]] = []
    with ThreadPoolExecutor(1, thread_name_prefix="digest") as pool:
        while not made or made[-1].rows == PART:
            file = _file(islice(groups, PART // GROUP), original, folder / f"part-{len(made)}.parquet")
            if made and not file.rows:
                file.path.unlink()
                break
            made.append(file)
            digests.append(pool.submit(digest, file.path))
        known = zip(made, digests, strict=True)
        return [Part(one.path, sha.result(), one.rows, one.bbox, one.time) for one, sha in known]


def _alike(groups: Iterator[pa.Table]) -> Iterator[pa.Table]:
    schema = None
    for group in groups:
        schema = schema or group.schema
        yield group.cast(schema)


def _grouped(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    held: list[pa.Table] = []
    rows = 0
    for table in tables:
        held.append(table)
        rows += len(table)
        while rows >= GROUP:
            whole = pa.concat_tables(held).unify_dictionaries()
            yield whole.slice(0, GROUP)
            held, rows = [whole.slice(GROUP)], rows - GROUP
    if rows:
        yield pa.concat_tables(held).unify_dictionaries()


@dataclass
class _File:
    path: Path
    rows: int = 0
    bbox: Box | None = None
    time: tuple[str, str] | None = None


def _file(groups: Iterator[pa.Table], original: event_schema.Columns, path: Path) -> _File:
    made, kinds = _File(path), set[str]()
    first = next(groups, event_schema.schema(original).empty_table())
    with _writer(path, first.schema) as writer:
        for group in chain([first], groups):
            writer.write_table(group, row_group_size=GROUP)
            made.rows += len(group)
            made.bbox = _around(made.bbox, _box(group.column(event_schema.BBOX)))
            made.time = _span(made.time, _days(group))
            kinds |= _kinds(group.column(event_schema.GEOMETRY))
        writer.add_key_value_metadata({"geo": json.dumps(_geo(made.bbox, kinds))})
    return made


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Return what writes rows whose texts may be coded: the file is the same, and read as if they were not."""
    leaves = [leaf for field in schema for leaf in _leaves(field)]
    plain = event_schema.schema(())
    texts = {
        leaf
        for field in plain
        if field.type in (pa.string(), pa.binary(), event_schema.TEXTS)
        for leaf in _leaves(field)
    }
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=1,
        store_schema=False,
        use_dictionary=[leaf for leaf in leaves if leaf not in DISTINCT],
        # Least and most are asked of days, positions and numbers, never of texts.
        write_statistics=[leaf for leaf in leaves if not leaf.startswith(event_schema.ORIGINAL) and leaf not in texts],
    )


def _leaves(field: pa.Field) -> list[str]:
    """Return the paths of the columns that Parquet keeps of a field."""
    if pa.types.is_list(field.type):
        return [f"{field.name}.list.element"]
    if pa.types.is_struct(field.type):
        return [f"{field.name}.{one.name}" for one in field.type]
    return [field.name]


def _compact(table: pa.Table) -> pa.Table:
    """Return rows whose coded texts are those that are there, in the order in which they come, as the writer codes."""
    for at, column in enumerate(table.schema):
        if pa.types.is_dictionary(column.type):
            held = table.column(at).combine_chunks()
            used = held.indices.dictionary_encode()
            made = pa.DictionaryArray.from_arrays(used.indices, held.dictionary.take(used.dictionary))
            table = table.set_column(at, column, made)
    return table


def _box(held: pa.ChunkedArray) -> Box | None:
    if held.null_count == len(held):
        return None
    ends = [pc.struct_field(held, name) for name in event_schema.BOX]
    return pc.min(ends[0]).as_py(), pc.min(ends[1]).as_py(), pc.max(ends[2]).as_py(), pc.max(ends[3]).as_py()


def _around(one: Box | None, other: Box | None) -> Box | None:
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _days(group: pa.Table) -> tuple[str, str] | None:
    first, last = pc.min(group.column("date_start")).as_py(), pc.max(group.column("date_end")).as_py()
    return None if first is None or last is None else (first.isoformat(), last.isoformat())


def _span(one: tuple[str, str] | None, other: tuple[str, str] | None) -> tuple[str, str] | None:
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


def _kinds(held: pa.ChunkedArray) -> set[str]:
    wkb = held.drop_null()
    if not len(wkb) or pc.all(pc.equal(pc.binary_length(wkb), POINT_BYTES)).as_py():
        return {"Point"} if len(wkb) else set()
    return {shape.geom_type for shape in shapely.from_wkb(np.array(wkb.to_pylist(), dtype=object))}


def _geo(box: Box | None, kinds: set[str]) -> dict[str, Any]:
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": sorted(kinds)}
    if box is not None:
        column["bbox"] = list(box)
        column["covering"] = {"bbox": {name: [event_schema.BBOX, name] for name in event_schema.BOX}}
    return {"version": "1.1.0", "primary_column": event_schema.GEOMETRY, "columns": {event_schema.GEOMETRY: column}}


def parts_of(stored: Stored) -> list[Part]:
    """Return the files of a version, as they were written."""
    made = []
    for path, told in zip(stored.paths, stored.manifest["parts"], strict=True):
        box, time = told["bbox"], told["time"]
        made.append(Part(path, told["sha256"], told["rows"], box and tuple(box), time and tuple(time)))
    return made


def manifest_of(layer: str, original: event_schema.Columns, parts: Sequence[Part], **counts: Any) -> bytes:
    """Return the manifest of files, in their order; `counts` is what was counted of all rows."""
    box, time = None, None
    for part in parts:
        box, time = _around(box, part.bbox), _span(time, part.time)
    types = original if isinstance(original, Mapping) else {}
    typed = {name: kind.to_dict() for name, kind in types.items() if kind != TEXT}
    value = {
        "schema": 1,
        "layer": layer,
        "rows": sum(part.rows for part in parts),
        "bbox": box,
        "time": time,
        "original": list(original),
        "parts": [{"sha256": one.sha256, "rows": one.rows, "bbox": one.bbox, "time": one.time} for one in parts],
        # Without any it is the manifest of before there were types, byte for byte.
        **({"types": typed} if typed else {}),
        **counts,
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
