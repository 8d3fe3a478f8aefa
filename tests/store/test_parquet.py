"""Large layers: what was written is read back equal, by position, by id, by slice; damage is said."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely

from geodata.catalog import current
from geodata.errors import BadData, NotFound
from geodata.model import COMMON, Feature, Layer
from geodata.query.table import Table
from geodata.query.tables import table
from geodata.store import event_schema, hilbert, parquet_writer
from geodata.store.workspace import Workspace
from tests.query.selection import where

ENTRY = {
    "id": "many",
    "title": {"en": "Many events", "ar": "أحداث كثيرة"},
    "description": {"en": "Made for a test", "ar": "صُنعت لاختبار"},
    "kind": "event",
    "edges": "lonlat",
    "licence": "CC0-1.0",
    "attribution": {"en": "Nobody", "ar": "لا أحد"},
}


def event(number: int) -> Feature:
    """Return an event; every seventh has no place, every fifth no figures, every third no date."""
    lon, lat = 38 + number % 100 / 10, 30 + number % 70 / 10
    return Feature(
        f"many-{number}",
        "many",
        None if number % 7 == 0 else shapely.Point(lon, lat),
        {
            **COMMON,
            "row": number + 1,
            "name_ar": "الحسكة",
            "kind": "event",
            "category": ("battle", "protest")[number % 2],
            "actors": ["one", "آخر"],
            "date_start": None if number % 3 == 0 else f"2019-{number % 12 + 1:02}-01",
            "date_end": None if number % 3 == 0 else f"2019-{number % 12 + 1:02}-11",
            "date_precision": "interval",
            "killed": None if number % 5 == 0 else {"best": number % 9, "low": 0, "high": 20},
            "flags": ["swapped"] if number % 11 == 0 else [],
            "coordinateUncertaintyInMeters": 2000.0,
            "sources": [],
            "original": {"side_a": f"= {number}", "a.b": None},
        },
    )


EVENTS = [event(number) for number in range(1_000)]


@pytest.fixture
def layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layer:
    monkeypatch.setenv("MASAFA_WORKSPACE", str(tmp_path))
    monkeypatch.setattr(parquet_writer, "GROUP", 100)
    monkeypatch.setattr(parquet_writer, "PART", 300)
    staged = tmp_path / "staged"
    staged.mkdir()
    parts = parquet_writer.write([event_schema.table(EVENTS, ["side_a", "a.b"])], ["side_a", "a.b"], staged)
    assert [part.rows for part in parts] == [300, 300, 300, 100]
    manifest = parquet_writer.manifest_of("many", ["side_a", "a.b"], parts)
    Workspace(tmp_path).put_large(ENTRY, manifest, {part.sha256: part.path for part in parts})
    return current().layer("many")


def same(made: Feature, wanted: Feature) -> bool:
    left, right = dict(made.properties), dict(wanted.properties)
    for lists in (left, right):
        lists["sources"], lists["aliases"] = list(lists["sources"] or ()), ()
    return (made.id, left) == (wanted.id, {**dict.fromkeys(left), **right}) and made.geometry == wanted.geometry


def test_what_was_written_is_read_back(layer: Layer) -> None:
    assert len(layer.features) == 1_000
    assert all(same(result, wanted) for result, wanted in zip(layer.features, EVENTS, strict=True))
    assert same(layer.features[731], EVENTS[731])
    assert same(layer.features[-1], EVENTS[-1])
    assert [one.id for one in layer.features[95:205]] == [one.id for one in EVENTS[95:205]]
    with pytest.raises(IndexError):
        layer.features[1_000]


def test_rows_are_taken_in_the_order_asked(layer: Layer) -> None:
    stored = layer.stored.take([999, 0, 301, 0]).column("id").to_pylist()
    assert stored == ["many-999", "many-0", "many-301", "many-0"]


def test_an_event_is_found_by_its_id(layer: Layer) -> None:
    assert same(current().feature("many-512"), EVENTS[512])
    assert same(current().feature("many/many-512"), EVENTS[512])
    for unknown in ("many-1000", "many/none"):
        with pytest.raises(NotFound):
            current().feature(unknown)


@pytest.mark.parametrize(
    "text",
    [
        "category = 'battle' AND killed.best > 5",
        "S_INTERSECTS(geometry, BBOX(38, 30, 40, 33))",
        "date_start >= DATE('2019-06-01')",
        "original.side_a = '= 12'",
        "A_CONTAINS(flags, ('swapped'))",
        "name_ar LIKE 'الحس%' AND killed.best IS NULL",
    ],
)
def test_filters_answer_as_those_of_a_small_layer(layer: Layer, text: str) -> None:
    found = [one.id for one in where(table(layer), text)]
    assert found == [one.id for one in where(EVENTS, text)]
    assert 0 < len(found) < 1_000


def test_the_table_says_what_that_of_a_small_layer_says(layer: Layer) -> None:
    large, small = table(layer), Table(EVENTS)
    assert large.bounds == small.bounds == layer.stored.bounds
    assert np.array_equal(np.array(large.days), np.array(small.days), equal_nan=True)
    assert {name: large.kinds[name] for name in ("killed.best", "category", "actors", "original.side_a")} == {
        name: small.kinds[name] for name in ("killed.best", "category", "actors", "original.side_a")
    }


def test_the_files_are_geoparquet_with_boxes(layer: Layer) -> None:
    body = json.loads(pq.read_metadata(layer.stored.paths[0]).metadata[b"geo"])
    assert body["columns"]["geometry"]["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    assert body["columns"]["geometry"]["geometry_types"] == ["Point"]
    assert layer.stored.manifest["time"] == ["2019-02-01", "2019-12-11"]


def test_a_changed_manifest_or_a_lost_file_is_said(layer: Layer, tmp_path: Path) -> None:
    manifest = tmp_path / "tables" / f"{layer.version}.json"
    assert hashlib.sha256(manifest.read_bytes()).hexdigest() == layer.version
    assert Workspace(tmp_path).version("many", layer.version).features[3].id == "many-3"
    layer.stored.paths[1].unlink()
    with pytest.raises(BadData, match="is gone"):
        Workspace(tmp_path).version("many", layer.version)
    manifest.write_bytes(manifest.read_bytes().replace(b"many", b"none"))
    with pytest.raises(BadData, match="damaged"):
        Workspace(tmp_path).version("many", layer.version)


def test_the_curve_visits_every_cell_once_and_steps_to_a_neighbour() -> None:
    side = 16
    step = 1 << (hilbert.BITS - 4)
    cell = (np.arange(side) * step + step // 2) / ((1 << hilbert.BITS) - 1)
    lon, lat = (axis.ravel() for axis in np.meshgrid(cell * 360 - 180, cell * 180 - 90))
    order = np.argsort(hilbert.keys(lon, lat))
    x, y = order % side, order // side
    assert len(set(hilbert.keys(lon, lat).tolist())) == side * side
    assert set((abs(np.diff(x)) + abs(np.diff(y))).tolist()) == {1}
    assert hilbert.keys(np.array([np.nan]), np.array([0.0])).tolist() == [hilbert.LAST]
