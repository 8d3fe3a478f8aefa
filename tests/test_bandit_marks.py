"""A line that tells bandit to look away is one where it would find something."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.tree import ROOT, tracked

FOLDERS = ("geodata", "webapp", "scripts")


def test_no_mark_is_stale() -> None:
    command = [
        sys.executable,
        "-m",
        "bandit",
        "-q",
        "-r",
        *FOLDERS,
        "-c",
        "pyproject.toml",
        "--ignore-nosec",
        "-f",
        "json",
    ]
    report = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout)
    findings = {
        (result["filename"].removeprefix("./"), line) for result in report["results"] for line in result["line_range"]
    }
    marks = {
        (path.relative_to(ROOT).as_posix(), number)
        for path in tracked(*(f"{folder}/*.py" for folder in FOLDERS))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if "# nosec" in line
    }
    assert len(marks) > 20
    assert marks - findings == set()
