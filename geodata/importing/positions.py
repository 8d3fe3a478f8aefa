"""Where the rows of a file lie: positions in any notation, shapes, and what is doubtful about them."""

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
from geodata.importing.columns import Places, floats, plain
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
class Found:
    """Positions of n rows (degrees, NaN where there is none), what their notation leaves open, and what is doubtful."""

    lon: Floats
    lat: Floats
    radius: Floats
    """Metres that the notation leaves open, 0 for a number of degrees."""
    flags: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    reasons: dict[int, Text] = field(default_factory=dict)
    """Why a row has no position, by its place in the batch."""

    def flag(self, word: str, at: Any) -> None:
        """Mark rows."""
        self.flags.setdefault(word, np.zeros(len(self.lon), dtype=bool))[at] = True

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which rows have a position."""
        return ~np.isnan(self.lon)


def of_pair(lat: pa.Array, lon: pa.Array) -> Found:
    """Read two columns of text; plain numbers the quick way, every other notation once for each distinct pair."""
    x, plain_x = floats(lon)
    y, plain_y = floats(lat)
    found = Found(x, y, np.zeros(len(x)))
    empty = pc.or_(lat.is_null(), lon.is_null()).to_numpy(zero_copy_only=False)
    odd = ~empty & ~(plain_x & plain_y & (np.abs(x) <= 180) & (np.abs(y) <= 90))
    found.lon[empty | odd] = found.lat[empty | odd] = np.nan
    found.flag("no_position", empty)
    rows = np.flatnonzero(odd)
    pairs = pc.binary_join_element_wise(*(plain(one.take(pa.array(rows))) for one in (lat, lon)), ";")
    _read(found, pairs, rows, "lat,lon")
    return _zero(found)


def of_text(column: pa.Array, order: Order) -> Found:
    """Read one column of positions in any notation."""
    count = len(column)
    found = Found(np.full(count, np.nan), np.full(count, np.nan), np.zeros(count))
    found.flag("no_position", column.is_null().to_numpy(zero_copy_only=False))
    rows = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
    _read(found, plain(column.take(pa.array(rows))), rows, order)
    return _zero(found)


def _read(found: Found, texts: pa.Array, rows: NDArray[np.intp], order: Order) -> None:
    known: dict[str, coordinates.Position | Text] = {}
    for row, text in zip(rows.tolist(), texts.to_pylist(), strict=True):
        if text not in known:
            try:
                known[text] = coordinates.read(text, order)
            except Unread as error:
                known[text] = error.text
        made = known[text]
        if isinstance(made, coordinates.Position):
            found.lon[row], found.lat[row], found.radius[row] = made.lon, made.lat, made.uncertainty
        else:
            found.flag("unreadable_position", row)
            found.reasons[row] = made


def _zero(found: Found) -> Found:
    zero = (found.lon == 0) & (found.lat == 0)
    found.flag("zero_position", zero)
    found.lon[zero] = found.lat[zero] = np.nan
    return found


def of_texts(texts: pa.Array) -> tuple[Found, NDArray[np.object_]]:
    """Read a column of WKT; returns what `of_shapes` does, a text that is none as unreadable."""
    shapes = shapely.from_wkt(np.array([*texts.to_pylist(), None], dtype=object), on_invalid="ignore")[:-1]
    found, held = of_shapes(shapes)
    broken = shapely.is_missing(shapes) & texts.is_valid().to_numpy(zero_copy_only=False)
    found.flags["no_position"] &= ~broken
    found.flag("unreadable_position", broken)
    return found, held


def of_shapes(shapes: NDArray[np.object_]) -> tuple[Found, NDArray[np.object_]]:
    """Return the positions of the points among shapes, and the shapes, without those that cannot be held."""
    count = len(shapes)
    found = Found(np.full(count, np.nan), np.full(count, np.nan), np.zeros(count))
    held = clipped(shapes)
    empty = shapely.is_missing(held) | shapely.is_empty(held)
    found.flag("no_position", empty)
    large = shapely.get_num_coordinates(held) > MAX_VERTICES
    box = shapely.bounds(held)
    out = ~empty & ((np.abs(box[:, [0, 2]]) > 180).any(axis=1) | (np.abs(box[:, [1, 3]]) > 90).any(axis=1))
    out |= ~empty & np.isnan(box).any(axis=1)
    found.flag("large_shape", large)
    found.flag("unreadable_position", out)
    held[empty | large | out] = None
    found.flag("invalid_shape", ~shapely.is_missing(held) & ~shapely.is_valid(held))
    points = np.flatnonzero(shapely.get_type_id(held) == shapely.GeometryType.POINT)
    found.lon[points], found.lat[points] = shapely.get_x(held[points]), shapely.get_y(held[points])
    return found, held


class Areas:
    """Countries and governorates: which holds a position, which has a name or a P-code."""

    def __init__(self, catalog: Catalog) -> None:
        self._held: dict[complex, tuple[int, int]] = {}
        self.countries = _shaped(catalog, "countries")
        self.governorates = _shaped(catalog, "governorates")

    @cached_property
    def _names(self) -> dict[str, str]:
        return {
            arabic.fold(name): f"{layer}/{id_}"
            for layer, held in (("governorates", self.governorates), ("countries", self.countries))
            for id_, one in held.items()
            for name in (*one.name.values(), *(one.properties.get("aliases") or ()), one.properties.get("pcode") or id_)
        }

    def named(self, name: str | None, layer: str) -> str | None:
        """Return the country or governorate (`layer/id`) of a name, in either language, or of a P-code."""
        plain = arabic.fold(name or "").removesuffix(" governorate").removeprefix("محافظه ")
        for text in (plain, _SUN.sub("", plain)):
            if self._names.get(text, "").startswith(layer):
                return self._names[text]
        return None

    def holding(self, lon: Floats, lat: Floats) -> tuple[Places, Places]:
        """Return which of `countries` and of `governorates` holds each position (n); -1 for none, or NaN."""
        if len(self._held) > MAX_KEPT:
            self._held.clear()
        distinct, at = np.unique(lon + 1j * lat, return_inverse=True)
        new = np.array([one for one in distinct.tolist() if one == one and one not in self._held])
        if len(new):
            found = (_in(self.countries, new.real, new.imag), _in(self.governorates, new.real, new.imag))
            self._held.update(zip(new.tolist(), zip(*found, strict=True), strict=True))
        known = np.array([self._held.get(one, (-1, -1)) for one in distinct.tolist()], dtype=np.int64).reshape(-1, 2)
        return known[at, 0], known[at, 1]

    def far(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        """Tell which positions lie away from every country, beyond what a coast drawn otherwise may make."""
        points, made = shapely.points(lon, lat), np.ones(len(lon), dtype=bool)
        for one in self.countries.values():
            made[made] = ~shapely.dwithin(one.geometry, points[made], COAST_DEGREES)
        return made

    def country_of(self, governorate: str | None) -> str | None:
        """Return the id of a governorate's country."""
        one = self.governorates.get(governorate or "")
        return None if one is None else one.properties.get("country")

    @cached_property
    def _centres(self) -> Floats:
        middles = [shapely.centroid(one.geometry) for one in self.countries.values()]
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
    return {one.id: one for one in catalog.layer(layer).features if one.geometry is not None}


def _in(areas: dict[str, Feature], lon: Floats, lat: Floats) -> list[int]:
    found = np.full(len(lon), -1)
    free = np.arange(len(lon))
    for place, one in enumerate(areas.values()):
        inside = within(one, lon[free], lat[free])
        found[free[inside]] = place
        free = free[~inside]
    return list(map(int, found))
