"""What formats exchange: rows of a layer, what must travel with them, and how the user wants them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from shapely.geometry.base import BaseGeometry

from geodata.formats.column_types import ColumnType
from geodata.model import Layer, Text
from geodata.version import __version__

CRS84 = "CRS84"
BATCH = 2_000
"""Rows written at a time."""

T = TypeVar("T")


class Row(NamedTuple):
    """A feature as a file holds it: any id, WGS84 geometry (longitude first) or None, its properties whole."""

    id: str | int | float | None
    geometry: BaseGeometry | None
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class About:
    """What must travel with a layer: whose it is, under which licence, from which sources, which version."""

    layer: str
    title: Text = field(default_factory=dict)
    version: str | None = None
    licence: str | None = None
    licence_url: str | None = None
    attribution: Text = field(default_factory=dict)
    sources: tuple[Mapping[str, Any], ...] = ()
    """Records of the layer's sources, each with its `id`."""
    edges: str = "lonlat"
    default_uncertainty_m: float | None = None
    """Metres, of a feature that has no radius of its own."""
    notice: Text = field(default_factory=dict)
    original: tuple[str, ...] = ()
    """The columns that the file had, of a layer that was brought in."""
    types: Mapping[str, ColumnType] = field(default_factory=dict)
    """The types of those columns; text where there is none."""
    changes: tuple[str, ...] = ()
    """What was done to the features on their way out: a filter, a geometry, densified edges."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        texts = {name: dict(plain[name]) for name in ("title", "attribution", "notice")}
        lists = {
            "sources": [dict(one) for one in self.sources],
            "changes": list(self.changes),
            "original": list(self.original),
        }
        typed = {name: kind.to_dict() for name, kind in plain.pop("types").items()}
        # Of layers that were not imported there is nothing to say.
        types = {"types": typed} if typed else {}
        return {"schema": 1, "code_version": __version__, **plain, **texts, **lists, **types}

    @classmethod
    def from_dict(cls, value: Any, layer: str) -> About:
        """Return what `to_dict` gave; whatever is not of that shape is left out."""
        if not isinstance(value, Mapping):
            return cls(layer)
        kept: dict[str, Any] = {"layer": layer}
        for name in ("layer", "version", "licence", "licence_url", "edges"):
            if isinstance(value.get(name), str):
                kept[name] = value[name]
        for name in ("title", "attribution", "notice"):
            if isinstance(value.get(name), Mapping):
                kept[name] = {str(key): str(text) for key, text in value[name].items()}
        if isinstance(value.get("sources"), list):
            kept["sources"] = tuple(one for one in value["sources"] if isinstance(one, Mapping))
        for name in ("changes", "original"):
            if isinstance(value.get(name), list):
                kept[name] = tuple(str(one) for one in value[name])
        if isinstance(value.get("types"), Mapping):
            kept["types"] = {str(name): ColumnType.from_dict(one) for name, one in value["types"].items()}
        radius = value.get("default_uncertainty_m")
        if isinstance(radius, int | float) and not isinstance(radius, bool):
            kept["default_uncertainty_m"] = radius
        return cls(**kept)

    @classmethod
    def of(cls, layer: Layer, records: Mapping[str, Mapping[str, Any]], notice: Text) -> About:
        """Return what travels with a catalogue's layer; `records` are the source records by id."""
        # The events of a large layer come from the sources of its entry.
        own = layer.features if layer.stored is None else ()
        used = dict.fromkeys([*layer.entry.get("sources", ()), *(id_ for one in own for id_ in one.sources)])
        known = ("title", "outlet", "author", "url", "published_on", "licence")
        return cls(
            layer=layer.id,
            title=layer.title,
            version=layer.version,
            licence=layer.licence,
            licence_url=layer.entry.get("licence_url"),
            attribution=layer.attribution,
            sources=tuple({"id": id_, **{key: records.get(id_, {}).get(key) for key in known}} for id_ in used),
            edges=layer.edges,
            default_uncertainty_m=layer.entry.get("default_uncertainty_m"),
            notice=notice,
            original=tuple(layer.entry.get("imported", {}).get("columns", ())),
            types=types_of(layer.entry),
        )


@dataclass(frozen=True)
class Part:
    """A layer on its way into or out of a file. Rows may be a stream that can be read once."""

    about: About
    rows: Iterable[Row]
    types: Mapping[str, ColumnType] = field(default_factory=dict)
    """What the file itself says of its columns, of a part that was read from one with a schema."""
    geometry_name: str | None = None
    """What the file calls its geometry, where it has a name."""


@dataclass(frozen=True)
class Options:
    """How a file is wanted."""

    fields: tuple[str, ...] = ()
    """Columns by name (columns.py); none means all."""
    crs: str = CRS84
    hxl: bool = False
    original: tuple[str, ...] = ()
    """The columns that the file had, of layers that were brought in."""
    types: Mapping[str, ColumnType] = field(default_factory=dict)
    """The types of those columns."""


def types_of(entry: Mapping[str, Any]) -> dict[str, ColumnType]:
    """Return the types of the columns that a layer's file had, as its catalogue entry says; none of older imports."""
    types = entry.get("imported", {}).get("types", {})
    return {name: ColumnType.from_dict(one) for name, one in types.items()}


def rows_of(layer: Layer) -> Iterable[Row]:
    """Return the features of a layer as rows; those of a large one as they are read."""
    rows = (Row(one.id, one.geometry, one.properties) for one in layer.features)
    return rows if layer.stored is not None else list(rows)


def batched(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Yield the items in lists of `size`, the last one shorter."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
