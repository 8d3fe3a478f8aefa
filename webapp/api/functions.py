"""The predicates that filters may call beside those of CQL2, as OGC API Features Part 3 lists functions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from geodata.analysis.predicates import SIGNATURES, Signature
from geodata.messages import Message
from webapp import cors
from webapp.api import forms, links
from webapp.api.operations import Operation, add, read
from webapp.i18n import language

REL = "http://www.opengis.net/def/rel/ogc/1.0/functions"
FUNCTIONS = Operation("/functions", "functions", "What filters may call", forms.BOTH)
OPERATIONS = (FUNCTIONS,)


def wire(blueprint: Blueprint) -> None:
    """Add the route."""
    add(blueprint, FUNCTIONS, functions)


def functions() -> Response:
    """List the predicates with their arguments."""
    read(FUNCTIONS)
    form = forms.chosen(FUNCTIONS.forms)
    cors.allow()
    listed = [_described(name, signature) for name, signature in SIGNATURES.items()]
    data = {"functions": listed, "links": [*links.own(dict(FUNCTIONS.forms), form), links.licences()]}
    return forms.answer(FUNCTIONS, form, data, "api_functions", [("/api", "api_landing")])


def _described(name: str, signature: Signature) -> dict[str, Any]:
    return {
        "name": name,
        "description": Message(f"function.{name}").text(language()),
        "arguments": [{"title": title, "type": list(types)} for title, types in signature.arguments],
        "returns": ["boolean"],
    }
