"""Distances of many positions at once, given as columns, from the nearest of several places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata import geodesy
from geodata.analysis.nearest import nearest_of, to_nearest
from geodata.analysis.places import Place
from geodata.catalog import Catalog
from geodata.model import Layer
from geodata.query.table import Table

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
UNNAMED = {"en": "", "ar": ""}


@dataclass(frozen=True)
class Positions:
    """Where n rows lie, as columns: a position and its radius, the area a row stands for, or another geometry."""

    lon: Floats
    """Degrees (n); NaN where a row is no point."""
    lat: Floats
    radius: Floats
    """The uncertainty radius (n, metres); NaN where nobody stated one."""
    placeholder: Mask
    """Which positions stand for somewhere there (n)."""
    areas: NDArray[np.int32]
    """Index in `refs` of the area of a row (n); -1 for none."""
    refs: tuple[str, ...]
    """The areas, as layer/id."""
    shapes: Mapping[int, BaseGeometry]
    """The geometries other than points, by row."""
    edges: Literal["lonlat", "geodesic"] = "lonlat"
    """What the edges of `shapes` are."""

    def __len__(self) -> int:
        return len(self.lon)

    @property
    def located(self) -> Mask:
        """Which rows lie anywhere (n)."""
        located: Mask = ~np.isnan(self.lon) | (self.areas >= 0)
        located[list(self.shapes)] = True
        return located


def positions_of(layer: Layer, table: Table) -> Positions:
    """Return where the features of a layer lie, from its table."""
    unknown = layer.entry.get("default_uncertainty_m")
    radii = [unknown if radius is None else radius for radius in table.values_of("coordinateUncertaintyInMeters")]
    placeholder = np.array([bool(value) for value in table.values_of("placeholder")], dtype=bool)
    areas = table.values_of("area")
    refs = tuple(dict.fromkeys(ref for ref in areas if ref))
    index = {ref: number for number, ref in enumerate(refs)}
    which = np.array([index.get(ref or "", -1) for ref in areas], dtype=np.int32)
    lon, lat = table.lonlat
    return Positions(lon, lat, np.array(radii, dtype=float), placeholder, which, refs, table.shapes, layer.edges)


@dataclass(frozen=True)
class Ends:
    """The interval of the distance of n rows from their nearest place, in metres.

    NaN where nobody stated a radius, infinite where a row has no place at all.
    """

    low: Floats
    high: Floats
    distance: Floats
    """Of the stated position (n); NaN where there is none."""
    placeholder: Mask
    """Where the row or its nearest place is a placeholder (n)."""

    def within(self, radius: float) -> NDArray[np.str_]:
        """Return "certainly", "possibly", "no" or "unknown" (n) for a radius in metres, by `geodesy.classify`."""
        return np.asarray(geodesy.classify(self.low, self.high, radius, self.placeholder, self.distance))


def distances_to(targets: Sequence[Place], positions: Positions, catalog: Catalog) -> Ends:
    """Return the distance of every row from the nearest of `targets`, none of which stands for an area.

    Points are measured all at once, rows that stand for an area once an area, other geometries each on its own.
    """
    low, high, stated = (np.full(len(positions), fill) for fill in (np.inf, np.inf, np.nan))
    vague = positions.placeholder.copy()
    at = np.flatnonzero(~np.isnan(positions.lon))
    if len(at):
        best, feet, _ = nearest_of(targets, positions.lon[at], positions.lat[at])
        distance = np.array([near.distance for near in feet])[best, np.arange(len(at))]
        own = np.array([np.nan if place.uncertainty is None else place.uncertainty for place in targets])[best]
        low[at], high[at] = geodesy.interval(distance, positions.radius[at], own)
        stated[at] = distance
        vague[at] |= np.array([place.placeholder for place in targets])[best]
    for number, ref in enumerate(positions.refs):
        area = catalog.geometry(ref)
        if area is not None:
            rows = positions.areas == number
            rows[list(positions.shapes)] = False
            stand_in = Place(ref, UNNAMED, "", None, None, area=area)
            low[rows], high[rows], stated[rows], by_target = _ends(stand_in, targets)
            vague[rows] |= by_target
    for row, shape in positions.shapes.items():
        radius = None if np.isnan(positions.radius[row]) else float(positions.radius[row])
        area = catalog.geometry(positions.refs[positions.areas[row]]) if positions.areas[row] >= 0 else None
        stand_in = Place("row", UNNAMED, "", shape, radius, area=area, edges=positions.edges)
        low[row], high[row], stated[row], by_target = _ends(stand_in, targets)
        vague[row] |= by_target
    return Ends(low, high, stated, vague)


def _ends(place: Place, targets: Sequence[Place]) -> tuple[float, float, float, bool]:
    """Return the ends of the distance of one place, its distance, and whether its nearest target is a placeholder."""
    nearest = to_nearest([place], targets)[0]
    if nearest is None:
        return np.inf, np.inf, np.nan, False
    low, high, distance = (np.nan if end is None else end for end in (nearest.low, nearest.high, nearest.distance))
    return low, high, distance, nearest.target.placeholder
