"""Layers taken away through the page: every format, filters, versions, and what a format cannot hold."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geodata import catalog, sandbox
from geodata.citations.records import Results
from geodata.formats import registry
from geodata.importing.ingest import load
from geodata.importing.options import ImportOptions
from geodata.store.workspace import Workspace
from tests.citations.test_records import asked, move


@pytest.mark.parametrize("name", registry.FORMATS)
def test_every_format_reads_back_with_all_features_and_their_arabic(
    client: FlaskClient, tmp_path: Path, name: str
) -> None:
    one = registry.FORMATS[name]
    answer = client.get(f"/layers/sites/file?format={name}")
    assert answer.status_code == 200
    assert answer.content_type == one.media_type
    assert one.extensions[0] in answer.headers["Content-Disposition"]
    path = tmp_path / f"sites{one.extensions[0]}"
    path.write_bytes(answer.data)
    rows = [row for part in sandbox.read(one, path) for row in part.rows]
    by_id = {feature.id: feature for feature in catalog.current().layer("sites").features}
    assert {str(row.id) for row in rows} == set(by_id)
    assert all(row.properties["name_ar"] == by_id[str(row.id)].name["ar"] for row in rows)


def test_filters_and_the_uncertainty_itself(client: FlaskClient) -> None:
    query = {"where": "kind = 'camp'", "bbox": "40,36,42,37", "geometry": "circle", "format": "geojson"}
    found = client.get("/layers/sites/file", query_string=query).get_json(force=True)
    assert [one["id"] for one in found["features"]] == ["al-hol"]
    assert found["features"][0]["geometry"]["type"] == "Polygon"
    assert any("kind = 'camp'" in one for one in found["masafa"]["changes"])
    tagged = client.get("/layers/sites/file?format=csv&hxl=true&fields=id,unc_m").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(tagged)))
    assert rows[:2] == [["id", "unc_m", "wkt"], ["#meta+id", "#geo+uncertainty", "#geo+wkt"]]


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_page_says_what_is_lost_before_the_file_is_taken(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/layers/events/export?format=shapefile&lang={lang}").get_data(as_text=True)
    lost = client.get("/layers/events/file?format=shapefile").headers["Masafa-Lost"]
    assert int(lost) > 0
    assert page.split('class="made"')[1].split("</section>")[0].count("<li>") == int(lost)
    assert "/layers/events/file?format=shapefile" in page
    whole = client.get(f"/layers/sites/export?format=gpkg&lang={lang}").get_data(as_text=True)
    assert ("Nothing is lost" if lang == "en" else "لا يضيع شيء") in whole


@pytest.mark.parametrize(
    ("query", "named", "status"),
    [
        ("format=doc", "format", 400),
        ("geometry=cube", "geometry", 400),
        ("crs=EPSG:9999", "crs", 400),
        ("format=csv&crs=EPSG:3857", "crs", 400),
        ("bbox=5,4,3,2", "bbox", 400),
        ("time=later", "time", 400),
        ("where=kind+like", "Only features matching", 400),
        ("hxl=maybe", "hxl", 400),
        ("fields=nothing", "fields", 400),
        ("version=xyz", "version", 400),
        ("version=00000000", "version", 404),
    ],
)
def test_what_is_wrong_is_named(client: FlaskClient, query: str, named: str, status: int) -> None:
    answer = client.get(f"/layers/sites/file?{query}&lang=en")
    assert answer.status_code == status
    assert named in answer.get_data(as_text=True)
    joined = query if "format" in query else f"format=geojson&{query}"
    page = client.get(f"/layers/sites/export?{joined}&lang=en")
    assert page.status_code == status
    assert 'role="alert"' in page.get_data(as_text=True)


def test_a_pinned_version_stays_and_what_changed_since_is_told(client: FlaskClient, workspace: Path) -> None:
    version = catalog.current().layer("sites").version
    place = Workspace(workspace)
    id_, _ = asked(workspace)
    Results(place).cite(id_, catalog.current().part)
    move(workspace, 40.8, 36.5)
    then = client.get(f"/layers/sites/file?version={version[:12]}").get_json(force=True)
    now = client.get("/layers/sites/file").get_json(force=True)
    at = [
        next(one["geometry"]["coordinates"] for one in found["features"] if one["id"] == "hasakah-prison")
        for found in (then, now)
    ]
    assert at == [[40.7625, 36.4775], [40.8, 36.5]]
    body = client.get(f"/layers/sites/changes.json?since={version[:12]}").get_json()
    assert [(one["id"], one["change"]) for one in body["items"]] == [("hasakah-prison", "moved")]
    assert body["since"] == version
    assert client.get(f"/layers/borders/changes.json?since={version[:12]}").status_code == 404
    same = client.get(f"/layers/sites/changes.json?since={body['version']}").get_json()
    assert same["items"] == []
    assert client.get("/layers/sites/changes.json").status_code == 400


def test_the_layer_page_leads_here(client: FlaskClient) -> None:
    assert "/layers/sites/export?lang=ar" in client.get("/layers/sites?lang=ar").get_data(as_text=True)
    assert json.loads(client.get("/layers/sites/file").data)["masafa"]["licence"] == "CC-BY-4.0"


def test_pages_of_other_sites_may_read_shipped_layers_and_none_of_the_workspace(
    client: FlaskClient, workspace: Path
) -> None:
    addresses = ("/layers/sites/file?format=kml", "/layers/sites.geojson", "/layers/sites.json")
    for address in addresses:
        assert client.get(address).headers["Access-Control-Allow-Origin"] == "*", address
    assert client.options("/layers/sites/file").headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Origin" not in client.get("/layers/sites/export").headers
    move(workspace, 40.8, 36.5)
    for address in addresses:
        assert "Access-Control-Allow-Origin" not in client.get(address).headers, address
    assert "Access-Control-Allow-Methods" not in client.options("/layers/sites/file").headers


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_of_an_imported_layer_its_own_columns_can_be_chosen_alone(
    client: FlaskClient, tmp_path: Path, lang: str
) -> None:
    source = tmp_path / "ours.csv"
    source.write_text("site,lat,lon\na,33.5,44.5\n")
    load(source, source.name, ImportOptions(layer="ours"), catalog.workspace(), catalog.current())
    page = client.get(f"/layers/ours/export?format=csv&fields=original&lang={lang}").get_data(as_text=True)
    assert '<option value="original" selected>' in page
    assert "fields=original" in page.split('class="get"')[1]
    text = client.get("/layers/ours/file?format=csv&fields=original").data.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["site", "lat", "lon", "wkt"],
        ["a", "33.5", "44.5", "POINT (44.5 33.5)"],
    ]
    assert 'name="fields"' not in client.get(f"/layers/sites/export?lang={lang}").get_data(as_text=True)
