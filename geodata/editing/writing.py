"""An edit written: into the journal, then into the layer's file or files; and what a crash left open, made good."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from geodata.catalog import Catalog, shipped
from geodata.errors import Unwritable
from geodata.formats import geojson
from geodata.importing import described
from geodata.model import Feature, Layer
from geodata.store import flat, parquet_writer
from geodata.store.files import STORED
from geodata.store.journal import Edit, Journal
from geodata.store.workspace import Workspace

JOURNAL = "journal"
"""In a catalogue entry the number of the last edit that the layer's file holds."""
Items = list[Mapping[str, Any]]


class _Moved(Exception):
    """Somebody wrote the layer meanwhile."""


def written(layer: Layer, edit: Edit, workspace: Workspace) -> int | None:
    """Write an edit of a layer as it was read; return its number, None where the layer has changed since.

    Raises Unwritable, and then the layer is as it was.
    """
    journal, entry, numbers = Journal(workspace.folder), dict(layer.entry), list[int]()

    def first() -> None:
        if _version(layer.id, workspace) != layer.version:
            raise _Moved
        numbers.append(journal.add(edit))
        entry[JOURNAL] = numbers[0]

    try:
        _put(layer, [edit], entry, first, workspace)
    except _Moved:
        return None
    except Unwritable:
        if numbers:
            # Nobody was told of it: it may go as if it had never been.
            journal.forget(numbers[0])
        raise
    return numbers[0]


def as_held(item: Mapping[str, Any], layer: Layer) -> dict[str, Any]:
    """Return a feature as it will be read back: a large layer holds columns, and no property beside them."""
    if layer.stored is None:
        return _plain(item)
    one = Feature(str(item["id"]), layer.id, geojson.geometry(item["geometry"]), item["properties"])
    (held,) = flat.features(flat.table([one], layer.stored.original), layer.id)
    return _plain(geojson.feature(held.id, held.geometry, held.properties))


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(item))
    return made


def settled(id_: str, workspace: Workspace, read: Callable[[], Catalog]) -> Catalog:
    """Return the catalogue, once the layer's file holds all that the journal has of it: a crash may lie between."""
    catalog = read()
    if id_ not in catalog.ids():
        return catalog
    layer = catalog.layer(id_)
    left = Journal(workspace.folder).after(id_, int(layer.entry.get(JOURNAL) or 0))
    if not left:
        return catalog
    entry = {**layer.entry, JOURNAL: left[-1].number}

    def first() -> None:
        if _version(id_, workspace) != layer.version:
            raise _Moved

    # Where somebody was quicker, they have settled it.
    with suppress(_Moved):
        _put(layer, left, entry, first, workspace)
    return read()


def _version(id_: str, workspace: Workspace) -> str | None:
    store = workspace.store()
    if store is None or id_ not in store.entries:
        return shipped().layer(id_).version if id_ in shipped().ids() else None
    large = store.entries[id_].get(STORED)
    return str(large) if large else hashlib.sha256(store.path(id_).read_bytes()).hexdigest()


def _put(
    layer: Layer, edits: Sequence[Edit], entry: dict[str, Any], first: Callable[[], None], workspace: Workspace
) -> None:
    if "counts" in entry:
        entry["counts"] = _counts(entry["counts"], edits)
    if layer.stored is None:
        workspace.put_layer(entry, geojson.write(_applied(layer, edits)), first)
        return
    after = {edit.feature: edit.after for edit in edits}
    original = list(layer.stored.original)
    with workspace.staging() as folder:
        parts = parquet_writer.write(_rows(layer, after, original), original, folder)
        manifest = parquet_writer.manifest_of(layer.id, original, parts, counts=entry.get("counts", {}))
        workspace.put_large(entry, manifest, {part.sha256: part.path for part in parts}, first)


def _applied(layer: Layer, edits: Iterable[Edit]) -> Items:
    items = {one.id: geojson.feature(one.id, one.geometry, one.properties) for one in layer.features}
    for edit in edits:
        if edit.after is None:
            items.pop(edit.feature, None)
        else:
            items[edit.feature] = dict(edit.after)
    return list(items.values())


def _rows(layer: Layer, after: Mapping[str, Any], original: Sequence[str]) -> Iterator[pa.Table]:
    """Yield the rows of a large layer, those that were edited in the place of their old ones, new ones last."""
    made = [
        Feature(id_, layer.id, geojson.geometry(item["geometry"]), item["properties"])
        for id_, item in after.items()
        if item is not None
    ]
    new = {id_: row for row, id_ in enumerate(one.id for one in made)}
    rows = described.searchable(flat.table(made, original))
    names = pa.array(list(after), pa.string())
    for batch in layer.stored.batches():
        table = pa.Table.from_batches([batch])
        found = pc.is_in(table.column("id"), value_set=names)
        if not pc.any(found).as_py():
            yield table
            continue
        ids = [id_ for id_ in table.filter(found).column("id").to_pylist() if id_ in new]
        yield table.filter(pc.invert(found))
        yield rows.take(pa.array([new.pop(id_) for id_ in ids], pa.int64())).cast(table.schema)
    if new:
        yield rows.take(pa.array(list(new.values()), pa.int64()))


def _counts(counts: Mapping[str, int], edits: Iterable[Edit]) -> dict[str, int]:
    made = dict(counts)
    for edit in edits:
        for item, sign in ((edit.before, -1), (edit.after, 1)):
            for name in _counted(item):
                made[name] = made.get(name, 0) + sign
    return made


def _counted(item: Mapping[str, Any] | None) -> list[str]:
    if item is None:
        return []
    said, shape = item["properties"], item["geometry"]
    place = (
        "areas" if said.get("area") else "points" if shape and shape["type"] == "Point" else "shapes" if shape else ""
    )
    doubts = [flag for flag in said.get("flags") or () if flag not in flat.NO_DOUBT]
    undated = said.get("kind") == "event" and not said.get("date_start")
    named = {"rows": True, place: bool(place), "flagged": bool(doubts), "undated": undated}
    return [name for name, holds in named.items() if holds]
