"""Operations the layers share: cutting off the sea, thinning what is not shared, display copies, lengths."""

from __future__ import annotations

import itertools
from collections.abc import Collection

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from scripts.layers import natural_earth
from scripts.layers.write import polygons, rounded

GEOD = Geod(ellps="WGS84")

# A square kilometre here is about 1e-4 square degrees: smaller pieces are slivers of two coastlines, not islands.
SLIVER = 1e-4

Vertex = tuple[float, float]


def length(line: BaseGeometry) -> float:
    """Return the geodesic length of a line in metres."""
    return float(GEOD.geometry_length(line))


def on_land(zone: BaseGeometry) -> BaseGeometry:
    """Cut the sea off a country; its land borders keep every vertex."""
    return polygons(rounded(zone.difference(natural_earth.sea())), SLIVER)


def thinned(zone: BaseGeometry, keep: Collection[Vertex], tolerance: float) -> BaseGeometry:
    """Simplify the stretches of rings that hold no vertex of `keep`; the rest stays as it is."""
    parts = []
    for part in shapely.get_parts(zone):
        rings = [_thin_ring(list(ring.coords), keep, tolerance) for ring in (part.exterior, *part.interiors)]
        parts.append(Polygon(rings[0], rings[1:]))
    result = MultiPolygon(parts)
    return result if result.is_valid else polygons(shapely.make_valid(result))


def _thin_ring(ring: list[Vertex], keep: Collection[Vertex], tolerance: float) -> list[Vertex]:
    items = [vertex in keep for vertex in ring[:-1]]
    if not any(items):
        return list(LineString(ring).simplify(tolerance).coords)
    first = items.index(True)
    turned = ring[first:-1] + ring[: first + 1]
    rows: list[Vertex] = [turned[0]]
    run = [turned[0]]
    for vertex in turned[1:]:
        run.append(vertex)
        if vertex in keep:
            rows += list(LineString(run).simplify(tolerance).coords)[1:] if len(run) > 2 else [vertex]
            run = [vertex]
    return rows


def point_at(line: LineString, metres: float) -> Vertex:
    """Return the point `metres` along a line, whose edges are straight in longitude and latitude."""
    left = metres
    coords = list(line.coords)
    for (x1, y1), (x2, y2) in itertools.pairwise(coords):
        edge = GEOD.inv(x1, y1, x2, y2)[2]
        if left <= edge:
            share = left / edge
            return (x1 + share * (x2 - x1), y1 + share * (y2 - y1))
        left -= edge
    raise ValueError(f"the line ends {left:.0f} m before {metres:.0f} m")


def chainage(line: LineString, vertex: Vertex) -> float:
    """Return how far along a line the point of it nearest to `vertex` lies, in metres.

    Nearest is taken in a plane scaled by the cosine of the latitude, good to a metre for points within a kilometre.
    """
    scale = float(np.cos(np.radians(vertex[1])))
    flat = shapely.transform(line, lambda xy: xy * [scale, 1.0])
    foot = flat.interpolate(flat.project(Point(vertex[0] * scale, vertex[1])))
    return length(before(line, (foot.x / scale, foot.y)))


def before(line: LineString, vertex: Vertex) -> LineString:
    """Return the part of a line that ends at a point of it."""
    at = line.project(Point(vertex))
    kept = [xy for xy in line.coords if line.project(Point(xy)) < at]
    return LineString([*kept, vertex])


def between(line: LineString, start: float, end: float) -> LineString:
    """Return the part of a line from `start` to `end` metres."""
    inner, travelled = [], 0.0
    coords = list(line.coords)
    for (x1, y1), (x2, y2) in itertools.pairwise(coords):
        if start < travelled < end:
            inner.append((x1, y1))
        travelled += GEOD.inv(x1, y1, x2, y2)[2]
    return LineString([point_at(line, start), *inner, point_at(line, end)])


def farthest(fine: BaseGeometry, coarse: BaseGeometry) -> float:
    """Return how far, in metres, a simplified geometry strays from the original, measured at all vertices."""
    scale = float(np.cos(np.radians(shapely.centroid(fine).y)))
    flat = [shapely.transform(item, lambda xy: xy * [scale, 1.0]) for item in (fine, coarse)]
    lines = [item.boundary if item.geom_type.endswith("Polygon") else item for item in flat]
    points = shapely.points(shapely.get_coordinates(lines[0]))
    shapely.prepare(lines[1])
    return float(shapely.distance(points, lines[1]).max()) * 111_320.0
