"""Items of a collection in every format, filtered and picked as the JSON is."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geodata import sandbox
from geodata.formats import registry

QUERY = "filter=kind='prison'&sortby=-name_en&limit=2"


@pytest.mark.parametrize("name", [name for name in registry.FORMATS if name != "geojson"])
def test_a_page_in_every_format_holds_the_features_of_the_json(client: FlaskClient, tmp_path: Path, name: str) -> None:
    plain = client.get(f"/api/collections/sites/items?{QUERY}").get_json()["features"]
    answer = client.get(f"/api/collections/sites/items?{QUERY}&f={name}")
    assert answer.status_code == 200
    assert answer.content_type == registry.FORMATS[name].media_type
    path = tmp_path / f"items{registry.FORMATS[name].extensions[0]}"
    path.write_bytes(answer.data)
    rows = [row for part in sandbox.read(registry.FORMATS[name], path) for row in part.rows]
    # The spatial index of FlatGeobuf sorts by place.
    order = sorted if name == "flatgeobuf" else list
    assert order(str(row.id) for row in rows) == order(one["id"] for one in plain)
    assert {row.properties["name_ar"] for row in rows} == {one["properties"]["name_ar"] for one in plain}


def test_by_accept_picked_and_in_another_system(client: FlaskClient, tmp_path: Path) -> None:
    uri = "http://www.opengis.net/def/crs/EPSG/0/32638"
    query = {"properties": "name_en", "crs": uri}
    answer = client.get(
        "/api/collections/sites/items",
        query_string=query,
        headers={"Accept": registry.FORMATS["gpkg"].media_type},
    )
    assert answer.content_type == registry.FORMATS["gpkg"].media_type
    assert answer.headers["Content-Crs"] == f"<{uri}>"
    path = tmp_path / "items.gpkg"
    path.write_bytes(answer.data)
    (part,) = sandbox.read(registry.FORMATS["gpkg"], path)
    first = next(iter(part.rows))
    assert first.geometry is not None
    assert abs(first.geometry.x - 40.7625) < 1e-6
    assert set(first.properties) == {"name_en"}


def test_a_system_that_a_format_has_not_is_named(client: FlaskClient) -> None:
    answer = client.get("/api/collections/sites/items?f=csv&crs=http://www.opengis.net/def/crs/EPSG/0/3857")
    assert answer.status_code == 400
    assert answer.get_json()["parameter"] == "crs"
