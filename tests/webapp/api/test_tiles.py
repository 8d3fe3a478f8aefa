"""Vector tiles: what lies in them is where it is, no more points than is said, nothing lost in silence."""

from __future__ import annotations

import math

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from flask.testing import FlaskClient

from geodata.catalog import shipped
from geodata.model import Feature
from geodata.query.table import Table
from webapp.api import tiles

TILES = "/api/collections/{}/tiles/WebMercatorQuad"


def at(lon: float, lat: float, zoom: int) -> tuple[int, int, float, float]:
    """Return row and column of a position, and where in the tile it lies (0 to 1, from the north-west)."""
    column = (lon + 180) / 360 * 2**zoom
    row = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom
    return int(row), int(column), column % 1, row % 1


@pytest.mark.parametrize("zoom", [0, 5, 10, 18])
def test_a_site_is_where_it_is(zoom: int, client: FlaskClient) -> None:
    site = shipped().layer("sites").features[0]
    row, column, across, down = at(site.geometry.x, site.geometry.y, zoom)
    answer = client.get(f"{TILES.format('sites')}/{zoom}/{row}/{column}")
    assert answer.content_type == "application/vnd.mapbox-vector-tile"
    layer = mapbox_vector_tile.decode(answer.data, default_options={"y_coord_down": True})["sites"]
    found = next(one for one in layer["features"] if one["properties"]["id"] == site.id)
    assert found["geometry"]["coordinates"] == pytest.approx([across * 4096, down * 4096], abs=1.01)
    assert found["properties"]["name_ar"] == site.properties["name_ar"]
    assert layer["extent"] == 4096


@pytest.mark.parametrize("id_", shipped().ids())
def test_the_world_tile_holds_every_feature_that_is_large_enough(id_: str, client: FlaskClient) -> None:
    answer = client.get(f"{TILES.format(id_)}/0/0/0")
    placed = [one for one in shipped().layer(id_).features if one.geometry is not None]
    stored, lie = map(int, answer.headers["Masafa-Features"].split("/"))
    assert lie == len(placed)
    assert stored == lie
    found = mapbox_vector_tile.decode(answer.data)[id_]["features"]
    # What is smaller than a unit of the tile (a short line, a small area) may have no shape left.
    assert {one["properties"]["id"] for one in found} <= {one.id for one in placed}
    assert len(found) > 0
    assert "license" in answer.headers["Link"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_an_empty_tile_is_204(client: FlaskClient) -> None:
    answer = client.get(f"{TILES.format('sites')}/5/0/0")
    assert (answer.status_code, answer.data, answer.headers["Masafa-Features"]) == (204, b"", "0/0")


def test_there_are_no_more_points_than_is_said() -> None:
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(40, 45, 20_000), rng.uniform(30, 35, 20_000)
    many = Table([Feature(f"p{i}", "made", shapely.Point(lon[i], lat[i]), {}) for i in range(20_000)])
    data, stored, lie = tiles._tile(many, "made", 4, 6, 9)
    assert (stored, lie) == (tiles.POINTS, 20_000)
    drawn = mapbox_vector_tile.decode(data)["made"]["features"]
    assert len(drawn) == tiles.POINTS
    # Drawn evenly over the order, so that no part of a layer is left out whole.
    at_ = sorted(int(one["properties"]["id"][1:]) for one in drawn)
    assert max(np.diff(at_)) <= 5


def test_the_tile_set_is_described(client: FlaskClient) -> None:
    value = client.get(f"{TILES.format('sites')}?f=tilejson&lang=en").get_json(force=True)
    assert value["tilejson"] == "3.0.0"
    assert value["attribution"]
    address = value["tiles"][0].removeprefix("http://localhost").format(z=5, y=12, x=19)
    assert client.get(address).status_code == 200
    assert value["vector_layers"][0]["fields"]["name_ar"] == "String"
    described = client.get(TILES.format("sites")).get_json()
    assert described["dataType"] == "vector"
    assert described["masafa"]["points"] == tiles.POINTS
    template = next(link["href"] for link in described["links"] if link.get("templated"))
    address = template.removeprefix("http://localhost").format(tileMatrix=5, tileRow=12, tileCol=19)
    assert client.get(address).status_code == 200
    listed = client.get("/api/collections/sites/tiles").get_json()["tilesets"]
    assert [one["tileMatrixSetURI"] for one in listed] == [described["tileMatrixSetURI"]]
