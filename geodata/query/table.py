"""Features indexed for queries: positions in a tree, dates as days, properties as columns; each built on demand."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.errors import BadValue
from geodata.model import Feature
from geodata.query import columns, dates
from geodata.query.columns import Column, Kind
from geodata.query.dates import WHOLE, Days, Instants, Moment
from geodata.text import arabic

Rows = NDArray[np.intp]
Floats = NDArray[np.float64]
Points = tuple[Rows, Floats, Floats]
SEARCHED = (
    "name_en",
    "name_ar",
    "category",
    "reported_by",
    "country",
    "admin1",
    "actors",
    "notes",
    "note",
    "aliases",
)
"""The properties whose texts are searched."""

_NUMBER = re.compile(r"-?[0-9]{1,300}(?:\.[0-9]{1,300})?(?:[eE][-+]?[0-9]{1,3})?\Z")
_WHOLE = re.compile(r"-?[0-9]{1,18}\Z")
_ENDS = (("date_start", "date_end"), ("valid_from", "valid_to"))
"""The properties that say when a feature was, the first pair that says anything."""


class Table:
    """Features in their order; a row is the number of one.

    `declared` are the declared kinds of properties, not derived from their values; `geometry_name` is the name of the
    geometry in the file the features come from; `time_zone` (IANA) is that of features that have none of their own.
    """

    def __init__(
        self,
        features: Sequence[Feature],
        declared: Mapping[str, Kind] | None = None,
        geometry_name: str = "geometry",
        time_zone: str = "UTC",
    ) -> None:
        self.features = features
        self.declared = declared or {}
        self.geometry_name = geometry_name
        self.time_zone = time_zone
        self._columns: dict[str, Column] = {}
        self._times: dict[str, tuple[Days, Days, Instants]] = {}
        self.bytes: dict[int, bytes] = {}
        """The GeoJSON of rows, cached."""
        self.answers: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        """What was measured for the last filters."""

    def __len__(self) -> int:
        return len(self.features)

    @cached_property
    def geometries(self) -> NDArray[np.object_]:
        """The geometries (n), None where a feature has none."""
        array = np.empty(len(self.features), dtype=object)
        array[:] = [feature.geometry for feature in self.features]
        return array

    @cached_property
    def placed(self) -> NDArray[np.bool_]:
        """Whether each feature has a geometry (n)."""
        return np.asarray(shapely.is_geometry(self.geometries), dtype=bool)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The geometries by where they lie."""
        return shapely.STRtree(self.geometries)

    @cached_property
    def row(self) -> Mapping[str, int]:
        """The row of each id."""
        return {feature.id: at for at, feature in enumerate(self.features)}

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """The queryable properties and their kinds."""
        return {**columns.kinds(self.features), **self.declared}

    def named(self, name: str, parameter: str = "filter") -> str:
        """Return the full name of a property; raises BadValue, which names `parameter`, where there is none.

        A name that no property has is that of a column of the file that the layer was imported from.
        """
        for full_name in (name, f"original.{name}"):
            if full_name in self.kinds:
                return full_name
        raise BadValue(parameter, name, "queryable", names=list(self.kinds))

    @cached_property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east and north of all geometries; None where there is none."""
        bounds = shapely.total_bounds(self.geometries)
        return None if np.isnan(bounds).any() else (bounds[0], bounds[1], bounds[2], bounds[3])

    @cached_property
    def days(self) -> tuple[Days, Days]:
        """The first and the last day of each feature, NaN where nothing says when it was, infinite where open."""
        days = np.full((2, len(self.features)), np.nan)
        for at, feature in enumerate(self.features):
            for names in _ENDS:
                spans = [dates.day_span(feature.properties.get(name)) for name in names]
                if spans[0] or spans[1]:
                    # An event with one date is on that day; a state with one end goes on at the other.
                    event = names[0] == "date_start"
                    first, last = spans[0] or (spans[1] if event else None), spans[1] or (spans[0] if event else None)
                    days[:, at] = (first[0] if first else -np.inf, last[1] if last else np.inf)
                    break
        return days[0], days[1]

    @cached_property
    def _zones(self) -> tuple[tuple[str, ...], NDArray[np.intp]]:
        names = [str(feature.properties.get("time_zone") or self.time_zone) for feature in self.features]
        zones = tuple(dict.fromkeys(names))
        index = {name: at for at, name in enumerate(zones)}
        return zones, np.array([index[name] for name in names], dtype=np.intp)

    def at_places(self, instant: datetime) -> Days:
        """Return an instant (n) in the local time of the features."""
        return dates.at_places(instant, *self._zones)

    def column(self, name: str, parameter: str = "filter") -> Column:
        """Return the column of a property; raises BadValue, which names `parameter`, where there is none."""
        name = self.named(name, parameter)
        if name not in self._columns:
            self._columns[name] = self._column(name)
        return self._columns[name]

    def _column(self, name: str) -> Column:
        return columns.column(self.features, name, self.kinds[name])

    def values_of(self, name: str) -> Sequence[Any]:
        """Return the values of a property (n) as they are, None where there is none."""
        return [feature.properties.get(name) for feature in self.features]

    @property
    def telling(self) -> Sequence[Feature]:
        """Features that together have every property."""
        return self.features

    def picked(self, rows: Rows) -> Sequence[Feature]:
        """Return the features of rows, in their order."""
        return [self.features[row] for row in rows.tolist()]

    def times(self, name: str) -> tuple[Days, Days, Instants]:
        """Return the times of a property (n each), NaN where it has none; raises BadValue.

        They are the first and the last civil day or, where an instant is written, that instant alone.
        """
        name = self.named(name)
        if name not in self._times:
            column = self.column(name)
            if column.kind not in ("date", "instant", "text"):
                raise BadValue("filter", name, "property_with_dates")
            texts = column.values.tolist()
            read = {text: _time(text) for text in dict.fromkeys(texts)}
            first, last, instant = np.array([read[text] for text in texts], dtype=float).reshape(-1, 3).T
            self._times[name] = (first, last, instant)
        return self._times[name]

    def midnights(self, days: Days | np.float64) -> Instants:
        """Return when civil days (n, or one for all) begin at the features, in microseconds since 1970 UTC."""
        return dates.midnights(np.broadcast_to(days, len(self)).astype(float), *self._zones)

    def at(self, row: int) -> Rows:
        """Return one row as rows."""
        return np.array([row], dtype=np.intp)

    def meeting(self, area: BaseGeometry) -> Rows:
        """Return the rows whose geometry meets an area, in order."""
        if self._points is None:
            return np.sort(self.tree.query(area, predicate="intersects"))
        parts = shapely.get_parts(area)
        if not all(shapely.box(*part.bounds).equals(part) for part in parts):
            return np.sort(self.tree.query(area, predicate="intersects"))
        matches = [_within(self._points, *part.bounds) for part in parts]
        return np.sort(matches[0]) if len(matches) == 1 else np.unique(np.concatenate(matches))

    @cached_property
    def _points(self) -> Points | None:
        """Rows, longitudes and latitudes of single points from west to east; None where there are other shapes."""
        if self.shapes:
            return None
        lon, lat = self.lonlat
        order = np.argsort(lon, kind="stable")[: np.count_nonzero(~np.isnan(lon))]
        return order, lon[order], lat[order]

    @cached_property
    def lonlat(self) -> tuple[Floats, Floats]:
        """The longitude and the latitude of each single point (n), NaN for other shapes and where there is none."""
        return shapely.get_x(self.geometries), shapely.get_y(self.geometries)

    @cached_property
    def shapes(self) -> Mapping[int, BaseGeometry]:
        """The geometries that are not single points, by row."""
        rows = np.flatnonzero(self.placed & np.isnan(self.lonlat[0]))
        return dict(zip(rows.tolist(), self.geometries[rows], strict=True))

    @cached_property
    def search(self) -> Sequence[str]:
        """The text of each feature (n) that searches look into, folded."""
        return [
            arabic.fold(" ".join(_texts(feature.properties.get(name) for name in SEARCHED)))
            for feature in self.features
        ]

    def during(self, start: Moment, end: Moment) -> Rows:
        """Return the rows whose time meets an interval, in order; those without a time are not among them."""
        first, last = self.days
        # Two dates meet as days; an instant meets the day it falls on at the place.
        low = self.at_places(start.instant) if start.instant else start.first
        high = self.at_places(end.instant) if end.instant else end.last + WHOLE
        return np.nonzero((first <= high) & (last + WHOLE >= low))[0]

    def equal(self, name: str, text: str) -> Rows:
        """Return the rows whose property reads as `text`; a list, where it has that item. Raises BadValue."""
        column = self.column(name, name)
        if column.kind == "list":
            same = np.array([text in map(columns.text_of, value) for value in column.values], dtype=bool)
        elif column.kind in ("number", "integer"):
            if not _NUMBER.match(text):
                raise BadValue(name, text, "number")
            same = column.values == (int(text) if _WHOLE.match(text) else float(text))
        elif column.kind == "boolean":
            if text not in ("true", "false"):
                raise BadValue(name, text, "boolean")
            same = column.values == (text == "true")
        else:
            same = column.values == text
        return np.nonzero(same & column.valid)[0]

    def ordered(self, rows: Rows, keys: Sequence[tuple[str, bool]]) -> Rows:
        """Return rows in the order of properties (name, whether descending); unknown ones last. Raises BadValue."""
        order = rows.tolist()
        for name, descending in reversed(keys):
            column = self.column(name, "sortby")
            if column.kind == "list":
                raise BadValue("sortby", name, "property_not_list")
            valid, values = column.valid, column.values
            have = [row for row in order if valid[row]]
            have.sort(key=lambda row: values[row], reverse=descending)
            order = have + [row for row in order if not valid[row]]
        return np.array(order, dtype=np.intp)


def _texts(values: Iterable[Any]) -> Iterator[str]:
    """Yield texts and those in lists and in {en, ar}."""
    for value in values:
        if isinstance(value, Mapping):
            yield from _texts(value.values())
        elif isinstance(value, list | tuple):
            yield from _texts(value)
        elif value is not None:
            yield str(value)


def _time(text: str) -> tuple[float, float, float]:
    instant = dates.instant(text)
    if instant is not None:
        return np.nan, np.nan, instant
    return *(dates.day_span(text) or (np.nan, np.nan)), np.nan


def _within(points: Points, west: float, south: float, east: float, north: float) -> Rows:
    """Return the rows of points in a box, its edges with it: points and a box need no tree."""
    rows, lon, lat = points
    low, high = np.searchsorted(lon, west, "left"), np.searchsorted(lon, east, "right")
    between = lat[low:high]
    return rows[low:high][(between >= south) & (between <= north)]
