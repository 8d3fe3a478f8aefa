"""What a new release of a layer changed: rows added, gone, moved, re-dated, recounted and otherwise changed, by id."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Set
from functools import partial
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa

from geodata import geodesy
from geodata.errors import BadValue
from geodata.events import release_tables
from geodata.events.dataset import table
from geodata.events.release_tables import DEATHS, quoted
from geodata.messages import one_of
from geodata.model import SCHEMA, Layer
from geodata.store.event_schema import GEOMETRY, json_value

KINDS = ("added", "gone", "moved", "redated", "recounted", "changed")
"""Added and gone stand alone; a row that both versions have may be of several of the others."""
DECIMALS = 7
"""Of a degree: what differs by less is the same position (1 cm), as in an import."""
CACHED = 2
"""Comparisons that stay open."""
BATCH = 50_000
SETTLED = {"id", "lon", "lat", "area", GEOMETRY, "date_start", "date_end", *DEATHS}
"""Columns that are compared as the position, the dates and the deaths."""


class ReleaseDiff:
    """The differences between two versions of a layer."""

    def __init__(self, old: Layer, new: Layer) -> None:
        """Compare the versions; raises BadValue where they are of two layers."""
        if old.id != new.id:
            raise BadValue("LAYER", f"{old.id}, {new.id}", "versions_of_one_layer")
        self.old, self.new = old, new
        self._db = release_tables.database()
        self.columns = release_tables.create_views(self._db, old, new)
        self.others = tuple(name for name in self.columns.common if name not in SETTLED)
        self._compare()
        self._measure_moves()
        self.totals = self._count()

    def _compare(self) -> None:
        """Create `differences`: the rows that are not the same in both versions."""
        for side, layer in zip(release_tables.SIDES, (self.old, self.new), strict=True):
            self._db.execute(f"CREATE VIEW {side}_facts AS {self._facts(side, layer)}")
        sides = [f"{side}.{name} AS {side}_{name}" for side in release_tables.SIDES for name in _FACTS]
        both = "old.id IS NOT NULL AND new.id IS NOT NULL"
        conditions = {"added": "old.id IS NULL", "gone": "new.id IS NULL"} | {
            name: f"({both} AND ({condition}))" for name, condition in _CONDITIONS.items()
        }
        kinds = ", ".join(f"{condition} AS {name}" for name, condition in conditions.items())
        self._db.execute(
            f"CREATE TABLE differences AS SELECT * FROM (SELECT coalesce(old.id, new.id) AS id, {kinds}, "  # nosec B608
            f"{', '.join(sides)} FROM old_facts AS old FULL JOIN new_facts AS new ON old.id = new.id) "
            f"WHERE {' OR '.join(KINDS)}"
        )

    def _facts(self, side: str, layer: Layer) -> str:
        """Return the query of what is compared of each row: values, and of all other columns one 64-bit hash.

        Two rows of one id whose other columns differ have the same hash once in 1.8e19.
        """
        has = set(self.columns.common)
        radius = '"coordinateUncertaintyInMeters"'
        default = "NULL" if layer.default_uncertainty is None else repr(layer.default_uncertainty)
        others = ", ".join(map(quoted, self.others)) or "NULL"
        deaths = ", ".join(f"{quoted(name)} AS {name.removeprefix('killed.')}" for name in DEATHS)
        area = "area" if "area" in has else "NULL"
        return (
            f"SELECT id, CASE WHEN lon = -180 THEN 180 ELSE lon END AS lon, lat, {area} AS area, "  # nosec B608
            f"CASE WHEN lon IS NULL THEN {GEOMETRY} END AS shape, "
            f"CASE WHEN {area} IS NULL THEN coalesce({radius}, {default}) ELSE {radius} END AS radius, "
            f"date_start, date_end, {deaths}, hash({others}) AS others FROM {side}"
        )

    def _measure_moves(self) -> None:
        """Add to each moved point by how many metres, and whether by more than both radii of uncertainty."""
        self._db.execute("CREATE TABLE moves (id VARCHAR, moved_m DOUBLE, beyond BOOLEAN)")
        moved = self._db.cursor().sql(
            "SELECT id, old_lon, old_lat, new_lon, new_lat, old_radius + new_radius AS radius FROM differences "
            "WHERE moved AND old_lon IS NOT NULL AND new_lon IS NOT NULL"
        )
        for batch in moved.to_arrow_reader(BATCH):
            ends = [batch.column(at).to_numpy(zero_copy_only=False) for at in range(1, 5)]
            metres = geodesy.inverse(*ends)[2]
            radius = batch.column(5).to_numpy(zero_copy_only=False).astype(float)
            beyond = pa.array(metres > radius, mask=np.isnan(radius))
            self._db.register("measured", pa.table({"id": batch.column(0), "moved_m": metres, "beyond": beyond}))
            self._db.execute("INSERT INTO moves SELECT * FROM measured")
            self._db.unregister("measured")
        self._db.execute(
            "CREATE VIEW listed AS SELECT differences.*, moves.moved_m, moves.beyond "
            "FROM differences LEFT JOIN moves ON differences.id = moves.id"
        )

    def _count(self) -> dict[str, int]:
        counted = ", ".join(f"count(*) FILTER (WHERE {kind})" for kind in KINDS)
        row = self._one(
            f"SELECT {counted}, count(*), count(*) FILTER (WHERE beyond), "  # nosec B608
            "count(*) FILTER (WHERE NOT beyond), count(*) FILTER (WHERE moved AND beyond IS NULL) FROM listed"
        )
        totals = dict(
            zip((*KINDS, "different", "moved_certainly", "moved_possibly", "moved_unknown"), row, strict=True)
        )
        both = len(self.old.features) - totals["gone"]
        return {**totals, "unchanged": both - (totals["different"] - totals["added"] - totals["gone"])}

    def _one(self, query: str) -> tuple[Any, ...]:
        return tuple(self._db.cursor().execute(query).fetchall()[0])

    @property
    def summary(self) -> dict[str, Any]:
        """The versions and the totals, without rows."""
        both = {"old": self.old, "new": self.new}
        return {
            "schema": SCHEMA,
            "layer": self.new.id,
            "versions": {side: layer.version for side, layer in both.items()},
            "rows": {side: len(layer.features) for side, layer in both.items()},
            "default_uncertainty_m": {side: layer.default_uncertainty for side, layer in both.items()},
            "totals": self.totals,
            "columns": {"added": list(self.columns.added), "gone": list(self.columns.gone)},
        }

    def count(self, kind: str | None) -> int:
        """Return how many rows are of a kind, or different at all; raises BadValue."""
        if kind is not None and kind not in KINDS:
            raise BadValue("kind", kind, one_of(KINDS))
        return self.totals[kind or "different"]

    def among(self, ids: Set[str]) -> Set[str]:
        """Return which of these ids are of rows that differ."""
        query = "SELECT id FROM differences WHERE id IN (SELECT unnest(?::VARCHAR[]))"
        return frozenset(table(self._db.cursor(), query, [sorted(ids)]).column(0).to_pylist())

    def items(self, kind: str | None, start: int, limit: int) -> list[dict[str, Any]]:
        """Return differing rows in the order of their ids, of one kind or all, from one on; raises BadValue."""
        self.count(kind)
        query = f"SELECT * FROM listed WHERE {kind or 'true'} ORDER BY id LIMIT ? OFFSET ?"  # nosec B608
        rows = table(self._db.cursor(), query, [limit, start]).to_pylist()
        states = {side: self._states(side, [row["id"] for row in rows]) for side in release_tables.SIDES}
        return [self._item(row, states["old"].get(row["id"]), states["new"].get(row["id"])) for row in rows]

    def _states(self, side: str, ids: list[str]) -> dict[str, dict[str, Any]]:
        columns = ", ".join(map(quoted, dict.fromkeys(("id", *self.others))))
        query = f"SELECT {columns} FROM {side} WHERE id IN (SELECT unnest(?::VARCHAR[]))"  # nosec B608
        rows = table(self._db.cursor(), query, [ids]).to_pylist()
        return {row["id"]: row for row in rows}

    def _item(
        self, row: Mapping[str, Any], old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        state = new or old or {}
        english, arabic = state.get("name_en"), state.get("name_ar")
        item: dict[str, Any] = {
            "id": row["id"],
            "name": {"en": english or arabic or row["id"], "ar": arabic or english or row["id"]},
            "kinds": [kind for kind in KINDS if row[kind]],
        }
        if row["moved"]:
            item["moved"] = _move(row)
        if row["redated"]:
            item["dates"] = _both(row, ("date_start", "date_end"))
        if row["recounted"]:
            item["killed"] = _both(row, ("low", "best", "high"))
        if row["changed"] and old is not None and new is not None:
            value = partial(_value, json_texts=self.columns.json)
            item["properties"] = [
                {"name": name, "old": value(name, old[name]), "new": value(name, new[name])}
                for name in self.others
                if old[name] != new[name]
            ]
        return item

    def csv_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield all differing rows as CSV has them, the names of the columns first."""
        names = [f"{side}_{name}" for name in _FACTS if name not in ("shape", "others") for side in ("old", "new")]
        kinds = ", ".join(f"CASE WHEN {kind} THEN '{kind}' END" for kind in KINDS)
        cursor = self._db.cursor().execute(
            f"SELECT id, concat_ws(' ', {kinds}), moved_m, {', '.join(names)} FROM listed ORDER BY id"  # nosec B608
        )
        yield ("id", "kinds", "moved_m", *names)
        while rows := cursor.fetchmany(BATCH):
            yield from rows


_FACTS = ("lon", "lat", "area", "shape", "radius", "date_start", "date_end", "low", "best", "high", "others")
_CONDITIONS = {
    "moved": " OR ".join(
        [
            *(
                f"round(old.{axis}, {DECIMALS}) IS DISTINCT FROM round(new.{axis}, {DECIMALS})"
                for axis in ("lon", "lat")
            ),
            "old.area IS DISTINCT FROM new.area",
            "CASE WHEN old.shape IS DISTINCT FROM new.shape THEN NOT same_shape(old.shape, new.shape) ELSE false END",
        ]
    ),
    "redated": "(old.date_start, old.date_end) IS DISTINCT FROM (new.date_start, new.date_end)",
    "recounted": "(old.low, old.best, old.high) IS DISTINCT FROM (new.low, new.best, new.high)",
    "changed": "old.others <> new.others",
}


def _move(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return where a row was and is, how far apart, and the interval of that by both radii of uncertainty."""
    metres = row["moved_m"]
    radii = [row["old_radius"], row["new_radius"]]
    known = metres is not None and None not in radii
    return {
        "moved_m": metres,
        "interval_m": [max(0.0, metres - sum(radii)), metres + sum(radii)] if known else None,
        "beyond_uncertainty": row["beyond"],
        **{
            side: {
                **{name: row[f"{side}_{name}"] for name in ("lon", "lat", "area")},
                "shape": row[f"{side}_shape"] is not None,
                "uncertainty_m": row[f"{side}_radius"],
            }
            for side in ("old", "new")
        },
    }


def _both(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    return {side: {name: _whole(row[f"{side}_{name}"]) for name in names} for side in ("old", "new")}


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _value(name: str, value: Any, json_texts: bool) -> Any:
    if json_texts and name not in release_tables.TYPED and isinstance(value, str):
        return json.loads(value)
    return value.hex() if isinstance(value, bytes) else json_value(value)


_OPEN: OrderedDict[tuple[object, ...], ReleaseDiff] = OrderedDict()
_LOCK = Lock()


def compared(old: Layer, new: Layer) -> ReleaseDiff:
    """Return the differences between two versions, which stay open for the next pages; raises BadValue.

    One comparison is computed at a time, so that many who ask do not multiply its memory.
    """
    key = tuple((layer.id, layer.version, layer.default_uncertainty) for layer in (old, new))
    with _LOCK:
        diff = _OPEN.get(key)
        if diff is None:
            diff = _OPEN[key] = ReleaseDiff(old, new)
            for stale in list(_OPEN)[:-CACHED]:
                del _OPEN[stale]
        _OPEN.move_to_end(key)
    return diff
