"""Usual names of the columns of a table: the names and HXL tags of each meaning, in both languages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

from geodata import settings
from geodata.text import arabic

Known = Mapping[str, tuple[str, ...]]


def folded(name: str) -> str:
    """Return a column's name folded for comparison."""
    return arabic.fold(name.replace("_", " "))


@cache
def names() -> Known:
    """Return the folded names of each meaning, the most usual first."""
    return MappingProxyType({meaning: tuple(map(folded, words)) for meaning, words in _table()["names"].items()})


@cache
def tags() -> Known:
    """Return the HXL tags of each meaning."""
    return MappingProxyType({meaning: tuple(words) for meaning, words in _table()["tags"].items()})


def column(header: Sequence[str], *meanings: str) -> int | None:
    """Return which column of a header has one of these meanings, the first of them that there is; None for none."""
    folded_names, tagged = [folded(name) for name in header], [name.strip().lower() for name in header]
    for meaning in meanings:
        for keys, wanted in ((folded_names, names().get(meaning, ())), (tagged, tags().get(meaning, ()))):
            index = next((keys.index(name) for name in wanted if name in keys), None)
            if index is not None:
                return index
    return None


@cache
def _table() -> Mapping[str, Known]:
    value: Mapping[str, Known] = json.loads((settings.SCHEMAS / "column-names.json").read_bytes())
    return value
