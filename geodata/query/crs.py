"""The coordinate reference systems that are read and written, with the axis order each one's definition demands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.errors import BadValue
from geodata.messages import one_of

Shapes = NDArray[np.object_]

_REACH = 30.0
"""How far from a UTM zone's middle meridian, in degrees, coordinates are still given in it."""
_FAR = 21_000_000.0
"""Metres beyond any edge of these systems, where a projection would begin to wind round the earth again."""
_STEP = 64
"""Into how many pieces an edge of a box in metres is cut before it is taken to longitude and latitude."""


@dataclass(frozen=True)
class Crs:
    """A system by its URI; `middle` is the meridian of a UTM zone, in degrees."""

    uri: str
    code: str
    latitude_first: bool = False
    middle: float | None = None

    @property
    def metric(self) -> bool:
        """Whether coordinates are metres."""
        return self.code not in ("OGC:CRS84", "EPSG:4326")

    def holds(self, bounds: Sequence[float]) -> bool:
        """Tell whether what lies within bounds (west, south, east, north) can be given in this system."""
        west, south, east, north = bounds
        if self.code == "EPSG:3857":
            return max(-south, north) <= 85.06
        if self.middle is None:
            return True
        return south >= 0 and north <= 84 and self.middle - _REACH <= west and east <= self.middle + _REACH

    def from_lonlat(self, shapes: Shapes) -> Shapes:
        """Return geometries in this system, rounded to a millimetre where it is metric; None stays None."""
        if not self.metric:
            return _swapped(shapes) if self.latitude_first else shapes
        return np.asarray(shapely.transform(shapes, lambda xy: np.round(_moved(xy, "OGC:CRS84", self.code), 3)))

    def to_lonlat(self, shape: BaseGeometry, parameter: str) -> BaseGeometry:
        """Return a geometry of this system in longitude and latitude; raises BadValue, which names `parameter`."""
        if self.metric:
            geometry = shapely.transform(shape, lambda xy: _moved(xy, self.code, "OGC:CRS84"))
        else:
            geometry = _swapped(np.array([shape], dtype=object))[0] if self.latitude_first else shape
        xy = shapely.get_coordinates(geometry)
        far = self.metric and bool((np.abs(shapely.get_coordinates(shape)) > _FAR).any())
        if far or not np.isfinite(xy).all() or (np.abs(xy) > (180, 90)).any():
            raise BadValue(parameter, shape.wkt, "coordinates_of_crs", crs=self.uri)
        return geometry

    def boxes(self, numbers: Sequence[float], parameter: str = "bbox") -> BaseGeometry:
        """Return a box (first corner, second corner, in this system's axis order) in longitude and latitude.

        A box whose west lies east of its east crosses the antimeridian and becomes two. Raises BadValue.
        """
        a, b, c, d = numbers
        west, south, east, north = (b, a, d, c) if self.latitude_first else (a, b, c, d)
        text = ",".join(f"{number:g}" for number in numbers)
        if south > north or (self.metric and west > east):
            raise BadValue(parameter, text, "two_corners")
        if self.metric:
            return self.to_lonlat(shapely.segmentize(shapely.box(west, south, east, north), _step(numbers)), parameter)
        if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
            raise BadValue(parameter, text, "lonlat_ranges")
        if west <= east:
            return shapely.box(west, south, east, north)
        return shapely.union(shapely.box(west, south, 180, north), shapely.box(-180, south, east, north))


def _step(numbers: Sequence[float]) -> float:
    return max(numbers[2] - numbers[0], numbers[3] - numbers[1], 1.0) / _STEP


def _swapped(shapes: Shapes) -> Shapes:
    return np.asarray(shapely.transform(shapes, lambda xy: xy[:, ::-1]))


def _moved(xy: NDArray[np.float64], source: str, target: str) -> NDArray[np.float64]:
    return np.column_stack(_transformer(source, target).transform(xy[:, 0], xy[:, 1]))


@cache
def _transformer(source: str, target: str) -> Any:
    from pyproj import Transformer

    return Transformer.from_crs(source, target, always_xy=True)


def _epsg(code: int, **more: Any) -> Crs:
    return Crs(f"http://www.opengis.net/def/crs/EPSG/0/{code}", f"EPSG:{code}", **more)


CRS84 = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "OGC:CRS84")
KNOWN = (
    CRS84,
    _epsg(4326, latitude_first=True),
    _epsg(3857),
    *(_epsg(32600 + zone, middle=zone * 6 - 183.0) for zone in (36, 37, 38, 39)),
)


def named(uri: str, parameter: str, among: Sequence[Crs] = KNOWN) -> Crs:
    """Return the system with a URI; raises BadValue, which names `parameter`."""
    for crs in among:
        if crs.uri == uri:
            return crs
    raise BadValue(parameter, uri, one_of(crs.uri for crs in among))
