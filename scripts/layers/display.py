"""Display copies: the same features, drawn with fewer vertices; nothing is measured on them."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from scripts.layers import osm
from scripts.layers.geometry import coverage_simplified, farthest
from scripts.layers.write import LAYERS, layer_text, right_handed, rounded

# Degrees; the distance that results is measured and stated, rounded up to 50 m.
COVERAGE = 0.006
LINES = 0.002

Feature = dict[str, Any]


def _read(layer: str) -> list[Feature]:
    features: list[Feature] = json.loads((LAYERS / f"{layer}.geojson").read_text("utf-8"))["features"]
    return features


def _shape(item: Feature) -> BaseGeometry | None:
    return None if item["geometry"] is None else shapely.from_geojson(json.dumps(item["geometry"]))


def _write(layer: str, features: Sequence[Feature], shapes: Sequence[BaseGeometry | None]) -> int:
    made, strays = [], [0.0]
    for item, coarse in zip(features, shapes, strict=True):
        fine = _shape(item)
        if fine is None or coarse is None:
            made.append(item)
            continue
        strays.append(farthest(fine, coarse))
        made.append({**item, "geometry": json.loads(shapely.to_geojson(right_handed(coarse)))})
    (LAYERS / "display" / f"{layer}.geojson").write_text(layer_text(made), "utf-8")
    return math.ceil(max(strays) / 50) * 50


def build() -> dict[str, int]:
    """Write the copies and return, for each layer that has one, how far it strays at most, in metres."""
    tolerances = {}
    for layer in ("rivers", "borders-alternatives", "wall"):
        features = _read(layer)
        coarse = [rounded(shape.simplify(LINES), 5) for shape in map(_shape, features) if shape is not None]
        tolerances[layer] = _write(layer, features, coarse)
    return tolerances | _coverages()


def _coverages() -> dict[str, int]:
    countries = _read("countries")
    named = {item["id"]: _shape(item) for item in countries}
    near = [id_ for id_ in named if named[id_] is not None and id_[-2:] in osm.ZONES]
    coarse = dict(zip(near, coverage_simplified([named[id_] for id_ in near], COVERAGE), strict=True))
    strays = {"countries": _write("countries", countries, [coarse.get(id_, named[id_]) for id_ in named])}
    borders = _read("borders")
    lines = []
    for item in borders:
        pair = (coarse[item["properties"]["right"]], coarse[item["properties"]["left"]])
        lines.append(max(osm.shared(*pair), key=lambda line: line.length))
    strays["borders"] = _write("borders", borders, lines)
    governorates = _read("governorates")
    parts = coverage_simplified([_shape(item) for item in governorates], COVERAGE)
    strays["governorates"] = _write("governorates", governorates, parts)
    return strays
