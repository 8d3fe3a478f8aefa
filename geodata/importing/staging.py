"""Rows staged until they are sorted: in memory while they are few, else in files, in runs along the curve."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from geodata.store import event_schema, hilbert
from geodata.store.prefetch import ahead

Finish = Callable[[pa.Table], pa.Table]
Rows = NDArray[np.int64]
PIECE = 40 * 1024**2
"""Bytes of rows in one piece."""
HELD = 2 * PIECE
"""Bytes of rows that are staged in memory; more are staged in files."""
GROUP = 4_096
"""Rows that are read from a file at a time: some of every run are in memory."""
OPEN = 64
"""Files that are open at a time."""
CHUNK = 40_000
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
    """Rows in memory, in several pieces."""

    def __init__(self, pieces: list[pa.Table]) -> None:
        self._pieces = pieces
        self._starts = np.cumsum([0, *map(len, pieces)])
        self.names = pieces[0].schema.names

    def __len__(self) -> int:
        return int(self._starts[-1])

    def view(self, db: Any, name: str) -> None:
        """Let a database see the rows under a name, each with its PLACE and its CURVE."""
        table = pa.concat_tables(self._pieces)
        db.register(name, table.append_column(PLACE, pa.array(np.arange(len(table)))))

    def rows(self, places: Rows) -> pa.Table:
        """Return the rows at these places, in this order."""
        piece = np.searchsorted(self._starts, places, side="right") - 1
        ranks = [np.flatnonzero(piece == number) for number in range(len(self._pieces))]
        runs = zip(self._pieces, self._starts, ranks, strict=False)
        parts = [table.take(pa.array(places[at] - start)).drop_columns([CURVE]) for table, start, at in runs if len(at)]
        return concatenated(parts).take(pa.array(np.argsort(np.concatenate(ranks), kind="stable")))


class InFiles:
    """Rows in files of a run each, along the curve: rows that follow each other in the end are near in each.

    The columns that queries look at are in one more file, of Parquet.
    """

    def __init__(self, looked_at: Path, runs: Sequence[tuple[Path, int]]) -> None:
        """`runs` are the files and how many rows each has."""
        self._looked_at, self._paths = looked_at, [path for path, _ in runs]
        self.names = pq.read_schema(looked_at).names
        groups = [
            (run, at, min(GROUP, count - at)) for run, (_, count) in enumerate(runs) for at in range(0, count, GROUP)
        ]
        self._places = [(run, at // GROUP) for run, at, _ in groups]
        self._starts = np.cumsum([0, *(rows for *_, rows in groups)])
        self._groups: dict[int, pa.Table] = {}
        self._opened = lru_cache(maxsize=OPEN)(lambda run: pa.ipc.open_file(pa.OSFile(str(self._paths[run]))))

    def __len__(self) -> int:
        return int(self._starts[-1])

    def view(self, db: Any, name: str) -> None:
        """Let a database see the rows under a name, each with its PLACE and its CURVE."""
        db.read_parquet(str(self._looked_at), file_row_number=True).create_view(f"{name}_file")
        db.execute(f"CREATE VIEW {name} AS SELECT * RENAME (file_row_number AS {PLACE}) FROM {name}_file")  # nosec B608

    def rows(self, places: Rows) -> pa.Table:
        """Return the rows at these places, in this order."""
        group = np.searchsorted(self._starts, places, side="right") - 1
        groups = np.unique(group)
        # Groups read before are reused; those without a wanted row are released.
        self._groups = {at: self._groups[at] if at in self._groups else self._group(at) for at in groups.tolist()}
        ranks = [np.flatnonzero(group == at) for at in self._groups]
        parts = [
            rows.take(pa.array(places[at] - self._starts[number]))
            for (number, rows), at in zip(self._groups.items(), ranks, strict=True)
        ]
        return concatenated(parts).take(pa.array(np.argsort(np.concatenate(ranks), kind="stable")))

    def _group(self, at: int) -> pa.Table:
        run, number = self._places[at]
        return pa.Table.from_batches([self._opened(run).get_batch(number)])


def stage(tables: Iterable[pa.Table], path: Path, most: int, compared: bool = True) -> Staged:
    """Stage rows, each with its place along the curve: up to `most` bytes in memory, more in files beside `path`.

    Unless they are `compared` with those of another source, no query looks at the original columns of rows in files.
    """
    parts: list[pa.Table] = []
    pieces: list[pa.Table] = []
    small = pending = 0
    with ExitStack() as stack:
        runs: _Runs | None = None
        for table in ahead(iter(tables)):
            lon, lat = (table.column(name).to_numpy().astype(float) for name in ("lon", "lat"))
            parts.append(table.append_column(CURVE, pa.array(hilbert.keys(lon, lat))))
            small += table.nbytes
            if small > min(PIECE, most):
                # Concatenated, the buffers of many tables are released.
                pieces.append(concatenated(parts))
                pending, small = pending + small, 0
            if pending > most:
                runs = runs or stack.enter_context(_Runs(path, pieces[0].schema, compared))
                runs.write(pieces)
                pending = 0
        pieces += [concatenated(parts)] if parts else []
        if runs is None:
            return InMemory(pieces)
        runs.write(pieces)
    return InFiles(path, runs.files)


class _Runs:
    """Writes the files of `InFiles`."""

    def __init__(self, path: Path, schema: pa.Schema, compared: bool) -> None:
        self.files: list[tuple[Path, int]] = []
        self._path = path
        looked_at = [field for field in schema if compared or not field.name.startswith(event_schema.ORIGINAL)]
        self._names = [field.name for field in looked_at]
        coded = [field.name for field in looked_at if pa.types.is_dictionary(field.type)]
        self._writer = pq.ParquetWriter(
            path, pa.schema(looked_at), compression="lz4", use_dictionary=coded, write_statistics=False
        )

    def __enter__(self) -> _Runs:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    def write(self, pieces: list[pa.Table]) -> None:
        """Write pieces, the rows of each in their order along the curve, and empty the list."""
        while pieces:
            piece = pieces.pop(0)
            order = np.argsort(piece.column(CURVE).to_numpy(), kind="stable")
            piece = piece.take(pa.array(order))
            self._writer.write_table(piece.select(self._names))
            path = self._path.with_suffix(f".{len(self.files)}.arrow")
            rows = piece.drop_columns([CURVE])
            with pa.ipc.new_file(str(path), rows.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as file:
                file.write_table(rows, max_chunksize=GROUP)
            self.files.append((path, len(rows)))


def concatenated(parts: list[pa.Table]) -> pa.Table:
    """Return tables as one contiguous table, and empty the list: taking rows from many pieces is slow."""
    table = pa.concat_tables(parts)
    parts.clear()
    return table.unify_dictionaries().combine_chunks()


def gathered(
    sources: Sequence[Staged], finish: Sequence[Finish], source: pa.Array, places: pa.Array, schema: pa.Schema
) -> Iterator[pa.Table]:
    """Yield rows in the order of `source` (which one, n) and `places` (which of its rows, n), some at a time.

    `finish` adds the columns that the rows of each source still lack; columns missing after that are null. Of a
    single source texts stay coded.
    """
    which, place = np.asarray(source), np.asarray(places)
    for start in range(0, len(place), CHUNK):
        mine, here = which[start : start + CHUNK], place[start : start + CHUNK]
        if len(sources) == 1:
            yield completed(finish[0](sources[0].rows(here)), schema, plainly=False)
            continue
        ranks = [np.flatnonzero(mine == number) for number in range(len(sources))]
        runs = zip(sources, finish, ranks, strict=True)
        parts = [completed(done(staged.rows(here[at])), schema) for staged, done, at in runs if len(at)]
        yield concatenated(parts).take(pa.array(np.argsort(np.concatenate(ranks), kind="stable")))


def completed(table: pa.Table, schema: pa.Schema, plainly: bool = True) -> pa.Table:
    """Return rows with the columns of a schema, null where missing; `plainly` decodes dictionary columns."""
    columns = {name: table.column(name) for name in table.schema.names}
    lacking = {field.name: pa.nulls(len(table), field.type) for field in schema if field.name not in columns}
    result = event_schema.coded({**columns, **lacking}, schema)
    return result.cast(schema) if plainly else result
