"""Features Part 3: queryables and filters; Features Part 5: schemas."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
from flask.testing import FlaskClient
from pyproj import Transformer

from geodata.catalog import shipped
from geodata.query.crs import KNOWN
from tests.webapp.api.ogc.http import HOST, IDS, ITEMS, fetch, ids, links, parameter, parameters_of, path_of, refused

QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
SIMPLE = ("string", "number", "integer", "boolean")
WORDS = {"type", "title", "format", "items", "x-ogc-role"}
"""The keywords that a property of a schema has here."""
UTM = next(crs for crs in KNOWN if crs.code == "EPSG:32638")
BOX = "POLYGON((40 36, 41 36, 41 37, 40 37, 40 36))"


@pytest.mark.requirement(
    "ogcapi-features-3/queryables/queryables-link", "ogcapi-features-3/features-filter/queryables-link"
)
@pytest.mark.parametrize("id_", IDS)
def test_what_can_be_filtered_links_to_its_queryables(id_: str, client: FlaskClient) -> None:
    address = f"/api/collections/{id_}/queryables"
    listed = next(item for item in fetch(client, "/api/collections")["collections"] if item["id"] == id_)
    for value in (listed, fetch(client, f"/api/collections/{id_}"), fetch(client, ITEMS.format(id_), limit=1)):
        assert [path_of(link["href"]) for link in links(value, QUERYABLES)] == [address]
    for form in ("json", "html", "csv"):
        headers = client.get(ITEMS.format(id_), query_string={"limit": 1, "f": form}).headers.getlist("Link")
        named = [re.fullmatch(r'<([^>]+)>; rel="([^"]+)"; type="[^"]+"', header) for header in headers]
        assert f"{HOST}{address}" in [match[1] for match in named if match and match[2] == QUERYABLES]


def check_schema(schema: Any, path: str, client: FlaskClient) -> None:
    """Assert what both parts ask of a schema of features: its kind, its address, and a type for each property."""
    jsonschema.Draft202012Validator.check_schema(schema)
    assert (schema["$schema"], schema["$id"], schema["type"]) == (DRAFT, f"{HOST}{path}", "object")
    answer = client.get(path_of(schema["$id"]), headers={"Accept": "application/schema+json"})
    assert (answer.status_code, answer.content_type) == (200, "application/schema+json")
    assert json.loads(answer.data) == schema
    for name, declared in schema["properties"].items():
        if name == "geometry":
            assert declared["format"] == "geometry-any"
            assert not {"type", "$ref"} & declared.keys()
        else:
            assert declared["type"], name
            assert "geometry" not in declared.get("format", "")
    assert schema["additionalProperties"] is False


@pytest.mark.requirement(
    "ogcapi-features-3/queryables/get-queryables-op",
    "ogcapi-features-3/queryables/get-queryables-response",
    "ogcapi-features-3/features-filter/get-queryables-op",
)
@pytest.mark.parametrize("id_", IDS)
def test_queryables(id_: str, client: FlaskClient) -> None:
    path = f"/api/collections/{id_}/queryables"
    schema = fetch(client, path)
    check_schema(schema, path, client)
    assert {"geometry", "kind", "name_en", "name_ar"} <= schema["properties"].keys()
    for name in schema["properties"]:
        answer = client.get(ITEMS.format(id_), query_string={"filter": f'"{name}" IS NULL', "limit": 1})
        assert answer.status_code == 200, name
    dates = [name for name, declared in schema["properties"].items() if declared.get("format") == "date"]
    for name in dates:
        day = f"\"{name}\" >= DATE('2000-01-01')"
        assert client.get(ITEMS.format(id_), query_string={"filter": day, "limit": 1}).status_code == 200
    refused(client, ITEMS.format(id_), "filter", filter="nope IS NULL")
    assert client.get("/api/collections/nope/queryables").status_code == 404


def text_of(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.requirement("ogcapi-features-3/queryables-query-parameters/parameters")
@pytest.mark.parametrize("id_", IDS)
def test_a_queryable_is_a_parameter(id_: str, client: FlaskClient) -> None:
    queryables = fetch(client, f"/api/collections/{id_}/queryables")["properties"]
    features = shipped().layer(id_).features
    parameters = {one["name"]: one for one in parameters_of(client, f"/collections/{id_}/items")}
    for name, declared in queryables.items():
        if declared.get("type") not in SIMPLE:
            continue
        item = parameters[name]
        assert item["schema"] == declared
        assert (item["in"], item["style"], item["explode"]) == ("query", "form", False)
        values = [
            feature.properties.get(name) for feature in features if not isinstance(feature.properties.get(name), dict)
        ]
        value = next((value for value in values if value is not None), None)
        if name != "id" and value is not None:
            expected = [feature.id for feature in features if feature.properties.get(name) == value]
            assert ids(client, id_, **{name: text_of(value)}) == expected, name
    assert ids(client, id_, id=features[0].id) == [features[0].id]


@pytest.mark.requirement(
    "ogcapi-features-3/filter/filter-param",
    "ogcapi-features-3/filter/filter-lang-param",
    "ogcapi-features-3/filter/filter-crs-param",
    "ogcapi-features-3/features-filter/filter-param",
    "ogcapi-features-3/features-filter/filter-lang-param",
    "ogcapi-features-3/features-filter/filter-crs-param",
)
@pytest.mark.parametrize("id_", IDS)
def test_the_parameters_of_filters_are_declared(id_: str, client: FlaskClient) -> None:
    declared = {name: parameter(client, f"/collections/{id_}/items", name) for name in ("filter", "filter-lang")}
    declared["filter-crs"] = parameter(client, f"/collections/{id_}/items", "filter-crs")
    for item in declared.values():
        assert (item["in"], item.get("required", False), item["style"], item["explode"]) == (
            "query",
            False,
            "form",
            False,
        )
        assert item["schema"]["type"] == "string"
    languages = declared["filter-lang"]["schema"]
    assert (languages["enum"], languages["default"]) == (["cql2-text", "cql2-json"], "cql2-text")
    # Each of them is read, and the default where none is named.
    tree = json.dumps({"op": "isNull", "args": [{"property": "kind"}]})
    plain = ids(client, id_, filter="kind IS NULL")
    assert plain == ids(client, id_, **{"filter": "kind IS NULL", "filter-lang": "cql2-text"})
    assert plain == ids(client, id_, **{"filter": tree, "filter-lang": "cql2-json"})
    assert declared["filter-crs"]["schema"]["format"] == "uri"


@pytest.mark.requirement(
    "ogcapi-features-3/filter/filter-crs-wgs84",
    "ogcapi-features-3/filter/filter-crs-param",
    "ogcapi-features-3/features-filter/filter-crs-param",
)
def test_the_system_of_a_filter(client: FlaskClient) -> None:
    inside = ids(client, "sites", filter=f"S_INTERSECTS(geometry, {BOX})")
    assert inside != []
    assert inside == ids(client, "sites", **{"filter": f"S_INTERSECTS(geometry, {BOX})", "filter-crs": KNOWN[0].uri})
    move = Transformer.from_crs("OGC:CRS84", UTM.code, always_xy=True)
    corners = [move.transform(*corner) for corner in ((40, 36), (41, 36), (41, 37), (40, 37), (40, 36))]
    ring = ", ".join(f"{x:.2f} {y:.2f}" for x, y in corners)
    moved = {"filter": f"S_INTERSECTS(geometry, POLYGON(({ring})))", "filter-crs": UTM.uri}
    assert ids(client, "sites", **moved) == inside
    refused(client, ITEMS.format("sites"), "filter", filter=moved["filter"])
    refused(client, ITEMS.format("countries"), "filter-crs", **moved)
    refused(client, ITEMS.format("sites"), "filter-crs", **{**moved, "filter-crs": "EPSG:1"})


@pytest.mark.requirement("ogcapi-features-3/filter/mixing-expressions", "ogcapi-features-3/features-filter/response")
def test_conditions_hold_together(client: FlaskClient) -> None:
    conditions = {"bbox": "38,29,46,37", "datetime": "2024-01-01/..", "kind": "event", "filter": "killed.best >= 1"}
    each = [set(ids(client, "events", **{name: value})) for name, value in conditions.items()]
    everything = ids(client, "events")
    assert all(met < set(everything) or met == set(everything) for met in each)
    together = ids(client, "events", **conditions)
    assert together == [id_ for id_ in everything if all(id_ in met for met in each)] != []
    for name, value in (("filter", "kind ="), ("filter-lang", "x"), ("filter-crs", "x")):
        refused(client, ITEMS.format("events"), name, **{"filter": "kind = 'event'", name: value})


@pytest.mark.requirement("ogcapi-features-3/filter/response", "ogcapi-features-3/features-filter/response")
@pytest.mark.parametrize("id_", IDS)
def test_what_is_true_is_in_and_what_is_false_is_out(id_: str, client: FlaskClient) -> None:
    features = shipped().layer(id_).features
    everything = [feature.id for feature in features]
    for kind in sorted({feature.kind for feature in features}):
        met = ids(client, id_, filter=f"kind = '{kind}'")
        assert met == [feature.id for feature in features if feature.kind == kind]
        assert ids(client, id_, filter=f"NOT kind = '{kind}'") == [item for item in everything if item not in met]
    # Of nothing nothing is true, and nothing false.
    missing = [feature.id for feature in features if feature.geometry is None]
    assert ids(client, id_, filter="geometry IS NULL") == missing
    spatial = f"S_INTERSECTS(geometry, {BOX})"
    known = {*ids(client, id_, filter=spatial), *ids(client, id_, filter=f"NOT {spatial}")}
    assert known == set(everything) - set(missing)


@pytest.mark.requirement(
    "ogcapi-features-5/schemas/json-schema",
    "ogcapi-features-5/schemas/properties",
    "ogcapi-features-5/schemas/additional-keywords",
    "ogcapi-features-5/schemas/role",
    "ogcapi-features-5/schemas/role-id",
    "ogcapi-features-5/schemas/property-seq",
    "ogcapi-features-5/schemas/unit",
    "ogcapi-features-5/schemas/definition",
    "ogcapi-features-5/schemas/nullvalues",
)
@pytest.mark.parametrize("id_", IDS)
def test_schema(id_: str, client: FlaskClient) -> None:
    path = f"/api/collections/{id_}/schema"
    schema = fetch(client, path)
    check_schema(schema, path, client)
    roles = {name: item["x-ogc-role"] for name, item in schema["properties"].items() if "x-ogc-role" in item}
    assert roles == {"id": "id", "geometry": "primary-geometry"}
    assert schema["properties"]["id"]["type"] == "string"
    # No order, unit, definition or value for nothing is stated with a keyword: none is used beside the role.
    assert {word for item in schema["properties"].values() for word in item} <= WORDS
    # What is a date to a filter is a date here: text of that format.
    for name, queryable in fetch(client, f"/api/collections/{id_}/queryables")["properties"].items():
        if "format" in queryable and name in schema["properties"]:
            assert schema["properties"][name].get("format") == queryable["format"], name
    # A property may be null: what it is else, the schema says.
    optional = {
        name: item if name == "geometry" else {**item, "type": ["null", *_types(item)]}
        for name, item in schema["properties"].items()
    }
    validator = jsonschema.Draft202012Validator(
        {**schema, "properties": optional}, format_checker=jsonschema.FormatChecker(("date",))
    )
    features = fetch(client, ITEMS.format(id_), limit=10_000)["features"]
    for feature in features:
        row = {**feature["properties"], "geometry": feature["geometry"]}
        assert not [error.message for error in validator.iter_errors(row)], feature["id"]
    assert schema["properties"].keys() == {"geometry", *(name for item in features for name in item["properties"])}


def _types(declared: Any) -> list[str]:
    return [declared["type"]] if isinstance(declared["type"], str) else list(declared["type"])
