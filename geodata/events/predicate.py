"""Build the condition of filters: SQL with its values, and masks of rows selected by position."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import duckdb
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.analysis.columnar import Ends, Mask, distances_to
from geodata.analysis.places import of_feature
from geodata.analysis.targets import targets_of
from geodata.catalog import Catalog
from geodata.events.dataset import NUMBER, Opened, exact
from geodata.events.filters import LISTS, EventFilters
from geodata.geodesy.prepared import prepared
from geodata.records.actors import names

KEPT = 16
"""Targets whose distances are cached."""
NO_FLAG = "none"


@dataclass
class Where:
    """A condition and its values, and the masks of rows that it names `mask_0`, `mask_1` …"""

    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    masks: list[Mask] = field(default_factory=list)

    def add(self, condition: str, *values: Any) -> None:
        """Add a condition."""
        self.conditions.append(condition)
        self.values += values

    def mask(self, rows: Mask) -> None:
        """Match only these rows."""
        self.add(f"{NUMBER} IN (SELECT {NUMBER} FROM mask_{len(self.masks)})")  # nosec B608
        self.masks.append(rows)

    @property
    def sql(self) -> str:
        """The condition."""
        return " AND ".join(self.conditions) or "true"


@contextmanager
def asking(events: Opened, where: Where) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a cursor with the masks of a condition registered."""
    with events.cursor() as cursor:
        for number, rows in enumerate(where.masks):
            cursor.register(f"mask_{number}", exact(np.flatnonzero(rows)))
        yield cursor


def where_of(filters: EventFilters, events: Opened, catalog: Catalog) -> Where:
    """Return the SQL condition of filters."""
    where = Where()
    for word in filters.words:
        where.mask(events.saying(word))
    for name in LISTS:
        if name in filters.lists:
            values = list(filters.lists[name])
            _list(where, name, _called(values, catalog) if name == "actor" else values)
    for sign, figure in zip((">=", "<="), filters.deaths, strict=True):
        if figure is not None:
            where.add(f'"killed.best" {sign} ?', figure)
    first, last = filters.days
    if first is not None:
        where.add("coalesce(date_end, date_start) >= ?", first)
    if last is not None:
        where.add("coalesce(date_start, date_end) <= ?", last)
    if filters.place:
        where.mask(_in_place(filters.place, events, catalog))
    if filters.polygon is not None:
        where.mask(inside(filters.polygon, events, catalog))
    if filters.km is not None:
        words = words_of(near(filters.target, events, catalog), filters.km * 1000)
        where.mask(np.isin(words, ("certainly", "possibly") if filters.within == "possibly" else filters.within))
    return where


def words_of(ends: Ends, metres: float) -> NDArray[np.str_]:
    """Return for every event whether it lies within a radius, by the one rule (geodesy.classify)."""
    return ends.within(metres)


def _called(values: list[str], catalog: Catalog) -> list[str]:
    """Return names of actors; the id of one that is recorded stands for all its names, and those merged into it."""
    actors = catalog.actors()
    return list(
        dict.fromkeys(name for value in values for name in (names(value, catalog) if value in actors else [value]))
    )


def _list(where: Where, name: str, values: list[str]) -> None:
    if name == "actor":
        where.add("list_has_any(actors, ?::VARCHAR[])", values)
    elif name == "source":
        where.add("(list_contains(?::VARCHAR[], reported_by) OR list_has_any(sources, ?::VARCHAR[]))", values, values)
    elif name == "country":
        where.add("(list_contains(?::VARCHAR[], country_id) OR list_contains(?::VARCHAR[], country))", values, values)
    elif name == "flag":
        none = " OR len(coalesce(flags, [])) = 0" if NO_FLAG in values else ""
        where.add(f"(list_has_any(flags, ?::VARCHAR[]){none})", values)
    else:
        where.add(f"list_contains(?::VARCHAR[], {name})", values)


def inside(area: BaseGeometry, events: Opened, catalog: Catalog, id_: str = "") -> Mask:
    """Tell which events lie in an area: points inside, and events that stand for an area completely inside."""
    positions = events.positions
    west, south, east, north = area.bounds
    mask: Mask = (positions.lon >= west) & (positions.lon <= east) & (positions.lat >= south) & (positions.lat <= north)
    at = np.flatnonzero(mask)
    with prepared(area) as copy:
        mask[at] = shapely.contains_xy(copy, positions.lon[at], positions.lat[at])
        for number, ref in enumerate(positions.refs):
            if ref.rpartition("/")[2] == id_ or _covers(copy, catalog.geometry(ref)):
                mask |= positions.areas == number
        for row, shape in positions.shapes.items():
            mask[row] = bool(copy.intersects(shape))
    return mask


def _in_place(ref: str, events: Opened, catalog: Catalog) -> Mask:
    """Tell which events lie in a place; the last results are cached, as areas are slow to compare."""
    layer, _, id_ = ref.rpartition("/")
    key = (ref, catalog.layer(layer).version)
    if key not in events.places:
        place = of_feature(catalog.feature(ref), catalog.layer(layer), catalog)
        mask = inside(place.area if place.area is not None else place.shape, events, catalog, id_)
        while len(events.places) >= KEPT:
            events.places.pop(next(iter(events.places)), None)
        events.places[key] = mask
    return events.places[key]


def _covers(area: BaseGeometry, other: BaseGeometry | None) -> bool:
    if other is None:
        return False
    # The outline of an area may be drawn a little otherwise than that of the areas it is made of.
    return bool(shapely.intersection(area, other).area >= 0.999 * other.area)


_NEAR: OrderedDict[tuple[Any, ...], Ends] = OrderedDict()
_LOCK = Lock()


def near(target: str, events: Opened, catalog: Catalog) -> Ends:
    """Return the distance of every event from a target.

    The ends are NaN where nobody stated a radius, infinite where an event has no place.
    """
    places = targets_of(target, catalog)
    used = tuple((place.layer, catalog.layer(place.layer).version if place.layer else "") for place in places)
    key = (events.layer.id, events.layer.version, target, used)
    with _LOCK:
        if key not in _NEAR:
            _NEAR[key] = distances_to(places, events.positions, catalog)
            while len(_NEAR) > KEPT:
                _NEAR.popitem(last=False)
        _NEAR.move_to_end(key)
        return _NEAR[key]
