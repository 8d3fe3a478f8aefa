"""Which code this is: the release, and the commit where it is known, as citations and records say it.

A checkout reads its commit from `.git`, a built package from the file that its build wrote (setup.py).
"""

from __future__ import annotations

import re
from pathlib import Path

RELEASE = "0.1.0"
"""The release that this code is, or follows: its tag is v0.1.0."""
COMMIT_FILE = "commit.txt"
DIGITS = 9
"""Hexadecimal digits of a commit that a version has."""
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")


def commit_of(package: Path) -> str:
    """Return the commit that the folder of the package comes from, in hexadecimal digits; empty where none is known."""
    try:
        written = (package / COMMIT_FILE).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        written = _head(package.parent / ".git")
    return written if _SHA.match(written) else ""


def _head(git: Path) -> str:
    """Return the commit that a checkout's HEAD names, read from its files; no program is run for it."""
    try:
        if git.is_file():
            # A worktree: its own HEAD, and the references of the clone it belongs to.
            git = git.parent / git.read_text("utf-8").removeprefix("gitdir:").strip()
        head = (git / "HEAD").read_text("utf-8").strip()
        name = head.removeprefix("ref:").strip()
        if name == head:
            return head
        common = git / "commondir"
        folders = [git, git / common.read_text("utf-8").strip()] if common.is_file() else [git]
        for folder in folders:
            if (folder / name).is_file():
                return (folder / name).read_text("utf-8").strip()
        packed = (folders[-1] / "packed-refs").read_text("utf-8")
        return next((line.split()[0] for line in packed.splitlines() if line.endswith(f" {name}")), "")
    except (OSError, UnicodeDecodeError):
        return ""


def version_of(package: Path) -> str:
    """Return the release with the commit where it is known: 0.1.0+g84ffc7a12."""
    commit = commit_of(package)
    return f"{RELEASE}+g{commit[:DIGITS]}" if commit else RELEASE


__version__ = version_of(Path(__file__).parent)
