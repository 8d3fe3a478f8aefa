"""A campaign over one group: which tests run which lines, then every mutant against those that run its line."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import signal
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.mutants import loaded, session, trees
from scripts.mutants.groups import Group
from scripts.mutants.mutations import Mutant, mutants
from scripts.mutants.trees import ROOT, WORK

LEAST_SECONDS, TIMES, PATIENCE = 6, 2, 10
"""CPU seconds that a session has at least; times what the unchanged code took; and times that again on the clock."""
PASSED = 0
CONTROL = -1
"""The number of the trial that changes nothing."""


@dataclass(frozen=True)
class Visit:
    """What one test file ran of a group's modules, in how many seconds."""

    test: str
    seconds: float
    lines: dict[str, dict[str, list[str]]]
    """By module, the lines that ran, and in which tests; "" is outside of any, as in a fixture."""
    spent: dict[str, float]
    """Seconds that each of its tests took."""

    def runs(self, mutant: Mutant) -> bool:
        """Tell whether the file runs the changed code."""
        return bool(self.tests(mutant))

    def tests(self, mutant: Mutant) -> set[str]:
        """Return the test functions that run the changed code, "" where it runs outside of them, too."""
        first, last = mutant.lines
        by_line = self.lines.get(mutant.path, {})
        return {test for line, tests in by_line.items() if first <= int(line) <= last for test in tests}


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: killed, survived, or no test runs it."""

    mutant: Mutant
    fate: str
    seconds: float = 0.0
    by: str = ""


Waiting = tuple[Mutant, list[Visit], str]
"""A mutant to be tried, what runs it, and what is kept of it."""


@dataclass
class Running:
    """A session under way."""

    mutant: Mutant
    tree: Path
    started: float
    deadline: float
    record: dict[str, Any] = field(default_factory=dict)


class Campaign:
    """Every mutant of a group, several at a time; what is known of one is kept in a file and not asked again."""

    def __init__(self, group: Group, jobs: int, fresh: bool = False, quick: bool = False) -> None:
        self.group, self.jobs, self.quick = group, jobs, quick
        self.folder = WORK / group.name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.results = self.folder / "results.jsonl"
        if fresh:
            self.results.unlink(missing_ok=True)
        self.environment = {"NUMBA_DISABLE_JIT": "1"} if group.interpreted else {}
        self.trees = [trees.fresh(number) for number in range(jobs)]
        self.product = _digest(sorted([*ROOT.glob("geodata/**/*.py"), *ROOT.glob("webapp/**/*.py")]))

    def visits(self) -> list[Visit]:
        """Return what every test file of the group runs; raises where one fails on the code as it is."""
        return sorted(filter(None, map(self._visit, self.group.tests)), key=lambda visit: visit.seconds)

    def _visit(self, test: str) -> Visit | None:
        kept = self.folder / f"{_digest([ROOT / test])}-{self.product}.json"
        if not kept.is_file():

            def write(lines: dict[str, dict[int, list[str]]], spent: dict[str, float]) -> None:
                kept.write_text(json.dumps({"seconds": time.process_time(), "lines": lines, "spent": spent}))

            log = self.folder / "visit.log"
            pid = self._start(self.trees[0], [test], log, seconds=3600, traced=self.group.modules, done=write)
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            if code != PASSED:
                kept.unlink(missing_ok=True)
                raise SystemExit(f"{test} fails on the code as it is:\n{log.read_text('utf-8')[-3000:]}")
        read = json.loads(kept.read_text())
        return Visit(test, read["seconds"], read["lines"], read["spent"]) if read["lines"] else None

    def _start(self, tree: Path, tests: Sequence[str], log: Path, **more: Any) -> int:
        return session.start(tree, tests, log, environment=self.environment, deselected=self.group.deselect, **more)

    def run(self, modules: Sequence[str]) -> Iterator[Outcome]:
        """Yield what becomes of every mutant of some of the group's modules."""
        visits, known = self.visits(), self._known()
        waiting: list[Waiting] = []
        for path in modules:
            text = (ROOT / path).read_text("utf-8")
            for mutant in mutants(path, text):
                by = [visit for visit in visits if visit.runs(mutant)]
                key = hashlib.sha256(f"{mutant.key}{mutant.source}".encode()).hexdigest()
                tests = _digest([ROOT / visit.test for visit in by]) + self.product
                stored = known.get(key)
                if not by:
                    yield Outcome(mutant, "not run")
                elif stored and (stored["fate"] != "survived" or stored["tests"] == tests):
                    yield Outcome(mutant, stored["fate"], 0.0, stored["by"])
                else:
                    waiting.append((mutant, by, json.dumps({"key": key, "tests": tests})))
        left = dict(enumerate(waiting))
        for number, outcome in self._loaded(waiting, visits):
            # What survives there is tried again, unless that would take too long: then it is not remembered.
            if outcome.fate != "survived":
                self._keep(json.loads(left.pop(number)[2]), outcome)
                yield outcome
            elif self.quick:
                left.pop(number)
                yield outcome
        yield from self._all(list(left.values()))

    def _loaded(self, waiting: list[Waiting], visits: list[Visit]) -> Iterator[tuple[int, Outcome]]:
        """Yield what becomes of mutants in processes that have the tests loaded already."""
        texts = {path: ast.unparse(ast.parse((ROOT / path).read_text("utf-8"))) for path in self.group.modules}
        trials = [
            loaded.Trial(number, mutant, {visit.test: visit.tests(mutant) for visit in by}, _seconds(by))
            for number, (mutant, by, _) in enumerate(waiting)
            if loaded.inside_a_function(mutant, texts[mutant.path])
        ]
        tests = list(dict.fromkeys(test for trial in trials for test in trial.tests))
        spent = {test: seconds for visit in visits for test, seconds in visit.spent.items()}
        passed = self.folder / f"together-{_digest([ROOT / test for test in tests])}-{self.product}"
        every = {test: {""} for test in tests}
        pipes, pids = [], []
        for at, tree in enumerate(self.trees if trials else []):
            answers, write = os.pipe()
            control = [] if at or passed.exists() else [loaded.Trial(CONTROL, None, every, _seconds(visits))]
            server = loaded.Server([*control, *trials[at :: len(self.trees)]], tree, write, spent)
            pids.append(self._start(tree, tests, tree / "session.log", seconds=100_000, server=server))
            os.close(write)
            pipes.append(answers)
        try:
            for answer in loaded.answers_of(pipes):
                if answer["number"] == CONTROL:
                    if answer["code"]:
                        raise SystemExit(f"loaded together, the tests fail on the code as it is: {answer['by']}")
                    passed.touch()
                    continue
                fate = "killed" if answer["code"] > 0 else "timed out" if answer["code"] else "survived"
                yield answer["number"], Outcome(waiting[answer["number"]][0], fate, 0.0, answer["by"])
        finally:
            for pid in pids:
                _kill(pid)
                os.waitpid(pid, 0)

    def _all(self, waiting: list[Waiting]) -> Iterator[Outcome]:
        free, running = list(self.trees), dict[int, Running]()
        waiting = waiting[::-1]
        try:
            while waiting or running:
                while waiting and free:
                    mutant, by, record = waiting.pop()
                    tree = free.pop()
                    trees.change(tree, mutant.path, mutant.source)
                    seconds = _seconds(by)
                    log = tree / "session.log"
                    pid = self._start(tree, [visit.test for visit in by], log, seconds=seconds)
                    now = time.monotonic()
                    running[pid] = Running(mutant, tree, now, now + PATIENCE * seconds, json.loads(record))
                for pid, outcome in list(self._ended(running)):
                    job = running.pop(pid)
                    trees.restore(job.tree, job.mutant.path)
                    free.append(job.tree)
                    self._keep(job.record, outcome)
                    yield outcome
                time.sleep(0.02)
        finally:
            for pid in running:
                _kill(pid)
            for tree in self.trees:
                shutil.rmtree(session.scratch(tree), ignore_errors=True)

    def _ended(self, running: dict[int, Running]) -> Iterator[tuple[int, Outcome]]:
        for pid, job in running.items():
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended and time.monotonic() < job.deadline:
                continue
            _kill(pid)
            if not ended:
                status = os.waitpid(pid, 0)[1]
            code = os.waitstatus_to_exitcode(status)
            spent = time.monotonic() - job.started
            fate = "survived" if code == PASSED else "killed" if code >= 0 else "timed out"
            log = (job.tree / "session.log").read_text("utf-8", errors="replace")
            failed = [line for line in log.splitlines() if line.startswith(("FAILED", "ERROR"))]
            yield pid, Outcome(job.mutant, fate, spent, failed[0].split(" - ")[0] if failed else "")

    def _keep(self, record: dict[str, Any], outcome: Outcome) -> None:
        line = {**record, "fate": outcome.fate, "by": outcome.by, "mutant": str(outcome.mutant)}
        with self.results.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _known(self) -> dict[str, dict[str, str]]:
        if not self.results.is_file():
            return {}
        lines = map(json.loads, self.results.read_text("utf-8").splitlines())
        return {line["key"]: line for line in lines}


def _seconds(visits: Iterable[Visit]) -> int:
    return int(LEAST_SECONDS + TIMES * sum(visit.seconds for visit in visits))


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]
