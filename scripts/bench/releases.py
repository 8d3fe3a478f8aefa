"""Two releases of a layer of 10⁵ and 10⁶ synthetic events compared: few rows changed, and every row changed."""

from __future__ import annotations

import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.catalog import workspace
from geodata.events.release_diff import ReleaseDiff
from geodata.messages import texts
from geodata.model import Layer
from geodata.store import event_schema, parquet_writer
from scripts.bench.data import SEED
from scripts.bench.report import Report
from scripts.bench.workspaces import temporary_workspace

DIFF_S = 10
CELLS = ("event_type", "fatalities", "notes")
"""The columns of the file."""
ENTRY = {
    "id": "released",
    **dict.fromkeys(("title", "description", "attribution"), texts("claims_layer.title")),
    "kind": "event",
    "edges": "lonlat",
    "licence": "CC0-1.0",
    "default_uncertainty_m": 1_000.0,
}


def run(report: Report) -> None:
    """Print how long a comparison takes."""
    for count in (100_000,) if report.quick else (100_000, 1_000_000):
        report.title(f"Two releases of {count:,} events compared")
        with temporary_workspace():
            _compared(count, report)


def _compared(count: int, report: Report) -> None:
    first = _rows(count)
    releases = {"1 row in 50 changed": _changed(first, 50), "every row changed": _changed(first, 1)}
    old = _layer(first)
    for name, table in releases.items():
        new = _layer(table)
        start = time.perf_counter()
        diff = ReleaseDiff(old, new)
        page = diff.items("moved", 0, 100)
        report.target(f"{name}, with the first 100 rows", time.perf_counter() - start, DIFF_S, "s")
        if len(page) != 100 or diff.totals["moved"] < count // 50 - 1:
            raise RuntimeError(f"{name}: {diff.totals}")


def _rows(count: int) -> pa.Table:
    rng = np.random.default_rng(SEED)
    lon, lat = rng.uniform(38, 48, count), rng.uniform(30, 37, count)
    days = pa.array(rng.integers(17_500, 20_000, count).astype("datetime64[D]"))
    deaths = pa.array(rng.integers(0, 30, count))
    ids = pa.array(np.char.add("released-", np.arange(count).astype(str)))
    notes = pa.array(
        [f"Shelling near place {number % 977}; {number % 31} killed, one outlet says" for number in range(count)]
    )
    columns: dict[str, pa.Array] = {
        "id": ids,
        "lon": pa.array(lon),
        "lat": pa.array(lat),
        "date_start": days,
        "date_end": days,
        "killed.best": deaths,
        "notes": notes,
        "original.notes": notes,
        "original.fatalities": deaths.cast(pa.string()),
    }
    schema = event_schema.schema(CELLS)
    return pa.table(
        [columns.get(name, pa.nulls(count, schema.field(name).type)) for name in schema.names], schema=schema
    )


def _changed(table: pa.Table, every: int) -> pa.Table:
    """Return the rows with one in so many moved, re-dated and recounted."""
    chosen = pa.array(np.arange(len(table)) % every == 0)
    for name, value in (("lat", 0.01), ("killed.best", 1)):
        column = table.column(name)
        table = table.set_column(
            table.schema.get_field_index(name),
            table.schema.field(name),
            pc.if_else(chosen, pc.add(column, value), column),
        )
    return table


def _layer(table: pa.Table) -> Layer:
    with workspace().staging() as folder:
        parts = parquet_writer.write([table], CELLS, folder)
        manifest = parquet_writer.manifest_of("released", CELLS, parts)
        version = workspace().put_large(ENTRY, manifest, {part.sha256: part.path for part in parts})
    return workspace().version("released", version)
