"""Parameters as they are read: from the query and from a body the same."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from geodata import registry
from geodata.errors import BadValue
from webapp.api import params

BUFFER = registry.analyses()["buffer"]


@pytest.fixture(scope="module")
def app() -> Flask:
    return Flask("params")


def test_query_and_body_give_the_same_text(app: Flask) -> None:
    with app.test_request_context("/?layer=al-qaim&km=25,50&dissolve=true&f=json&lang=ar"):
        by_query = params.inputs(BUFFER)
    body = json.dumps({"inputs": {"layer": "al-qaim", "km": [25, 50], "dissolve": True}})
    with app.test_request_context("/?lang=ar", method="POST", data=body, content_type="application/json"):
        by_body = params.inputs(BUFFER)
    assert by_query == by_body == {"layer": "al-qaim", "km": "25,50", "dissolve": "true"}


def test_a_parameter_given_twice_is_refused(app: Flask) -> None:
    with app.test_request_context("/?layer=a&layer=b"), pytest.raises(BadValue, match=r"layer: 'a & b'.*one value"):
        params.inputs(BUFFER)


def test_what_there_is_is_said(app: Flask) -> None:
    with (
        app.test_request_context("/?nope=1"),
        pytest.raises(BadValue, match="layer, km, dissolve, of, tolerance, where, f, lang"),
    ):
        params.inputs(BUFFER)


def test_the_format_is_the_first_where_none_is_asked(app: Flask) -> None:
    with app.test_request_context("/"):
        assert params.form("json", "geojson") == "json"
    with app.test_request_context("/?f=geojson"):
        assert params.form("json", "geojson") == "geojson"
        with pytest.raises(BadValue, match=r"f: 'geojson' is not allowed; allowed: json"):
            params.form("json")


@pytest.mark.parametrize("lang", ["de", "", "AR"])
def test_a_language_that_is_not_spoken(lang: str, app: Flask) -> None:
    with app.test_request_context("/", query_string={"lang": lang}), pytest.raises(BadValue, match=r"lang: .* ar, en"):
        params.lang()
