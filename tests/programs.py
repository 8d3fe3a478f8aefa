"""Programs of other makers that tests run: skipped with a word where they are absent, required where that is asked."""

from __future__ import annotations

import os
import shutil

import pytest


def program(name: str, package: str) -> str:
    """Return a program's path; without it the test is skipped, or fails where MASAFA_REQUIRE_PEERS is set."""
    found = shutil.which(name)
    if found is None:
        message = f"{name} is not here (Debian: {package})"
        if os.environ.get("MASAFA_REQUIRE_PEERS"):
            pytest.fail(message)
        pytest.skip(message)
    return found
