"""`validate`: everything shipped passes, and what is broken is pointed at."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from geodata import settings, validation
from geodata.cli import main


def test_everything_shipped_is_valid() -> None:
    reports = validation.shipped_data()
    assert len(reports) >= 12
    assert [(report.file, report.errors[:3]) for report in reports if not report.valid] == []
    assert [(report.file, report.warnings[:3]) for report in reports if report.warnings] == []


@pytest.mark.parametrize(
    ("content", "pointer", "message"),
    [
        (b"", "", "not JSON"),
        (b"\x00\x01\x02", "", "not JSON"),
        (b"[" * 60_000, "", "nested"),
        (b'<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>', "", "not JSON"),
        (b'{"type": "Point", "coordinates": [36.4, 91]}', "/coordinates/1", "latitude 91"),
        (b'{"type": "Point", "coordinates": [36.4, 1e400]}', "/coordinates/1", "not a finite number"),
    ],
)
def test_bad_files_are_pointed_at(content: bytes, pointer: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(content)
    report = validation.files([path])[0]
    assert not report.valid
    assert report.errors[0][0] == pointer
    assert message in str(report.errors[0][1])


def test_the_command_exits_1_and_gives_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.geojson"
    bad.write_text('{"type": "Feature"}')
    good = tmp_path / "good.geojson"
    good.write_text('{"type": "Feature", "geometry": null, "properties": null}')
    assert main(["validate", str(bad), str(good), str(tmp_path / "missing.geojson"), "--json"]) == 1
    items = json.loads(capsys.readouterr().out)["items"]
    assert [item["valid"] for item in items] == [False, True, False]
    assert "cannot be read" in items[2]["errors"][0]["message"]
    assert main(["validate", str(good)]) == 0


def test_a_fifo_or_folder_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        assert validation.files([path])[0].to_dict()["errors"] == [
            {"pointer": "", "message": "cannot be read: not a regular file"}
        ]


def test_layers_are_held_to_their_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LAYERS", tmp_path)
    feature = {"type": "Feature", "id": "x", "geometry": None, "properties": {"kind": "castle"}}
    path = tmp_path / "sites.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    errors = validation.files([path])[0].errors
    assert errors
    assert all(pointer.startswith("/features/0") for pointer, _ in errors)
