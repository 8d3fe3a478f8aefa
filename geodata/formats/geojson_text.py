"""Rows as GeoJSON text at speed: geometries in arrays, features one by one, nothing held but a batch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.formats.columns import chosen
from geodata.formats.part import Options, Part, Row, batched
from geodata.settings import MAX_DECIMALS


class Box:
    """The bounds of what has been written."""

    def __init__(self) -> None:
        self.bounds: NDArray[np.float64] = np.full(4, np.nan)

    def take(self, shapes: NDArray[np.object_]) -> None:
        """Take geometries in; None and empty ones change nothing."""
        seen = np.vstack([self.bounds, shapely.bounds(shapes)])
        seen = seen[~np.isnan(seen).any(axis=1)]
        if len(seen):
            self.bounds = np.concatenate([seen[:, :2].min(axis=0), seen[:, 2:].max(axis=0)])

    def to_list(self) -> list[float] | None:
        """Return west, south, east, north in degrees; None where nothing had a place."""
        return None if np.isnan(self.bounds).any() else [float(one) for one in self.bounds.round(MAX_DECIMALS)]


def array_of(shapes: Sequence[BaseGeometry | None]) -> NDArray[np.object_]:
    """Return geometries as an array of objects."""
    made = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return made


def fine(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return geometries wound by the right-hand rule with coordinates to 7 decimals; empty ones as None."""
    made = shapely.orient_polygons(shapes)
    made[shapely.is_empty(made)] = None
    deep = shapely.has_z(made)
    for group, include_z in ((~deep, False), (deep, True)):
        if group.any():
            made[group] = shapely.transform(made[group], lambda xy: np.round(xy, MAX_DECIMALS), include_z=include_z)
    return np.asarray(made, dtype=object)


def geometries(shapes: Sequence[BaseGeometry | None]) -> tuple[list[Any], NDArray[np.object_]]:
    """Return the JSON of each geometry as orjson takes it in, and the geometries as they are written."""
    whole = array_of(shapes)
    if len(whole) and (shapely.get_type_id(whole) == 0).all() and not (shapely.has_z(whole).any()):
        pairs = shapely.get_coordinates(whole)
        if len(pairs) == len(whole):
            near = pairs.round(MAX_DECIMALS).tolist()
            return [{"type": "Point", "coordinates": pair} for pair in near], whole
    whole = fine(whole)
    return [None if text is None else orjson.Fragment(text) for text in shapely.to_geojson(whole)], whole


def features(part: Part, options: Options, box: Box | None = None) -> Iterator[bytes]:
    """Yield each row as a GeoJSON feature: the id at the top and as a property, and every property, or the columns
    that were chosen."""
    picked = chosen(options.fields) if options.fields else ()
    for batch in batched(part.rows):
        shapes, written = geometries([row.geometry for row in batch])
        if box is not None:
            box.take(written)
        for row, shape in zip(batch, shapes, strict=True):
            if picked:
                properties: Mapping[str, Any] = {column.name: column.value(row, part.about) for column in picked}
            else:
                properties = row.properties if row.id is None else {"id": row.id, **row.properties}
            yield _feature(row, shape, properties)


def _feature(row: Row, shape: Any, properties: Mapping[str, Any]) -> bytes:
    made: dict[str, Any] = {"type": "Feature", "id": row.id, "geometry": shape, "properties": properties}
    if row.id is None:
        del made["id"]
    try:
        return orjson.dumps(made)
    except TypeError:
        held = {name: orjson.Fragment(dumped(made[name])) for name in ("id", "properties") if name in made}
        return orjson.dumps({**made, **held})


def dumped(value: Any) -> bytes:
    """Return JSON in UTF-8; what 64 bits or UTF-8 cannot hold is written in longer forms."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
