"""What an edit leaves as it was: the rows of a large layer that it does not name, their digits, files and counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import editing
from geodata.catalog import current, workspace
from geodata.editing import writing
from geodata.importing import attributes
from geodata.importing import ingest as loading
from geodata.model import Feature
from geodata.store import event_schema, parquet_writer
from geodata.store.journal import Edit
from tests.importing.conftest import Bring
from tests.importing.conftest import bring as bring
from tests.importing.made import acled, acled_file

FINE = 42.123456789012
"""Degrees finer than the 7 decimals that an export is written with."""


def row(number: int, notes: str = "") -> dict[str, Any]:
    """Return an event as plain values."""
    geometry = {"type": "Point", "coordinates": [FINE, 30.0 + number]}
    properties = {"kind": "event", "name_en": f"event {number}", "name_ar": None, "notes": notes or None}
    return {"type": "Feature", "id": f"e{number}", "geometry": geometry, "properties": properties}


def table(rows: list[dict[str, Any]]) -> pa.Table:
    """Return events as the columns of a large layer."""
    features = [
        Feature(item["id"], "mine", writing.geojson.geometry(item["geometry"]), item["properties"]) for item in rows
    ]
    return attributes.searchable(event_schema.table(features, {}))


@given(
    st.integers(1, 12),
    st.lists(st.integers(1, 4), min_size=1, max_size=6),
    st.dictionaries(st.integers(0, 15), st.sampled_from(["change", "delete"]), max_size=8),
)
def test_rows_are_what_the_edits_make_of_them(count: int, sizes: list[int], edits: dict[int, str]) -> None:
    rows = [row(number) for number in range(count)]
    after = {f"e{at}": None if what == "delete" else row(at, f"edited {at}") for at, what in edits.items()}
    batches, start = [], 0
    for size in [*sizes, count]:
        batches += table(rows[start : start + size]).combine_chunks().to_batches() if rows[start : start + size] else []
        start += size
    model = {item["id"]: item for item in rows}
    for id_, item in after.items():
        if item is None:
            model.pop(id_, None)
        else:
            model[id_] = item
    written = [one for part in writing._rows(batches, "mine", after, {}) for one in part.to_pylist()]
    assert [one["id"] for one in written] == list(model)
    assert [one["notes"] for one in written] == [item["properties"]["notes"] for item in model.values()]


def test_counts_of_a_new_name_begin_at_nothing() -> None:
    added = Edit("mine", "e1", "add", None, row(1), "Rana", "now")
    assert writing._counts({}, [added]) == {"rows": 1, "points": 1, "undated": 1}


def change(id_: str, **properties: Any) -> Edit:
    """Change an event of the layer."""
    seen = editing.tag(editing.read_feature("mine", id_))
    return editing.change("mine", id_, {"properties": properties}, seen, "Rana")


@pytest.mark.parametrize("large", [10_000, 1], ids=["small", "large"])
def test_the_digits_of_other_features_stay(bring: Bring, monkeypatch: pytest.MonkeyPatch, large: int) -> None:
    monkeypatch.setattr(loading, "LARGE", large)
    bring(acled_file(*(acled(f"I{at}", longitude=str(FINE)) for at in range(3))), layer="mine")
    edit = change("mine-i1", notes="looked at")
    assert edit.after is not None
    assert edit.after["geometry"]["coordinates"][0] == FINE
    assert [one.geometry.x for one in current().layer("mine").features] == [FINE] * 3


def test_files_without_an_edit_stay_and_counts_go_with_the_rest(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "LARGE", 1)
    monkeypatch.setattr(parquet_writer, "GROUP", 4)
    monkeypatch.setattr(parquet_writer, "PART", 8)
    bring(acled_file(*(acled(f"I{at}", longitude=f"{40 + at / 10}") for at in range(20))), layer="mine")
    before = current().layer("mine")
    paths = {part["sha256"] for part in before.stored.manifest["parts"]}
    change("mine-i3", geometry=None, date_start=None, date_end=None)
    after = current().layer("mine")
    assert len(paths & {part["sha256"] for part in after.stored.manifest["parts"]}) == len(paths) - 1
    assert after.stored.manifest["counts"] == after.entry["counts"]
    assert after.entry["counts"] != before.entry["counts"]


def test_the_catalogue_names_the_version_of_a_large_layer(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "LARGE", 1)
    bring(acled_file(acled("I1"), acled("I2")), layer="mine")
    (catalog,) = (Path(path) for path in workspace().folder.rglob("catalog.json"))
    (entry,) = (one for one in json.loads(catalog.read_text("utf-8"))["layers"] if one["id"] == "mine")
    assert writing._version("mine", workspace()) == entry["stored"] == current().layer("mine").version
