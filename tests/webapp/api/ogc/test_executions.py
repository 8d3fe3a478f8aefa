"""Processes Part 1: analyses listed, described and executed, now or later."""

from __future__ import annotations

import base64
import json
import time
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest
from flask.testing import FlaskClient

from geodata import registry
from tests.webapp.api.ogc.http import HOST, definition, fetch, links, parameter, path_of, refused, rels
from tests.webapp.api.test_processes import GOOD

EXCEPTIONS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0"
LATER = {"Prefer": "respond-async"}
GEOJSON = {"outputs": {"result": {"format": {"mediaType": "application/geo+json"}}}}
NAMES = list(registry.analyses())
TEXT = {"type": "string"}
LINKS = {"type": "array", "items": {"type": "object", "required": ["rel", "href"], "properties": {"href": TEXT}}}
SUMMARY = {
    "type": "object",
    "required": ["id", "version", "title", "description", "jobControlOptions", "outputTransmission", "links"],
    "properties": {
        "id": TEXT,
        "version": TEXT,
        "title": TEXT,
        "description": TEXT,
        "jobControlOptions": {"type": "array", "items": {"enum": ["sync-execute", "async-execute", "dismiss"]}},
        "outputTransmission": {"type": "array", "items": {"enum": ["value", "reference"]}},
        "links": LINKS,
    },
}
"""What the list says of a process, as the standard has it."""
VALUE = {"type": "object", "required": ["title", "schema"], "properties": {"title": TEXT, "schema": {"type": "object"}}}
PROCESS = {
    **SUMMARY,
    "required": [*SUMMARY["required"], "inputs", "outputs"],
    "properties": {
        **SUMMARY["properties"],
        "inputs": {"type": "object", "additionalProperties": VALUE},
        "outputs": {"type": "object", "additionalProperties": VALUE, "minProperties": 1},
    },
}


def run(client: FlaskClient, name: str, headers: dict[str, str] | None = None, **body: Any) -> Any:
    """Execute an analysis with a body; inputs that it answers where none are given."""
    return client.post(f"/api/processes/{name}/execution", json={"inputs": GOOD[name], **body}, headers=headers)


def ended(client: FlaskClient, answer: Any) -> str:
    """Return the address of a job that an execution began, once it has ended."""
    address = path_of(answer.headers["Location"])
    for _ in range(400):
        if fetch(client, address)["status"] not in ("accepted", "running"):
            return address
        time.sleep(0.05)
    raise AssertionError(address)


def described(client: FlaskClient, name: str) -> Any:
    return fetch(client, f"/api/processes/{name}")


@pytest.mark.requirement(
    "ogcapi-processes-1/core/process-list",
    "ogcapi-processes-1/core/process-list-success",
    "ogcapi-processes-1/core/pl-links",
)
def test_processes_are_listed(client: FlaskClient) -> None:
    value = fetch(client, "/api/processes")
    assert [item["id"] for item in value["processes"]] == NAMES
    for item in value["processes"]:
        jsonschema.validate(item, SUMMARY)
        assert fetch(client, path_of(links(item, "self")[0]["href"]))["id"] == item["id"]
        execute = links(item, "http://www.opengis.net/def/rel/ogc/1.0/execute")[0]["href"]
        assert path_of(execute) == f"/api/processes/{item['id']}/execution"
    assert {"self", "alternate"} <= rels(value)
    assert [link["type"] for link in links(value, "alternate")] == ["text/html"]


@pytest.mark.requirement("ogcapi-processes-1/core/pl-limit-definition", "ogcapi-processes-1/core/pl-limit-response")
def test_the_list_has_a_limit(client: FlaskClient) -> None:
    declared = parameter(client, "/processes", "limit")
    assert (declared["in"], declared.get("required", False)) == ("query", False)
    assert (declared["style"], declared["explode"]) == ("form", False)
    schema = declared["schema"]
    assert (schema["type"], schema["minimum"]) == ("integer", 1)
    assert schema["default"] <= schema["maximum"]
    assert len(NAMES) <= schema["default"]
    for limit in (1, 3, len(NAMES), schema["maximum"] + 1):
        listed = [item["id"] for item in fetch(client, "/api/processes", limit=limit)["processes"]]
        assert listed == NAMES[:limit]
    for wrong in ("0", "-1", "x", "1.5", ""):
        refused(client, "/api/processes", "limit", limit=wrong)


@pytest.mark.requirement(
    "ogcapi-processes-1/core/process",
    "ogcapi-processes-1/core/process-success",
    "ogcapi-processes-1/ogc-process-description/json-encoding",
    "ogcapi-processes-1/ogc-process-description/inputs-def",
    "ogcapi-processes-1/ogc-process-description/input-def",
    "ogcapi-processes-1/ogc-process-description/outputs-def",
    "ogcapi-processes-1/ogc-process-description/output-def",
)
@pytest.mark.parametrize("name", NAMES)
def test_a_process_is_described(name: str, client: FlaskClient) -> None:
    value = described(client, name)
    jsonschema.validate(value, PROCESS)
    assert list(value["inputs"]) == [item.name for item in registry.analyses()[name].parameters]
    assert list(value["outputs"]) == ["result"]
    for item in (*value["inputs"].values(), *value["outputs"].values()):
        jsonschema.Draft202012Validator.check_schema(item["schema"])
        assert "$ref" not in json.dumps(item["schema"])


@pytest.mark.requirement(
    "ogcapi-processes-1/ogc-process-description/input-mixed-type",
    "ogcapi-processes-1/ogc-process-description/output-mixed-type",
)
@pytest.mark.parametrize("name", NAMES)
def test_several_types_are_one_of(name: str, client: FlaskClient) -> None:
    value = described(client, name)
    for item in (*value["inputs"].values(), *value["outputs"].values()):
        schema = item["schema"]
        assert isinstance(schema.get("type"), str) != ("oneOf" in schema)
        assert all(isinstance(part.get("type"), str) or "oneOf" in part for part in schema.get("oneOf", ()))
    kinds = [part["contentMediaType"] for part in value["outputs"]["result"]["schema"]["oneOf"]]
    assert kinds == ["application/json", "application/geo+json"]
    # The first is the default.
    assert run(client, name).content_type == kinds[0]
    assert run(client, name, **GEOJSON).content_type == kinds[1]


@pytest.mark.requirement(
    "ogcapi-processes-1/ogc-process-description/input-binary",
    "ogcapi-processes-1/core/process-execute-input-inline-binary",
    "ogcapi-processes-1/core/process-execute-input-inline-bbox",
    "ogcapi-processes-1/core/process-execute-input-inline-object",
)
@pytest.mark.parametrize("name", NAMES)
def test_no_input_is_binary_or_a_box_or_an_object(name: str, client: FlaskClient) -> None:
    inputs = described(client, name)["inputs"]
    text = json.dumps([item["schema"] for item in inputs.values()])
    assert all(word not in text for word in ("contentEncoding", "contentMediaType", "bbox", '"object"'))
    box = {"bbox": [40, 33, 41, 34], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
    for item in inputs:
        for value in (box, {"value": {"a": 1}}, {"value": box}):
            answer = run(client, name, inputs={**GOOD[name], item: value})
            assert (answer.status_code, answer.get_json()["parameter"]) == (400, item)


@pytest.mark.requirement("ogcapi-processes-1/core/process-exception/no-such-process")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_such_process(method: str, client: FlaskClient) -> None:
    for path in ("/api/processes/nothing", "/api/processes/nothing/execution"):
        answer = client.open(path, method=method if path.endswith("execution") else "GET", json={"inputs": {}})
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
        assert answer.get_json()["type"] == f"{EXCEPTIONS}/no-such-process"


@pytest.mark.requirement(
    "ogcapi-processes-1/core/process-execute-op",
    "ogcapi-processes-1/core/process-execute-request",
    "ogcapi-processes-1/core/process-execute-sync-raw-value-one",
    "ogcapi-processes-1/core/process-execute-default-execution-mode",
)
@pytest.mark.parametrize("name", NAMES)
def test_a_process_is_executed_at_once(name: str, client: FlaskClient) -> None:
    plain = run(client, name)
    assert (plain.status_code, plain.content_type) == (200, "application/json")
    for more in ({"response": "raw"}, {"outputs": {"result": {"transmissionMode": "value"}}}):
        assert run(client, name, **more).data == plain.data
    drawn = run(client, name, **GEOJSON)
    assert (drawn.status_code, drawn.content_type) == (200, "application/geo+json")
    assert json.loads(drawn.data)["type"] == "FeatureCollection"
    body = definition(client)["paths"][f"/processes/{name}/execution"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator(schema).validate({"inputs": GOOD[name], "response": "raw", **GEOJSON})
    assert {"inputs", "outputs", "response"} == schema["properties"].keys()
    for wrong in ([], {"inputs": []}, {"inputs": {}, "nope": 1}, {"inputs": {"nope": 1}}):
        assert client.post(f"/api/processes/{name}/execution", json=wrong).status_code == 400
    if not any(item.required for item in registry.analyses()[name].parameters):
        assert client.post(f"/api/processes/{name}/execution", json={}).status_code == 200


@pytest.mark.requirement("ogcapi-processes-1/core/process-execute-default-outputs")
@pytest.mark.parametrize("name", NAMES)
def test_without_outputs_all_are_answered(name: str, client: FlaskClient) -> None:
    every = {output: {} for output in described(client, name)["outputs"]}
    for response in ("raw", "document"):
        named = run(client, name, outputs=every, response=response)
        assert named.status_code == 200
        assert named.data == run(client, name, response=response).data


@pytest.mark.requirement("ogcapi-processes-1/core/process-execute-sync-document", "ogcapi-processes-1/json/definition")
@pytest.mark.parametrize("name", NAMES)
def test_a_document_has_the_output_under_its_name(name: str, client: FlaskClient) -> None:
    answer = run(client, name, response="document")
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.get_json() == {"result": run(client, name).get_json()}
    drawn = run(client, name, response="document", **GEOJSON)
    assert (drawn.status_code, drawn.content_type) == (200, "application/json")
    value = json.loads(run(client, name, **GEOJSON).data)
    assert drawn.get_json() == {"result": {"mediaType": "application/geo+json", "value": value}}


@pytest.mark.requirement(
    "ogcapi-processes-1/core/process-execute-sync-raw-value-multi",
    "ogcapi-processes-1/core/process-execute-sync-raw-ref",
    "ogcapi-processes-1/core/process-execute-sync-raw-mixed-multi",
    "ogcapi-processes-1/core/job-results-async-raw-value-multi",
    "ogcapi-processes-1/core/job-results-async-raw-ref",
    "ogcapi-processes-1/core/job-results-async-raw-mixed-multi",
)
@pytest.mark.parametrize("name", NAMES)
def test_there_is_one_output_and_only_by_value(name: str, client: FlaskClient) -> None:
    value = described(client, name)
    assert (len(value["outputs"]), value["outputTransmission"]) == (1, ["value"])
    for headers in ({}, LATER):
        by_reference = {"result": {"transmissionMode": "reference"}}
        answer = run(client, name, headers, outputs=by_reference)
        assert (answer.status_code, answer.get_json()["parameter"]) == (400, "transmissionMode")
        answer = run(client, name, headers, outputs={"result": {}, "other": {}})
        assert (answer.status_code, answer.get_json()["parameter"]) == (400, "outputs")
        for kind in ("image/png", ["application/json"], None, 1):
            answer = run(client, name, headers, outputs={"result": {"format": {"mediaType": kind}}})
            assert (answer.status_code, answer.get_json()["parameter"]) == (400, "format")


def referred(value: Any) -> list[dict[str, str]]:
    """Return links that lead to a value."""
    content = json.dumps(value).encode()
    references = [
        {"href": f"data:application/json,{quote(content)}"},
        {"href": f"data:application/json;base64,{base64.b64encode(content).decode()}", "rel": "item"},
    ]
    if isinstance(value, str):
        references.append({"href": f"data:,{quote(value)}"})
        references.append({"href": f"data:text/plain;charset=utf-8,{quote(value)}"})
    return references


@pytest.mark.requirement("ogcapi-processes-1/core/process-execute-inputs")
@pytest.mark.parametrize("name", NAMES)
def test_inputs_are_given_inline_and_by_reference(name: str, client: FlaskClient) -> None:
    plain = run(client, name)
    for item, value in GOOD[name].items():
        for other in ({"value": value}, *referred(value)):
            assert run(client, name, inputs={**GOOD[name], item: other}).data == plain.data, other


@pytest.mark.requirement("ogcapi-processes-1/core/process-execute-inputs")
def test_a_layer_or_a_feature_is_referred_to_by_its_address(client: FlaskClient) -> None:
    plain = run(client, "proximity", inputs={"layer": "sites/hasakah-prison", "target": "borders/border-iq-sy"})
    items = "/api/collections/sites/items/hasakah-prison"
    for href in (f"{HOST}{items}", items, f"{HOST}{items}?f=html&lang=ar"):
        inputs = {"layer": {"href": href, "type": "application/geo+json"}, "target": "borders/border-iq-sy"}
        assert run(client, "proximity", inputs=inputs).data == plain.data
    whole = run(client, "proximity", inputs={"layer": "sites", "target": "borders/border-iq-sy"})
    for href in (f"{HOST}/api/collections/sites", f"{HOST}/api/collections/sites/items"):
        assert (
            run(client, "proximity", inputs={"layer": {"href": href}, "target": "borders/border-iq-sy"}).data
            == whole.data
        )
    listed = run(client, "buffer", inputs={"layer": "al-qaim", "km": 25, "of": ["sites", "events"]})
    of = [{"href": f"{HOST}/api/collections/sites"}, "events"]
    assert run(client, "buffer", inputs={"layer": "al-qaim", "km": 25, "of": of}).data == listed.data
    for href in (
        "https://elsewhere.example/api/collections/sites",
        f"{HOST}.elsewhere.example/api/collections/sites",
        f"{HOST}/layers/sites.geojson",
        f"{HOST}/api/collections/sites/items?kind=prison",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "data:application/json,{",
        "data:application/json;base64,!",
        "data:text/plain;base64,/w==",
        "//elsewhere.example/api/collections/sites",
        "http://[",
        "/api/collections/[/items/]/x",
        5,
    ):
        answer = run(client, "proximity", inputs={"layer": {"href": href}, "target": "border-iq-sy"})
        assert (answer.status_code, answer.get_json()["parameter"]) == (400, "layer"), href


@pytest.mark.requirement("ogcapi-processes-1/core/process-execute-input-array")
def test_a_list_of_one_is_as_the_one(client: FlaskClient) -> None:
    for name in NAMES:
        for item, declared in described(client, name)["inputs"].items():
            # None may stand several times; those that may be a list say so in their schema.
            assert declared["maxOccurs"] == 1
            lists = [part for part in declared["schema"].get("oneOf", ()) if part.get("type") == "array"]
            if lists and item in GOOD[name]:
                single = GOOD[name][item].split(",")[0]
                alone = run(client, name, inputs={**GOOD[name], item: single})
                assert run(client, name, inputs={**GOOD[name], item: [single]}).data == alone.data
                assert run(client, name, inputs={**GOOD[name], item: [{"value": single}]}).data == alone.data


@pytest.mark.requirement("ogcapi-processes-1/core/process-execute-input-inline-mixed")
def test_a_value_may_name_its_media_type(client: FlaskClient) -> None:
    plain = run(client, "within")
    for value in ({"value": 25, "mediaType": "application/json"}, {"value": "25", "mediaType": "text/plain"}):
        assert run(client, "within", inputs={**GOOD["within"], "km": value}).data == plain.data
    for value in ({"value": 25, "mediaType": "image/png"}, {"value": 25, "nope": 1}, {"mediaType": "text/plain"}):
        answer = run(client, "within", inputs={**GOOD["within"], "km": value})
        assert (answer.status_code, answer.get_json()["parameter"]) == (400, "km")


CANDIDATES: list[Any] = [
    None,
    True,
    5,
    -1e12,
    1e12,
    "",
    "nothing-of-the-kind",
    [],
    [1],
    ["a"],
    [[1]],
    [None],
    {},
    {"a": 1},
]


@pytest.mark.requirement(
    "ogcapi-processes-1/core/process-execute-input-validation", "ogcapi-processes-1/ogc-process-description/input-def"
)
@pytest.mark.parametrize("name", NAMES)
def test_what_the_schema_of_an_input_forbids_is_refused(name: str, client: FlaskClient) -> None:
    tried = 0
    for item, declared in described(client, name)["inputs"].items():
        validator = jsonschema.Draft202012Validator(declared["schema"])
        for value in CANDIDATES:
            if not validator.is_valid(value):
                tried += 1
                for candidate in (value, {"value": value}, referred(value)[0]):
                    answer = run(client, name, inputs={**GOOD[name], item: candidate})
                    assert answer.status_code == 400, (item, candidate, answer.text[:200])
                    assert answer.get_json()["parameter"] == item
    assert tried > 5
    for item in registry.analyses()[name].parameters:
        if item.required:
            answer = run(client, name, inputs={key: value for key, value in GOOD[name].items() if key != item.name})
            assert (answer.status_code, answer.get_json()["parameter"]) == (400, item.name)


@pytest.mark.requirement("ogcapi-processes-1/core/job-results-success-sync")
def test_what_is_executed_at_once_makes_no_job(client: FlaskClient) -> None:
    before = [job["jobID"] for job in fetch(client, "/api/jobs")["jobs"]]
    answer = run(client, "proximity")
    assert "monitor" not in answer.headers.get("Link", "")
    assert [job["jobID"] for job in fetch(client, "/api/jobs")["jobs"]] == before


@pytest.mark.requirement(
    "ogcapi-processes-1/core/process-execute-auto-execution-mode",
    "ogcapi-processes-1/core/process-execute-success-async",
    "ogcapi-processes-1/core/job-results-async-raw-value-one",
    "ogcapi-processes-1/core/job-results-async-document",
    "ogcapi-processes-1/json/definition",
)
@pytest.mark.parametrize("name", NAMES)
def test_what_is_answered_later_is_what_is_answered_now(name: str, client: FlaskClient) -> None:
    assert {"sync-execute", "async-execute"} <= set(described(client, name)["jobControlOptions"])
    for body in ({}, {"response": "document"}, GEOJSON, {"response": "document", **GEOJSON}):
        begun = run(client, name, LATER, **body)
        assert (begun.status_code, begun.content_type) == (201, "application/json")
        assert begun.headers["Preference-Applied"] == "respond-async"
        assert begun.get_json()["jobID"] == begun.headers["Location"].rpartition("/")[2]
        now, later = run(client, name, **body), client.get(f"{ended(client, begun)}/results")
        assert (later.status_code, later.content_type) == (now.status_code, now.content_type) == (200, now.content_type)
        assert later.data == now.data
