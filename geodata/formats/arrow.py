"""Rows as Arrow batches of flat columns and a geometry in WKB: what GeoPackage, Shapefile, FlatGeobuf and GeoParquet
are written from, and read back through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.errors import BadData, BadValue
from geodata.formats.column_types import TEXT, ColumnType, iso
from geodata.formats.columns import Column, restored
from geodata.formats.dataset import CRS84, Metadata, Row, batched
from geodata.formats.geojson_text import array_of
from geodata.messages import one_of

if TYPE_CHECKING:
    import pyarrow

GEOMETRY = "geometry"
ZONES = {f"EPSG:{32600 + zone}": f"UTM {zone}N" for zone in (36, 37, 38, 39)}
SYSTEMS = {CRS84: "longitude, latitude", "EPSG:4326": "longitude, latitude", "EPSG:3857": "Web Mercator", **ZONES}
MERCATOR_LIMIT = 85.06
"""Web Mercator ends here; the poles lie at infinity."""
_REACH = 9.0
"""Degrees from a UTM zone's central meridian within which its northings and eastings keep their metres."""

_NARROW = ("int8", "int16", "int32", "uint8", "uint16", "uint32", "float")
"""Arrow's names of the narrower types of numbers."""

Floats = NDArray[np.float64]


def system(name: str) -> str:
    """Return the normalized name of a coordinate reference system; raises BadValue for one that is not offered."""
    code = name.strip().upper().removeprefix("OGC:")
    code = f"EPSG:{code}" if code.isdigit() else code
    if code not in SYSTEMS:
        raise BadValue("crs", name, one_of(SYSTEMS))
    return code


def code(name: str) -> str:
    """Return what GDAL and pyproj call a system; CRS84 and EPSG:4326 differ by axis order, and files have x, y."""
    return "EPSG:4326" if name == CRS84 else name


def projector(name: str) -> Callable[[NDArray[np.object_]], NDArray[np.object_]]:
    """Return a function that projects WGS84 geometries into a system, vertex by vertex."""
    if code(name) == "EPSG:4326":
        return lambda shapes: shapes
    import pyproj

    transformer = pyproj.Transformer.from_crs("EPSG:4326", name, always_xy=True)

    def flat(xy: Floats) -> Floats:
        _reachable(name, xy)
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    return lambda shapes: np.asarray(shapely.transform(shapes, flat), dtype=object)


def _reachable(name: str, xy: Floats) -> None:
    if not len(xy):
        return
    if name in ZONES:
        middle = (int(name[-2:]) - 30) * 6 - 3
        if np.abs(xy[:, 0] - middle).max() > _REACH or xy[:, 1].min() < -1:
            raise BadValue("crs", name, "northern_zone", degrees=f"{_REACH:g}", meridian=middle)
    elif np.abs(xy[:, 1]).max() > MERCATOR_LIMIT:
        raise BadValue("crs", name, "mercator_latitudes", degrees=MERCATOR_LIMIT)


def free_name(wanted: str, columns: Iterable[Column]) -> str:
    """Return a name that no column has, ignoring case: `wanted`, with underscores appended where it is in use."""
    names = {column.name.lower() for column in columns}
    while wanted.lower() in names:
        wanted += "_"
    return wanted


def schema(
    columns: Sequence[Column],
    short: bool = False,
    metadata: Mapping[str, str] | None = None,
    geometry: str = GEOMETRY,
) -> pyarrow.Schema:
    """Return the Arrow schema of the columns and a geometry of this name that says it is WKB."""
    import pyarrow as pa

    fields = [_field(column, column.short if short else column.name) for column in columns]
    wkb = pa.field(geometry, pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
    return pa.schema([*fields, wkb], metadata=metadata)


def arrow_type(kind: ColumnType, narrow: bool = False) -> pyarrow.DataType:
    """Return the Arrow type that holds a column; where `narrow`, of as few bits as its file had."""
    import pyarrow as pa

    if narrow and kind.physical in _NARROW:
        return pa.type_for_alias(kind.physical)
    zone = {None: None, "Z": "UTC"}.get(kind.zone, kind.zone)
    types = {
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us", zone),
    }
    return types.get(kind.name, pa.string())


def _field(column: Column, name: str) -> pyarrow.Field:
    import pyarrow as pa

    if column.type is None:
        return pa.field(name, arrow_type(ColumnType(column.kind)))
    # By these names GDAL hands on what Arrow has no type for.
    physical = {"GDAL:OGR:width": column.type.width, "GDAL:OGR:subtype": column.type.subtype}
    metadata = {key: str(value) for key, value in physical.items() if value}
    return pa.field(name, arrow_type(column.type, narrow=True), metadata=metadata or None)


def types_of(schema: pyarrow.Schema) -> dict[str, ColumnType]:
    """Return the types of a file's columns by their Arrow schema, as GDAL or Parquet gives it."""
    return {field.name: _type_of(field) for field in schema}


def _type_of(field: pyarrow.Field) -> ColumnType:
    import pyarrow as pa

    kind, metadata = field.type, field.metadata or {}
    physical = str(kind) if str(kind) in _NARROW else None
    if pa.types.is_integer(kind):
        return TEXT if kind == pa.uint64() else ColumnType("integer", physical=physical)
    if pa.types.is_floating(kind):
        return ColumnType("number", physical=physical)
    if pa.types.is_boolean(kind):
        return ColumnType("boolean")
    if pa.types.is_date(kind):
        return ColumnType("date")
    if pa.types.is_timestamp(kind) and (kind.tz is None or kind.tz == "UTC" or kind.tz[0] in "+-"):
        return ColumnType("timestamp", zone="Z" if kind.tz in ("UTC", "+00:00") else kind.tz)
    width = metadata.get(b"GDAL:OGR:width", b"").decode()
    return ColumnType(
        width=int(width) if width.isdecimal() else None, subtype=metadata.get(b"GDAL:OGR:subtype", b"").decode() or None
    )


def batches(
    rows: Iterable[Row],
    metadata: Metadata,
    columns: Sequence[Column],
    schema: pyarrow.Schema,
    project: Callable[[NDArray[np.object_]], NDArray[np.object_]],
) -> Iterator[pyarrow.RecordBatch]:
    """Yield rows as Arrow batches of a schema returned by `schema()`."""
    import pyarrow as pa

    for batch in batched(rows):
        shapes = project(array_of([row.geometry for row in batch]))
        wkb = shapely.to_wkb(shapes, flavor="iso")
        cells = [[column.value(row, metadata) for row in batch] for column in columns]
        arrays = [
            pa.array(_typed(values, column), type=field.type)
            for values, column, field in zip(cells, columns, schema, strict=False)
        ]
        yield pa.record_batch([*arrays, pa.array(list(wkb), type=pa.binary())], schema=schema)


def _typed(values: list[Any], column: Column) -> list[Any]:
    if column.kind == "text":
        return [None if value is None else encodable(value) for value in values]
    if column.kind == "date":
        return [None if value is None else date.fromisoformat(value) for value in values]
    if column.kind == "timestamp":
        return [None if value is None else datetime.fromisoformat(value) for value in values]
    if column.kind == "boolean":
        return values
    return [None if value is None else float(value) if column.kind == "number" else round(value) for value in values]


def encodable(text: str) -> str:
    """Return a text that UTF-8 can hold: half a surrogate pair, which only JSON can spell, becomes a sign of loss."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def rows_from(table: Mapping[str, Sequence[Any]], shapes: Iterable[Any]) -> list[Row]:
    """Return the rows of a table of columns, with their geometries."""
    names = list(table)
    rows = []
    for index, shape in enumerate(shapes):
        id_, properties = restored({name: _json_value(table[name][index]) for name in names})
        rows.append(Row(id_, shape, properties))
    return rows


def _json_value(value: Any) -> Any:
    """Return a cell as a JSON value: None for what is missing, text for what has no JSON."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(item) for item in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return iso(value)
    return str(value)


def in_wgs84(shapes: NDArray[np.object_], crs: Any) -> NDArray[np.object_]:
    """Transform geometries from a system (anything that pyproj accepts; None is WGS84) to WGS84."""
    import pyproj

    if crs is None:
        return shapes
    source = pyproj.CRS.from_user_input(crs)
    if source.is_geographic and source.to_epsg(min_confidence=25) in (4326, None) and "84" in source.name:
        return shapes
    transformer = pyproj.Transformer.from_crs(source, "EPSG:4326", always_xy=True)
    return np.asarray(
        shapely.transform(shapes, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))), dtype=object
    )


def known_crs(*systems: Any) -> Any:
    """Return the first of several names of a system that pyproj knows; raises BadData where it knows none."""
    import pyproj

    for name in systems:
        try:
            return pyproj.CRS.from_user_input(name)
        except pyproj.exceptions.CRSError:
            continue
    raise BadData("", "unknown_crs", crs=str(systems[0])[:80])
