"""What people call the columns of a table: the names and HXL tags of each meaning, in both languages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

from geodata import settings
from geodata.text import arabic

Known = Mapping[str, tuple[str, ...]]


def folded(name: str) -> str:
    """Return a column's name as it is compared."""
    return arabic.fold(name.replace("_", " "))


@cache
def names() -> Known:
    """Return the folded names of each meaning, the most usual first."""
    return MappingProxyType({meaning: tuple(map(folded, held)) for meaning, held in _table()["names"].items()})


@cache
def tags() -> Known:
    """Return the HXL tags of each meaning."""
    return MappingProxyType({meaning: tuple(held) for meaning, held in _table()["tags"].items()})


def column(header: Sequence[str], *meanings: str) -> int | None:
    """Return which column of a header has one of these meanings, the first of them that there is; None for none."""
    plain, tagged = [folded(name) for name in header], [name.strip().lower() for name in header]
    for meaning in meanings:
        for held, known in ((plain, names().get(meaning, ())), (tagged, tags().get(meaning, ()))):
            found = next((held.index(name) for name in known if name in held), None)
            if found is not None:
                return found
    return None


@cache
def _table() -> Mapping[str, Known]:
    value: Mapping[str, Known] = json.loads((settings.SCHEMAS / "column-names.json").read_bytes())
    return value
