"""Tables as people have them, with answer keys: nothing is stated, and rows are placed and dated as the keys say."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from pyproj import Geod

from geodata.importing.import_report import Report
from geodata.model import Feature
from tests.importing.conftest import Bring

FOLDER = Path(os.environ.get("MASAFA_CORPUS", "/nowhere")) / "tables"
KEYS: dict[str, dict[str, Any]] = (
    json.loads((FOLDER / "keys.json").read_text("utf-8")) if (FOLDER / "keys.json").is_file() else {}
)
LEAST = 0.95
NOTICED = {
    "date_order": "order of day and month",
    "no_uncertainty": "radius",
    "second_sheet": "several sheets",
    "totals_row": "totals",
}
"""What a report says of each thing that a key asks for."""

pytestmark = pytest.mark.skipif(not KEYS, reason="MASAFA_CORPUS is not set: there are no real files to read")


def texts(report: Report) -> str:
    """Return all that a report says in notices and questions."""
    answer = report.to_dict()
    return " ".join([*answer["notices"], *(question["question"] for question in answer["questions"])])


def paired(key: dict[str, Any], features: tuple[Feature, ...]) -> Iterator[tuple[int, Feature]]:
    """Yield each row of a key with the feature that has its mark."""
    cells = [json.dumps(dict(one.properties), ensure_ascii=False).lower() for one in features]
    for row, mark in enumerate(key["mark"]):
        yield row, features[next(at for at, text in enumerate(cells) if mark.lower() in text)]


def off(feature: Feature, place: dict[str, Any]) -> float:
    """Return the metres between a feature and its true place; of an area the middle of its box."""
    shape = feature.geometry
    assert shape is not None
    point = shapely.box(*shape.bounds).centroid if shape.geom_type.endswith("Polygon") else shape
    return float(Geod(ellps="WGS84").inv(place["lon"], place["lat"], point.x, point.y)[2])


@pytest.mark.parametrize("name", sorted(KEYS))
def test_rows_are_placed_and_dated_as_the_key_says(name: str, bring: Bring) -> None:
    report, layer = bring(FOLDER / name, layer="t", unplaced=False)
    key = KEYS[name]
    assert len(layer.features) == key["rows"]
    placed, dated = [], []
    for row, feature in paired(key, tuple(layer.features)):
        place, day = key["placed"][row], key["dated"][row]
        if place is not None:
            placed.append(feature.geometry is not None)
            assert feature.geometry is None or off(feature, place) <= place["tolerance_m"], row
        if day and "start" in day and "undatable" not in day:
            first, last = feature.properties["date_start"], feature.properties["date_end"]
            widest = day.get("widest", (day["start"], day["end"]))
            dated.append(bool(first and widest[0] <= first <= day["start"] and day["end"] <= last <= widest[1]))
        if day and "ambiguous" in day:
            assert "ambiguous_date" in feature.properties["flags"], row
    assert sum(placed) >= LEAST * len(placed)
    assert sum(dated) >= LEAST * len(dated)
    for topic in key["warn"]:
        assert NOTICED[topic] in texts(report), topic
