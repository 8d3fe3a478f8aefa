"""What the tests of OGC's requirements read the API with."""

from __future__ import annotations

import json
from typing import Any

from flask.testing import FlaskClient

from geodata.catalog import shipped

HOST = "http://localhost"
IDS = shipped().ids()
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
ITEMS = "/api/collections/{}/items"
PAGES = [
    "/api",
    "/api/conformance",
    "/api/openapi.json",
    "/api/collections",
    *(f"/api/collections/{id_}" for id_ in IDS),
    *(f"/api/collections/{id_}/items" for id_ in IDS),
    "/api/collections/sites/items/erbil",
    "/api/collections/sites/queryables",
    "/api/collections/events/schema",
    "/api/collections/sites/tiles",
    "/api/collections/sites/tiles/WebMercatorQuad",
    "/api/processes",
    "/api/processes/buffer",
    "/api/jobs",
]
"""Addresses that answer in JSON and as a page."""


def path_of(href: str) -> str:
    """Return the path and query of an absolute link to the app."""
    assert href.startswith(f"{HOST}/"), href
    return href.removeprefix(HOST)


def fetch(client: FlaskClient, path: str, **query: Any) -> Any:
    """Return the JSON of an address that must answer."""
    answer = client.get(path, query_string=query or None)
    assert answer.status_code == 200, answer.text[:300]
    return json.loads(answer.data)


def ids(client: FlaskClient, layer: str, **query: Any) -> list[str]:
    """Return the ids of the features that answer a query."""
    return [feature["id"] for feature in fetch(client, ITEMS.format(layer), **{"limit": 10_000, **query})["features"]]


def refused(client: FlaskClient, path: str, parameter: str, **query: Any) -> None:
    """Assert that a request is answered with 400 and problem details that name a parameter."""
    answer = client.get(path, query_string=query or None)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json"), answer.text[:300]
    assert answer.get_json()["parameter"] == parameter


def links(value: Any, rel: str) -> list[dict[str, str]]:
    """Return the links of a document with a relation."""
    return [link for link in value["links"] if link["rel"] == rel]


def rels(value: Any) -> set[str]:
    """Return the relations of the links of a document."""
    return {link["rel"] for link in value["links"]}


def definition(client: FlaskClient) -> Any:
    """Return the OpenAPI document."""
    return fetch(client, "/api/openapi.json")


def parameter(client: FlaskClient, path: str, name: str, method: str = "get") -> Any:
    """Return a parameter of an operation as the OpenAPI document declares it."""
    return next(parameter for parameter in parameters_of(client, path, method) if parameter["name"] == name)


def parameters_of(client: FlaskClient, path: str, method: str = "get") -> list[dict[str, Any]]:
    """Return the parameters of an operation as the OpenAPI document declares them."""
    declared: list[dict[str, Any]] = definition(client)["paths"][path][method]["parameters"]
    return declared
