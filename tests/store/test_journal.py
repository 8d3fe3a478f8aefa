"""The journal: what is in it outlasts a crash, and is read back as it was written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import NotFound, Unwritable
from geodata.store import journal as module
from geodata.store.journal import NAME, Edit, Journal
from tests.tree import ROOT

FULL = 2
"""What SQLite answers for synchronous=FULL: the log is synced at each commit."""
ITEM = {"type": "Feature", "id": "post", "geometry": None, "properties": {"name_ar": "مركز", "depth": [1, {"a": None}]}}


def edit(feature: str = "post", layer: str = "sites", **more: Any) -> Edit:
    fields = {"operation": "change", "before": None, "after": ITEM, "who": "Rana", "at": "2024-01-28T00:00:00Z"}
    return Edit(layer, feature, **{**fields, **more})


class Watched(sqlite3.Connection):
    """A connection that reads its own settings back at each write, and says in which order things are done."""

    seen: list[Any]

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if sql.startswith(("INSERT", "DELETE")):
            read = super().execute
            (synchronous,), (mode,) = (read(f"PRAGMA {name}").fetchone() for name in ("synchronous", "journal_mode"))
            Watched.seen.append((sql.split()[0], synchronous, mode, self.isolation_level))
        return super().execute(sql, *values)

    def close(self) -> None:
        Watched.seen.append(("closed", self.in_transaction))
        super().close()


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return what the journal's connections do, as they do it."""
    connect = sqlite3.connect
    Watched.seen = []

    def watching(path: Path, **options: Any) -> sqlite3.Connection:
        if Path(path).name != NAME:
            return connect(path, **options)
        Watched.seen.append(("opened", options.get("timeout")))
        return connect(path, factory=Watched, **options)

    monkeypatch.setattr(module.sqlite3, "connect", watching)
    return Watched.seen


def test_every_write_is_synced_before_it_is_told(tmp_path: Path, watched: list[Any]) -> None:
    number = Journal(tmp_path).add(edit())
    assert watched == [("opened", 10.0), ("INSERT", FULL, "wal", None), ("closed", False)]
    watched.clear()
    Journal(tmp_path).forget(number)
    assert watched == [("opened", 10.0), ("DELETE", FULL, "wal", None), ("closed", False)]


KILLED = """
import os, sys
from pathlib import Path
from geodata.store.journal import Edit, Journal
kept = Journal(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    print(kept.add(Edit("sites", f"post-{number}", "add", None, {"n": number}, "Rana", "now")), flush=True)
os.kill(os.getpid(), 9)
"""


def test_what_was_told_is_there_after_the_process_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path), "3"]
    completed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ})
    assert completed.returncode == -9, completed.stderr
    assert [int(line) for line in completed.stdout.split()] == [1, 2, 3]
    assert [(one.number, one.feature, one.after) for one in Journal(tmp_path).after("sites", 0)] == [
        (number + 1, f"post-{number}", {"n": number}) for number in range(3)
    ]


def test_an_edit_comes_back_as_it_went_in(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    first = edit(why="a report", undoes=7, before={"x": 1.5})
    number = journal.add(first)
    (found,) = journal.of()
    assert found == Edit(**{**first.__dict__, "number": number})
    assert found.to_dict() == {
        "number": number,
        "layer": "sites",
        "feature": "post",
        "operation": "change",
        "before": {"x": 1.5},
        "after": ITEM,
        "who": "Rana",
        "at": "2024-01-28T00:00:00Z",
        "why": "a report",
        "undoes": 7,
    }
    assert journal.get(number) == found
    journal.add(edit(before=ITEM, after=None))
    assert (journal.of()[0].before, journal.of()[0].after) == (ITEM, None)
    assert (journal.of()[0].why, journal.of()[0].undoes) == ("", None)


STATES = [None, {"v": 1}, {"v": 2}]
edits = st.lists(
    st.tuples(
        st.sampled_from(["sites", "events"]), st.sampled_from("abc"), st.sampled_from(STATES), st.sampled_from(STATES)
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits, st.sets(st.integers(1, 12), max_size=3), st.integers(0, 12), st.integers(1, 5))
def test_it_answers_as_a_list_would(
    tmp_path: Path, written: list[Any], forgotten: set[int], start: int, most: int
) -> None:
    (tmp_path / NAME).unlink(missing_ok=True)
    journal = Journal(tmp_path)
    model = []
    for layer, feature, before, after in written:
        number = journal.add(edit(feature, layer, before=before, after=after))
        assert number == len(model) + 1
        model.append(Edit(**{**edit(feature, layer, before=before, after=after).__dict__, "number": number}))
    for number in forgotten:
        journal.forget(number)
    model = [one for one in model if one.number not in forgotten]
    assert journal.of() == model[::-1]
    assert journal.of(most=most) == model[::-1][:most]
    for layer in ("sites", "events"):
        here = [one for one in model if one.layer == layer]
        assert journal.of(layer) == here[::-1]
        assert journal.after(layer, start) == [one for one in here if one.number > start]
        by_feature: dict[str, list[Edit]] = {}
        for one in here:
            by_feature.setdefault(one.feature, []).append(one)
            assert journal.of(layer, one.feature) == [x for x in here[::-1] if x.feature == one.feature]
        assert journal.edited(layer) == {
            feature: some[-1].after is not None
            for feature, some in by_feature.items()
            if some[0].before != some[-1].after
        }
    for number in forgotten - {one.number for one in model}:
        with pytest.raises(NotFound, match=str(number)):
            journal.get(number)


def test_what_others_read_of_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert journal.path == tmp_path / "journal.sqlite"
    assert edit().number == 0
    database = sqlite3.connect(journal.path, isolation_level=None)
    database.execute(module._TABLE)
    row = "('sites', 'post', 'add', NULL, NULL, 'Rana', 'now', '', NULL)"
    columns = "(layer, feature, operation, before, after, who, at, why, undoes)"
    database.execute(f"INSERT INTO edits {columns} VALUES {', '.join([row] * 1_001)}")
    database.close()
    # A page of them where nobody says how many.
    assert len(journal.of()) == 1_000


def test_a_number_is_never_given_twice(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.forget(journal.add(edit()))
    assert journal.add(edit()) == 2


def test_what_was_never_written_is_empty_and_makes_no_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert (journal.of(), journal.after("sites", 0), journal.edited("sites")) == ([], [], {})
    assert not list(tmp_path.iterdir())
    sqlite3.connect(journal.path).close()
    journal.forget(1)
    assert journal.of() == []


def test_a_damaged_journal_is_named(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.path.write_bytes(b"no database, though it is long enough to be looked at as one. " * 20)
    for ask in (lambda: journal.add(edit()), journal.of, lambda: journal.get(1)):
        with pytest.raises(Unwritable, match=f"{journal.path}: cannot be used: "):
            ask()
    journal.forget(1)


def test_a_journal_with_other_columns_is_an_error_and_not_an_empty_one(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    database = sqlite3.connect(journal.path)
    database.execute("CREATE TABLE edits (other TEXT)")
    database.close()
    with pytest.raises(Unwritable, match="no such column"):
        journal.of()


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "gone")
    assert journal.of() == []
    with pytest.raises(Unwritable, match="gone"):
        journal.add(edit())


def test_the_edits_of_a_feature_are_found_by_an_index(tmp_path: Path) -> None:
    Journal(tmp_path).add(edit())
    database = sqlite3.connect(tmp_path / NAME)
    plan = database.execute("EXPLAIN QUERY PLAN SELECT * FROM edits WHERE layer = 'a' AND feature = 'b'").fetchall()
    database.close()
    assert "edits_of" in str(plan)


def test_many_more_edits_than_are_shown_are_counted_for_what_changed(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for number in range(6):
        journal.add(edit(f"post-{number}"))
    shutil.copytree(tmp_path, tmp_path / "copy")
    assert len(Journal(tmp_path / "copy").edited("sites")) == 6
