"""Features added, moved, changed, deleted, put back; checked at the door; and two who edit the same one."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from geodata import cli, editing, registry
from geodata.catalog import current, shipped
from geodata.editing import writing
from geodata.errors import BadValue, Conflict, NotFound, Unwritable
from geodata.importing import ingest as loading
from geodata.store import parquet_writer
from tests.importing.conftest import Bring
from tests.importing.conftest import bring as bring
from tests.importing.made import acled, acled_file

SITE = "al-qaim"
SOURCE = "hussein-2024"
NEW = {
    "id": "new-post",
    "geometry": {"type": "Point", "coordinates": [41.2, 34.4]},
    "properties": {
        "name_en": "New post",
        "name_ar": "مركز جديد",
        "kind": "outpost",
        "coordinateUncertaintyInMeters": 500,
        "precision": "vicinity",
        "sources": [SOURCE],
    },
}


def seen(id_: str = SITE, layer: str = "sites") -> str:
    return editing.tag(editing.read_feature(layer, id_))


def test_a_site_is_added_changed_moved_deleted_and_put_back() -> None:
    added = editing.add("sites", NEW, "Rana", "a report")
    assert current().feature("new-post").name["ar"] == "مركز جديد"
    changed = editing.change(
        "sites", "new-post", {"properties": {"coordinateUncertaintyInMeters": 900}}, seen("new-post"), "Rana"
    )
    assert current().feature("new-post").properties["coordinateUncertaintyInMeters"] == 900
    moved = {"geometry": {"type": "Point", "coordinates": [41.3, 34.5]}}
    editing.change("sites", "new-post", moved, seen("new-post"), "Omar")
    assert current().feature("new-post").geometry.x == 41.3  # type: ignore[union-attr]
    assert current().feature("new-post").properties["coordinateUncertaintyInMeters"] == 900
    gone = editing.delete("sites", "new-post", seen("new-post"), "Omar", "no such place")
    with pytest.raises(NotFound):
        current().feature("new-post")
    editing.undo(gone.number, "Rana")
    assert current().feature("new-post").geometry.x == 41.3  # type: ignore[union-attr]
    found = editing.history(current(), "sites", "new-post")
    assert [one.operation for one in found] == ["add", "delete", "change", "change", "add"]
    assert [one.who for one in found] == ["Rana", "Omar", "Omar", "Rana", "Rana"]
    assert found[0].undoes == gone.number
    assert [found[-1].number, found[-2].number] == [added.number, changed.number]
    assert shipped().layer("sites").version != current().layer("sites").version
    with pytest.raises(NotFound):
        shipped().feature("new-post")


def test_an_undone_layer_is_the_shipped_one_again() -> None:
    before = current().layer("sites").features
    edit = editing.change("sites", SITE, {"properties": {"priority": 3}}, seen(), "Rana")
    editing.undo(edit.number, "Rana")
    assert current().layer("sites").features == before


def test_an_answer_is_of_the_layer_as_it_is_now() -> None:
    far = {"geometry": {"type": "Point", "coordinates": [44.0, 33.0]}}
    before = registry.run("proximity", {"layer": SITE, "target": "border-iq-sy"}, current())
    editing.change("sites", SITE, far, seen(), "Rana")
    after = registry.run("proximity", {"layer": SITE, "target": "border-iq-sy"}, current())
    assert after.body["distance_m"] > before.body["distance_m"] + 100_000
    assert after.id != before.id


def test_two_who_change_one_feature_are_told_and_nothing_is_lost() -> None:
    both = seen()
    editing.change("sites", SITE, {"properties": {"priority": 4}}, both, "Rana")
    with pytest.raises(Conflict) as error:
        editing.change("sites", SITE, {"properties": {"priority": 5}}, both, "Omar")
    assert error.value.now["properties"]["priority"] == 4  # type: ignore[index]
    with pytest.raises(Conflict):
        editing.delete("sites", SITE, both, "Omar")
    assert len(editing.history(current())) == 1


def test_an_edit_that_was_built_upon_is_not_undone() -> None:
    first = editing.change("sites", SITE, {"properties": {"priority": 4}}, seen(), "Rana")
    editing.change("sites", SITE, {"properties": {"priority": 5}}, seen(), "Omar")
    with pytest.raises(Conflict):
        editing.undo(first.number, "Rana")
    with pytest.raises(NotFound):
        editing.undo(99, "Rana")


def test_many_at_once_lose_nothing() -> None:
    def work(number: int) -> None:
        for turn in range(4):
            item = {**NEW, "id": f"post-{number}-{turn}"}
            editing.add("sites", item, f"Person {number}")

    threads = [Thread(target=work, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    members = {one.id for one in current().layer("sites").features}
    values = {one.feature for one in editing.history(current(), "sites")}
    assert values <= members
    assert len(values) == 16


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("coordinateUncertaintyInMeters", None),
        ("coordinateUncertaintyInMeters", -1),
        ("coordinateUncertaintyInMeters", "wide"),
        ("coordinateUncertaintyInMeters", float("nan")),
        ("kind", "castle"),
        ("precision", "sharp"),
        ("sources", []),
        ("sources", ["nobody"]),
        ("name_en", "x" * 301),
        ("name_ar", "in English"),
        ("area", "countries/nowhere"),
        ("placeholder", "yes"),
        ("date_start", "2024-13-01"),
        ("killed", {"low": 5, "best": 3, "high": 9}),
        ("killed", {"best": "many"}),
    ],
)
def test_what_may_not_be_is_named(name: str, value: Any) -> None:
    with pytest.raises(BadValue) as refused:
        editing.change("sites", SITE, {"properties": {name: value}}, seen(), "Rana")
    assert refused.value.parameter == name
    assert current() is shipped()
    assert editing.history(current()) == []


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [341, 34]},
        {"type": "Point", "coordinates": ["a", 34]},
        {"type": "Polygon", "coordinates": [[[40, 34], [41, 35]]]},
        {"type": "Castle"},
        [1, 2],
    ],
)
def test_a_geometry_that_is_none_is_refused(geometry: Any) -> None:
    with pytest.raises(BadValue, match="geometry"):
        editing.change("sites", SITE, {"geometry": geometry}, seen(), "Rana")


@pytest.mark.parametrize(
    ("layer", "item", "who", "name"),
    [
        ("borders", NEW, "Rana", "layer"),
        ("sites", {**NEW, "id": SITE}, "Rana", "id"),
        ("sites", {**NEW, "id": "Not A Slug"}, "Rana", "id"),
        ("sites", NEW, "  ", "by"),
        ("sites", {**NEW, "properties": []}, "Rana", "name_en"),
        ("sites", {**NEW, "properties": 5}, "Rana", "properties"),
    ],
)
def test_what_cannot_be_added_is_named(layer: str, item: dict[str, Any], who: str, name: str) -> None:
    with pytest.raises(BadValue) as refused:
        editing.add(layer, item, who)
    assert refused.value.parameter == name


def test_days_that_run_backwards_are_refused() -> None:
    event = shipped().layer("events").features[0].id
    days = {"date_start": "2024-02-02", "date_end": "2024-02-01"}
    with pytest.raises(BadValue, match="date_end"):
        editing.change("events", event, {"properties": days}, seen(event, "events"), "Rana")


@pytest.mark.parametrize("large", [10_000, 1], ids=["small", "large"])
def test_an_event_of_a_file_is_corrected_and_counted(bring: Bring, monkeypatch: pytest.MonkeyPatch, large: int) -> None:
    monkeypatch.setattr(loading, "LARGE", large)
    bring(acled_file(*(acled(f"I{at}") for at in range(30)), acled("X", latitude="")), layer="mine")
    there = {"geometry": {"type": "Point", "coordinates": [42.0, 33.5]}}
    known = {"properties": {"coordinateUncertaintyInMeters": 700, "area": None}}
    edit = editing.change("mine", "mine-x", there | known, seen("mine-x", "mine"), "Rana")
    layer = current().layer("mine")
    assert len(layer.features) == 31
    assert layer.entry["counts"]["points"] == 31
    assert current().feature("mine/mine-x").geometry.x == 42.0  # type: ignore[union-attr]
    assert current().feature("mine/mine-x").properties["original"]["event_id_cnty"] == "X"
    gone = editing.delete("mine", "mine-i3", seen("mine-i3", "mine"), "Rana")
    assert len(current().layer("mine").features) == 30
    for number in (gone.number, edit.number):
        editing.undo(number, "Rana")
    assert len(current().layer("mine").features) == 31
    assert current().layer("mine").entry["counts"] == {**layer.entry["counts"], "points": 30, "areas": 1}
    again, _ = bring(acled_file(acled("I1", fatalities="9", timestamp="1904700000")), layer="mine")
    assert again.tally.updated == 1
    assert current().layer("mine").entry["journal"] == 4


def test_what_a_crash_left_between_journal_and_file_is_made_good(monkeypatch: pytest.MonkeyPatch) -> None:
    put = writing._put

    def crash(layer: Any, edits: Any, entry: Any, first: Any, place: Any) -> None:
        first()
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "_put", crash)
    with pytest.raises(KeyboardInterrupt):
        editing.add("sites", NEW, "Rana")
    monkeypatch.setattr(writing, "_put", put)
    assert current() is shipped()
    editing.change("sites", SITE, {"properties": {"priority": 7}}, seen(), "Omar")
    assert current().feature("new-post").name["en"] == "New post"
    assert current().feature(SITE).properties["priority"] == 7


def test_a_journal_that_cannot_be_read_is_a_clear_word(workspace: Path) -> None:
    workspace.mkdir(exist_ok=True)
    (workspace / "journal.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(Unwritable, match="journal"):
        editing.history(current())


def test_an_edit_writes_only_the_file_that_it_is_in(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "LARGE", 1)
    monkeypatch.setattr(parquet_writer, "GROUP", 4)
    monkeypatch.setattr(parquet_writer, "PART", 8)
    bring(acled_file(*(acled(f"I{at}", longitude=f"{40 + at / 10}") for at in range(20))), layer="mine")

    def files() -> list[str]:
        stored = current().layer("mine").stored
        assert stored is not None
        assert stored.rows == sum(part["rows"] for part in stored.manifest["parts"]) == sum(map(len, stored.batches()))
        return [part["sha256"] for part in stored.manifest["parts"]]

    before, ids = files(), [one.id for one in current().layer("mine").features]
    assert len(before) == 3
    editing.change("mine", ids[9], {"properties": {"notes": "looked at"}}, seen(ids[9], "mine"), "Rana")
    assert [old == new for old, new in zip(before, files(), strict=True)] == [True, False, True]
    assert [one.id for one in current().layer("mine").features] == ids
    gone = editing.delete("mine", ids[0], seen(ids[0], "mine"), "Rana")
    middle = files()
    editing.undo(gone.number, "Rana")
    # What was not there before stands at the end.
    assert [old == new for old, new in zip(middle, files(), strict=True)] == [True, True, False]
    assert [one.id for one in current().layer("mine").features] == [*ids[1:], ids[0]]
    for id_ in ids[8:16]:
        editing.delete("mine", id_, seen(id_, "mine"), "Rana")
    assert [one.id for one in current().layer("mine").features] == [*ids[1:8], *ids[16:], ids[0]]


def test_the_journal_is_written_through(workspace: Path) -> None:
    editing.add("sites", NEW, "Rana")
    with sqlite3.connect(workspace / "journal.sqlite") as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_from_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "new.geojson"
    file.write_text(json.dumps({"type": "Feature", **NEW}), encoding="utf-8")
    assert cli.main(["edit", "add", "sites", "new-post", "--from", str(file), "--by", "Rana", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["after"]["properties"]["kind"] == "outpost"
    assert (
        cli.main(["edit", "change", "sites", "new-post", "--at", "41.5,34.1", "--set", "priority=2", "--by", "R"]) == 0
    )
    assert current().feature("new-post").properties["priority"] == 2
    assert cli.main(["edit", "delete", "sites", "new-post", "--by", "R", "--why", "wrong"]) == 0
    assert cli.main(["edit", "undo", "3", "--by", "R"]) == 0
    capsys.readouterr()
    assert cli.main(["history", "sites", "--json"]) == 0
    assert [one["number"] for one in json.loads(capsys.readouterr().out)["items"]] == [4, 3, 2, 1]
    assert cli.main(["history"]) == 0
    assert "wrong" in capsys.readouterr().out
    for bad in (
        ["edit", "undo", "x", "--by", "R"],
        ["edit", "change", "sites", "--by", "R"],
        ["edit", "change", "sites", "new-post", "--by", "R", "--set", "priority"],
        ["edit", "change", "sites", "new-post", "--by", "R", "--at", "here"],
        ["history", "nowhere"],
    ):
        assert cli.main(bad) == 2
