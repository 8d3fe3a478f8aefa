"""What is mutated, and by which test files it is held: `groups.toml`, `survivors.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.mutants.mutations import Mutant
from scripts.mutants.trees import ROOT

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Group:
    """Modules and the test files that may notice a change in them."""

    name: str
    modules: Sequence[str]
    tests: Sequence[str]
    interpreted: bool = False
    deselect: Sequence[str] = ()


@dataclass(frozen=True)
class Survivor:
    """A mutant that no test can or need notice, and why."""

    path: str
    scope: str
    before: str
    after: str
    reason: str

    def is_(self, mutant: Mutant) -> bool:
        """Tell whether a mutant is this one."""
        return (self.path, self.scope, self.before, self.after) == (
            mutant.path,
            mutant.scope,
            mutant.before,
            mutant.after,
        )


def groups() -> list[Group]:
    """Return the groups in the order of the file."""
    read = tomllib.loads((HERE / "groups.toml").read_text("utf-8"))
    return [
        Group(
            name,
            _matching(entry["modules"]),
            _matching(entry["tests"]),
            entry.get("interpreted", False),
            entry.get("deselect", ()),
        )
        for name, entry in read.items()
    ]


def survivors() -> list[Survivor]:
    """Return the mutants that are explained."""
    path = HERE / "survivors.toml"
    return [Survivor(**entry) for entry in tomllib.loads(path.read_text("utf-8")).get("survivor", [])]


def _matching(patterns: Sequence[str]) -> list[str]:
    """Return the project's files that match; each once."""
    return sorted({str(path.relative_to(ROOT)) for pattern in patterns for path in ROOT.glob(pattern)})
