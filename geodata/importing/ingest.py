"""Import a file as a layer of the workspace, or as a newer version of a layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from geodata.catalog import Catalog
from geodata.errors import BadData, BadValue, Refused
from geodata.formats import geojson
from geodata.formats.column_types import TEXT, ColumnType
from geodata.formats.dataset import types_of
from geodata.importing import attributes, dates, profiles, source_file
from geodata.importing.areas import Areas
from geodata.importing.import_report import Report, Types, Unplaced, described_columns, notices_of
from geodata.importing.inference import Inference
from geodata.importing.interpretation import Stated, interpreted
from geodata.importing.meaning import Meaning
from geodata.importing.merge import Merge, Tally
from geodata.importing.metadata import entry_of, source_of
from geodata.importing.normalize import Reader
from geodata.importing.options import ImportOptions
from geodata.importing.profiles import ACLED_DELETED
from geodata.importing.source_file import SourceFile
from geodata.importing.staging import HELD, PIECE, Staged, stage
from geodata.messages import Message
from geodata.model import Layer
from geodata.settings import LARGE
from geodata.store import event_schema, parquet_writer
from geodata.store.geojson_store import digest
from geodata.store.journal import Journal
from geodata.store.typed import with_texts, with_types
from geodata.store.workspace import Workspace

Progress = Callable[[str, int], None]
"""Called with the step (`read`, `sort`, `write`) and its rows so far, never after the last of them is written.

An exception that it raises aborts the import, and nothing is written.
"""


def load(
    path: Path,
    name: str,
    options: ImportOptions,
    workspace: Workspace,
    catalog: Catalog,
    progress: Progress = lambda *_: None,
) -> Report:
    """Import a file, completely or not at all.

    Raises BadValue, BadData and Refused as `source_file.opened` does, BadData where the file and Refused where the
    layer changed meanwhile, Unplaced where no row has a place, Unwritable.
    """
    state = _state(path)
    with workspace.staging() as folder, ThreadPoolExecutor(1, thread_name_prefix="digest") as pool:
        digested = pool.submit(digest, path)
        source, reader, before, new = _staged_new(path, name, options, catalog, folder, progress)
        rows, sha = len(new), digested.result()
        if _state(path) != state:
            # The rows and the digest may be of different bytes.
            raise BadData("", "kind", name=name, reason=Message("data.changed_while_read"))
        _check_placed(source, reader, options, rows, name)
        meaning = replace(reader.meaning, sources=(f"{reader.meaning.layer}-{sha[:8]}",))
        reader.meaning = meaning
        old, old_types = (None, {}) if before is None else _staged_old(before, folder / "old.parquet")
        new_types = {} if meaning.profile is ACLED_DELETED else reader.inference.types(meaning.header)
        types = _common(new_types, old_types)
        merge = Merge(folder, new, old, types, reader.finish)
        edited = {} if old is None else Journal(workspace.folder).edited(meaning.layer)
        if meaning.profile is ACLED_DELETED:
            there = [id_ for id_ in edited if edited[id_]]
            merge.delete(str(meaning.profile.newer), str(profiles.ACLED.newer), there)
        elif old is not None:
            merge.join(meaning.profile.newer, options.replace, edited, _notes(meaning, before))
        merge.mark()
        progress("sort", rows)
        counts = merge.counts()
        entry = entry_of(meaning, name, sha, options, before, reader.dimensions, counts, types, source)

        def credit() -> None:
            if meaning.sources[0] not in catalog.sources():
                workspace.put_records({"sources": source_of(meaning, name, sha)})

        tables = _with_progress((with_types(table, types) for table in merge.sorted()), progress, "write")
        written = _Written(workspace, folder, credit, _unchanged(workspace, before, catalog))
        version = written.layer(entry, tables, types, counts)
    return _report(source, reader, options, rows, (version, counts, merge.tally, types), before)


def _state(path: Path) -> tuple[int, ...] | None:
    """Return what tells a file from itself once it is written to or replaced; None where there is none."""
    try:
        now = path.stat()
    except OSError:
        return None
    return now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns


def _report(
    source: SourceFile,
    reader: Reader,
    options: ImportOptions,
    rows: int,
    stored: tuple[str, Mapping[str, int], Tally, Types],
    before: Layer | None,
) -> Report:
    """Return the report of a file that was read, and what was `stored` of it: version, counts, tally, types."""
    version, counts, tally, types = stored
    meaning = reader.meaning
    noted = [{"row": row, "flag": flag, "cell": None, "reason": dict(reader.labels[flag])} for row, flag in tally.noted]
    radius = options.radius if before is None or options.radius is not None else before.default_uncertainty
    return Report(
        meaning.layer,
        version,
        rows,
        counts,
        tally,
        described_columns(meaning, types),
        sorted([*reader.problems, *noted], key=lambda problem: int(problem["row"])),
        meaning.profile.name,
        dict(source.metadata),
        None if before is None else before.version,
        notices_of(reader, source),
        reader.open.questions(meaning, radius),
        reader.apart.rows,
    )


def _check_placed(source: SourceFile, reader: Reader, options: ImportOptions, rows: int, name: str) -> None:
    """Raise Unplaced where no row has a place and the user does not want a table without."""
    if reader.open.placed or options.unplaced or reader.meaning.profile is ACLED_DELETED:
        return
    counts = {"rows": 0, "points": 0, "areas": 0, "shapes": 0, "flagged": 0, "undated": 0}
    types = reader.inference.types(reader.meaning.header)
    report = _report(source, reader, options, rows, ("", counts, Tally(), types), None)
    raise Unplaced("nothing_placed", report=report, name=name, count=rows)


def _staged_new(
    path: Path, name: str, options: ImportOptions, catalog: Catalog, folder: Path, progress: Progress
) -> tuple[SourceFile, Reader, Layer | None, Staged]:
    """Read all rows of a file; from the start again where a later row decides how dates are written."""
    orders = dates.Orders()
    while True:
        try:
            with begun(path, name, options, catalog, orders) as (source, reader, batches):
                before = _before(reader.meaning.layer, catalog, reader)
                most, tables = HELD if before is None else PIECE, map(reader.read, batches)
                path_ = folder / "new.parquet"
                staged = stage(_with_progress(tables, progress), path_, most, compared=before is not None)
            return source, reader, before, staged
        except dates.OrdersFound as decided:
            orders = decided.orders


@contextmanager
def begun(
    path: Path, name: str, options: ImportOptions, catalog: Catalog, orders: dates.Orders
) -> Iterator[tuple[SourceFile, Reader, Iterator[pa.RecordBatch]]]:
    """Open a file, and detect what its columns mean by its header and its first rows."""
    with ThreadPoolExecutor(1, thread_name_prefix="areas") as pool:
        # The areas of the countries are loaded while the sandboxed process starts.
        areas = pool.submit(Areas, catalog)
        with source_file.opened(path, name, options.read_options) as source:
            first = next(source.batches, None)
            if first is None:
                raise BadData("", "file_without_rows", name=name)
            profile = profiles.PROFILES[options.profile] if options.profile else profiles.recognised(source.header)
            meaning = Meaning(options.layer or attributes.layer_id(name), profile, {}, tuple(source.header))
            orders = frozenset({options.dates}) if options.dates else orders
            separators = profile.separators if options.separators is None else options.separators
            meaning = replace(meaning, date_orders=orders, order_stated=bool(options.dates), separators=separators)
            meaning = replace(meaning, time_zone=options.time_zone or _time_zone(meaning.layer, catalog))
            stated = Stated(options.roles, options.order, options.crs)
            meaning = interpreted(meaning, source, first, stated, areas.result())
            flags = catalog.vocabulary()["flag"]
            reader = Reader(meaning, areas.result(), flags, inference=Inference(source.types))
            yield source, reader, chain([first], source.batches)


def _time_zone(id_: str, catalog: Catalog) -> str:
    """Return the time zone that a layer of the workspace has; "" where there is none."""
    return str(catalog.layer(id_).entry.get("time_zone") or "") if id_ in catalog.ids() else ""


def _with_progress(tables: Iterable[pa.Table], progress: Progress, step: str = "read") -> Iterator[pa.Table]:
    rows = 0
    for table in tables:
        rows += len(table)
        progress(step, rows)
        yield table


def _before(id_: str, catalog: Catalog, reader: Reader) -> Layer | None:
    """Return the layer that the file is a newer version of; raises BadValue where that layer was not imported."""
    if id_ not in catalog.ids():
        if reader.meaning.profile is ACLED_DELETED:
            raise BadValue("layer", id_, "layer_with_deleted")
        return None
    layer = catalog.layer(id_)
    if "imported" not in layer.entry:
        raise BadValue("layer", id_, "imported_id")
    return layer


def _notes(meaning: Meaning, before: Layer | None) -> list[str] | None:
    """Return the columns that hold notes; None where every release of the layer has the same ones."""
    columns = list(meaning.roles.get("notes", ()))
    releases = before.entry["imported"]["releases"] if before else ()
    return None if all(release.get("roles", {}).get("notes", []) == columns for release in releases) else columns


def _original(layer: Layer) -> dict[str, ColumnType]:
    if layer.stored is not None:
        return dict(layer.stored.columns)
    types = types_of(layer.entry)
    return {name: types.get(name, TEXT) for name in layer.entry["imported"]["columns"]}


def _common(new: Types, old: Types) -> dict[str, ColumnType]:
    """Return the types that hold the cells of a file and of the layer it is a newer version of, the file's first."""
    both = {name: kind.with_other(old[name]) if name in old else kind for name, kind in new.items()}
    return {**both, **{name: kind for name, kind in old.items() if name not in new}}


def _staged_old(layer: Layer, path: Path) -> tuple[Staged, dict[str, ColumnType]]:
    """Stage the rows of a layer as texts, and return the types of its columns; older imports stored none."""
    types = _original(layer)
    inference = Inference(types if "types" in layer.entry["imported"] else {})
    if layer.stored is not None:
        # At least one table, where the layer has no rows.
        none = event_schema.schema(types).empty_table()
        tables: Iterator[pa.Table] = chain([none], (pa.Table.from_batches([batch]) for batch in layer.stored.batches()))
    else:
        tables = iter([attributes.searchable(event_schema.table(layer.features, types))])
    # Merged as texts: what is of one type here may be of another in the file.
    texts = (_looked(with_texts(table, types), list(types), inference) for table in tables)
    return stage(texts, path, PIECE), inference.types(types)


def _looked(table: pa.Table, names: Iterable[str], inference: Inference) -> pa.Table:
    inference.take((name, table.column(f"{event_schema.ORIGINAL}{name}").combine_chunks()) for name in names)
    return table


def _unchanged(workspace: Workspace, before: Layer | None, catalog: Catalog) -> Callable[[], None]:
    """Return a check that refuses to overwrite a layer changed since it was read, and stores its present version."""

    def check() -> None:
        if before is None:
            return
        store = workspace.store()
        now = store.layer(before.id).version if store and before.id in store.entries else None
        if now != before.version:
            raise Refused("layer_changed", layer=before.id)
        workspace.keep(*catalog.part(before.id))

    return check


@dataclass(frozen=True)
class _Written:
    """Writes a layer: where, the credit to record once its rows are ready, and the check that may refuse it."""

    workspace: Workspace
    folder: Path
    credit: Callable[[], None]
    check: Callable[[], None]

    def layer(self, entry: Mapping[str, Any], rows: Iterable[pa.Table], types: Types, counts: Mapping[str, int]) -> str:
        """Write the rows as one GeoJSON file or, past LARGE of them, as sorted Parquet; return the version."""
        id_ = str(entry["id"])
        # What is assumed changes answers: it is part of the content, and so of the version.
        stated = {name: entry["assumed"][name] for name in ("radius_m", "why")} if "assumed" in entry else None
        assumed = {} if stated is None else {"assumed": stated}
        if counts["rows"] <= LARGE:
            features = [feature for table in rows for feature in event_schema.features(table, id_)]
            features.sort(key=lambda feature: feature.properties["row"] or 0)
            items = [
                geojson.feature(feature.id, feature.geometry, feature.properties, exact=True) for feature in features
            ]
            data = geojson.write(items, assumed)
            self.credit()
            return self.workspace.put_layer(entry, data, self.check)
        parts = parquet_writer.write(rows, types, self.folder)
        manifest = parquet_writer.manifest_of(id_, types, parts, counts=dict(counts), **assumed)
        self.credit()
        return self.workspace.put_large(entry, manifest, {part.sha256: part.path for part in parts}, self.check)
