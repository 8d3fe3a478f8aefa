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


@pytest.fixture(autouse=True)
def workspace(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty workspace folder, named by MASAFA_WORKSPACE."""
    folder = tmp_path_factory.mktemp("workspace")
    monkeypatch.setenv("MASAFA_WORKSPACE", str(folder))
    return folder
