"""No file and no function grows past what one reading holds."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.tree import ROOT, tracked

FILE_LINES = {".py": 400, ".js": 300, ".css": 400, ".html": 400}
FUNCTION_LINES = 60

SOURCES = tracked("*.py", "*.js", "*.css", "webapp/templates/*.html")


def test_there_is_something_to_measure() -> None:
    assert len(SOURCES) > 60


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_is_short(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= FILE_LINES[path.suffix], f"{path.relative_to(ROOT)} has {lines} lines"


@pytest.mark.parametrize("path", tracked("*.py"), ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_are_short(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            lines = node.end_lineno - node.lineno + 1
            assert lines <= FUNCTION_LINES, f"{path.relative_to(ROOT)}: {node.name} has {lines} lines"
