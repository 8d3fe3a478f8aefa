"""Which numbers of a cited question changed because of which rows of a new release."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata import registry
from geodata.catalog import current, workspace
from geodata.citations.cite import cite
from geodata.citations.records import Results
from geodata.citations.rerun import again
from geodata.cli import main
from geodata.importing import ingest
from geodata.importing.options import ImportOptions
from tests.importing.made import acled, acled_file


def release(folder: Path, name: str, *rows: dict[str, str]) -> None:
    """Import a release of the layer."""
    path = folder / name
    path.write_bytes(acled_file(*rows))
    ingest.load(path, name, ImportOptions(layer="attacks", replace=True), workspace(), current())


@pytest.mark.parametrize("large", [10_000, 1])
def test_each_number_names_the_row_that_it_changed_with(
    large: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MASAFA_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setattr(ingest, "LARGE", large)
    release(tmp_path, "1.csv", acled("A1"), acled("A2"), acled("A3"))
    result = registry.run("proximity", {"layer": "attacks", "target": "border-iq-sy"}, current())
    results = Results(workspace())
    results.remember(result)
    cite(result.id, results, current())
    release(tmp_path, "2.csv", acled("A1"), acled("A2", latitude="35.5"), acled("A4"))
    answer = again(result.id, results, current())
    (layer,) = [layer for layer in answer["layers"] if layer["changed"]]
    # In a document the file that a row is from counts as a change, too.
    features = {one["id"]: one for one in layer["features"] if one["id"] != "attacks-a1"}
    kinds = {"attacks-a2": "moved", "attacks-a3": "removed", "attacks-a4": "added"}
    assert {id_: one["change"] for id_, one in features.items()} == kinds
    assert layer["features_total"] == len(layer["features"])
    assert features["attacks-a2"]["moved_m"] > 1_000
    rows = {difference["path"]: difference["rows"] for difference in answer["differences"]}
    for id_ in kinds:
        paths = [path for path in rows if f"/{id_}" in path]
        assert paths
        assert {tuple(rows[path]) for path in paths} == {(f"attacks/{id_}",)}
    assert main(["cite", result.id, "--again"]) == 1
    assert "(attacks/attacks-a2)" in capsys.readouterr().out
