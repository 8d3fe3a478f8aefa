"""The functions of filters: the list that clients read, and what each leaves of the items of every layer."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from geodata import registry
from geodata.analysis.predicates import SIGNATURES
from geodata.catalog import shipped
from geodata.messages import LANGUAGES
from geodata.model import Feature
from geodata.text import arabic
from tests.webapp.api.ogc.http import IDS, ids

# As the building block "functions" of Features Part 3 has it.
SCHEMA = {
    "type": "object",
    "required": ["functions"],
    "properties": {
        "functions": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "returns"],
                "properties": {
                    "name": {"type": "string"},
                    "description": {"type": "string"},
                    "arguments": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["type"],
                            "properties": {
                                "title": {"type": "string"},
                                "type": {"$ref": "#/$defs/types"},
                            },
                        },
                    },
                    "returns": {"$ref": "#/$defs/types"},
                },
            },
        }
    },
    "$defs": {
        "types": {
            "type": "array",
            "items": {
                "enum": ["string", "number", "integer", "datetime", "date", "geometry", "boolean"],
            },
        }
    },
}
WITHIN = {"certainly": ("certainly",), "possibly": ("certainly", "possibly"), "unknown": ("unknown",)}


@pytest.mark.requirement(
    "ogcapi-features-3/filter/get-functions-operation", "ogcapi-features-3/filter/get-functions-response-json"
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_functions_are_listed(client: FlaskClient, lang: str) -> None:
    answer = client.get(f"/api/functions?lang={lang}").get_json()
    assert list(Draft202012Validator(SCHEMA).iter_errors(answer)) == []
    assert [one["name"] for one in answer["functions"]] == list(SIGNATURES)
    assert all(one["description"] for one in answer["functions"])
    page = client.get(f"/api/functions?f=html&lang={lang}")
    assert page.status_code == 200
    assert "within_km" in page.text


def test_the_list_is_linked_from_the_landing_page_and_every_collection(client: FlaskClient) -> None:
    for path in ("/api", *(f"/api/collections/{id_}" for id_ in IDS)):
        rels = {link["rel"]: link["href"] for link in client.get(path).get_json()["links"]}
        assert rels["http://www.opengis.net/def/rel/ogc/1.0/functions"].endswith("/api/functions")


@pytest.mark.parametrize("layer", ["sites", "events", "wall", "governorates"])
@pytest.mark.parametrize("km", [3, 55, 400])
def test_within_is_what_the_analysis_answers(client: FlaskClient, layer: str, km: int) -> None:
    answered = registry.run("within", {"layer": layer, "target": "border-iq-sy", "km": str(km)}).body["items"]
    placed = {item["id"] for item in answered if item["target"] is not None}
    order = [one.id for one in shipped().layer(layer).features]
    for answer, words in WITHIN.items():
        expected = {item["id"] for item in answered if item["within"] in words and item["id"] in placed}
        text = f"within_km('border-iq-sy', {km}, '{answer}')"
        assert ids(client, layer, filter=text) == [id_ for id_ in order if id_ in expected], text
        tree = json.dumps({"op": "within_km", "args": ["border-iq-sy", km, answer]})
        assert ids(client, layer, **{"filter": tree, "filter-lang": "cql2-json"}) == ids(client, layer, filter=text)


def test_functions_stand_among_the_operators(client: FlaskClient) -> None:
    near = set(ids(client, "sites", filter="within_km('border-iq-sy', 60)"))
    far = set(ids(client, "sites", filter="NOT within_km('border-iq-sy', 60)"))
    bases = set(ids(client, "sites", filter="kind = 'base'"))
    assert near
    assert far
    assert not near & far
    assert set(ids(client, "sites", filter="kind = 'base' AND within_km('border-iq-sy', 60)")) == bases & near
    inside = set(ids(client, "sites", filter="inside('country-sy')"))
    assert "hasakah-prison" in inside
    assert not inside & set(ids(client, "sites", filter="inside('country-iq')"))


@pytest.mark.parametrize("text", ["الهول", "hasakah", "al-Hol camp", '"hol camp"', "nothing of the kind"])
def test_words_are_found_as_the_names_are_folded(client: FlaskClient, text: str) -> None:
    def folded(feature: Feature) -> str:
        aliases = feature.properties.get("aliases") or ()
        return arabic.fold(" ".join([*feature.name.values(), *(str(one) for one in aliases)]))

    terms = [arabic.fold(text.strip('"'))] if text.startswith('"') else arabic.fold(text).split()
    named = {one.id for one in shipped().layer("sites").features if all(term in folded(one) for term in terms)}
    found = set(ids(client, "sites", filter=f"text_contains('{text}')"))
    assert named <= found
    assert bool(found) == (text != "nothing of the kind")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("within_km('nowhere', 5)", "nowhere"),
        ("within_km('border-iq-sy', 0)", "0"),
        ("within_km('border-iq-sy')", "within_km"),
        ("inside('border-iq-sy')", "border-iq-sy"),
        ("during('2024', '..')", "2024"),
        ("beside('border-iq-sy')", "beside"),
        ("nope(kind) = 1", "nope"),
    ],
)
def test_a_wrong_call_is_a_bad_request_that_names_it(client: FlaskClient, text: str, named: str) -> None:
    answer = client.get("/api/collections/sites/items", query_string={"filter": text})
    assert answer.status_code == 400
    assert named in answer.get_json()["detail"]
