"""What the server processes of a workspace share: jobs and sign-ins, in SQLite in the workspace's folder `server`.

Every operation opens the database anew, so that threads and processes share nothing else. Where the workspace cannot be
written, a process has a temporary database of its own: its jobs and sign-ins end with it.
"""

from __future__ import annotations

import atexit
import logging
import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from geodata import system
from geodata.catalog import workspace
from geodata.errors import Unwritable

FOLDER = "server"
NAME = "state-1.sqlite"
"""With the number of its layout: a version of the program that has another one uses another file."""
PATIENCE = 30.0
"""Seconds that one writer waits for another."""
_TABLES = (
    "CREATE TABLE jobs (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, kind TEXT NOT NULL, "
    "name TEXT NOT NULL, request TEXT NOT NULL, version TEXT NOT NULL, owner TEXT NOT NULL, state TEXT NOT NULL, "
    "created TEXT NOT NULL, started TEXT, finished TEXT, step TEXT NOT NULL DEFAULT '', rows INTEGER NOT NULL "
    "DEFAULT 0, cancelled INTEGER NOT NULL DEFAULT 0, error TEXT, result TEXT, UNIQUE (kind, id))",
    "CREATE TABLE sign_in_keys (number INTEGER PRIMARY KEY CHECK (number = 1), value TEXT NOT NULL)",
    "CREATE TABLE sign_in_tokens (number INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL)",
)
_PASSING = (
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_NOMEM),
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_INTERRUPT),
)
"""What may be wrong though the file is not damaged."""
log = logging.getLogger("masafa")


class ServerState:
    """The shared database of a workspace; it need not exist before something is written."""

    def __init__(self, workspace_folder: Path) -> None:
        self._workspace = workspace_folder
        self._temporary: Path | None = None

    @property
    def folder(self) -> Path:
        """The folder of the database."""
        return self._temporary or self._workspace / FOLDER

    @property
    def path(self) -> Path:
        """The file of the database."""
        return self.folder / NAME

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """Yield a connection to read by; None where nothing was written yet. Raises Unwritable."""
        if not self.path.exists():
            yield None
            return
        with self._connected() as database:
            yield database

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection in a transaction, which nobody else writes during. Raises Unwritable."""
        self._create()
        with self._connected() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    def _create(self) -> None:
        """Create the database, to be read by its owner alone; a temporary one where the workspace refuses."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.access(self.folder, os.W_OK):
                if not self.path.exists():
                    _build(self.path)
                return
        except OSError:
            if self._temporary is not None:
                raise Unwritable("folder", path=self.folder) from None
        log.warning("%s cannot be written: jobs and sign-ins end with this process", self.folder)
        self._temporary = Path(tempfile.mkdtemp(prefix="masafa-server-"))
        atexit.register(shutil.rmtree, self._temporary, ignore_errors=True)
        self._create()

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(self._opened()) as database:
                yield database
        except sqlite3.Error as error:
            self.repair()
            raise Unwritable("journal", path=self.path, error=error) from None

    def _opened(self) -> sqlite3.Connection:
        try:
            return _connect(self.path)
        except sqlite3.Error:
            self.repair()
            self._create()
            return _connect(self.path)

    def repair(self) -> None:
        """Set the database aside where it is damaged: its jobs are forgotten, and one has to sign in again."""
        if _is_intact(self.path):
            return
        with _locked(self.folder / "setup.lock"):
            # Another process may have done so meanwhile.
            if not _is_intact(self.path):
                log.error("%s is damaged: set aside as %s.damaged", self.path, NAME)
                self.path.replace(self.path.with_name(f"{NAME}.damaged"))
                for ending in ("-wal", "-shm"):
                    self.path.with_name(NAME + ending).unlink(missing_ok=True)


class Owner:
    """A process's sign of life: a file that it holds locked; the system releases the lock however it ends."""

    def __init__(self, folder: Path) -> None:
        self.id = f"owner-{secrets.token_hex(8)}"
        self._handle = os.open(folder / f"{self.id}.lock", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        system.lock(self._handle)

    def release(self) -> None:
        """Give the lock back, as the end of the process does."""
        os.close(self._handle)

    @staticmethod
    def is_alive(folder: Path, id_: str) -> bool:
        """Tell whether the process with this sign of life still runs."""
        try:
            handle = os.open(folder / f"{id_}.lock", os.O_RDWR)
        except OSError:
            return False
        try:
            # Shared: who looks at the same time must not pass for the owner.
            return not system.lock(handle, wait=False, shared=True)
        finally:
            os.close(handle)

    @staticmethod
    def sweep(folder: Path) -> None:
        """Delete the signs of life of processes that have ended; called in a transaction, as new ones are made."""
        for path in folder.glob("owner-*.lock"):
            if not Owner.is_alive(folder, path.stem):
                path.unlink(missing_ok=True)


@cache
def _state_of(folder: Path) -> ServerState:
    return ServerState(folder)


def server_state() -> ServerState:
    """Return the state that the server processes of the workspace share."""
    return _state_of(workspace().folder)


def _build(path: Path) -> None:
    """Make a database under another name, and give it its own once all tables are in it."""
    with _locked(path.with_name("setup.lock")):
        if path.exists():
            return
        new = path.with_name(f"{path.name}.new")
        new.unlink(missing_ok=True)
        os.close(os.open(new, os.O_RDWR | os.O_CREAT, 0o600))
        try:
            with closing(sqlite3.connect(new)) as database:
                # Results that are forgotten give their place on the disk back.
                database.execute("PRAGMA auto_vacuum = FULL")
                database.execute("PRAGMA journal_mode = WAL")
                for table in _TABLES:
                    database.execute(table)
        except sqlite3.Error as error:
            raise OSError(str(error)) from None
        new.replace(path)


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    try:
        database.row_factory = sqlite3.Row
        # A job ends with its process: what is not yet synced when the power fails is of no use to anybody.
        database.execute("PRAGMA synchronous = NORMAL")
        # Nothing is read before it is asked for: a damaged file shows here.
        database.execute("SELECT number FROM jobs LIMIT 1").fetchone()
    except sqlite3.Error:
        database.close()
        raise
    return database


def _is_intact(path: Path) -> bool:
    """Tell whether nothing is wrong with a database; one that is not there, or cannot be read now, is not damaged."""
    if not path.exists():
        return True
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as database:
            tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
            sound = database.execute("PRAGMA quick_check").fetchone()[0] == "ok"
            return sound and {"jobs", "sign_in_keys", "sign_in_tokens"} <= tables
    except sqlite3.Error as error:
        # The upper bits say more of the same.
        return error.sqlite_errorcode & 0xFF in _PASSING


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        system.lock(handle)
        yield
    finally:
        os.close(handle)
