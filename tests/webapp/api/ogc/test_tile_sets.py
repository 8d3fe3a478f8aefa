"""Tiles Part 1: tile sets of collections, listed and described, and their tiles."""

from __future__ import annotations

import json
import math
from typing import Any

import jsonschema
import mapbox_vector_tile
import pytest
import shapely
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from geodata.catalog import shipped
from tests.webapp.api.ogc.http import HOST, IDS, fetch, links, parameter, path_of
from webapp.api.tiles import MAX_ZOOM

REL = "http://www.opengis.net/def/rel/ogc/1.0"
SCHEME = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
MVT = "application/vnd.mapbox-vector-tile"
TILE = "/collections/{collection}/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}"
URI = {"type": "string", "pattern": "^http"}
SET = {
    "type": "object",
    "required": ["dataType", "crs", "links", "tileMatrixSetURI"],
    "properties": {
        "title": {"type": "string"},
        "dataType": {"enum": ["map", "vector", "coverage"]},
        "crs": URI,
        "tileMatrixSetURI": URI,
        "links": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["rel", "href"],
                "properties": {"rel": {"type": "string"}, "href": URI, "templated": {"type": "boolean"}},
            },
        },
    },
}
"""What a tile set says of itself, as 2D Tile Matrix Set and Tile Set Metadata has it."""


def check_set(value: Any, id_: str) -> None:
    """Assert what the list and the description of a tile set have alike."""
    jsonschema.validate(value, SET)
    assert (value["dataType"], value["tileMatrixSetURI"]) == ("vector", SCHEME)
    assert value["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857"
    assert [link["href"] for link in links(value, f"{REL}/tiling-scheme")] == [SCHEME]
    here = f"/api/collections/{id_}/tiles/WebMercatorQuad"
    assert path_of(links(value, "self")[0]["href"]) == here


@pytest.mark.requirement("ogcapi-tiles-1/geodata-tilesets/desc-links", "ogcapi-tiles-1/geodata-tilesets/operation")
@pytest.mark.parametrize("id_", IDS)
def test_a_collection_links_to_its_tile_sets(id_: str, client: FlaskClient) -> None:
    listed = next(item for item in fetch(client, "/api/collections")["collections"] if item["id"] == id_)
    for value in (listed, fetch(client, f"/api/collections/{id_}")):
        addresses = [path_of(link["href"]) for link in links(value, f"{REL}/tilesets-vector")]
        assert addresses == [f"/api/collections/{id_}/tiles"]
        assert len(fetch(client, addresses[0])["tilesets"]) >= 1
    assert client.get("/api/collections/nope/tiles").status_code == 404


@pytest.mark.requirement("ogcapi-tiles-1/tilesets-list/tileset-links")
@pytest.mark.parametrize("id_", IDS)
def test_tile_sets_are_listed(id_: str, client: FlaskClient) -> None:
    answer = client.get(f"/api/collections/{id_}/tiles", headers={"Accept": "application/json"})
    assert answer.content_type == "application/json"
    for value in json.loads(answer.data)["tilesets"]:
        check_set(value, id_)
        check_set(fetch(client, path_of(links(value, "self")[0]["href"])), id_)


@pytest.mark.requirement("ogcapi-tiles-1/tileset/description")
@pytest.mark.parametrize("id_", IDS)
def test_a_tile_set_is_described(id_: str, client: FlaskClient) -> None:
    path = f"/api/collections/{id_}/tiles/WebMercatorQuad"
    answer = client.get(path, headers={"Accept": "application/json"})
    assert answer.content_type == "application/json"
    value = json.loads(answer.data)
    check_set(value, id_)
    templates = [link for link in links(value, "item") if link.get("templated") is True]
    assert [link["type"] for link in templates] == [MVT]
    assert templates[0]["href"] == f"{HOST}{path}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"


@pytest.mark.requirement("ogcapi-tiles-1/core/tc-op")
@pytest.mark.parametrize("id_", IDS)
def test_every_feature_is_in_the_tile_of_its_template(id_: str, client: FlaskClient) -> None:
    value = fetch(client, f"/api/collections/{id_}/tiles/WebMercatorQuad")
    template = path_of(next(link["href"] for link in value["links"] if link.get("templated")))
    feature = next(item for item in shipped().layer(id_).features if item.geometry is not None)
    lon, lat = feature.geometry.representative_point().coords[0]
    for zoom in (0, 4, 7):
        column = int((lon + 180) / 360 * 2**zoom)
        row = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom)
        answer = client.get(template.format(tileMatrix=zoom, tileRow=row, tileCol=column))
        assert (answer.status_code, answer.content_type) == (200, MVT)
        decoded = mapbox_vector_tile.decode(answer.data)[id_]["features"]
        assert zoom < 4 or feature.id in [item["properties"]["id"] for item in decoded]


@pytest.mark.requirement(
    "ogcapi-tiles-1/core/tc-tilematrix-definition",
    "ogcapi-tiles-1/core/tc-tilerow-definition",
    "ogcapi-tiles-1/core/tc-tilecol-definition",
)
def test_the_parameters_of_a_tile_are_declared(client: FlaskClient) -> None:
    matrix, row, column = (parameter(client, TILE, name) for name in ("tileMatrix", "tileRow", "tileCol"))
    assert all((item["in"], item["required"]) == ("path", True) for item in (matrix, row, column))
    assert matrix["schema"]["type"] == "string"
    assert all((item["schema"]["type"], item["schema"]["minimum"]) == ("integer", 0) for item in (row, column))


@pytest.mark.requirement("ogcapi-tiles-1/core/tc-success", "ogcapi-tiles-1/mvt/content")
@given(zoom=st.integers(0, 12), lon=st.floats(38, 49), lat=st.floats(29, 38), id_=st.sampled_from(("sites", "rivers")))
def test_a_tile_holds_what_lies_in_it_where_it_lies(
    zoom: int, lon: float, lat: float, id_: str, client: FlaskClient
) -> None:
    size = 360 / 2**zoom
    column = int((lon + 180) / size)
    row = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom)
    answer = client.get(f"/api/collections/{id_}/tiles/WebMercatorQuad/{zoom}/{row}/{column}")
    north, south = (math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * edge / 2**zoom)))) for edge in (row, row + 1))
    west = column * size - 180
    # With the margin that is kept round a tile, in which symbols of neighbours begin.
    wide, high = size * 0.02, (north - south) * 0.02
    tile = shapely.box(west, south, west + size, north)
    near = shapely.box(west - wide, south - high, west + size + wide, north + high)
    shapes = {item.id: item.geometry for item in shipped().layer(id_).features if item.geometry is not None}
    inside = {name for name, shape in shapes.items() if shapely.dwithin(shape, tile, 0)}
    assert answer.status_code in (200, 204)
    if answer.status_code == 204:
        assert answer.data == b""
        assert not inside
        return
    assert answer.content_type == MVT
    decoded = mapbox_vector_tile.decode(answer.data, default_options={"y_coord_down": True})
    assert list(decoded) == [id_]
    features = decoded[id_]["features"]
    assert {item["properties"]["id"] for item in features} <= {
        name for name, shape in shapes.items() if near.intersects(shape)
    }
    if id_ == "sites":
        assert inside <= {item["properties"]["id"] for item in features}
    for item in features:
        assert item["geometry"]["type"] in ("Point", "MultiPoint", "LineString", "MultiLineString")
        if item["geometry"]["type"] == "Point":
            x, y = item["geometry"]["coordinates"]
            point = shapes[item["properties"]["id"]]
            edge = math.asinh(math.tan(math.radians(point.y)))
            assert x / 4096 == pytest.approx((point.x - west) / size, abs=1 / 4096)
            assert y / 4096 == pytest.approx((1 - edge / math.pi) / 2 * 2**zoom - row, abs=1 / 4096)


@pytest.mark.requirement("ogcapi-tiles-1/core/tc-error")
@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{MAX_ZOOM + 1}/0/0", 400),
        ("-1/0/0", 400),
        ("x/0/0", 400),
        ("0/1/0", 404),
        ("0/0/1", 404),
        ("3/8/0", 404),
        ("3/0/-1", 400),
        ("5/0/0", 204),
    ],
)
def test_a_tile_that_is_not_there(address: str, status: int, client: FlaskClient) -> None:
    answer = client.get(f"/api/collections/sites/tiles/WebMercatorQuad/{address}")
    assert answer.status_code == status
    assert answer.data == b"" if status == 204 else answer.content_type == "application/problem+json"
