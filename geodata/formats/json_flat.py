"""A JSON record as one row of cells: nested objects by their path, lists as one text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

from geodata.formats.arrow import encodable
from geodata.formats.geojson import GEOMETRIES
from geodata.formats.strict_json import Object

Path = str | tuple[str, ...]
"""The key of a value, or the keys that lead to it."""
Scalar = str | int | float | None
LIST_SEPARATOR = "; "
_NESTED = {dict, list, Object}


def flat(record: Mapping[str, Any]) -> Mapping[Path, Scalar]:
    """Return the cells of a record by path; a value that is null or an empty list is None.

    >>> flat({"id": 7, "location": {"lat": 34.5}, "actors": ["a", "b"], "at": [44.1, 33.2]})
    {'id': 7, ('location', 'lat'): 34.5, 'actors': 'a; b', 'at': '[44.1, 33.2]'}
    """
    # Most records of a table have nothing to flatten.
    if _NESTED.isdisjoint(map(type, record.values())):
        return cast("Mapping[Path, Scalar]", record)
    cells: dict[Path, Scalar] = {}
    _flatten(record, (), cells)
    return cells


def _flatten(record: Mapping[str, Any], path: tuple[str, ...], cells: dict[Path, Scalar]) -> None:
    for key, value in record.items():
        here = (*path, key) if path else key
        if not isinstance(value, dict | list):
            cells[here] = value
        elif isinstance(value, dict) and not is_geometry(value):
            _flatten(value, (*path, key), cells)
        else:
            cells[here] = _cell(value)


def _cell(value: dict[str, Any] | list[Any]) -> Scalar:
    """Return the cell of a geometry or a list.

    A list of texts, or of texts and numbers, is joined unless a text has the separator in it; any other list, and a
    GeoJSON geometry, is JSON text.
    """
    if not value:
        return None
    if isinstance(value, list) and _is_enumeration(value):
        return LIST_SEPARATOR.join(map(str, value))
    return json.dumps(value, ensure_ascii=False)


def _is_enumeration(values: list[Any]) -> bool:
    """Tell whether a list is one of texts that can be told apart when they are joined."""
    kinds = set(map(type, values))
    texts = [value for value in values if isinstance(value, str)]
    return bool(texts) and kinds <= {str, int, float} and not any(";" in text or not text.strip() for text in texts)


def is_geometry(value: Any) -> bool:
    """Tell whether a JSON value looks like a GeoJSON geometry."""
    return (
        isinstance(value, dict)
        and value.get("type") in GEOMETRIES
        and ("coordinates" in value or "geometries" in value)
    )


def column_names(paths: Iterable[Path]) -> dict[Path, str]:
    """Return the name of the column of each path, its keys joined by points, each once."""
    listed = list(paths)
    names = unique(path if isinstance(path, str) else ".".join(path) for path in listed)
    return dict(zip(listed, names, strict=True))


def unique(names: Iterable[str]) -> list[str]:
    """Return names of columns, each once: one that is blank or repeated gets a number."""
    used: dict[str, None] = {}
    for name in names:
        base = encodable(name) if name.strip() else f"column {len(used) + 1}"
        free, number = base, 2
        while free in used:
            free, number = f"{base} ({number})", number + 1
        used[free] = None
    return list(used)
