"""Imports in the background: jobs whose work is `ingest.load`, one for each file that was sent."""

from __future__ import annotations

from typing import Any

from geodata.catalog import current, workspace
from geodata.importing.import_report import Report
from geodata.importing.ingest import load
from geodata.importing.options import ImportOptions
from webapp.error_messages import localized_message
from webapp.i18n import LANGUAGES
from webapp.imports.uploads import Upload
from webapp.jobs import JOBS, Job, Kind, RunningJob

IMPORT = Kind("import", at_once=1, failure="failed.import", atomic=True)
STATES = {
    "accepted": "waiting",
    "running": "running",
    "successful": "done",
    "failed": "failed",
    "dismissed": "cancelled",
}
"""The states of a job as pages and scripts of imports call them."""
LISTED = 500
"""Doubtful rows that are listed; more are counted."""


def begin(upload: Upload, options: ImportOptions, total: int | None) -> Job:
    """Begin to import a file, whose rows were counted or not; an import of it that is under way goes on."""
    request = {"total": total}
    return JOBS.begin(IMPORT, upload.name, request, lambda running: _imported(upload, options, running), upload.token)


def find_import(token: str) -> Job:
    """Return the import of a file; raises NotFound."""
    return JOBS.get(IMPORT, token)


def cancel(token: str) -> None:
    """End an import before it has written; one that is over stays as it is. Raises NotFound."""
    JOBS.dismiss(IMPORT, token)


def report(job: Job) -> dict[str, Any] | None:
    """Return the report of an import that is done: that of `Report.to_dict`, problems in both languages, the first."""
    value: dict[str, Any] | None = JOBS.result(job)
    return value


def status(job: Job) -> dict[str, Any]:
    """Return how an import stands, as scripts read it."""
    progress = {"state": STATES[job.state], "step": job.step or "read", "rows": job.rows, "total": job.request["total"]}
    if job.error is None:
        return progress
    return {**progress, "said": {lang: localized_message(job.error, lang).striptags() for lang in LANGUAGES}}


def _imported(upload: Upload, options: ImportOptions, running: RunningJob) -> dict[str, Any]:
    outcome: Report = load(upload.path, upload.name, options, workspace(), current(), running.report)
    upload.drop()
    count = len(outcome.problems)
    return {**outcome.to_dict(), "problems": outcome.problems[:LISTED], "problem_count": count}
