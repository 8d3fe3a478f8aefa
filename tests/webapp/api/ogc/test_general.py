"""What the parts of OGC API ask alike: HTTP, the landing page, its definition, conformance, query parameters, pages."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from schemathesis.specs.openapi.definitions import OPENAPI_30_VALIDATOR

from geodata.catalog import shipped
from geodata.store.workspace import Workspace
from tests.webapp.api.ogc.http import BROWSER, HOST, ITEMS, PAGES, definition, fetch, ids, links, path_of, refused, rels
from tests.webapp.api.test_workspace import ENTRY
from tests.webapp.marked import unmarked

OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
REL = "http://www.opengis.net/def/rel/ogc/1.0"
LINK = {"type": "object", "required": ["rel", "href"], "properties": {"rel": {"type": "string"}}}


@pytest.mark.requirement("ogcapi-common-1/core/http", "ogcapi-features-1/core/http", "ogcapi-processes-1/core/http")
@pytest.mark.parametrize("path", PAGES)
def test_http(path: str, client: FlaskClient) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    head = client.head(path)
    assert (head.status_code, head.data, head.content_type) == (200, b"", answer.content_type)
    assert "GET" in client.options(path).headers["Allow"]
    other = client.put(path)
    assert (other.status_code, "GET" in other.headers["Allow"]) == (405, True)
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406
    if "ETag" in answer.headers and "no-store" not in answer.headers["Cache-Control"]:
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.requirement(
    "ogcapi-common-1/landing-page/root-op",
    "ogcapi-common-1/landing-page/root-success",
    "ogcapi-features-1/core/root-op",
    "ogcapi-features-1/core/root-success",
    "ogcapi-processes-1/core/landingpage-op",
    "ogcapi-processes-1/core/landingpage-success",
)
def test_landing_page(client: FlaskClient) -> None:
    value = fetch(client, "/api")
    assert all(isinstance(value[name], str) and value[name] for name in ("title", "description", "attribution"))
    assert {"self", "alternate", "service-desc", "service-doc", "conformance", "data", "license"} <= rels(value)
    assert {f"{REL}/conformance", f"{REL}/data", f"{REL}/processes", f"{REL}/job-list"} <= rels(value)
    for rel, path in (("conformance", "/api/conformance"), (f"{REL}/conformance", "/api/conformance")):
        assert [path_of(link["href"]) for link in links(value, rel)] == [path]
    assert [path_of(link["href"]) for link in links(value, "data")] == ["/api/collections"]
    assert [path_of(link["href"]) for link in links(value, f"{REL}/processes")] == ["/api/processes"]
    for link in value["links"]:
        assert {"rel", "type", "href"} <= link.keys()
        answer = client.get(path_of(link["href"]))
        assert answer.status_code == 200, link
        assert answer.content_type.partition(";")[0] == link["type"].partition(";")[0], link


@pytest.mark.requirement(
    "ogcapi-common-1/landing-page/api-definition-op",
    "ogcapi-common-1/landing-page/api-definition-success",
    "ogcapi-common-1/oas30/oas-definition-1",
    "ogcapi-features-1/core/api-definition-op",
    "ogcapi-features-1/core/api-definition-success",
    "ogcapi-features-1/oas30/oas-definition-1",
    "ogcapi-processes-1/core/api-definition-op",
    "ogcapi-processes-1/core/api-definition-success",
    "ogcapi-processes-1/oas30/oas-definition-1",
)
def test_the_definition_is_linked_in_json_and_html(client: FlaskClient) -> None:
    landing = fetch(client, "/api")
    description, page = links(landing, "service-desc")[0], links(landing, "service-doc")[0]
    assert (description["type"], page["type"]) == (OPENAPI, "text/html")
    for headers in ({}, {"Accept": OPENAPI}, {"Accept": "application/vnd.oai.openapi+json"}):
        answer = client.get(path_of(description["href"]), headers=headers)
        assert (answer.status_code, answer.content_type) == (200, OPENAPI)
        assert json.loads(answer.data)["openapi"].startswith("3.0.")
    for answer in (client.get(path_of(page["href"])), client.get("/api/openapi.json", headers=BROWSER)):
        assert answer.content_type == "text/html; charset=utf-8"
        for path, operations in definition(client)["paths"].items():
            assert f'<code dir="ltr">{html.escape(path)}</code>' in answer.text
            assert all(operation["operationId"] in answer.text for operation in operations.values())


@pytest.mark.requirement(
    "ogcapi-common-1/oas30/oas-definition-2",
    "ogcapi-features-1/oas30/oas-definition-2",
    "ogcapi-processes-1/oas30/oas-definition-2",
)
def test_the_definition_is_openapi_3_0(client: FlaskClient) -> None:
    document = definition(client)
    assert not list(map(str, OPENAPI_30_VALIDATOR.iter_errors(document)))
    broken = {**document, "paths": {"/x": {"get": {}}}}
    assert not OPENAPI_30_VALIDATOR.is_valid(broken)
    refs = re.findall(r'"\$ref": ?"([^"]*)"', json.dumps(document))
    assert refs
    assert all(ref.startswith("#/") for ref in refs)
    assert document["servers"] == [{"url": f"{HOST}/api"}]
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(set(names)) == len(names)


@pytest.mark.requirement(
    "ogcapi-common-1/oas30/completeness",
    "ogcapi-common-1/oas30/exceptions-codes",
    "ogcapi-features-1/oas30/completeness",
    "ogcapi-features-1/oas30/exceptions-codes",
    "ogcapi-processes-1/oas30/completeness",
    "ogcapi-processes-1/oas30/exceptions-codes",
)
@pytest.mark.parametrize("path", [page.removeprefix("/api") for page in PAGES])
def test_every_status_that_is_answered_is_declared(path: str, client: FlaskClient) -> None:
    document = definition(client)
    operation = _operation(document, path)
    declared = operation["responses"]
    tag = {"If-None-Match": client.get(f"/api{path}").headers.get("ETag", "")}
    answers = [
        client.get(f"/api{path}"),
        client.get(f"/api{path}", headers=tag),
        client.get(f"/api{path}", headers=BROWSER),
        client.get(f"/api{path}?nope=1"),
        client.get(f"/api{path}?f=nope"),
        client.get(f"/api{path}", headers={"Accept": "image/png"}),
        client.get(f"/api{path}", headers={"Host": "elsewhere.example"}),
        client.get(f"/api{path}?f=" + "x" * 9000),
    ]
    assert {answer.status_code for answer in answers} >= {200, 400, 406, 414}
    for answer in answers:
        content = declared[str(answer.status_code)].get("content", {})
        kinds = {kind.partition(";")[0] for kind in content}
        assert answer.status_code == 304 or answer.mimetype in kinds, (answer.status_code, answer.mimetype)
    for other in document["paths"].values():
        for method in other.values():
            assert {"400", "404", "406", "414", "422", "500"} <= method["responses"].keys()


def _operation(document: Any, path: str) -> Any:
    """Return the operation of an address: its own, else the one whose template it fills."""
    if path in document["paths"] or not path:
        return document["paths"][path or "/"]["get"]
    fits = [
        operations["get"]
        for template, operations in document["paths"].items()
        if "get" in operations and re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)), path)
    ]
    assert len(fits) == 1, path
    return fits[0]


@pytest.mark.requirement(
    "ogcapi-common-1/oas30/security", "ogcapi-features-1/oas30/security", "ogcapi-processes-1/oas30/security"
)
def test_no_operation_is_for_some_only(client: FlaskClient) -> None:
    document = definition(client)
    assert "security" not in document
    assert "securitySchemes" not in document["components"]
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code == 200
        assert "WWW-Authenticate" not in answer.headers
    run = client.post("/api/processes/claims/execution", json={"inputs": {"of": "prison-10km"}})
    assert run.status_code == 200


@pytest.mark.requirement(
    "ogcapi-common-1/landing-page/conformance-op",
    "ogcapi-common-1/landing-page/conformance-success",
    "ogcapi-features-1/core/conformance-op",
    "ogcapi-features-1/core/conformance-success",
    "ogcapi-processes-1/core/conformance-op",
    "ogcapi-processes-1/core/conformance-success",
    "ogcapi-tiles-1/core/conformance-success",
)
def test_conformance(client: FlaskClient) -> None:
    classes = fetch(client, "/api/conformance")["conformsTo"]
    assert len(set(classes)) == len(classes)
    for standard in ("ogcapi-common-1", "ogcapi-features-1", "ogcapi-tiles-1", "ogcapi-processes-1"):
        assert f"http://www.opengis.net/spec/{standard}/1.0/conf/core" in classes
    assert all(re.fullmatch(r"http://www\.opengis\.net/spec/[a-z0-9-]+/1\.0/conf/[a-z0-9-]+", uri) for uri in classes)


@pytest.mark.requirement(
    "ogcapi-common-1/json/definition", "ogcapi-common-1/json/content", "ogcapi-processes-1/json/definition"
)
@pytest.mark.parametrize(
    ("path", "needed"),
    [
        ("/api", ("title", "description", "links")),
        ("/api/conformance", ("conformsTo", "links")),
        ("/api/processes", ("processes", "links")),
        ("/api/processes/buffer", ("id", "version", "inputs", "outputs", "links")),
        ("/api/jobs", ("jobs", "links")),
    ],
)
def test_json(path: str, needed: tuple[str, ...], client: FlaskClient) -> None:
    for headers in ({}, {"Accept": "application/json"}, {"Accept": "*/*"}):
        answer = client.get(path, headers=headers)
        assert (answer.status_code, answer.content_type) == (200, "application/json")
        value = json.loads(answer.data.decode("utf-8"))
        assert set(needed) <= value.keys()
        assert all(isinstance(link["rel"], str) and isinstance(link["href"], str) for link in value["links"])


def texts(value: Any) -> set[str]:
    """Return the texts of a document below its links, as a page writes them."""
    if isinstance(value, dict):
        return {text for name, item in value.items() if name != "links" for text in (name, *texts(item))}
    if isinstance(value, list):
        return {text for item in value for text in texts(item)}
    return {value} if isinstance(value, str) else set()


def hrefs(value: Any) -> set[str]:
    """Return every address that a document links to."""
    addresses: set[str] = set()
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        addresses |= hrefs(item)
    return addresses | ({value["href"]} if isinstance(value, dict) and {"rel", "href"} <= value.keys() else set())


@pytest.mark.requirement(
    "ogcapi-common-1/html/definition",
    "ogcapi-common-1/html/content",
    "ogcapi-features-1/html/definition",
    "ogcapi-features-1/html/content",
    "ogcapi-processes-1/html/definition",
    "ogcapi-processes-1/html/content",
)
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_page_says_what_the_json_says(path: str, lang: str, client: FlaskClient) -> None:
    answer = client.get(f"{path}?lang={lang}", headers=BROWSER)
    assert answer.content_type == "text/html; charset=utf-8"
    assert "Accept" in answer.headers["Vary"]
    assert answer.text.lstrip().lower().startswith("<!doctype html>")
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">' in answer.text
    assert answer.text.count("<h1>") == 1
    _, _, body = answer.text.partition("<body")
    anchors = {html.unescape(href) for href in re.findall(r'<a [^>]*href="([^"]*)"', body)}
    value = fetch(client, path, lang=lang)
    page = (
        {link["href"] for link in links(value, "alternate") if link["type"] == "text/html"}
        if "links" in value
        else set()
    )
    assert hrefs(value) - page <= anchors
    if "features" not in value:
        shown = html.unescape(unmarked(body))
        assert {text for text in texts(value) if text not in shown} == set()
        return
    shown = html.unescape(unmarked(body))
    for feature in value["features"]:
        assert feature["id"] in shown
        assert {text for text in texts(feature["properties"]) if text not in shown} == set()
        kind = (feature["geometry"] or {"type": "null"})["type"]
        assert kind.upper() in shown or kind in shown


@pytest.mark.requirement("ogcapi-common-1/core/query-param-name-unknown", "ogcapi-features-1/core/query-param-unknown")
@pytest.mark.parametrize("path", [*PAGES, "/api/collections/sites/tiles/WebMercatorQuad/0/0/0"])
def test_an_unknown_parameter_is_refused(path: str, client: FlaskClient) -> None:
    refused(client, path, "nope", nope="1")


@pytest.mark.requirement("ogcapi-common-1/core/query-param-value-invalid", "ogcapi-features-1/core/query-param-invalid")
@pytest.mark.parametrize("path", PAGES)
def test_an_invalid_value_is_refused(path: str, client: FlaskClient) -> None:
    refused(client, path, "f", f="nope")
    refused(client, path, "lang", lang="xx")


@pytest.mark.requirement("ogcapi-common-1/core/query-param-value-invalid", "ogcapi-features-1/core/query-param-invalid")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("limit", value) for value in ("0", "-1", "1.5", "x", "")),
        *(("bbox", value) for value in ("1,2,3", "a,b,c,d", "1,2,3,4,5", "")),
        *(("datetime", value) for value in ("x", "2024-13-01", "2024-02-01/2024-01-01", "../..")),
        ("filter", "kind ="),
        ("sortby", "nope"),
        ("properties", "nope"),
        ("cursor", "x"),
    ],
)
def test_an_invalid_value_of_items_is_refused(name: str, value: str, client: FlaskClient) -> None:
    refused(client, ITEMS.format("sites"), name, **{name: value})


@pytest.mark.requirement("ogcapi-common-1/core/query-param-capitalization")
def test_names_and_values_are_case_sensitive_but_not_their_escapes(client: FlaskClient) -> None:
    refused(client, ITEMS.format("sites"), "LIMIT", LIMIT="1")
    refused(client, "/api", "f", f="JSON")
    assert ids(client, "sites", kind="prison") != []
    assert ids(client, "sites", kind="Prison") == []
    path = ITEMS.format("sites")
    upper, lower = client.get(f"{path}?bbox=40%2C36%2C41%2C37"), client.get(f"{path}?bbox=40%2c36%2c41%2c37")
    assert json.loads(upper.data)["features"] == json.loads(lower.data)["features"] != []


@pytest.mark.requirement(
    "ogcapi-common-1/core/query-param-list-delimiter", "ogcapi-common-1/core/query-param-list-empty"
)
def test_commas_separate_and_what_is_between_two_is_empty(client: FlaskClient) -> None:
    path = ITEMS.format("sites")
    for query in ("properties=name_en,kind", "properties=name_en,,kind", "properties=,name_en,kind,"):
        feature = json.loads(client.get(f"{path}?limit=1&{query}").data)["features"][0]
        assert feature["properties"].keys() == {"name_en", "kind"}, query
    assert json.loads(client.get(f"{path}?limit=1&properties=").data)["features"][0]["properties"] == {}
    refused(client, path, "bbox", bbox="40,,41,37")
    refused(client, path, "sortby", sortby="kind,,name_en")
    listed = [
        parameter
        for operations in definition(client)["paths"].values()
        for operation in operations.values()
        for parameter in operation["parameters"]
        if parameter["schema"].get("type") == "array"
    ]
    assert len(listed) > 30
    assert all((parameter["style"], parameter["explode"]) == ("form", False) for parameter in listed)


@pytest.mark.requirement("ogcapi-common-1/core/query-param-list-escape")
def test_a_comma_or_a_space_in_an_item_arrives_escaped(client: FlaskClient, workspace: Path) -> None:
    properties = {"a": 1, "b": 2, "a,b": 3, "a b": 4}
    feature = {"type": "Feature", "id": "x", "geometry": None, "properties": properties}
    data = json.dumps({"type": "FeatureCollection", "features": [feature, {**feature, "id": "y"}]}).encode()
    Workspace(workspace).put_layer({**ENTRY, "id": "mine"}, data)
    for query, names in (
        ("a%2Cb", {"a,b"}),
        ("a%20b", {"a b"}),
        ("a+b,a%2cb,b", {"a b", "a,b", "b"}),
        ("b,a", {"a", "b"}),
        ("b%2Ca", {"a", "b"}),
    ):
        answer = client.get(f"{ITEMS.format('mine')}?properties={query}&limit=1")
        assert json.loads(answer.data)["features"][0]["properties"].keys() == names, query
    assert client.get(f"{ITEMS.format('mine')}?sortby=-a%2Cb,a%20b").status_code == 200


@pytest.mark.requirement("ogcapi-common-1/core/query-param-value-boolean")
def test_truth_values_are_lower_case(client: FlaskClient) -> None:
    features = shipped().layer("sites").features
    for text, value in (("true", True), ("false", False)):
        assert ids(client, "sites", placeholder=text) == [
            item.id for item in features if item.properties.get("placeholder") is value
        ]
    for text in ("True", "FALSE", "1", "yes", ""):
        refused(client, ITEMS.format("sites"), "placeholder", placeholder=text)


@pytest.mark.requirement("ogcapi-common-1/core/query-param-value-integer")
def test_whole_numbers(client: FlaskClient) -> None:
    assert len(ids(client, "places", limit="7")) == len(ids(client, "places", limit="007")) == 7
    for text in ("7.0", "1e1", " 7", "+7", "0x7", "٧"):
        refused(client, ITEMS.format("places"), "limit", limit=text)
    assert ids(client, "places", population="-1") == []


@pytest.mark.requirement(
    "ogcapi-common-1/core/query-param-value-decimal", "ogcapi-common-1/core/query-param-value-double"
)
@pytest.mark.parametrize(
    "bbox",
    [
        "40,36,41,37",
        "40.0,36.00,41.,037",
        "4e1,3.6e1,410e-1,.37e2",
        "40,36,41,37.0e0",
        "400E-1,36,41,37",
        "+4e+1,36,41,37",
    ],
)
def test_real_numbers(bbox: str, client: FlaskClient) -> None:
    if bbox.startswith("+"):
        refused(client, ITEMS.format("sites"), "bbox", bbox=bbox)
        return
    assert ids(client, "sites", bbox=bbox) == ids(client, "sites", bbox="40,36,41,37") != []
    for wrong in ("1e,2,3,4", "1e1.5,2,3,4", "e1,2,3,4", ".,2,3,4", "1 000,2,3,4", "NaN,2,3,4"):
        refused(client, ITEMS.format("sites"), "bbox", bbox=wrong)
