"""An edit at its writing: whole or not at all at whichever write the disk fills up, and a layer's counts with it."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import editing
from geodata.catalog import current, shipped, workspace
from geodata.editing import writing
from geodata.errors import Unwritable
from geodata.formats import geojson
from geodata.importing import ingest as loading
from geodata.store import parquet_writer
from geodata.store.journal import Edit, Journal
from tests.importing.conftest import Bring
from tests.importing.conftest import bring as bring
from tests.importing.made import acled, acled_file
from tests.store.killed import site

WRITES = (("os", "fsync"), ("tempfile", "mkstemp"), ("Path", "replace"), ("Path", "chmod"), ("Path", "mkdir"))
HOMES: dict[str, Any] = {"os": os, "tempfile": tempfile, "Path": Path}


class Disk:
    """Writes of the process, counted; one of them, and with `stays` all after it, finds no room."""

    def __init__(self, patch: pytest.MonkeyPatch, failing: int, stays: bool) -> None:
        self.failing, self.stays, self.calls = failing, stays, 0
        for home, name in WRITES:
            patch.setattr(HOMES[home], name, self.counted(getattr(HOMES[home], name)))

    def counted(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def call(*values: Any, **named: Any) -> Any:
            self.calls += 1
            if self.calls == self.failing or (self.stays and self.calls > self.failing):
                raise OSError(errno.ENOSPC, "No space left on device")
            return write(*values, **named)

        return call


@contextmanager
def filled(failing: int, stays: bool) -> Iterator[Disk]:
    """Give a disk whose writes fail from, or at, a number on."""
    with pytest.MonkeyPatch.context() as patch:
        yield Disk(patch, failing, stays)


def events(bring: Bring) -> None:
    bring(acled_file(*(acled(f"I{at}") for at in range(30))), layer="mine")


def first(turn: int) -> Edit:
    return editing.add("sites", site(f"post-{turn}", 41), "Rana")


def priority(layer: str, id_: str) -> Callable[[int], Edit]:
    def change(turn: int) -> Edit:
        seen = editing.tag(editing.read_feature(layer, id_))
        return editing.change(layer, id_, {"properties": {"priority": turn}}, seen, "Rana")

    return change


def state(layer: str) -> tuple[list[Any], list[Edit]]:
    return list(current().layer(layer).features), Journal(workspace().folder).of()


@pytest.mark.parametrize("stays", [False, True], ids=["at one write", "from a write on"])
@pytest.mark.parametrize("case", ["first", "small", "large"])
def test_a_disk_that_is_full_leaves_no_trace(
    bring: Bring, monkeypatch: pytest.MonkeyPatch, case: str, stays: bool
) -> None:
    layer, work = "sites", first
    if case == "large":
        monkeypatch.setattr(loading, "LARGE", 1)
        events(bring)
        layer, work = "mine", priority("mine", "mine-i3")
    elif case == "small":
        first(0)
        work = priority("sites", "post-0")
    forgotten = []
    forget = Journal.forget
    monkeypatch.setattr(Journal, "forget", lambda self, number: (forgotten.append(number), forget(self, number)))
    for failing in range(1, 100):
        before, journal = state(layer)
        with filled(failing, stays) as disk:
            try:
                edit = work(failing)
            except Unwritable as error:
                assert "No space left" in str(error)  # noqa: PT017 - what is said matters, and that it goes on
                edit = None
        after, now = state(layer)
        if edit is None:
            assert (after, now) == (before, journal), failing
        else:
            assert now == [edit, *journal], failing
            assert editing.read_feature(layer, edit.feature) == edit.after, failing
        if disk.calls < failing:
            break
    assert disk.calls < failing
    assert failing > 5
    # Some of these failed after the edit stood in the journal: what they are about.
    assert forgotten
    last = work(1000)
    assert editing.read_feature(layer, last.feature) == last.after
    assert Journal(workspace().folder).of()[0] == last


@pytest.mark.parametrize("large", [10_000, 1], ids=["small", "large"])
def test_counts_go_with_the_edits(bring: Bring, monkeypatch: pytest.MonkeyPatch, large: int) -> None:
    monkeypatch.setattr(loading, "LARGE", large)
    bring(acled_file(*(acled(f"I{at}") for at in range(6)), acled("X", latitude="")), layer="mine")
    random = np.random.default_rng(7)
    point = {"type": "Point", "coordinates": [42.0, 33.5]}
    line = {"type": "LineString", "coordinates": [[42.0, 33.5], [42.1, 33.6]]}
    changes: list[dict[str, Any]] = [
        {"geometry": point, "properties": {"area": None, "coordinateUncertaintyInMeters": 500}},
        {"geometry": line, "properties": {"area": None, "coordinateUncertaintyInMeters": 500}},
        {"geometry": None, "properties": {"area": "governorates/gov-iq-an"}},
        {"properties": {"flags": ["unplaced"]}},
        {"properties": {"flags": []}},
        {"properties": {"date_start": None, "date_end": None}},
        {"properties": {"date_start": "2024-02-01", "date_end": "2024-02-01"}},
    ]
    assert counted() == {**counted(), **current().layer("mine").entry["counts"]}
    for _ in range(14):
        ids = [one.id for one in current().layer("mine").features]
        id_ = str(random.choice(ids))
        seen = editing.tag(editing.read_feature("mine", id_))
        if random.random() < 0.2 and len(ids) > 3:
            editing.delete("mine", id_, seen, "Rana")
        else:
            editing.change("mine", id_, changes[random.integers(len(changes))], seen, "Rana")
        entry = current().layer("mine").entry["counts"]
        assert {name: entry.get(name, 0) for name in counted()} == counted()


def counted() -> dict[str, int]:
    """Return what the layer's entry should count, by a look at every feature."""
    result = dict.fromkeys(("rows", "areas", "points", "shapes", "flagged", "undated"), 0)
    for one in current().layer("mine").features:
        result["rows"] += 1
        if one.area:
            result["areas"] += 1
        elif one.geometry is not None:
            result["points" if one.geometry.geom_type == "Point" else "shapes"] += 1
        doubts = set(one.properties.get("flags") or ()) - set(writing.event_schema.NO_DOUBT)
        result["flagged"] += bool(doubts)
        result["undated"] += one.kind == "event" and not one.properties.get("date_start")
    return result


def test_a_large_layer_is_what_its_edits_make_of_it(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "LARGE", 1)
    monkeypatch.setattr(parquet_writer, "GROUP", 4)
    monkeypatch.setattr(parquet_writer, "PART", 8)
    bring(acled_file(*(acled(f"I{at}", longitude=f"{40 + at / 10}") for at in range(20))), layer="mine")
    model = [one.id for one in current().layer("mine").features]
    notes: dict[str, str] = {}
    random = np.random.default_rng(3)
    deleted: list[Edit] = []
    for turn in range(12):
        id_ = str(random.choice(model))
        seen = editing.tag(editing.read_feature("mine", id_))
        if turn % 3 == 0:
            deleted.append(editing.delete("mine", id_, seen, "Rana"))
            model.remove(id_)
        elif turn % 3 == 1:
            notes[id_] = f"turn {turn}"
            editing.change("mine", id_, {"properties": {"notes": notes[id_]}}, seen, "Rana")
        else:
            back = deleted.pop(0)
            editing.undo(back.number, "Rana")
            model.append(back.feature)
        by_id = {one.id: one.properties.get("notes") for one in current().layer("mine").features}
        assert list(by_id) == model
        assert {name: by_id[name] for name in notes if name in by_id} == {
            name: note for name, note in notes.items() if name in by_id
        }
    parts = current().layer("mine").stored.manifest["parts"]
    assert sum(part["rows"] for part in parts) == len(model)
    # What is searched for is made for edited rows, too.
    stored = current().layer("mine").stored
    assert all(batch.schema.equals(next(iter(stored.batches())).schema) for batch in stored.batches())


def test_a_layer_that_somebody_wrote_meanwhile_is_read_anew() -> None:
    layer = current().layer("sites")
    editing.add("sites", site("post-a", 41), "Rana")
    journal = Journal(workspace().folder)
    item = {"type": "Feature", **site("post-b", 42)}
    edit = Edit("sites", "post-b", "add", None, item, "Omar", "2024-01-28T00:00:00Z")
    assert writing.written(layer, edit, workspace()) is None
    assert len(journal.of()) == 1
    written = writing.written(current().layer("sites"), edit, workspace())
    assert written == 2
    assert {"post-a", "post-b"} <= {one.id for one in current().layer("sites").features}


def test_what_a_crash_left_is_made_good_once_and_by_whoever_comes_first() -> None:
    editing.add("sites", site("post-a", 41), "Rana")
    journal = Journal(workspace().folder)
    for name, lon in (("post-b", 42), ("post-c", 43)):
        item = {"type": "Feature", **site(name, lon)}
        journal.add(Edit("sites", name, "add", None, item, "Omar", "2024-01-28T00:00:00Z"))
    journal.add(Edit("events", "event-x", "add", None, {"type": "Feature"}, "Omar", "2024-01-28T00:00:00Z"))
    assert writing.settled("nowhere", workspace(), current) is current()
    before = current()
    settled = writing.settled("sites", workspace(), current)
    assert {"post-a", "post-b", "post-c"} <= {one.id for one in settled.layer("sites").features}
    assert settled.layer("sites").entry["journal"] == 3
    assert writing.settled("sites", workspace(), current).layer("sites") is current().layer("sites")
    # One who read before that settles nothing twice.
    reads = iter([before, current()])
    assert writing.settled("sites", workspace(), lambda: next(reads)).layer("sites").entry["journal"] == 3


def test_what_a_crash_left_is_not_written_over_a_layer_that_is_new_by_then() -> None:
    editing.add("sites", site("post-a", 41), "Rana")
    item = {"type": "Feature", **site("post-b", 42)}
    Journal(workspace().folder).add(Edit("sites", "post-b", "add", None, item, "Omar", "2024-01-28T00:00:00Z"))
    before = current()
    layer = before.layer("sites")
    imported = [*writing._applied(layer, []), {"type": "Feature", **site("imported", 43)}]
    workspace().put_layer({**layer.entry, "journal": 2}, geojson.write(imported))
    reads = iter([before, current()])
    settled = writing.settled("sites", workspace(), lambda: next(reads))
    assert settled.layer("sites").version == current().layer("sites").version
    assert "imported" in {one.id for one in current().layer("sites").features}


POINT = {"type": "Point", "coordinates": [42.0, 33.5]}
items = st.none() | st.builds(
    lambda geometry, properties: {"geometry": geometry, "properties": properties},
    st.sampled_from([None, POINT, {"type": "LineString", "coordinates": [[42.0, 33.5], [42.1, 33.6]]}]),
    st.fixed_dictionaries(
        {},
        optional={
            "area": st.sampled_from([None, "governorates/gov-iq-an"]),
            "flags": st.sampled_from([None, [], ["unplaced"], [*writing.event_schema.NO_DOUBT], ["unplaced", "other"]]),
            "kind": st.sampled_from(["event", "town"]),
            "date_start": st.sampled_from([None, "2024-01-28"]),
        },
    ),
)


@given(st.lists(st.tuples(items, items), max_size=4))
def test_counts_are_moved_by_what_an_edit_changes(changes: list[tuple[Any, Any]]) -> None:
    names = ("rows", "areas", "points", "shapes", "flagged", "undated")
    moved = dict.fromkeys(names, 10)
    for before, after in changes:
        for item, sign in ((before, -1), (after, 1)):
            if item is None:
                continue
            message, shape = item["properties"], item["geometry"]
            moved["rows"] += sign
            if message.get("area"):
                moved["areas"] += sign
            elif shape is not None:
                moved["points" if shape["type"] == "Point" else "shapes"] += sign
            moved["flagged"] += sign * bool(set(message.get("flags") or ()) - set(writing.event_schema.NO_DOUBT))
            moved["undated"] += sign * (message.get("kind") == "event" and not message.get("date_start"))
    edits = [Edit("mine", "a", "change", before, after, "Rana", "now") for before, after in changes]
    counts = dict.fromkeys(names, 10)
    assert writing._counts(counts, edits) == moved
    assert counts == dict.fromkeys(names, 10)


def test_the_version_of_a_shipped_layer_and_of_none() -> None:
    assert writing._version("sites", workspace()) == shipped().layer("sites").version
    assert writing._version("nowhere", workspace()) is None
    editing.add("sites", site("post-a", 41), "Rana")
    assert writing._version("sites", workspace()) == current().layer("sites").version
    assert writing._version("events", workspace()) == shipped().layer("events").version


def test_the_journal_is_read_while_it_is_written(workspace: Path) -> None:
    editing.add("sites", site("post-a", 41), "Rana")
    reader = sqlite3.connect(workspace / "journal.sqlite")
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM edits").fetchone() == (1,)
    editing.add("sites", site("post-b", 42), "Rana")
    assert reader.execute("SELECT count(*) FROM edits").fetchone() == (1,)
    reader.close()
    assert len(Journal(workspace).of()) == 2
