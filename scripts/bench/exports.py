"""A million features as GeoJSON, beside orjson alone on the same rows: the speed, and the memory it grows by."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess  # nosec B404: this module in this interpreter
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import shapely

from geodata.formats.dataset import Dataset, Metadata, Options, Row
from geodata.formats.registry import FORMATS
from scripts.bench import data
from scripts.bench.report import Report

CHUNK = 20_000
SHARE = 0.25
GROWTH_MB = 200


def run(report: Report) -> None:
    """Print speed and memory of both ways of GeoJSON, each from a process of its own."""
    count = 100_000 if report.quick else 1_000_000
    report.title(f"Export of {count:,} features, 16 properties each")
    for name in ("geojson", "geojsonseq"):
        asked = [sys.executable, "-m", "scripts.bench.exports", name, str(count)]
        completed = json.loads(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)  # nosec B603
        report.say(f"{name}: features a second", f"{count / completed['seconds']:,.0f}")
        report.at_least(
            f"{name}: share of the speed of orjson.dumps", completed["orjson"] / completed["seconds"], SHARE
        )
        report.target(f"{name}: growth of memory", completed["growth_mb"], GROWTH_MB, " MB")


def rows(count: int) -> Iterator[Row]:
    """Yield rows as a large layer of events has them, one batch of geometries at a time."""
    lon, lat = data.sensors(CHUNK)
    points = shapely.points(lon.round(5), lat.round(5))
    for number in range(count):
        yield Row(f"event-{number}", points[number % CHUNK], _properties(number))


def _properties(number: int) -> dict[str, Any]:
    return {
        "name_en": f"Reported event {number}",
        "name_ar": f"حدث مبلَّغ عنه {number}",
        "kind": "event",
        "coordinateUncertaintyInMeters": 5000 if number % 3 else None,
        "precision": "vicinity",
        "sources": ["source-a", "source-b"],
        "placeholder": number % 7 == 0,
        "area": None,
        "event_type": "attack",
        "date_start": f"20{number % 24:02}-0{number % 9 + 1}-15",
        "date_end": f"20{number % 24:02}-0{number % 9 + 1}-15",
        "date_precision": "day",
        "actors": ["actor-a", "actor-b"],
        "killed": {"best": number % 5, "low": 0, "high": number % 5 + 2},
        "note": {"en": "As reported, not verified.", "ar": "كما ورد في التقارير، بلا تحقق."},
        "as_of": None,
    }


def measured(name: str, count: int) -> dict[str, float]:
    """Return CPU seconds of the export and of orjson alone, and the megabytes that the export grew by."""
    spent = 0.0

    def counted() -> Iterator[Row]:
        # Making the rows is no part of writing them.
        nonlocal spent
        source = rows(count)
        while True:
            start = time.process_time()
            batch = [row for _, row in zip(range(CHUNK), source, strict=False)]
            spent += time.process_time() - start
            if not batch:
                return
            yield from batch

    save: Callable[..., Any] = FORMATS[name].module.save
    before = _peak()
    with Path(os.devnull).open("wb") as stream:
        start = time.process_time()
        save([Dataset(Metadata("events"), counted())], stream, Options())
        seconds = time.process_time() - start - spent
    return {"seconds": seconds, "growth_mb": _peak() - before, "orjson": _alone(count)}


def _peak() -> float:
    """Return the most memory this process has held, in megabytes."""
    # Not getrusage: a child's figure there begins with its parent's.
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1000 if found else math.nan


def _alone(count: int) -> float:
    """Return CPU seconds of orjson on the same features as plain values."""
    spent, source = 0.0, rows(count)
    for _ in range(0, count, CHUNK):
        plain = [
            {
                "type": "Feature",
                "id": row.id,
                "geometry": {"type": "Point", "coordinates": [row.geometry.x, row.geometry.y]},
                "properties": {"id": row.id, **row.properties},
            }
            for _, row in zip(range(CHUNK), source, strict=False)
            if row.geometry is not None
        ]
        start = time.process_time()
        for one in plain:
            orjson.dumps(one)
        spent += time.process_time() - start
    return spent


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], int(sys.argv[2]))))
