"""The layers of the package: checked when they were built, so that here only what is needed of them is read.

`scripts.layers` writes one feature a line; `geodata validate` and the tests check the files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.formats import geojson
from geodata.model import Feature, Layer
from geodata.store.geojson_store import FileStore, layer_of, uncollected

_START, _FEATURES, _END = b'{"type":"FeatureCollection",', b'"features":[', b"]}\n"
_ID, _GEOMETRY, _PROPERTIES = b'{"type":"Feature","id":"', b'","geometry":', b',"properties":'


class PackageStore(FileStore):
    """The folder of the package's layers; of a file that is not written as ours are, every value is checked."""

    def read(self, id_: str, data: bytes, entry: Mapping[str, Any]) -> Layer:
        """Return the layer that a file holds, its geometries deferred; raises BadData."""
        try:
            features = tuple(_features(id_, data))
        except ValueError:
            return layer_of(id_, data, entry)
        return Layer(id=id_, version=hashlib.sha256(data).hexdigest(), entry=entry, features=features)


def _features(layer: str, data: bytes) -> Iterator[Feature]:
    """Yield the features of a file; raises ValueError where a line is not what `scripts.layers` writes."""
    at = data.index(b"\n") + 1
    if not (data.startswith(_START) and data.endswith(_FEATURES, 0, at - 1) and data.endswith(b"\n" + _END)):
        raise ValueError(layer)
    last = len(data) - len(_END)
    while at < last:
        if not data.startswith(_ID, at):
            raise ValueError(layer)
        # Outlines are megabytes long: their places are found, and nothing is copied.
        start = data.index(_GEOMETRY, at)
        end = data.index(_PROPERTIES, start)
        line = data.index(b"\n", end)
        id_ = data[at + len(_ID) : start].decode()
        properties = orjson.loads(data[end + len(_PROPERTIES) : line].removesuffix(b",")[:-1])
        yield Feature.deferred(id_, layer, partial(_geometry, data, start + len(_GEOMETRY), end), properties)
        at = line + 1


def _geometry(data: bytes, start: int, end: int) -> BaseGeometry | None:
    text = data[start:end]
    with uncollected():
        value = orjson.loads(text)
        if value is None:
            return None
        coordinates = value["coordinates"]
        # From arrays the long ones are made in half the time that GEOS takes for their text.
        if value["type"] == "LineString":
            return shapely.LineString(np.array(coordinates))
        if value["type"] == "Polygon":
            return _polygon(coordinates)
        if value["type"] == "MultiPolygon":
            return shapely.MultiPolygon([_polygon(rings) for rings in coordinates])
    return geojson.shape_of(text.decode())


def _polygon(rings: Sequence[Sequence[Sequence[float]]]) -> shapely.Polygon:
    shell, *holes = [shapely.linearrings(np.array(ring)) for ring in rings]
    return shapely.polygons(shell, holes or None)
