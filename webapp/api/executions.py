"""Executions that are answered later: jobs whose work is an analysis, and their results as they were computed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from werkzeug.exceptions import ServiceUnavailable

from geodata.model import Result
from webapp.api import links
from webapp.jobs import JOBS, Job, Kind, RunningJob
from webapp.result_cache import ask

EXECUTION = Kind("job", at_once=2, failure="failed.analysis", age=timedelta(hours=1))
"""Fewer run at a time than the questions that are measured at a time, so that pages go on."""
_TUPLES = ("sources", "licence", "attribution", "geometries")


def begin(process: str, inputs: Mapping[str, str], form: str = "json", document: bool = False) -> Job:
    """Begin an execution; raises 503 where too many are under way, Unwritable.

    `form` and `document` say how its result is to be answered (`results.answered`).
    """
    request = {"inputs": dict(inputs), "form": form, "document": document}
    return JOBS.begin(EXECUTION, process, request, lambda running: _measured(process, inputs, running))


def result(job: Job) -> Result | None:
    """Return what an execution found, as it was found; None where nothing was yet."""
    fields: dict[str, Any] | None = JOBS.result(job)
    return None if fields is None else Result(**fields | {name: tuple(fields[name]) for name in _TUPLES})


def status(job: Job) -> dict[str, Any]:
    """Return a job as the standard describes one; progress only where it is known."""
    here = f"/api/jobs/{job.id}"
    fields = {
        "jobID": job.id,
        "processID": job.name,
        "type": "process",
        "status": job.state,
        "message": str(job.error) if job.error else job.state,
        "created": _written(job.created),
        "started": _written(job.started),
        "finished": _written(job.finished),
        "updated": _written(job.finished or job.started or job.created),
        "progress": {"accepted": 0, "successful": 100}.get(job.state),
        "links": [
            links.link("self", here),
            links.link("http://www.opengis.net/def/rel/ogc/1.0/results", f"{here}/results"),
        ],
    }
    return {name: value for name, value in fields.items() if value is not None}


def _measured(process: str, inputs: Mapping[str, str], running: RunningJob) -> dict[str, Any]:
    while True:
        running.check()
        try:
            # Its fields, of which no number is rounded yet.
            return vars(ask(process, inputs))
        except ServiceUnavailable:
            # Others are being measured: a job can wait for its turn again.
            continue


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None
