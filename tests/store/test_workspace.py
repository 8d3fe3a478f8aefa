"""The workspace: layers over the shipped ones, whole writes under kills, full disks and two writers."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from geodata import catalog
from geodata.errors import BadData, BadValue, NotFound, Unwritable
from geodata.formats import geojson
from geodata.store.workspace import Workspace

ENTRY: dict[str, Any] = dict(catalog.shipped().layer("sites").entry)


def sites(**moved: tuple[float, float]) -> bytes:
    """Return the shipped sites, some moved."""
    features = geojson.read(catalog.shipped().layer_path("sites").read_bytes())
    for feature in features:
        name = feature["id"].replace("-", "_")
        if name in moved:
            feature["geometry"]["coordinates"] = list(moved[name])
    return geojson.write(features)


def test_a_layer_of_the_workspace_stands_in_place_of_the_shipped_one(workspace: Path) -> None:
    before = catalog.current()
    assert before is catalog.shipped()
    version = Workspace(workspace).put_layer(ENTRY, sites(erbil=(44.0, 36.0)))
    after = catalog.current()
    assert after.ids() == before.ids()
    assert after.layer("sites").version == version != before.layer("sites").version
    assert after.feature("erbil").geometry.x == 44.0
    assert after.layer("borders") is before.layer("borders")
    assert catalog.shipped().feature("erbil").geometry.x != 44.0
    Workspace(workspace).put_layer(ENTRY, sites(erbil=(44.5, 36.0)))
    assert catalog.current().feature("erbil").geometry.x == 44.5


def test_a_layer_of_ones_own_is_added(workspace: Path) -> None:
    line = {"type": "LineString", "coordinates": [[41, 34], [41.2, 35]]}
    data = geojson.write([{"type": "Feature", "id": "my-line", "geometry": line, "properties": {}}])
    Workspace(workspace).put_layer({**ENTRY, "id": "mine"}, data)
    assert catalog.current().ids()[-1] == "mine"
    assert catalog.current().feature("my-line").layer == "mine"
    with pytest.raises(NotFound):
        catalog.current().layer_path("nothing")


def test_bad_layers_change_nothing(workspace: Path) -> None:
    wrong: list[tuple[dict[str, Any], bytes]] = [(ENTRY, b"{"), (ENTRY, sites().replace(b'"erbil"', b'"No Slug"'))]
    changes = ({"id": "../x"}, {"id": ""}, {"title": {"en": "x"}}, {"edges": "flat"}, {"kind": None})
    wrong += [({**ENTRY, **change}, sites()) for change in (*changes, {"default_uncertainty_m": -1.0})]
    for entry, data in wrong:
        with pytest.raises((BadData, BadValue)):
            Workspace(workspace).put_layer(entry, data)
    assert catalog.current() is catalog.shipped()


def test_a_full_disk_leaves_what_was_there(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Workspace(workspace)
    version = place.put_layer(ENTRY, sites(erbil=(44.0, 36.0)))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unwritable, match="No space left"):
        place.put_layer(ENTRY, sites(erbil=(45.0, 36.0)))
    assert catalog.current().layer("sites").version == version
    assert sorted(path.name for path in place.layers.iterdir()) == ["catalog.json", "sites.geojson"]


def test_a_place_that_cannot_be_written_says_so_and_reads_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASAFA_WORKSPACE", "/proc/no-such-place")
    assert "cannot be written" in str(catalog.workspace().writable())
    assert catalog.current() is catalog.shipped()


def test_a_later_format_is_refused(workspace: Path) -> None:
    place = Workspace(workspace)
    assert place.writable() is None
    (workspace / "workspace.json").write_text('{"masafa": 99}')
    with pytest.raises(Unwritable, match="99"):
        place.put_layer(ENTRY, sites())


def test_an_earlier_format_is_marked_as_this_one_and_its_layers_stay(workspace: Path) -> None:
    place = Workspace(workspace)
    place.put_layer(ENTRY, sites())
    before = place.store()
    assert before is not None
    (workspace / "workspace.json").write_text('{"masafa": 1}')
    assert place.writable() is None
    assert json.loads((workspace / "workspace.json").read_text()) == {"masafa": 2}
    after = Workspace(workspace).store()
    assert after is not None
    assert after.layer("sites").version == before.layer("sites").version
    assert after.path("sites").read_bytes() == sites()


WRITER = """
import sys
from pathlib import Path
from geodata.store.workspace import Workspace
from tests.store.test_workspace import ENTRY, sites
place = Workspace(Path(sys.argv[1]))
for i in range(int(sys.argv[3])):
    lon = 40 + (i % 100) / 100
    place.put_layer({**ENTRY, "id": sys.argv[2]}, sites(erbil=(lon, 36.0)))
    print(i, flush=True)
"""


def writer(folder: Path, name: str, count: int) -> subprocess.Popen[str]:
    """Start a process that writes a layer again and again, and prints each write it has been promised."""
    command = [sys.executable, "-c", WRITER, str(folder), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("kill", range(40 if os.environ.get("MASAFA_TORTURE") else 6))
def test_kill_9_leaves_no_half_file_and_nothing_promised_is_lost(workspace: Path, kill: int) -> None:
    process = writer(workspace, "sites", 100_000)
    assert process.stdout is not None
    assert process.stdout.readline() == "0\n"
    time.sleep(0.013 * kill)
    process.send_signal(signal.SIGKILL)
    promised = [0, *(int(line) for line in process.stdout.read().split())]
    process.stdout.close()
    process.wait()
    lon = catalog.current().feature("erbil").geometry.x
    assert round((lon - 40) * 100) in {promised[-1] % 100, (promised[-1] + 1) % 100}
    Workspace(workspace).put_layer(ENTRY, sites(erbil=(44.0, 36.0)))
    assert catalog.current().feature("erbil").geometry.x == 44.0


def test_two_writers_lose_nothing(workspace: Path) -> None:
    both = [writer(workspace, name, 15) for name in ("left", "right")]
    assert [process.wait() for process in both] == [0, 0]
    for process in both:
        assert process.stdout is not None
        process.stdout.close()
    entries = json.loads((workspace / "layers" / "catalog.json").read_text())["layers"]
    assert sorted(entry["id"] for entry in entries) == ["left", "right"]
