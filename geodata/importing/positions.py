"""Positions of the rows of a file: in any notation, or as geometries, and what is doubtful about them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from geodata.analysis.country import within
from geodata.catalog import Catalog
from geodata.formats import coordinates
from geodata.formats.coordinates import Order
from geodata.formats.extent import clipped
from geodata.formats.row_errors import Text, Unread
from geodata.importing.columns import Places, decoded, floats
from geodata.model import Feature
from geodata.settings import MAX_VERTICES
from geodata.text import arabic

Floats = NDArray[np.float64]
CENTRE_METRES = 75_000.0
"""A point on a half degree that lies so near to the middle of a country may stand for the whole of it."""
COAST_DEGREES = 0.3
MAX_KEPT = 200_000
"""Positions whose country and governorate are remembered."""

_SUN = re.compile(r"^(?:ar|ad|as|at|an|az|ash|el) ")
"""The article before the letters that it takes the sound of."""


@dataclass
class Positions:
    """Positions of n rows (degrees, NaN where there is none), the precision of their notation, and what is doubtful."""

    lon: Floats
    lat: Floats
    radius: Floats
    """Uncertainty of the notation in metres, 0 for a number of degrees."""
    flags: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    reasons: dict[int, Text] = field(default_factory=dict)
    """Why a row has no position, by its place in the batch."""

    def flag(self, word: str, at: Any) -> None:
        """Mark rows."""
        self.flags.setdefault(word, np.zeros(len(self.lon), dtype=bool))[at] = True

    @property
    def located(self) -> NDArray[np.bool_]:
        """Which rows have a position."""
        return ~np.isnan(self.lon)


def of_pair(lat: pa.Array, lon: pa.Array) -> Positions:
    """Read two columns of text; plain numbers the quick way, every other notation once for each distinct pair."""
    x, plain_x = floats(lon)
    y, plain_y = floats(lat)
    positions = Positions(x, y, np.zeros(len(x)))
    empty = pc.or_(lat.is_null(), lon.is_null()).to_numpy(zero_copy_only=False)
    odd = ~empty & ~(plain_x & plain_y & (np.abs(x) <= 180) & (np.abs(y) <= 90))
    positions.lon[empty | odd] = positions.lat[empty | odd] = np.nan
    positions.flag("no_position", empty)
    rows = np.flatnonzero(odd)
    pairs = pc.binary_join_element_wise(*(decoded(column.take(pa.array(rows))) for column in (lat, lon)), ";")
    _read(positions, pairs, rows, "lat,lon")
    return _zero(positions)


def of_text(column: pa.Array, order: Order) -> Positions:
    """Read one column of positions in any notation."""
    count = len(column)
    positions = Positions(np.full(count, np.nan), np.full(count, np.nan), np.zeros(count))
    positions.flag("no_position", column.is_null().to_numpy(zero_copy_only=False))
    rows = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
    _read(positions, decoded(column.take(pa.array(rows))), rows, order)
    return _zero(positions)


def _read(positions: Positions, texts: pa.Array, rows: NDArray[np.intp], order: Order) -> None:
    readings: dict[str, coordinates.Position | Text] = {}
    for row, text in zip(rows.tolist(), texts.to_pylist(), strict=True):
        if text not in readings:
            try:
                readings[text] = coordinates.read(text, order)
            except Unread as error:
                readings[text] = error.text
        reading = readings[text]
        if isinstance(reading, coordinates.Position):
            positions.lon[row], positions.lat[row], positions.radius[row] = (
                reading.lon,
                reading.lat,
                reading.uncertainty,
            )
        else:
            positions.flag("unreadable_position", row)
            positions.reasons[row] = reading


def _zero(positions: Positions) -> Positions:
    zero = (positions.lon == 0) & (positions.lat == 0)
    positions.flag("zero_position", zero)
    positions.lon[zero] = positions.lat[zero] = np.nan
    return positions


def of_texts(texts: pa.Array) -> tuple[Positions, NDArray[np.object_]]:
    """Read a column of WKT; returns what `of_shapes` does, a text that is no WKT flagged as unreadable."""
    shapes = shapely.from_wkt(np.array([*texts.to_pylist(), None], dtype=object), on_invalid="ignore")[:-1]
    positions, geometries = of_shapes(shapes)
    broken = shapely.is_missing(shapes) & texts.is_valid().to_numpy(zero_copy_only=False)
    positions.flags["no_position"] &= ~broken
    positions.flag("unreadable_position", broken)
    return positions, geometries


def of_shapes(shapes: NDArray[np.object_]) -> tuple[Positions, NDArray[np.object_]]:
    """Return the positions of the points among geometries, and the geometries, without those that cannot be stored."""
    count = len(shapes)
    positions = Positions(np.full(count, np.nan), np.full(count, np.nan), np.zeros(count))
    geometries = clipped(shapes)
    empty = shapely.is_missing(geometries) | shapely.is_empty(geometries)
    positions.flag("no_position", empty)
    large = shapely.get_num_coordinates(geometries) > MAX_VERTICES
    box = shapely.bounds(geometries)
    out = ~empty & ((np.abs(box[:, [0, 2]]) > 180).any(axis=1) | (np.abs(box[:, [1, 3]]) > 90).any(axis=1))
    out |= ~empty & np.isnan(box).any(axis=1)
    positions.flag("large_shape", large)
    positions.flag("unreadable_position", out)
    geometries[empty | large | out] = None
    positions.flag("invalid_shape", ~shapely.is_missing(geometries) & ~shapely.is_valid(geometries))
    points = np.flatnonzero(shapely.get_type_id(geometries) == shapely.GeometryType.POINT)
    positions.lon[points], positions.lat[points] = shapely.get_x(geometries[points]), shapely.get_y(geometries[points])
    return positions, geometries


class Areas:
    """Countries and governorates: which holds a position, which has a name or a P-code."""

    def __init__(self, catalog: Catalog) -> None:
        self._holders: dict[complex, tuple[int, int]] = {}
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
        points, away = shapely.points(lon, lat), np.ones(len(lon), dtype=bool)
        for country in self.countries.values():
            away[away] = ~shapely.dwithin(country.geometry, points[away], COAST_DEGREES)
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
