"""Features and files as the layers want them: fixed order of properties, RFC 7946, the same bytes every time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from geodata.model import COMMON

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ROOT / "geodata" / "layers"
SOURCES = ROOT / "geodata" / "sources"
TABLES = Path(__file__).resolve().parent / "tables"

# RFC 7946 section 11.2: a centimetre; the boundary package itself carries seven.
DECIMALS = 7


def feature(id_: str, geometry: BaseGeometry | None, **properties: Any) -> dict[str, Any]:
    """Return a GeoJSON feature with every common property present, the layer's own after them."""
    missing = {"name_en", "name_ar", "kind"} - properties.keys()
    if missing:
        raise ValueError(f"{id_} lacks {sorted(missing)}")
    return {
        "type": "Feature",
        "id": id_,
        "geometry": None if geometry is None else _geometry(geometry),
        "properties": {**COMMON, **properties},
    }


def right_handed(geometry: BaseGeometry) -> BaseGeometry:
    """Return polygons with exterior rings counterclockwise, holes clockwise (RFC 7946 section 3.1.6)."""
    if geometry.geom_type == "Polygon":
        return orient(geometry)
    if geometry.geom_type == "MultiPolygon":
        return shapely.MultiPolygon([orient(part) for part in geometry.geoms])
    return geometry


def rounded(geometry: BaseGeometry, decimals: int = DECIMALS) -> BaseGeometry:
    """Return the geometry with its coordinates rounded, and repaired where rounding made a ring touch itself."""
    shape = shapely.transform(geometry, lambda xy: xy.round(decimals))
    shape = shapely.remove_repeated_points(shape)
    if shape.geom_type.endswith("Polygon") and not shape.is_valid:
        snapped = polygons(shapely.set_precision(geometry, 10.0**-decimals))
        shape = shapely.transform(snapped, lambda xy: xy.round(decimals))
    if not shape.is_valid:
        raise ValueError(f"rounding to {decimals} decimals breaks the geometry: {shapely.is_valid_reason(shape)}")
    return shape


def polygons(geometry: BaseGeometry, least: float = 0.0) -> BaseGeometry:
    """Return only the polygons of a geometry, those larger than `least` square degrees, as one geometry."""
    parts = [
        part
        for part in shapely.get_parts(shapely.get_parts(geometry))
        if part.geom_type == "Polygon" and part.area > least
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _geometry(geometry: BaseGeometry) -> dict[str, Any]:
    return json.loads(json.dumps(mapping(right_handed(rounded(geometry)))))


def _bbox(features: Sequence[Mapping[str, Any]]) -> list[float]:
    xs, ys = [], []
    for item in features:
        if item["geometry"] is not None:
            west, south, east, north = shapely.from_geojson(json.dumps(item["geometry"])).bounds
            xs += [west, east]
            ys += [south, north]
    return [min(xs), min(ys), max(xs), max(ys)]


def layer_text(features: Iterable[Mapping[str, Any]]) -> str:
    """Return a FeatureCollection with one feature to a line, so that a change shows as a changed line."""
    items = list(features)
    lines = ",\n".join(_compact(item) for item in items)
    return f'{{"type":"FeatureCollection","bbox":{_compact(_bbox(items))},"features":[\n{lines}\n]}}\n'


def record_text(member: str, records: Iterable[Mapping[str, Any]]) -> str:
    """Return a file of records under `member`, readable."""
    return json.dumps({"schema": 1, member: list(records)}, ensure_ascii=False, indent=1) + "\n"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
