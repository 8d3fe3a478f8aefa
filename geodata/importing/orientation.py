"""Whether the coordinates of a file are the wrong way round, or their hemisphere is missing, as a whole.

Only the countries that the rows themselves name decide; where they name none that we have, the countries and
governorates of the catalogue decide between two orders, never on a change of the order that a file states.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.formats.coordinates import Box, Order
from geodata.importing.areas import Areas
from geodata.importing.named_countries import NamedCountries, anywhere, named

Floats = NDArray[np.float64]
FEWEST = 8
"""Positions that show in which box those of a file lie."""
SPREAD = (0.1, 0.9)
AROUND, MARGIN_EXTENT = 0.5, 1.0
"""What is added to each side of the middle four fifths: a share of their span, and degrees."""
WIDEST = 40.0
"""Degrees past which a file is all over the world."""
DECIDED = 0.95
"""The share of rows that must lie in the countries that they name."""
ACCEPTED = 0.5
"""The share at which the coordinates are taken as they are."""
LEAST = 3
"""Positions that decide."""


@dataclass(frozen=True)
class Orientation:
    """How coordinates are changed as they are read."""

    swapped: bool = False
    south: bool = False
    west: bool = False

    def applied(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return coordinates with the changes; those that are no degrees then are NaN."""
        x, y = (lat, lon) if self.swapped else (lon, lat)
        x, y = (-x if self.west else x), (-y if self.south else y)
        bad = ~((np.abs(x) <= 180) & (np.abs(y) <= 90))
        return np.where(bad, np.nan, x), np.where(bad, np.nan, y)

    @property
    def changes(self) -> tuple[Literal["swapped", "south", "west"], ...]:
        """The names of the changes."""
        return tuple(name for name in ("swapped", "south", "west") if getattr(self, name))


UNCHANGED = Orientation()


def decided(lon: Floats, lat: Floats, country: pa.Array | None) -> Orientation:
    """Return the one change that puts the rows into the countries they name; no change where nothing decides it."""
    countries = named(country)
    rows = np.isfinite(lon) & np.isfinite(lat) & (countries.recognised() if countries is not None else False)
    if countries is None or rows.sum() < LEAST:
        return UNCHANGED
    options = [Orientation(*flags) for flags in product((False, True), repeat=3)]
    own = countries.take(rows)
    shares = [float(own.inside(*option.applied(lon[rows], lat[rows])).mean()) for option in options]
    best = int(np.argmax(shares))
    if shares[0] >= ACCEPTED or shares[best] < DECIDED or sorted(shares)[-2] >= ACCEPTED:
        return UNCHANGED
    return options[best]


def order(first: Floats, second: Floats, country: pa.Array | None, areas: Areas) -> Order | None:
    """Return which of two numbers is the latitude by the countries they lie in; None where both may be."""
    known = np.isfinite(first) & np.isfinite(second)
    if known.sum() < LEAST:
        return None
    ways: dict[Order, tuple[Floats, Floats]] = {"lat,lon": (second, first), "lon,lat": (first, second)}
    countries = named(country)
    rows = known & countries.recognised() if countries is not None else known
    if countries is not None and rows.sum() >= LEAST:
        own = countries.take(rows)
        return _ordered({way: float(own.inside(x[rows], y[rows]).mean()) for way, (x, y) in ways.items()})
    # Where no country is named both orders may be right, but where one of them lies in the sea or beyond the poles.
    decided = _ordered({way: float(anywhere(x[known], y[known]).mean()) for way, (x, y) in ways.items()})
    if decided is None and _governorates(second[known], first[known], areas) >= DECIDED:
        # The latitude comes first nearly everywhere: what lies in the governorates so is not asked about.
        return "lat,lon"
    return decided


def _ordered(shares: Mapping[Order, float]) -> Order | None:
    """Return the order in which nearly all positions lie where they should, and in the other nearly none."""
    one, other = sorted(shares, key=lambda way: -shares[way])
    return one if shares[one] >= DECIDED and shares[other] <= 1 - DECIDED else None


def share_inside(lon: Floats, lat: Floats, countries: NamedCountries | None, areas: Areas) -> float:
    """Return the share of positions that lie in the countries they name or, without those, in any that we have."""
    rows = countries.recognised() if countries is not None else np.zeros(len(lon), dtype=bool)
    if countries is not None and rows.sum() >= LEAST:
        return float(countries.take(rows).inside(lon[rows], lat[rows]).mean())
    country, _ = areas.holding(*_degrees(lon, lat))
    return float((country >= 0).mean()) if len(lon) else 0.0


def extent(lon: Floats, lat: Floats) -> Box | None:
    """Return the box in which nearly all positions of a file lie; None where they are few or all over the world."""
    known = np.isfinite(lon) & np.isfinite(lat)
    if known.sum() < FEWEST:
        return None
    west, east = np.quantile(lon[known], SPREAD)
    south, north = np.quantile(lat[known], SPREAD)
    around = (east - west) * AROUND + MARGIN_EXTENT, (north - south) * AROUND + MARGIN_EXTENT
    box = (west - around[0], south - around[1], east + around[0], north + around[1])
    return None if box[2] - box[0] > WIDEST or box[3] - box[1] > WIDEST else tuple(map(float, box))  # type: ignore[return-value]


def strays(lon: Floats, lat: Floats, box: Box) -> NDArray[np.bool_]:
    """Tell which positions lie outside the box of their file and, the other way round, inside."""
    west, south, east, north = box
    with np.errstate(invalid="ignore"):
        inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        other_way = (lat >= west) & (lat <= east) & (lon >= south) & (lon <= north)
    return np.isfinite(lon) & ~inside & other_way


def _governorates(lon: Floats, lat: Floats, areas: Areas) -> float:
    """Return the share of positions in the governorates of the catalogue."""
    _, governorate = areas.holding(*_degrees(lon, lat))
    return float((governorate >= 0).mean()) if len(lon) else 0.0


def _degrees(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return positions, NaN for those that are none."""
    good = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    return np.where(good, lon, np.nan), np.where(good, lat, np.nan)
