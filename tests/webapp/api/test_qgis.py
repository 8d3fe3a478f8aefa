"""QGIS, headless, reads every layer of the API where it is installed (Debian: python3-qgis)."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from geodata.catalog import shipped

PYTHON = Path("/usr/bin/python3")
"""Debian's own Python: QGIS is no package of the environment."""
SCRIPT = Path(__file__).with_name("qgis_reads.py")


@pytest.fixture(scope="module")
def qgis() -> str:
    """A Python that has QGIS; required where MASAFA_REQUIRE_QGIS is set."""
    has = (
        PYTHON.exists()
        and not subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True, check=False).returncode
    )
    if not has:
        if os.environ.get("MASAFA_REQUIRE_QGIS"):
            pytest.fail("QGIS is not installed: apt-get install python3-qgis")
        pytest.skip("QGIS is not installed (Debian: python3-qgis): it was not tested")
    return str(PYTHON)


def test_qgis_reads_every_layer(qgis: str, served: str, tmp_path: Path) -> None:
    environment = {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    command = [qgis, str(SCRIPT), served, *shipped().ids()]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for layer in shipped().layers():
        assert found[layer.id]["valid"], layer.id
        expected = {one.id: [one.id, one.properties["name_ar"], one.geometry is not None] for one in layer.features}
        read = {
            (id_ or "").rpartition(".")[2]: [id_, name, placed] for id_, name, placed in found[layer.id]["features"]
        }
        assert read == expected, layer.id
