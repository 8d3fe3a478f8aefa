"""The one queue: what becomes of a job, in whichever queue it was begun and however its work ends."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import ServiceUnavailable

from geodata import errors as meaning
from geodata import registry
from geodata.errors import BadValue, MasafaError, NotFound
from geodata.messages import Message, one_of
from tests.webapp.api.test_processes import GOOD
from webapp import jobs
from webapp.api import executions
from webapp.api.results import FORMS, answered
from webapp.jobs import JobQueue, Kind, RunningJob, error_from_json, error_to_json
from webapp.server_state import server_state

PLAIN = Kind("plain", at_once=2, failure="failed.analysis")
ATOMIC = replace(PLAIN, name="atomic", atomic=True)
KINDS = pytest.mark.parametrize("kind", [PLAIN, ATOMIC], ids=lambda kind: kind.name)


@pytest.fixture
def queue(workspace: Path) -> JobQueue:
    return JobQueue()


@pytest.fixture
def other(workspace: Path) -> JobQueue:
    """The queue of another server of the workspace."""
    return JobQueue()


@pytest.fixture
def gate() -> Iterator[Event]:
    """An event that lets the work of `waiting` end."""
    event = Event()
    yield event
    event.set()


def waiting(gate: Event) -> Callable[[RunningJob], Any]:
    """Return work that reports progress, waits, reports again and has a result."""

    def work(running: RunningJob) -> Any:
        running.report("read", 1)
        assert gate.wait(60)
        running.report("write", 2)
        return {"text": "نتيجة"}

    return work


def until(condition: Callable[[], Any]) -> Any:
    for _ in range(12_000):
        if value := condition():
            return value
        time.sleep(0.01)
    raise AssertionError("it does not come to pass")


def over(queue: JobQueue, kind: Kind, id_: str) -> jobs.Job:
    """Return a job once it is over."""
    job: jobs.Job = until(lambda: (job := queue.get(kind, id_)).state in jobs.OVER and job)
    return job


@KINDS
def test_every_server_sees_how_a_job_goes(queue: JobQueue, other: JobQueue, gate: Event, kind: Kind) -> None:
    begun = queue.begin(kind, "a file", {"total": 2}, waiting(gate))
    job = until(lambda: (job := other.get(kind, begun.id)).rows == 1 and job)
    assert (job.state, job.step, job.name, job.request) == ("running", "read", "a file", {"total": 2})
    assert other.result(job) is None
    gate.set()
    job = over(other, kind, begun.id)
    assert (job.state, job.step, job.rows, job.error) == ("successful", "write", 2, None)
    assert job.created <= job.started <= job.finished  # type: ignore[operator]
    assert other.result(job) == queue.result(job) == {"text": "نتيجة"}
    assert other.all(kind) == queue.all(kind) == [job]


def test_nobody_sees_a_job_of_another_kind(queue: JobQueue, gate: Event) -> None:
    gate.set()
    job = over(queue, PLAIN, queue.begin(PLAIN, "x", {}, waiting(gate)).id)
    assert queue.all(ATOMIC) == []
    for call in (queue.get, queue.dismiss):
        with pytest.raises(NotFound) as caught:
            call(ATOMIC, job.id)
        assert caught.value.code == "thing.atomic"
    assert queue.get(PLAIN, job.id) == job


@KINDS
@pytest.mark.parametrize(
    ("raised", "kind_of_error", "text"),
    [
        (BadValue("km", "x", "number"), BadValue, "km: 'x' is not allowed; allowed: a number"),
        (RuntimeError("secret"), MasafaError, "the analysis failed"),
        (ServiceUnavailable("busy"), MasafaError, "the analysis failed"),
    ],
)
def test_a_job_fails_with_what_went_wrong(
    queue: JobQueue, other: JobQueue, kind: Kind, raised: Exception, kind_of_error: type, text: str
) -> None:
    def work(running: RunningJob) -> Any:
        raise raised

    job = over(other, kind, queue.begin(kind, "x", {}, work).id)
    assert (job.state, type(job.error), str(job.error)) == ("failed", kind_of_error, text)
    assert other.result(job) is None


def test_what_is_no_json_is_a_failure(queue: JobQueue) -> None:
    job = over(queue, PLAIN, queue.begin(PLAIN, "x", {}, lambda running: {1j}).id)
    assert (job.state, str(job.error)) == ("failed", "the analysis failed")


def test_another_server_dismisses_a_job(queue: JobQueue, other: JobQueue, gate: Event) -> None:
    begun = queue.begin(PLAIN, "x", {}, waiting(gate))
    until(lambda: other.get(PLAIN, begun.id).rows)
    assert other.dismiss(PLAIN, begun.id).state == "dismissed"
    gate.set()
    until(lambda: not queue._active)
    job = other.get(PLAIN, begun.id)
    assert (job.state, job.step, other.result(job)) == ("dismissed", "read", None)


def test_what_may_have_taken_effect_says_itself_how_it_ended(queue: JobQueue, other: JobQueue, gate: Event) -> None:
    begun = queue.begin(ATOMIC, "x", {}, waiting(gate))
    until(lambda: other.get(ATOMIC, begun.id).rows)
    assert other.dismiss(ATOMIC, begun.id).state == "running"
    gate.set()
    assert over(other, ATOMIC, begun.id).state == "dismissed"


@KINDS
def test_what_has_ended_is_dismissed_unless_it_took_effect(
    queue: JobQueue, other: JobQueue, gate: Event, kind: Kind
) -> None:
    gate.set()
    job = over(queue, kind, queue.begin(kind, "x", {}, waiting(gate)).id)
    assert other.dismiss(kind, job.id).state == ("successful" if kind.atomic else "dismissed")
    assert (other.result(job) is None) == (not kind.atomic)


@KINDS
def test_one_that_waits_never_runs(queue: JobQueue, other: JobQueue, gate: Event, kind: Kind) -> None:
    begun = [queue.begin(kind, str(number), {}, waiting(gate)) for number in range(kind.at_once + 1)]
    until(lambda: all(queue.get(kind, job.id).rows for job in begun[:-1]))
    assert queue.get(kind, begun[-1].id).state == "accepted"
    assert other.dismiss(kind, begun[-1].id).state == "dismissed"
    gate.set()
    until(lambda: not queue._active)
    assert [queue.get(kind, job.id).state for job in begun] == [*["successful"] * kind.at_once, "dismissed"]
    assert queue.get(kind, begun[-1].id).started is None


def test_a_job_of_one_file_is_begun_once_until_it_fails(queue: JobQueue, other: JobQueue, gate: Event) -> None:
    begun = queue.begin(PLAIN, "x", {}, waiting(gate), "token")
    assert other.begin(PLAIN, "x", {}, waiting(gate), "token").number == begun.number
    other.dismiss(PLAIN, "token")
    again = other.begin(PLAIN, "y", {}, waiting(gate), "token")
    assert again.number > begun.number
    gate.set()
    assert over(queue, PLAIN, "token").name == "y"
    assert queue.begin(PLAIN, "z", {}, waiting(gate), "token").number == again.number


def test_the_oldest_that_are_over_make_room(queue: JobQueue, gate: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "KEPT", 3)
    first = queue.begin(PLAIN, "first", {}, waiting(gate))
    until(lambda: queue.get(PLAIN, first.id).rows)
    for name in ("a", "b", "c"):
        over(queue, PLAIN, queue.begin(PLAIN, name, {}, lambda running: 1).id)
    assert [job.name for job in queue.all(PLAIN)] == ["c", "b", "first"]
    for name in ("d", "e"):
        queue.begin(PLAIN, name, {}, waiting(gate))
    assert [job.name for job in queue.all(PLAIN)] == ["e", "d", "first"]
    with pytest.raises(ServiceUnavailable):
        queue.begin(PLAIN, "f", {}, waiting(gate))
    # Other kinds have room of their own.
    queue.begin(ATOMIC, "f", {}, waiting(gate))


def test_what_is_past_its_age_is_forgotten(queue: JobQueue, gate: Event) -> None:
    gate.set()
    job = over(queue, PLAIN, queue.begin(PLAIN, "x", {}, waiting(gate)).id)
    old = replace(PLAIN, age=timedelta(0))
    assert queue.all(old) == []
    with pytest.raises(NotFound):
        queue.get(old, job.id)
    assert queue.all(replace(PLAIN, age=timedelta(hours=1))) == [job]
    queue.begin(old, "y", {}, waiting(gate))
    assert [job.name for job in queue.all(PLAIN)] == ["y"]


def test_a_job_of_another_version_of_the_program_is_forgotten(
    queue: JobQueue, gate: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.set()
    over(queue, PLAIN, queue.begin(PLAIN, "x", {}, waiting(gate)).id)
    monkeypatch.setattr(jobs, "__version__", "other")
    assert queue.all(PLAIN) == []


@KINDS
def test_a_job_whose_server_has_ended_has_failed(queue: JobQueue, other: JobQueue, gate: Event, kind: Kind) -> None:
    begun = [queue.begin(kind, str(number), {}, waiting(gate)) for number in range(kind.at_once + 1)]
    until(lambda: all(queue.get(kind, job.id).rows for job in begun[:-1]))
    assert [job.state for job in other.all(kind)] == ["accepted", *["running"] * kind.at_once]
    for owner in queue._owners.values():
        owner.release()
    for job in other.all(kind):
        assert (job.state, str(job.error)) == ("failed", str(jobs.BROKEN_OFF))
    gate.set()
    until(lambda: not queue._active)
    assert {job.state for job in other.all(kind)} == {"failed"}
    # What was left is not in the way of the same job, begun anew.
    assert over(other, kind, other.begin(kind, "x", {}, waiting(gate), begun[0].id).id).state == "successful"


def test_a_job_whose_end_was_not_recorded_has_failed(queue: JobQueue, gate: Event) -> None:
    begun = queue.begin(PLAIN, "x", {}, waiting(gate))
    until(lambda: queue.get(PLAIN, begun.id).rows)
    queue._active.clear()
    assert queue.get(PLAIN, begun.id).state == "failed"


def test_signs_of_life_do_not_pile_up(workspace: Path) -> None:
    for _ in range(5):
        queue = JobQueue()
        over(queue, PLAIN, queue.begin(PLAIN, "x", {}, lambda running: 1).id)
        for owner in queue._owners.values():
            owner.release()
    assert len(list((workspace / "server").glob("owner-*.lock"))) == 1


def test_reading_writes_nothing(queue: JobQueue, workspace: Path, client: FlaskClient) -> None:
    assert queue.all(PLAIN) == []
    assert client.get("/api/jobs").get_json()["jobs"] == []
    assert client.get(f"/api/jobs/{'0' * 32}").status_code == 404
    assert list(workspace.iterdir()) == []


ERRORS = [
    meaning.BadValue("km", "ك\ud800", "number"),
    meaning.NotFound("layer", "x", ("sites", "events")),
    meaning.BadData("/a/0", "kind", name="x", reason=Message("data.ring_open")),
    meaning.Conflict("al-qaim", {"id": "al-qaim", "properties": {"n": 0.1}}),
    meaning.Refused("bins", parameter="bin", count=9, most=8),
    meaning.Unwritable("folder", path="/x"),
    meaning.MasafaError("analysis"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_is_the_same_to_every_server(error: MasafaError) -> None:
    read = error_from_json(error_to_json(error))
    assert type(read) is type(error)
    assert (read.code, read.message.texts()) == (error.code, error.message.texts())
    assert json.dumps(read.message.to_dict()) == json.dumps(error.message.to_dict())


@given(st.text(), st.text(), st.text())
def test_an_error_says_the_same_to_every_server(parameter: str, value: str, allowed: str) -> None:
    error = BadValue(parameter, value, one_of([allowed]))
    read = error_from_json(error_to_json(error))
    assert isinstance(read, BadValue)
    assert (str(read), read.parameter, read.value) == (str(error), error.parameter, error.value)
    assert read.allowed == error.allowed


def test_an_error_that_nobody_knows_is_one_of_the_library() -> None:
    error = error_from_json('["Elsewhere", {"code": "failed.analysis", "parameters": {}}]')
    assert (type(error), str(error)) == (MasafaError, "the analysis failed")


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_result_is_the_same_byte_for_byte(
    name: str, client: FlaskClient, queue: JobQueue, other: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = registry.run(name, {key: str(value) for key, value in GOOD[name].items()})
    job = over(other, PLAIN, queue.begin(PLAIN, name, {}, lambda running: vars(computed)).id)
    monkeypatch.setattr(executions, "JOBS", other)
    read = executions.result(job)
    assert read is not None
    assert (read.id, read.analysis) == (computed.id, computed.analysis)
    with client.application.test_request_context():
        for form in FORMS:
            for document in (False, True):
                assert answered(read, form, document).data == answered(computed, form, document).data


def test_the_queue_of_the_app_is_that_of_the_workspace(workspace: Path) -> None:
    assert jobs.JOBS._state is server_state
    assert server_state().folder == workspace / "server"
