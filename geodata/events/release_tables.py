"""Two versions of a layer as tables of the same columns in one private DuckDB database."""

from __future__ import annotations

import json
import shutil
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from tempfile import mkdtemp
from typing import Any

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType

from geodata.events.dataset import with_columns
from geodata.formats.column_types import TEXT, ColumnType
from geodata.importing.merge import same_shape
from geodata.model import Feature, Layer
from geodata.store import event_schema
from geodata.store.event_schema import GEOMETRY, ORIGINAL

MEMORY, THREADS = "384MB", 2
SIDES = ("old", "new")
OF_THE_FILE = {"row", "search", "flags", event_schema.BBOX}
"""Columns that say where a row stood in its file, or that are computed from others."""
DEATHS = ("killed.low", "killed.best", "killed.high")
TYPED: Mapping[str, pa.DataType] = {
    **{field.name: field.type for field in event_schema.FIELDS if field.name in ("id", "lon", "lat", GEOMETRY)},
    **dict.fromkeys(("area", "name_en", "name_ar", "date_start", "date_end"), pa.string()),
    **dict.fromkeys(("coordinateUncertaintyInMeters", *DEATHS), pa.float64()),
}
"""The columns of a document's table that are values; all others hold JSON texts."""
_ARRIVING = "arriving"


@dataclass(frozen=True)
class Columns:
    """The columns of two versions: which both have, and which of the file's own only one has."""

    common: tuple[str, ...]
    added: tuple[str, ...]
    gone: tuple[str, ...]
    json: bool
    """Whether values other than those of TYPED are JSON texts: where both versions are documents."""


def database() -> duckdb.DuckDBPyConnection:
    """Return a private database with bounded memory, which spills to a folder that is removed with it."""
    spill = mkdtemp(prefix="masafa-diff-")
    connection = duckdb.connect(
        ":memory:", config={"memory_limit": MEMORY, "threads": str(THREADS), "temp_directory": spill}
    )
    weakref.finalize(connection, shutil.rmtree, spill, ignore_errors=True)
    connection.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
    # Geometries stay the WKB that they are in the files.
    connection.execute("SET enable_geoparquet_conversion = false")
    connection.create_function(
        "same_shape",
        same_shape,
        ["BLOB", "BLOB"],
        "BOOLEAN",
        type=PythonUDFType.ARROW,
        null_handling=FunctionNullHandling.SPECIAL,
    )
    return connection


def create_views(db: duckdb.DuckDBPyConnection, old: Layer, new: Layer) -> Columns:
    """Create the views `old` and `new` with the columns that both versions have, of equal types."""
    documents = old.stored is None and new.stored is None
    types = {}
    for side, layer in zip(SIDES, (old, new), strict=True):
        if layer.stored is not None and layer.stored.paths:
            db.read_parquet([str(path) for path in layer.stored.paths]).create_view(f"{side}_rows")
        else:
            db.register(_ARRIVING, _document((old, new), layer) if documents else _events(layer))
            db.execute(f"CREATE TABLE {side}_rows AS SELECT * FROM {_ARRIVING}")  # nosec B608
            db.unregister(_ARRIVING)
        described = db.execute(f"DESCRIBE {side}_rows").fetchall()
        types[side] = {str(row[0]): str(row[1]) for row in described}
    columns = _columns(types, documents, any("imported" in layer.entry for layer in (old, new)))
    for side in SIDES:
        expressions = [_cast(name, types["old"][name], types["new"][name]) for name in columns.common]
        db.execute(f"CREATE VIEW {side} AS SELECT {', '.join(expressions)} FROM {side}_rows")  # nosec B608
    return columns


def quoted(column: str) -> str:
    """Return the name of a column as SQL has it."""
    return '"' + column.replace('"', '""') + '"'


def _columns(types: Mapping[str, Mapping[str, str]], documents: bool, imported: bool) -> Columns:
    old, new = types["old"], types["new"]
    # The source of an imported row is its file, which is another one in each release.
    ignored = OF_THE_FILE | ({"sources"} if imported else set())
    return Columns(
        tuple(name for name in old if name in new and name not in ignored),
        tuple(name.removeprefix(ORIGINAL) for name in new if name not in old),
        tuple(name.removeprefix(ORIGINAL) for name in old if name not in new),
        documents,
    )


def _cast(name: str, old: str, new: str) -> str:
    column = quoted(name)
    if name in ("date_start", "date_end"):
        return f"CAST({column} AS VARCHAR) AS {column}"
    if name in DEATHS:
        return f"CAST({column} AS DOUBLE) AS {column}"
    if old == new:
        return column
    # A column that was read as another type in one of the releases is compared as text, where '' is no value.
    return f"nullif(CAST({column} AS VARCHAR), '') AS {column}"


def _events(layer: Layer) -> pa.Table:
    """Return the features of a layer as the rows of a large one."""
    if layer.stored is not None:
        return event_schema.schema(layer.stored.columns).empty_table()
    return event_schema.table(map(with_columns, layer.features), _original(layer))


def _original(layer: Layer) -> dict[str, ColumnType]:
    imported = layer.entry.get("imported", {})
    types = imported.get("types", {})
    return {name: ColumnType.from_dict(types[name]) if name in types else TEXT for name in imported.get("columns", ())}


def _document(layers: Iterable[Layer], layer: Layer) -> pa.Table:
    """Return the features of a document as rows, with all properties that any of the versions has.

    Of the columns of a file only those of its own version.
    """
    names = dict.fromkeys(name for one in layers for feature in one.features for name in _flat(feature))
    own = {f"{ORIGINAL}{name}" for name in _original(layer)} | {name for one in layer.features for name in _flat(one)}
    rows = [_flat(with_columns(feature)) for feature in layer.features]
    columns = {name: _values(name, rows) for name in names if name in own or not name.startswith(ORIGINAL)}
    shapes = [feature.geometry for feature in layer.features]
    points = [shape if shape is not None and shape.geom_type == "Point" else None for shape in shapes]
    columns |= {name: _values(name, rows) for name in TYPED if name not in columns}
    columns |= {
        "id": pa.array([feature.id for feature in layer.features], pa.string()),
        "lon": pa.array([None if point is None else point.x for point in points], pa.float64()),
        "lat": pa.array([None if point is None else point.y for point in points], pa.float64()),
        GEOMETRY: pa.array([None if shape is None else shape.wkb for shape in shapes], pa.binary()),
    }
    return pa.table(columns)


def _flat(feature: Feature) -> dict[str, Any]:
    """Return the properties, those of the file and the numbers of deaths each by its own name."""
    properties: dict[str, Any] = {}
    for name, value in feature.properties.items():
        if name in ("original", "killed"):
            if isinstance(value, Mapping):
                properties |= {f"{name}.{key}": item for key, item in value.items()}
        else:
            properties[name] = value
    return properties


def _values(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Array:
    values = [row.get(name) for row in rows]
    kind = TYPED.get(name)
    if kind is None:
        texts = [None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True) for value in values]
        return pa.array(texts, pa.string())
    if kind == pa.string():
        return pa.array([None if value is None else str(value) for value in values], kind)
    return pa.array([_number(value) for value in values], kind)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
