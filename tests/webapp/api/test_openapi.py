"""The OpenAPI document and the API say the same: generated requests, and every route against every operation."""

from __future__ import annotations

import os
import re

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from geodata.catalog import shipped
from webapp import create_app
from webapp.api import openapi
from webapp.config import Config

APP = create_app(Config())
SCHEMA = schemathesis.openapi.from_wsgi("/api/openapi.json", APP)
TORTURE = bool(os.environ.get("MASAFA_TORTURE"))
CASES = 100 if TORTURE else 6
"""Generated requests an operation: there are about fifty."""


# A call hangs where it takes long: writing many countries in another system is the slowest that is allowed.
@pytest.mark.requirement(
    "ogcapi-common-1/oas30/oas-impl", "ogcapi-features-1/oas30/oas-impl", "ogcapi-processes-1/oas30/oas-impl"
)
@SCHEMA.exclude(path_regex="/execution$").parametrize()
@settings(
    max_examples=CASES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
)
def test_generated_requests_are_answered_as_declared(case: schemathesis.Case) -> None:
    checks = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
    case.call_and_validate(checks=list(checks))


@pytest.mark.requirement(
    "ogcapi-common-1/oas30/oas-impl", "ogcapi-features-1/oas30/oas-impl", "ogcapi-processes-1/oas30/oas-impl"
)
@SCHEMA.include(path_regex="/execution$").parametrize()
@settings(
    max_examples=CASES,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
)
def test_generated_questions_are_answered_as_declared(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=[not_a_server_error, status_code_conformance, content_type_conformance])


@pytest.mark.requirement(
    "ogcapi-common-1/oas30/oas-impl", "ogcapi-features-1/oas30/oas-impl", "ogcapi-processes-1/oas30/oas-impl"
)
def test_every_route_is_an_operation_and_every_operation_a_route() -> None:
    rules = {
        (rule.rule, method.lower())
        for rule in APP.url_map.iter_rules()
        if rule.rule.startswith("/api")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    operations = [(f"/api{one.path}", one.method) for one in openapi.operations(shipped())]
    for path, method in operations:
        assert any(verb == method and _matches(rule, path) for rule, verb in rules), (path, method)
    for rule, verb in rules:
        assert any(verb == method and _matches(rule, path) for path, method in operations), (rule, verb)


def _matches(rule: str, path: str) -> bool:
    """Tell whether an operation's path is an instance of a route, its own placeholders taken as names."""
    pattern = re.sub(r"<[^>]*>", "[^/]+", rule)
    return re.fullmatch(pattern, path.replace("{", "").replace("}", "")) is not None


@pytest.mark.parametrize("id_", shipped().ids())
def test_every_queryable_is_a_declared_parameter(id_: str) -> None:
    client = APP.test_client()
    document = client.get("/api/openapi.json").get_json(force=True)
    declared = {one["name"] for one in document["paths"][f"/collections/{id_}/items"]["get"]["parameters"]}
    asked = client.get(f"/api/collections/{id_}/queryables").get_json(force=True)["properties"]
    assert set(asked) - {"geometry"} <= declared
    assert {"bbox", "datetime", "limit", "cursor", "filter", "crs", "f", "lang"} <= declared
