"""Layers of the workspace in the API: there, but not for pages of other sites; listings that outlive a change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geodata.query import tables
from geodata.store.workspace import Workspace

ENTRY = {
    "id": "mine",
    "title": {"en": "Mine", "ar": "لي"},
    "description": {"en": "Mine", "ar": "لي"},
    "attribution": {"en": "Me", "ar": "أنا"},
    "kind": "site",
    "licence": "CC0-1.0",
    "edges": "lonlat",
    "default_uncertainty_m": None,
}


def put(folder: Path, count: int, id_: str = "mine", mark: str = "a") -> None:
    """Write a layer of so many points into a workspace."""
    features = [
        {
            "type": "Feature",
            "id": f"p{i}",
            "geometry": {"type": "Point", "coordinates": [44, 33]},
            "properties": {"n": i, "mark": mark},
        }
        for i in range(count)
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    Workspace(folder).put_layer({**ENTRY, "id": id_}, data)


ADDRESSES = [
    "/api/collections/{}",
    "/api/collections/{}/items",
    "/api/collections/{}/items/{}",
    "/api/collections/{}/queryables",
    "/api/collections/{}/schema",
    "/api/collections/{}/tiles",
    "/api/collections/{}/tiles/WebMercatorQuad",
    "/api/collections/{}/tiles/WebMercatorQuad/0/0/0",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_shipped_layers_may_be_read_from_anywhere(address: str, client: FlaskClient, workspace: Path) -> None:
    public = address.format("sites", "erbil")
    for method in ("GET", "HEAD", "OPTIONS"):
        answer = client.open(public, method=method, headers={"Origin": "https://other.example"})
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
    put(workspace, 3)
    private = address.format("mine", "p1")
    for method in ("GET", "HEAD", "OPTIONS"):
        answer = client.open(private, method=method, headers={"Origin": "https://other.example"})
        assert answer.status_code == 200
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert client.get(public).headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/api/collections", "/api/openapi.json"])
def test_lists_are_as_private_as_what_they_list(path: str, client: FlaskClient, workspace: Path) -> None:
    assert client.get(path).headers["Access-Control-Allow-Origin"] == "*"
    put(workspace, 1)
    assert "Access-Control-Allow-Origin" not in client.get(path).headers


def test_a_layer_in_place_of_a_shipped_one_is_private(client: FlaskClient, workspace: Path) -> None:
    put(workspace, 2, "sites")
    answer = client.get("/api/collections/sites/items")
    assert answer.get_json(force=True)["numberMatched"] == 2
    assert "Access-Control-Allow-Origin" not in answer.headers


def next_of(page: Any) -> str:
    return next(str(link["href"]) for link in page["links"] if link["rel"] == "next").removeprefix("http://localhost")


def test_a_listing_goes_on_in_the_version_it_began_with(client: FlaskClient, workspace: Path) -> None:
    put(workspace, 10, mark="old")
    page = client.get("/api/collections/mine/items?limit=4&sortby=-n").get_json(force=True)
    put(workspace, 2, mark="new")
    second = client.get(next_of(page)).get_json(force=True)
    assert [one["properties"]["n"] for one in second["features"]] == [5, 4, 3, 2]
    third = client.get(next_of(second)).get_json(force=True)
    assert [one["properties"]["mark"] for one in third["features"]] == ["old", "old"]
    assert third["numberMatched"] == 10
    assert client.get("/api/collections/mine/items").get_json(force=True)["numberMatched"] == 2


def test_a_version_that_is_gone_is_410(client: FlaskClient, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(workspace, 10, mark="first")
    page = client.get("/api/collections/mine/items?limit=4").get_json(force=True)
    put(workspace, 10, mark="second")
    monkeypatch.setattr(tables, "_cache", type(tables._cache)())
    answer = client.get(next_of(page))
    assert (answer.status_code, answer.content_type) == (410, "application/problem+json")
    assert answer.get_json()["detail"].startswith("cursor: ")


def test_who_has_a_page_already_gets_304_until_the_layer_changes(client: FlaskClient, workspace: Path) -> None:
    put(workspace, 3)
    first = client.get("/api/collections/mine/items")
    tag = {"If-None-Match": first.headers["ETag"]}
    again = client.get("/api/collections/mine/items", headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    put(workspace, 3, mark="other")
    assert client.get("/api/collections/mine/items", headers=tag).status_code == 200
