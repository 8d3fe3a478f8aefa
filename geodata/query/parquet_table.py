"""A large layer indexed for queries: columns are read from its files, and features only when they are returned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.formats.column_types import ColumnType
from geodata.model import Feature
from geodata.query.columns import BLANK, Column, Kind
from geodata.query.dates import Days
from geodata.query.table import Floats, Rows, Table
from geodata.store import event_schema
from geodata.store.parquet import Features, Stored
from geodata.store.typed import to_texts

EPOCH = 719_163
"""The ordinal of 1970-01-01."""
SAMPLE = 1_000
_KINDS: Mapping[pa.DataType, Kind] = {
    pa.string(): "text",
    pa.date32(): "date",
    pa.int64(): "integer",
    pa.float64(): "number",
    pa.bool_(): "boolean",
    event_schema.TEXTS: "list",
}
_LEFT_OUT = {"lon", "lat", "search"}


class LargeTable(Table):
    """The table of a large layer, with the interface of Table."""

    def __init__(self, stored: Stored, geometry_name: str = "geometry", time_zone: str = "UTC") -> None:
        super().__init__(Features(stored), geometry_name=geometry_name, time_zone=time_zone)
        self.stored = stored

    def _read(self, name: str) -> pa.ChunkedArray:
        batches = list(self.stored.batches([name]))
        return pa.Table.from_batches(batches, schema=pa.schema([self._field(name)])).column(0)

    def _field(self, name: str) -> pa.Field:
        return event_schema.schema(self.stored.columns).field(name)

    @cached_property
    def geometries(self) -> NDArray[np.object_]:
        """The geometries (n), None where an event has none."""
        geometries: NDArray[np.object_] = shapely.from_wkb(self._read(event_schema.GEOMETRY).to_numpy())
        return geometries

    @cached_property
    def placed(self) -> NDArray[np.bool_]:
        """Whether each event has a geometry (n)."""
        valid: NDArray[np.bool_] = self._read(event_schema.GEOMETRY).is_valid().to_numpy()
        return valid

    @cached_property
    def lonlat(self) -> tuple[Floats, Floats]:
        """The longitude and the latitude of each single point (n), NaN for other shapes and where there is none."""
        lon, lat = (self._read(name).to_numpy() for name in ("lon", "lat"))
        return lon, lat

    @cached_property
    def shapes(self) -> Mapping[int, BaseGeometry]:
        """The geometries that are not single points, by row."""
        column = self._read(event_schema.GEOMETRY)
        rows = np.flatnonzero(np.isnan(self.lonlat[0]) & column.is_valid().to_numpy())
        return dict(zip(rows.tolist(), shapely.from_wkb(column.take(rows).to_numpy()), strict=True))

    @cached_property
    def search(self) -> Sequence[str]:
        """The text of each event (n) that searches look into, folded."""
        texts: list[str] = self._read("search").fill_null("").to_pylist()
        return texts

    @cached_property
    def row(self) -> Mapping[str, int]:
        """The row of each id."""
        return {name: at for at, name in enumerate(self._read("id").to_pylist())}

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """The queryable properties and their kinds."""
        return kinds_of(event_schema.schema(self.stored.columns))

    @cached_property
    def days(self) -> tuple[Days, Days]:
        """The first and the last day of each event, NaN where nothing says when it was."""
        first, last = (_ordinals(self._read(name)) for name in ("date_start", "date_end"))
        return np.where(np.isnan(first), last, first), np.where(np.isnan(last), first, last)

    @cached_property
    def _zones(self) -> tuple[tuple[str, ...], NDArray[np.intp]]:
        return (self.time_zone,), np.zeros(len(self), dtype=np.intp)

    def _column(self, name: str) -> Column:
        kind, column = self.kinds[name], self._read(name)
        valid = column.is_valid().to_numpy()
        if kind in ("number", "integer"):
            integral = kind == "integer"
            return Column(kind, column.cast(pa.int64() if integral else pa.float64()).fill_null(0).to_numpy(), valid)
        if kind == "boolean":
            return Column(kind, column.fill_null(False).to_numpy(), valid)
        values = np.empty(len(self), dtype=object)
        if kind == "list":
            values[:] = [BLANK[kind] if items is None else frozenset(items) for items in column.to_pylist()]
        else:
            texts = to_texts(column.combine_chunks(), ColumnType("timestamp")) if kind == "instant" else column
            values[:] = texts.cast(pa.string()).fill_null("").to_numpy(zero_copy_only=False)
        return Column(kind, values, valid)

    def values_of(self, name: str) -> Sequence[Any]:
        """Return the values of a column (n) as they are, None where there is none."""
        values: list[Any] = self._read(name).to_pylist()
        return values

    @property
    def telling(self) -> Sequence[Feature]:
        """Features that together have every property: in a large layer all have the same."""
        return self.features[:SAMPLE]

    def picked(self, rows: Rows) -> Sequence[Feature]:
        """Return the features of rows, in their order."""
        return event_schema.features(self.stored.take(rows.tolist()), self.stored.layer)


def kinds_of(schema: pa.Schema) -> dict[str, Kind]:
    """Return the kinds of the queryable columns of events."""
    kinds = {field.name: _kind(field.type) for field in schema if field.name not in _LEFT_OUT}
    return {name: kind for name, kind in kinds.items() if kind is not None}


def _kind(arrow_type: pa.DataType) -> Kind | None:
    return "instant" if pa.types.is_timestamp(arrow_type) else _KINDS.get(arrow_type)


def _ordinals(column: pa.ChunkedArray) -> NDArray[np.float64]:
    days: Any = column.cast(pa.int32()).cast(pa.float64()).fill_null(np.nan).to_numpy()
    return days + EPOCH  # type: ignore[no-any-return]
