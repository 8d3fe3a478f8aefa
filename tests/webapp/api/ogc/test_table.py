"""The requirements of OGC's standards: each one of a declared conformance class has a row in docs/ogc.md and a test."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from functools import cache

import pytest
from flask.testing import FlaskClient

from tests.tree import ROOT, tracked

SPEC = "http://www.opengis.net/spec/"
CLASSES: dict[str, list[str]] = json.loads((ROOT / "tests/webapp/api/ogc/requirements.json").read_text("utf-8"))
"""The requirements of each conformance class by its URI, as the published standards have them."""
DOCUMENT = (ROOT / "docs/ogc.md").read_text("utf-8")
ROW = re.compile(r"^\| `(/req/[^`]+)` \| (.+) \| ((?:`[^`]+`(?:, )?)+) \|$", re.MULTILINE)


def keys() -> set[str]:
    """Return every requirement with its standard: ogcapi-features-1/core/root-op."""
    return {
        f"{uri.removeprefix(SPEC).split('/')[0]}{requirement.removeprefix('/req')}"
        for uri, requirements in CLASSES.items()
        for requirement in requirements
    }


@cache
def marked() -> dict[str, set[str]]:
    """Return the tests of each requirement as file::name, read from the decorators."""
    tests: dict[str, set[str]] = defaultdict(set)
    for path in tracked("tests/webapp/api/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for decorator in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.requirement":
                    assert node.name.startswith("test_"), node.name
                    for argument in decorator.args:
                        where = path.relative_to(ROOT / "tests/webapp/api")
                        tests[ast.literal_eval(argument)].add(f"{where}::{node.name}")
    return tests


@cache
def rows() -> dict[str, set[str]]:
    """Return the tests that the document names for each requirement."""
    tests: dict[str, set[str]] = {}
    for section in re.split(r"^## ", DOCUMENT, flags=re.MULTILINE)[1:]:
        standard = re.search(r"`http://www\.opengis\.net/spec/([^/]+)/", section)
        for row in ROW.finditer(section):
            assert standard is not None, section[:60]
            key = f"{standard[1]}{row[1].removeprefix('/req')}"
            assert key not in tests, key
            tests[key] = set(re.findall(r"`([^`]+)`", row[3]))
    return tests


def test_the_classes_are_those_that_the_api_declares(client: FlaskClient) -> None:
    declared = client.get("/api/conformance").get_json()["conformsTo"]
    assert sorted(declared) == sorted(CLASSES)


def test_every_class_is_a_heading_of_the_document() -> None:
    headings = re.findall(rf"^### `({SPEC}[^`]+)`$", DOCUMENT, re.MULTILINE)
    assert sorted(headings) == sorted(CLASSES)


def test_every_requirement_has_a_row_under_its_class() -> None:
    for section in re.split(r"^### ", DOCUMENT, flags=re.MULTILINE)[1:]:
        uri = section.split("`")[1]
        assert [row[1] for row in ROW.finditer(section)] == CLASSES[uri], uri
    assert rows().keys() == keys()


@pytest.mark.parametrize("key", sorted(keys()))
def test_every_requirement_has_the_tests_that_its_row_names(key: str) -> None:
    assert rows()[key] == marked()[key]


def test_no_test_is_marked_with_what_is_no_requirement() -> None:
    assert marked().keys() - keys() == set()
