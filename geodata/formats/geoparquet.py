"""GeoParquet 1.1: flat columns, geometry as WKB, provenance in the file's key-value metadata.

Read are also GeoParquet 2.0, whose geometries are of Parquet's own types, and Parquet without a geometry.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from geodata.errors import BadData
from geodata.formats import arrow, json_flat
from geodata.formats.columns import chosen
from geodata.formats.dataset import CRS84, Dataset, Metadata, Options
from geodata.formats.gdal import MEMBER
from geodata.formats.geojson_text import Box
from geodata.settings import MAX_DEPTH

GROUP = 50_000
"""Rows a row group, at most."""
_WKB = (b"geoarrow.wkb", b"ogc.wkb")
_NAMES = ("geometry", "geom", "the_geom", "wkb", "wkb_geometry", "geog", "geography", "shape")
"""What columns of WKB are called."""


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


@dataclass(frozen=True)
class _Geometry:
    """The column that holds the geometry, and how it is to be understood."""

    name: str
    crs: Any = None
    """Whatever pyproj accepts; None is longitude and latitude on WGS84."""
    edges: str = "lonlat"
    declared: bool = True
    """Whether the file says so; else its name and type do, and its WKB may name a system."""


def load(path: Path) -> list[Dataset]:
    """Return the rows of a Parquet file; raises BadData where it cannot be read.

    The geometry is the one that the metadata of GeoParquet name, else a column of the types GEOMETRY and GEOGRAPHY,
    else a column of bytes that is called as one; a file without any is a table.
    """
    try:
        with pq.ParquetFile(path) as file:
            metadata = {key.decode(): value for key, value in (file.schema_arrow.metadata or {}).items()}
            metadata |= {key.decode(): value for key, value in (file.metadata.metadata or {}).items()}
            geometry = _primary(metadata["geo"]) if "geo" in metadata else _native(file, metadata) or _named(file)
            if geometry is not None and geometry.name not in file.schema_arrow.names:
                raise BadData("", "geometry_column_missing", name=geometry.name)
            table = _cells(file.read(), None if geometry is None else geometry.name)
    except (pa.ArrowException, OSError) as error:
        raise BadData("", "parquet_unreadable", error=error) from None
    shapes, types = _shapes(table, geometry), arrow.types_of(table.schema)
    columns = {column: table[column].to_pylist() for column in table.column_names if column != _name(geometry)}
    about = Metadata.from_dict(_json(metadata.get(MEMBER)), path.stem)
    about = about if geometry is None else replace(about, edges=geometry.edges)
    types = {column: kind for column, kind in types.items() if column in columns}
    return [Dataset(about, arrow.rows_from(columns, shapes), types, _name(geometry))]


def _name(geometry: _Geometry | None) -> str | None:
    return None if geometry is None else geometry.name


def _shapes(table: pa.Table, geometry: _Geometry | None) -> NDArray[np.object_]:
    """Return the geometries of a table on WGS84; None for each row where it has none."""
    if geometry is None:
        return np.full(len(table), None, dtype=object)
    try:
        shapes = shapely.from_wkb(np.array([*table[geometry.name].to_pylist(), None], dtype=object))[:-1]
    except (shapely.errors.GEOSException, TypeError) as error:
        raise BadData("", "geometry_unreadable", error=error) from None
    crs = geometry.crs
    if not geometry.declared:
        # Extended WKB, as PostGIS writes it, has the number of its system in each geometry.
        numbers = set(shapely.get_srid(shapes[~shapely.is_missing(shapes)]).tolist())
        crs = f"EPSG:{numbers.pop()}" if len(numbers) == 1 and numbers != {0} else None
    return arrow.in_wgs84(shapes, None if crs is None else arrow.known_crs(crs))


def _cells(table: pa.Table, geometry: str | None) -> pa.Table:
    """Return a table without the boxes of its geometries, of columns that Python has values for.

    The fields of a nested column are columns by their path, as those of JSON are.
    """
    boxes = [
        field.name for field in table.schema if geometry and field.name == "bbox" and pa.types.is_struct(field.type)
    ]
    table = table.drop_columns(boxes)
    for _ in range(MAX_DEPTH):
        if not any(pa.types.is_struct(kind) for kind in table.schema.types):
            break
        table = table.flatten()
    for at, (name, kind) in enumerate(zip(table.schema.names, table.schema.types, strict=True)):
        if pa.types.is_dictionary(kind):
            table = table.set_column(at, name, table.column(at).cast(kind.value_type))
        elif pa.types.is_timestamp(kind) and kind.unit == "ns":
            table = table.set_column(at, name, _in_microseconds(table.column(at)))
    return table.rename_columns(json_flat.unique(table.schema.names))


def _in_microseconds(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return times as Python and JSON have them; as texts where they are finer than that."""
    try:
        return column.cast(pa.timestamp("us", column.type.tz))
    except pa.ArrowInvalid:
        return column.cast(pa.string())


def _native(file: pq.ParquetFile, metadata: Mapping[str, bytes]) -> _Geometry | None:
    """Return the first column of the type GEOMETRY or GEOGRAPHY of Parquet itself."""
    for at in range(len(file.schema)):
        column = file.schema.column(at)
        if column.logical_type.type in ("GEOMETRY", "GEOGRAPHY") and column.path == column.name:
            crs = _json(column.logical_type.to_json().encode()) or {}
            edges = "geodesic" if column.logical_type.type == "GEOGRAPHY" else "lonlat"
            return _Geometry(column.name, _system(str(crs.get("crs") or ""), metadata), edges)
    return None


def _system(text: str, metadata: Mapping[str, bytes]) -> Any:
    """Return the system that a native type names: a number, a key of the metadata, or PROJJSON itself."""
    kind, _, rest = text.partition(":")
    if kind == "projjson":
        return _json(metadata.get(rest)) or text
    if kind == "srid":
        return f"EPSG:{rest}"
    return _json(text.encode()) if text.startswith("{") else text or None


def _named(file: pq.ParquetFile) -> _Geometry | None:
    """Return the column that says it is WKB, else the first one of bytes that is called as a geometry is."""
    binary = {field.name: field.metadata or {} for field in file.schema_arrow if _is_binary(field.type)}
    marked = [name for name, about in binary.items() if about.get(b"ARROW:extension:name") in _WKB]
    called = [name for name in binary if name.strip().lower() in _NAMES]
    name = next(iter([*marked, *called]), None)
    return None if name is None else _Geometry(name, declared=False)


def _is_binary(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind))


def _primary(data: bytes | None) -> _Geometry:
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
    return _Geometry(str(name), crs if isinstance(crs, dict) else None, edges)


def _json(data: bytes | None) -> Any:
    if data is None or data.count(b"[") + data.count(b"{") > MAX_DEPTH * 1000:
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None
