"""What can be asked of features: their properties as typed columns, nested ones under a name with a dot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from geodata.model import Feature
from geodata.query import dates

Kind = Literal["text", "date", "instant", "number", "integer", "boolean", "list"]
"""What the values of a column are; dates and instants are texts in ISO 8601, all of a column in one kind."""

_FITS: Mapping[str, type | tuple[type, ...]] = {"number": (int, float), "integer": int, "boolean": bool}
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
BLANK: Mapping[Kind, Any] = {
    "text": "",
    "date": "",
    "instant": "",
    "number": 0.0,
    "integer": 0,
    "boolean": False,
    "list": frozenset(),
}


@dataclass(frozen=True)
class Column:
    """A property of n features: `values` (n; lists as sets) with a blank of its kind where `valid` (n) is false."""

    kind: Kind
    values: NDArray[Any]
    valid: NDArray[np.bool_]


def kinds(features: Sequence[Feature]) -> dict[str, Kind]:
    """Return the name and kind of every queryable property, `id` first, in the order they appear.

    {en, ar} texts and figures become `note.en`, `killed.best`. Lists of objects are not queryable.
    """
    types: dict[str, set[str]] = {"id": {"text"}}
    for feature in features:
        for name, value in _flat(feature.properties):
            if name != "id":
                types.setdefault(name, set()).add(_kind(value))
    parents = {name.partition(".")[0] for name in types if "." in name}
    # A property that is always null is text.
    return {
        name: _common(seen - {"null"})
        for name, seen in types.items()
        if "object" not in seen and (seen != {"null"} or name not in parents)
    }


def column(features: Sequence[Feature], name: str, kind: Kind) -> Column:
    """Return the column of a property; values of another kind than the column's become text."""
    if name == "id":
        ids = np.array([feature.id for feature in features], dtype=object)
        return Column("text", ids, np.ones(len(ids), dtype=bool))
    parent, _, child = name.partition(".")
    raw = [_value(feature.properties, name, parent, child) for feature in features]
    if kind in _FITS:
        # Values of a declared column may have been edited: those of another type are null.
        raw = [value if isinstance(value, _FITS[kind]) else None for value in raw]
    valid = np.array([value is not None for value in raw], dtype=bool)
    blank = BLANK[kind]
    if kind in ("number", "integer"):
        return Column(kind, _numbers([blank if value is None else value for value in raw], kind), valid)
    if kind == "boolean":
        return Column(kind, np.array([bool(value) for value in raw], dtype=bool), valid)
    values = np.empty(len(raw), dtype=object)
    if kind == "list":
        values[:] = [frozenset(value) if isinstance(value, list | tuple) else blank for value in raw]
    else:
        values[:] = ["" if value is None else text_of(value) for value in raw]
    return Column(kind, values, valid)


def _numbers(values: Sequence[Any], kind: Kind) -> NDArray[Any]:
    """Return numbers as doubles; whole ones as 64-bit integers, exact beyond 2^53, where they all fit."""
    try:
        if kind == "integer":
            return np.array(values, dtype=np.int64)
    except OverflowError:
        pass
    return np.array([float(value) for value in values], dtype=float)


def text_of(value: Any) -> str:
    """Return a value as text: true and false as JSON writes them, whole numbers without a point."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def _flat(properties: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in properties.items():
        if isinstance(value, Mapping):
            for child, item in value.items():
                yield f"{name}.{child}", item
        else:
            yield name, value


def _value(properties: Mapping[str, Any], name: str, parent: str, child: str) -> Any:
    if name in properties:
        value = properties[name]
        return None if isinstance(value, Mapping) else value
    below = properties.get(parent)
    return below.get(child) if child and isinstance(below, Mapping) else None


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        if _DATE.match(value):
            return "date"
        return "text" if dates.instant(value) is None else "instant"
    if isinstance(value, list | tuple):
        return "object" if any(isinstance(item, Mapping | list | tuple) for item in value) else "list"
    return "object"


def _common(seen: set[str]) -> Kind:
    if seen == {"integer", "number"}:
        return "number"
    if len(seen) == 1:
        only: Any = next(iter(seen))
        kind: Kind = only
        return kind
    return "text"
