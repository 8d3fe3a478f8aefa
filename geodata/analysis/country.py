"""In which country a place lies, and whether that is certain: containment in `countries`, never a line's side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata import geodesy
from geodata.analysis.measure import Edges
from geodata.analysis.places import Place
from geodata.catalog import Catalog
from geodata.geodesy.prepared import prepared
from geodata.model import Feature

Floats = NDArray[np.float64]

LAYER = "countries"
METRES_PER_DEGREE = 110_000.0
"""Less than a degree of latitude, or of longitude times the cosine of its latitude, is anywhere on the ellipsoid."""
_INSIDE = 0.999
"""The share of an area that must lie in a country for it to be certain: two datasets never share an edge exactly."""


def country_of(place: Place, catalog: Catalog) -> dict[str, Any] | None:
    """Return {"id", "certain"}; None where no country of the catalogue contains the place.

    Certain means that the circle of the place's uncertainty, widened by that of the country's outline, lies inside.
    """
    if not place.has_extent:
        return None
    if place.parts:
        # Several places, all true: certain where all of them certainly lie in one country.
        countries = [country_of(part, catalog) for part in place.parts]
        first = countries[0]
        sure = all(
            country is not None and country["certain"] and country["id"] == (first or country)["id"]
            for country in countries
        )
        return None if first is None else {"id": first["id"], "certain": sure}
    anchor = place.shape.representative_point()
    holder = _holder(anchor, catalog)
    if holder is None:
        return None
    return {"id": holder.id, "certain": _certain(place, anchor, holder, catalog)}


@lru_cache(maxsize=1024)
def _area_inside(area: BaseGeometry, country: BaseGeometry) -> bool:
    """Return whether an area lies in a country; cached, because both outlines are long."""
    return bool(area.intersection(country).area >= _INSIDE * area.area)


def _holder(point: shapely.Point, catalog: Catalog) -> Feature | None:
    for feature in catalog.layer(LAYER).features:
        if within(feature, np.array([point.x]), np.array([point.y]))[0]:
            return feature
    return None


def _certain(place: Place, anchor: shapely.Point, holder: Feature, catalog: Catalog) -> bool:
    if holder.geometry is None:
        return False
    if place.area is not None:
        return _area_inside(place.area, holder.geometry)
    if not place.is_point:
        return bool(shapely.contains(holder.geometry, place.shape))
    if place.uncertainty is None:
        return False
    return bool(_clear(holder, np.array([anchor.x]), np.array([anchor.y]), np.array([place.uncertainty]), catalog)[0])


def _clear(holder: Feature, lon: Floats, lat: Floats, radius: Floats, catalog: Catalog) -> NDArray[np.bool_]:
    """Tell which circles inside a country keep clear of its boundary, widened by how well that is known."""
    layer = catalog.layer(LAYER)
    if holder.geometry is None:
        return np.zeros(len(lon), dtype=bool)
    margin = radius + (layer.uncertainty(holder) or 0.0)
    clear = _far(holder.geometry, lon, lat, margin) if layer.edges == "lonlat" else np.zeros(len(lon), dtype=bool)
    near = np.flatnonzero(~clear)
    if len(near):
        away = _outline(holder.geometry, layer.edges).nearest(lon[near], lat[near]).distance
        clear[near] = away > margin[near]
    return clear


def _far(area: BaseGeometry, lon: Floats, lat: Floats, radius: Floats) -> NDArray[np.bool_]:
    """Tell which circles are so far from an area's outline that boxes round them do not meet it.

    The outline's edges are straight in longitude and latitude, as the boxes are. False says nothing.
    """
    half_lat = radius / METRES_PER_DEGREE
    # The meridian that a circle just reaches is farthest from its centre's at the higher latitude of the box.
    cosine = np.cos(np.radians(np.minimum(np.abs(lat) + half_lat, 89.0)))
    half_lon = half_lat / cosine
    usable = np.isfinite(radius) & (np.abs(lat) + half_lat < 89.0) & (half_lon < 10.0)
    usable &= (lon - half_lon > -180.0) & (lon + half_lon < 180.0)
    far = np.zeros(len(lon), dtype=bool)
    rows = np.flatnonzero(usable)
    if len(rows):
        boxes = shapely.box(
            lon[rows] - half_lon[rows],
            lat[rows] - half_lat[rows],
            lon[rows] + half_lon[rows],
            lat[rows] + half_lat[rows],
        )
        # A centre inside, and its box as well: the outline does not cross it.
        with prepared(area) as copy:
            far[rows] = shapely.contains_properly(copy, boxes)
    return far


@lru_cache(maxsize=256)
def _outline(shape: BaseGeometry, edges: Edges) -> geodesy.Target:
    return geodesy.Target(shape.boundary, edges=edges)


def countries_of(lon: Floats, lat: Floats, radius: Floats, catalog: Catalog) -> tuple[list[str | None], list[bool]]:
    """Return for circles (degrees, metres) the country of each centre and whether it is certain, as `country_of`."""
    ids: list[str | None] = [None] * len(lon)
    certain = [False] * len(lon)
    free = np.ones(len(lon), dtype=bool)
    for feature in catalog.layer(LAYER).features:
        rows = np.flatnonzero(free)
        rows = rows[within(feature, lon[rows], lat[rows])]
        if not len(rows):
            continue
        free[rows] = False
        sure = _clear(feature, lon[rows], lat[rows], radius[rows], catalog)
        for index, clear in zip(rows.tolist(), sure.tolist(), strict=True):
            ids[index], certain[index] = feature.id, clear
    return ids, certain


def of_places(places: Sequence[Place], catalog: Catalog) -> list[dict[str, Any] | None]:
    """Return `country_of` for each place, the points all at once."""
    countries: list[dict[str, Any] | None] = [None] * len(places)
    points = [i for i, place in enumerate(places) if place.is_point]
    if points:
        lon, lat = shapely.get_coordinates([places[i].shape for i in points]).T
        radius = np.array([places[i].uncertainty for i in points], dtype=float)
        for i, id_, sure in zip(points, *countries_of(lon, lat, radius, catalog), strict=True):
            countries[i] = None if id_ is None else {"id": id_, "certain": sure}
    for i in sorted(set(range(len(places))) - set(points)):
        countries[i] = country_of(places[i], catalog)
    return countries


def within(area: Feature, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """Tell which positions lie in an area; none where it has no geometry."""
    if not len(lon) or area.geometry is None:
        return np.zeros(len(lon), dtype=bool)
    west, south, east, north = area.geometry.bounds
    near = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    with prepared(area.geometry) as copy:
        near[near] = shapely.contains_xy(copy, lon[near], lat[near])
    return np.asarray(near)
