"""Write the files of a large layer: row groups with their boxes and days, and the manifest."""

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
"""Rows in a file: an edit rewrites one file."""
DISTINCT = ("id", "notes", "search", event_schema.GEOMETRY)
"""Columns with mostly distinct values: no dictionary encoding is tried."""
POINT_BYTES = 21
"""Of a point without a height in WKB; only empty geometries have as few."""
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
    files: list[_File] = []
    digests: list[Future[str]] = []
    with ThreadPoolExecutor(1, thread_name_prefix="digest") as pool:
        while not files or files[-1].rows == PART:
            file = _file(islice(groups, PART // GROUP), original, folder / f"part-{len(files)}.parquet")
            if files and not file.rows:
                file.path.unlink()
                break
            files.append(file)
            digests.append(pool.submit(digest, file.path))
        digested = zip(files, digests, strict=True)
        return [Part(file.path, sha.result(), file.rows, file.bbox, file.time) for file, sha in digested]


def _alike(groups: Iterator[pa.Table]) -> Iterator[pa.Table]:
    schema = None
    for group in groups:
        schema = schema or group.schema
        yield group.cast(schema)


def _grouped(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    pending: list[pa.Table] = []
    rows = 0
    for table in tables:
        pending.append(table)
        rows += len(table)
        while rows >= GROUP:
            table_ = pa.concat_tables(pending).unify_dictionaries()
            yield table_.slice(0, GROUP)
            pending, rows = [table_.slice(GROUP)], rows - GROUP
    if rows:
        yield pa.concat_tables(pending).unify_dictionaries()


@dataclass
class _File:
    path: Path
    rows: int = 0
    bbox: Box | None = None
    time: tuple[str, str] | None = None


def _file(groups: Iterator[pa.Table], original: event_schema.Columns, path: Path) -> _File:
    result, kinds = _File(path), set[str]()
    first = next(groups, event_schema.schema(original).empty_table())
    with _writer(path, first.schema) as writer:
        for group in chain([first], groups):
            writer.write_table(group, row_group_size=GROUP)
            result.rows += len(group)
            result.bbox = _around(result.bbox, _box(group.column(event_schema.BBOX)))
            result.time = _span(result.time, _days(group))
            kinds |= _kinds(group.column(event_schema.GEOMETRY))
        writer.add_key_value_metadata({"geo": json.dumps(_geo(result.bbox, kinds))})
    return result


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Return a writer of rows whose texts may be dictionary arrays: the file is the same as without."""
    leaves = [leaf for field in schema for leaf in _leaves(field)]
    basic = event_schema.schema(())
    texts = {
        leaf
        for field in basic
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
        # Statistics (minimum and maximum) are used for days, positions and numbers, never for texts.
        write_statistics=[leaf for leaf in leaves if not leaf.startswith(event_schema.ORIGINAL) and leaf not in texts],
    )


def _leaves(field: pa.Field) -> list[str]:
    """Return the paths of the Parquet columns of a field."""
    if pa.types.is_list(field.type):
        return [f"{field.name}.list.element"]
    if pa.types.is_struct(field.type):
        return [f"{field.name}.{child.name}" for child in field.type]
    return [field.name]


def _compact(table: pa.Table) -> pa.Table:
    """Return rows with minimal dictionaries, in the order of first appearance, as the writer encodes them."""
    for at, column in enumerate(table.schema):
        if pa.types.is_dictionary(column.type):
            coded = table.column(at).combine_chunks()
            used = coded.indices.dictionary_encode()
            compacted = pa.DictionaryArray.from_arrays(used.indices, coded.dictionary.take(used.dictionary))
            table = table.set_column(at, column, compacted)
    return table


def _box(boxes: pa.ChunkedArray) -> Box | None:
    if boxes.null_count == len(boxes):
        return None
    ends = [pc.struct_field(boxes, name) for name in event_schema.BOX]
    return pc.min(ends[0]).as_py(), pc.min(ends[1]).as_py(), pc.max(ends[2]).as_py(), pc.max(ends[3]).as_py()


def _around(box: Box | None, other: Box | None) -> Box | None:
    if box is None or other is None:
        return box or other
    return min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])


def _days(group: pa.Table) -> tuple[str, str] | None:
    first, last = pc.min(group.column("date_start")).as_py(), pc.max(group.column("date_end")).as_py()
    return None if first is None or last is None else (first.isoformat(), last.isoformat())


def _span(days: tuple[str, str] | None, other: tuple[str, str] | None) -> tuple[str, str] | None:
    if days is None or other is None:
        return days or other
    return min(days[0], other[0]), max(days[1], other[1])


def _kinds(geometries: pa.ChunkedArray) -> set[str]:
    wkb = geometries.drop_null()
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
    """Return the files of a version, from its manifest."""
    parts = []
    for path, member in zip(stored.paths, stored.manifest["parts"], strict=True):
        box, time = member["bbox"], member["time"]
        parts.append(Part(path, member["sha256"], member["rows"], box and tuple(box), time and tuple(time)))
    return parts


def manifest_of(layer: str, original: event_schema.Columns, parts: Sequence[Part], **counts: Any) -> bytes:
    """Return the manifest of files, in their order; `counts` are counts over all rows."""
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
        "parts": [{"sha256": file.sha256, "rows": file.rows, "bbox": file.bbox, "time": file.time} for file in parts],
        # Without types the manifest is byte for byte that of earlier versions.
        **({"types": typed} if typed else {}),
        **counts,
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
