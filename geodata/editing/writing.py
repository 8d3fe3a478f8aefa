"""An edit written: into the journal, then into the layer's file or files; and what a crash left open, made good."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.catalog import Catalog, shipped
from geodata.errors import Unwritable
from geodata.formats import geojson
from geodata.importing import attributes
from geodata.model import Feature, Layer
from geodata.store import event_schema, parquet_writer
from geodata.store.geojson_store import STORED
from geodata.store.journal import Edit, Journal
from geodata.store.parquet import Stored
from geodata.store.workspace import Workspace

JOURNAL = "journal"
"""In a catalogue entry the number of the last edit that the layer's file holds."""
GONE = -1
"""The place of a row that was deleted."""
Items = list[Mapping[str, Any]]


class _Moved(Exception):
    """Somebody wrote the layer meanwhile."""


def written(layer: Layer, edit: Edit, workspace: Workspace) -> int | None:
    """Write an edit of a layer as it was read; return its number, None where the layer has changed since.

    Raises Unwritable, and then layer and journal are as they were.
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
        if not numbers:
            raise
        if _version(layer.id, workspace) == layer.version:
            # The file is as it was, and nobody was told of the edit: it may go as if it had never been.
            journal.forget(numbers[0])
            raise
        # The file holds it, only its entry is missing: `settled` makes that good, as after a crash.
    return numbers[0]


def as_held(item: Mapping[str, Any], layer: Layer) -> dict[str, Any]:
    """Return a feature as it will be read back: a large layer holds columns, and no property beside them."""
    if layer.stored is None:
        return _plain(item)
    one = Feature(str(item["id"]), layer.id, geojson.geometry(item["geometry"]), item["properties"])
    (event,) = event_schema.features(event_schema.table([one], layer.stored.columns), layer.id)
    return _plain(geojson.feature(event.id, event.geometry, event.properties, exact=True))


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(item))
    return copy


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
    with workspace.staging() as folder:
        parts = _parts(layer.stored, layer.id, {edit.feature: edit.after for edit in edits}, folder)
        manifest = parquet_writer.manifest_of(layer.id, layer.stored.columns, parts, counts=entry.get("counts", {}))
        paths = {part.sha256: part.path for part in parts if part.path.is_relative_to(folder)}
        workspace.put_large(entry, manifest, paths, first)


def _applied(layer: Layer, edits: Iterable[Edit]) -> Items:
    items = {one.id: geojson.feature(one.id, one.geometry, one.properties, exact=True) for one in layer.features}
    for edit in edits:
        if edit.after is None:
            items.pop(edit.feature, None)
        else:
            items[edit.feature] = dict(edit.after)
    return list(items.values())


def _parts(stored: Stored, layer: str, after: Mapping[str, Any], folder: Path) -> list[parquet_writer.Part]:
    """Return the files of a layer after edits: those that hold what was edited anew, the last with what is new."""
    written: list[parquet_writer.Part] = []
    ids_of_parts = stored.holding(list(after))
    ids_of_parts[-1] += after.keys() - set(chain.from_iterable(ids_of_parts))
    for number, (kept, ids) in enumerate(zip(parquet_writer.parts_of(stored), ids_of_parts, strict=True)):
        if ids:
            here = folder / str(number)
            here.mkdir()
            rows = _rows(stored.batches(paths=[kept.path]), layer, {id_: after[id_] for id_ in ids}, stored.columns)
            written += parquet_writer.write(rows, stored.columns, here)
        else:
            written.append(kept)
    return written


def _rows(
    batches: Iterable[pa.RecordBatch], layer: str, after: Mapping[str, Any], original: event_schema.Columns
) -> Iterator[pa.Table]:
    """Yield the rows of a file, those that were edited in the place of their old ones, new ones last."""
    features = [
        Feature(id_, layer, geojson.geometry(item["geometry"]), item["properties"])
        for id_, item in after.items()
        if item is not None
    ]
    new = {id_: row for row, id_ in enumerate(one.id for one in features)}
    rows = attributes.searchable(event_schema.table(features, original))
    names = pa.array(list(after), pa.string())
    for batch in batches:
        table = pa.Table.from_batches([batch])
        found = pc.is_in(table.column("id"), value_set=names)
        if not pc.any(found).as_py():
            yield table
            continue
        at, hits = np.arange(len(table)), np.flatnonzero(found.to_numpy())
        ids = table.column("id").take(hits).to_pylist()
        at[hits] = [len(table) + new.pop(id_) if id_ in new else GONE for id_ in ids]
        yield pa.concat_tables([table, rows.cast(table.schema)]).take(at[at != GONE])
    if new:
        yield rows.take(pa.array(list(new.values()), pa.int64()))


def _counts(counts: Mapping[str, int], edits: Iterable[Edit]) -> dict[str, int]:
    totals = dict(counts)
    for edit in edits:
        for item, sign in ((edit.before, -1), (edit.after, 1)):
            for name in _counted(item):
                totals[name] = totals.get(name, 0) + sign
    return totals


def _counted(item: Mapping[str, Any] | None) -> list[str]:
    if item is None:
        return []
    properties, shape = item["properties"], item["geometry"]
    place = (
        "areas"
        if properties.get("area")
        else "points"
        if shape and shape["type"] == "Point"
        else "shapes"
        if shape
        else ""
    )
    doubts = [flag for flag in properties.get("flags") or () if flag not in event_schema.NO_DOUBT]
    undated = properties.get("kind") == "event" and not properties.get("date_start")
    named = {"rows": True, place: bool(place), "flagged": bool(doubts), "undated": undated}
    return [name for name, holds in named.items() if holds]
