"""What every test has: a workspace of its own, so that none writes into the clone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No deadline, and the same examples every time: a busy machine fails nothing. `make torture` draws new ones.
settings.register_profile(
    "masafa",
    deadline=None,
    derandomize="MASAFA_TORTURE" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("masafa")
LONG = ("browser", "store", "scripts", "importing", "geodesy", "webapp")
"""Folders with the files that take longest, those first."""
FOLDER = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin long files first where several processes share the tests, so that none works alone at the end."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _place(item.path.relative_to(FOLDER).parts[0]))


def _place(folder: str) -> int:
    return LONG.index(folder) if folder in LONG else len(LONG)


@pytest.fixture(autouse=True)
def workspace(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty workspace folder, named by MASAFA_WORKSPACE."""
    folder = tmp_path_factory.mktemp("workspace")
    monkeypatch.setenv("MASAFA_WORKSPACE", str(folder))
    return folder
