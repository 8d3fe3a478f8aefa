"""Tables that are written into JSON as rows of cells: arrays of arrays, with the names of the columns first or beside.

As they come from spreadsheets' interfaces (`{"values": [["lat", "lon"], [33, 44]]}`), open data portals and data frames
(`{"columns": ["lat", "lon"], "data": [[33, 44]]}`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_COLUMNS = ("columns", "fields", "header", "headers")
_ROWS = ("data", "rows", "values", "records")
_NAME_MEMBERS = ("name", "id", "key", "label")


def is_grid(value: Any) -> bool:
    """Tell whether an array is one of rows of cells whose first row names the columns, each once."""
    return (
        isinstance(value, list)
        and len(value) > 1
        and all(isinstance(row, list) for row in value)
        and _are_names(value[0])
        and all(len(row) <= len(value[0]) for row in value)
        and all(not isinstance(cell, dict | list) for row in value[1:] for cell in row)
    )


def beside(value: Mapping[str, Any]) -> tuple[str, list[str]] | None:
    """Return the key of the rows of an object that names their columns beside them, and the names; None for another."""
    named = (_names(value[key]) for key in _COLUMNS if key in value)
    names = next((names for names in named if names), None)
    if names is None:
        return None
    for key in _ROWS:
        rows = value.get(key)
        if isinstance(rows, list) and rows and all(isinstance(row, list) and len(row) <= len(names) for row in rows):
            return key, names
    return None


def records(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield rows as records; a row that is shorter has no value in the columns that it lacks."""
    return (dict(zip(names, row, strict=False)) for row in rows)


def _names(value: Any) -> list[str] | None:
    """Return the names of columns, written as texts or as objects with a name; None where they are neither."""
    if not isinstance(value, list):
        return None
    if all(isinstance(column, dict) for column in value):
        members = (member for member in _NAME_MEMBERS if all(isinstance(one.get(member), str) for one in value))
        member = next(members, None)
        value = [] if member is None else [column[member] for column in value]
    return value if _are_names(value) else None


def _are_names(values: Any) -> bool:
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        return False
    return all(value.strip() for value in values) and len(set(values)) == len(values)
