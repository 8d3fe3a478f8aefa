"""Executions answered later: begun, looked at, taken, dismissed; few at a time, and forgotten after an hour."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify

from geodata.errors import BadValue, MasafaError, NotFound
from webapp.api import executions, forms, job_list, links
from webapp.api.executions import EXECUTION
from webapp.api.operations import Operation, Param, add, read
from webapp.api.results import FORMS, answered
from webapp.auth import public_write
from webapp.jobs import JOBS, KEPT

JOB = Param("job", "A job's id.", where="path")
ALL = Operation("/jobs", "jobs", "The jobs", forms.BOTH, job_list.params(KEPT), statuses=(404,), cached=False)
ONE = Operation("/jobs/{job}", "job", "How a job stands", forms.BOTH, (JOB,), statuses=(404,), cached=False)
DISMISS = Operation(
    "/jobs/{job}", "dismiss", "Dismiss a job", forms.ONLY_JSON, (JOB,), method="delete", statuses=(403, 404)
)
RESULTS = Operation(
    "/jobs/{job}/results", "job-results", "What a job found", FORMS, (JOB,), statuses=(404, 503), cached=False
)
FAILURES = (((BadValue, NotFound), "InvalidParameterValue"), ((MasafaError,), "NoApplicableCode"))
"""What kinds of failures of a job are called in the answer in place of its results."""
OPERATIONS = (ALL, ONE, DISMISS, RESULTS)


def wire(blueprint: Blueprint) -> None:
    """Add the routes."""
    add(blueprint, ALL, listed)
    add(blueprint, ONE, job)
    add(blueprint, DISMISS, dismiss)
    add(blueprint, RESULTS, results)


def listed() -> Response:
    """List the jobs."""
    values = read(ALL)
    form = forms.chosen(ALL.forms)
    jobs = job_list.selected(JOBS.all(EXECUTION), values)
    data = {"jobs": [executions.status(job) for job in jobs], "links": links.own(dict(ALL.forms), form)}
    return _fresh(forms.answer(ALL, form, data, "api_jobs", [("/api", "api_landing")]))


def job(job: str) -> Response:
    """Say how a job stands."""
    read(ONE)
    form = forms.chosen(ONE.forms)
    trail = [("/api", "api_landing"), ("/api/jobs", "api_jobs")]
    return _fresh(forms.answer(ONE, form, executions.status(JOBS.get(EXECUTION, job)), "api_job", trail))


@public_write
def dismiss(job: str) -> Response:
    """Dismiss a job."""
    read(DISMISS)
    return _fresh(jsonify(executions.status(JOBS.dismiss(EXECUTION, job))))


def results(job: str) -> Response:
    """Answer with the result of a job, or with its error."""
    read(RESULTS)
    execution = JOBS.get(EXECUTION, job)
    if execution.error is not None:
        g.problem_type = next(name for kinds, name in FAILURES if isinstance(execution.error, kinds))
        raise execution.error
    result = executions.result(execution)
    if result is None:
        raise NotFound("job_result", f"{job} ({execution.state})")
    # As the execution asked for it, where this request asks for no other format.
    default = execution.request["form"]
    form = forms.chosen({default: FORMS[default], **FORMS})
    return answered(result, form, execution.request["document"])


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
