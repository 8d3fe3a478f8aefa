"""A disk that is full, at any moment: a clear word, nothing lost or half written, and on it goes once there is room."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from geodata import editing
from geodata.catalog import current, workspace
from geodata.errors import Unwritable
from geodata.importing import ingest as loading
from geodata.importing.ingest import load
from geodata.importing.options import ImportOptions
from tests.importing.made import acled, acled_file
from tests.store.killed import site
from tests.tree import ROOT

ROWS = 40
SMALL_DISK = 3 * 1024 * 1024


def events(folder: Path, fatalities: int) -> Path:
    path = folder / "events.csv"
    stamp = str(1_700_000_000 + fatalities)
    path.write_bytes(acled_file(*(acled(f"E{at}", fatalities=str(fatalities), timestamp=stamp) for at in range(ROWS))))
    return path


def state() -> tuple[object, ...]:
    """Return all that is held, by content."""
    catalog = current()
    versions = {id_: catalog.layer(id_).version for id_ in catalog.ids()}
    return versions, [one.number for one in editing.history(catalog)], sorted(catalog.sources())


@pytest.mark.parametrize("large", [10_000, 1], ids=["small", "large"])
def test_every_write_may_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int) -> None:
    monkeypatch.setattr(loading, "LARGE", large)
    first = events(tmp_path, 1)
    load(first, first.name, ImportOptions(layer="events-a"), workspace(), current())
    editing.add("sites", site("post", 41), "Rana")
    second, fsync = events(tmp_path, 2), os.fsync

    def bring() -> None:
        load(second, second.name, ImportOptions(layer="events-a"), workspace(), current())

    def edit() -> None:
        editing.change(
            "sites", "post", {"properties": {"priority": 5}}, editing.tag(editing.read_feature("sites", "post")), "R"
        )

    for work in (bring, edit):
        for failing in (1, 2, 3, 4, 5, 7, 9, 12, 15, 20, 30):
            before, calls = state(), 0

            def full(handle: int, failing: int = failing) -> None:
                nonlocal calls
                calls += 1
                if calls == failing:
                    raise OSError(errno.ENOSPC, "No space left on device")
                fsync(handle)

            monkeypatch.setattr(os, "fsync", full)
            refused = False
            try:
                work()
            except Unwritable as error:
                refused = True
                assert "No space left" in str(error)  # noqa: PT017 - what is said matters, and that it goes on
            finally:
                monkeypatch.setattr(os, "fsync", fsync)
            readable()
            if calls < failing:
                break
            # What fails once the file is there under its name is no reason to refuse.
            if refused:
                assert state()[1] == before[1]
        assert failing > 2
    assert {one.properties["killed"]["best"] for one in current().layer("events-a").features} == {2}
    assert current().feature("post").properties["priority"] == 5


def readable() -> None:
    """Assert that every layer is whole, of the old state or of the new one."""
    for layer in current().layers():
        assert len(list(layer.features)) == len(layer.features)
    killed = [one.properties["killed"]["best"] for one in current().layer("events-a").features]
    assert killed in ([1] * ROWS, [2] * ROWS)
    assert not list((workspace().folder / "incoming").iterdir())


FILLING = """
import sys
from pathlib import Path
from geodata import editing
from geodata.catalog import current, workspace
from geodata.errors import Unwritable
from geodata.importing.ingest import load
from geodata.importing.options import ImportOptions
from tests.importing.made import acled, acled_file
from tests.store.killed import site

disk, folder = Path(sys.argv[1]), Path(sys.argv[2])
told, words = [], set()
for turn in range(400):
    if turn == 60:
        # Whatever else lies on the disk leaves no room.
        with (disk / "other").open("wb") as other:
            try:
                while True:
                    other.write(b"x" * 65536)
            except OSError:
                pass
    try:
        if turn % 20 == 7:
            path = folder / "a.csv"
            path.write_bytes(acled_file(*(acled(f"E{turn}-{at}") for at in range(50))))
            made = load(path, path.name, ImportOptions(layer="mine"), workspace(), current())
            told.append(("import", made.version))
        else:
            told.append(("edit", editing.add("sites", site(f"post-{turn}", 41), "Rana").feature))
    except Unwritable as error:
        words.add(str(error).rpartition(": ")[2])
    if turn == 90:
        break
held = {one.id for one in current().layer("sites").features}
assert words, "the disk never filled up"
assert len(told) > 30
assert {id_ for word, id_ in told if word == "edit"} <= held
current().layer("mine")
(disk / "other").unlink()
editing.add("sites", site("post-after", 41), "Rana")
assert current().feature("post-after").id
print(sorted(words), len(told))
"""


def test_a_real_disk_fills_up(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if shutil.which("unshare") is None or _ran(mounted(disk, "true"))[0]:
        pytest.skip("this system lets nobody mount a small disk; failing writes are tested all the same")
    code = tmp_path / "filling.py"
    code.write_text(FILLING, encoding="utf-8")
    command = f"MASAFA_WORKSPACE={disk}/workspace {sys.executable} {code} {disk} {tmp_path}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    code_, message = _ran(mounted(disk, command), environment)
    assert code_ == 0, message[-2000:]


def _ran(command: list[str], environment: dict[str, str] | None = None) -> tuple[int, str]:
    completed = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    return completed.returncode, completed.stderr


def mounted(disk: Path, command: str) -> list[str]:
    """Return a command that runs another with a disk of its own, three megabytes large."""
    mount = f"mount -t tmpfs -o size={SMALL_DISK} tmpfs {disk}"
    return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", f"{mount} && {command}"]
