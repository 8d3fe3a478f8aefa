"""Executions answered later: begun, looked at, taken, dismissed, bounded, forgotten."""

from __future__ import annotations

import time
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import ServiceUnavailable

from geodata import analysis
from geodata.errors import NotFound
from webapp.api import jobs

RUN = "/api/processes/proximity/execution"
GOOD = {"inputs": {"layer": "hasakah-prison", "target": "border-iq-sy"}}
LATER = {"Prefer": "respond-async"}


def begin(client: FlaskClient) -> str:
    """Begin a job and return its address."""
    answer = client.post(RUN, json=GOOD, headers=LATER)
    assert answer.status_code == 201
    assert answer.headers["Preference-Applied"] == "respond-async"
    assert answer.get_json()["processID"] == "proximity"
    return answer.headers["Location"].removeprefix("http://localhost")


def ended(client: FlaskClient, address: str) -> Any:
    """Return the status of a job once it has ended."""
    for _ in range(200):
        status = client.get(address).get_json()
        if status["status"] not in ("accepted", "running"):
            return status
        time.sleep(0.05)
    raise AssertionError(status)


def test_what_is_answered_later_is_what_is_answered_now(client: FlaskClient) -> None:
    address = begin(client)
    status = ended(client, address)
    assert (status["status"], status["progress"], status["type"]) == ("successful", 100, "process")
    assert status["created"] <= status["started"] <= status["finished"]
    later = client.get(f"{address}/results")
    assert later.data == client.post(RUN, json=GOOD).data
    assert later.headers["Cache-Control"] == "no-store"
    drawn = client.get(f"{address}/results?f=geojson")
    assert drawn.content_type == "application/geo+json"
    listed = client.get("/api/jobs").get_json()["jobs"]
    assert status["jobID"] in [job["jobID"] for job in listed]
    assert client.get(address, headers={"Accept": "text/html"}).text.count("<h1>") == 1


def test_a_job_is_dismissed(client: FlaskClient) -> None:
    address = begin(client)
    ended(client, address)
    assert client.delete(address).get_json()["status"] == "dismissed"
    assert client.get(address).get_json()["status"] == "dismissed"
    gone = client.get(f"{address}/results")
    assert (gone.status_code, gone.content_type) == (404, "application/problem+json")
    assert "dismissed" in gone.get_json()["detail"]


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


def test_what_went_wrong_is_the_result(client: FlaskClient) -> None:
    body = {"inputs": {"layer": "places", "target": "places"}}
    address = client.post(RUN, json=body, headers=LATER).headers["Location"].removeprefix("http://localhost")
    assert ended(client, address)["status"] == "failed"
    assert client.get(f"{address}/results").status_code == 422


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Let no analysis end before the event."""
    event = Event()
    found = analysis.run("claims", {"of": "prison-10km"})

    def ask(name: str, inputs: object) -> object:
        assert event.wait(20)
        return found

    monkeypatch.setattr(jobs, "ask", ask)
    return event


def test_jobs_are_few_and_one_that_waits_can_be_dismissed(waiting: Event) -> None:
    held = jobs.Jobs()
    begun = [held.begin("claims", {}) for _ in range(jobs.KEPT)]
    with pytest.raises(ServiceUnavailable):
        held.begin("claims", {})
    last = held.dismiss(begun[-1].id)
    held.begin("claims", {})
    with pytest.raises(NotFound):
        held.get(last.id)
    held.dismiss(begun[0].id)
    waiting.set()
    for _ in range(200):
        if begun[1].finished and begun[2].finished:
            break
        time.sleep(0.02)
    assert begun[1].state == "successful"
    assert begun[0].state == "dismissed"
    assert begun[0].result is None
    assert last.started is None


def test_jobs_are_forgotten(waiting: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting.set()
    held = jobs.Jobs()
    job = held.begin("claims", {})
    for _ in range(200):
        if job.finished:
            break
        time.sleep(0.02)
    assert held.get(job.id) is job
    monkeypatch.setattr(jobs, "AGE", timedelta(0))
    assert held.all() == []


@pytest.mark.parametrize(
    ("more", "parameter"),
    [({"response": "x"}, "response"), ({"outputs": {"nope": {}}}, "outputs"), ({"outputs": 1}, "outputs")],
)
def test_how_it_is_answered(more: dict[str, Any], parameter: str, client: FlaskClient) -> None:
    bad = client.post(RUN, json={**GOOD, **more})
    assert (bad.status_code, bad.get_json()["parameter"]) == (400, parameter)
    whole = client.post(RUN, json={**GOOD, "response": "document", "outputs": {"result": {}}}).get_json()
    assert whole == {"result": client.post(RUN, json=GOOD).get_json()}
