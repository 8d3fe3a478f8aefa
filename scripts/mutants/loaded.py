"""Mutants tried in processes that have the tests loaded already: the changed function's code is put in its place.

What can be tried so is a change inside a function: constants and defaults of a module are everywhere by then. What
is killed is killed, as the code as it is passes in the same way; what survives is tried again with the module itself
changed (session.py), as something may have been computed, or a process started, with the code as it was.
"""

from __future__ import annotations

import functools
import gc
import inspect
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

from scripts.mutants import session
from scripts.mutants.mutations import Mutant

PAUSE, TIMES = 4, 4
"""CPU seconds that a test has at least, and times what it took unchanged: a loop without end costs no more."""
WRAPPED = {property: "fget", functools.cached_property: "func", classmethod: "__func__", staticmethod: "__func__"}
"""Where a descriptor holds its function."""


@dataclass(frozen=True)
class Trial:
    """A mutant, the tests that may notice, by file, and the seconds of CPU they may take; None: the code as it is.

    Of a file that runs the changed code outside of any test (""), all may notice.
    """

    number: int
    mutant: Mutant | None
    tests: Mapping[str, set[str]]
    seconds: int


def inside_a_function(mutant: Mutant, text: str) -> bool:
    """Tell whether a mutant of a module's text, as `ast.unparse` writes it, changes bodies of functions alone."""
    return _frame(compile(text, "", "exec")) == _frame(compile(mutant.source, "", "exec"))


def _frame(code: CodeType) -> tuple[Any, ...]:
    """Return what a module or class does but for the bodies of its functions."""
    parts: list[Any] = []
    for value in code.co_consts:
        is_function = isinstance(value, CodeType) and value.co_flags & inspect.CO_NEWLOCALS
        nested = _frame(value) if isinstance(value, CodeType) and not is_function else None
        parts.append((value.co_name,) if is_function else nested or (type(value), repr(value)))
    return code.co_code, code.co_names, tuple(parts)


def put_in_place(mutant: Mutant, module: Any) -> None:
    """Give the function that a mutant changes its new code; raises LookupError or ValueError where it cannot be."""
    codes, holder = compile(mutant.source, module.__file__, "exec").co_consts, module
    for name in mutant.scope.split("."):
        (code,) = (each for each in codes if isinstance(each, CodeType) and each.co_name == name)
        holder = vars(holder)[name]
        if not isinstance(holder, type):
            break
        codes = code.co_consts
    while not isinstance(holder, FunctionType):
        holder = getattr(holder, WRAPPED.get(type(holder), "__wrapped__"))
    # What wraps may be wrapped itself, as by contextmanager.
    inspect.unwrap(holder).__code__ = code


class Server:
    """A plugin that forks a process for each trial once the tests are collected, instead of running them itself."""

    def __init__(self, trials: Sequence[Trial], tree: Path, answers: int, spent: Mapping[str, float]) -> None:
        """`answers` is a pipe to report to, `spent` how many seconds a test takes: the quick ones are tried first."""
        self.trials, self.tree, self.answers, self.spent = trials, tree, answers, spent
        self.failed = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try one after the other; report each as it ends."""
        # What a collector looks at in a forked process is copied for it.
        gc.collect()
        gc.freeze()
        for trial in self.trials:
            pid = os.fork()
            if not pid:
                self._try(trial, session)
            status = os.waitpid(pid, 0)[1]
            if os.WIFSIGNALED(status):
                self._report(trial, -os.WTERMSIG(status))
        return True

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember the first test that fails."""
        if report.failed and not self.failed:
            self.failed = f"FAILED {report.nodeid}"

    def _try(self, trial: Trial, session: pytest.Session) -> None:
        code = 0
        try:
            # What waits for good spends none.
            signal.alarm(10 * trial.seconds)
            if trial.mutant is not None:
                name = trial.mutant.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
                put_in_place(trial.mutant, sys.modules[name])
            files = {self.tree / test: functions for test, functions in trial.tests.items()}
            items = [item for item in session.items if files.get(item.path, set()) & _names(item)]
            items.sort(key=lambda item: self.spent.get(item.nodeid, 0.0))
            for item, following in zip(items, [*items[1:], None], strict=True):
                _limit(trial, self.spent.get(item.nodeid, float(trial.seconds)))
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if session.testsfailed:
                    code = 1
                    break
        except (LookupError, ValueError, AttributeError, TypeError):
            # Not to be put in place: as if it had survived.
            code = 0
        except BaseException:
            traceback.print_exc()
            code = 1
        self._report(trial, code)
        os._exit(0)

    def _report(self, trial: Trial, code: int) -> None:
        line = json.dumps({"number": trial.number, "code": code, "by": self.failed})
        os.write(self.answers, line.encode() + b"\n")


def _limit(trial: Trial, seconds: float) -> None:
    """Let the next test of a trial, which took so many seconds, run for its share of the CPU time of the trial."""
    most = min(trial.seconds, int(time.process_time() + PAUSE + TIMES * seconds) + 1)
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _names(item: pytest.Item) -> set[str]:
    """Return the names by which coverage knows what a test runs; that of a property is hypothesis's own function."""
    names = {"", item.name.partition("[")[0]}
    return names | {"test_function"} if session.is_property(item) else names


def answers_of(pipes: Sequence[int]) -> Iterator[Mapping[str, Any]]:
    """Yield the reports of several servers as they come, until the last of them ends."""
    import selectors

    with selectors.DefaultSelector() as waiting:
        left = dict.fromkeys(pipes, b"")
        for pipe in pipes:
            waiting.register(pipe, selectors.EVENT_READ)
        while left:
            for key, _ in waiting.select():
                read = os.read(key.fd, 65_536)
                *lines, left[key.fd] = (left[key.fd] + read).split(b"\n")
                yield from map(json.loads, lines)
                if not read:
                    waiting.unregister(key.fd)
                    os.close(key.fd)
                    del left[key.fd]
