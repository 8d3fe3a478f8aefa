"""Display copies: the same features, drawn with fewer vertices; nothing is measured on them.

Rings are cut where their neighbours change, and every stretch is simplified once: what two areas share, they still
share afterwards, and no vertex strays further than the tolerance (Douglas and Peucker).
"""

from __future__ import annotations

import itertools
import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from scripts.layers.geometry import farthest
from scripts.layers.write import LAYERS, layer_text, polygons, right_handed, rounded

# Degrees, 450 m at most; islands smaller than a square of it are left out.
TOLERANCE = 0.004
# About 10 m, well below the tolerance.
DECIMALS = 4
LAYER_NAMES = ("countries", "governorates", "rivers", "borders", "borders-alternatives", "wall")

Feature = dict[str, Any]
Vertex = tuple[float, float]
Edge = frozenset[Vertex]


def build() -> dict[str, int]:
    """Write the copies and return, for each layer that has one, how far it strays at most, in metres."""
    return {layer: _copy(layer) for layer in LAYER_NAMES}


def _copy(layer: str) -> int:
    features = json.loads((LAYERS / f"{layer}.geojson").read_text("utf-8"))["features"]
    shapes = {item["id"]: shapely.from_geojson(json.dumps(item["geometry"])) for item in features if item["geometry"]}
    areas = {id_: shape for id_, shape in shapes.items() if shape.geom_type.endswith("Polygon")}
    coarse = simplified(areas) | {id_: shape.simplify(TOLERANCE) for id_, shape in shapes.items() if id_ not in areas}
    result, strays = [], [0.0]
    for item in features:
        if item["id"] not in coarse:
            result.append(item)
            continue
        drawn = right_handed(rounded(coarse[item["id"]], DECIMALS))
        strays.append(farthest(_drawn_parts(shapes[item["id"]]), drawn))
        result.append({**item, "geometry": json.loads(shapely.to_geojson(drawn))})
    (LAYERS / "display" / f"{layer}.geojson").write_text(layer_text(result), "utf-8")
    return math.ceil(max(strays) / 50) * 50


def _drawn_parts(shape: BaseGeometry) -> BaseGeometry:
    """Leave out what the copy leaves out on purpose: small islands."""
    return polygons(shape, TOLERANCE**2) if shape.geom_type == "MultiPolygon" else shape


def _edges(ring: Sequence[Vertex]) -> list[Edge]:
    return [frozenset(edge) for edge in itertools.pairwise(ring)]


def simplified(areas: Mapping[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """Simplify areas so that edges they share stay shared."""
    owners: dict[Edge, list[str]] = defaultdict(list)
    for id_, area in areas.items():
        for part in shapely.get_parts(area):
            for ring in (part.exterior, *part.interiors):
                for edge in _edges(list(ring.coords)):
                    owners[edge].append(id_)
    fields: dict[str, BaseGeometry] = {}
    for id_, area in areas.items():
        parts = []
        for part in shapely.get_parts(area):
            rings = [_ring(list(ring.coords), owners) for ring in (part.exterior, *part.interiors)]
            if rings[0] is not None:
                parts.append(Polygon(rings[0], [hole for hole in rings[1:] if hole is not None]))
        whole = MultiPolygon(parts) if len(parts) > 1 else parts[0]
        fields[id_] = whole if whole.is_valid else polygons(shapely.make_valid(whole))
    return fields


def _ring(ring: list[Vertex], owners: Mapping[Edge, Sequence[str]]) -> list[Vertex] | None:
    """Return a ring with every stretch between two changes of neighbour simplified; None where nothing is left."""
    shared = [tuple(owners[edge]) for edge in _edges(ring)]
    first = next((i for i in range(len(shared)) if shared[i] != shared[i - 1]), None)
    if first is None:
        alone = list(LineString(ring).simplify(TOLERANCE).coords)
        return alone if len(alone) > 3 and Polygon(ring).area > TOLERANCE**2 else None
    turned = ring[first:-1] + ring[: first + 1]
    sides = shared[first:] + shared[:first]
    items = [turned[0]]
    start = 0
    for index in range(1, len(sides) + 1):
        if index == len(sides) or sides[index] != sides[start]:
            items += _stretch(turned[start : index + 1])[1:]
            start = index
    return items if len(items) > 3 else None


def _stretch(path: list[Vertex]) -> list[Vertex]:
    """Simplify a stretch the same way whichever side asks."""
    forward = path[0] <= path[-1]
    line = LineString(path if forward else path[::-1]).simplify(TOLERANCE)
    coords = list(line.coords)
    return coords if forward else coords[::-1]
