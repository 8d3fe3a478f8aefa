"""The area and the perimeter on the ellipsoid of polygons whose edges are straight in longitude and latitude."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.errors import BadValue
from geodata.geodesy.ellipsoid import E2, GEOD, A, Floats

STEP_DEGREES = 0.05
"""The longest piece that one step of Simpson's rule integrates: its error is below 1e-12 of the area."""
_E = float(np.sqrt(E2))


def area_and_perimeter(polygon: BaseGeometry) -> tuple[float, float]:
    """Return the area in square metres and the length of the boundary in metres of a Polygon or MultiPolygon.

    The area is the integral of the area between equator and parallel over the longitude along the boundary, exact for
    edges straight in longitude and latitude, with holes and poles. Edges along ±180° and at a pole are no boundary.
    An empty geometry has (0, 0). Raises BadValue for anything that is no polygon.

    Source: Snyder, Map Projections: A Working Manual (1987), equation 3-12 (the authalic q).

    >>> area, perimeter = area_and_perimeter(shapely.box(-180, -90, 180, 90))
    >>> round(area / 1e6), perimeter
    (510065622, 0.0)
    """
    if polygon.is_empty:
        return 0.0, 0.0
    if polygon.geom_type not in ("Polygon", "MultiPolygon"):
        raise BadValue("polygon", polygon.geom_type, "polygon_or_multi")
    area = perimeter = 0.0
    for part in shapely.get_parts(polygon):
        rings = [abs(_enclosed(ring)) for ring in _rings(part)]
        area += rings[0] - sum(rings[1:])
        perimeter += sum(_length(ring) for ring in _rings(part))
    return area, perimeter


def _rings(part: BaseGeometry) -> Iterable[Floats]:
    for ring in (part.exterior, *part.interiors):
        yield shapely.get_coordinates(shapely.segmentize(ring, STEP_DEGREES))


def _enclosed(ring: Floats) -> float:
    lon, lat = ring.T
    between = _from_equator(lat)
    middle = _from_equator((lat[:-1] + lat[1:]) / 2)
    return float(((between[:-1] + 4 * middle + between[1:]) / 6 * np.radians(np.diff(lon))).sum())


def _from_equator(lat: Floats) -> Floats:
    """Return the square metres between the equator and parallels (degrees) for each radian of longitude."""
    sin = np.sin(np.radians(lat))
    return np.asarray(A * A * (1 - E2) / 2 * (sin / (1 - E2 * sin * sin) + np.arctanh(_E * sin) / _E))


def _length(ring: Floats) -> float:
    lon, lat = ring.T
    frame = ((np.abs(lon[:-1]) == 180) & (lon[:-1] == lon[1:])) | ((np.abs(lat[:-1]) == 90) & (lat[:-1] == lat[1:]))
    drawn = ~frame
    if not drawn.any():
        return 0.0
    return float(GEOD.inv(lon[:-1][drawn], lat[:-1][drawn], lon[1:][drawn], lat[1:][drawn])[2].sum())
