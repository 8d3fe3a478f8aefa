"""Analyses over HTTP: the list, one description, and execution by query (GET) or by body (POST), now or later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from geodata import registry
from geodata.analysis.base import Analysis, Parameter
from geodata.errors import NotFound
from geodata.model import SCHEMA
from geodata.version import __version__
from webapp.api import executions, forms, links, params
from webapp.api.operations import Operation, Param, add, limit, read
from webapp.api.results import FORMS, answered
from webapp.auth import public_write
from webapp.i18n import language
from webapp.result_cache import ask

PROCESS = Param("name", "An analysis.", lambda: {"type": "string", "enum": list(registry.analyses())}, where="path")
ALL = Operation("/processes", "processes", "The analyses", forms.BOTH, (limit(100, 100),))
ONE = Operation("/processes/{name}", "process", "One analysis", forms.BOTH, (PROCESS,), statuses=(404,))

_TEXT = {"type": "string"}
_TEXTS = {"oneOf": [{"type": "array", "items": _TEXT}, _TEXT]}
_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "place": _TEXT,
    "claim": _TEXT,
    "pillars": _TEXT,
    "filter": _TEXT,
    "flag": {"oneOf": [{"type": "boolean"}, _TEXT]},
    "choice": _TEXT,
    "layers": _TEXTS,
    "kinds": _TEXTS,
}


def wire(blueprint: Blueprint) -> None:
    """Add the routes."""
    add(blueprint, ALL, processes)
    add(blueprint, ONE, process)
    blueprint.add_url_rule("/processes/<name>/execution", "execution", execution, methods=["GET", "POST"])


def operations() -> list[Operation]:
    """Return the operations: each analysis is executed at an address of its own, with its own inputs."""
    entries = [ALL, ONE]
    for name, analysis in registry.analyses().items():
        path, summary = f"/processes/{name}/execution", analysis.title["en"]
        query = tuple(
            Param(parameter.name, parameter.title["en"], {"type": "string", "maxLength": parameter.length})
            for parameter in analysis.parameters
        )
        body = {"required": True, "content": {links.JSON: {"schema": _body(analysis)}}}
        entries.append(Operation(path, f"run-{name}", summary, FORMS, query, statuses=(503,), cached=False))
        entries.append(
            Operation(
                path,
                f"run-{name}",
                summary,
                FORMS,
                method="post",
                body=body,
                statuses=(403, 413, 415, 503),
                done=(200, 201),
            )
        )
    return entries


def processes() -> Response:
    """List every analysis."""
    values = read(ALL)
    form = forms.chosen(ALL.forms)
    summaries = [_summary(analysis) for analysis in registry.analyses().values()][: values.get("limit")]
    data = {"schema": SCHEMA, "processes": summaries, "links": [*links.own(dict(ALL.forms), form), links.licences()]}
    return forms.answer(ALL, form, data, "api_processes", [("/api", "api_landing")])


def process(name: str) -> Response:
    """Describe one analysis with its inputs and its output."""
    read(ONE)
    analysis = _analysis(name)
    form = forms.chosen(ONE.forms)
    summary = _summary(analysis)
    data = {
        "schema": SCHEMA,
        **summary,
        "inputs": {parameter.name: _input(parameter) for parameter in analysis.parameters},
        "outputs": {
            "result": {
                "title": analysis.title[language()],
                "schema": {"oneOf": [{"type": "object", "contentMediaType": kind} for kind in FORMS.values()]},
            }
        },
        "links": [*links.own(dict(ONE.forms), form), *summary["links"][1:]],
    }
    return forms.answer(ONE, form, data, "api_process", [("/api", "api_landing"), ("/api/processes", "api_processes")])


@public_write
def execution(name: str) -> Response:
    """Run one analysis and answer in JSON or GeoJSON; where the client prefers it, begin a job and say where it is."""
    wanted = _analysis(name)
    inputs = params.inputs(wanted)
    form, document = params.answer()
    params.lang()
    if request.method == "POST" and "respond-async" in request.headers.get("Prefer", ""):
        # What is wrong with the inputs is said now, not later.
        wanted.read(inputs)
        job = executions.begin(name, inputs, form, document)
        answer = jsonify(executions.status(job))
        answer.status_code = 201
        answer.headers["Location"] = f"{links.base()}/api/jobs/{job.id}"
        answer.headers["Preference-Applied"] = "respond-async"
        answer.headers["Cache-Control"] = "no-store"
        return answer
    return answered(ask(name, inputs), form, document)


def _summary(analysis: Analysis) -> dict[str, Any]:
    lang, here = language(), f"/api/processes/{analysis.name}"
    return {
        **analysis.describe(),
        "id": analysis.name,
        "version": __version__,
        "title": analysis.title[lang],
        "description": analysis.description[lang],
        "titles": analysis.title,
        "descriptions": analysis.description,
        "jobControlOptions": ["sync-execute", "async-execute", "dismiss"],
        "outputTransmission": ["value"],
        "links": [
            links.link("self", here),
            links.link("http://www.opengis.net/def/rel/ogc/1.0/execute", f"{here}/execution"),
            links.licences(),
        ],
    }


def _input(parameter: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {
        "title": parameter.title[language()],
        "schema": _schema(parameter),
        "minOccurs": int(parameter.required),
    }
    return {**described, "maxOccurs": 1}


def _schema(parameter: Parameter) -> dict[str, Any]:
    number: dict[str, Any] = {"type": "number"}
    for key, value in (("minimum", parameter.minimum), ("maximum", parameter.maximum)):
        if value is not None:
            number[key] = value
    # The first is the default; text is read, too, as people write it.
    if parameter.kind == "number":
        schema: dict[str, Any] = {"oneOf": [number, _TEXT]}
    elif parameter.kind == "kilometres":
        schema = {"oneOf": [number, {"type": "array", "items": {"oneOf": [number, _TEXT]}}, _TEXT]}
    else:
        schema = dict(_SCHEMAS[parameter.kind])
    if parameter.allowed:
        schema["enum"] = list(parameter.allowed)
    return {**schema, **({} if parameter.default is None else {"default": parameter.default})}


def _body(analysis: Analysis) -> dict[str, Any]:
    inputs: dict[str, dict[str, Any]] = {parameter.name: {} for parameter in analysis.parameters}
    required = [parameter.name for parameter in analysis.parameters if parameter.required]
    return {
        "type": "object",
        **({"required": ["inputs"]} if required else {}),
        "properties": {
            "inputs": {
                "type": "object",
                "properties": inputs,
                "additionalProperties": False,
                **({"required": required} if required else {}),
            },
            "outputs": {"type": "object"},
            "response": {"type": "string", "enum": list(params.RESPONSES)},
        },
        "additionalProperties": False,
    }


def _analysis(name: str) -> Analysis:
    if name not in registry.analyses():
        raise NotFound("analysis", name, registry.analyses())
    return registry.analyses()[name]
