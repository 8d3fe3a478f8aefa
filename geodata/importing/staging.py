"""Rows set down until they are put in order: in memory while they are few, else in a file, in runs along the curve."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from geodata.store import flat, hilbert

T = TypeVar("T")
Finish = Callable[[pa.Table], pa.Table]
Rows = NDArray[np.int64]
HELD = 420 * 1024**2
"""Bytes of rows that are held in memory; of more, as much becomes a run in the file at a time."""
RUN = 120 * 1024**2
"""Bytes of a run where another source lies in memory, or lay there before."""
GROUP = 4_096
"""Rows that are read from a file at a time: some of every run are held."""
CHUNK = 20_000
"""Rows that are put in order at a time."""
CURVE = "curve"
"""The column that says where along the curve a row lies."""
PLACE = "place"
"""The column that says which of the staged rows a row is."""


class Staged(Protocol):
    """The rows of one source."""

    names: Sequence[str]

    def __len__(self) -> int: ...

    def view(self, db: Any, name: str) -> None:
        """Let a database see the rows under a name, each with its PLACE and its CURVE."""

    def rows(self, places: Rows) -> pa.Table:
        """Return the rows at these places, in this order."""


class InMemory:
    """Rows held in memory."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table.append_column(PLACE, pa.array(np.arange(len(table))))
        self.names = table.schema.names

    def __len__(self) -> int:
        return len(self.table)

    def view(self, db: Any, name: str) -> None:
        """Let a database see the rows under a name, each with its PLACE and its CURVE."""
        db.register(name, self.table)

    def rows(self, places: Rows) -> pa.Table:
        """Return the rows at these places, in this order."""
        return self.table.drop_columns([PLACE, CURVE]).take(pa.array(places))


class InFile:
    """Rows in a file, in runs along the curve: rows that follow each other in the end are near each other in each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = pq.ParquetFile(path)
        told = self._file.metadata
        self._starts = np.cumsum([0, *(told.row_group(at).num_rows for at in range(told.num_row_groups))])
        self._held: dict[int, pa.Table] = {}
        self.names = self._file.schema_arrow.names

    def __len__(self) -> int:
        return int(self._starts[-1])

    def view(self, db: Any, name: str) -> None:
        """Let a database see the rows under a name, each with its PLACE and its CURVE."""
        db.read_parquet(str(self.path), file_row_number=True).create_view(f"{name}_file")
        db.execute(f"CREATE VIEW {name} AS SELECT * RENAME (file_row_number AS {PLACE}) FROM {name}_file")  # nosec B608

    def rows(self, places: Rows) -> pa.Table:
        """Return the rows at these places, in this order."""
        wanted = [name for name in self.names if name != CURVE]
        group = np.searchsorted(self._starts, places, side="right") - 1
        groups = np.unique(group)
        # What was read for the rows before is at hand; what no row is wanted of any more is let go.
        self._held = {
            at: self._held[at] if at in self._held else self._file.read_row_group(at, columns=wanted)
            for at in groups.tolist()
        }
        before = np.cumsum([0, *(len(self._held[at]) for at in groups.tolist())])
        place = places - self._starts[group] + before[np.searchsorted(groups, group)]
        return whole(pa.concat_tables(self._held.values())).take(pa.array(place))


def stage(tables: Iterable[pa.Table], path: Path, most: int) -> Staged:
    """Set rows down, each with its place along the curve: those of `most` bytes in memory, of more in a file."""
    parts: list[pa.Table] = []
    size = 0
    writer: pq.ParquetWriter | None = None
    try:
        for table in ahead(iter(tables)):
            lon, lat = (table.column(name).to_numpy().astype(float) for name in ("lon", "lat"))
            parts.append(table.append_column(CURVE, pa.array(hilbert.keys(lon, lat))))
            size += table.nbytes
            if size > (most if writer is None else min(most, RUN)):
                writer = writer or _writer(path, parts[0].schema)
                _run(parts, writer)
                size = 0
        if writer is None:
            return InMemory(whole(pa.concat_tables(parts)))
        if parts:
            _run(parts, writer)
    finally:
        if writer is not None:
            writer.close()
    return InFile(path)


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    coded = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    return pq.ParquetWriter(path, schema, compression="lz4", use_dictionary=coded, write_statistics=False)


def _run(parts: list[pa.Table], writer: pq.ParquetWriter) -> None:
    """Write rows in their order along the curve; the parts are gone then."""
    table = pa.concat_tables(parts)
    parts.clear()
    order = pa.array(np.argsort(table.column(CURVE).to_numpy(), kind="stable"))
    writer.write_table(whole(table, lambda column: column.take(order)), row_group_size=GROUP)


def whole(table: pa.Table, change: Callable[[pa.Array], pa.Array] = lambda column: column) -> pa.Table:
    """Return a table in one piece: taking rows from many pieces is slow. It is made a column at a time."""
    schema = table.schema
    columns = table.unify_dictionaries().columns
    del table
    for at in range(len(columns)):
        columns[at] = change(columns[at].combine_chunks())
    return pa.Table.from_arrays(columns, schema=schema)


def gathered(
    sources: Sequence[Staged], finish: Sequence[Finish], source: pa.Array, places: pa.Array, schema: pa.Schema
) -> Iterator[pa.Table]:
    """Yield rows in the order of `source` (which one, n) and `places` (which of its rows, n), some at a time.

    `finish` gives the rows of each source what they are still without; columns that they lack then are null. Of a
    single source texts stay coded.
    """
    which, place = np.asarray(source), np.asarray(places)
    for start in range(0, len(place), CHUNK):
        mine, here = which[start : start + CHUNK], place[start : start + CHUNK]
        if len(sources) == 1:
            yield completed(finish[0](sources[0].rows(here)), schema, plainly=False)
            continue
        ranks = [np.flatnonzero(mine == number) for number in range(len(sources))]
        held = zip(sources, finish, ranks, strict=True)
        parts = [completed(done(one.rows(here[at])), schema) for one, done, at in held if len(at)]
        yield whole(pa.concat_tables(parts)).take(pa.array(np.argsort(np.concatenate(ranks), kind="stable")))


def completed(table: pa.Table, schema: pa.Schema, plainly: bool = True) -> pa.Table:
    """Return rows with the columns of a schema, null where they had none; coded texts become plain where asked."""
    held = {name: table.column(name) for name in table.schema.names}
    lacking = {field.name: pa.nulls(len(table), field.type) for field in schema if field.name not in held}
    made = flat.coded({**held, **lacking}, schema)
    return made.cast(schema) if plainly else made


def ahead(items: Iterator[T]) -> Iterator[T]:
    """Yield items, the next of them made meanwhile."""
    nothing = object()
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        waiting = pool.submit(next, items, nothing)
        while (item := waiting.result()) is not nothing:
            waiting = pool.submit(next, items, nothing)
            yield item  # type: ignore[misc]
