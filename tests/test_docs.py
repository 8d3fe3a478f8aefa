"""The documents say what the code does: commands, options, analyses, make targets, links."""

from __future__ import annotations

import argparse
import doctest
import importlib
import re
from pathlib import Path

import pytest

from geodata import registry
from geodata.catalog import shipped
from geodata.cli import Command, parser
from scripts import reference
from tests.tree import ROOT, tracked
from webapp import create_app
from webapp.config import Config
from webapp.errors import STATUS, TITLES

API = (ROOT / "docs/api.md").read_text("utf-8")
CLI = (ROOT / "docs/cli.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the command line's own parsers by name."""
    actions = parser()._actions
    found = next(action for action in actions if isinstance(action, argparse._SubParsersAction))
    return {name: command.complete() for name, command in found.choices.items() if isinstance(command, Command)}


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_and_option_is_documented(name: str) -> None:
    assert f"`geodata {name}" in CLI
    for action in commands()[name]._actions:
        for option in action.option_strings:
            if option.startswith("--"):
                assert option in CLI, f"{name} {option} is not in docs/cli.md"


def test_every_documented_command_exists() -> None:
    named = set(re.findall(r"`geodata ([a-z]+)", CLI))
    assert named == set(commands())


@pytest.mark.parametrize("name", sorted(registry.analyses()))
def test_every_analysis_is_a_command(name: str) -> None:
    assert name in commands()


def test_the_two_commands_stand_early_in_the_readme() -> None:
    top = README.splitlines()[:15]
    assert any("make run" in line for line in top)
    assert any("git clone" in line or "make test" in line for line in top)


def test_the_readme_is_one_screen() -> None:
    assert len(README.splitlines()) <= 55


def test_the_site_lists_every_page_of_the_guide() -> None:
    listed = set(re.findall(r"^([a-z]+)$", (ROOT / "docs/index.md").read_text("utf-8"), re.MULTILINE))
    assert listed == {path.stem for path in tracked("docs/*.md")} - {"index"}


def test_every_make_target_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    for target in phony[1].split():
        assert re.search(rf"^{target}:.*## \w", makefile, re.MULTILINE), target
        assert f"make {target}" in README or target in ("help", "clean", "pins"), target


@pytest.mark.parametrize("path", tracked("*.md"), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path) -> None:  # type: ignore[no-untyped-def]
    for target in re.findall(r"\]\(([^)#\s]+)\)", path.read_text("utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def routes() -> set[str]:
    """Return every address of the web app as Flask writes it."""
    return {rule.rule for rule in create_app(Config()).url_map.iter_rules()}


def test_every_address_is_documented_and_every_documented_one_exists() -> None:
    named = set(re.findall(r"`(/[^`\s]*)`", API))
    assert routes() - named == set()
    assert named - routes() == set()


def test_the_document_of_the_analyses_is_made_from_the_registry() -> None:
    assert (ROOT / "docs/analyses.md").read_text("utf-8") == reference.text(), "run python -m scripts.reference"


def test_the_document_names_every_input_and_its_option() -> None:
    for name, analysis in registry.analyses().items():
        (section,) = re.findall(rf"^## `{name}`$(.*?)(?=^## |\Z)", reference.text(), re.MULTILINE | re.DOTALL)
        for parameter in analysis.parameters:
            assert f"| `{parameter.name}`" in section
        options = re.findall(r"--[a-z]+", section)
        assert set(options) <= {option for action in commands()[name]._actions for option in action.option_strings}


def test_every_layer_and_status_is_documented() -> None:
    assert all(f"`{id_}`" in API for id_ in shipped().ids())
    rows = " ".join(re.findall(r"^\| (\d{3}(?:, \d{3})*) \|", API, re.MULTILINE))
    assert {*TITLES, *(status for _, status in STATUS)} <= set(map(int, re.findall(r"\d{3}", rows)))


def test_the_requests_of_the_documents_are_answered() -> None:
    client = create_app(Config()).test_client()
    asked = re.findall(r"http://127\.0\.0\.1:8000(/[^'\s]*)'", API)
    assert len(asked) >= 4
    for address in asked:
        answer = client.get(address)
        assert answer.status_code == (400 if "km=0" in address or "?" not in address else 200), address
    output = re.search(r'"detail": "(km: [^"]*)"', API)
    assert output is not None
    assert client.get(asked[-1]).get_json()["detail"] == output[1]


EXAMPLES = [path for path in tracked("geodata/*.py") if ">>>" in path.read_text("utf-8")]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_print_what_they_say(path: Path) -> None:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    done = doctest.testmod(importlib.import_module(name))
    assert done.attempted > 0
    assert done.failed == 0
