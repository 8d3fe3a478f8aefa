"""The documents say what the code does: commands, options, analyses, make targets, links."""

from __future__ import annotations

import argparse
import re

import pytest

from geodata import analysis
from geodata.cli import parser
from tests.tree import ROOT, tracked

CLI = (ROOT / "docs/cli.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the command line's own parsers by name."""
    actions = parser()._actions
    found = next(action for action in actions if isinstance(action, argparse._SubParsersAction))
    return dict(found.choices)


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


@pytest.mark.parametrize("name", sorted(analysis.registry()))
def test_every_analysis_is_a_command(name: str) -> None:
    assert name in commands()


def test_the_two_commands_stand_early_in_the_readme() -> None:
    top = README.splitlines()[:15]
    assert any("make run" in line for line in top)
    assert any("git clone" in line or "make test" in line for line in top)


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
