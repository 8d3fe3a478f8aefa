"""Features Part 1: collections and their features, and GeoJSON."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import shapely
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from geodata.catalog import shipped
from geodata.query.crs import KNOWN
from geodata.query.dates import day_span
from tests.webapp.api.ogc.http import IDS, ITEMS, definition, fetch, ids, links, parameter, path_of, rels
from webapp.api import forms

CRS84 = KNOWN[0].uri
LINK_RELS = ("self", "alternate", "collection", "next")


def linked_in_every_format(value: Any, formats: dict[str, str]) -> None:
    """Assert that a document links to itself and to itself in its other formats, each with its media type."""
    assert [link["type"] for link in links(value, "self")] == [formats["json"]]
    assert {link["type"] for link in links(value, "alternate")} == set(formats.values()) - {formats["json"]}
    assert all("type" in link for link in value["links"] if link["rel"] in LINK_RELS)


@pytest.mark.requirement(
    "ogcapi-features-1/core/fc-md-op",
    "ogcapi-features-1/core/fc-md-success",
    "ogcapi-features-1/core/fc-md-links",
    "ogcapi-features-1/core/fc-md-items",
)
def test_collections(client: FlaskClient) -> None:
    value = fetch(client, "/api/collections")
    linked_in_every_format(value, forms.BOTH)
    assert [collection["id"] for collection in value["collections"]] == list(IDS)
    for collection in value["collections"]:
        assert all(isinstance(collection[name], str) and collection[name] for name in ("id", "title", "description"))
        assert collection["itemType"] == "feature"
        assert collection["attribution"]
        assert links(collection, "license")
        assert all(isinstance(link["href"], str) for link in collection["links"])


@pytest.mark.requirement("ogcapi-features-1/core/fc-md-items-links")
@pytest.mark.parametrize("id_", IDS)
def test_a_collection_links_to_its_items_in_every_format(id_: str, client: FlaskClient) -> None:
    listed = next(item for item in fetch(client, "/api/collections")["collections"] if item["id"] == id_)
    for collection in (listed, fetch(client, f"/api/collections/{id_}")):
        items = {link["type"]: path_of(link["href"]) for link in links(collection, "items")}
        declared = definition(client)["paths"][f"/collections/{id_}/items"]["get"]["responses"]["200"]["content"]
        assert items.keys() == set(forms.FEATURES.values()) == declared.keys()
        for kind, address in items.items():
            answer = client.get(f"{address}{'&' if '?' in address else '?'}limit=1")
            assert (answer.status_code, answer.mimetype) == (200, kind.partition(";")[0])


@pytest.mark.requirement("ogcapi-features-1/core/fc-md-extent", "ogcapi-features-1/core/fc-md-extent-multi")
@pytest.mark.parametrize("id_", IDS)
def test_the_extent_holds_every_feature(id_: str, client: FlaskClient) -> None:
    extent = fetch(client, f"/api/collections/{id_}")["extent"]
    assert len(extent["spatial"]["bbox"]) == 1
    assert extent["spatial"]["crs"] == CRS84
    box = shapely.box(*extent["spatial"]["bbox"][0])
    features = shipped().layer(id_).features
    assert all(box.covers(feature.geometry) for feature in features if feature.geometry is not None)
    times = [
        (
            feature.properties.get("date_start") or feature.properties.get("valid_from"),
            feature.properties.get("date_end") or feature.properties.get("valid_to"),
        )
        for feature in features
    ]
    if "temporal" not in extent:
        assert not any(day_span(start) for start, _ in times)
        return
    assert len(extent["temporal"]["interval"]) == 1
    first, last = extent["temporal"]["interval"][0]
    for start, end in times:
        for text in (start, end):
            if (span := day_span(text)) is not None:
                assert first is None or date.fromisoformat(first).toordinal() <= span[0]
                assert last is None or span[1] <= date.fromisoformat(last).toordinal()
    if id_ == "events":
        assert (first, last) == ("2011-12-01", "2024-02-17")


@pytest.mark.requirement("ogcapi-features-1/core/sfc-md-op", "ogcapi-features-1/core/sfc-md-success")
@pytest.mark.parametrize("id_", IDS)
def test_collection(id_: str, client: FlaskClient) -> None:
    value = fetch(client, f"/api/collections/{id_}")
    listed = next(item for item in fetch(client, "/api/collections")["collections"] if item["id"] == id_)
    assert {name: item for name, item in value.items() if name != "links"} == {
        name: item for name, item in listed.items() if name != "links"
    }
    linked_in_every_format(value, forms.BOTH)
    assert {"items", "license"} <= rels(value)
    assert value["masafa"]["features"] == len(shipped().layer(id_).features)
    assert client.get("/api/collections/nope").status_code == 404


@pytest.mark.requirement("ogcapi-features-1/core/crs84")
@pytest.mark.parametrize("id_", IDS)
def test_crs84(id_: str, client: FlaskClient) -> None:
    answer = client.get(ITEMS.format(id_), query_string={"limit": 10_000})
    assert answer.headers["Content-Crs"] == f"<{CRS84}>"
    by_id = {item["id"]: item for item in json.loads(answer.data)["features"]}
    for feature in shipped().layer(id_).features:
        shape = by_id[feature.id]["geometry"]
        if feature.geometry is None:
            assert shape is None
        else:
            assert shapely.from_geojson(json.dumps(shape)).equals_exact(
                feature.geometry.normalize(), 1e-6, normalize=True
            )


@pytest.mark.requirement("ogcapi-features-1/core/fc-op", "ogcapi-features-1/core/fc-response")
@pytest.mark.parametrize("id_", IDS)
def test_items(id_: str, client: FlaskClient) -> None:
    value = fetch(client, ITEMS.format(id_), limit=10_000)
    assert value["type"] == "FeatureCollection"
    # As the file has them: the same, in the same order, with null geometries and Arabic names.
    features = json.loads(shipped().layer_path(id_).read_text("utf-8"))["features"]
    assert [(item["id"], item["properties"]) for item in value["features"]] == [
        (item["id"], {"id": item["id"], **item["properties"]}) for item in features
    ]
    assert client.get(ITEMS.format("nope")).status_code == 404


@pytest.mark.requirement("ogcapi-features-1/core/fc-limit-definition", "ogcapi-features-1/core/fc-limit-response-1")
def test_limit(client: FlaskClient) -> None:
    declared = parameter(client, "/collections/places/items", "limit")
    assert (declared["in"], declared.get("required", False)) == ("query", False)
    assert (declared["style"], declared["explode"]) == ("form", False)
    schema = declared["schema"]
    assert (schema["type"], schema["minimum"], schema["maximum"], schema["default"]) == ("integer", 1, 10_000, 100)
    assert len(fetch(client, ITEMS.format("places"))["features"]) == schema["default"]
    assert len(ids(client, "places", limit=7)) == 7
    assert len(ids(client, "places", limit=99_999)) == 607
    listed_ids: list[str] = []
    address: str | None = ITEMS.format("places") + "?limit=200&sortby=-name_en"
    while address:
        page = fetch(client, address)
        assert len(page["features"]) <= 200
        listed_ids += [item["id"] for item in page["features"]]
        address = next((path_of(link["href"]) for link in links(page, "next")), None)
    assert len(listed_ids) == len(set(listed_ids)) == 607
    assert listed_ids == ids(client, "places", sortby="-name_en", limit=1000)


@pytest.mark.requirement("ogcapi-features-1/core/fc-bbox-definition")
@pytest.mark.parametrize("id_", IDS)
def test_bbox_is_declared(id_: str, client: FlaskClient) -> None:
    declared = parameter(client, f"/collections/{id_}/items", "bbox")
    assert (declared["in"], declared["style"], declared["explode"]) == ("query", "form", False)
    schema = declared["schema"]
    assert (schema["type"], schema["items"]) == ("array", {"type": "number"})
    assert schema["oneOf"] == [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}]


@pytest.mark.requirement("ogcapi-features-1/core/fc-bbox-definition", "ogcapi-features-1/core/fc-bbox-response")
def test_bbox(client: FlaskClient) -> None:
    features = shipped().layer("sites").features
    box = shapely.box(40, 36, 41, 37)
    # What has no geometry is in every box.
    inside = [item.id for item in features if item.geometry is None or box.intersects(item.geometry)]
    assert ids(client, "sites", bbox="40,36,41,37") == inside != []
    assert ids(client, "sites", bbox="40,36,0,41,37,100") == inside
    assert ids(client, "sites", bbox="170,36,41,37") == ids(client, "sites", bbox="-180,36,41,37") != []
    countries = shipped().layer("countries").features
    across = [item.id for item in countries if item.geometry is None or item.id == "country-us"]
    assert ids(client, "countries", bbox="179,50,-170,70") == across
    assert ids(client, "events", bbox="-180,-90,180,90") == ids(client, "events")
    nowhere = ids(client, "events", bbox="0,-90,1,-89")
    assert nowhere == [item.id for item in shipped().layer("events").features if item.geometry is None] != []


@pytest.mark.requirement("ogcapi-features-1/core/fc-bbox-response", "ogcapi-features-1/core/fc-response")
@given(west=st.floats(38, 48, allow_nan=False), south=st.floats(29, 37), width=st.floats(0, 6), height=st.floats(0, 6))
def test_any_bbox_leaves_what_meets_it(
    west: float, south: float, width: float, height: float, client: FlaskClient
) -> None:
    corners = [round(number, 3) for number in (west, south, west + width, south + height)]
    box = shapely.box(*corners)
    expected = [
        item.id for item in shipped().layer("places").features if item.geometry is None or box.intersects(item.geometry)
    ]
    assert ids(client, "places", bbox=",".join(map(str, corners))) == expected


@pytest.mark.requirement("ogcapi-features-1/core/fc-time-definition", "ogcapi-features-1/core/fc-time-response")
def test_datetime(client: FlaskClient) -> None:
    for id_ in IDS:
        declared = parameter(client, f"/collections/{id_}/items", "datetime")
        assert (declared["in"], declared["style"], declared["explode"]) == ("query", "form", False)
        assert declared["schema"] == {"type": "string"}
    everything = ids(client, "events")
    on = ids(client, "events", datetime="2024-01-04")
    assert on == ids(client, "events", datetime="2024-01-04T12:00:00Z")
    assert on == ids(client, "events", datetime="2024-01-04T15:00:00+03:00")
    assert "event-strike-2024-01-04" in on
    late, early = ids(client, "events", datetime="2024-01-01/.."), ids(client, "events", datetime="/2023-12-31")
    assert late == ids(client, "events", datetime="2024-01-01/")
    assert early == ids(client, "events", datetime="../2023-12-31")
    assert set(late) | set(early) == {item for item in everything if item in late or item in early}
    assert "event-us-withdrawal-2011" in early
    assert "event-us-withdrawal-2011" not in late
    # What has no time is in every interval.
    assert ids(client, "rivers", datetime="2024-01-01") == ids(client, "rivers") != []


@pytest.mark.requirement("ogcapi-features-1/core/fc-time-response", "ogcapi-features-1/core/fc-response")
@given(first=st.dates(date(2011, 1, 1), date(2025, 1, 1)), days=st.integers(0, 4000))
def test_any_interval_leaves_what_meets_it(first: date, days: int, client: FlaskClient) -> None:
    last = date.fromordinal(first.toordinal() + days)
    expected = []
    for item in shipped().layer("events").features:
        ends = (day_span(item.properties.get("date_start")), day_span(item.properties.get("date_end")))
        # One date is both ends.
        start, end = ends[0] or ends[1], ends[1] or ends[0]
        if start is None or end is None or (start[0] <= last.toordinal() and first.toordinal() <= end[1]):
            expected.append(item.id)
    assert ids(client, "events", datetime=f"{first}/{last}") == expected


@pytest.mark.requirement("ogcapi-features-1/core/fc-links", "ogcapi-features-1/core/fc-rel-type")
@pytest.mark.parametrize("id_", IDS)
def test_links(id_: str, client: FlaskClient) -> None:
    page = fetch(client, ITEMS.format(id_), limit=1, lang="en", bbox="-180,-90,180,90")
    linked_in_every_format(page, forms.FEATURES)
    assert {"collection", "license"} <= rels(page)
    assert "bbox=-180" in links(page, "self")[0]["href"]
    assert all({"rel", "type", "href"} <= link.keys() for link in page["links"])
    assert fetch(client, path_of(links(page, "self")[0]["href"]))["features"] == page["features"]


@pytest.mark.requirement("ogcapi-features-1/core/fc-timeStamp")
def test_time_stamp(client: FlaskClient) -> None:
    # There is none, so that the same page is the same bytes and has one ETag.
    assert "timeStamp" not in fetch(client, ITEMS.format("sites"))
    assert client.get(ITEMS.format("sites")).headers["ETag"] == client.get(ITEMS.format("sites")).headers["ETag"]


@pytest.mark.requirement("ogcapi-features-1/core/fc-numberMatched", "ogcapi-features-1/core/fc-numberReturned")
@pytest.mark.parametrize("id_", IDS)
def test_numbers(id_: str, client: FlaskClient) -> None:
    for query in ({}, {"bbox": "0,0,1,1"}, {"datetime": "2024-01-04"}, {"filter": "id LIKE '%a%'"}):
        page = fetch(client, ITEMS.format(id_), limit=5, **query)
        assert page["numberMatched"] == len(ids(client, id_, **query))
        assert page["numberReturned"] == len(page["features"]) == min(5, page["numberMatched"])
    assert fetch(client, ITEMS.format("places"))["numberMatched"] == 607


@pytest.mark.requirement(
    "ogcapi-features-1/core/f-op", "ogcapi-features-1/core/f-success", "ogcapi-features-1/core/f-links"
)
@pytest.mark.parametrize("id_", IDS)
def test_feature(id_: str, client: FlaskClient) -> None:
    for feature in shipped().layer(id_).features[:25]:
        value = fetch(client, f"{ITEMS.format(id_)}/{feature.id}")
        assert (value["type"], value["id"]) == ("Feature", feature.id)
        assert value["properties"] == {"id": feature.id, **feature.properties}
        linked_in_every_format(value, {"json": "application/geo+json", "html": "text/html"})
        assert [path_of(link["href"]) for link in links(value, "collection")] == [f"/api/collections/{id_}"]
    assert client.get(f"{ITEMS.format(id_)}/nope").status_code == 404


@pytest.mark.requirement("ogcapi-features-1/geojson/definition", "ogcapi-features-1/geojson/content")
@pytest.mark.parametrize("id_", IDS)
def test_geojson(id_: str, client: FlaskClient) -> None:
    first = shipped().layer(id_).features[0].id
    for path, kind in ((ITEMS.format(id_), "FeatureCollection"), (f"{ITEMS.format(id_)}/{first}", "Feature")):
        for headers in ({}, {"Accept": "application/geo+json"}, {"Accept": "application/json"}):
            answer = client.get(path, headers=headers)
            assert answer.content_type == "application/geo+json"
            value = json.loads(answer.data)
            assert value["type"] == kind
            assert isinstance(value["links"], list)
        for feature in value.get("features", [value])[:20]:
            assert {"type", "id", "geometry", "properties"} <= feature.keys()
            assert (
                feature["geometry"] is None or shapely.from_geojson(json.dumps(feature["geometry"])).is_empty is False
            )
    for path in ("/api", "/api/conformance", "/api/collections", f"/api/collections/{id_}"):
        assert client.get(path, headers={"Accept": "application/json"}).content_type == "application/json"
