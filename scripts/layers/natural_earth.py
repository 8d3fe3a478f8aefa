"""Natural Earth: land, lakes, lines and countries at 1:10m, and the default-edition countries at 1:110m."""

from __future__ import annotations

from functools import cache

import shapefile
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from scripts.layers.packages import PACKAGES

REGION = shapely.box(25.0, 12.0, 65.0, 44.0)
"""The part of the world the map draws as backdrop."""


@cache
def shapes(key: str) -> tuple[BaseGeometry, ...]:
    """Return the shapes of a file that cross the map's region."""
    with shapefile.Reader(str(PACKAGES[key].path)) as reader:
        found = [shape(item.__geo_interface__) for item in reader.iterShapes()]
    return tuple(shapely.make_valid(item) for item in found if item.intersects(REGION))


@cache
def land() -> BaseGeometry:
    """Return the land of the region as one geometry."""
    return shapely.union_all([item.intersection(REGION) for item in shapes("ne10m-land")])


@cache
def sea() -> BaseGeometry:
    """Return what is not land in the region."""
    return REGION.difference(land())


@cache
def country(key: str, code: str) -> BaseGeometry:
    """Return a country by its ISO 3166-1 code of three letters, every vertex."""
    with shapefile.Reader(str(PACKAGES[key].path), encoding="utf-8") as reader:
        for item in reader.iterShapeRecords():
            if code in (item.record["ISO_A3"], item.record["ISO_A3_EH"]):
                return shapely.make_valid(shape(item.shape.__geo_interface__))
    raise KeyError(code)
