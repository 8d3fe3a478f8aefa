"""What may be asked of a collection's items, and which rows that leaves."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from geodata.analysis.predicates import Predicates
from geodata.catalog import Catalog
from geodata.errors import BadValue
from geodata.messages import one_of
from geodata.model import Layer
from geodata.query import cql2, crs, dates, evaluate
from geodata.query.table import Rows, Table
from webapp.api import collections
from webapp.api.operations import Param, limit

DEFAULT, MOST = 100, 10_000
MAX_KEYS = 5
_NUMBER = re.compile(r"\s*-?(?:[0-9]{1,20}\.?[0-9]{0,20}|\.[0-9]{1,20})(?:[eE][-+]?[0-9]{1,2})?\s*\Z")
_URI = {"type": "string", "format": "uri", "enum": [system.uri for system in crs.KNOWN]}


def _bbox(text: str) -> tuple[float, ...]:
    parts = text.split(",")
    if len(parts) not in (4, 6) or not all(_NUMBER.match(part) for part in parts):
        raise BadValue("bbox", text, "bbox_text")
    numbers = tuple(float(part) for part in parts)
    if len(numbers) == 6 and numbers[2] > numbers[5]:
        raise BadValue("bbox", text, "lower_height_first")
    return numbers if len(numbers) == 4 else (*numbers[:2], *numbers[3:5])


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def _keys(text: str) -> tuple[tuple[str, bool], ...]:
    # A plus sign in an address arrives as a space.
    keys = tuple((part.strip().lstrip("+-").strip(), part.strip().startswith("-")) for part in text.split(","))
    if len(keys) > MAX_KEYS or not all(name for name, _ in keys):
        raise BadValue("sortby", text, "sort_properties", most=MAX_KEYS)
    return keys


def _uri(name: str) -> Param:
    what = {"bbox-crs": "of bbox", "filter-crs": "of the geometries in filter", "crs": "of the answer"}[name]
    return Param(name, f"The coordinate reference system {what}.", _URI, lambda text: crs.named(text, name), form=True)


CRS = _uri("crs")
LIST = {"type": "array", "items": {"type": "string"}}
FILTERS = (
    limit(DEFAULT, MOST),
    Param("cursor", "Where the next page begins: taken from a next link, never made.", {"type": "string"}),
    Param(
        "bbox",
        "Features that meet a box: lower-left, then upper-right corner; west east of east crosses the antimeridian.",
        {
            "type": "array",
            "items": {"type": "number"},
            "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
        },
        _bbox,
        listed=True,
    ),
    _uri("bbox-crs"),
    Param(
        "datetime",
        "Features whose time meets a date, an instant, or an interval with a slash, and those without a time;"
        " .. or nothing is an open end.",
        {"type": "string"},
        lambda text: dates.interval(text, "datetime"),
        form=True,
    ),
    Param("filter", "A filter in CQL2.", {"type": "string", "maxLength": cql2.MAX_LENGTH}, form=True),
    Param(
        "filter-lang",
        "The language of filter.",
        {"type": "string", "enum": list(cql2.LANGUAGES), "default": cql2.LANGUAGES[0]},
        form=True,
    ),
    _uri("filter-crs"),
    Param("sortby", "Properties to sort by; a minus before one: descending.", LIST, _keys, listed=True),
    Param("properties", "The properties to give; without it, all.", LIST, _names, listed=True),
    CRS,
)
RESERVED = frozenset({"f", "lang", *(param.name for param in FILTERS)})


def of(table: Table) -> tuple[Param, ...]:
    """Return the parameters of a collection: those of all, and one for each property that it has."""
    return (
        *FILTERS,
        *(
            Param(
                name,
                f"Features whose {name} is this{'' if kind != 'list' else ', among others'}.",
                {"type": "string"} if kind == "list" else collections.queryable(name, kind),
                form=True,
            )
            for name, kind in table.kinds.items()
            if name not in RESERVED
        ),
    )


def rows(layer: Layer, table: Table, values: Mapping[str, Any], catalog: Catalog) -> Rows:
    """Return the matching rows of a layer's table in the requested order; raises BadValue and Refused."""
    matching: Rows | None = None
    for condition in _each(layer, table, values, catalog):
        matching = condition if matching is None else np.intersect1d(matching, condition, assume_unique=True)
    selected = np.arange(len(table)) if matching is None else matching
    if "sortby" not in values:
        return selected
    keys = values["sortby"]
    names = _joined([name for name, _ in keys], table.kinds)
    return table.ordered(selected, [(name, keys[at][1]) for at, name in names])


def _each(layer: Layer, table: Table, values: Mapping[str, Any], catalog: Catalog) -> Iterator[Rows]:
    """Yield the rows that match each condition."""
    for name, needs in (("bbox-crs", "bbox"), ("filter-crs", "filter"), ("filter-lang", "filter")):
        if name in values and needs not in values:
            raise BadValue(name, getattr(values[name], "uri", values[name]), "together_with", parameter=needs)
    # As Features Part 1 has it, what has no geometry or no time is in every box and every interval.
    if "bbox" in values:
        met = table.meeting(values.get("bbox-crs", crs.CRS84).boxes(values["bbox"]))
        yield np.union1d(met, np.flatnonzero(~table.placed))
    if "datetime" in values:
        yield np.union1d(table.during(*values["datetime"]), np.flatnonzero(np.isnan(table.days[0])))
    for name in table.kinds:
        if name in values and name not in RESERVED:
            yield table.equal(name, values[name])
    if "filter" in values:
        tree = cql2.parse(values["filter"], values.get("filter-lang", cql2.LANGUAGES[0]))
        system = values.get("filter-crs", crs.CRS84)
        yield evaluate.rows(tree, table, system, Predicates(layer, table, catalog, system).functions())


def picked(table: Table, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the properties to give; raises BadValue for one that no feature has."""
    columns = dict.fromkeys(["id", *(name for feature in table.telling for name in feature.properties)])
    joined = tuple(name for _, name in _joined(names, columns) if name)
    for name in joined:
        if name not in columns:
            raise BadValue("properties", name, one_of(columns))
    return joined


def _joined(parts: Sequence[str], columns: Container[str]) -> list[tuple[int, str]]:
    """Return the items of a list with the index of each one's first part, an item with a comma in its name in one."""
    items, at = [], 0
    while at < len(parts):
        ends = range(len(parts), at + 1, -1)
        end = next((end for end in ends if ",".join(parts[at:end]) in columns), at + 1)
        items.append((at, ",".join(parts[at:end])))
        at = end
    return items
