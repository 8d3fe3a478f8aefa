"""Files that were sent and not yet brought in: kept in the workspace for a day, each under a token of its own."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from geodata.catalog import workspace
from geodata.errors import NotFound, Refused, Unwritable, cause
from geodata.store.geojson_store import write_whole
from webapp.security import MAX_FILE

AGE_SECONDS = 86_400
MOST = 16
"""Files that wait at a time; the oldest makes room."""
_TOKEN = re.compile(r"[0-9a-f]{32}\Z")
_FILE, _ABOUT = "file", "about.json"


@dataclass(frozen=True)
class Upload:
    """A file that waits, and what whoever sent it called it."""

    token: str
    name: str
    path: Path

    def drop(self) -> None:
        """Take the file away."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


def keep(stream: IO[bytes], name: str) -> Upload:
    """Keep a file; raises Refused for an empty or too large one, Unwritable."""
    token = secrets.token_hex(16)
    folder = _folder() / token
    try:
        folder.mkdir(parents=True)
        _sweep(folder)
        with (folder / _FILE).open("wb") as file:
            shutil.copyfileobj(stream, file, 1024 * 1024)
            size = file.tell()
        if not 0 < size <= MAX_FILE:
            raise Refused("upload_size", size=size, most=MAX_FILE)
        # It counts as sent from here on: a crash before leaves what is swept away.
        write_whole(folder / _ABOUT, json.dumps({"name": _printable(name)}).encode())
    except (OSError, Unwritable) as error:
        shutil.rmtree(folder, ignore_errors=True)
        why = cause(error) if isinstance(error, OSError) else error.message
        raise Unwritable("workspace", path=folder.parents[1], error=why) from None
    except Refused:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return find_upload(token)


def find_upload(token: str) -> Upload:
    """Return an uploaded file; raises NotFound, also for one older than a day."""
    folder = _folder() / token
    if not _TOKEN.match(token) or not (folder / _ABOUT).is_file():
        raise NotFound("upload", token)
    name = json.loads((folder / _ABOUT).read_bytes())["name"]
    return Upload(token, name, folder / _FILE)


def _folder() -> Path:
    return workspace().folder / "uploads"


def _printable(name: str) -> str:
    """Return the last part of a path, printable characters only."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(sign for sign in last if sign.isprintable())[-200:] or "file"


def _sweep(new: Path) -> None:
    """Delete expired uploads, and the oldest where there are too many beside the new one."""
    waiting = [entry for entry in _folder().iterdir() if entry.is_dir() and entry != new]
    waiting.sort(key=lambda entry: entry.stat().st_mtime)
    old = time.time() - AGE_SECONDS
    for at, folder in enumerate(waiting):
        if folder.stat().st_mtime < old or at <= len(waiting) - MOST:
            shutil.rmtree(folder, ignore_errors=True)
