"""Links proposed between rows of several layers that may be the same event, with the facts for each; nothing merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from geodata import geodesy
from geodata.errors import BadValue, Refused
from geodata.events.dataset import with_columns
from geodata.model import SCHEMA, Layer
from geodata.store import event_schema

COLUMNS = ("id", "lon", "lat", "coordinateUncertaintyInMeters", "area", "date_start", "date_end", "actors")
DEATHS = ("killed.low", "killed.best", "killed.high")
METRES_A_DEGREE = 110_570.0
"""Less than any degree of latitude: a geodesic crosses no degree in less (the shortest has 110,574 m, WGS84)."""
RADIUS, SLACK = 6_371_008.8, 0.01
"""Of a sphere, whose distances are within 0.6 % of geodesics."""
MOST = 2_000_000
"""Links of one question."""
CHUNK = 1_000


@dataclass(frozen=True)
class Rows:
    """The rows of a layer that can be compared, as columns, and how many cannot by reason."""

    layer: Layer
    ids: NDArray[np.object_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    radius: NDArray[np.float64]
    first: NDArray[np.float64]
    last: NDArray[np.float64]
    deaths: NDArray[np.float64]
    """Lowest and highest number (n, 2); NaN where not stated."""
    actors: Sequence[frozenset[str]]
    left_out: Mapping[str, int]

    @classmethod
    def of(cls, layer: Layer) -> Rows:
        """Read a layer. Rows without a point, a known radius of uncertainty or a date are left out."""
        table = _table(layer)
        lon, lat, radius = (_floats(table, name) for name in COLUMNS[1:4])
        in_area = np.array([value is not None for value in table.column("area").to_pylist()], dtype=bool)
        if layer.default_uncertainty is not None:
            radius = np.where(np.isnan(radius) & ~in_area, layer.default_uncertainty, radius)
        first, end = (_floats(table, name) for name in ("date_start", "date_end"))
        last = np.where(np.isnan(end), first, end)
        missing = {"no_point": np.isnan(lon) | np.isnan(lat), "no_radius": np.isnan(radius), "no_date": np.isnan(first)}
        left, counts = np.zeros(len(lon), dtype=bool), {}
        for reason, absent in missing.items():
            counts[reason] = int((absent & ~left).sum())
            left |= absent
        kept = np.flatnonzero(~left)
        low, best, high = (_floats(table, name)[kept] for name in DEATHS)
        deaths = np.column_stack([np.where(np.isnan(low), best, low), np.where(np.isnan(high), best, high)])
        actors = table.column("actors").take(pa.array(kept)).to_pylist()
        ids = np.array(table.column("id").to_pylist(), dtype=object)[kept]
        columns = (lon[kept], lat[kept], radius[kept], first[kept], last[kept])
        return cls(layer, ids, *columns, deaths, [frozenset(names or ()) for names in actors], counts)


def _table(layer: Layer) -> pa.Table:
    names = [*COLUMNS, *DEATHS]
    if layer.stored is None:
        return event_schema.table(map(with_columns, layer.features), ()).select(names)
    schema = event_schema.schema(())
    batches = list(layer.stored.batches(names))
    return pa.Table.from_batches(batches) if batches else pa.schema([schema.field(n) for n in names]).empty_table()


def _floats(table: pa.Table, name: str) -> NDArray[np.float64]:
    """Return a column as numbers, days since 1970 of dates; NaN where there is no value."""
    column = table.column(name).combine_chunks()
    column = column.cast(pa.int32()) if pa.types.is_date(column.type) else column
    values: NDArray[np.float64] = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return values


def pairs(a: Rows, b: Rows, metres: float, days: float) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any]]:
    """Return the numbers of rows of each that may be one event, and the geodesic metres between them.

    Their discs of uncertainty come within so many metres, their days within so many days. Days and latitudes
    are indexed, for which no meridian is an edge.
    """
    reach_b = (b.radius + metres) / METRES_A_DEGREE
    tree = shapely.STRtree(shapely.box(b.first, b.lat - reach_b, b.last, b.lat + reach_b))
    rows = []
    for start in range(0, len(a.ids), CHUNK):
        at = np.arange(start, min(start + CHUNK, len(a.ids)))
        reach_a = a.radius[at] / METRES_A_DEGREE
        boxes = shapely.box(a.first[at] - days, a.lat[at] - reach_a, a.last[at] + days, a.lat[at] + reach_a)
        left, right = tree.query(boxes)
        left = at[left]
        rows.append(_near(a, b, left, right, metres))
        if sum(len(row[0]) for row in rows) > MOST:
            raise Refused("links", most=MOST)
    # The first of each joins where there is no row, and says the types.
    nothing = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    first, second, distances = (np.concatenate(part) for part in zip(nothing, *rows, strict=True))
    return first, second, distances


def _near(
    a: Rows, b: Rows, left: NDArray[np.int64], right: NDArray[np.int64], metres: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any]]:
    reach = a.radius[left] + b.radius[right] + metres
    ends = [np.radians(values) for values in (a.lon[left], a.lat[left], b.lon[right], b.lat[right])]
    half = (
        np.sin((ends[3] - ends[1]) / 2) ** 2 + np.cos(ends[1]) * np.cos(ends[3]) * np.sin((ends[2] - ends[0]) / 2) ** 2
    )
    close = 2 * RADIUS * np.arcsin(np.sqrt(np.clip(half, 0, 1))) * (1 - SLACK) <= reach
    left, right, reach = left[close], right[close], reach[close]
    distances = np.asarray(geodesy.inverse(a.lon[left], a.lat[left], b.lon[right], b.lat[right])[2], dtype=float)
    close = distances <= reach
    return left[close], right[close], distances[close]


def links(layers: Sequence[Layer], km: float, days: float, limit: int) -> dict[str, Any]:
    """Return the links proposed between layers, the likeliest first, and how many events all rows may be.

    Raises BadValue for fewer than two layers, or one named twice, Refused for too many links.
    """
    if len(layers) < 2 or len({layer.id for layer in layers}) < len(layers):
        raise BadValue("LAYER", ", ".join(layer.id for layer in layers), "two_layers")
    sides = [Rows.of(layer) for layer in layers]
    proposed, joined = [], _Groups([len(side.ids) for side in sides])
    for (first, a), (second, b) in combinations(enumerate(sides), 2):
        left, right, distances = pairs(a, b, km * 1000, days)
        joined.join(first, left, second, right)
        proposed += [(a, b, *row) for row in zip(left.tolist(), right.tolist(), distances.tolist(), strict=True)]
    if len(proposed) > MOST:
        raise Refused("links", most=MOST)
    proposed.sort(key=_order)
    total = sum(len(layer.features) for layer in layers)
    left_out = sum(sum(side.left_out.values()) for side in sides)
    return {
        "schema": SCHEMA,
        "layers": [
            {"layer": side.layer.id, "version": side.layer.version, "rows": len(side.layer.features)}
            | {"compared": len(side.ids), "left_out": dict(side.left_out)}
            for side in sides
        ],
        "km": km,
        "days": days,
        "total": len(proposed),
        "events": [joined.fewest() + left_out, total],
        "items": [_link(*link) for link in proposed[:limit]],
    }


def _order(link: tuple[Rows, Rows, int, int, float]) -> tuple[Any, ...]:
    a, b, left, right, metres = link
    agreeing = bool(a.actors[left] & b.actors[right]) + (_overlap(a.deaths[left], b.deaths[right]) is True)
    return -agreeing, metres, a.layer.id, a.ids[left], b.layer.id, b.ids[right]


def _overlap(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool | None:
    if np.isnan(one).any() or np.isnan(other).any():
        return None
    return bool(one[0] <= other[1] and other[0] <= one[1])


def _link(a: Rows, b: Rows, left: int, right: int, metres: float) -> dict[str, Any]:
    radii = float(a.radius[left] + b.radius[right])
    gaps = (b.first[right] - a.last[left], a.first[left] - b.last[right])
    spans = (b.last[right] - a.first[left], a.last[left] - b.first[right])
    return {
        "a": f"{a.layer.id}/{a.ids[left]}",
        "b": f"{b.layer.id}/{b.ids[right]}",
        "distance_m": metres,
        "interval_m": [max(0.0, metres - radii), metres + radii],
        "days_between": [int(max(0, *gaps)), int(max(spans))],
        "shared_actors": sorted(a.actors[left] & b.actors[right]),
        "deaths": {
            "a": _numbers(a.deaths[left]),
            "b": _numbers(b.deaths[right]),
            "overlap": _overlap(a.deaths[left], b.deaths[right]),
        },
    }


def _numbers(ends: NDArray[np.float64]) -> list[int | None]:
    return [None if np.isnan(end) else int(end) for end in ends]


class _Groups:
    """Rows of several layers that links join, directly or by way of others."""

    def __init__(self, counts: Sequence[int]) -> None:
        self.starts = np.concatenate([[0], np.cumsum(counts)])
        self.parents = list(range(int(self.starts[-1])))

    def join(self, first: int, left: NDArray[np.int64], second: int, right: NDArray[np.int64]) -> None:
        """Join rows of two layers, by number."""
        for a, b in zip((left + self.starts[first]).tolist(), (right + self.starts[second]).tolist(), strict=True):
            self.parents[self._root(a)] = self._root(b)

    def _root(self, at: int) -> int:
        while self.parents[at] != at:
            self.parents[at] = self.parents[self.parents[at]]
            at = self.parents[at]
        return at

    def fewest(self) -> int:
        """Return a number of events below which there cannot be fewer: two rows of one layer are two events."""
        roots = np.array([self._root(at) for at in range(len(self.parents))], dtype=np.int64)
        most = np.zeros(len(roots), dtype=np.int64)
        for start, stop in zip(self.starts[:-1], self.starts[1:], strict=True):
            most = np.maximum(most, np.bincount(roots[start:stop], minlength=len(roots)))
        return int(most.sum())
