"""GeoParquet 1.1: flat columns, geometry as WKB, provenance in the file's key-value metadata."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geodata.errors import BadData
from geodata.formats import arrow
from geodata.formats.columns import chosen
from geodata.formats.dataset import CRS84, Dataset, Metadata, Options
from geodata.formats.gdal import MEMBER
from geodata.formats.geojson_text import Box
from geodata.settings import MAX_DEPTH

GROUP = 50_000
"""Rows a row group, at most."""


def save(parts: Sequence[Dataset], stream: IO[bytes], options: Options) -> list[str]:
    """Write one part."""
    part = parts[0]
    columns = chosen(options.fields, options.original, options.types)
    about = json.dumps(part.metadata.to_dict(), ensure_ascii=False)
    name = arrow.free_name(arrow.GEOMETRY, columns)
    schema = arrow.schema(columns, metadata={MEMBER: about}, geometry=name)
    box, kinds = Box(), set()
    project = arrow.projector(options.crs)
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        waiting: list[Any] = []
        for batch in arrow.batches(part.rows, part.metadata, columns, schema, project):
            shapes = shapely.from_wkb(np.array(batch.column(name).to_pylist(), dtype=object))
            box.take(shapes)
            kinds |= {shape.geom_type for shape in shapes if shape is not None}
            waiting.append(batch)
            if sum(pending.num_rows for pending in waiting) >= GROUP:
                writer.write_table(pa.Table.from_batches(waiting))
                waiting = []
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting))
        writer.add_key_value_metadata({"geo": json.dumps(_geo(name, options.crs, box, kinds))})
    return []


def _geo(name: str, crs: str, box: Box, kinds: set[str]) -> dict[str, Any]:
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": sorted(kinds), "edges": "planar"}
    if crs != CRS84:
        import pyproj

        column["crs"] = pyproj.CRS(crs).to_json_dict()
    bounds = box.to_list()
    if bounds is not None:
        column["bbox"] = bounds
    return {"version": "1.1.0", "primary_column": name, "columns": {name: column}}


def load(path: Path) -> list[Dataset]:
    """Return the rows of a file; raises BadData where it is not GeoParquet with WKB."""
    try:
        with pq.ParquetFile(path) as file:
            metadata = {key.decode(): value for key, value in (file.schema_arrow.metadata or {}).items()}
            metadata |= {key.decode(): value for key, value in (file.metadata.metadata or {}).items()}
            name, crs, edges = _primary(metadata.get("geo"))
            if name not in file.schema_arrow.names:
                raise BadData("", "geometry_column_missing", name=name)
            table = file.read()
    except (pa.ArrowException, OSError) as error:
        raise BadData("", "parquet_unreadable", error=error) from None
    try:
        shapes = shapely.from_wkb(np.array([*table[name].to_pylist(), None], dtype=object))[:-1]
    except (shapely.errors.GEOSException, TypeError) as error:
        raise BadData("", "geometry_unreadable", error=error) from None
    columns = {column: table[column].to_pylist() for column in table.column_names if column not in (name, "bbox")}
    about = replace(Metadata.from_dict(_json(metadata.get(MEMBER)), path.stem), edges=edges)
    types = {column: kind for column, kind in arrow.types_of(table.schema).items() if column in columns}
    return [Dataset(about, arrow.rows_from(columns, arrow.in_wgs84(shapes, crs)), types, name)]


def _primary(data: bytes | None) -> tuple[str, Any, str]:
    geo = _json(data)
    try:
        name = geo["primary_column"]
        column = geo["columns"][name]
        encoding = column["encoding"]
    except (TypeError, KeyError):
        raise BadData("", "geoparquet_geometry") from None
    if encoding != "WKB":
        raise BadData("", "geometry_encoding", encoding=str(encoding)[:40])
    crs = column.get("crs")
    edges = "geodesic" if column.get("edges") in ("spherical", "geodesic") else "lonlat"
    return str(name), crs if isinstance(crs, dict) else None, edges


def _json(data: bytes | None) -> Any:
    if data is None or data.count(b"[") + data.count(b"{") > MAX_DEPTH * 1000:
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None
