"""What every test has: a workspace of its own, so that none writes into the clone."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def workspace(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty workspace folder, named by MASAFA_WORKSPACE."""
    folder = tmp_path_factory.mktemp("workspace")
    monkeypatch.setenv("MASAFA_WORKSPACE", str(folder))
    return folder
