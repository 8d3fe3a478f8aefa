"""The JavaScript is typed and linted by `make check`: nothing in it or its lock steps around that."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from tests.tree import ROOT, tracked
from webapp import create_app
from webapp.config import Config
from webapp.page_context import boot

SCRIPTS = tracked("webapp/static/js/*.js", "webapp/static/js/*.ts", "geodata/formats/*.js", "geodata/formats/*.ts")
ESCAPES = re.compile(r"@ts-(?:ignore|nocheck|expect-error)|eslint-disable|\{\*\}|[<:|({]\s*any\b(?!\s+\w)")
LOCK = json.loads((ROOT / "package-lock.json").read_text("utf-8"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_script_opts_out_of_its_types(path: Path) -> None:
    assert ESCAPES.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize("text", ["// @ts-ignore", "/** @type {any} */", "{*} x", "x: any;", "Map<any, string>"])
def test_what_opts_out_is_seen(text: str) -> None:
    assert ESCAPES.search(text)


def test_every_type_check_is_on() -> None:
    options = json.loads((ROOT / "tsconfig.json").read_text("utf-8"))["compilerOptions"]
    assert options["strict"] is True
    assert options["checkJs"] is True
    assert not [name for name, value in options.items() if name.startswith(("noImplicit", "strict")) and value is False]
    checked = json.loads((ROOT / "tsconfig.json").read_text("utf-8"))["include"]
    assert checked == ["webapp/static/js", "geodata/formats/*.js", "geodata/formats/*.d.ts"]
    recipe = (ROOT / "Makefile").read_text("utf-8").partition("\ncheck:")[2].partition("\n\n")[0]
    assert "typescript/bin/tsc" in recipe
    assert "eslint.js --max-warnings 0" in recipe


def test_the_lock_names_no_registry_and_holds_every_hash() -> None:
    packages = {name: package for name, package in LOCK["packages"].items() if name}
    assert len(packages) > 50
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert not [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")]


def test_each_package_is_pinned_and_for_development_only() -> None:
    manifest = json.loads((ROOT / "package.json").read_text("utf-8"))
    assert "dependencies" not in manifest
    assert manifest["devDependencies"] == LOCK["packages"][""]["devDependencies"]
    for version in manifest["devDependencies"].values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert all(package["dev"] for name, package in LOCK["packages"].items() if name)


def test_the_page_context_is_typed_as_the_server_writes_it() -> None:
    types = (ROOT / "webapp/static/js/core/types.d.ts").read_text("utf-8")
    block = types.partition("interface PageContext {")[2].partition("\n  }")[0]
    general, _, of_single_pages = block.partition("/** Pages that take files. */")
    with create_app(Config()).test_request_context("/"):
        assert set(re.findall(r"^    (\w+): ", general, re.MULTILINE)) == boot().keys()
    declared = set(re.findall(r"^    (\w+): ", of_single_pages, re.MULTILINE))
    passed = {name for path in tracked("webapp/*.py") for name in passed_to_boot(path.read_text("utf-8"))}
    assert declared == passed


def passed_to_boot(text: str) -> set[str]:
    """Return the names of what a view adds to the context of its page."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "boot"]
    return {keyword.arg for call in named for keyword in call.keywords if keyword.arg}
