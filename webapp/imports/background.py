"""Imports in the background: jobs whose work is `ingest.load`, one for each file that was sent."""

from __future__ import annotations

import math
from typing import Any

import shapely

from geodata.catalog import current, workspace
from geodata.errors import NotFound
from geodata.importing.import_report import Report
from geodata.importing.ingest import load
from geodata.importing.options import ImportOptions
from geodata.model import Layer
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
LEAST_DEGREES, MOST_ZOOM = 0.02, 12
"""The least span that a map is fitted to, and its zoom."""
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
        return {**progress, **_imported_layer(job)}
    return {**progress, "said": {lang: localized_message(job.error, lang).striptags() for lang in LANGUAGES}}


def undo(job: Job) -> None:
    """Put the layer back as it was before an import.

    Raises Refused where it has changed since, NotFound, Unwritable.
    """
    outcome = report(job)
    if outcome is None:
        raise NotFound("import", job.id)
    workspace().restore(outcome["layer"], outcome["before"], outcome["version"])


def _imported_layer(job: Job) -> dict[str, Any]:
    """Return the layer of an import that is done: its id, its title, and the address of the map that shows it."""
    outcome, catalog = report(job), current()
    if outcome is None or outcome["layer"] not in catalog.ids():
        return {}
    layer = catalog.layer(outcome["layer"])
    return {"layer": layer.id, "title": dict(layer.title), "address": map_address(layer)}


def map_address(layer: Layer) -> str:
    """Return the address of the map on which a layer lies, fitted to it: events have one of their own."""
    if layer.kind == "event" or layer.stored is not None:
        return f"/events?layer={layer.id}"
    shapes = [feature.geometry for feature in layer.features if feature.geometry is not None]
    if not shapes:
        return f"/layers/{layer.id}"
    west, south, east, north = shapely.total_bounds(shapes)
    span = max(east - west, (north - south) * 2, LEAST_DEGREES)
    zoom = min(MOST_ZOOM, math.floor(math.log2(360 / span)) + 1)
    return f"/?map={zoom}/{(south + north) / 2:.4f}/{(west + east) / 2:.4f}"


def _imported(upload: Upload, options: ImportOptions, running: RunningJob) -> dict[str, Any]:
    outcome: Report = load(upload.path, upload.name, options, workspace(), current(), running.report)
    upload.drop()
    count = len(outcome.problems)
    notices = [notice.texts() for notice in outcome.notices]
    return {
        **outcome.to_dict(),
        "notices": notices,
        "problems": outcome.problems[:LISTED],
        "problem_count": count,
    }
