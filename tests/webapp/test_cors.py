"""What pages of other sites may read: shipped layers, and of them nothing but reading."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

from geodata import editing
from geodata.catalog import current, shipped
from tests.store.killed import site
from webapp import cors

LAYER, ITEMS = "/layers/sites.geojson", "/api/collections/sites/items"


@pytest.mark.parametrize("path", [LAYER, ITEMS, "/api/collections/sites"])
def test_a_shipped_layer_is_read_from_anywhere(client: FlaskClient, path: str) -> None:
    for method in ("GET", "HEAD"):
        headers = client.open(path, method=method).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Access-Control-Expose-Headers"] == (
            "Content-Crs, ETag, Link, Masafa-Features, Masafa-Lost, OGC-NumberMatched, OGC-NumberReturned"
        )
        assert "Access-Control-Allow-Methods" not in headers
    if path.startswith("/api"):
        headers = client.options(path).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert headers["Access-Control-Allow-Headers"] == "Accept, Accept-Language, If-None-Match"
        assert "Access-Control-Expose-Headers" not in headers
        assert "Access-Control-Allow-Credentials" not in headers


@pytest.mark.parametrize("path", ["/api/processes", "/api/processes/proximity/execution", "/api/jobs", "/api"])
def test_what_is_no_layer_is_not_opened_beforehand(client: FlaskClient, path: str) -> None:
    assert "Access-Control-Allow-Origin" not in client.options(path).headers


def test_a_write_is_never_readable(client: FlaskClient) -> None:
    body = {"inputs": {"layer": "erbil", "target": "border-iq-sy"}}
    answer = client.post("/api/processes/proximity/execution", json=body)
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_one_layer_of_the_users_makes_what_lists_it_private(client: FlaskClient) -> None:
    assert client.options("/api/collections").headers["Access-Control-Allow-Origin"] == "*"
    editing.add("sites", site("post-a", 41), "Rana")
    for path in ("/api/collections", "/api/collections/sites/items", "/api/collections/nope"):
        for method in ("GET", "OPTIONS"):
            assert "Access-Control-Allow-Origin" not in client.open(path, method=method).headers
    # Each address that names a layer is answered for that layer.
    for path in ("/api/collections/{}/items", "/layers/{}.geojson", "/layers/{}/file"):
        for layer, public in (("events", True), ("sites", False)):
            answer = client.options(path.format(layer))
            assert answer.headers.get("Access-Control-Allow-Origin") == ("*" if public else None)
    assert client.get("/api/collections/events/items").headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("public", [True, False])
def test_only_what_is_read_of_shipped_layers_is_opened(method: str, public: bool) -> None:
    blueprint = Blueprint("layers", __name__)
    cors.wire(blueprint)
    layers = [shipped().layer("sites"), shipped().layer("events")]

    @blueprint.route("/", methods=[method])
    def view() -> str:
        if public:
            cors.allow(*layers)
        else:
            cors.allow(*layers, replace(layers[0], features=()))
        return ""

    app = Flask(__name__)
    app.register_blueprint(blueprint)
    opened = "Access-Control-Allow-Origin" in app.test_client().open("/", method=method).headers
    assert opened == (public and method in ("GET", "HEAD"))


def test_a_layer_in_place_of_a_shipped_one_is_none() -> None:
    assert cors.is_shipped(shipped().layer("sites"))
    editing.add("sites", site("post-a", 41), "Rana")
    assert not cors.is_shipped(current().layer("sites"))
    assert cors.is_shipped(current().layer("events"))
