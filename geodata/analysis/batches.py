"""The rows that an analysis works through, batch by batch: the places that a text names, or a layer's events.

A question refers to its rows by source and number (`Part`), so that parts can be read anywhere its catalogue is. What
is held in memory gives one batch a part; a large layer is read from its files some thousand rows at a time, and of its
columns those alone that the analysis declares.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.analysis.columnar import Floats, Mask, Positions
from geodata.analysis.places import Place, of_feature
from geodata.analysis.result_builder import MOST_NAMED, Basis
from geodata.catalog import Catalog
from geodata.model import Layer

Ints = NDArray[np.int64]

RADIUS = "coordinateUncertaintyInMeters"
POSITION = ("lon", "lat", RADIUS, "placeholder", "area", "geometry")
"""The columns of `Batch.positions`."""
OF_PLACES = ("id", "name_en", "name_ar", "kind", "sources", *POSITION)
"""The columns that a place is made of."""


class Batch(ABC):
    """Rows of a question (n) as columns, and as places where they are wanted."""

    first: int
    """The number of the first row among all rows of the question."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def column(self, name: str) -> Sequence[Any]:
        """Return a declared column (n), None where a row has nothing there; where it lies is in `positions`."""

    @property
    @abstractmethod
    def positions(self) -> Positions:
        """Where the rows lie; a radius that only the layer states is the layer's."""

    @abstractmethod
    def take(self, rows: Sequence[int]) -> list[Place]:
        """Return some rows, by their numbers in the batch, as places."""

    @abstractmethod
    def basis(self, rows: Sequence[int]) -> Basis:
        """Return what some rows, by their numbers in the batch, rest on."""

    @property
    def places(self) -> list[Place]:
        """All rows as places."""
        return self.take(range(len(self)))


class PlaceBatch(Batch):
    """Places that are held in memory."""

    def __init__(self, places: Sequence[Place], first: int = 0) -> None:
        self._places, self.first = places, first

    def __len__(self) -> int:
        return len(self._places)

    def column(self, name: str) -> Sequence[Any]:
        """Return the ids, or a property of the features."""
        if name == "id":
            return [place.id for place in self._places]
        parent, _, child = name.partition(".")
        values = [place.feature.properties.get(parent) if place.feature else None for place in self._places]
        return [value.get(child) if value else None for value in values] if child else values

    @cached_property
    def positions(self) -> Positions:
        """Where the places lie."""
        shapes = [place.geometry for place in self._places]
        points = [shape is not None and shape.geom_type == "Point" and not shape.is_empty for shape in shapes]
        at = np.full((2, len(shapes)), np.nan)
        at[:, points] = shapely.get_coordinates([s for s, is_point in zip(shapes, points, strict=True) if is_point]).T
        areas = [place.feature.area if place.feature and place.area is not None else None for place in self._places]
        refs = {ref: number for number, ref in enumerate(dict.fromkeys(area for area in areas if area is not None))}
        return Positions(
            at[0],
            at[1],
            np.array([place.uncertainty for place in self._places], dtype=float),
            np.array([place.placeholder for place in self._places], dtype=bool),
            np.array([-1 if area is None else refs[area] for area in areas], dtype=np.int32),
            tuple(refs),
            {row: s for row, (s, is_point) in enumerate(zip(shapes, points, strict=True)) if s and not is_point},
        )

    def take(self, rows: Sequence[int]) -> list[Place]:
        """Return some of the places."""
        return [self._places[row] for row in rows]

    def basis(self, rows: Sequence[int]) -> Basis:
        """Return what some of the places rest on."""
        return Basis.of(self.take(rows))


class TableBatch(Batch):
    """Rows of a large layer's files, as Arrow columns."""

    def __init__(self, table: Any, layer: Layer, catalog: Catalog, first: int) -> None:
        self._table, self._layer, self._catalog, self.first = table, layer, catalog, first

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def column(self, name: str) -> Sequence[Any]:
        """Return a column; days as text, as features have them."""
        from geodata.store.event_schema import json_value

        return [json_value(value) for value in self._table.column(name).to_pylist()]

    @cached_property
    def positions(self) -> Positions:
        """Where the rows lie."""
        lon, lat, radius = (_floats(self._table.column(name)) for name in ("lon", "lat", RADIUS))
        area = self._table.column("area").dictionary_encode()
        areas = area.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        default = self._layer.entry.get("default_uncertainty_m")
        if default is not None:
            radius = np.where(np.isnan(radius) & (areas < 0), float(default), radius)
        refs = tuple(area.dictionary.to_pylist())
        # An area that has no outline itself is no place; the last is that of the rows that stand for none.
        outlined = np.array([*(self._catalog.geometry(ref) is not None for ref in refs), False])
        wkb = self._table.column("geometry")
        rows = np.flatnonzero(np.isnan(lon) & wkb.is_valid().to_numpy(zero_copy_only=False))
        shapes = shapely.from_wkb(np.array([*wkb.take(rows).to_pylist(), None], dtype=object))[:-1]
        return Positions(
            lon,
            lat,
            radius,
            self._table.column("placeholder").fill_null(False).to_numpy(zero_copy_only=False),
            np.where(outlined[areas], areas, -1).astype(np.int32),
            refs,
            dict(zip(rows.tolist(), shapes, strict=True)),
        )

    def take(self, rows: Sequence[int]) -> list[Place]:
        """Return some rows as places, their areas looked up."""
        import pyarrow

        from geodata.store import event_schema

        picked = self._table if len(rows) == len(self) else self._table.take(pyarrow.array(rows, pyarrow.int64()))
        features = event_schema.features(picked, self._layer.id)
        return [of_feature(feature, self._layer, self._catalog) for feature in features]

    def basis(self, rows: Sequence[int]) -> Basis:
        """Return what some rows rest on, without making places of them."""
        lists = self.column("sources") if len(rows) <= MOST_NAMED else ()
        sources = frozenset(id_ for row in rows for id_ in lists[row] or ()) if lists else frozenset[str]()
        return Basis(len(rows), {self._layer.id: sources} if len(rows) else {})


def _floats(column: Any) -> Floats:
    floats: Floats = column.to_numpy(zero_copy_only=False).astype(float)
    return floats


class Rows(ABC):
    """A source of rows: what one text names, or one layer."""

    @property
    def layers(self) -> frozenset[str]:
        """The layers that decided which rows these are, where a filter did."""
        return frozenset()

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def batches(self, start: int, stop: int, columns: Sequence[str], first: int) -> Iterator[Batch]:
        """Yield the rows from `start` until `stop`, one batch at least; the first row of all has the number `first`."""


@dataclass(frozen=True)
class PlaceRows(Rows):
    """Places that are held in memory."""

    places: Sequence[Place] = ()
    decided_by: frozenset[str] = frozenset()

    @property
    def layers(self) -> frozenset[str]:
        """The layers that decided which places these are: a filter's."""
        return self.decided_by

    def __len__(self) -> int:
        return len(self.places)

    def batches(self, start: int, stop: int, columns: Sequence[str], first: int) -> Iterator[Batch]:
        """Yield the places as one batch."""
        yield PlaceBatch(self.places[start:stop], first + start)


@dataclass(frozen=True)
class StoredRows(Rows):
    """The events of a large layer."""

    layer: Layer
    catalog: Catalog = field(repr=False)

    def __len__(self) -> int:
        return int(self.layer.stored.rows)

    def batches(self, start: int, stop: int, columns: Sequence[str], first: int) -> Iterator[Batch]:
        """Yield the events, some thousand at a time."""
        at = first + start
        for table in self.layer.stored.scan(start, stop, columns):
            yield TableBatch(table, self.layer, self.catalog, at)
            at += table.num_rows


@dataclass(frozen=True)
class Part:
    """Some rows of a question: the number of their source among the question's, and from which until which row."""

    source: int
    start: int
    stop: int


@dataclass(frozen=True)
class Question:
    """What an analysis is asked: checked values of its parameters, the catalogue, and the rows to work through."""

    values: Mapping[str, Any]
    catalog: Catalog = field(repr=False)
    rows: tuple[Rows, ...] = (PlaceRows(),)
    prepared: Any = field(default=None, repr=False)
    """What is worked out once for all batches: the targets, the line."""

    @cached_property
    def _firsts(self) -> list[int]:
        return list(accumulate((len(rows) for rows in self.rows), initial=0))

    @property
    def layers(self) -> frozenset[str]:
        """The layers that decided which rows these are: those of filters."""
        return frozenset().union(*(rows.layers for rows in self.rows))

    def batches(self, part: Part, columns: Sequence[str]) -> Iterator[Batch]:
        """Yield the rows of a part, of a large layer with these columns only."""
        return self.rows[part.source].batches(part.start, part.stop, columns, self._firsts[part.source])

    def scan(self, columns: Sequence[str]) -> Iterator[Batch]:
        """Yield all rows with these columns: to count them before anything is measured."""
        for source, rows in enumerate(self.rows):
            yield from self.batches(Part(source, 0, len(rows)), columns)


def census(rows: Rows) -> tuple[int, int, int]:
    """Return how many rows are one point, anything else that can be measured, and known to nothing at all."""
    points = others = 0
    for batch in rows.batches(0, len(rows), POSITION, 0):
        shaped, area = _shaped(batch)
        point = shaped & ~area & ~np.isnan(batch.positions.lon)
        points += int(point.sum())
        others += int((shaped | area).sum()) - int(point.sum())
    return points, others, len(rows) - points - others


def _shaped(batch: Batch) -> tuple[Mask, Mask]:
    """Return which rows have a geometry, and which stand for an area."""
    positions = batch.positions
    shaped = ~np.isnan(positions.lon)
    shaped[list(positions.shapes)] = True
    return shaped, positions.areas >= 0
