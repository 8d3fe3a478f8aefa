"""A file of the tests brought into the workspace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geodata.catalog import current, workspace
from geodata.importing.import_report import Report
from geodata.importing.ingest import load
from geodata.importing.options import ImportOptions
from geodata.model import Layer

Bring = Callable[..., tuple[Report, Layer]]


@pytest.fixture
def bring(tmp_path: Path) -> Bring:
    """Bring bytes in under a name; returns what came of it, and the layer."""

    def brought(data: bytes | str | Path, name: str = "days.csv", **wish: Any) -> tuple[Report, Layer]:
        path = data if isinstance(data, Path) else tmp_path / name
        if not isinstance(data, Path):
            path.write_bytes(data.encode() if isinstance(data, str) else data)
        options = ImportOptions(**{"unplaced": True, **wish})
        report = load(path, path.name, options, workspace(), current())
        return report, current().layer(report.layer)

    return brought
