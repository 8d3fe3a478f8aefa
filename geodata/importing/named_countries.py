"""The countries that the rows of a file name, of the whole world, and whether positions lie in their boxes.

Boxes are coarse: they tell a position that is the wrong way round, and are never measured.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata import settings
from geodata.importing.columns import Places, each
from geodata.text import arabic

Floats = NDArray[np.float64]
MARGIN = 0.3
"""Degrees by which a position may lie outside the box of its country."""


@dataclass(frozen=True)
class NamedCountries:
    """The boxes of the country that each row names."""

    boxes: list[Floats | None]
    """Of each country that is named (n, 4: west, south, east, north); None last, and for a name that we do not know."""
    which: Places
    """Which of them each row names; -1 for none."""

    def recognised(self) -> NDArray[np.bool_]:
        """Tell which rows name a country whose boxes are known."""
        return np.array([box is not None for box in self.boxes])[self.which]

    def inside(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        """Tell which positions lie in their country; none does whose country is not known."""
        inside = np.zeros(len(lon), dtype=bool)
        which = self.which % len(self.boxes)
        for at, boxes in enumerate(self.boxes):
            rows = np.flatnonzero(which == at)
            if boxes is not None and len(rows):
                x, y = lon[rows, None], lat[rows, None]
                west, south, east, north = boxes.T
                within = (x >= west - MARGIN) & (x <= east + MARGIN) & (y >= south - MARGIN) & (y <= north + MARGIN)
                inside[rows] = within.any(axis=1)
        return inside

    def take(self, rows: NDArray[np.bool_]) -> NamedCountries:
        """Return the countries of some rows."""
        return NamedCountries(self.boxes, self.which[rows])


def named(column: pa.Array | None) -> NamedCountries | None:
    """Return the countries that a column names; None without a column."""
    return None if column is None else NamedCountries(*each(column, boxes_of, None))


@lru_cache(maxsize=4096)
def boxes_of(name: str) -> Floats | None:
    """Return the boxes of a country by its name in one of nine languages or by its ISO 3166-1 code; None for others.

    >>> boxes_of("Mali") is boxes_of("مالي"), boxes_of("Atlantis")
    (True, None)
    """
    return _by_name().get(arabic.fold(name))


def anywhere(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """Tell which positions lie in the box of any country, and not in the middle of a sea."""
    inside = np.zeros(len(lon), dtype=bool)
    for west, south, east, north in _all():
        inside |= (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside


@cache
def _all() -> Floats:
    return np.unique(np.concatenate(list(_by_name().values())), axis=0)


@cache
def _by_name() -> Mapping[str, Floats]:
    table = json.loads((settings.SCHEMAS / "country-boxes.json").read_bytes())["countries"]
    names: dict[str, Floats] = {}
    for entry in table.values():
        boxes = np.array(entry["boxes"], dtype=float)
        names |= {arabic.fold(name): boxes for name in entry["names"]}
    return MappingProxyType(names)
