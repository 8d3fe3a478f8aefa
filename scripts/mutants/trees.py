"""A copy of the project for each process that runs mutants: the working tree is never changed."""

from __future__ import annotations

import compileall
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".venv" / "mutants"
"""Where copies and results lie: of no worth once `.venv` goes."""
COPIED = ("geodata", "webapp", "tests", "scripts", "docs")
FILES = ("pyproject.toml", "Makefile", "README.md", "LICENSE")
LINKED = ("geodata/layers",)
"""Data only, and large."""


def fresh(number: int) -> Path:
    """Return the copy of that number, made anew of the project as it is."""
    tree = WORK / f"tree-{number}"
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    linked = {ROOT / name for name in LINKED}

    def left_out(folder: str, names: list[str]) -> list[str]:
        return [name for name in names if name == "__pycache__" or Path(folder) / name in linked]

    for name in COPIED:
        shutil.copytree(ROOT / name, tree / name, ignore=left_out)
    for name in FILES:
        shutil.copy2(ROOT / name, tree / name)
    for name in LINKED:
        (tree / name).symlink_to(ROOT / name)
    (tree / ".venv").mkdir()
    # Once for all sessions: none of them writes bytecode, which a mutant of the same length would be taken for.
    compileall.compile_dir(tree, quiet=2)
    return tree


def change(tree: Path, path: str, source: str) -> None:
    """Put a mutant in the place of its module."""
    (tree / path).write_text(source, encoding="utf-8")


def restore(tree: Path, path: str) -> None:
    """Put the module back, its time of change with it: numba's cache goes by that."""
    shutil.copy2(ROOT / path, tree / path)
