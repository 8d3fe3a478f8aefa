"""Features as GeoJSON bytes: encoded once, cached with their table, and joined into pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import orjson
import shapely

from geodata.query.crs import CRS84, Crs
from geodata.query.table import Rows, Table
from geodata.settings import MAX_DECIMALS


def written(table: Table, rows: Rows, crs: Crs = CRS84, names: Iterable[str] | None = None) -> list[bytes]:
    """Return features as GeoJSON objects in UTF-8, in a system, with all properties or those named.

    Rings are wound by the right-hand rule, degrees have at most 7 decimals and metres 3.
    """
    wanted = None if names is None else frozenset(names)
    if crs != CRS84 or wanted is not None:
        return _encode(table, rows, crs, wanted)
    encoded = table.bytes
    new = [row for row in rows.tolist() if row not in encoded]
    if new:
        encoded.update(zip(new, _encode(table, np.array(new, dtype=np.intp), crs, None), strict=True))
    return [encoded[row] for row in rows.tolist()]


def _encode(table: Table, rows: Rows, crs: Crs, wanted: frozenset[str] | None) -> list[bytes]:
    features = table.picked(rows)
    geometries = _geometries(table, rows, crs)
    encoded = []
    for feature, geometry in zip(features, geometries, strict=True):
        # At the top for readers of GeoJSON, and as a property for those that keep only properties.
        members = {"id": feature.id, **feature.properties}
        properties = members if wanted is None else {name: value for name, value in members.items() if name in wanted}
        encoded.append(
            b'{"type":"Feature","id":%b,"geometry":%b,"properties":%b}'
            % (orjson.dumps(feature.id), geometry, orjson.dumps(properties))
        )
    return encoded


def _geometries(table: Table, rows: Rows, crs: Crs) -> Sequence[bytes]:
    shapes = shapely.orient_polygons(table.geometries[rows])
    if crs == CRS84:
        # A whole number of 1e-7 degrees divided by 1e7 is the double nearest to that decimal: it prints as 7 digits.
        shapes = shapely.transform(shapes, lambda xy: np.round(xy, MAX_DECIMALS))
    texts = shapely.to_geojson(crs.from_lonlat(shapes))
    return [b"null" if text is None else text.encode() for text in texts.tolist()]
