"""Processes Part 1: the list of jobs, by process, state, time and duration."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from geodata.version import __version__
from tests.webapp.api.ogc.http import fetch, links, parameter, refused, rels
from webapp.api import executions, job_list
from webapp.jobs import KEPT, Job, JobQueue
from webapp.server_state import server_state

NOW = datetime.now(UTC).replace(microsecond=0)
STATES = ["accepted", "running", "successful", "failed", "dismissed"]
PARAMETERS = ["type", "processID", "status", "minDuration", "maxDuration"]


def job(process: str, state: str, age: int, lasted: int | None) -> Job:
    """Return a job created so many seconds ago, that has run for so many or has not begun."""
    created = NOW - timedelta(seconds=age)
    started = None if lasted is None else created
    finished = None if lasted is None or state == "running" else created + timedelta(seconds=lasted)
    if state == "running":
        started = datetime.now(UTC) - timedelta(seconds=lasted or 0)
    return Job(secrets.token_hex(16), process, {}, state, created, started, finished)


HELD = [
    job("buffer", "successful", 60, 5),
    job("buffer", "failed", 120, 20),
    job("claims", "running", 180, 50),
    job("claims", "accepted", 240, None),
    job("within", "dismissed", 300, None),
    job("within", "successful", 360, 0),
]


@pytest.fixture
def queue(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Jobs of every state in place of those of the server."""
    monkeypatch.setattr(JobQueue, "_fail_those_left", lambda queue: None)
    with server_state().writing() as database:
        for item in reversed(HELD):
            moments = [moment and moment.isoformat(timespec="microseconds") for moment in times(item)]
            database.execute(
                "INSERT INTO jobs (id, kind, name, request, version, owner, state, created, started, finished) "
                "VALUES (?, ?, ?, '{}', ?, 'nobody', ?, ?, ?, ?)",
                [item.id, executions.EXECUTION.name, item.name, __version__, item.state, *moments],
            )
    return list(HELD)


def times(item: Job) -> tuple[datetime, datetime | None, datetime | None]:
    return item.created, item.started, item.finished


def listed(client: FlaskClient, **query: Any) -> list[str]:
    """Return the ids of the jobs that answer a query."""
    return [item["jobID"] for item in fetch(client, "/api/jobs", **query)["jobs"]]


@pytest.mark.requirement(
    "ogcapi-processes-1/job-list/job-list-op",
    "ogcapi-processes-1/job-list/job-list-success",
    "ogcapi-processes-1/job-list/links",
    "ogcapi-processes-1/job-list/processID-mandatory",
)
def test_jobs_are_listed(queue: list[Job], client: FlaskClient) -> None:
    value = fetch(client, "/api/jobs")
    assert [item["jobID"] for item in value["jobs"]] == [item.id for item in queue]
    for item in value["jobs"]:
        assert {"jobID", "processID", "type", "status", "created", "links"} <= item.keys()
        assert item["status"] in STATES
        assert fetch(client, f"/api/jobs/{item['jobID']}")["processID"] == item["processID"]
    assert {"self", "alternate"} <= rels(value)
    assert [link["type"] for link in links(value, "alternate")] == ["text/html"]


@pytest.mark.requirement(
    "ogcapi-processes-1/job-list/type-definition",
    "ogcapi-processes-1/job-list/processID-definition",
    "ogcapi-processes-1/job-list/status-definition",
    "ogcapi-processes-1/job-list/duration-definition",
)
@pytest.mark.parametrize("name", PARAMETERS)
def test_the_lists_are_declared(name: str, client: FlaskClient) -> None:
    declared = parameter(client, "/jobs", name)
    assert (declared["in"], declared.get("required", False)) == ("query", False)
    assert declared["schema"]["type"] == "array"
    assert declared["schema"]["items"]["type"] == ("integer" if name.endswith("Duration") else "string")
    if name != "processID":
        refused(client, "/api/jobs", name, **{name: "nope"})
        refused(client, "/api/jobs", name, **{name: ""})


@pytest.mark.requirement("ogcapi-processes-1/job-list/datetime-definition")
def test_datetime_is_declared(queue: list[Job], client: FlaskClient) -> None:
    declared = parameter(client, "/jobs", "datetime")
    assert (declared["in"], declared.get("required", False)) == ("query", False)
    assert declared["schema"] == {"type": "string"}
    at = NOW.isoformat().replace("+00:00", "Z")
    for text in (at, f"{at}/{at}", f"../{at}", f"/{at}", f"{at}/..", f"{at}/", at.replace("Z", "+00:00")):
        assert client.get("/api/jobs", query_string={"datetime": text}).status_code == 200, text
    for text in ("x", "..", "../..", "2024-01-02T00:00:00Z/2024-01-01T00:00:00Z", ""):
        refused(client, "/api/jobs", "datetime", datetime=text)


@pytest.mark.requirement("ogcapi-processes-1/job-list/type-response")
def test_type(queue: list[Job], client: FlaskClient) -> None:
    assert listed(client, type="process") == listed(client) == [item.id for item in queue]
    refused(client, "/api/jobs", "type", type="process,other")


@pytest.mark.requirement("ogcapi-processes-1/job-list/processid-response")
def test_process(queue: list[Job], client: FlaskClient) -> None:
    for wanted in ("buffer", "claims,within", "matrix", "buffer,claims,within"):
        expected = [item.id for item in queue if item.name in wanted.split(",")]
        assert listed(client, processID=wanted) == expected
    answer = client.get("/api/jobs?processID=buffer,nothing")
    assert answer.status_code == 404
    assert answer.get_json()["type"].endswith("/no-such-process")


@pytest.mark.requirement("ogcapi-processes-1/job-list/status-response")
@pytest.mark.parametrize("wanted", [*STATES, "successful,failed", ",".join(STATES)])
def test_status(wanted: str, queue: list[Job], client: FlaskClient) -> None:
    assert listed(client, status=wanted) == [item.id for item in queue if item.state in wanted.split(",")]


@pytest.mark.requirement("ogcapi-processes-1/job-list/datetime-response")
@given(first=st.integers(-60, 420), last=st.integers(-60, 420), form=st.sampled_from(("{0}/{1}", "../{1}", "{0}/..")))
def test_created(first: int, last: int, form: str) -> None:
    start, end = (NOW - timedelta(seconds=age) for age in (max(first, last), min(first, last)))
    text = form.format(start.isoformat(), end.isoformat())
    read = {item.name: item.read for item in job_list.params(32)}["datetime"]
    expected = [
        item
        for item in HELD
        if ("{0}" not in form or start <= item.created) and ("{1}" not in form or item.created <= end)
    ]
    assert job_list.selected(HELD, {"datetime": read(text)}) == expected


@pytest.mark.requirement("ogcapi-processes-1/job-list/datetime-response")
def test_created_at(queue: list[Job], client: FlaskClient) -> None:
    for item in fetch(client, "/api/jobs")["jobs"]:
        assert listed(client, datetime=item["created"]) == [item["jobID"]]
        assert item["jobID"] in listed(client, datetime=item["created"][:10])


@pytest.mark.requirement("ogcapi-processes-1/job-list/duration-response")
def test_duration(queue: list[Job], client: FlaskClient) -> None:
    short, long, running, waiting, dropped, instant = (item.id for item in queue)
    assert listed(client, minDuration=5) == [short, long, running]
    assert listed(client, maxDuration=20) == [short, long, instant]
    assert listed(client, minDuration=5, maxDuration=20) == [short, long]
    assert listed(client, minDuration=0, maxDuration=0) == [instant]
    # Measured now: longer than it was when it was made.
    assert listed(client, minDuration=50, status="running") == [running]
    assert listed(client, minDuration=0, status="successful,failed") == [short, long, instant]
    assert listed(client, minDuration=0, status="accepted,dismissed") == []
    assert {waiting, dropped}.isdisjoint(listed(client, maxDuration=10**6))


@pytest.mark.requirement("ogcapi-processes-1/job-list/limit-definition", "ogcapi-processes-1/job-list/limit-response")
def test_limit(queue: list[Job], client: FlaskClient) -> None:
    declared = parameter(client, "/jobs", "limit")
    assert (declared["in"], declared.get("required", False)) == ("query", False)
    schema = declared["schema"]
    assert (schema["type"], schema["minimum"]) == ("integer", 1)
    # As many as there can be, so that no list without a limit is cut.
    assert schema["default"] == schema["maximum"] == KEPT
    for limit in (1, 3, len(queue), KEPT + 1):
        assert listed(client, limit=limit) == [item.id for item in queue][:limit]
    for wrong in ("0", "-1", "x", "1.5", ""):
        refused(client, "/api/jobs", "limit", limit=wrong)
