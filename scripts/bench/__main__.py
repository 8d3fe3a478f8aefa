"""Run the benchmark: `make bench`, `make bench ARGS=--quick`, or one part: `make bench ARGS='--only web'`."""

from __future__ import annotations

import argparse
import sys

from scripts.bench import (
    buffers,
    desk,
    exports,
    extremes,
    growth,
    importing,
    lines,
    linking,
    paint,
    releases,
    start,
    web,
)
from scripts.bench.report import Report

PARTS = (start, lines, buffers, growth, exports, importing, extremes, releases, linking, desk, web, paint)


def main() -> int:
    """Time, check, print; 1 where an answer was wrong or a target missed."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the fastest of two runs, not five, and smaller peers")
    parser.add_argument(
        "--only", default="", choices=[part.__name__.rpartition(".")[2] for part in PARTS], help="one part"
    )
    given = parser.parse_args()
    quick, only = given.quick, given.only
    report = Report(times=2 if quick else 5, quick=quick)
    for part in PARTS:
        if only in ("", part.__name__.rpartition(".")[2]):
            part.run(report)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
