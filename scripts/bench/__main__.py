"""Run the benchmark: `make bench`, or `make bench ARGS=--quick`."""

from __future__ import annotations

import argparse
import sys

from scripts.bench import buffers, exports, growth, lines
from scripts.bench.report import Report


def main() -> int:
    """Time, check, print; 1 where an answer was wrong or a target missed."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the fastest of two runs, not five, and smaller peers")
    quick = parser.parse_args().quick
    report = Report(times=2 if quick else 5, quick=quick)
    lines.run(report)
    buffers.run(report)
    growth.run(report)
    exports.run(report)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
