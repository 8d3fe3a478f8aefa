"""Killed at any moment, while editing and while files are brought in: nothing unreadable, nothing acknowledged lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import IO

import numpy as np
import pyarrow.parquet as pq
import pytest

from geodata import editing
from geodata.catalog import current, workspace
from geodata.editing import writing
from geodata.store.geojson_store import STORED
from tests.tree import ROOT

KILLS = 200 if os.environ.get("MASAFA_TORTURE") else 20
STEPS = 11
"""Steps before which a worker is killed: by the last of them every kind of write has been told twice."""
STUCK = 60.0
"""Seconds after which a worker is killed anyhow."""


@dataclass
class Told:
    """What a worker said was done."""

    edits: list[tuple[int, str, str]] = field(default_factory=list)
    imports: dict[str, tuple[str, int]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    longest: float = 0.5
    """Seconds that the longest step took: where the machine is slow, the kill waits longer, too."""

    def take(self, line: str, seconds: float) -> None:
        """Take note of one line, and of how long it took."""
        self.longest = max(self.longest, seconds)
        word, *rest = line.split(maxsplit=3)
        if word == "edit":
            self.edits.append((int(rest[0]), rest[1], rest[2].strip()))
        elif word == "import":
            self.imports[rest[0]] = (rest[1], int(rest[2]))
        elif word == "error":
            self.errors.append(line)


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[str]]:
    """A process that forks the one to be killed."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.store.killed"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        yield process
        process.kill()


def run(worker: subprocess.Popen[str], folder: Path, seed: int, steps: int, share: float, told: Told) -> None:
    """Let one do some steps and a share of the next, kill it, and take note of all it said."""
    stdin, stdout = streams(worker)
    stdin.write(f"{folder} {seed}\n")
    stdin.flush()
    word, pid = stdout.readline().split()
    assert word == "pid"
    timer = killing(int(pid), STUCK if steps else share * told.longest)
    since = time.monotonic()
    while (line := stdout.readline()).strip() != "over":
        told.take(line, time.monotonic() - since)
        since, steps = time.monotonic(), steps - 1
        if not steps:
            timer.cancel()
            timer = killing(int(pid), share * told.longest)
    timer.cancel()


def killing(pid: int, seconds: float) -> Timer:
    """Return what kills a process after some time, begun."""
    timer = Timer(seconds, lambda: os.kill(pid, signal.SIGKILL))
    timer.start()
    return timer


def streams(worker: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert worker.stdin is not None
    assert worker.stdout is not None
    return worker.stdin, worker.stdout


def whole(told: Told) -> None:
    """Assert that everything can be read, and that what was told is there."""
    writing.settled("sites", workspace(), current)
    catalog = current()
    for layer in catalog.layers():
        assert len(layer.features) == len({one.id for one in layer.features})
    store = workspace().store()
    for id_, entry in (store.entries if store else {}).items():
        for release in entry.get("imported", {}).get("releases", []):
            if release["before"]:
                assert workspace().version(id_, release["before"]).id == id_
        if STORED in entry:
            for path in catalog.layer(id_).stored.paths:
                pq.read_table(path)
    for id_, (version, rows) in told.imports.items():
        layer = catalog.layer(id_)
        # Whole as it was told, or as a later one that nobody lived to tell of.
        assert len(layer.features) == rows
        assert layer.version == version or workspace().keeps(version)
    last = {}
    for edit in reversed(editing.history(catalog, most=100_000)):
        last[edit.feature] = edit
    numbers = {edit.number for edit in editing.history(catalog, most=100_000)}
    assert {number for number, _, _ in told.edits} <= numbers
    members = {one.id for one in catalog.layer("sites").features}
    for id_, edit in last.items():
        assert (id_ in members) == (edit.after is not None), id_
        if edit.after is not None:
            assert editing.tag(editing.read_feature("sites", id_)) == editing.tag(edit.after)


def test_no_kill_loses_what_was_told(
    worker: subprocess.Popen[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASAFA_WORKSPACE", str(tmp_path / "workspace"))
    output, random = Told(), np.random.default_rng(20_240_128)
    for kill in range(KILLS):
        run(worker, tmp_path, kill, int(random.integers(STEPS)), float(random.random()), output)
        whole(output)
    assert not output.errors
    assert len(output.edits) > KILLS / 2
    assert set(output.imports) == {"small", "large"}
    with workspace().staging():
        # What the killed left half done is swept by the next who writes.
        assert len(list((tmp_path / "workspace/incoming").iterdir())) == 1
