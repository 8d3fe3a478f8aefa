"""Names say what a thing is: words that name nothing are rare, and never those of a module, class or function."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tree import ROOT, tracked

PLACEHOLDERS = frozenset(
    [
        "one",
        "made",
        "held",
        "found",
        "told",
        "said",
        "asked",
        "given",
        "whole",
        "plain",
        "wish",
        "thing",
        "taken",
        "kept",
        "known",
        "way",
        "turn",
    ]
)
SHARE = 0.02
FILES = tracked("geodata/*.py", "webapp/*.py")


def stored(tree: ast.AST) -> Iterator[str]:
    """Yield the names that a file stores values under: variables, attributes and arguments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, ast.arg):
            yield node.arg


def is_placeholder(name: str) -> bool:
    """Tell whether a name is nothing but such a word."""
    return name.strip("_") in PLACEHOLDERS


def test_few_values_have_a_name_that_says_nothing() -> None:
    names = [name for path in FILES for name in stored(ast.parse(path.read_text("utf-8")))]
    assert len(names) > 10_000
    assert sum(map(is_placeholder, names)) <= SHARE * len(names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_class_or_function_has_one(path: Path) -> None:
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    names = [node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, defined)]
    public = [name for name in [path.stem, *names] if not name.startswith("_") and is_placeholder(name)]
    assert public == []
