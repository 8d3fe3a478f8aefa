"""Records with their history: one file holds the records and every change of them, written at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geodata.errors import BadData
from geodata.formats import strict_json
from geodata.store.geojson_store import records

Record = Mapping[str, Any]
CHANGES = "history"


@dataclass(frozen=True)
class Change:
    """Who changes a record, what they did (a word) and why."""

    by: str
    what: str
    why: str = ""


class Records:
    """The records of one file and their changes; the caller writes `data`."""

    def __init__(self, path: Path, name: str) -> None:
        """Read a file of records, empty where there is none; raises BadData."""
        self.name = name
        self.records: dict[str, Record] = {}
        self.changes: list[dict[str, Any]] = []
        if path.exists():
            self.records = {record["id"]: record for record in records(path, name)}
            self.changes = changes(path)

    def put(self, record: Record, change: Change, before: Record | None = None) -> None:
        """Replace the record with the same id; `before` is a record from elsewhere that it replaces."""
        id_ = record["id"]
        self.changes.append(
            {
                "number": len(self.changes) + 1,
                "id": id_,
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "by": change.by,
                "what": change.what,
                "why": change.why,
                "before": self.records.get(id_, before),
                "after": dict(record),
            }
        )
        self.records[id_] = dict(record)

    @property
    def data(self) -> bytes:
        """The file."""
        document = {"schema": 1, self.name: list(self.records.values()), CHANGES: self.changes}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def changes(path: Path) -> list[dict[str, Any]]:
    """Return the changes of the records of a file, the oldest first; raises BadData."""
    if not path.exists():
        return []
    value = strict_json.parse(path.read_bytes())
    items = value.get(CHANGES, []) if isinstance(value, dict) else None
    if not isinstance(items, list):
        raise BadData(f"/{CHANGES}", "no_list_of_changes", name=path.name)
    return list(items)


def differences(before: Record | None, after: Record) -> Sequence[tuple[str, Any, Any]]:
    """Return the members in which two versions of a record differ: name, before, after."""
    old = before or {}
    names = dict.fromkeys([*old, *after])
    return [(name, old.get(name), after.get(name)) for name in names if old.get(name) != after.get(name)]
