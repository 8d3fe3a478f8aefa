"""In which country a place lies, and whether that is certain: containment in `countries`, never a line's side."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.analysis.measure import target_of
from geodata.analysis.places import Place
from geodata.catalog import Catalog
from geodata.model import Feature

LAYER = "countries"
_INSIDE = 0.999
"""The share of an area that must lie in a country for it to be certain: two datasets never share an edge exactly."""


def country_of(place: Place, catalog: Catalog) -> dict[str, Any] | None:
    """Return {"id", "certain"}; None where no country we hold contains the place.

    Certain means that the place's whole circle of uncertainty, widened by that of the country's own line, lies in it.
    """
    if not place.has_extent:
        return None
    anchor = place.shape.representative_point()
    holder = _holder(anchor, catalog)
    if holder is None:
        return None
    return {"id": holder.id, "certain": _certain(place, anchor, holder, catalog)}


@lru_cache(maxsize=1024)
def _held(area: BaseGeometry, country: BaseGeometry) -> bool:
    """Tell whether an area lies in a country; kept, because both outlines are long."""
    return bool(area.intersection(country).area >= _INSIDE * area.area)


def _holder(point: shapely.Point, catalog: Catalog) -> Feature | None:
    for feature in catalog.layer(LAYER).features:
        if feature.geometry is None:
            continue
        shapely.prepare(feature.geometry)
        if shapely.contains_xy(feature.geometry, point.x, point.y):
            return feature
    return None


def _certain(place: Place, anchor: shapely.Point, holder: Feature, catalog: Catalog) -> bool:
    if holder.geometry is None:
        return False
    if place.area is not None:
        return _held(place.area, holder.geometry)
    if not place.is_point:
        return bool(shapely.contains(holder.geometry, place.shape))
    if place.uncertainty is None:
        return False
    layer = catalog.layer(LAYER)
    boundary = target_of(holder.geometry.boundary, layer.edges)
    to_boundary = boundary.nearest(np.array([anchor.x]), np.array([anchor.y])).distance[0]
    return bool(to_boundary > place.uncertainty + (layer.uncertainty(holder) or 0.0))
