"""GeoJSON with a `crs`: what GIS programs write in another system comes in where it lies, and the system is said."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geodata.formats import geojson_crs
from geodata.formats.geojson import shape_of

SHAPES = (
    shapely.Point(44.25, 33.5),
    shapely.LineString([(44, 33), (45, 34)]),
    shapely.box(44, 33, 45, 34),
    shapely.MultiPoint([(44, 33), (45, 34)]),
    shapely.GeometryCollection([shapely.Point(44, 33), shapely.LineString([(44, 33), (45, 34)])]),
)


def text(crs: str, named: str, *shapes: shapely.Geometry) -> bytes:
    """Return a collection of shapes projected into a system, which it names."""
    project = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    features = [
        {"type": "Feature", "properties": {"n": number}, "geometry": json.loads(shapely.to_geojson(
            shapely.transform(shape, project.transform, interleaved=False)))}
        for number, shape in enumerate(shapes)
    ]  # fmt: skip
    member = {"type": "name", "properties": {"name": named}}
    return json.dumps({"type": "FeatureCollection", "crs": member, "features": features}).encode()


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:32638"])
@pytest.mark.parametrize("form", ["urn:ogc:def:crs:{}::{}", "{}:{}"])
def test_coordinates_come_back(crs: str, form: str) -> None:
    named = form.format(*crs.split(":"))
    data, name = geojson_crs.in_wgs84(text(crs, named, *SHAPES))
    assert name == named
    read = [shape_of(json.dumps(feature["geometry"])) for feature in json.loads(data)["features"]]
    for shape, back in zip(SHAPES, read, strict=True):
        assert np.allclose(shapely.get_coordinates(back), shapely.get_coordinates(shape), atol=1e-7)


@pytest.mark.parametrize("named", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "nothing", "urn:ogc:def:crs:EPSG::0"])
def test_other_names_change_nothing(named: str) -> None:
    data = text("EPSG:4326", named, *SHAPES)
    assert geojson_crs.in_wgs84(data) == (data, None)


MEMBERS = st.sampled_from(["coordinates", "geometry", "geometries", "features", "type"])
VALUES = st.recursive(
    st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=3),
)


@given(VALUES)
def test_any_json_is_taken(value: object) -> None:
    member = {"type": "name", "properties": {"name": "EPSG:3857"}}
    whole = {**value, "crs": member} if isinstance(value, dict) else value
    data, _ = geojson_crs.in_wgs84(json.dumps(whole).encode())
    json.loads(data)
