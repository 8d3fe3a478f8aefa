"""Rows of staged files in an order of their own, in bounded memory: dealt out to heaps, each put in order alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

T = TypeVar("T")
HEAP = 40_000
"""Rows that are put in order at a time."""
RANK = "rank"


def gathered(
    files: Sequence[Path], source: pa.Array, at: pa.Array, schema: pa.Schema, folder: Path
) -> Iterator[pa.Table]:
    """Yield rows in the order of `source` (which file, n) and `at` (which of its rows, n); lacking columns are null."""
    count = len(source)
    heaps = max(1, -(-count // HEAP))
    with ExitStack() as stack:
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        dealt = schema.append(pa.field(RANK, pa.int64()))
        paths = [folder / f"heap-{number}.arrow" for number in range(heaps)]
        writers = [stack.enter_context(pa.ipc.new_stream(str(path), dealt, options=options)) for path in paths]
        which, where = np.asarray(source), np.asarray(at)
        for number, path in enumerate(files):
            ranks = np.full(pq.read_metadata(path).num_rows, -1, dtype=np.int64)
            mine = np.flatnonzero(which == number)
            ranks[where[mine]] = mine
            _deal(path, ranks, dealt, writers)
    for path in paths:
        heap = pa.ipc.open_stream(path).read_all()
        path.unlink()
        order = np.argsort(heap.column(RANK).to_numpy())
        yield heap.select(schema.names).take(pa.array(order))


def _deal(path: Path, ranks: NDArray[np.int64], schema: pa.Schema, writers: Sequence[Any]) -> None:
    """Write the rows of a file that have a rank to the heap of each."""
    for rows in ahead(_ranked(path, ranks, schema)):
        mine = rows.column(RANK).to_numpy()
        ends = np.searchsorted(mine, np.arange(len(writers) + 1) * HEAP).tolist()
        for writer, start, end in zip(writers, ends[:-1], ends[1:], strict=True):
            if end > start:
                writer.write_table(rows.slice(start, end - start))


def _ranked(path: Path, ranks: NDArray[np.int64], schema: pa.Schema) -> Iterator[pa.Table]:
    """Yield the rows of a file that have a rank, some at a time, each time in the order of their ranks."""
    first = 0
    file = pq.ParquetFile(path)
    names = [name for name in schema.names if name in file.schema_arrow.names]
    # A row group at a time: read ahead, a dozen of them would be held.
    for group in range(file.num_row_groups):
        table = file.read_row_group(group, columns=names)
        mine = ranks[first : first + len(table)]
        first += len(table)
        order = np.argsort(mine, kind="stable")
        order = order[np.searchsorted(mine[order], 0) :]
        rows = table.combine_chunks().take(pa.array(order))
        held = {name: rows.column(name) for name in names} | {RANK: pa.array(mine[order])}
        columns = [held.get(field.name, pa.nulls(len(rows), field.type)) for field in schema]
        cast = [one.cast(field.type) for one, field in zip(columns, schema, strict=True)]
        yield pa.Table.from_arrays(cast, schema=schema).combine_chunks()


def ahead(items: Iterator[T]) -> Iterator[T]:
    """Yield items, the next of them made meanwhile."""
    nothing = object()
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        waiting = pool.submit(next, items, nothing)
        while (item := waiting.result()) is not nothing:
            waiting = pool.submit(next, items, nothing)
            yield item  # type: ignore[misc]
