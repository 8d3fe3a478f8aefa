"""Executions answered later: begun, looked at, taken, dismissed, bounded, forgotten."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import ServiceUnavailable

from geodata import registry
from geodata.errors import NotFound
from webapp import jobs
from webapp.api import executions
from webapp.jobs import JobQueue

RUN = "/api/processes/proximity/execution"
GOOD = {"inputs": {"layer": "hasakah-prison", "target": "border-iq-sy"}}
LATER = {"Prefer": "respond-async"}
EXCEPTIONS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0"


def begin(client: FlaskClient) -> str:
    """Begin a job and return its address."""
    answer = client.post(RUN, json=GOOD, headers=LATER)
    assert answer.status_code == 201
    assert answer.headers["Preference-Applied"] == "respond-async"
    assert answer.get_json()["processID"] == "proximity"
    return answer.headers["Location"].removeprefix("http://localhost")


def ended(client: FlaskClient, address: str) -> Any:
    """Return the status of a job once it has ended."""
    for _ in range(2400):
        status = client.get(address).get_json()
        if status["status"] not in ("accepted", "running"):
            return status
        time.sleep(0.05)
    raise AssertionError(status)


@pytest.mark.requirement(
    "ogcapi-processes-1/core/job",
    "ogcapi-processes-1/core/job-success",
    "ogcapi-processes-1/core/job-results",
    "ogcapi-processes-1/job-list/processID-mandatory",
)
def test_a_job_says_how_it_stands(client: FlaskClient) -> None:
    address = begin(client)
    status = ended(client, address)
    assert status["jobID"] == address.rpartition("/")[2]
    assert (status["status"], status["progress"], status["type"]) == ("successful", 100, "process")
    assert status["processID"] == "proximity"
    assert status["created"] <= status["started"] <= status["finished"]
    answer = client.get(address)
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    later = client.get(f"{address}/results")
    assert later.status_code == 200
    assert later.headers["Cache-Control"] == "no-store"
    drawn = client.get(f"{address}/results?f=geojson")
    assert drawn.content_type == "application/geo+json"
    listed = client.get("/api/jobs").get_json()["jobs"]
    assert next(job for job in listed if job["jobID"] == status["jobID"]) == status
    assert client.get(address, headers={"Accept": "text/html"}).text.count("<h1>") == 1


@pytest.mark.requirement("ogcapi-processes-1/dismiss/job-dismiss-op", "ogcapi-processes-1/dismiss/job-dismiss-success")
def test_a_job_is_dismissed(client: FlaskClient) -> None:
    address = begin(client)
    ended(client, address)
    dismissed = client.delete(address)
    assert (dismissed.status_code, dismissed.content_type) == (200, "application/json")
    status = dismissed.get_json()
    assert (status["jobID"], status["type"], status["status"]) == (address.rpartition("/")[2], "process", "dismissed")
    assert client.get(address).get_json()["status"] == "dismissed"
    gone = client.get(f"{address}/results")
    assert (gone.status_code, gone.content_type) == (404, "application/problem+json")
    assert "dismissed" in gone.get_json()["detail"]
    assert client.delete("/api/jobs/nothing").get_json()["type"] == f"{EXCEPTIONS}/no-such-job"


@pytest.mark.requirement(
    "ogcapi-processes-1/core/job-exception-no-such-job", "ogcapi-processes-1/core/job-results-exception/no-such-job"
)
@pytest.mark.parametrize("path", ["nothing", "nothing/results", f"{'0' * 32}", f"{'0' * 32}/results"])
def test_no_such_job(path: str, client: FlaskClient) -> None:
    answer = client.get(f"/api/jobs/{path}")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.get_json()["type"] == f"{EXCEPTIONS}/no-such-job"


@pytest.mark.requirement("ogcapi-processes-1/core/job-results-exception/results-not-ready")
def test_results_that_are_not_ready(waiting: Event, client: FlaskClient) -> None:
    address = begin(client)
    answer = client.get(f"{address}/results")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.get_json()["type"] == f"{EXCEPTIONS}/result-not-ready"
    waiting.set()
    assert ended(client, address)["status"] == "successful"
    assert client.get(f"{address}/results").status_code == 200


def test_other_sites_begin_and_dismiss_nothing(client: FlaskClient) -> None:
    elsewhere = {"Origin": "https://evil.example"}
    assert client.post(RUN, json=GOOD, headers={**LATER, **elsewhere}).status_code == 403
    address = begin(client)
    assert client.delete(address, headers=elsewhere).status_code == 403
    assert client.get(address).status_code == 200
    assert "Access-Control-Allow-Origin" not in client.get(address).headers


def test_bad_inputs_are_said_at_once(client: FlaskClient) -> None:
    answer = client.post(RUN, json={"inputs": {"layer": "erbil"}}, headers=LATER)
    assert (answer.status_code, answer.get_json()["parameter"]) == (400, "target")


@pytest.mark.requirement("ogcapi-processes-1/core/job-results-failed")
@pytest.mark.parametrize(
    ("inputs", "status", "kind"),
    [
        ({"layer": "places", "target": "places"}, 422, "NoApplicableCode"),
        ({"layer": "nothing-of-the-kind", "target": "erbil"}, 400, "InvalidParameterValue"),
        ({"layer": "400,33", "target": "erbil"}, 400, "InvalidParameterValue"),
    ],
)
def test_what_went_wrong_is_the_result(inputs: dict[str, str], status: int, kind: str, client: FlaskClient) -> None:
    address = (
        client.post(RUN, json={"inputs": inputs}, headers=LATER).headers["Location"].removeprefix("http://localhost")
    )
    assert ended(client, address)["status"] == "failed"
    answer = client.get(f"{address}/results")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert (answer.get_json()["status"], answer.get_json()["type"]) == (status, kind)
    assert answer.get_json()["detail"]


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Let no analysis end before the event."""
    event = Event()
    found = registry.run("claims", {"of": "prison-10km"})

    def ask(name: str, inputs: object) -> object:
        assert event.wait(20)
        return found

    monkeypatch.setattr(executions, "ask", ask)
    return event


def ended_in(queue: JobQueue, id_: str) -> jobs.Job:
    """Return a job once it is over."""
    for _ in range(6000):
        job = queue.get(executions.EXECUTION, id_)
        if job.finished:
            return job
        time.sleep(0.02)
    raise AssertionError(job)


def test_jobs_are_few_and_one_that_waits_can_be_dismissed(waiting: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = JobQueue()
    monkeypatch.setattr(executions, "JOBS", queue)
    begun = [executions.begin("claims", {}) for _ in range(jobs.KEPT)]
    with pytest.raises(ServiceUnavailable):
        executions.begin("claims", {})
    last = queue.dismiss(executions.EXECUTION, begun[-1].id)
    executions.begin("claims", {})
    with pytest.raises(NotFound):
        queue.get(executions.EXECUTION, last.id)
    queue.dismiss(executions.EXECUTION, begun[0].id)
    waiting.set()
    assert ended_in(queue, begun[1].id).state == "successful"
    dismissed = ended_in(queue, begun[0].id)
    assert (dismissed.state, executions.result(dismissed)) == ("dismissed", None)
    assert (last.state, last.started) == ("dismissed", None)


def test_jobs_are_forgotten(waiting: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting.set()
    queue = JobQueue()
    monkeypatch.setattr(executions, "JOBS", queue)
    job = ended_in(queue, executions.begin("claims", {}).id)
    assert queue.all(executions.EXECUTION) == [job]
    assert queue.all(replace(executions.EXECUTION, age=timedelta(0))) == []
    assert queue.all(replace(executions.EXECUTION, age=None)) == [job]


@pytest.mark.parametrize(
    ("more", "parameter"),
    [({"response": "x"}, "response"), ({"outputs": {"nope": {}}}, "outputs"), ({"outputs": 1}, "outputs")],
)
def test_how_it_may_not_be_answered(more: dict[str, Any], parameter: str, client: FlaskClient) -> None:
    bad = client.post(RUN, json={**GOOD, **more})
    assert (bad.status_code, bad.get_json()["parameter"]) == (400, parameter)
