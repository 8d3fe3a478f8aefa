"""The API in one OpenAPI 3.0 document, made of the operations that the routes themselves read their parameters by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Blueprint, Response

from geodata.catalog import Catalog, current
from geodata.version import __version__
from webapp import cors
from webapp.api import collections, forms, functions, items, jobs, landing, links, processes, tiles
from webapp.api.operations import Operation, add, read

DOCUMENT = Operation("/openapi.json", "openapi", "This document", {"json": links.OPENAPI, "html": links.HTML})

_STATUSES = {
    200: "Answered",
    201: "A job was begun; Location says where",
    204: "Nothing lies there",
    304: "Unchanged",
    400: "A parameter, a body or a Host that is not allowed",
    403: "A write that another site set off",
    404: "There is no such thing",
    406: "None of the accepted formats is there",
    410: "The version a listing began with is no longer held",
    413: "The body is too large",
    414: "The query is too long",
    415: "The body is not JSON",
    422: "A question that is too heavy",
    500: "The server failed",
    503: "Too much at once; ask again",
}
_EMPTY = (204, 304)
"""Statuses whose answers have no content."""
_ANYWHERE = (400, 404, 406, 414, 422, 500)


def wire(blueprint: Blueprint) -> None:
    """Add the route."""
    add(blueprint, DOCUMENT, openapi)


def openapi() -> Response:
    """Answer with the document, or with a page that says the same."""
    read(DOCUMENT)
    form = forms.chosen(DOCUMENT.forms)
    catalog = current()
    cors.allow(*catalog.layers())
    data = document(catalog, links.base())
    if form == "html":
        alternate = links.link("alternate", "/api/openapi.json", links.OPENAPI, query={"f": "json"})
        return forms.answer(DOCUMENT, form, {**data, "links": [alternate]}, "api_definition", [("/api", "api_landing")])
    return forms.headed(Response(orjson.dumps(data), content_type=links.OPENAPI))


def operations(catalog: Catalog) -> list[Operation]:
    """Return every operation of the API."""
    return [
        *landing.OPERATIONS,
        DOCUMENT,
        *collections.OPERATIONS,
        *functions.OPERATIONS,
        *items.operations(catalog),
        *tiles.OPERATIONS,
        *processes.operations(),
        *jobs.OPERATIONS,
    ]


def document(catalog: Catalog, base: str) -> dict[str, Any]:
    """Return the OpenAPI document of a catalogue served at an address; it refers to nothing outside itself."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations(catalog):
        description = _described(operation, catalog)
        paths.setdefault(operation.path or "/", {})[operation.method] = description
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Masafa",
            "description": "A conflict map that measures. Not for navigation, targeting or boundary delimitation.",
            "version": __version__,
            "license": {"name": "MIT"},
        },
        "servers": [{"url": f"{base}/api"}],
        "paths": paths,
        "components": {"schemas": {"problem": _PROBLEM}},
    }


def _described(operation: Operation, catalog: Catalog) -> dict[str, Any]:
    path = [param for param in operation.params if param.where == "path"]
    content = {
        kind: {"schema": operation.schema if "json" in kind else {"type": "string"}}
        for kind in operation.forms.values()
    }
    problems = sorted({*_ANYWHERE, *operation.statuses})
    done = (*operation.done, *((304,) if operation.method == "get" and operation.cached else ()))
    description: dict[str, Any] = {
        "operationId": operation.name if operation.method == "get" else f"{operation.method}-{operation.name}",
        "summary": operation.summary,
        "parameters": [_with_ids(param.describe(), catalog) for param in (*path, *operation.query.values())],
        "responses": {
            **{
                str(status): {"description": _STATUSES[status], **({} if status in _EMPTY else {"content": content})}
                for status in done
            },
            **{str(status): _problem(status) for status in problems},
        },
    }
    return {**description, **({"requestBody": dict(operation.body)} if operation.body else {})}


def _with_ids(described: Mapping[str, Any], catalog: Catalog) -> dict[str, Any]:
    if described["in"] == "path" and described["name"] == "collection":
        return {**described, "schema": {"type": "string", "enum": list(catalog.ids())}}
    return dict(described)


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": _STATUSES[status],
        "content": {links.PROBLEM: {"schema": {"$ref": "#/components/schemas/problem"}}},
    }


_PROBLEM = {
    "type": "object",
    "required": ["type", "status", "title"],
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "parameter": {"type": "string"},
    },
}
