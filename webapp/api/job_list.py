"""Which jobs are listed: by process, state, time of creation and duration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from geodata import registry
from geodata.errors import BadValue, NotFound
from geodata.messages import one_of
from geodata.query import dates
from webapp.api.operations import Param, limit
from webapp.jobs import STATES, Job

TYPES = ("process",)


def _items(allowed: Sequence[str]) -> Mapping[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": list(allowed)}}


def _among(name: str, allowed: Sequence[str]) -> Any:
    def read(text: str) -> tuple[str, ...]:
        parts = tuple(part.strip() for part in text.split(","))
        for part in parts:
            if part not in allowed:
                raise BadValue(name, part, one_of(allowed))
        return parts

    return read


def _processes(text: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in text.split(","))
    for part in parts:
        if part not in registry.analyses():
            raise NotFound("analysis", part, registry.analyses())
    return parts


def _seconds(name: str) -> Any:
    def read(text: str) -> tuple[int, ...]:
        parts = [part.strip() for part in text.split(",")]
        if not all(part.isascii() and part.isdigit() and len(part) <= 9 for part in parts):
            raise BadValue(name, text, "seconds_list")
        return tuple(int(part) for part in parts)

    return read


def _duration(name: str, what: str) -> Param:
    schema = {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 10**9 - 1}}
    return Param(name, f"Jobs that have run for {what} so many seconds.", schema, _seconds(name), listed=True)


def params(most: int) -> tuple[Param, ...]:
    """Return the parameters of the list of jobs, of which there are so many at most."""
    return (
        Param("type", "Jobs of a type: all are processes.", _items(TYPES), _among("type", TYPES), listed=True),
        Param(
            "processID",
            "Jobs of these analyses.",
            lambda: _items(list(registry.analyses())),
            _processes,
            listed=True,
        ),
        Param("status", "Jobs in these states.", _items(STATES), _among("status", STATES), listed=True),
        Param(
            "datetime",
            "Jobs created at a time or within an interval with a slash; .. or nothing is an open end.",
            {"type": "string"},
            lambda text: dates.interval(text, "datetime"),
            form=True,
        ),
        _duration("minDuration", "at least"),
        _duration("maxDuration", "at most"),
        limit(most, most),
    )


def selected(jobs: Sequence[Job], values: Mapping[str, Any]) -> list[Job]:
    """Return the jobs that meet every condition, as many as `limit` allows."""
    now = datetime.now(UTC)
    met = [job for job in jobs if _meets(job, values, now)]
    return met[: values.get("limit")]


def _meets(job: Job, values: Mapping[str, Any], now: datetime) -> bool:
    if job.name not in values.get("processID", (job.name,)) or job.state not in values.get("status", STATES):
        return False
    if "datetime" in values and not _created(job.created, *values["datetime"]):
        return False
    if not {"minDuration", "maxDuration"} & values.keys():
        return True
    if job.started is None:
        return False
    seconds = ((job.finished or now) - job.started).total_seconds()
    return bool(min(values.get("minDuration", (0,))) <= seconds <= max(values.get("maxDuration", (float("inf"),))))


def _created(created: datetime, start: dates.Moment, end: dates.Moment) -> bool:
    """Tell whether a job was created within an interval, to the millisecond as its status has it; dates are UTC."""
    at = created.replace(microsecond=created.microsecond // 1000 * 1000)
    after = at >= start.instant if start.instant else at.toordinal() >= start.first
    before = at <= end.instant if end.instant else at.toordinal() <= end.last
    return after and before
