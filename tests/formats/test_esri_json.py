"""Esri JSON: shapes, systems and dates of feature services."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadData
from geodata.formats import esri_json, json_records
from geodata.formats.column_types import ColumnType
from geodata.formats.dataset import Row

# Outlines turn clockwise, holes the other way.
OUTLINE = [[0, 0], [0, 9], [9, 9], [9, 0], [0, 0]]
HOLE = [[1, 1], [4, 1], [4, 4], [1, 4], [1, 1]]
ISLAND = [[2, 2], [2, 3], [3, 3], [3, 2], [2, 2]]
POND = [[2.2, 2.2], [2.8, 2.2], [2.8, 2.8], [2.2, 2.8], [2.2, 2.2]]


def rows(*items: Any, **around: Any) -> list[Row]:
    return list(esri_json.dataset(items, around, "x").rows)


def feature(geometry: Any, **attributes: Any) -> dict[str, Any]:
    return {"attributes": attributes, "geometry": geometry}


@pytest.mark.parametrize(
    ("geometry", "wkt"),
    [
        ({"x": 44.5, "y": 33.25}, "POINT (44.5 33.25)"),
        ({"x": 44.5, "y": 33.25, "z": 7, "m": None}, "POINT (44.5 33.25)"),
        ({"x": None, "y": None}, None),
        ({"x": "NaN", "y": "NaN"}, None),
        ({"points": [[1, 2], [3, 4, 5]]}, "MULTIPOINT ((1 2), (3 4))"),
        ({"points": []}, None),
        ({"paths": [[[1, 2], [3, 4]]]}, "LINESTRING (1 2, 3 4)"),
        ({"paths": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]}, "MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))"),
        ({"paths": []}, None),
        ({"rings": [OUTLINE]}, "POLYGON ((0 0, 0 9, 9 9, 9 0, 0 0))"),
        ({"rings": []}, None),
        (None, None),
    ],
)
def test_a_geometry_is_read(geometry: Any, wkt: str | None) -> None:
    [row] = rows(feature(geometry, name="x"))
    assert row.geometry == (None if wkt is None else shapely.from_wkt(wkt))
    assert row.properties == {"name": "x"}


@given(st.permutations([OUTLINE, HOLE, ISLAND, POND]))
def test_a_hole_lies_in_the_smallest_outline_round_it(rings: list[Any]) -> None:
    [row] = rows(feature({"rings": rings}))
    land, island = shapely.Polygon(OUTLINE, [HOLE]), shapely.Polygon(ISLAND, [POND])
    assert row.geometry is not None
    assert row.geometry.is_valid
    assert shapely.equals(row.geometry, shapely.union(land, island))


def test_rings_that_all_turn_the_wrong_way_are_outlines() -> None:
    [row] = rows(feature({"rings": [OUTLINE[::-1]]}))
    assert shapely.equals(row.geometry, shapely.Polygon(OUTLINE))


@pytest.mark.parametrize(
    "geometry",
    [
        {"x": 1},
        {"x": "1", "y": "2"},
        {"x": True, "y": 2},
        {"x": float("inf"), "y": 2},
        {"paths": [[[1, 2]]]},
        {"paths": 7},
        {"rings": [[[0, 0], [1, 1]]]},
        {"rings": [OUTLINE, [[20, 20], [21, 20], [21, 21], [20, 20]]]},
        {"curvePaths": [], "spatialReference": {"wkid": 4326}},
    ],
)
def test_a_geometry_that_cannot_be_read_is_named(geometry: Any) -> None:
    with pytest.raises(BadData, match=r"/features/1: a geometry cannot be read"):
        rows(feature(None), feature(geometry))


@pytest.mark.parametrize("reference", [{"wkid": 102100, "latestWkid": 3857}, {"wkid": 102100}, {"wkid": 32638}])
@pytest.mark.parametrize("own", [True, False])
def test_another_system_is_brought_to_wgs84(reference: dict[str, int], own: bool) -> None:
    number = {102100: 3857}.get(reference["wkid"], reference["wkid"])
    x, y = pyproj.Transformer.from_crs(4326, number, always_xy=True).transform(44.5, 33.25)
    geometry = {"x": x, "y": y} | ({"spatialReference": reference} if own else {})
    [row] = rows(feature(geometry), **({} if own else {"spatialReference": reference}))
    # 1e-9 of a degree is a tenth of a millimetre.
    assert shapely.equals_exact(row.geometry, shapely.Point(44.5, 33.25), 1e-9)


def test_a_system_nobody_knows_is_refused() -> None:
    for reference in ({"wkid": 1}, {"wkt": "nonsense"}):
        with pytest.raises(BadData, match="is not known"):
            rows(feature({"x": 1, "y": 2}), spatialReference=reference)


def test_declared_dates_are_times_and_other_numbers_stay() -> None:
    fields = [{"name": "at", "type": "esriFieldTypeDate"}, {"name": "n", "type": "esriFieldTypeInteger"}, 7]
    items = [feature(None, at=1_714_566_645_500, n=1_714_566_645_500), feature(None, at=None, n=None)]
    part = esri_json.dataset(items, {"fields": fields}, "x")
    first, second = part.rows
    assert first.properties == {"at": "2024-05-01T12:30:45.500000Z", "n": 1_714_566_645_500}
    assert second.properties == {"at": None, "n": None}
    assert part.types == {"at": ColumnType("timestamp", "Z")}
    # What is no time leaves the column as it is.
    odd = esri_json.dataset([feature(None, at=10**30)], {"fields": fields}, "x")
    assert [row.properties["at"] for row in odd.rows] == [10**30]
    assert odd.types == {}


@pytest.mark.parametrize(
    ("item", "is_one"),
    [
        (feature({"x": 1, "y": 2}), True),
        (feature(None), True),
        ({"attributes": {}}, True),
        ({"attributes": {"lat": 1}, "id": 7, "type": "event"}, False),
        ({"attributes": [], "geometry": None}, False),
        (feature({"lat": 1}), False),
        ([], False),
    ],
)
def test_a_feature_is_told_by_its_members(item: Any, is_one: bool) -> None:
    assert esri_json.is_feature(item) is is_one


def test_the_system_is_that_of_the_object_round_the_features(tmp_path: Path) -> None:
    inner = {"spatialReference": {"wkid": 102100}, "features": [feature({"x": 4_953_717.3403, "y": 3_928_534.4905})]}
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"spatialReference": {"wkid": 4326}, "answer": inner}))
    [part] = json_records.load(path)
    assert [shapely.equals_exact(row.geometry, shapely.Point(44.5, 33.25), 1e-8) for row in part.rows] == [True]
