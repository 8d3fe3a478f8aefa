"""Analyses over HTTP: the list, one description, and execution by query (GET) or by body (POST)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from geodata import analysis
from geodata.errors import NotFound
from geodata.formats import geojson
from webapp.answers import ask, remember
from webapp.api import params


def wire(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.add_url_rule("/processes", "processes", processes)
    blueprint.add_url_rule("/processes/<name>", "process", process)
    blueprint.add_url_rule("/processes/<name>/execution", "execution", execution, methods=["GET", "POST"])


def processes() -> Response:
    """List every analysis with its titles and parameters."""
    _described()
    return jsonify({"schema": 1, "processes": [made.describe() for made in analysis.registry().values()]})


def process(name: str) -> Response:
    """Describe one analysis."""
    _described()
    return jsonify({"schema": 1, **_found(name).describe()})


def execution(name: str) -> Response:
    """Run one analysis, and answer in JSON or GeoJSON."""
    wanted = _found(name)
    inputs = params.inputs(wanted)
    form = params.form("json", "geojson")
    params.lang()
    result = ask(name, inputs)
    if form == "json":
        why_not = remember(result)
        answer = jsonify({**result.to_dict(), "citable": why_not is None, "not_citable": why_not})
    else:
        collection = result.to_geojson()
        data = geojson.write(collection["features"], {"masafa": collection["masafa"]})
        answer = Response(data, content_type="application/geo+json")
        answer.headers["Content-Disposition"] = f'attachment; filename="masafa-{name}-{result.id}.geojson"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _described() -> None:
    params.declared()
    params.form("json")
    params.lang()


def _found(name: str) -> analysis.Analysis:
    if name not in analysis.registry():
        raise NotFound("analysis", name, analysis.registry())
    return analysis.registry()[name]
