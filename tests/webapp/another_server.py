"""A server in a process of its own, whose jobs wait for a line at every step: `python -m tests.webapp.another_server`.

It writes its address and its token, then a line for each step that a job has reached.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping

from geodata.model import Result
from tests.serving import served
from webapp import create_app
from webapp.api import executions
from webapp.config import Config
from webapp.jobs import RunningJob

report, ask = RunningJob.report, executions.ask


def pause(step: str) -> None:
    """Say which step was reached, and wait for a line."""
    print(step, flush=True)
    sys.stdin.readline()


def report_and_wait(job: RunningJob, step: str, rows: int) -> None:
    pause(step)
    report(job, step, rows)
    pause(f"{step} {rows}")


def ask_and_wait(name: str, inputs: Mapping[str, str]) -> Result:
    pause(name)
    return ask(name, inputs)


if __name__ == "__main__":
    RunningJob.report = report_and_wait  # type: ignore[method-assign]
    executions.ask = ask_and_wait
    app = create_app(Config())
    with served(app) as address:
        print(address, app.extensions["masafa_token"], flush=True)
        threading.Event().wait()
