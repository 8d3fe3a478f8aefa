"""What the process apart says arrives whole, however the interpreter ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from geodata import sandbox

ROOT = Path(__file__).parents[1]
WORDS = {
    "geodata.sandbox": ["csv"],
    "geodata.importing.worker": ["text", json.dumps({"encoding": None, "delimiter": None, "part": None})],
}


@pytest.fixture
def ended(tmp_path: Path) -> dict[str, str]:
    """An environment in which every interpreter that is taken down breaks off as it begins to be."""
    (tmp_path / "sitecustomize.py").write_text("import atexit, os\natexit.register(os.abort)\n")
    return {"PATH": os.defpath, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}


@pytest.mark.parametrize("module", list(WORDS))
def test_all_is_said_before_the_interpreter_ends(module: str, ended: dict[str, str], tmp_path: Path) -> None:
    assert subprocess.run([sys.executable, "-c", ""], env=ended, check=False, capture_output=True).returncode < 0
    path = tmp_path / "a.csv"
    path.write_text("id,lon,lat\na,41,34\n")
    completed = subprocess.run(
        [sys.executable, "-m", module, *WORDS[module], str(path)], env=ended, check=True, capture_output=True
    )
    if module == "geodata.importing.worker":
        assert pa.ipc.open_stream(completed.stdout).read_all().column("c:lat").to_pylist() == ["34"]
    else:
        assert b'"coordinates":[41.0,34.0]' in completed.stdout.replace(b" ", b"")


def test_what_it_cannot_read_is_said_too(ended: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("")
    module = "geodata.importing.worker"
    completed = subprocess.run(
        [sys.executable, "-m", module, *WORDS[module], str(path)], env=ended, check=True, capture_output=True
    )
    message = json.loads(pa.ipc.open_stream(completed.stdout).schema.metadata[b"error"])
    assert str(sandbox.reason_of(message)) == "an empty file"


@pytest.mark.parametrize(
    "value", [None, [], {}, {"code": "x"}, {"code": "x", "parameters": {}}, {"code": 3, "parameters": 4}]
)
def test_what_is_no_message_is_said_to_be_none(value: object) -> None:
    assert sandbox.reason_of(value).code == "data.failed"
    lacking = {"code": "data.kind", "parameters": {}}
    assert sandbox.reason_of(lacking).code == "data.failed"


def test_reading_does_not_wait_for_pandas() -> None:
    code = (
        "import sys; from geodata import sandbox; sandbox.limit(); import numpy, pyarrow\n"
        "arrays = [pyarrow.array(numpy.arange(3)), pyarrow.array(['a', None]), pyarrow.array(numpy.arange(2.0))]\n"
        "print([len(array) for array in arrays], 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split("\n")[0] == "[3, 2, 2] False"
