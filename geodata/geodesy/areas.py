"""Areas of which only the outline is known: how near and how far they reach, and their middle."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import Proj
from shapely.geometry.base import BaseGeometry

from geodata.errors import BadValue
from geodata.geodesy import ellipsoid, validation
from geodata.geodesy.distance import distance
from geodata.geodesy.ellipsoid import Floats
from geodata.geodesy.target import Target, drawn, polygons
from geodata.messages import Message

SHARE = 0.01
"""The farthest distance is bounded from above to this share."""
SLACK = 0.5
"""Metres that the bound may add where the farthest distance is almost nothing."""
MAX_CELLS = 20_000


def extent(area: BaseGeometry, target: BaseGeometry | Target, edges: str = "lonlat") -> tuple[float, float]:
    """Return the least and the greatest distance in metres from the points of a polygon to a geometry.

    The greatest is bounded from above: never below the truth, at most 1 % (and half a metre) over it. `edges` is the
    target's definition; the polygon's edges are straight in longitude and latitude.

    >>> low, high = extent(shapely.box(40.7, 36.4, 40.8, 36.6), shapely.Point(41, 36.5))
    >>> round(low), 28_890 < high < 29_300
    (17918, True)
    """
    validation.geometry(area, "area")
    if shapely.get_dimensions(area) != 2:
        raise BadValue("area", area.geom_type, "polygon")
    to = target if isinstance(target, Target) else Target(target, edges)
    return distance(area, to).distance, _farthest(area, to)


def _farthest(area: BaseGeometry, to: Target) -> float:
    """Divide the polygon into cells until no cell can hold a point farther away than the bound."""
    if to.area is not None and shapely.covers(to.area, area):
        return 0.0
    cells = _fitted(np.array(polygons(area), dtype=object))
    lower, bound = 0.0, 0.0
    while len(cells):
        points = shapely.point_on_surface(cells)
        lon, lat = shapely.get_coordinates(points).T
        distances = np.asarray(to.nearest(lon, lat).distance)
        lower = max(lower, float(distances.max()))
        most = distances + _reach(cells, lon, lat)
        enough = most <= lower * (1 + SHARE) + SLACK
        bound = max(bound, float(most[enough].max(initial=0.0)))
        cells = _divided(cells[~enough])
        validation.work(len(cells), MAX_CELLS, Message("work.polygon_cells"))
    return max(bound, lower)


def _reach(cells: Floats, lon: Floats, lat: Floats) -> Floats:
    """Return metres from the positions within which each cell's box lies wholly.

    A box's farthest point is a corner, or lies on a parallel between two corners: a path along the sides bounds it.
    """
    west, south, east, north = shapely.bounds(cells).T
    radius = ellipsoid.A * np.cos(np.radians(np.where(south * north < 0, 0, np.minimum(abs(south), abs(north)))))
    across = np.radians(np.maximum(east - lon, lon - west)) * radius
    along = np.radians(np.maximum(north - lat, lat - south)) * ellipsoid.A * 1.004
    return np.asarray(np.hypot(across, along) * 1.001)


def _divided(cells: Floats) -> Floats:
    """Return the cells' quarters that hold something, each cut to what it holds."""
    if not len(cells):
        return cells
    west, south, east, north = shapely.bounds(cells).T
    x, y = (west + east) / 2, (south + north) / 2
    boxes = [(west, south, x, y), (x, south, east, y), (west, y, x, north), (x, y, east, north)]
    cut = [shapely.intersection(cells, shapely.box(*box)) for box in boxes]
    return _fitted(np.concatenate(cut))


def _fitted(cells: Floats) -> Floats:
    cells = cells[~shapely.is_empty(cells)]
    flat = shapely.get_dimensions(cells) == 2
    return np.asarray(cells[flat] if flat.any() else cells)


def centroid(polygon: BaseGeometry, edges: str = "lonlat") -> tuple[float, float]:
    """Return longitude and latitude of the centre of area of a polygon on the ellipsoid.

    The centre is where an equal-area frame drawn round it (Lambert's azimuthal, on the ellipsoid) has its own
    centroid: of a box at a pole the pole, of parts on both sides of the antimeridian a place between them.

    >>> [round(float(x), 4) for x in centroid(shapely.box(40, 36, 42, 38))]
    [41.0, 36.9971]
    """
    validation.geometry(polygon, "polygon")
    outline = drawn(polygon, validation.edges(edges))
    members = polygons(outline)
    if not members:
        raise BadValue("polygon", polygon.geom_type, "polygon")
    fine = shapely.segmentize(np.array(members, dtype=object), 0.1)
    middle = ellipsoid.ecef(*shapely.get_coordinates(fine).T).mean(axis=0)
    lon, lat = (float(part) for part in ellipsoid.geodetic(middle))
    last = np.inf
    for _ in range(50):
        there = Proj(f"+proj=laea +lon_0={lon!r} +lat_0={lat!r} +ellps=WGS84")
        flat = shapely.transform(fine, lambda xy, to=there: np.column_stack(to(*xy.T)))
        areas = shapely.area(flat)
        xy = shapely.get_coordinates(shapely.centroid(flat))
        x, y = (areas[:, None] * xy).sum(axis=0) / areas.sum()
        lon, lat = (float(part) for part in there(x, y, inverse=True))
        # PROJ's authalic latitudes leave about a millimetre that no further step takes away.
        moved = np.hypot(x, y)
        if moved < 1e-3 or moved > last / 2:
            break
        last = moved
    return lon, lat
