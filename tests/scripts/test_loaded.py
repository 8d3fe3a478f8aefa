"""Mutants put in the place of what is loaded already: only what changes inside functions, and all of that."""

from __future__ import annotations

import ast
import os
import signal
import sys
from types import ModuleType

import pytest

from scripts.mutants import loaded as trials
from scripts.mutants.loaded import inside_a_function, put_in_place
from scripts.mutants.mutations import Mutant, mutants

RULES = """
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property

LIMIT = 10

def plain(value, least=3):
    return value + 5 if value > least else LIMIT

@cache
def kept(value):
    return value + 5

@contextmanager
def opened(value):
    yield value + 5

@dataclass
class Rule:
    limit: int = 3

    @property
    def twice(self):
        return self.limit * 2

    @cached_property
    def thrice(self):
        return self.limit * 3

    @classmethod
    def of(cls, value):
        return cls(value + 5)

    @staticmethod
    def fixed(value):
        return value + 5

    def nested(self, value):
        def inner(more):
            return more + 5
        return inner(value)
"""


def loaded(source: str) -> ModuleType:
    """Return a module of a source text."""
    sys.modules["rules"] = module = ModuleType("rules")
    module.__file__ = "rules.py"
    try:
        exec(compile(source, "rules.py", "exec"), vars(module))
    finally:
        del sys.modules["rules"]
    return module


def behaviour(module: ModuleType) -> list[object]:
    """Return what every function of the module gives, or the error it raises."""

    def first(value: int) -> object:
        with module.opened(value) as got:
            return got

    calls = [
        lambda: [module.plain(value) for value in range(12)],
        lambda: module.kept(4),
        lambda: first(4),
        lambda: module.Rule(4).twice,
        lambda: module.Rule(4).thrice,
        lambda: module.Rule.of(4).limit,
        lambda: module.Rule.fixed(4),
        lambda: module.Rule(4).nested(4),
    ]
    results: list[object] = []
    for call in calls:
        try:
            results.append(call())
        except Exception as error:
            results.append(type(error))
    return results


FUNCTIONS = [one for one in mutants("rules.py", RULES) if inside_a_function(one, ast.unparse(ast.parse(RULES)))]


@pytest.mark.parametrize("mutant", FUNCTIONS, ids=str)
def test_a_mutant_in_place_behaves_as_its_module_does(mutant: Mutant) -> None:
    module, other = loaded(RULES), loaded(mutant.source)
    put_in_place(mutant, module)
    assert behaviour(module) == behaviour(other)
    assert behaviour(module) != behaviour(loaded(RULES))


def test_what_is_not_inside_a_function_is_left_to_a_module_of_its_own() -> None:
    others = [one for one in mutants("rules.py", RULES) if one not in FUNCTIONS]
    assert [(one.before, one.after) for one in others] == [
        ("LIMIT = 10", "LIMIT = 11"),
        ("def plain(value, least=3):", "def plain(value, least=4):"),
        ("limit: int = 3", "limit: int = 4"),
    ]
    assert {one.scope.split(".")[-1] for one in FUNCTIONS} == {
        *("plain", "kept", "opened", "twice", "thrice", "of", "fixed", "nested", "inner"),
    }


@pytest.mark.parametrize(("most", "spent"), [(1, 100.0), (100, 0.0)])
def test_a_loop_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch, most: int, spent: float) -> None:
    monkeypatch.setattr(trials, "PAUSE", 0)
    pid = os.fork()
    if not pid:
        trials._limit(trials.Trial(0, None, {}, most), spent)
        while True:
            pass
    # By the CPU time that it spent itself, however long that takes.
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGXCPU
