"""How long a border is between a river's crossing and its end, within one area along it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geodata.analysis import measure, result_builder
from geodata.analysis.places import Place
from geodata.catalog import Catalog

SPACING = 100.0
"""Metres between the points of the border at which the nearest area is looked up."""


@dataclass(frozen=True)
class Frontage:
    """A length of border in metres, its interval, and the stretch itself."""

    length: float
    low: float
    high: float
    layers: Sequence[str]
    geometries: Sequence[Mapping[str, Any]]


def frontage(test: Mapping[str, Any], place: Callable[[str, Catalog], Place], catalog: Catalog) -> Frontage:
    """Measure the border `line` beyond its last crossing of `from_river`, in the area `within` (null: in any).

    The lines run northward along Iraq's border with Syria, so "north of the river" is beyond the crossing. The
    interval carries the river's, the border's and the area's uncertainty at both ends.
    """
    line, river = place(test["line"], catalog), place(test["from_river"], catalog)
    ruler = measure.line_of(line.shape, line.edges)
    start = _crossing(line, river)
    margin = (line.uncertainty or 0.0) + (river.uncertainty or 0.0)
    if test.get("within"):
        area = place(test["within"], catalog)
        chainages = np.arange(start, ruler.length, SPACING)
        lon, lat = ruler.point_at(chainages)
        inside = _nearest_area(shapely.points(lon, lat), area, catalog)
        length = float(np.count_nonzero(inside)) * SPACING
        end = float(chainages[np.flatnonzero(inside)[-1]]) if inside.any() else start
        margin += (area.uncertainty or 0.0) + SPACING
    else:
        length, end = ruler.length - start, ruler.length
    stretch = shapely.LineString(ruler.slice(start, end).coordinates) if end > start else None
    shapes = [] if stretch is None else [result_builder.shape(f"frontage-{line.id}", stretch, {"role": "frontage"})]
    layers = sorted({line.layer, river.layer, *(["governorates"] if test.get("within") else [])})
    return Frontage(length, max(0.0, length - margin), length + margin, layers, shapes)


def _crossing(line: Place, river: Place) -> float:
    """Return the greatest chainage at which the line meets the river, or where it comes nearest to it."""
    met = shapely.get_coordinates(shapely.intersection(line.shape, river.shape))
    if not len(met):
        near = measure.to_target([river], line)[0]
        return float(near.chainage or 0.0) if near else 0.0
    ruler = measure.line_of(line.shape, line.edges)
    return float(ruler.nearest(met[:, 0], met[:, 1]).chainage.max())


def _nearest_area(points: Any, area: Place, catalog: Catalog) -> Any:
    """Tell for each point of the border whether `area` is the nearest of its country's areas.

    Areas are clipped to the border, so border points lie on their edge: containment would be a matter of rounding.
    """
    country = area.feature.properties.get("country") if area.feature else None
    others = [
        feature.geometry
        for feature in catalog.layer(area.layer).features
        if feature.id != area.id
        and feature.geometry is not None
        and area.feature is not None
        and feature.kind == area.feature.kind
        and feature.properties.get("country") == country
    ]
    own = shapely.distance(points, area.shape)
    if not others:
        return np.ones(len(points), dtype=bool)
    tree = shapely.STRtree(others)
    _, rest = tree.query_nearest(points, return_distance=True, all_matches=False)
    return own <= rest
