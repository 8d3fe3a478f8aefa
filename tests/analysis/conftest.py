"""Small layers of our own, on which the right answers can be worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from geodata.catalog import Catalog
from geodata.store.geojson_store import FileStore

Make = Any


def entry(id_: str, uncertainty: float | None) -> dict[str, Any]:
    """Return a catalogue entry with the least it needs."""
    return {
        "id": id_,
        "title": {"en": id_, "ar": id_},
        "description": {"en": id_, "ar": id_},
        "kind": id_.removesuffix("s") if id_ == "borders" else id_,
        "edges": "lonlat",
        "default_uncertainty_m": uncertainty,
        "licence": f"licence-{id_}",
        "attribution": {"en": f"by {id_}", "ar": f"من {id_}"},
        "sources": [f"source-{id_}"],
    }


def square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """Return a box as a GeoJSON polygon."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(id_: str, geometry: dict[str, Any] | None, **properties: Any) -> dict[str, Any]:
    """Return a GeoJSON feature with names."""
    return {
        "type": "Feature",
        "id": id_,
        "geometry": geometry,
        "properties": {"name_en": id_, "name_ar": id_, **properties},
    }


def point(lon: float, lat: float) -> dict[str, Any]:
    """Return a GeoJSON point."""
    return {"type": "Point", "coordinates": [lon, lat]}


def written(layers: dict[str, list[dict[str, Any]]], folder: Path) -> Catalog:
    """Return the catalogue of features by layer, whose files are written into a folder."""
    entries = [entry(name, 500.0 if name in ("borders", "countries") else None) for name in layers]
    (folder / "catalog.json").write_text(json.dumps({"layers": entries}))
    for name, features in layers.items():
        collection = {"type": "FeatureCollection", "features": features}
        (folder / f"{name}.geojson").write_text(json.dumps(collection))
    return Catalog(FileStore(folder))


@pytest.fixture
def layers() -> dict[str, list[dict[str, Any]]]:
    """Return features by layer: two countries that meet on the meridian 40 E, and places round it."""
    border = {"type": "LineString", "coordinates": [[40, 30], [40, 32], [40, 34]]}
    return {
        "countries": [
            feature("country-west", square(36, 30, 40, 34), kind="country"),
            feature("country-east", square(40, 30, 44, 34), kind="country"),
        ],
        "governorates": [feature("gov-east", square(40, 30, 42, 34), kind="governorate", country="country-east")],
        "borders": [feature("border-we", border, kind="border", left="country-west", right="country-east")],
        "sites": [
            feature("near", point(40.1, 32), coordinateUncertaintyInMeters=1000, kind="town", sources=["s1"]),
            feature("at", point(40.001, 32), coordinateUncertaintyInMeters=1000, kind="town"),
            feature("far", point(36.5, 32), coordinateUncertaintyInMeters=1000, kind="town"),
            feature("south", point(39.9, 29.5), coordinateUncertaintyInMeters=1000, kind="town"),
            feature("vague", point(40.1, 32), coordinateUncertaintyInMeters=5000, kind="town", placeholder=True),
            feature("somewhere", None, area="governorates/gov-east", placeholder=True, kind="area"),
            feature("nowhere", None, placeholder=True, kind="area"),
        ],
    }


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return a function that makes a catalogue of features by layer."""

    return lambda layers: written(layers, tmp_path)


@pytest.fixture
def small(make: Make, layers: dict[str, list[dict[str, Any]]]) -> Catalog:
    """Return the catalogue of `layers`."""
    catalog: Catalog = make(layers)
    return catalog
