"""The mutants of a module: every kind of change, always the same, and none of what carries no rule."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from scripts.mutants.groups import groups, survivors
from scripts.mutants.mutations import Mutant, mutants
from tests.tree import ROOT

RULES = '''"""A docstring with 1 number."""
from typing import Literal

Word = Literal["yes", "no"]
LIMIT: float = 10.0
SYNC = "PRAGMA synchronous = FULL"


def judge(value: float, held: bool = True) -> str:
    """Return what 2 stands for."""
    if not held or value < LIMIT and value != -1:
        raise BadValue("value", value, "more than 3")
    total = max(value, 2) - 1
    while total >= 5:
        total -= 1
        save(total)
        break
    return {"en": "text", "ar": "نص"} if total is None else f"{total} things"
'''


def changes(text: str) -> set[tuple[str, str]]:
    return {(one.before, one.after) for one in mutants("rules.py", text)}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("LIMIT: float = 10.0", "LIMIT: float = 11.0"),
        ("SYNC = 'PRAGMA synchronous = FULL'", "SYNC = 'PRAGMA synchronous = OFF'"),
        ("held: bool=True", "held: bool=False"),
        ("total is None", "total is not None"),
        ("value < LIMIT", "value <= LIMIT"),
        ("value < LIMIT", "value >= LIMIT"),
        ("value != -1", "value == -1"),
        ("not held or (value < LIMIT and value != -1)", "value < LIMIT and value != -1"),
        ("not held or (value < LIMIT and value != -1)", "True"),
        ("not held or (value < LIMIT and value != -1)", "False"),
        ("not held", "held"),
        ("-1", "1"),
        ("total = max(value, 2) - 1", "total = max(value, 2) + 1"),
        ("total = max(value, 2) - 1", "total = min(value, 2) - 1"),
        ("total -= 1", "total += 1"),
        ("save(total)", "pass"),
        ("break", "continue"),
    ],
)
def test_every_kind_of_change_is_made(before: str, after: str) -> None:
    items = [one for one in mutants("rules.py", RULES) if after in one.after and before in one.before]
    assert any(one.before.replace(before, after, 1) == one.after for one in items), changes(RULES)


def test_what_carries_no_rule_is_left_alone() -> None:
    for one in mutants("rules.py", RULES):
        kept = ast.unparse(ast.parse(RULES))
        for text in (
            "A docstring with 1 number.",
            "Return what 2 stands for.",
            "Literal['yes', 'no']",
            "more than 3",
            "نص",
        ):
            assert text in kept
            assert text in one.source or one.after == "return None", str(one)


def test_the_same_module_gives_the_same_mutants_each_another_program() -> None:
    first, second = (list(mutants("rules.py", RULES)) for _ in range(2))
    assert first == second
    assert len({one.key for one in first}) == len(first) > 30
    assert len({one.source for one in first}) == len(first)
    unchanged = ast.unparse(ast.parse(RULES))
    for one in first:
        assert one.source != unchanged
        ast.parse(one.source)


def test_without_their_sources_they_are_the_same() -> None:
    assert [replace(one, source="") for one in mutants("rules.py", RULES)] == list(mutants("rules.py", RULES, False))


def test_a_change_is_looked_for_where_its_line_runs() -> None:
    lines = RULES.splitlines()
    for one in mutants("rules.py", RULES):
        first, last = one.lines
        assert first <= one.line <= max(last, one.line)
        assert 1 <= first <= last <= len(lines)


def test_every_group_has_its_modules_and_tests() -> None:
    found = {group.name: group for group in groups()}
    assert set(found) == {"verdict", "uncertainty", "shown", "kernel", "journal", "security"}
    for group in found.values():
        assert group.modules, group.name
        assert group.tests, group.name
        assert all((ROOT / path).is_file() for path in (*group.modules, *group.tests))


def test_every_survivor_is_a_mutant_that_there_is_and_has_a_reason() -> None:
    by_path: dict[str, list[Mutant]] = {}
    for one in survivors():
        if one.path not in by_path:
            by_path[one.path] = list(mutants(one.path, (ROOT / one.path).read_text("utf-8"), sources=False))
        assert any(map(one.is_, by_path[one.path])), one
        assert len(one.reason.split()) > 3, one
