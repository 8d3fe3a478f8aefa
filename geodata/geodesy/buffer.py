"""Everything within a distance of a geometry, as a valid polygon whose error is bounded along every edge."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.errors import BadValue
from geodata.geodesy import buffer_edges, ellipsoid, rings, validation
from geodata.geodesy.ellipsoid import Floats
from geodata.geodesy.segments import Curve
from geodata.geodesy.target import drawn, parts, paths, polygons
from geodata.messages import Message

MAX_PIECES = 5_000_000
FEW = 2_000
"""Up to this many edges all are drawn round; of more, those that make the rim are found first (buffer_edges.py)."""


def buffer(geometry: Any, radius: Any, tolerance: float = 1.0, edges: str = "lonlat") -> Any:
    """Return what lies within `radius` metres of a geometry: Polygon or MultiPolygon, cut at ±180 (RFC 7946 § 3.1.9).

    Every point of the boundary is at `radius` from the geometry within `tolerance` metres (but for edges along ±180
    or at a pole), all nearer points lie inside, all farther ones outside. A negative radius gives what lies deeper
    inside a polygon; that may be empty. Parts of one geometry are dissolved. An array of geometries gives an array of
    its shape; several radii (m,) give one axis more, of m buffers.

    Radii: not 0, up to 5,000 km round points, 1,000 km round lines and polygons; tolerance 0.1 m to a tenth of the
    radius. Raises BadValue for anything else, Refused for too much work.

    >>> ring = buffer(shapely.Point(40.74, 36.5), 50_000)
    >>> ring.is_valid, len(ring.exterior.coords) > 200
    (True, True)
    """
    validation.edges(edges)
    if isinstance(radius, (np.ndarray, list, tuple)):
        buffers = [buffer(geometry, each, tolerance, edges) for each in radius]
        shape = (
            (*np.shape(geometry), len(buffers)) if isinstance(geometry, (np.ndarray, list, tuple)) else (len(buffers),)
        )
        several = np.empty(shape, dtype=object)
        for at, member in enumerate(buffers):
            several[..., at] = member
        return several
    if isinstance(geometry, (np.ndarray, list, tuple)):
        return _many(np.asarray(geometry, dtype=object), radius, tolerance, edges)
    validation.geometry(geometry)
    radius, tolerance = _sizes([geometry], radius, tolerance)
    areas = [drawn(part, edges) for part in polygons(geometry)]
    union = shapely.union_all(areas) if areas else None
    outlines = paths(geometry, edges)
    if radius < 0:
        outlines = _outlines(union, outlines)
        if not outlines:
            return _clean(union, tolerance)
    return _clean(_reached(outlines, union, radius, tolerance, edges), tolerance)


def _sizes(geometries: Any, radius: float, tolerance: float) -> tuple[float, float]:
    kinds = {part.geom_type for geometry in geometries for part in parts(geometry)}
    has = ("Point" in kinds, "Polygon" in kinds, bool(kinds & {"LineString", "LinearRing"}))
    size = validation.radius(radius, *has)
    return size, validation.tolerance(tolerance, size)


def _many(geometries: Any, radius: Any, tolerance: float, edges: str) -> Any:
    flat = geometries.ravel()
    for geometry in flat:
        if not isinstance(geometry, BaseGeometry):
            raise BadValue("geometry", geometry, "array_of_geometries")
    if not (shapely.get_type_id(flat) == 0).all():
        shapes = np.empty(len(flat), dtype=object)
        shapes[:] = [buffer(geometry, radius, tolerance, edges) for geometry in flat]
        return shapes.reshape(geometries.shape)
    xy = validation.vertices(shapely.get_coordinates(flat), "geodesic", "geometry", least=1)
    if len(xy) != len(flat):
        raise BadValue("geometry", "an empty Point", "geometries_not_empty")
    radius, tolerance = _sizes(flat[:1], radius, tolerance)
    return rings.circles(xy[:, 0], xy[:, 1], radius, tolerance).reshape(geometries.shape)


def _reached(
    outlines: list[Floats], area: BaseGeometry | None, radius: float, tolerance: float, edges: str
) -> BaseGeometry:
    """Return the union of the area and the capsules round all edges, or for a negative radius, the area without."""
    size = abs(radius)
    cut = [_pieces(path, size, tolerance, edges) for path in outlines]
    start, end, count = (np.concatenate([part[i] for part in cut]) for i in range(3))
    validation.work(len(start), MAX_PIECES, Message("work.buffer_edges"))
    if len(start) > FEW:
        pieces = buffer_edges.Pieces(start, end, np.cumsum(count) - count, count)
        return buffer_edges.grown(pieces, Curve(outlines, edges), area, radius, tolerance)
    reached = rings.capsules(start, end, size, tolerance)
    if radius < 0:
        return shapely.difference(area, shapely.union_all(reached))
    return shapely.union_all(reached if area is None else [*reached, area])


def _outlines(area: BaseGeometry, outlines: list[Floats]) -> list[Floats]:
    """Return the outlines of an area without what is no edge of it: the poles, and cuts along ±180 within it."""
    west, south, east, north = area.bounds
    if not (west == -180 and east == 180) and south > -90 and north < 90:
        return outlines
    lines = shapely.linestrings(np.stack(buffer_edges.rim(area), axis=1))
    return [shapely.get_coordinates(part) for part in parts(shapely.line_merge(shapely.multilinestrings(lines)))]


def _pieces(path: Floats, radius: float, tolerance: float, edges: str) -> tuple[Floats, Floats, buffer_edges.Ints]:
    """Return the starts and ends of edges divided so that capsules' sides keep to the tolerance, and the divisions."""
    if len(path) == 1:
        return path, path, np.ones(1, dtype=np.int64)
    start, end = path[:-1], path[1:]
    azimuth, _, length = ellipsoid.inverse(*start.T, *end.T)
    own = np.zeros(len(start))
    if edges == "lonlat":
        length, own = ellipsoid.edge_length(start, end), ellipsoid.edge_bend(start, end)
    most = rings.longest_piece(radius, tolerance, np.maximum(np.abs(start[:, 1]), np.abs(end[:, 1])), own)
    count = np.maximum(np.ceil(length / most), 1).astype(np.int64)
    validation.work(int(count.sum()), MAX_PIECES, Message("work.buffer_edges"))
    edge = np.repeat(np.arange(len(start)), count)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    ends = []
    for share in (step / count[edge], (step + 1) / count[edge]):
        if edges == "lonlat":
            place = start[edge] + (end - start)[edge] * share[:, None]
        else:
            place = np.column_stack(
                ellipsoid.direct(start[edge, 0], start[edge, 1], azimuth[edge], length[edge] * share)
            )
        ends.append(np.where((share == 1)[:, None], end[edge], place))
    return ends[0], ends[1], count


def _clean(shape: BaseGeometry, tolerance: float) -> BaseGeometry:
    """Return a union without parts and holes smaller than the tolerance can tell, wound by the right-hand rule."""
    members = []
    for part in polygons(shape):
        holes = [hole for hole in part.interiors if not _speck(hole, tolerance)]
        if not _speck(part.exterior, tolerance):
            members.append(shapely.Polygon(part.exterior, holes))
    if not members:
        return shapely.Polygon()
    merged = members[0] if len(members) == 1 else shapely.MultiPolygon(members)
    return shapely.orient_polygons(merged if merged.is_valid else shapely.make_valid(merged))


def _speck(ring: BaseGeometry, tolerance: float) -> bool:
    """Tell whether a ring is so small that filling it, or leaving it out, stays within the tolerance."""
    west, south, east, north = ring.bounds
    return bool((east - west + north - south) * 111_700 < tolerance / 20)
