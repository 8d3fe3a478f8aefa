"""The one queue of work that is answered later: imports and executions, their states, progress, and how they end.

All about a job is in the state that the server processes of a workspace share (`server_state.py`): any of them can
list, read and dismiss it. The process that accepted a job runs it in a thread; where that process ends first, the job
has failed.
"""

from __future__ import annotations

import json
import logging
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from werkzeug.exceptions import ServiceUnavailable

from geodata.errors import MasafaError, NotFound, Unwritable
from geodata.messages import Message
from geodata.version import __version__
from webapp.server_state import Owner, ServerState, server_state

ACCEPTED, RUNNING, SUCCESSFUL, FAILED, DISMISSED = STATES = (
    "accepted",
    "running",
    "successful",
    "failed",
    "dismissed",
)
OVER = (SUCCESSFUL, FAILED, DISMISSED)
KEPT = 32
"""Jobs of a kind that are held at a time, finished ones among them."""
BROKEN_OFF = Message("failed.broken_off")

log = logging.getLogger("masafa")


@dataclass(frozen=True)
class Kind:
    """A kind of job: how many run at a time in a process, and what becomes of them."""

    name: str
    at_once: int
    failure: str
    """The code of what is said where it failed in a way that nobody foresaw."""
    age: timedelta | None = None
    """How long a finished job is held; None until others need its place."""
    atomic: bool = False
    """Whether it may have taken effect when it is dismissed: then its end says which, and what has ended stays so."""


@dataclass(frozen=True)
class Job:
    """A job as it stands; what came of it is read apart (`JobQueue.result`)."""

    id: str
    name: str
    """What it is about: an analysis, a file."""
    request: Mapping[str, Any]
    state: str
    created: datetime
    started: datetime | None = None
    finished: datetime | None = None
    step: str = ""
    rows: int = 0
    error: MasafaError | None = None
    number: int = 0


class Dismissed(Exception):
    """Whoever began a job wants it no more."""


class RunningJob:
    """A job under way, as its work sees it."""

    def __init__(self, state: ServerState, number: int) -> None:
        self._state = state
        self._number = number

    def report(self, step: str, rows: int) -> None:
        """Record progress; raises Dismissed where the job was dismissed, in whichever process."""
        with self._state.writing() as database:
            database.execute("UPDATE jobs SET step = ?, rows = ? WHERE number = ?", [step, rows, self._number])
            self._check(database)

    def check(self) -> None:
        """Raise Dismissed where the job was dismissed."""
        with self._state.reading() as database:
            self._check(database)

    def _check(self, database: sqlite3.Connection | None) -> None:
        query = "SELECT cancelled FROM jobs WHERE number = ?"
        row = database.execute(query, [self._number]).fetchone() if database else None
        if row is None or row["cancelled"]:
            raise Dismissed


Work = Callable[[RunningJob], Any]
"""What a job does; it returns what came of it as JSON values."""


class JobQueue:
    """The jobs of a workspace, and threads for those that were accepted here."""

    def __init__(self, state: Callable[[], ServerState] = server_state) -> None:
        self._state = state
        self._lock = Lock()
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._owners: dict[Path, Owner] = {}
        self._active: set[tuple[str, int]] = set()
        """The jobs that were accepted here and are not over: by the sign of life, and by number."""

    def begin(self, kind: Kind, name: str, request: Mapping[str, Any], work: Work, id_: str = "") -> Job:
        """Accept a job; one with the same id that is under way or has succeeded stands instead.

        Raises 503 where there are too many unfinished jobs of the kind, Unwritable.
        """
        id_ = id_ or secrets.token_hex(16)
        # From accepting a job until its number is known here nobody may take it for one that was left.
        with self._lock:
            state = self._state()
            with state.writing() as database:
                _fail_those_left(database, state.folder, self._own(state), self._active)
                query = "SELECT * FROM jobs WHERE kind = ? AND id = ? AND version = ?"
                former = database.execute(query, [kind.name, id_, __version__]).fetchone()
                if former is not None and former["state"] not in (FAILED, DISMISSED):
                    return _job(former)
                _make_room(database, kind, id_)
                number = database.execute(
                    "INSERT INTO jobs (id, kind, name, request, version, owner, state, created) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    [id_, kind.name, name, json.dumps(request), __version__, self._own(state), ACCEPTED, _now()],
                ).lastrowid
                row = database.execute("SELECT * FROM jobs WHERE number = ?", [number]).fetchone()
            job = _job(row)
            self._active.add((self._own(state), job.number))
            if kind.name not in self._pools:
                self._pools[kind.name] = ThreadPoolExecutor(kind.at_once, thread_name_prefix=kind.name)
        self._pools[kind.name].submit(self._run, state, kind, job.number, work)
        return job

    def all(self, kind: Kind) -> list[Job]:
        """Return the jobs of a kind, the newest first."""
        return [_job(row) for row in self._rows(kind)]

    def get(self, kind: Kind, id_: str) -> Job:
        """Return a job; raises NotFound, also for one that is forgotten."""
        rows = self._rows(kind, id_)
        if not rows:
            raise NotFound(kind.name, id_)
        return _job(rows[0])

    def result(self, job: Job) -> Any:
        """Return what came of a job; None where nothing did."""
        with self._state().reading() as database:
            row = database and database.execute("SELECT result FROM jobs WHERE number = ?", [job.number]).fetchone()
        return json.loads(row["result"]) if row and row["result"] is not None else None

    def dismiss(self, kind: Kind, id_: str) -> Job:
        """Dismiss a job: one that waits never runs; what one under way finds, or has found, is dropped.

        An atomic one under way is asked to stop, and says how it ended once it has; one that has ended stays as it is.
        """
        job = self.get(kind, id_)
        with self._state().writing() as database:
            database.execute("UPDATE jobs SET cancelled = 1 WHERE number = ?", [job.number])
            database.execute(
                "UPDATE jobs SET state = ?, result = NULL, error = NULL, finished = coalesce(finished, ?) "
                "WHERE number = ? AND (state = ? OR NOT ?)",
                [DISMISSED, _now(), job.number, ACCEPTED, kind.atomic],
            )
        return self.get(kind, id_)

    def _own(self, state: ServerState) -> str:
        """Return the id of this queue's sign of life; the caller writes to the state."""
        if state.folder not in self._owners:
            Owner.sweep(state.folder)
            self._owners[state.folder] = Owner(state.folder)
        return self._owners[state.folder].id

    def _rows(self, kind: Kind, id_: str | None = None) -> list[sqlite3.Row]:
        """Return the rows of the jobs that are not forgotten; those whose process has ended have failed by then."""
        self._fail_those_left()
        query = (
            "SELECT number, id, name, request, state, created, started, finished, step, rows, error FROM jobs "
            "WHERE kind = ? AND version = ? AND (finished IS NULL OR finished >= ?) AND (? IS NULL OR id = ?) "
            "ORDER BY number DESC"
        )
        with self._state().reading() as database:
            values = [kind.name, __version__, _since(kind), id_, id_]
            return database.execute(query, values).fetchall() if database else []

    def _fail_those_left(self) -> None:
        state = self._state()
        with self._lock:
            own = self._owners.get(state.folder)
            with state.reading() as database:
                if database is None or not list(_left(database, state.folder, own.id if own else "", self._active)):
                    return
            # Unless it can be written the job goes on to look unfinished.
            with suppress(Unwritable), state.writing() as database:
                _fail_those_left(database, state.folder, own.id if own else "", self._active)

    def _run(self, state: ServerState, kind: Kind, number: int, work: Work) -> None:
        try:
            with state.writing() as database:
                query = "UPDATE jobs SET state = ?, started = ? WHERE number = ? AND state = ?"
                if not database.execute(query, [RUNNING, _now(), number, ACCEPTED]).rowcount:
                    return
            outcome = _outcome(kind, work, RunningJob(state, number))
            with state.writing() as database:
                database.execute(
                    "UPDATE jobs SET state = ?, result = ?, error = ?, finished = ? WHERE number = ? AND state = ?",
                    [*outcome, _now(), number, RUNNING],
                )
        except Unwritable as error:
            log.error("a job's state was not recorded: %s", error)
        finally:
            with self._lock:
                self._active.discard((self._own(state), number))


def _outcome(kind: Kind, work: Work, running: RunningJob) -> tuple[str, str | None, str | None]:
    """Return the state that a job ends in, and its result or its error as JSON."""
    try:
        return SUCCESSFUL, json.dumps(work(running), default=dict), None
    except Dismissed:
        return DISMISSED, None, None
    except MasafaError as error:
        return FAILED, None, error_to_json(error)
    except Exception:
        log.exception("a job failed: %s", kind.name)
        return FAILED, None, error_to_json(MasafaError(Message(kind.failure)))


def _left(database: sqlite3.Connection, folder: Path, own: str, active: set[tuple[str, int]]) -> Iterator[int]:
    """Yield the numbers of unfinished jobs that nobody runs."""
    alive: dict[str, bool] = {}
    for row in database.execute("SELECT number, owner FROM jobs WHERE finished IS NULL").fetchall():
        owner = row["owner"]
        if owner == own:
            running = (own, row["number"]) in active
        else:
            running = alive[owner] if owner in alive else alive.setdefault(owner, Owner.is_alive(folder, owner))
        if not running:
            yield row["number"]


def _fail_those_left(database: sqlite3.Connection, folder: Path, own: str, active: set[tuple[str, int]]) -> None:
    error = error_to_json(MasafaError(BROKEN_OFF))
    for number in list(_left(database, folder, own, active)):
        database.execute(
            "UPDATE jobs SET state = ?, error = ?, finished = ? WHERE number = ? AND finished IS NULL",
            [FAILED, error, _now(), number],
        )


def _make_room(database: sqlite3.Connection, kind: Kind, id_: str) -> None:
    """Delete the job that a new one stands in place of, those past their age, and the oldest finished ones."""
    database.execute(
        "DELETE FROM jobs WHERE kind = ? AND (id = ? OR finished < ? OR (finished IS NOT NULL AND version != ?))",
        [kind.name, id_, _since(kind), __version__],
    )
    count = database.execute("SELECT count(*) FROM jobs WHERE kind = ?", [kind.name]).fetchone()[0]
    database.execute(
        "DELETE FROM jobs WHERE number IN (SELECT number FROM jobs WHERE kind = ? AND finished IS NOT NULL "
        "ORDER BY number LIMIT ?)",
        [kind.name, max(0, count + 1 - KEPT)],
    )
    if database.execute("SELECT count(*) FROM jobs WHERE kind = ?", [kind.name]).fetchone()[0] >= KEPT:
        raise ServiceUnavailable(f"{KEPT} jobs are under way; ask again", retry_after=30)


def error_to_json(error: MasafaError) -> str:
    """Return an error of the library as JSON: its class and its message."""
    return json.dumps([type(error).__name__, error.message.to_dict()])


def error_from_json(text: str) -> MasafaError:
    """Return the error that was written: of its class, with its message and the message's parameters."""
    name, message = json.loads(text)
    kinds = {kind.__name__: kind for kind in _subclasses(MasafaError)}
    kind = kinds.get(name, MasafaError)
    error = kind.__new__(kind)
    error.message = Message.from_dict(message)
    error.args = (error.message.code,)
    vars(error).update(error.message.parameters)
    return error


def _subclasses(kind: type[MasafaError]) -> Iterator[type[MasafaError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _subclasses(narrower)


def _job(row: sqlite3.Row) -> Job:
    return Job(
        row["id"],
        row["name"],
        json.loads(row["request"]),
        row["state"],
        datetime.fromisoformat(row["created"]),
        _read(row["started"]),
        _read(row["finished"]),
        row["step"],
        row["rows"],
        None if row["error"] is None else error_from_json(row["error"]),
        row["number"],
    )


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _since(kind: Kind) -> str:
    """Return the moment before which a job has to have ended to be forgotten."""
    return "" if kind.age is None else _written(datetime.now(UTC) - kind.age)


def _now() -> str:
    return _written(datetime.now(UTC))


def _written(moment: datetime) -> str:
    """Return a moment as text that sorts as moments do."""
    return moment.isoformat(timespec="microseconds")


JOBS = JobQueue()
"""The jobs of the workspace, begun by this process or by others that serve it."""
