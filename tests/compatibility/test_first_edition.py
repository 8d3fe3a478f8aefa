"""A workspace that the first edition (5ca9b9c) wrote: its import, its journal and cited results of every analysis.

`first_edition.tar.xz` is that workspace, as it was left, with `answers.json`: the distances that the first edition
answered, by result and by where each stands in the answer. It was written once and stays as it is.
"""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geodata.catalog import current, shipped, workspace
from geodata.citations.cite import cite
from geodata.citations.records import Results
from geodata.citations.rerun import again
from geodata.editing import history
from geodata.version import __version__

ARCHIVE = Path(__file__).with_name("first_edition.tar.xz")
MILLIMETRE = 0.001


def unpacked(name: str) -> Any:
    """Return a JSON file of the archive."""
    with tarfile.open(ARCHIVE) as archive:
        file = archive.extractfile(name)
        assert file is not None
        return json.loads(file.read())


ANSWERS: dict[str, dict[str, Any]] = unpacked("answers.json")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of the first edition."""
    folder = tmp_path_factory.mktemp("first")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    (folder / "answers.json").unlink()
    return folder


@pytest.fixture
def opened(first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, as the workspace in use."""
    folder = tmp_path / "workspace"
    shutil.copytree(first, folder)
    monkeypatch.setenv("MASAFA_WORKSPACE", str(folder))
    return folder


def distances(answer: Any, id_: str = "") -> Iterator[tuple[str, float]]:
    """Yield every distance of an answer with the id of the place it belongs to."""
    if isinstance(answer, dict):
        id_ = str(answer.get("id") or id_)
        for name, value in answer.items():
            if name == "distance_m" and isinstance(value, int | float):
                yield id_, value
            else:
                yield from distances(value, id_)
    elif isinstance(answer, list):
        for value in answer:
            yield from distances(value, id_)


def test_there_are_results_of_every_analysis() -> None:
    assert len(ANSWERS) == 12
    assert {one["analysis"] for one in ANSWERS.values()} == {
        *("distance", "proximity", "within", "buffer", "direction", "claims"),
        *("ruler", "gaps", "coverage", "profile", "matrix"),
    }
    assert sum(len(one["distances"]) for one in ANSWERS.values()) > 70


def test_the_import_and_its_edits_are_there(opened: Path) -> None:
    layer = current().layer("first")
    assert layer.title == {"en": "First edition", "ar": "الطبعة الأولى"}
    assert [one.id for one in layer.features] == ["first-row-1", "first-row-2", "first-row-3", "first-row-5"]
    corrected = layer.features[1]
    assert corrected.properties["notes"] == "corrected"
    assert corrected.properties["coordinateUncertaintyInMeters"] == 1000
    assert corrected.properties["actors"] == ["Group B"]
    assert layer.features[0].geometry is not None
    assert layer.features[0].geometry.coords[0] == (40.981, 34.402)


def test_the_journal_is_there(opened: Path) -> None:
    edits = history(current())
    assert [(one.number, one.operation, one.feature, one.undoes) for one in edits] == [
        (4, "delete", "first-row-4", None),
        (3, "change", "first-row-2", None),
        (2, "change", "hasakah-prison", 1),
        (1, "change", "hasakah-prison", None),
    ]
    assert {one.who for one in edits} == {"A. Editor"}
    assert current().feature("sites/hasakah-prison").geometry == shipped().feature("sites/hasakah-prison").geometry


@pytest.mark.parametrize("id_", sorted(ANSWERS))
def test_a_result_runs_again_on_the_layers_it_was_computed_from(opened: Path, id_: str) -> None:
    made = again(id_, Results(workspace()), current())
    assert made["code_version"]["now"] == __version__ != made["code_version"]["then"]
    assert made["then_reason"] is None
    assert made["status"] == ("changed" if any(one["changed"] for one in made["layers"]) else "same")
    assert made["values"] == "same" or made["status"] == "changed"
    now = list(distances(made["then"]))
    for place, distance in ANSWERS[id_]["distances"]:
        assert any(name == place and abs(other - distance) < MILLIMETRE for name, other in now), (place, distance)


@pytest.mark.parametrize("id_", sorted(ANSWERS))
def test_a_result_is_cited_as_it_was(opened: Path, id_: str) -> None:
    record = Results(workspace()).read(id_)
    assert record.analysis == ANSWERS[id_]["analysis"]
    citation = cite(id_, Results(workspace()), current(), url=f"http://localhost/r/{id_}")
    for text in citation["text"].values():
        assert id_ in text
    assert Results(workspace()).read(id_).cited_at == record.cited_at
