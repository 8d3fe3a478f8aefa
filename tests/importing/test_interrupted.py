"""An import that is cancelled, or whose file changes while it is read: nothing is stored, and nothing is left."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from geodata.catalog import current, shipped, workspace
from geodata.errors import BadData
from geodata.importing import ingest, staging
from geodata.importing.ingest import load
from geodata.importing.options import ImportOptions
from tests.importing.made import acled, acled_file

ROWS = 300


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "days.csv"
    path.write_bytes(acled_file(*(acled(f"E{at}", fatalities=str(at % 7)) for at in range(ROWS))))
    return path


def nothing_is_stored() -> bool:
    """Tell whether the catalog is as it is shipped, and no file of the import is left."""
    incoming = workspace().folder / "incoming"
    return current() is shipped() and not (incoming.exists() and list(incoming.iterdir()))


def bring(path: Path, progress: Callable[[str, int], None]) -> None:
    load(path, path.name, ImportOptions(layer="days"), workspace(), current(), progress)


def appended(path: Path) -> None:
    with path.open("ab") as stream:
        stream.write(acled("LATE").encode() + b"\n")


def rewritten(path: Path) -> None:
    """Write other bytes of the same length, and set the time back by less than a second."""
    data = path.read_bytes()
    before = path.stat()
    path.write_bytes(data.replace(b"Reuters", b"Reuterz"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))


def replaced(path: Path) -> None:
    """Put another file in its place, with the same bytes and the same time."""
    other, before = path.with_suffix(".new"), path.stat()
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("change", [appended, rewritten, replaced, Path.unlink])
def test_a_file_that_changes_while_it_is_read_is_refused(change: Callable[[Path], None], table: Path) -> None:
    changes = [change]

    def progress(step: str, rows: int) -> None:
        if changes:
            changes.pop()(table)

    with pytest.raises(BadData) as refused:
        bring(table, progress)
    assert refused.value.reason.parameters["reason"].code == "data.changed_while_read"
    assert nothing_is_stored()


class Cancelled(Exception):
    """What a person raises who has enough of it."""


@pytest.mark.parametrize("large", [10_000, 1], ids=["small", "large"])
@pytest.mark.parametrize("most", [10**9, 0], ids=["in memory", "in files"])
@pytest.mark.parametrize("step", ["read", "sort", "write"])
def test_a_cancelled_import_leaves_nothing(
    step: str, most: int, large: int, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "LARGE", large)
    monkeypatch.setattr(ingest, "HELD", most)
    monkeypatch.setattr(staging, "GROUP", 64)

    def progress(now: str, rows: int) -> None:
        if now == step:
            raise Cancelled

    with pytest.raises(Cancelled):
        bring(table, progress)
    assert nothing_is_stored()
    bring(table, lambda *_: None)
    assert len(current().layer("days").features) == ROWS
