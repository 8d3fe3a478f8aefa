"""The primary boundaries: OpenStreetMap's time zones, which follow the countries' borders, and the edges they share."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from functools import cache

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from timezonefinder import TimezoneFinder

from scripts.layers.write import DECIMALS, right_handed

Vertex = tuple[float, float]

ZONES = {
    "iq": "Asia/Baghdad",
    "sy": "Asia/Damascus",
    "jo": "Asia/Amman",
    "ir": "Asia/Tehran",
    "tr": "Europe/Istanbul",
    "sa": "Asia/Riyadh",
    "kw": "Asia/Kuwait",
    "gaza": "Asia/Gaza",
}


@cache
def _finder() -> TimezoneFinder:
    return TimezoneFinder()


def _ring(pairs: Iterable[Vertex]) -> list[Vertex]:
    return [(round(float(x), DECIMALS), round(float(y), DECIMALS)) for x, y in pairs]


@cache
def polygon(code: str) -> MultiPolygon:
    """Return the zone of a country as the package has it: every vertex, the territorial sea included."""
    parts = _finder().get_geometry(tz_name=ZONES[code], coords_as_pairs=True)
    result = MultiPolygon([Polygon(_ring(rings[0]), [_ring(hole) for hole in rings[1:]]) for rings in parts])
    return right_handed(result)


def _rings(geometry: BaseGeometry) -> list[list[Vertex]]:
    rings = []
    for part in shapely.get_parts(geometry):
        rings += [list(ring.coords) for ring in (part.exterior, *part.interiors)]
    return rings


def shared(inside: BaseGeometry, outside: BaseGeometry) -> list[LineString]:
    """Return the edges two polygons have in common, running clockwise round `inside` (which lies on their right)."""
    theirs = {frozenset(edge) for ring in _rings(outside) for edge in itertools.pairwise(ring)}
    lines = []
    for ring in _rings(right_handed(inside)):
        edges = list(itertools.pairwise(ring))
        common = [frozenset(edge) in theirs for edge in edges]
        if all(common):
            lines.append(LineString(ring[::-1]))
            continue
        # Start where an edge is not shared, so that no run is cut by the ring's own beginning.
        first = common.index(False)
        run: list[Vertex] = []
        for edge, hit in zip(edges[first:] + edges[:first], common[first:] + common[:first], strict=True):
            if hit:
                run = run or [edge[0]]
                run.append(edge[1])
            elif run:
                lines.append(LineString(run[::-1]))
                run = []
        if run:
            lines.append(LineString(run[::-1]))
    return lines


@cache
def border(inside: str, outside: str) -> LineString:
    """Return the one line two countries share, clockwise round the first."""
    lines = shared(polygon(inside), polygon(outside))
    if len(lines) != 1:
        raise ValueError(f"{inside} and {outside} share {len(lines)} lines, not one")
    return lines[0]
