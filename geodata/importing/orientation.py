"""Whether the coordinates of a file are the wrong way round, or their hemisphere is missing, as a whole.

Only the countries that the rows themselves name decide; where they name none that we have, the countries and
governorates of the catalogue decide between two orders, never on a change of the order that a file states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.formats.coordinates import Order
from geodata.importing.areas import Areas
from geodata.importing.columns import each

Floats = NDArray[np.float64]
MARGIN = 0.3
"""Degrees by which a position may lie outside the box of its country."""
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


def decided(lon: Floats, lat: Floats, country: pa.Array | None, areas: Areas) -> Orientation:
    """Return the one change that puts the rows into the countries they name; no change where nothing decides it."""
    boxes = _boxes(country, areas) if country is not None else None
    known = np.isfinite(lon) & np.isfinite(lat)
    if boxes is None or (known & np.isfinite(boxes[0])).sum() < LEAST:
        return UNCHANGED
    rows = known & np.isfinite(boxes[0])
    box = [side[rows] for side in boxes]
    options = [Orientation(*flags) for flags in product((False, True), repeat=3)]
    shares = [_inside(*option.applied(lon[rows], lat[rows]), box) for option in options]
    best = int(np.argmax(shares))
    others = sorted(shares)[-2]
    if shares[0] >= ACCEPTED or shares[best] < DECIDED or others >= ACCEPTED:
        return UNCHANGED
    return options[best]


def order(first: Floats, second: Floats, country: pa.Array | None, areas: Areas) -> Order | None:
    """Return which of two numbers is the latitude by the countries they lie in; None where both may be."""
    known = np.isfinite(first) & np.isfinite(second)
    if known.sum() < LEAST:
        return None
    ways: dict[Order, tuple[Floats, Floats]] = {
        "lat,lon": (second[known], first[known]),
        "lon,lat": (first[known], second[known]),
    }
    boxes = None if country is None else _boxes(country, areas)
    if boxes is not None and np.isfinite(boxes[0][known]).sum() >= LEAST:
        rows = np.isfinite(boxes[0][known])
        box = [side[known][rows] for side in boxes]
        return _ordered({way: _inside(x[rows], y[rows], box) for way, (x, y) in ways.items()})
    held = {way: _holding(x, y, areas) for way, (x, y) in ways.items()}
    # Iraq the other way round lies in Turkey; the governorates are more particular.
    return _ordered({way: both[0] for way, both in held.items()}) or _ordered(
        {way: both[1] for way, both in held.items()}
    )


def _ordered(shares: Mapping[Order, float]) -> Order | None:
    """Return the order in which nearly all positions lie where they should, and in the other nearly none."""
    one, other = sorted(shares, key=lambda way: -shares[way])
    return one if shares[one] >= DECIDED and shares[other] <= 1 - DECIDED else None


def named_boxes(country: pa.Array | None, areas: Areas) -> list[Floats] | None:
    """Return west, south, east and north of the country that each row names, NaN for none; None without a column."""
    return None if country is None else _boxes(country, areas)


def share_inside(lon: Floats, lat: Floats, box: Sequence[Floats] | None, areas: Areas) -> float:
    """Return the share of positions that lie in the countries they name or, without those, in any that we have."""
    rows = np.isfinite(box[0]) if box is not None else np.zeros(len(lon), dtype=bool)
    if box is not None and rows.sum() >= LEAST:
        return _inside(lon[rows], lat[rows], [side[rows] for side in box])
    return _holding(lon, lat, areas)[0]


def _holding(lon: Floats, lat: Floats, areas: Areas) -> tuple[float, float]:
    """Return the shares of positions in the countries, and in the governorates, of the catalogue."""
    good = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    country, governorate = areas.holding(np.where(good, lon, np.nan), np.where(good, lat, np.nan))
    return (float((country >= 0).mean()), float((governorate >= 0).mean())) if len(lon) else (0.0, 0.0)


def _inside(lon: Floats, lat: Floats, box: Sequence[Floats]) -> float:
    west, south, east, north = box
    with np.errstate(invalid="ignore"):
        inside = (lon >= west - MARGIN) & (lon <= east + MARGIN) & (lat >= south - MARGIN) & (lat <= north + MARGIN)
    return float(inside.mean()) if len(lon) else 0.0


def _boxes(country: pa.Array, areas: Areas) -> list[Floats]:
    """Return the boxes of the countries that rows name (4 arrays of n), NaN where none that we have is named."""

    def box(text: str) -> Any:
        ref = areas.named(text, "countries")
        shape: Any = None if ref is None else areas.countries[ref.partition("/")[2]].geometry
        return None if shape is None else shape.bounds

    boxes, which = each(country, box, None)
    table = np.array([(np.nan,) * 4 if one is None else one for one in boxes], dtype=float)
    return [table[which, side] for side in range(4)]
