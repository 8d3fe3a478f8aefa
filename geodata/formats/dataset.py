"""What formats exchange: the rows of a layer, their metadata, and the options of an export."""

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
    """A feature of a file: any id, WGS84 geometry (longitude first) or None, all its properties."""

    id: str | int | float | None
    geometry: BaseGeometry | None
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Metadata:
    """The metadata of a layer: attribution, licence, sources and version."""

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
    """The columns of the file that the layer was imported from."""
    types: Mapping[str, ColumnType] = field(default_factory=dict)
    """The types of those columns; text where there is none."""
    changes: tuple[str, ...] = ()
    """How the features were transformed for export: a filter, a geometry, densified edges."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        texts = {name: dict(values[name]) for name in ("title", "attribution", "notice")}
        lists = {
            "sources": [dict(source) for source in self.sources],
            "changes": list(self.changes),
            "original": list(self.original),
        }
        typed = {name: kind.to_dict() for name, kind in values.pop("types").items()}
        # Layers that were not imported have no types.
        types = {"types": typed} if typed else {}
        return {"schema": 1, "code_version": __version__, **values, **texts, **lists, **types}

    @classmethod
    def from_dict(cls, value: Any, layer: str) -> Metadata:
        """Return the metadata that `to_dict` returned; whatever has another type is left out."""
        if not isinstance(value, Mapping):
            return cls(layer)
        valid: dict[str, Any] = {"layer": layer}
        for name in ("layer", "version", "licence", "licence_url", "edges"):
            if isinstance(value.get(name), str):
                valid[name] = value[name]
        for name in ("title", "attribution", "notice"):
            if isinstance(value.get(name), Mapping):
                valid[name] = {str(key): str(text) for key, text in value[name].items()}
        if isinstance(value.get("sources"), list):
            valid["sources"] = tuple(source for source in value["sources"] if isinstance(source, Mapping))
        for name in ("changes", "original"):
            if isinstance(value.get(name), list):
                valid[name] = tuple(str(item) for item in value[name])
        if isinstance(value.get("types"), Mapping):
            valid["types"] = {str(name): ColumnType.from_dict(item) for name, item in value["types"].items()}
        radius = value.get("default_uncertainty_m")
        if isinstance(radius, int | float) and not isinstance(radius, bool):
            valid["default_uncertainty_m"] = radius
        return cls(**valid)

    @classmethod
    def of(cls, layer: Layer, records: Mapping[str, Mapping[str, Any]], notice: Text) -> Metadata:
        """Return the metadata of a catalogue's layer; `records` are the source records by id."""
        # The events of a large layer come from the sources of its entry.
        own = layer.features if layer.stored is None else ()
        used = dict.fromkeys([*layer.entry.get("sources", ()), *(id_ for feature in own for id_ in feature.sources)])
        members = ("title", "outlet", "author", "url", "published_on", "licence")
        return cls(
            layer=layer.id,
            title=layer.title,
            version=layer.version,
            licence=layer.licence,
            licence_url=layer.entry.get("licence_url"),
            attribution=layer.attribution,
            sources=tuple({"id": id_, **{key: records.get(id_, {}).get(key) for key in members}} for id_ in used),
            edges=layer.edges,
            default_uncertainty_m=layer.entry.get("default_uncertainty_m"),
            notice=notice,
            original=tuple(layer.entry.get("imported", {}).get("columns", ())),
            types=types_of(layer.entry),
        )


@dataclass(frozen=True)
class Dataset:
    """A layer on its way into or out of a file. Rows may be a stream that can be read once."""

    metadata: Metadata
    rows: Iterable[Row]
    types: Mapping[str, ColumnType] = field(default_factory=dict)
    """The types of the columns, of a part read from a file with a schema."""
    geometry_name: str | None = None
    """The name of the geometry column, where it has one."""
    crs: str | None = None
    """The system that the coordinates were in, of a part read from a file of another one than WGS84."""


@dataclass(frozen=True)
class Options:
    """Options of an export."""

    fields: tuple[str, ...] = ()
    """Columns by name (columns.py); none means all."""
    crs: str = CRS84
    hxl: bool = False
    original: tuple[str, ...] = ()
    """The columns of the files that the layers were imported from."""
    types: Mapping[str, ColumnType] = field(default_factory=dict)
    """The types of those columns."""


def types_of(entry: Mapping[str, Any]) -> dict[str, ColumnType]:
    """Return the types of the columns that a layer's file had, as its catalogue entry says; none of older imports."""
    types = entry.get("imported", {}).get("types", {})
    return {name: ColumnType.from_dict(kind) for name, kind in types.items()}


def rows_of(layer: Layer) -> Iterable[Row]:
    """Return the features of a layer as rows; those of a large one as they are read."""
    rows = (Row(feature.id, feature.geometry, feature.properties) for feature in layer.features)
    return rows if layer.stored is not None else list(rows)


def batched(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Yield the items in lists of `size`, the last one shorter."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
