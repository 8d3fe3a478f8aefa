"""Names say what a thing is: words that name nothing are rare, and never those of a module, class or function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pygments.lexers.javascript import JavascriptLexer
from pygments.token import Name

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


SCRIPTS = tracked("webapp/static/js/*.js")
LINTER = (ROOT / "eslint.config.js").read_text("utf-8")
SCRIPT_PLACEHOLDERS = frozenset(re.findall(r'"(\w+)"', LINTER.partition("PLACEHOLDERS = [")[2].partition("]")[0]))


def script_names(text: str) -> list[str]:
    """Return the names that a script uses: variables, parameters, functions, properties; no words of texts."""
    return [value for token, value in JavascriptLexer().get_tokens(text) if token in Name]


def test_names_of_a_script_are_read_apart_from_its_texts() -> None:
    text = 'const made = "held"; // found\nexport function told({ given, x: asked }) { return `one ${kept}`; }'
    assert set(script_names(text)) & PLACEHOLDERS == {"made", "told", "given", "asked", "kept"}


def test_the_linter_refuses_every_placeholder() -> None:
    assert PLACEHOLDERS <= SCRIPT_PLACEHOLDERS
    assert '"id-denylist": ["error", ...PLACEHOLDERS]' in LINTER


def test_few_names_of_the_scripts_say_nothing() -> None:
    names = [name for path in SCRIPTS for name in script_names(path.read_text("utf-8"))]
    assert len(names) > 10_000
    assert sum(name in SCRIPT_PLACEHOLDERS for name in names) <= SHARE * len(names)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_script_exports_one(path: Path) -> None:
    exported = re.findall(r"^export (?:async )?(?:const|let|function|class) (\w+)", path.read_text("utf-8"), re.M)
    assert [name for name in [path.stem, *exported] if name in SCRIPT_PLACEHOLDERS] == []
