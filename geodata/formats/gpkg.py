"""GeoPackage: a layer a table, its provenance in the file's metadata, and a QGIS style that shows what is not known."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import IO

import shapely

from geodata.errors import BadData
from geodata.formats import arrow, gdal, qgis
from geodata.formats.columns import alone
from geodata.formats.dataset import Dataset, Options, Row

_STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', 'layer_styles');
"""


def save(parts: Sequence[Dataset], stream: IO[bytes], options: Options) -> list[str]:
    """Write each part as a table."""
    with gdal.delivered(stream, "layers.gpkg") as path:
        seen: dict[str, dict[str, int]] = {}
        for part in parts:
            metadata = part.metadata
            # As the file had it, where its columns are.
            name = part.geometry_name if alone(options.fields) else None
            gdal.write(
                path,
                replace(part, rows=_seen(part, seen)),
                options,
                "GPKG",
                metadata={gdal.MEMBER: json.dumps(metadata.to_dict(), ensure_ascii=False)},
                geometry_name=name or arrow.GEOMETRY,
                IDENTIFIER=metadata.title.get("en") or metadata.layer,
                DESCRIPTION=" · ".join(filter(None, (metadata.attribution.get("en"), metadata.licence))),
            )
        _describe(path, seen)
    return []


def _seen(part: Dataset, seen: dict[str, dict[str, int]]) -> Iterator[Row]:
    """Yield the rows, and note the types of their geometries, the first one's first."""
    types = seen.setdefault(part.metadata.layer, {})
    for row in part.rows:
        if row.geometry is not None:
            types.setdefault(row.geometry.geom_type, max(0, int(shapely.get_dimensions(row.geometry))))
        yield row


def _describe(path: Path, seen: Mapping[str, Mapping[str, int]]) -> None:
    """Name the type of each table's geometries, known when all are written, and put its style beside it."""
    with closing(sqlite3.connect(path)) as file, file:
        file.executescript(_STYLES)
        for name, types in seen.items():
            if len(types) == 1:
                file.execute(
                    "UPDATE gpkg_geometry_columns SET geometry_type_name = ? WHERE table_name = ?",
                    (next(iter(types)).upper(), name),
                )
            dimension = next(iter(types.values()), 0)
            file.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
                " styleQML, useAsDefault, description) SELECT '', '', table_name, column_name, ?, ?, 1, ?"
                " FROM gpkg_geometry_columns WHERE table_name = ?",
                (name[:30], qgis.style(dimension), "Uncertainty as a circle, placeholders hatched", name),
            )


def load(path: Path) -> list[Dataset]:
    """Return every table with features; raises BadData."""
    with path.open("rb") as stream:
        if stream.read(16) != b"SQLite format 3\x00":
            raise BadData("", "geopackage_signature")
    return [gdal.read(path, name) for name in gdal.layers(path) if name != "layer_styles"]
