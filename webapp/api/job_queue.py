"""Executions that run in the background: their states, and the few that are kept."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from werkzeug.exceptions import ServiceUnavailable

from geodata.errors import MasafaError, NotFound
from geodata.model import Result
from webapp.api import links
from webapp.result_cache import ask

KEPT = 32
"""Jobs that are held at a time, finished ones among them."""
AGE = timedelta(hours=1)
AT_ONCE = 2
"""Jobs that run at a time: fewer than the questions that are measured at a time, so that pages go on."""


@dataclass
class Job:
    """One execution: its question, how it stands, and what came of it."""

    process: str
    inputs: Mapping[str, str]
    form: str = "json"
    document: bool = False
    """Whether the results stand under the name of the output."""
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    started: datetime | None = None
    finished: datetime | None = None
    state: str = "accepted"
    result: Result | None = None
    error: MasafaError | None = None

    def status(self) -> dict[str, Any]:
        """Return the job as the standard describes one; progress only where it is known."""
        here = f"/api/jobs/{self.id}"
        progress = {"accepted": 0, "successful": 100}.get(self.state)
        fields = {
            "jobID": self.id,
            "processID": self.process,
            "type": "process",
            "status": self.state,
            "message": str(self.error) if self.error else self.state,
            "created": _written(self.created),
            "started": _written(self.started),
            "finished": _written(self.finished),
            "updated": _written(self.finished or self.started or self.created),
            "progress": progress,
            "links": [
                links.link("self", here),
                links.link("http://www.opengis.net/def/rel/ogc/1.0/results", f"{here}/results"),
            ],
        }
        return {name: value for name, value in fields.items() if value is not None}


class Jobs:
    """The jobs of this server."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="job")

    def begin(self, process: str, inputs: Mapping[str, str], form: str = "json", document: bool = False) -> Job:
        """Start a job; raises 503 where the queue is full of unfinished jobs."""
        with self._lock:
            self._forget()
            done = [id_ for id_, job in self._jobs.items() if job.finished]
            if len(self._jobs) >= KEPT:
                if not done:
                    raise ServiceUnavailable(f"{KEPT} jobs are under way; ask again", retry_after=30)
                del self._jobs[done[0]]
            job = Job(process, inputs, form, document)
            self._jobs[job.id] = job
        self._pool.submit(self._run, job)
        return job

    def all(self) -> list[Job]:
        """Return the jobs, the newest first."""
        with self._lock:
            self._forget()
            return list(reversed(self._jobs.values()))

    def get(self, id_: str) -> Job:
        """Return a job; raises NotFound, also for one that is forgotten."""
        with self._lock:
            self._forget()
            if id_ not in self._jobs:
                raise NotFound("job", id_)
            return self._jobs[id_]

    def dismiss(self, id_: str) -> Job:
        """Dismiss a job: one that waits never runs; what one under way finds, or has found, is dropped."""
        job = self.get(id_)
        with self._lock:
            job.state, job.result, job.error = "dismissed", None, None
            job.finished = job.finished or datetime.now(UTC)
        return job

    def _forget(self) -> None:
        since = datetime.now(UTC) - AGE
        for id_ in [id_ for id_, job in self._jobs.items() if job.finished and job.finished < since]:
            del self._jobs[id_]

    def _run(self, job: Job) -> None:
        with self._lock:
            if job.state == "dismissed":
                return
            job.state, job.started = "running", datetime.now(UTC)
        result, error = _measured(job)
        with self._lock:
            if job.state != "dismissed":
                job.result, job.error, job.finished = result, error, datetime.now(UTC)
                job.state = "successful" if result else "failed"


def _measured(job: Job) -> tuple[Result | None, MasafaError | None]:
    while job.state != "dismissed":
        try:
            return ask(job.process, job.inputs), None
        except MasafaError as error:
            return None, error
        except ServiceUnavailable:
            # Others are being measured: a job can wait for its turn again.
            continue
        except Exception:
            return None, MasafaError("analysis")
    return None, None


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None


JOBS = Jobs()
