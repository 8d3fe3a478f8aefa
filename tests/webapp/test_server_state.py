"""What the servers of a workspace share: made once, private; damage is set aside; no workspace is no obstacle."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import Unwritable
from tests.tree import ROOT
from webapp import auth, create_app
from webapp.config import Config
from webapp.server_state import NAME, Owner, ServerState

INSERT = "INSERT INTO sign_in_tokens (digest) VALUES (?)"


def tokens(state: ServerState) -> list[str]:
    with state.reading() as database:
        return [row[0] for row in database.execute("SELECT digest FROM sign_in_tokens")] if database else []


def add(state: ServerState, text: str) -> None:
    with state.writing() as database:
        database.execute(INSERT, [text])


def test_nothing_is_there_before_it_is_written(tmp_path: Path) -> None:
    state = ServerState(tmp_path / "absent")
    assert tokens(state) == []
    assert not (tmp_path / "absent").exists()
    add(state, "a")
    assert tokens(ServerState(tmp_path / "absent")) == ["a"]


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    state = ServerState(tmp_path)

    def fail(error: Exception) -> None:
        with state.writing() as database:
            database.execute(INSERT, ["a"])
            raise error

    with pytest.raises(RuntimeError):
        fail(RuntimeError())
    with pytest.raises(Unwritable, match="cannot be used: full"):
        fail(sqlite3.OperationalError("full"))
    assert tokens(state) == []


def test_threads_do_not_lose_what_others_write(tmp_path: Path) -> None:
    names = [str(number) for number in range(64)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: add(ServerState(tmp_path), name), names))
    assert sorted(tokens(ServerState(tmp_path))) == sorted(names)


def test_processes_that_start_together_share_one_state(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from webapp.server_state import ServerState\n"
        "state = ServerState(Path(sys.argv[1]))\n"
        "for number in range(20):\n"
        "    with state.writing() as database:\n"
        f"        database.execute({INSERT!r}, [f'{{sys.argv[2]}}-{{number}}'])\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(number)], cwd=ROOT) for number in range(4)
    ]
    assert [process.wait(120) for process in started] == [0] * 4
    assert len(set(tokens(ServerState(tmp_path)))) == 80


@pytest.fixture
def no_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workspace that nothing can be written to, not even by root: a file lies where its folder would."""
    path = tmp_path / "file"
    path.write_text("no folder")
    monkeypatch.setenv("MASAFA_WORKSPACE", str(path / "workspace"))
    yield path
    assert path.read_text() == "no folder"


def test_where_nothing_can_be_written_the_state_is_temporary(no_workspace: Path) -> None:
    state = ServerState(no_workspace / "workspace")
    add(state, "a")
    assert tokens(state) == ["a"]
    assert no_workspace not in state.folder.parents
    assert tokens(ServerState(no_workspace / "workspace")) == []


def test_without_a_workspace_a_server_goes_on(no_workspace: Path) -> None:
    app = create_app(Config())
    client = app.test_client()
    body = {"inputs": {"layer": "hasakah-prison", "target": "border-iq-sy"}}
    run = "/api/processes/proximity/execution"
    answer = client.post(run, json=body, headers={"Prefer": "respond-async"})
    assert answer.status_code == 201
    assert client.get(f"/api/jobs/{answer.get_json()['jobID']}").status_code == 200
    assert client.get(f"/sign-in?token={app.extensions['masafa_token']}").status_code == 303
    assert client.get("/edits/history.json").status_code == 200


def test_a_server_starts_where_the_state_cannot_be_used(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*arguments: object) -> str:
        raise Unwritable("folder", path="/x")

    monkeypatch.setattr(auth, "_shared_key", refuse)
    app = create_app(Config())
    assert ("masafa", "links and sign-ins of this process are its own: /x: cannot be written") in [
        (record.name, record.getMessage()) for record in caplog.records
    ]
    assert len(app.extensions["masafa_key"]) == 43
    client = app.test_client()
    assert client.get("/sign-in?token=wrong").status_code == 403
    assert client.get(f"/sign-in?token={app.extensions['masafa_token']}").status_code == 303
    assert client.get("/edits/history.json").status_code == 200


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, 40_000), damage=st.binary(min_size=1, max_size=400), cut=st.booleans())
def test_a_damaged_state_is_set_aside(
    tmp_path_factory: pytest.TempPathFactory, start: int, damage: bytes, cut: bool
) -> None:
    state = ServerState(tmp_path_factory.mktemp("damaged"))
    for number in range(3):
        add(state, str(number))
    data = state.path.read_bytes()
    start %= len(data)
    damaged = data[:start] if cut else data[:start] + damage + data[start + len(damage) :]
    state.path.write_bytes(damaged)
    state.repair()
    # Whatever it was before: what is written now is there.
    add(state, "new")
    assert tokens(state)[-1] == "new"
    aside = state.path.with_name(f"{NAME}.damaged")
    assert not aside.exists() or aside.read_bytes() == damaged


@pytest.mark.parametrize("data", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 4096])
@pytest.mark.parametrize("first", ["reads", "writes"])
def test_what_is_no_state_is_set_aside_by_who_meets_it(tmp_path: Path, data: bytes, first: str) -> None:
    state = ServerState(tmp_path)
    state.folder.mkdir()
    state.path.write_bytes(data)
    if first == "reads":
        assert tokens(state) == []
    add(state, "a")
    assert tokens(state) == ["a"]
    assert state.path.with_name(f"{NAME}.damaged").read_bytes() == data


def test_damage_that_shows_late_is_an_error_once(tmp_path: Path) -> None:
    state = ServerState(tmp_path)
    add(state, "a")

    def fail() -> None:
        with state.reading():
            state.path.write_bytes(b"no database")
            raise sqlite3.DatabaseError("malformed")

    with pytest.raises(Unwritable):
        fail()
    add(state, "b")
    assert tokens(state) == ["b"]


def test_what_is_deleted_gives_its_place_back(tmp_path: Path) -> None:
    state = ServerState(tmp_path)
    add(state, "x" * 10**7)
    assert state.path.stat().st_size > 10**7
    with state.writing() as database:
        database.execute("DELETE FROM sign_in_tokens")
    assert tokens(state) == []
    assert state.path.stat().st_size < 10**6


def test_a_sign_of_life_ends_with_its_owner(tmp_path: Path) -> None:
    owner = Owner(tmp_path)
    assert Owner.is_alive(tmp_path, owner.id)
    Owner.sweep(tmp_path)
    assert Owner.is_alive(tmp_path, owner.id)
    owner.release()
    assert not Owner.is_alive(tmp_path, owner.id)
    Owner.sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not Owner.is_alive(tmp_path, owner.id)
