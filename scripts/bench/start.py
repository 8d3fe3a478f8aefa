"""How much CPU time a command needs from its start to its end, beside a bare import of what it measures with."""

from __future__ import annotations

import os
import resource
import subprocess  # nosec B404: this Python alone
import sys
import tempfile

from scripts.bench.report import Report

HELP_S, OVER_BARE_S = 0.1, 0.2
BARE = ("-c", "import numpy, shapely, pyproj")
PROXIMITY = ("-m", "geodata", "proximity", "hasakah-prison", "--to", "border-iq-sy")


def run(report: Report) -> None:
    """Print the three."""
    report.title("From start to end, CPU time")
    with tempfile.TemporaryDirectory(prefix="masafa-bench-") as folder:
        environment = {**os.environ, "MASAFA_WORKSPACE": folder}
        shown, bare, asked = (
            least(words, report.times, environment) for words in (("-m", "geodata", "--help"), BARE, PROXIMITY)
        )
    report.target("geodata --help", shown, HELP_S, " s")
    report.say("import numpy, shapely, pyproj", f"{bare:.3f} s")
    report.target("geodata proximity, above that import", asked - bare, OVER_BARE_S, " s")


def least(words: tuple[str, ...], times: int, environment: dict[str, str]) -> float:
    """Return the CPU seconds of the fastest of so many runs of Python, the first not counted."""
    seconds = []
    for _ in range(times + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *words], env=environment, check=True, stdout=subprocess.DEVNULL)  # nosec B603
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(seconds[1:])
