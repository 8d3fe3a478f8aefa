"""Analyses over HTTP: described, executed, and taken away as GeoJSON."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from geodata import registry
from geodata.formats import geojson

GOOD = {
    "distance": {"layer": "hasakah-prison", "target": "erbil"},
    "proximity": {"layer": "hasakah-prison", "target": "border-iq-sy"},
    "within": {"layer": "sites", "target": "border-iq-sy", "km": "25"},
    "buffer": {"layer": "al-qaim", "km": "25,50"},
    "direction": {"layer": "ain-al-asad"},
    "claims": {"of": "prison-10km"},
    "ruler": {"layer": "border-iq-sy", "km": "60"},
    "gaps": {"layer": "border-iq-sy", "km": "25"},
    "coverage": {"layer": "border-iq-sy", "of": "border-wall"},
    "profile": {"layer": "border-iq-sy", "km": "50"},
    "matrix": {"layer": "sites", "target": "borders"},
}


def test_every_analysis_is_listed_and_tested(client: FlaskClient) -> None:
    listed = client.get("/api/processes").get_json()["processes"]
    assert {one["name"] for one in listed} == set(registry.analyses()) == set(GOOD)
    for one in listed:
        described = client.get(f"/api/processes/{one['name']}").get_json()
        assert described["id"] == one["id"] == one["name"]
        assert described["parameters"] == one["parameters"]
        assert list(described["inputs"]) == [parameter["name"] for parameter in one["parameters"]]
        needed = {name for name, result in described["inputs"].items() if result["minOccurs"]}
        assert needed == {parameter["name"] for parameter in one["parameters"] if parameter["required"]}
        assert described["titles"] == dict(registry.analyses()[one["id"]].title)
        assert "async-execute" in described["jobControlOptions"]


@pytest.mark.parametrize("name", GOOD)
def test_query_and_body_give_the_library_s_answer(name: str, client: FlaskClient) -> None:
    address = f"/api/processes/{name}/execution"
    by_query = client.get(address, query_string=GOOD[name])
    by_body = client.post(address, json={"inputs": GOOD[name]})
    assert by_query.status_code == by_body.status_code == 200
    assert by_query.data == by_body.data
    answer = by_query.get_json()
    assert answer.pop("citable") is True
    assert answer.pop("not_citable") is None
    assert answer == json.loads(json.dumps(registry.run(name, GOOD[name]).to_dict()))


@pytest.mark.parametrize("name", GOOD)
def test_results_are_taken_away_as_geojson(name: str, client: FlaskClient) -> None:
    answer = client.get(f"/api/processes/{name}/execution", query_string={**GOOD[name], "f": "geojson"})
    assert answer.content_type == "application/geo+json"
    assert "attachment" in answer.headers["Content-Disposition"]
    report = geojson.check(answer.data)
    assert (report.errors, report.warnings) == ([], [])
    about = json.loads(answer.data)["masafa"]
    assert about["result_id"] in answer.headers["Content-Disposition"]
    assert about["licence"]
    assert about["inputs"]["layers"]


def test_the_prison_s_49_kilometres(client: FlaskClient) -> None:
    value = client.get("/api/processes/proximity/execution", query_string=GOOD["proximity"]).get_json()
    assert value["distance_m"] == pytest.approx(49_270, abs=300)
    assert value["display"] == {"number": "49 ± 3", "unit": "km"}
    assert value["notice"]["ar"].startswith("هذه الخريطة لا تصلح")


def test_descriptions_take_no_geojson(client: FlaskClient) -> None:
    for path in ("/api/processes", "/api/processes/buffer"):
        answer = client.get(path, query_string={"f": "geojson"})
        assert (answer.status_code, answer.get_json()["parameter"]) == (400, "f")


def test_head_is_get_without_the_answer(client: FlaskClient) -> None:
    answer = client.head("/api/processes/proximity/execution", query_string=GOOD["proximity"])
    assert (answer.status_code, answer.data) == (200, b"")
    answer = client.head("/api/processes/proximity/execution", query_string={"layer": "nope"})
    assert answer.status_code == 400


def test_inputs_stand_in_one_object_at_most(client: FlaskClient) -> None:
    inputs = {name: {"value": value} for name, value in GOOD["within"].items()}
    for value in ({"value": {"value": "25"}}, {"value": "25", "more": 1}, {"href": "x"}, {}):
        answer = client.post("/api/processes/within/execution", json={"inputs": {**inputs, "km": value}})
        assert (answer.status_code, answer.get_json()["parameter"]) == (400, "km")
