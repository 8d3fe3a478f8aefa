"""Links proposed between two layers of 10⁴ and 10⁵ synthetic events: few places many times, some known to a month."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from geodata.catalog import workspace
from geodata.events import event_links
from geodata.messages import texts
from geodata.model import Layer
from geodata.store import event_schema, parquet_writer
from scripts.bench.data import SEED
from scripts.bench.report import Report
from scripts.bench.workspaces import temporary_workspace

LINK_S = 60
PLACES, DAYS, TO_A_MONTH = 2_000, 2_922, 0.05
FIRST = 17_532


def run(report: Report) -> None:
    """Print how long linking takes."""
    for count in (10_000,) if report.quick else (10_000, 100_000):
        report.title(f"Links between {count:,} and {count:,} events")
        with temporary_workspace():
            layers = [_layer(name, count, seed) for seed, name in enumerate(("one", "other"), SEED)]
            start = time.perf_counter()
            answer = event_links.links(layers, 0, 0, 100)
            report.target("proposed and counted", time.perf_counter() - start, LINK_S, "s")
            report.say("links", f"{answer['total']:,}, {answer['events'][0]:,} to {answer['events'][1]:,} events")


def _layer(name: str, count: int, seed: int) -> Layer:
    places = np.random.default_rng(SEED).uniform((38, 30), (48, 37), (PLACES, 2))
    rng = np.random.default_rng(seed)
    # Few places have most of the events.
    lon, lat = places[np.minimum(rng.zipf(1.3, count) - 1, PLACES - 1)].T
    first = FIRST + rng.integers(0, DAYS, count)
    last = np.where(rng.random(count) < TO_A_MONTH, first + 30, first)
    columns: dict[str, pa.Array] = {
        "id": pa.array([f"{name}-{number}" for number in range(count)]),
        "lon": pa.array(lon),
        "lat": pa.array(lat),
        "geometry": pa.array(shapely.to_wkb(shapely.points(lon, lat)), pa.binary()),
        "coordinateUncertaintyInMeters": pa.array(rng.choice([500.0, 2_000.0, 10_000.0], count)),
        "date_start": pa.array(first.astype("datetime64[D]")),
        "date_end": pa.array(last.astype("datetime64[D]")),
        "killed.best": pa.array(rng.integers(0, 9, count)),
        "actors": pa.array([[f"Actor {number}"] for number in rng.integers(0, 60, count)]),
    }
    schema = event_schema.schema(())
    arrays = [columns.get(field.name, pa.nulls(count, field.type)) for field in schema]
    entry = {
        "id": name,
        "kind": "event",
        "edges": "lonlat",
        "licence": "CC0-1.0",
        "default_uncertainty_m": None,
        **dict.fromkeys(("title", "description", "attribution"), texts("claims_layer.title")),
    }
    with workspace().staging() as folder:
        parts = parquet_writer.write([pa.table(arrays, schema=schema)], (), Path(folder))
        manifest = parquet_writer.manifest_of(name, (), parts)
        version = workspace().put_large(entry, manifest, {part.sha256: part.path for part in parts})
    return workspace().version(name, version)
