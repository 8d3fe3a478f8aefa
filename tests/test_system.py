"""Where a system lacks locks or limits, what needs them is refused with a reason, and reading goes on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from geodata import registry, sandbox, system
from geodata.catalog import workspace
from geodata.errors import Refused, Unwritable
from geodata.formats.registry import FORMATS


def test_without_locks_nothing_is_written_and_questions_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "fcntl", None)
    with pytest.raises(Unwritable, match=r"no file locks \(fcntl\)"), workspace().lock():
        pass
    assert "no file locks" in str(workspace().writable())
    assert registry.run("distance", {"layer": "erbil", "target": "mosul"}).body["distance_m"] > 0
    with Path(os.devnull).open("rb") as stream:
        system.widen(stream, 4096)


def test_without_limits_no_untrusted_file_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(system, "resource", None)
    path = tmp_path / "a.kml"
    path.write_text("<kml/>")
    with pytest.raises(Refused, match=r"a\.kml: this system cannot limit a process \(resource\)"):
        sandbox.read(FORMATS["kml"], path)
    with pytest.raises(Refused):
        system.limit()


def test_a_lock_is_held_until_its_file_is_closed(tmp_path: Path) -> None:
    first, second = (os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT) for _ in range(2))
    assert system.lock(first)
    assert not system.lock(second, wait=False)
    os.close(first)
    assert system.lock(second, wait=False)
    os.close(second)
