"""The abstract tests of Features Part 1 Core and Part 2 CRS, one check each; docs/api.md has the table."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import shapely
from flask.testing import FlaskClient
from pyproj import Transformer

from geodata.catalog import shipped
from geodata.query.crs import KNOWN
from tests.tree import ROOT

IDS = shipped().ids()
CRS84, LATLON = KNOWN[0].uri, KNOWN[1].uri
UTM = "http://www.opengis.net/def/crs/EPSG/0/32638"
ITEMS = "/api/collections/{}/items"


def got(client: FlaskClient, path: str, **query: Any) -> Any:
    """Return the JSON of an address that must answer."""
    answer = client.get(path, query_string=query or None)
    assert answer.status_code == 200, answer.text[:300]
    return json.loads(answer.data)


def ids(client: FlaskClient, layer: str, **query: Any) -> list[str]:
    """Return the ids of the features that answer a query."""
    return [one["id"] for one in got(client, ITEMS.format(layer), **query)["features"]]


def rels(value: Any) -> dict[str, str]:
    return {link["rel"]: link["href"] for link in value["links"]}


def test_http(client: FlaskClient) -> None:
    answer = client.get("/api")
    assert answer.status_code == 200
    assert client.head("/api").data == b""
    assert "GET" in client.options("/api").headers["Allow"]


def test_landing(client: FlaskClient) -> None:
    value = got(client, "/api")
    assert value["title"]
    assert {"self", "alternate", "service-desc", "service-doc", "conformance", "data", "license"} <= rels(value).keys()
    for address in rels(value).values():
        assert address.startswith("http://localhost/")
        assert client.get(address.removeprefix("http://localhost")).status_code == 200, address


def test_api_definition(client: FlaskClient) -> None:
    answer = client.get("/api/openapi.json")
    assert answer.content_type == "application/vnd.oai.openapi+json;version=3.0"
    assert answer.get_json(force=True)["openapi"].startswith("3.0.")


def test_conformance(client: FlaskClient) -> None:
    classes = got(client, "/api/conformance")["conformsTo"]
    for name in ("core", "geojson", "html", "oas30"):
        assert f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" in classes
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in classes
    assert len(set(classes)) == len(classes)


def test_collections(client: FlaskClient) -> None:
    value = got(client, "/api/collections")
    assert [one["id"] for one in value["collections"]] == list(IDS)
    assert {"self", "alternate"} <= rels(value).keys()
    for one in value["collections"]:
        items = [link for link in one["links"] if link["rel"] == "items"]
        assert items[0]["type"] == "application/geo+json"
        assert "license" in rels(one)
        assert one["attribution"]


@pytest.mark.parametrize("id_", IDS)
def test_collection(id_: str, client: FlaskClient) -> None:
    value = got(client, f"/api/collections/{id_}")
    assert value["id"] == id_
    assert {"self", "alternate", "items", "license"} <= rels(value).keys()
    west, south, east, north = value["extent"]["spatial"]["bbox"][0]
    for feature in shipped().layer(id_).features:
        if feature.geometry is not None:
            assert shapely.box(west, south, east, north).covers(feature.geometry)
    assert value["masafa"]["features"] == len(shipped().layer(id_).features)


def test_the_time_of_the_events_is_said(client: FlaskClient) -> None:
    assert got(client, "/api/collections/events")["extent"]["temporal"]["interval"] == [["2011-12-01", "2024-02-17"]]
    assert "temporal" not in got(client, "/api/collections/rivers")["extent"]


@pytest.mark.parametrize("id_", IDS)
def test_crs84(id_: str, client: FlaskClient) -> None:
    answer = client.get(ITEMS.format(id_), query_string={"limit": 10_000})
    assert answer.headers["Content-Crs"] == f"<{CRS84}>"
    made = {one["id"]: one for one in json.loads(answer.data)["features"]}
    for feature in shipped().layer(id_).features:
        shape = made[feature.id]["geometry"]
        if feature.geometry is None:
            assert shape is None
        else:
            assert shapely.from_geojson(json.dumps(shape)).equals_exact(
                feature.geometry.normalize(), 1e-6, normalize=True
            )


@pytest.mark.parametrize("id_", IDS)
def test_items(id_: str, client: FlaskClient) -> None:
    value = got(client, ITEMS.format(id_), limit=10_000)
    assert value["type"] == "FeatureCollection"
    # As the file has them: the same, in the same order, with null geometries and Arabic names.
    held = json.loads(shipped().layer_path(id_).read_text("utf-8"))["features"]
    assert [(one["id"], one["properties"]) for one in value["features"]] == [
        (one["id"], {"id": one["id"], **one["properties"]}) for one in held
    ]


def test_limit(client: FlaskClient) -> None:
    assert len(ids(client, "places")) == 100
    assert len(ids(client, "places", limit=7)) == 7
    assert len(ids(client, "places", limit=99_999)) == 613
    found: list[str] = []
    address: str | None = ITEMS.format("places") + "?limit=200&sortby=-name_en"
    while address:
        page = got(client, address)
        found += [one["id"] for one in page["features"]]
        address = rels(page).get("next", "").removeprefix("http://localhost") or None
    assert len(found) == len(set(found)) == 613
    assert found == ids(client, "places", sortby="-name_en", limit=1000)


def test_bbox(client: FlaskClient) -> None:
    held = shipped().layer("sites").features
    box = shapely.box(40, 36, 41, 37)
    # What has no geometry is in every box (Features Part 1, /req/core/fc-bbox-response).
    inside = [one.id for one in held if one.geometry is None or box.intersects(one.geometry)]
    assert ids(client, "sites", bbox="40,36,41,37") == inside != []
    assert ids(client, "sites", bbox="40,36,0,41,37,100") == inside
    assert ids(client, "sites", bbox="170,36,41,37") == ids(client, "sites", bbox="-180,36,41,37") != []
    countries = shipped().layer("countries").features
    across = [one.id for one in countries if one.geometry is None or one.id == "country-us"]
    assert ids(client, "countries", bbox="179,50,-170,70") == across
    assert ids(client, "events", bbox="-180,-90,180,90") == ids(client, "events")
    nowhere = ids(client, "events", bbox="0,-90,1,-89")
    assert nowhere == [one.id for one in shipped().layer("events").features if one.geometry is None] != []


def test_datetime(client: FlaskClient) -> None:
    everything = ids(client, "events")
    on = ids(client, "events", datetime="2024-01-04")
    assert on == ids(client, "events", datetime="2024-01-04T12:00:00Z")
    assert "event-strike-2024-01-04" in on
    late, early = ids(client, "events", datetime="2024-01-01/.."), ids(client, "events", datetime="/2023-12-31")
    assert set(late) | set(early) == {one for one in everything if one in late or one in early}
    assert "event-us-withdrawal-2011" in early
    assert "event-us-withdrawal-2011" not in late
    # What has no time is in every interval (/req/core/fc-time-response).
    assert ids(client, "rivers", datetime="2024-01-01") == ids(client, "rivers") != []


def test_parameters_are_declared_as_the_standard_has_them(client: FlaskClient) -> None:
    operation = got(client, "/api/openapi.json")["paths"]["/collections/events/items"]["get"]
    declared = {one["name"]: one for one in operation["parameters"]}
    for name in ("limit", "bbox", "datetime"):
        assert (declared[name]["style"], declared[name]["explode"]) == ("form", False), name
    schema = declared["limit"]["schema"]
    assert (schema["minimum"], schema["maximum"], schema["default"]) == (1, 10_000, 100)
    assert len(ids(client, "places", limit=schema["maximum"] + 1)) == len(ids(client, "places", limit=10_000))


def test_links(client: FlaskClient) -> None:
    page = got(client, ITEMS.format("sites"), limit=3, kind="prison", lang="en")
    found = rels(page)
    assert {"self", "alternate", "collection", "license"} <= found.keys()
    assert "kind=prison" in found["self"]
    assert all({"rel", "type", "href"} <= link.keys() for link in page["links"])


def test_time_stamp(client: FlaskClient) -> None:
    # There is none, so that the same page is the same bytes and has one ETag.
    assert "timeStamp" not in got(client, ITEMS.format("sites"))
    assert client.get(ITEMS.format("sites")).headers["ETag"] == client.get(ITEMS.format("sites")).headers["ETag"]


def test_numbers(client: FlaskClient) -> None:
    page = got(client, ITEMS.format("places"), limit=5)
    assert (page["numberMatched"], page["numberReturned"], len(page["features"])) == (613, 5, 5)
    none = got(client, ITEMS.format("places"), bbox="0,0,1,1")
    assert (none["numberMatched"], none["numberReturned"], none["features"]) == (0, 0, [])


@pytest.mark.parametrize(("name", "value"), [("nope", "1"), ("limit", "0"), ("bbox", "1,2,3"), ("datetime", "x")])
def test_unknown_and_invalid(name: str, value: str, client: FlaskClient) -> None:
    answer = client.get(ITEMS.format("sites"), query_string={name: value})
    assert (answer.status_code, answer.get_json()["parameter"]) == (400, name)


def test_feature(client: FlaskClient) -> None:
    for feature in shipped().layer("sites").features:
        value = got(client, f"{ITEMS.format('sites')}/{feature.id}")
        assert (value["type"], value["id"]) == ("Feature", feature.id)
        assert value["properties"]["name_ar"] == feature.properties["name_ar"]
        assert {"self", "alternate", "collection", "license"} <= rels(value).keys()
    assert client.get(f"{ITEMS.format('sites')}/nope").status_code == 404
    assert client.get(ITEMS.format("nope")).status_code == 404


def test_geojson(client: FlaskClient) -> None:
    for path in (ITEMS.format("sites"), f"{ITEMS.format('sites')}/erbil"):
        assert client.get(path).content_type == "application/geo+json"
        assert client.get(path, headers={"Accept": "application/geo+json"}).content_type == "application/geo+json"
        assert client.get(path, headers={"Accept": "application/json"}).content_type == "application/geo+json"


PAGES = [
    "",
    "/conformance",
    "/collections",
    "/collections/sites",
    "/collections/sites/items",
    "/collections/sites/items/erbil",
    "/collections/sites/queryables",
    "/collections/sites/schema",
    "/collections/sites/tiles",
    "/processes",
    "/processes/buffer",
    "/jobs",
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("lang", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_html(path: str, lang: str, direction: str, client: FlaskClient) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = client.get(f"/api{path}?lang={lang}", headers={"Accept": browser})
    assert answer.content_type == "text/html; charset=utf-8"
    assert "Accept" in answer.headers["Vary"]
    assert f'<html lang="{lang}" dir="{direction}">' in answer.text
    assert answer.text.count("<h1>") == 1
    assert client.get(f"/api{path}?lang={lang}&f=html").data.count(b"<h1>") == 1


def test_openapi(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").get_json(force=True)
    refs = re.findall(r'"\$ref": ?"([^"]*)"', json.dumps(document))
    assert refs
    assert all(ref.startswith("#/") for ref in refs)
    assert document["servers"] == [{"url": "http://localhost/api"}]


def test_problems(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").get_json(force=True)
    for path in document["paths"].values():
        for operation in path.values():
            assert {"400", "404"} <= operation["responses"].keys()
    answer = client.get("/api/collections?x=1")
    assert answer.content_type == "application/problem+json"


def test_crs_list(client: FlaskClient) -> None:
    value = got(client, "/api/collections")
    assert set(value["crs"]) == {crs.uri for crs in KNOWN}
    by_id = {one["id"]: one["crs"] for one in value["collections"]}
    assert all(systems[:2] == [CRS84, LATLON] for systems in by_id.values())
    assert UTM in by_id["sites"]
    assert UTM not in by_id["countries"]


def test_storage_crs(client: FlaskClient) -> None:
    for one in got(client, "/api/collections")["collections"]:
        assert one["storageCrs"] in one["crs"]


@pytest.mark.parametrize("crs", KNOWN, ids=lambda crs: crs.code)
def test_crs_answer(crs: Any, client: FlaskClient) -> None:
    answer = client.get(ITEMS.format("sites"), query_string={"crs": crs.uri})
    assert answer.headers["Content-Crs"] == f"<{crs.uri}>"
    one = client.get(f"{ITEMS.format('sites')}/erbil", query_string={"crs": crs.uri})
    assert one.headers["Content-Crs"] == f"<{crs.uri}>"


def test_crs_default(client: FlaskClient) -> None:
    bare = client.get(ITEMS.format("sites"))
    named = client.get(ITEMS.format("sites"), query_string={"crs": CRS84})
    assert bare.headers["Content-Crs"] == named.headers["Content-Crs"] == f"<{CRS84}>"
    assert json.loads(bare.data)["features"] == json.loads(named.data)["features"]


@pytest.mark.parametrize("crs", ["EPSG:4326", "http://www.opengis.net/def/crs/EPSG/0/27700", "", "../x"])
def test_crs_invalid(crs: str, client: FlaskClient) -> None:
    for path in (ITEMS.format("sites"), f"{ITEMS.format('sites')}/erbil"):
        answer = client.get(path, query_string={"crs": crs})
        assert (answer.status_code, answer.get_json()["parameter"]) == (400, "crs")
    far = client.get(ITEMS.format("countries"), query_string={"crs": UTM})
    assert (far.status_code, far.get_json()["parameter"]) == (400, "crs")


@pytest.mark.parametrize("crs", KNOWN, ids=lambda crs: crs.code)
def test_bbox_crs(crs: Any, client: FlaskClient) -> None:
    corners = [(40, 36), (41, 37)]
    if crs.metric:
        move = Transformer.from_crs("OGC:CRS84", crs.code, always_xy=True)
        corners = [move.transform(*corner) for corner in corners]
    elif crs.latitude_first:
        corners = [(lat, lon) for lon, lat in corners]
    bbox = ",".join(f"{number:.3f}" for corner in corners for number in corner)
    expected = ids(client, "sites", bbox="40,36,41,37")
    assert ids(client, "sites", **{"bbox": bbox, "bbox-crs": crs.uri}) == expected


def test_bbox_crs_invalid(client: FlaskClient) -> None:
    answer = client.get(ITEMS.format("sites"), query_string={"bbox": "1,2,3,4", "bbox-crs": "EPSG:1"})
    assert (answer.status_code, answer.get_json()["parameter"]) == (400, "bbox-crs")


@pytest.mark.parametrize("crs", KNOWN[1:], ids=lambda crs: crs.code)
def test_crs_transform(crs: Any, client: FlaskClient) -> None:
    # PROJ in the axis order of the definition itself is the independent truth.
    true = Transformer.from_crs("OGC:CRS84", crs.code)
    plain = got(client, ITEMS.format("sites"))["features"]
    moved = got(client, ITEMS.format("sites"), crs=crs.uri)["features"]
    points = [(a["geometry"], b["geometry"]) for a, b in zip(plain, moved, strict=True)]
    assert sum(a is None for a, _ in points) == 2
    for a, b in points:
        assert (a is None) == (b is None)
        if a is not None:
            assert b["coordinates"] == pytest.approx(
                true.transform(*a["coordinates"]), abs=1e-3 if crs.metric else 1e-9
            )


def test_the_table_of_the_document_names_these_tests() -> None:
    document = (ROOT / "docs/api.md").read_text("utf-8")
    named = set(re.findall(r"\| `(test_\w+)` \|$", document, re.MULTILINE))
    assert named <= {name for name in globals() if name.startswith("test_")}
    assert len(named) == 28
