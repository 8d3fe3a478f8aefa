"""Large layers: immutable GeoParquet files, named by their content, and a manifest whose sha256 is the version.

tables/<sha256>.parquet   rows of `flat.FIELDS` and the original columns, along a Hilbert curve, a bounding box a row
tables/<sha256>.json      the manifest of a version: its files with their rows, boxes and days, and what was counted
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, overload

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geodata.errors import BadData, NotFound
from geodata.formats import strict_json
from geodata.formats.column_types import ColumnType
from geodata.model import Feature, Layer
from geodata.store import event_schema

BATCH = 5_000


class Stored:
    """The files of one version of a large layer."""

    def __init__(self, folder: Path, layer: str, version: str) -> None:
        """Raise NotFound where there is no such version, BadData where its manifest is damaged or a file is gone."""
        self.folder, self.layer, self.version = folder, layer, version
        try:
            self.content = (folder / f"{version}.json").read_bytes()
        except OSError:
            raise NotFound("version_of_layer", layer, version=version[:16]) from None
        if hashlib.sha256(self.content).hexdigest() != version:
            raise BadData("", "manifest_damaged", version=version[:16], layer=layer)
        self.manifest: Mapping[str, Any] = strict_json.parse(self.content)
        for path in self.paths:
            if not path.is_file():
                raise BadData("", "layer_file_gone", layer=layer, name=path.name)

    @property
    def paths(self) -> list[Path]:
        """The Parquet files, in order."""
        return [self.folder / f"{part['sha256']}.parquet" for part in self.manifest["parts"]]

    @property
    def rows(self) -> int:
        """How many events there are."""
        return int(self.manifest["rows"])

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east and north of all geometries; None where there is none."""
        box = self.manifest["bbox"]
        return None if box is None else (box[0], box[1], box[2], box[3])

    @property
    def original(self) -> tuple[str, ...]:
        """The names of the columns that the file had, in its order."""
        return tuple(self.manifest["original"])

    @cached_property
    def columns(self) -> Mapping[str, ColumnType]:
        """The columns that the file had, in its order, with their types: all texts in what older code has written."""
        types = self.manifest.get("types", {})
        return {name: ColumnType.from_dict(types.get(name)) for name in self.original}

    @cached_property
    def _groups(self) -> list[tuple[Path, int, int]]:
        """File, number and rows of every row group."""
        groups = []
        for path in self.paths:
            metadata = pq.read_metadata(path)
            groups += [(path, at, metadata.row_group(at).num_rows) for at in range(metadata.num_row_groups)]
        return groups

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(rows for _, _, rows in self._groups))

    def row_of(self, id_: str) -> int | None:
        """Return the number of an event's row; None where there is none of that id."""
        before = 0
        for path in self.paths:
            ids = _ids(path)
            at = pc.index(ids, id_).as_py()
            if at >= 0:
                return int(before + at)
            before += len(ids)
        return None

    def holding(self, ids: Sequence[str]) -> list[list[str]]:
        """Return which of these ids each file contains."""
        wanted = pa.array(list(ids), pa.string())
        return [(present := _ids(path)).filter(pc.is_in(present, value_set=wanted)).to_pylist() for path in self.paths]

    def batches(
        self, columns: Sequence[str] | None = None, paths: Sequence[Path] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Yield all rows in order, some thousand at a time; those of some files where they are named."""
        for path in self.paths if paths is None else paths:
            with pq.ParquetFile(path) as file:
                yield from file.iter_batches(BATCH, columns=None if columns is None else list(columns))

    def scan(self, start: int, stop: int, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield the rows from `start` until `stop` with these columns, some thousand at a time, one batch at least."""
        empty = True
        for at, (path, group, rows) in enumerate(self._groups):
            first = self._ends[at] - rows
            if first >= stop or start >= self._ends[at]:
                continue
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(BATCH, row_groups=[group], columns=list(columns)):
                    low, high = max(start - first, 0), min(stop - first, batch.num_rows)
                    if low < high:
                        empty = False
                        yield batch.slice(low, high - low)
                    first += batch.num_rows
        if empty:
            schema = event_schema.schema(self.columns)
            yield pa.RecordBatch.from_pylist([], pa.schema([schema.field(name) for name in columns]))

    def slice(self, start: int, stop: int) -> pa.Table:
        """Return the rows from `start` until `stop`, whole."""
        tables = []
        for at, (path, group, rows) in enumerate(self._groups):
            first = self._ends[at] - rows
            if first < stop and start < self._ends[at]:
                low, high = max(start - first, 0), min(stop - first, rows)
                tables.append(pq.ParquetFile(path).read_row_group(group).slice(low, high - low))
        return pa.concat_tables(tables) if tables else event_schema.schema(self.columns).empty_table()

    def take(self, rows: Sequence[int]) -> pa.Table:
        """Return these rows with all columns, in this order."""
        wanted = sorted(set(rows))
        tables, at = [], 0
        while at < len(wanted):
            group = bisect_right(self._ends, wanted[at])
            first = self._ends[group] - self._groups[group][2]
            group_rows = [row for row in wanted[at:] if row < self._ends[group]]
            tables.append(self.slice(first, self._ends[group]).take([row - first for row in group_rows]))
            at += len(group_rows)
        place = {row: number for number, row in enumerate(wanted)}
        table = pa.concat_tables(tables) if tables else event_schema.schema(self.columns).empty_table()
        return table.take(pa.array([place[row] for row in rows], pa.int64()))


def _ids(path: Path) -> pa.ChunkedArray:
    return pq.read_table(path, columns=["id"]).column("id")


class Features(Sequence[Feature]):
    """The features of a large layer, read on access."""

    def __init__(self, stored: Stored) -> None:
        self.stored = stored

    def __len__(self) -> int:
        return self.stored.rows

    def __iter__(self) -> Iterator[Feature]:
        for batch in self.stored.batches():
            yield from event_schema.features(batch, self.stored.layer)

    @overload
    def __getitem__(self, at: int) -> Feature: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Feature]: ...
    def __getitem__(self, at: int | slice) -> Feature | Sequence[Feature]:
        if isinstance(at, slice):
            return event_schema.features(self.stored.take(range(*at.indices(len(self)))), self.stored.layer)
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        return event_schema.features(self.stored.take([at % len(self)]), self.stored.layer)[0]


def layer_of(folder: Path, id_: str, version: str, entry: Mapping[str, Any]) -> Layer:
    """Return a large layer; raises NotFound and BadData as Stored does."""
    stored = Stored(folder, id_, version)
    return Layer(id=id_, version=version, entry=entry, features=Features(stored), stored=stored)
