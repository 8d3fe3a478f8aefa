"""Tables of an extreme shape: read, or refused with a reason, within a few seconds of all processes' CPU time."""

from __future__ import annotations

import os
import resource
import subprocess  # nosec B404: this module in this interpreter
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl

from geodata.errors import MasafaError
from geodata.importing.table_header import MAX_COLUMNS
from scripts.bench.report import Report

SECONDS = 5
LAST_CELL = "XFD1048576"


def run(report: Report) -> None:
    """Print what an import of each takes, the start of the interpreter included."""
    report.title("Tables of an extreme shape")
    with tempfile.TemporaryDirectory(prefix="masafa-bench-") as folder:
        for name, write in SHAPES.items():
            path = Path(folder) / name.replace(" ", "-")
            write(path)
            seconds, outcome = min(_import(path, f"{folder}/workspace-{turn}") for turn in range(min(2, report.times)))
            report.say(name, outcome)
            report.target(f"{name}: CPU time", seconds, SECONDS, " s")


def _import(path: Path, workspace: str) -> tuple[float, str]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    asked = [sys.executable, "-m", "scripts.bench.extremes", str(path)]
    environment = {**os.environ, "MASAFA_WORKSPACE": f"{workspace}-{path.stem}"}
    done = subprocess.run(asked, capture_output=True, text=True, check=True, env=environment)  # nosec B603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout.strip()


def _text(columns: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        names = ["lat", "lon", *(f"c{at}" for at in range(2, columns))]
        cells = ["34.37", "41.03", *map(str, range(2, columns))]
        path.write_text(f"{','.join(names)}\n{','.join(cells)}\n")

    return write


def _sheet(rows: list[list[object]], last: bool = False) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        for row in rows:
            sheet.append(row)
        if last:
            sheet[LAST_CELL] = "x"
        book.save(path)

    return write


SHAPES: Mapping[str, Callable[[Path], None]] = {
    "the last cell of a sheet alone.xlsx": _sheet([], last=True),
    "a table and the last cell of its sheet.xlsx": _sheet([["id", "lat", "lon"], [1, 34.37, 41.03]], last=True),
    "16,384 columns.xlsx": _sheet([[f"c{at}" for at in range(16_384)], list(range(16_384))]),
    "20,000 columns.csv": _text(20_000),
    f"{MAX_COLUMNS:,} columns.csv": _text(MAX_COLUMNS),
}


def main(path: Path) -> None:
    """Import a file, and print its rows or why it is refused."""
    from geodata.catalog import current, workspace
    from geodata.importing import ingest, options

    try:
        report = ingest.load(path, path.name, options.ImportOptions(layer="extreme"), workspace(), current())
    except MasafaError as error:
        print(f"refused: {error}")
    else:
        print(f"rows: {report.rows}, columns: {len(report.columns)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
