"""What the tests of the house look at: the project's own files."""

from __future__ import annotations

import subprocess
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def tracked(*patterns: str) -> list[Path]:
    """Return the project's files that match git pathspecs, also those not yet committed."""
    if not (ROOT / ".git").exists():
        return unpacked(*patterns)
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return sorted({ROOT / name for name in listed if (ROOT / name).is_file()})


def unpacked(*patterns: str) -> list[Path]:
    """Return the files of an unpacked source distribution that match; as in a pathspec, `*` matches slashes, too."""
    skipped = ("__pycache__", ".venv", "node_modules", "build", ".pytest_cache", ".hypothesis")
    names = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*")
        if path.is_file() and not set(path.relative_to(ROOT).parts).intersection(skipped)
    }
    return sorted(ROOT / name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns))
