"""Events as rows of columns, and back: the one table that says under which name and type a property is stored."""

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
"""What is asked of an event; where it lies is in lon and lat, and a line or a polygon in `geometry`."""
NO_DOUBT = ("no_position", "undated", "duplicate")
"""Flags that say what is not there, or what is there twice: no doubt about what is."""
_NOT_PROPERTIES = {"id", "lon", "lat", "search", GEOMETRY, BBOX}


def schema(original: Columns) -> pa.Schema:
    """Return the Arrow schema of events with these original columns: by name with their types, or names of texts."""
    types = original if isinstance(original, Mapping) else dict.fromkeys(original, TEXT)
    return pa.schema([*FIELDS, *(pa.field(f"{ORIGINAL}{name}", arrow_type(kind)) for name, kind in types.items())])


def coded(columns: Mapping[str, pa.Array], made_for: pa.Schema) -> pa.Table:
    """Return columns as rows of a schema, texts coded where they are: distinct ones, and the place of each row's."""
    wanted = pa.schema([_field(field, columns[field.name].type) for field in made_for])
    made = [columns[field.name].cast(field.type) for field in wanted]
    return pa.Table.from_arrays(made, schema=wanted)


def _field(field: pa.Field, kind: pa.DataType) -> pa.Field:
    return field.with_type(kind) if pa.types.is_dictionary(kind) else field


def features(table: pa.Table | pa.RecordBatch, layer: str) -> list[Feature]:
    """Return the features that rows of a layer hold."""
    held = {name: table.column(name).to_pylist() for name in table.schema.names if name not in (BBOX, "search")}
    shapes = shapely.from_wkb(np.array([*held.pop(GEOMETRY), None], dtype=object))[:-1]
    return [
        Feature(held["id"][at], layer, shape, _properties({name: cells[at] for name, cells in held.items()}))
        for at, shape in enumerate(shapes)
    ]


def _properties(row: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = dict(COMMON)
    for name, value in row.items():
        if name in _NOT_PROPERTIES:
            continue
        parent, dot, child = name.partition(".")
        if dot:
            made.setdefault(parent, {})[child] = _json(value)
        else:
            made[name] = _json(value)
    if made.get("killed") and all(value is None for value in made["killed"].values()):
        made["killed"] = None
    return made


def _json(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return iso(value)
    return value.isoformat() if isinstance(value, datetime.date) else value


def table(features: Iterable[Feature], original: Columns) -> pa.Table:
    """Return features as rows; what a property lacks, or has of another type, is null."""
    made = schema(original)
    held = list(features)
    columns = [_column(field, held) for field in made]
    return pa.Table.from_arrays(columns, schema=made)


def _column(field: pa.Field, held: list[Feature]) -> pa.Array:
    name = field.name
    if name == "id":
        return pa.array([one.id for one in held], pa.string())
    if name == GEOMETRY:
        return pa.array([None if one.geometry is None else one.geometry.wkb for one in held], pa.binary())
    if name in ("lon", "lat"):
        return pa.array([_axis(one, name) for one in held], pa.float64())
    if name == BBOX:
        return pa.array([_box(one) for one in held], field.type)
    return pa.array([_cell(one.properties, name, field.type) for one in held], field.type)


def _axis(one: Feature, name: str) -> float | None:
    shape = one.geometry
    if shape is None or shape.geom_type != "Point" or shape.is_empty:
        return None
    return float(shape.x if name == "lon" else shape.y)


def _box(one: Feature) -> dict[str, float] | None:
    if one.geometry is None or one.geometry.is_empty:
        return None
    return dict(zip(BOX, one.geometry.bounds, strict=True))


def _cell(properties: Mapping[str, Any], name: str, kind: pa.DataType) -> Any:
    parent, dot, child = name.partition(".")
    value = properties.get(parent)
    if dot:
        value = value.get(child) if isinstance(value, Mapping) else None
    if value is None:
        return None
    if kind == TEXTS:
        return [str(one) for one in value] if isinstance(value, list | tuple) else None
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
