"""Fast GeoJSON writer: geometries in arrays, features one by one, only one batch in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import IO, Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.formats.columns import Column, chosen
from geodata.formats.dataset import Dataset, Metadata, Options, Row, batched
from geodata.settings import MAX_DECIMALS


class Box:
    """The bounds of the geometries written so far."""

    def __init__(self) -> None:
        self.bounds: NDArray[np.float64] = np.full(4, np.nan)

    def take(self, shapes: NDArray[np.object_]) -> None:
        """Extend the bounds by geometries; None and empty ones change nothing."""
        seen = np.vstack([self.bounds, shapely.bounds(shapes)])
        seen = seen[~np.isnan(seen).any(axis=1)]
        if len(seen):
            self.bounds = np.concatenate([seen[:, :2].min(axis=0), seen[:, 2:].max(axis=0)])

    def to_list(self) -> list[float] | None:
        """Return west, south, east, north in degrees; None where nothing had a place."""
        return None if np.isnan(self.bounds).any() else [float(bound) for bound in self.bounds.round(MAX_DECIMALS)]


def array_of(shapes: Sequence[BaseGeometry | None]) -> NDArray[np.object_]:
    """Return geometries as an array of objects."""
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return array


def fine(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return geometries wound by the right-hand rule with coordinates to 7 decimals; empty ones as None."""
    oriented = shapely.orient_polygons(shapes)
    oriented[shapely.is_empty(oriented)] = None
    deep = shapely.has_z(oriented)
    for group, include_z in ((~deep, False), (deep, True)):
        if group.any():
            oriented[group] = shapely.transform(
                oriented[group], lambda xy: np.round(xy, MAX_DECIMALS), include_z=include_z
            )
    return np.asarray(oriented, dtype=object)


def geometries(shapes: Sequence[BaseGeometry | None]) -> tuple[Iterable[Any], NDArray[np.object_]]:
    """Return the JSON of each geometry as orjson takes it in, and the geometries as they are written."""
    array = array_of(shapes)
    if len(array) and (shapely.get_type_id(array) == 0).all() and not (shapely.has_z(array).any()):
        pairs = shapely.get_coordinates(array)
        if len(pairs) == len(array):
            lon, lat = pairs.round(MAX_DECIMALS).T.tolist()
            # Created one by one when they are written: thousands at a time would keep the garbage collector busy.
            return ({"type": "Point", "coordinates": pair} for pair in zip(lon, lat, strict=True)), array
    array = fine(array)
    return (None if text is None else orjson.Fragment(text) for text in shapely.to_geojson(array)), array


def pour(
    part: Dataset, options: Options, stream: IO[bytes], between: bytes, box: Box | None = None, member: bytes = b""
) -> int:
    """Write each row as a GeoJSON feature and return how many there were: the id at the top and as a property, and
    every property, or the columns that were chosen. `member` is more JSON for the first feature alone."""
    picked = chosen(options.fields, options.original, options.types) if options.fields else ()
    put, lead, count = stream.write, b"", 0
    for batch in batched(part.rows):
        count += len(batch)
        shapes, written = geometries([row.geometry for row in batch])
        if box is not None:
            box.take(written)
        rows = [_flat(row, part.metadata, picked) for row in batch] if picked else batch
        # Each text is freed as soon as it is written: its memory is reused by the next one, which is half of the speed.
        for row, shape in zip(rows, shapes, strict=True):
            put(lead)
            text = _text(row, shape)
            put(text[:-1] + b"," + member + b"}" if member else text)
            lead, member = between, b""
    return count


def _flat(row: Row, metadata: Metadata, columns: Sequence[Column]) -> Row:
    return row._replace(properties={column.name: column.value(row, metadata) for column in columns})


def _text(row: Row, shape: Any) -> bytes:
    id_, _, properties = row
    try:
        if id_ is None:
            return orjson.dumps({"type": "Feature", "geometry": shape, "properties": properties})
        return orjson.dumps({"type": "Feature", "id": id_, "geometry": shape, "properties": {"id": id_, **properties}})
    except TypeError:
        return _long(row, shape)


def _long(row: Row, shape: Any) -> bytes:
    """Serialize a feature member by member: one of them may be more than orjson supports."""
    id_ = {} if row.id is None else {"id": row.id}
    encoded = {name: orjson.Fragment(dumped(value)) for name, value in id_.items()}
    properties = orjson.Fragment(dumped({**id_, **row.properties}))
    return orjson.dumps({"type": "Feature", **encoded, "geometry": shape, "properties": properties})


def dumped(value: Any) -> bytes:
    """Return JSON in UTF-8; what 64 bits or UTF-8 cannot hold is written in longer forms."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
