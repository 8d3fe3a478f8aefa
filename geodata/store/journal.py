"""The journal of a workspace: who changed which feature, when, why, from what to what; nothing in it is ever erased.

SQLite with a write-ahead log and synchronous=FULL: what is in it when `add` returns outlasts a crash.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from geodata.errors import NotFound, Unwritable

Item = Mapping[str, Any]
"""A GeoJSON feature as plain values."""
NAME = "journal.sqlite"
PATIENCE = 10.0
"""Seconds that one writer waits for another."""
_TABLE = (
    "CREATE TABLE IF NOT EXISTS edits (number INTEGER PRIMARY KEY AUTOINCREMENT, layer TEXT NOT NULL, "
    "feature TEXT NOT NULL, operation TEXT NOT NULL, before TEXT, after TEXT, who TEXT NOT NULL, at TEXT NOT NULL, "
    "why TEXT NOT NULL, undoes INTEGER)"
)
_INDEX = "CREATE INDEX IF NOT EXISTS edits_of ON edits (layer, feature, number)"


@dataclass(frozen=True)
class Edit:
    """One change of one feature; `before` is None for one that was added, `after` for one that was deleted."""

    layer: str
    feature: str
    operation: str
    before: Item | None
    after: Item | None
    who: str
    at: str
    """The moment, UTC, ISO 8601."""
    why: str = ""
    undoes: int | None = None
    """The number of the edit that this one takes back."""
    number: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        # The number comes first; where it stands again it is the same.
        return {"number": self.number, **asdict(self)}


class Journal:
    """The journal in a workspace's folder; it need not exist before something is written."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    def add(self, edit: Edit) -> int:
        """Write an edit down for good; return its number. Raises Unwritable."""
        with self._opened() as database:
            database.execute(_TABLE)
            database.execute(_INDEX)
            cursor = database.execute(
                "INSERT INTO edits (layer, feature, operation, before, after, who, at, why, undoes) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    edit.layer,
                    edit.feature,
                    edit.operation,
                    _written(edit.before),
                    _written(edit.after),
                    edit.who,
                    edit.at,
                    edit.why,
                    edit.undoes,
                ],
            )
            return int(cursor.lastrowid or 0)

    def forget(self, number: int) -> None:
        """Take back an edit that nobody was told of, where that can be written."""
        with suppress(Unwritable), self._opened() as database:
            database.execute("DELETE FROM edits WHERE number = ?", [number])

    def of(self, layer: str = "", feature: str = "", most: int = 1_000) -> list[Edit]:
        """Return the edits of a layer or feature, of all where none is named, the newest first."""
        named = [(name, value) for name, value in (("layer", layer), ("feature", feature)) if value]
        condition = " AND ".join(f"{name} = ?" for name, _ in named) or "true"
        return self._read(f"{condition} ORDER BY number DESC LIMIT ?", [*(value for _, value in named), most])

    def after(self, layer: str, number: int) -> list[Edit]:
        """Return the edits of a layer that came after one, the oldest first."""
        return self._read("layer = ? AND number > ? ORDER BY number", [layer, number])

    def edited(self, layer: str) -> dict[str, bool]:
        """Return the features of a layer that are not what they were before their first edit; whether each is there."""
        first: dict[str, Item | None] = {}
        last: dict[str, Item | None] = {}
        for edit in self._read("layer = ? ORDER BY number", [layer]):
            first.setdefault(edit.feature, edit.before)
            last[edit.feature] = edit.after
        return {feature: after is not None for feature, after in last.items() if after != first[feature]}

    def get(self, number: int) -> Edit:
        """Return an edit; raises NotFound."""
        found = self._read("number = ?", [number])
        if not found:
            raise NotFound("edit", number)
        return found[0]

    def _read(self, condition: str, values: list[Any]) -> list[Edit]:
        if not self.path.is_file():
            return []
        with self._opened() as database:
            try:
                rows = database.execute(f"SELECT * FROM edits WHERE {condition}", values).fetchall()  # nosec B608: ours
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):
                    return []
                raise
        return [_edit(row) for row in rows]

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            database = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
            try:
                database.row_factory = sqlite3.Row
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = FULL")
                yield database
            finally:
                database.close()
        except sqlite3.Error as error:
            raise Unwritable("journal", path=self.path, error=error) from None


def _written(item: Item | None) -> str | None:
    return None if item is None else json.dumps(item, ensure_ascii=False, separators=(",", ":"))


def _edit(row: sqlite3.Row) -> Edit:
    values = {name: row[name] for name in row.keys()}  # noqa: SIM118 - a row's own iteration gives values
    return Edit(
        **{**values, **{end: None if values[end] is None else json.loads(values[end]) for end in ("before", "after")}}
    )
