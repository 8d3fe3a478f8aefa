"""Any geometry as a target: points, lines, polygons (0 inside), multi-parts and collections."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.errors import BadValue
from geodata.geodesy import validation
from geodata.geodesy.ellipsoid import Floats
from geodata.geodesy.line import Nearest, answer, reached
from geodata.geodesy.prepared import prepared
from geodata.geodesy.segments import Curve


class Target:
    """A shapely geometry in degrees, longitude before latitude, prepared for measuring.

    A polygon holds its inside: distance 0, the foot the position itself, side "on". One LineString answers chainage
    and side as `Line` does. Raises BadValue for empty geometries, invalid polygons, coordinates out of range,
    lon/lat edges over more than 180° of longitude, and nesting or vertices beyond the limits.

    >>> district = Target(shapely.box(40.6, 36.4, 40.9, 36.6))
    >>> near = district.nearest([40.74, 41.0], [36.5, 36.5])
    >>> [round(float(d)) for d in near.distance]
    [0, 8959]
    """

    def __init__(self, geometry: BaseGeometry, edges: str = "lonlat") -> None:
        self.edges = validation.edges(edges)
        self.geometry = validation.geometry(geometry)
        self.paths = paths(geometry, edges)
        self.is_line = geometry.geom_type in ("LineString", "LinearRing")

    @cached_property
    def curve(self) -> Curve:
        """The pieces of all points, lines and outlines, and the tree."""
        return Curve(self.paths, self.edges)

    @cached_property
    def area(self) -> BaseGeometry | None:
        """The polygons, their edges drawn as defined; None where there are none."""
        members = polygons(self.geometry)
        if not members:
            return None
        union = shapely.union_all([drawn(part, self.edges) for part in members]) if len(members) > 1 else members[0]
        return drawn(union, self.edges) if len(members) == 1 else union

    def inside(self, lon: Floats, lat: Floats) -> Any:
        """Tell for positions (n,) in degrees whether a polygon holds them; 180° and -180° are one meridian."""
        if self.area is None:
            return np.zeros(len(lon), dtype=bool)
        with prepared(self.area) as area:
            mask = shapely.intersects_xy(area, lon, lat)
            for at in np.flatnonzero(np.abs(lon) == 180):
                mask[at] |= shapely.intersects_xy(area, -lon[at], lat[at])
        return mask

    def nearest(self, lon: Any, lat: Any) -> Nearest:
        """Find the nearest place of the geometry for positions in degrees; as `Line.nearest`."""
        return answer(self.curve, lon, lat, is_line=self.is_line, inside=None if self.area is None else self.inside)

    def within(self, lon: Any, lat: Any, radius: Any) -> Any:
        """Tell for positions in degrees whether the geometry is at most `radius` metres away; NaN is not."""
        near = reached(self.curve, lon, lat, radius)
        if self.area is None:
            return near
        x, y = np.broadcast_arrays(*validation.positions(lon, lat))
        valid = ~np.isnan(validation.not_negative("radius", radius))
        return (near | (self.inside(x.ravel(), y.ravel()).reshape(x.shape) & valid))[()]


def parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Return the points, lines and polygons of a geometry, collections opened."""
    left, members = [geometry], []
    while left:
        part = left.pop()
        if hasattr(part, "geoms"):
            left.extend(reversed(part.geoms))
        elif not part.is_empty:
            members.append(part)
    return members


def polygons(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Return the polygons of a geometry."""
    return [part for part in parts(geometry) if part.geom_type == "Polygon"]


def paths(geometry: BaseGeometry, edges: str) -> list[Floats]:
    """Return the vertices of all points, lines and rings; a point is a path of one vertex."""
    vertices = []
    for part in parts(geometry):
        if part.geom_type == "Polygon":
            rings = [part.exterior, *part.interiors]
            # Ring edges are straight in longitude and latitude where they run along ±180 or a pole.
            vertices += [validation.vertices(ring.coords, edges, "geometry") for ring in rings]
        else:
            least = 1 if part.geom_type == "Point" else 2
            vertices.append(validation.vertices(part.coords, edges, "geometry", least=least))
    if not vertices:
        raise BadValue("geometry", geometry.geom_type, "geometry_not_empty")
    return vertices


def drawn(geometry: BaseGeometry, edges: str) -> BaseGeometry:
    """Return a geometry whose edges, straight in longitude and latitude, follow the definition within 2 mm."""
    if edges == "lonlat":
        return geometry
    shapes = []
    for part in parts(geometry):
        if part.geom_type == "Point":
            shapes.append(part)
        elif part.geom_type == "Polygon":
            shell, *holes = [_path(path) for path in paths(part, edges)]
            shapes.append(shapely.Polygon(shell, holes))
        else:
            shapes.append(shapely.LineString(_path(paths(part, edges)[0])))
    return shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)


def _path(path: Floats) -> Floats:
    ends = Curve([path], "geodesic").ends
    return np.concatenate([ends[:, 0], ends[-1:, 1]])
