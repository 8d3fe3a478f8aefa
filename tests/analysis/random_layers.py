"""Layers whose places a machine chose: points, several points, lines, polygons, areas, and places known to nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geodata.catalog import Catalog
from geodata.formats import geojson
from geodata.model import COMMON, Layer
from geodata.store import event_schema, parquet, parquet_writer
from geodata.store.geojson_store import STORED, layer_of
from geodata.store.layered_store import Pinned
from tests.analysis.conftest import entry, square

AREAS = ("areas/west", "areas/middle")
_SHAPES = ("point", "point", "point", "point", "several", "line", "polygon", "area", "label", "nothing")
"""What a row of a layer is, each as often as it stands here."""


def features(random: np.random.Generator, layer: str, count: int) -> list[dict[str, Any]]:
    """Return GeoJSON features between 39° and 43° E and 30° and 36° N, some of them at one place."""
    spots = random.uniform((39, 30), (43, 36), (max(1, count // 3), 2)).round(3)
    return [_feature(random, f"{layer}-{number}", spots) for number in range(count)]


def _feature(random: np.random.Generator, id_: str, spots: Any) -> dict[str, Any]:
    what = str(random.choice(_SHAPES))
    at = spots[random.integers(len(spots))] if random.random() < 0.4 else random.uniform((39, 30), (43, 36)).round(4)
    x, y = (float(number) for number in at)
    shape = {
        "several": shapely.MultiPoint([(x, y), (x + 0.7, y - 0.4), (x - 0.3, y + 0.2)]),
        "line": shapely.LineString([(x, y), (x + 0.4, y + 0.1), (x + 0.5, y - 0.3)]),
        "polygon": shapely.box(x, y, x + 0.2, y + 0.3),
        "area": None,
        "nothing": None,
    }.get(what, shapely.Point(x, y))
    radius = [None, 0.0, 250.0, 3_000.0, 40_000.0][random.integers(5)]
    dated = random.random() < 0.7
    month = f"20{random.integers(19, 25)}-0{random.integers(1, 10)}"
    properties = {
        **COMMON,
        "name_en": f"Place {id_}",
        "name_ar": f"مكان {id_}",
        "kind": str(random.choice(["event", "town", "air_base"])),
        "coordinateUncertaintyInMeters": radius,
        "placeholder": bool(random.random() < 0.2),
        "area": AREAS[random.integers(2)] if what in ("area", "label") else None,
        "precision": "country" if random.random() < 0.1 else "vicinity",
        "date_start": f"{month}-03" if dated else None,
        "date_end": f"{month}-{random.integers(10, 28)}" if dated else None,
        "date_precision": "interval" if dated else "unknown",
        "killed": {"best": int(random.integers(9)), "low": 0, "high": [None, 20][random.integers(2)]},
        "sources": [f"source-{random.integers(4)}"] if random.random() < 0.5 else [],
    }
    return geojson.feature(id_, shape, properties, exact=True)


def layer(id_: str, items: list[dict[str, Any]], uncertainty: float | None = None, **more: Any) -> Layer:
    """Return features as a layer held in memory."""
    return layer_of(id_, geojson.write(items), {**entry(id_, uncertainty), "kind": "event", **more})


def stored(source: Layer, folder: Path) -> Layer:
    """Return a layer whose events are written to Parquet files in a folder, as a large layer's are."""
    parts = parquet_writer.write([event_schema.table(source.features, [])], [], folder)
    for part in parts:
        part.path.rename(folder / f"{part.sha256}.parquet")
    manifest = parquet_writer.manifest_of(source.id, [], parts)
    version = hashlib.sha256(manifest).hexdigest()
    (folder / f"{version}.json").write_bytes(manifest)
    return parquet.layer_of(folder, source.id, version, {**source.entry, STORED: version})


def in_memory(source: Layer) -> Layer:
    """Return the same version of a layer with its features held in memory."""
    entry = {name: value for name, value in source.entry.items() if name != STORED}
    return Layer(source.id, source.version, entry, tuple(source.features))


def background() -> list[Layer]:
    """Return what every analysis rests on: borders, countries, and two areas that places stand for."""
    west, east = square(38, 29, 41, 37), square(41, 29, 45, 37)
    line = [[41.0, 29.5], [41.05, 31.2], [40.95, 33.0], [41.1, 34.6], [41.0, 36.5]]
    wall = [[40.9, 30.5], [41.1, 32.0], [41.0, 33.5]]

    def made(id_: str, geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
        named = {"name_en": id_, "name_ar": id_, **properties}
        return {"type": "Feature", "id": id_, "geometry": geometry, "properties": named}

    def path(points: list[list[float]]) -> dict[str, Any]:
        return {"type": "LineString", "coordinates": points}

    sides = {"left": "country-w", "right": "country-e"}
    return [
        layer("countries", [made("country-w", west), made("country-e", east)], 500.0, kind="country"),
        layer(
            "borders",
            [made("border-we", path(line), **sides), made("border-new", path(line[::2]), **sides)],
            500.0,
            kind="border",
        ),
        layer("walls", [made("wall", path(wall), border="border-we")], 50.0, kind="wall"),
        layer("areas", [made("west", square(39, 31, 40, 32)), made("middle", square(40.5, 33, 41.5, 34))], 0.0),
    ]


def catalog(layers: list[Layer], below: Catalog) -> Catalog:
    """Return a catalogue of these layers alone, over the store of another."""
    ids = {layer.id for layer in layers}
    store = Pinned(below.store, {layer.id: layer for layer in layers}, frozenset(set(below.ids()) - ids))
    return Catalog(store, claims={})
