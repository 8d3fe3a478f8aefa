"""Conversion of events to rows and back: the schema with the name and type of every stored property."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from geodata.formats.arrow import arrow_type
from geodata.formats.column_types import TEXT, ColumnType, iso
from geodata.model import COMMON, Feature
from geodata.store.typed import ORIGINAL as ORIGINAL

Columns = Iterable[str] | Mapping[str, ColumnType]
"""The columns that a file had."""

GEOMETRY = "geometry"
BBOX = "bbox"
BOX = ("xmin", "ymin", "xmax", "ymax")
TEXTS = pa.list_(pa.string())
FIELDS: tuple[pa.Field, ...] = (
    pa.field("id", pa.string(), nullable=False),
    pa.field("row", pa.int64()),
    pa.field("name_en", pa.string()),
    pa.field("name_ar", pa.string()),
    pa.field("kind", pa.string()),
    pa.field("category", pa.string()),
    pa.field("actors", TEXTS),
    pa.field("reported_by", pa.string()),
    pa.field("country", pa.string()),
    pa.field("admin1", pa.string()),
    pa.field("country_id", pa.string()),
    pa.field("governorate", pa.string()),
    pa.field("notes", pa.string()),
    pa.field("lon", pa.float64()),
    pa.field("lat", pa.float64()),
    pa.field("coordinateUncertaintyInMeters", pa.float64()),
    pa.field("precision", pa.string()),
    pa.field("area", pa.string()),
    pa.field("placeholder", pa.bool_()),
    pa.field("date_start", pa.date32()),
    pa.field("date_end", pa.date32()),
    pa.field("date_precision", pa.string()),
    pa.field("killed.best", pa.int64()),
    pa.field("killed.low", pa.int64()),
    pa.field("killed.high", pa.int64()),
    pa.field("flags", TEXTS),
    pa.field("sources", TEXTS),
    pa.field("search", pa.string()),
    pa.field(GEOMETRY, pa.binary()),
    pa.field(BBOX, pa.struct([pa.field(name, pa.float64()) for name in BOX])),
)
NARROW = tuple(field.name for field in FIELDS if field.name not in (GEOMETRY, BBOX))
"""The columns without geometry: a position is in lon and lat, a line or a polygon in `geometry`."""
NO_DOUBT = ("no_position", "undated", "duplicate")
"""Flags for missing or duplicate information: they do not cast doubt on a value."""
_NOT_PROPERTIES = {"id", "lon", "lat", "search", GEOMETRY, BBOX}


def schema(original: Columns) -> pa.Schema:
    """Return the Arrow schema of events with these original columns: by name with their types, or names of texts."""
    types = original if isinstance(original, Mapping) else dict.fromkeys(original, TEXT)
    return pa.schema([*FIELDS, *(pa.field(f"{ORIGINAL}{name}", arrow_type(kind)) for name, kind in types.items())])


def coded(columns: Mapping[str, pa.Array], made_for: pa.Schema) -> pa.Table:
    """Return columns as a table with a schema; dictionary arrays of texts stay dictionary arrays."""
    wanted = pa.schema([_field(field, columns[field.name].type) for field in made_for])
    arrays = [columns[field.name].cast(field.type) for field in wanted]
    return pa.Table.from_arrays(arrays, schema=wanted)


def _field(field: pa.Field, kind: pa.DataType) -> pa.Field:
    return field.with_type(kind) if pa.types.is_dictionary(kind) else field


def features(table: pa.Table | pa.RecordBatch, layer: str) -> list[Feature]:
    """Return the features of a layer from its rows."""
    cells_by_name = {
        name: table.column(name).to_pylist() for name in table.schema.names if name not in (BBOX, "search")
    }
    shapes = shapely.from_wkb(np.array([*cells_by_name.pop(GEOMETRY), None], dtype=object))[:-1]
    return [
        Feature(
            cells_by_name["id"][at],
            layer,
            shape,
            _properties({name: cells[at] for name, cells in cells_by_name.items()}),
        )
        for at, shape in enumerate(shapes)
    ]


def _properties(row: Mapping[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = dict(COMMON)
    for name, value in row.items():
        if name in _NOT_PROPERTIES:
            continue
        parent, dot, child = name.partition(".")
        if dot:
            properties.setdefault(parent, {})[child] = json_value(value)
        else:
            properties[name] = json_value(value)
    if properties.get("killed") and all(value is None for value in properties["killed"].values()):
        properties["killed"] = None
    return properties


def json_value(value: Any) -> Any:
    """Return a cell as a property has it: days and moments as text."""
    if isinstance(value, datetime.datetime):
        return iso(value)
    return value.isoformat() if isinstance(value, datetime.date) else value


def table(features: Iterable[Feature], original: Columns) -> pa.Table:
    """Return features as rows; what a property lacks, or has of another type, is null."""
    target = schema(original)
    rows = list(features)
    columns = [_column(field, rows) for field in target]
    return pa.Table.from_arrays(columns, schema=target)


def _column(field: pa.Field, features: list[Feature]) -> pa.Array:
    name = field.name
    if name == "id":
        return pa.array([feature.id for feature in features], pa.string())
    if name == GEOMETRY:
        return pa.array(
            [None if feature.geometry is None else feature.geometry.wkb for feature in features], pa.binary()
        )
    if name in ("lon", "lat"):
        return pa.array([_axis(feature, name) for feature in features], pa.float64())
    if name == BBOX:
        return pa.array([_box(feature) for feature in features], field.type)
    return pa.array([_cell(feature.properties, name, field.type) for feature in features], field.type)


def _axis(feature: Feature, name: str) -> float | None:
    shape = feature.geometry
    if shape is None or shape.geom_type != "Point" or shape.is_empty:
        return None
    return float(shape.x if name == "lon" else shape.y)


def _box(feature: Feature) -> dict[str, float] | None:
    if feature.geometry is None or feature.geometry.is_empty:
        return None
    return dict(zip(BOX, feature.geometry.bounds, strict=True))


def _cell(properties: Mapping[str, Any], name: str, kind: pa.DataType) -> Any:
    parent, dot, child = name.partition(".")
    value = properties.get(parent)
    if dot:
        value = value.get(child) if isinstance(value, Mapping) else None
    if value is None:
        return None
    if kind == TEXTS:
        return [str(item) for item in value] if isinstance(value, list | tuple) else None
    if pa.types.is_date(kind):
        return _day(value)
    if pa.types.is_timestamp(kind):
        return _moment(value)
    if pa.types.is_string(kind):
        return TEXT.text(value) if parent == "original" else str(value)
    if pa.types.is_boolean(kind):
        return bool(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if pa.types.is_integer(kind) else float(value)


def _moment(value: Any) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _day(value: Any) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
