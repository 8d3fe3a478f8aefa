"""Cache of the tables of layers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from types import MappingProxyType

from geodata.formats.dataset import types_of
from geodata.model import Feature, Layer
from geodata.query.columns import Kind
from geodata.query.table import Table

KEPT = 32
"""Cached tables, so that paging through a layer stays in the version it started with."""
_KINDS: Mapping[str, Kind] = {
    "text": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "instant",
}
"""The kind of a column of a file, by its type."""
_cache: OrderedDict[tuple[str, str], Table] = OrderedDict()
_lock = Lock()


def table(layer: Layer) -> Table:
    """Return the table of a layer, from the cache where it is there."""
    with _lock:
        key = (layer.id, layer.version)
        entry = _cache.setdefault(key, _of(layer))
        _cache.move_to_end(key)
        while len(_cache) > KEPT:
            _cache.popitem(last=False)
        return entry


def _of(layer: Layer) -> Table:
    if layer.stored is None:
        return of_features(layer.features, layer)
    # pyarrow is not imported in a process that only queries small layers.
    from geodata.query.parquet_table import LargeTable

    return LargeTable(layer.stored, geometry_name(layer), time_zone(layer))


def of_features(features: Sequence[Feature], layer: Layer, kinds: Mapping[str, Kind] = MappingProxyType({})) -> Table:
    """Return the table of features of a small layer; `kinds` are those of properties that no feature may have."""
    found = {name: kind for name, kind in kinds.items() if not any(name in one.properties for one in features)}
    types = {f"original.{name}": _KINDS[kind.name] for name, kind in types_of(layer.entry).items()}
    return Table(features, found | types, geometry_name(layer), time_zone(layer))


def time_zone(layer: Layer) -> str:
    """Return the IANA zone of a layer's civil days: UTC where it says none."""
    return str(layer.entry.get("time_zone") or "UTC")


def geometry_name(layer: Layer) -> str:
    """Return the name of the geometry in the file that a layer was imported from; else our own name for it."""
    return str(layer.entry.get("imported", {}).get("geometry") or "geometry")


def cached_table(id_: str, version: str) -> Table | None:
    """Return the table of a layer in a version (or a prefix of one), where it is still cached."""
    with _lock:
        return next(
            (
                cached
                for (name, full_version), cached in _cache.items()
                if (name, full_version[: len(version)]) == (id_, version)
            ),
            None,
        )
