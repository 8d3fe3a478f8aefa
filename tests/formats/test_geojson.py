"""GeoJSON, read strictly: a table of good and bad, and the writing of what was read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from geodata.errors import BadData
from geodata.formats import geojson
from geodata.formats.extent import ROUNDING

RING = [[40, 30], [41, 30], [41, 31], [40, 31], [40, 30]]


def collection(geometry: object, **more: object) -> bytes:
    feature = {"type": "Feature", "properties": {}, "geometry": geometry, **more}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


@pytest.mark.parametrize(
    ("geometry", "pointer", "message"),
    [
        ({"type": "Point", "coordinates": [181, 0]}, "/0", "longitude 181"),
        ({"type": "Point", "coordinates": [36.5, 91]}, "/1", "latitude 91"),
        ({"type": "Point", "coordinates": ["36", "40"]}, "/0", "a string where a number"),
        ({"type": "Point", "coordinates": [True, 1]}, "/0", "a truth value where a number"),
        ({"type": "Point", "coordinates": [1]}, "", "too short where a position"),
        ({"type": "LineString", "coordinates": [[1, 2]]}, "", "two positions"),
        ({"type": "LineString", "coordinates": [[1, 2], [10**400, 2]]}, "/1/0", "longitude 1000"),
        ({"type": "LineString", "coordinates": [[1, 2], [1, -90.5]]}, "/1/1", "latitude -90.5"),
        ({"type": "LineString", "coordinates": [[1, 2], [False, 2]]}, "/1/0", "a truth value where a number"),
        ({"type": "LineString", "coordinates": [[1, 2], None]}, "/1", "null where a position"),
        ({"type": "MultiPoint", "coordinates": [[1, 2, 3], [1, 200, 3]]}, "/1/1", "latitude 200"),
        ({"type": "LineString", "coordinates": {}}, "", "an object where an array"),
        ({"type": "Polygon", "coordinates": [RING[:3]]}, "/0", "four positions"),
        ({"type": "Polygon", "coordinates": [[*RING[:4], [40, 30.5]]]}, "/0", "ring is open"),
        ({"type": "Polygon", "coordinates": RING}, "/0", "a number where a position"),
    ],
)
def test_bad_coordinates(geometry: object, pointer: str, message: str) -> None:
    errors = geojson.check(collection(geometry)).errors
    assert errors
    assert errors[0][0].startswith(f"/features/0/geometry/coordinates{pointer}")
    assert message in str(errors[0][1])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "an array that is too short where a GeoJSON object"),
        ("null", "null where a GeoJSON object"),
        ('{"type": "Topology"}', "no GeoJSON type"),
        ('{"type": "FeatureCollection"}', "null where an array of features"),
        ('{"type": "FeatureCollection", "features": [3]}', "where a Feature is needed"),
        ('{"type": "Feature", "geometry": null}', "needs properties"),
        ('{"type": "Feature", "properties": {}}', "needs a geometry"),
        ('{"type": "Feature", "geometry": 3, "properties": {}}', "no geometry"),
        ('{"type": "Point", "coordinates": [1, 2], "bbox": [1, 2]}', "four or six numbers"),
        ('{"type": "Point", "coordinates": [NaN, 2]}', "not a finite number"),
    ],
)
def test_bad_structure(text: str, message: str) -> None:
    report = geojson.check(text.encode())
    assert any(message in str(error) for _, error in report.errors), report.errors
    with pytest.raises(BadData):
        geojson.read(text.encode())


def test_an_id_that_stands_twice_is_an_error() -> None:
    point = {"type": "Feature", "id": "a", "geometry": None, "properties": None}
    errors = geojson.check(json.dumps({"type": "FeatureCollection", "features": [point, point]}).encode()).errors
    assert [(at, str(why)) for at, why in errors] == [("/features/1/id", "the id 'a' is repeated in this file")]


POINT: dict[str, Any] = {"type": "Point", "coordinates": [44.0, 33.0]}
FEATURE: dict[str, Any] = {"type": "Feature", "geometry": POINT, "properties": {}}
COLLECTION: dict[str, Any] = {"type": "FeatureCollection", "features": [FEATURE]}


@pytest.mark.parametrize(
    ("whole", "allowed"), [(FEATURE, {"geometry", "properties"}), (COLLECTION, {"features"})], ids=["Feature", "all"]
)
@pytest.mark.parametrize("member", ["coordinates", "geometries", "geometry", "properties", "features", "name"])
def test_members_of_other_types_are_warned_of(whole: dict[str, Any], allowed: set[str], member: str) -> None:
    value = {member: [], **whole}
    report = geojson.check(json.dumps(value).encode())
    assert not report.errors
    expected = [] if member in allowed | {"name"} else [(f"/{member}", f"a {whole['type']} must not have {member!r}")]
    assert [(pointer, str(text).partition(" (RFC")[0]) for pointer, text in report.warnings] == expected


@given(
    st.recursive(
        st.sampled_from([POINT, {"type": "LineString", "coordinates": [[44, 33], [45, 33]]}]),
        lambda parts: st.builds(
            lambda some: {"type": "GeometryCollection", "geometries": some}, st.lists(parts, max_size=3)
        ),
        max_leaves=6,
    )
)
def test_collections_that_hold_collections_or_one_kind_are_warned_of(shape: dict[str, Any]) -> None:
    def unwise(value: dict[str, Any]) -> int:
        if value["type"] != "GeometryCollection":
            return 0
        kinds = [part["type"] for part in value["geometries"]]
        return ("GeometryCollection" in kinds or len(set(kinds)) == 1) + sum(map(unwise, value["geometries"]))

    report = geojson.check(json.dumps({"type": "Feature", "geometry": shape, "properties": None}).encode())
    assert not report.errors
    assert len(report.warnings) == unwise(shape)
    assert all("3.1.8" in str(text) for _, text in report.warnings)


def test_winding_and_decimals_are_warnings() -> None:
    report = geojson.check(collection({"type": "Polygon", "coordinates": [RING[::-1]]}))
    assert not report.errors
    assert "right-hand rule" in str(report.warnings[0][1])
    report = geojson.check(collection({"type": "Point", "coordinates": [40.123456789, 30]}))
    assert not report.errors
    assert "more than 7 decimals" in str(report.warnings[0][1])


def test_too_many_vertices_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson, "MAX_VERTICES", 4)
    errors = geojson.check(collection({"type": "Polygon", "coordinates": [RING]})).errors
    assert [(at, str(why)) for at, why in errors] == [("/features/0/geometry", "5 vertices; at most 4 are read")]


def test_a_bare_geometry_and_a_single_feature_are_read() -> None:
    point = {"type": "Point", "coordinates": [40.76, 36.48]}
    assert geojson.read(json.dumps(point).encode())[0]["geometry"] == point
    feature = {"type": "Feature", "id": 7, "geometry": point, "properties": {"a": 1}}
    assert geojson.read(json.dumps(feature).encode()) == [feature]


def test_what_is_written_is_wound_rounded_and_arabic() -> None:
    clockwise = shapely.Polygon([(40, 30), (40, 31), (41.123456789, 31), (40, 30)])
    result = geojson.feature("gov-iq-an", clockwise, {"name_ar": "الأنبار"})
    data = geojson.write([result])
    assert "الأنبار" in data.decode()
    assert geojson.check(data).warnings == []
    assert geojson.check(data).errors == []
    assert result["geometry"]["coordinates"][0][1] in ([40.0, 31.0], [41.1234568, 31.0])


@pytest.mark.parametrize("member", [10**30, "\ud800", float("1e300"), {"deep": [[]]}])
def test_members_of_a_strangers_own_do_no_harm_to_a_geometry(member: object) -> None:
    point = {"type": "Point", "coordinates": [41.1234567, 34], "own": member}
    assert geojson.geometry(point) == shapely.Point(41.1234567, 34)
    many = geojson.geometry({"type": "GeometryCollection", "geometries": [point], "own": member})
    assert many == shapely.GeometryCollection([shapely.Point(41.1234567, 34)])
    high = geojson.geometry({"type": "Point", "coordinates": [41, 34, 10**30]})
    assert shapely.get_coordinates(high, include_z=True).tolist() == [[41, 34, 1e30]]


def test_nothing_is_null() -> None:
    assert geojson.to_geometry(None) is None
    assert geojson.to_geometry(shapely.Point()) is None
    assert geojson.geometry(None) is None


# This one has coordinates outside the globe, which its own linter lets pass and we do not.
OUTSIDE = {"issue82.geojson"}


@pytest.mark.skipif("MASAFA_CORPUS" not in os.environ, reason="MASAFA_CORPUS names no folder of real files")
@pytest.mark.parametrize("quality", ["good", "bad"])
def test_the_corpus_of_another_linter(quality: str) -> None:
    files = sorted(Path(os.environ["MASAFA_CORPUS"], "geojson", "geojsonhint", quality).glob("*.geojson"))
    assert len(files) >= 15
    for path in files:
        errors = geojson.check(path.read_bytes()).errors
        assert bool(errors) == (quality == "bad" or path.name in OUTSIDE), (path.name, errors)


BEYOND = st.floats(0, 3 * ROUNDING, exclude_min=True)


@given(BEYOND, st.sampled_from([0, 1]), st.sampled_from([-1, 1]), st.none() | st.floats(-500, 500))
def test_what_passes_the_edge_by_rounding_is_put_on_it(
    beyond: float, axis: int, sign: int, height: float | None
) -> None:
    limit = (180.0, 90.0)[axis]
    edge = sign * (limit + beyond)
    assume(abs(edge) > limit)
    positions = [[10.5, 20.25, *([] if height is None else [height])] for _ in range(3)]
    positions[1][axis] = edge
    shape = {"type": "LineString", "coordinates": positions}
    report = geojson.check(collection(shape))
    if abs(edge) > limit + ROUNDING:
        assert len(report.errors) == 1
        return
    assert not report.errors
    assert any("by rounding" in str(text) for _, text in report.warnings)
    geometry = shapely.get_coordinates(geojson.geometry(shape), include_z=height is not None).tolist()
    positions[1][axis] = sign * limit
    assert geometry == positions
