"""A million rows in ACLED's columns brought in, beside pyarrow reading the same CSV and writing it as Parquet.

CPU time is that of all processes, the sandboxed reader's too; memory is their proportional set size (PSS), in which
what they share counts once.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess  # nosec B404: this module in this interpreter
import sys
import tempfile
import time
from pathlib import Path

# Before pyarrow: it settles how Arrow begins, as it does for those who use it.
import geodata  # isort: skip
import pyarrow.csv
import pyarrow.parquet

from scripts.bench import synthetic
from scripts.bench.report import Report

TIMES = 4
MEMORY_MB = 800


def run(report: Report) -> None:
    """Print how many times as long an import takes, both in processes of their own, in turns; and its memory."""
    count = 100_000 if report.quick else 1_000_000
    report.title(f"Import of {count:,} rows in ACLED's columns")
    with tempfile.TemporaryDirectory(prefix="masafa-bench-") as folder:
        path = synthetic.write(count, Path(folder) / "made.csv")
        report.say("Masafa", geodata.__version__)
        report.say("the CSV", f"{path.stat().st_size / 1e6:,.0f} MB")
        floors, imports = [], []
        for turn in range(min(3, report.times)):
            floors.append(_told("floor", path))
            imports.append(_told("load", path, MASAFA_WORKSPACE=f"{folder}/workspace-{turn}"))
        for name, what in (("seconds", "time"), ("cpu", "CPU time")):
            floor, result = (statistics.median(one[name] for one in stored) for stored in (floors, imports))
            report.say(f"{what}: pyarrow, then ours", f"{floor:.1f} s, {result:.1f} s")
            if name == "cpu":
                report.target("times the CPU time of pyarrow's CSV to Parquet", result / floor, TIMES)
        report.target("memory (PSS) of both processes", max(one["peak_mb"] for one in imports), MEMORY_MB, " MB")
        report.say("rows a second", f"{count / statistics.median(one['seconds'] for one in imports):,.0f}")


def _told(what: str, path: Path, **environment: str) -> dict[str, float]:
    asked = [sys.executable, "-m", "scripts.bench.importing", what, str(path)]
    most = 0.0
    with subprocess.Popen(asked, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}) as process:  # nosec B603
        while process.poll() is None:
            most = max(most, _pss_mb(process.pid))
            # Seldom: looking takes of what it looks at.
            time.sleep(0.1)
        output = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise RuntimeError(f"{what}: exit {process.returncode}")
    return {**json.loads(output.splitlines()[-1]), "peak_mb": most}


def _pss_mb(process: int) -> float:
    """Return the megabytes that a process and those it began have now, what several share once."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        own = next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("Pss:")), 0.0)
        threads = list(Path(f"/proc/{process}/task").iterdir())
        children = [child for thread in threads for child in (thread / "children").read_text().split()]
    except OSError:
        return 0.0
    return own + sum(_pss_mb(int(child)) for child in children)


def floor(path: Path) -> None:
    """Read the CSV and write it as Parquet, block after block, with nothing understood."""
    target = path.with_suffix(".parquet")
    rows = pyarrow.csv.open_csv(path)
    with pyarrow.parquet.ParquetWriter(target, rows.schema, compression="zstd", compression_level=1) as writer:
        for batch in rows:
            writer.write_batch(batch)
    target.unlink()


def load(path: Path) -> None:
    """Bring the file in."""
    from geodata import sandbox
    from geodata.catalog import current, workspace
    from geodata.importing import ingest as importing

    importing.load(path, path.name, importing.ImportOptions(layer="made"), workspace(), current())
    # Of processes that have ended the system says how long they took.
    sandbox.stop()


def _measured(what: str, path: Path) -> dict[str, float]:
    start = time.perf_counter()
    {"floor": floor, "load": load}[what](path)
    seconds = time.perf_counter() - start
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "seconds": seconds,
        "cpu": sum(one.ru_utime + one.ru_stime for one in used),
    }


if __name__ == "__main__":
    print(json.dumps(_measured(sys.argv[1], Path(sys.argv[2]))))
