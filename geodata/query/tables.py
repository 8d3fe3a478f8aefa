"""The tables of layers, kept while they are used."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

from geodata.formats.dataset import types_of
from geodata.model import Layer
from geodata.query.columns import Kind
from geodata.query.table import Table

KEPT = 32
"""How many tables are kept, so that who pages through a layer goes on in the version begun with."""
_KINDS: Mapping[str, Kind] = {
    "text": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "instant",
}
"""What can be asked of a column of a file, by its type."""
_kept: OrderedDict[tuple[str, str], Table] = OrderedDict()
_lock = Lock()


def table(layer: Layer) -> Table:
    """Return the table of a layer, kept while it is used."""
    with _lock:
        key = (layer.id, layer.version)
        made = _kept.setdefault(key, _of(layer))
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
        return made


def _of(layer: Layer) -> Table:
    if layer.stored is None:
        types = {f"original.{name}": _KINDS[kind.name] for name, kind in types_of(layer.entry).items()}
        return Table(layer.features, types, geometry_name(layer), time_zone(layer))
    # pyarrow stays out of a process that asks small layers alone.
    from geodata.query.parquet_table import LargeTable

    return LargeTable(layer.stored, geometry_name(layer), time_zone(layer))


def time_zone(layer: Layer) -> str:
    """Return the IANA zone of a layer's civil days: UTC where it says none."""
    return str(layer.entry.get("time_zone") or "UTC")


def geometry_name(layer: Layer) -> str:
    """Return what the file that a layer was imported from calls its geometry; our own name for it elsewhere."""
    return str(layer.entry.get("imported", {}).get("geometry") or "geometry")


def kept(id_: str, version: str) -> Table | None:
    """Return the table of a layer as it was in a version, where it is still kept."""
    with _lock:
        return next(
            (made for (name, held), made in _kept.items() if (name, held[: len(version)]) == (id_, version)), None
        )
