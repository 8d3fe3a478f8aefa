"""Positions of the rows of a file: in any notation, or as geometries, and what is doubtful about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from geodata.formats import coordinates
from geodata.formats.coordinates import Order
from geodata.formats.extent import clipped
from geodata.formats.row_errors import Text, Unread, reason
from geodata.importing import geometry_text, projected
from geodata.importing.columns import decoded, floats, number
from geodata.settings import MAX_VERTICES

Floats = NDArray[np.float64]


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
    """Read a column of geometries in text; returns what `of_shapes` does, a text that is none flagged as unreadable."""
    shapes = geometry_text.read(texts.to_pylist())
    positions, geometries = of_shapes(shapes)
    broken = shapely.is_missing(shapes) & texts.is_valid().to_numpy(zero_copy_only=False)
    positions.flags["no_position"] &= ~broken
    positions.flag("unreadable_position", broken)
    return positions, geometries


def of_metres(easting: pa.Array, northing: pa.Array, zone: pa.Array | None, crs: str) -> Positions:
    """Read two columns of metres in a projected system, or in the UTM zone that each row names."""
    east, north = (numbers(column) for column in (easting, northing))
    positions = Positions(*projected.degrees(east, north, zone, crs), np.zeros(len(east)))
    empty = pc.or_(easting.is_null(), northing.is_null()).to_numpy(zero_copy_only=False)
    positions.flag("no_position", empty)
    odd = ~empty & ~positions.located
    positions.flag("unreadable_position", odd)
    positions.reasons |= dict.fromkeys(np.flatnonzero(odd).tolist(), reason("metres", crs=crs or "UTM"))
    return positions


def numbers(column: pa.Array) -> Floats:
    """Return the numbers of a column of text (n), NaN where a text is none."""
    values, plain = floats(column)
    for row in np.flatnonzero(~plain & column.is_valid().to_numpy(zero_copy_only=False)).tolist():
        value = number(str(column[row].as_py()))
        values[row] = np.nan if value is None else value
    return values


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
