"""Files being brought in: one at a time in the background, with its progress, and safe to cancel."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any

from geodata.catalog import current, workspace
from geodata.errors import MasafaError, NotFound
from geodata.importing.ingest import ImportOptions, Report, load
from webapp.imports.uploads import Upload

KEPT = 32
"""Jobs that are remembered; those that are over make room."""
OVER = ("done", "failed", "cancelled")

log = logging.getLogger("masafa")


class _Cancelled(Exception):
    """Whoever began it wants it no more."""


@dataclass
class Job:
    """How an import stands: waiting, running, done, failed or cancelled."""

    upload: Upload
    options: ImportOptions
    total: int | None
    """Rows of the file, where they were counted."""
    state: str = "waiting"
    step: str = "read"
    rows: int = 0
    report: Report | None = None
    error: MasafaError | None = None
    cancelled: bool = False

    def tell(self, step: str, rows: int) -> None:
        """Take note of progress; ends the import where it was cancelled."""
        self.step, self.rows = step, rows
        if self.cancelled:
            raise _Cancelled


class Jobs:
    """The imports of this server, by the token of their file."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="import")

    def begin(self, upload: Upload, options: ImportOptions, total: int | None) -> Job:
        """Start to import a file; an import of it that is under way goes on."""
        with self._lock:
            before = self._jobs.get(upload.token)
            if before is not None and before.state in ("waiting", "running", "done"):
                return before
            over = [token for token, job in self._jobs.items() if job.state in OVER]
            for token in over[: max(0, len(self._jobs) + 1 - KEPT)]:
                del self._jobs[token]
            job = Job(upload, options, total)
            self._jobs[upload.token] = job
        self._pool.submit(self._run, job)
        return job

    def get(self, token: str) -> Job:
        """Return the import of a file; raises NotFound, also after a restart: it was broken off and left nothing."""
        with self._lock:
            if token not in self._jobs:
                raise NotFound("import", token)
            return self._jobs[token]

    def cancel(self, token: str) -> Job:
        """End an import before it has written; one that is over stays as it is."""
        job = self.get(token)
        with self._lock:
            job.cancelled = True
            if job.state == "waiting":
                job.state = "cancelled"
        return job

    def _run(self, job: Job) -> None:
        with self._lock:
            if job.state != "waiting":
                return
            job.state = "running"
        outcome: dict[str, Any] = {}
        try:
            report = load(job.upload.path, job.upload.name, job.options, workspace(), current(), job.tell)
            job.upload.drop()
            outcome = {"report": report, "state": "done"}
        except _Cancelled:
            outcome = {"state": "cancelled"}
        except MasafaError as error:
            outcome = {"error": error, "state": "failed"}
        except Exception:
            log.exception("an import failed")
            outcome = {"error": MasafaError("import"), "state": "failed"}
        with self._lock:
            for name, value in outcome.items():
                setattr(job, name, value)


JOBS = Jobs()
