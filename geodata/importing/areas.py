"""Countries and governorates of the catalogue: which holds a position, which has a name or a P-code."""

from __future__ import annotations

import re
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.analysis.country import within
from geodata.catalog import Catalog
from geodata.importing.columns import Places
from geodata.model import Feature
from geodata.text import arabic

Floats = NDArray[np.float64]
CENTRE_METRES = 75_000.0
"""A point on a half degree that lies so near to the middle of a country may stand for the whole of it."""
COAST_DEGREES = 0.3
MAX_KEPT = 200_000
"""Positions whose country and governorate are remembered."""

_SUN = re.compile(r"^(?:ar|ad|as|at|an|az|ash|el) ")
"""The article before the letters that it takes the sound of."""


class Areas:
    """Countries and governorates: which holds a position, which has a name or a P-code."""

    def __init__(self, catalog: Catalog) -> None:
        self._holders: dict[complex, tuple[int, int]] = {}
        self._away: dict[complex, bool] = {}
        self.countries = _shaped(catalog, "countries")
        self.governorates = _shaped(catalog, "governorates")

    @cached_property
    def _names(self) -> dict[str, str]:
        return {
            arabic.fold(name): f"{layer}/{id_}"
            for layer, areas in (("governorates", self.governorates), ("countries", self.countries))
            for id_, area in areas.items()
            for name in (
                *area.name.values(),
                *(area.properties.get("aliases") or ()),
                area.properties.get("pcode") or id_,
            )
        }

    def named(self, name: str | None, layer: str) -> str | None:
        """Return the country or governorate (`layer/id`) of a name, in either language, or of a P-code."""
        folded = arabic.fold(name or "").removesuffix(" governorate").removeprefix("محافظه ")
        for text in (folded, _SUN.sub("", folded)):
            if self._names.get(text, "").startswith(layer):
                return self._names[text]
        return None

    def holding(self, lon: Floats, lat: Floats) -> tuple[Places, Places]:
        """Return which of `countries` and of `governorates` holds each position (n); -1 for none, or NaN."""
        if len(self._holders) > MAX_KEPT:
            self._holders.clear()
        distinct, at = np.unique(lon + 1j * lat, return_inverse=True)
        new = np.array(
            [position for position in distinct.tolist() if position == position and position not in self._holders]
        )
        if len(new):
            numbers = (_in(self.countries, new.real, new.imag), _in(self.governorates, new.real, new.imag))
            self._holders.update(zip(new.tolist(), zip(*numbers, strict=True), strict=True))
        holders = np.array(
            [self._holders.get(position, (-1, -1)) for position in distinct.tolist()], dtype=np.int64
        ).reshape(-1, 2)
        return holders[at, 0], holders[at, 1]

    def far(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        """Tell which positions lie away from every country, by more than another coastline may explain."""
        distinct, at = np.unique(lon + 1j * lat, return_inverse=True)
        new = np.array([position for position in distinct.tolist() if position not in self._away])
        if len(self._away) > MAX_KEPT:
            self._away.clear()
            new = distinct
        if len(new):
            self._away.update(zip(new.tolist(), self._far(new.real, new.imag).tolist(), strict=True))
        return np.array([self._away[position] for position in distinct.tolist()], dtype=bool)[at]

    def _far(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        points, away = shapely.points(lon, lat), np.ones(len(lon), dtype=bool)
        for country in self.countries.values():
            west, south, east, north = shapely.bounds(country.geometry)
            beside = np.maximum(west - lon, lon - east) > COAST_DEGREES
            beside |= np.maximum(south - lat, lat - north) > COAST_DEGREES
            rows = np.flatnonzero(away & ~beside)
            # To a box is no farther than to what lies within it: only for these the distance is computed.
            away[rows] = ~shapely.dwithin(country.geometry, points[rows], COAST_DEGREES)
        return away

    def country_of(self, governorate: str | None) -> str | None:
        """Return the id of a governorate's country."""
        area = self.governorates.get(governorate or "")
        return None if area is None else area.properties.get("country")

    @cached_property
    def _centres(self) -> Floats:
        middles = [shapely.centroid(country.geometry) for country in self.countries.values()]
        return np.asarray(shapely.get_coordinates(middles), dtype=float)

    def central(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        """Tell which positions lie on half degrees near the middle of a country, as points do that stand for it."""
        round_ = (np.mod(lon * 2, 1) == 0) & (np.mod(lat * 2, 1) == 0)
        for at in np.flatnonzero(round_).tolist():
            # A degree is 111 km, of longitude less: near enough for a doubt.
            east, north = (self._centres - [lon[at], lat[at]]).T
            away = np.hypot(east * np.cos(np.radians(lat[at])), north)
            round_[at] = away.min(initial=np.inf) * 111_000 <= CENTRE_METRES
        return np.asarray(round_)


def _shaped(catalog: Catalog, layer: str) -> dict[str, Feature]:
    if layer not in catalog.ids():
        return {}
    return {feature.id: feature for feature in catalog.layer(layer).features if feature.geometry is not None}


def _in(areas: dict[str, Feature], lon: Floats, lat: Floats) -> list[int]:
    numbers = np.full(len(lon), -1)
    free = np.arange(len(lon))
    for place, area in enumerate(areas.values()):
        inside = within(area, lon[free], lat[free])
        numbers[free[inside]] = place
        free = free[~inside]
    return list(map(int, numbers))
