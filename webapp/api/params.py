"""Reading what a request gives: one function a parameter, each naming itself in its complaint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from geodata.analysis.base import Analysis, Parameter
from geodata.errors import BadData, BadValue
from geodata.formats import strict_json
from geodata.messages import Message, one_of
from webapp.api import references
from webapp.api.results import FORMS
from webapp.i18n import LANGUAGES

EVERYWHERE = ("f", "lang")
RESPONSES = ("raw", "document")
"""How an execution answers: the output itself, or an object with the output under its name."""
QUALIFIED = ("application/json", "text/plain")
"""Media types that a value in an object of its own may have."""
LISTS = ("kilometres", "layers", "kinds")
"""Kinds of inputs that may be a list."""
TYPES: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "number": ("number", (int, float, str)),
    "kilometres": ("number", (int, float, str)),
    "flag": ("boolean", (bool, str)),
}
"""What else than text an input of a kind may be in a body."""


def form(*allowed: str) -> str:
    """Return the format asked for; the first of those allowed where none is."""
    value = request.args.get("f", allowed[0])
    if value not in allowed:
        raise BadValue("f", value, one_of(allowed))
    return value


def lang() -> None:
    """Check the language asked for, which answers in both languages do not need."""
    value = request.args.get("lang")
    if value is not None and value not in LANGUAGES:
        raise BadValue("lang", value, one_of(LANGUAGES))


def declared(*names: str) -> None:
    """Raise BadValue for a query parameter that is not declared or is repeated."""
    allowed = (*names, *EVERYWHERE)
    for name, values in request.args.lists():
        if name not in allowed:
            raise BadValue(name, values[0], "unknown_parameter", names=list(allowed))
        if len(values) > 1:
            raise BadValue(name, " & ".join(values), "one_value")


def inputs(analysis: Analysis) -> dict[str, str]:
    """Return an analysis's inputs as text, from the query or from a body {"inputs": {…}}."""
    parameters = {parameter.name: parameter for parameter in analysis.parameters}
    if request.method != "POST":
        declared(*parameters)
        return {name: request.args[name] for name in parameters if name in request.args}
    declared()
    values = {}
    for name, value in _body().get("inputs", {}).items():
        if name not in parameters:
            raise BadValue(name, value, "unknown_input", names=list(parameters))
        unqualified = _unqualified(name, value)
        _check(parameters[name], unqualified)
        values[name] = _text(unqualified)
    return values


def _unqualified(name: str, value: Any) -> Any:
    """Return an input itself where it stands in an object as Processes Part 1 has it: {"value": …}, {"href": …}."""
    if isinstance(value, list):
        return [_unqualified(name, item) for item in value]
    if references.is_link(value):
        return references.resolved(name, value)
    if isinstance(value, dict) and "value" in value and value.keys() <= {"value", "mediaType"}:
        if value.get("mediaType", QUALIFIED[0]) not in QUALIFIED:
            raise BadValue(name, value["mediaType"], one_of(QUALIFIED))
        return value["value"]
    return value


def _check(parameter: Parameter, value: Any) -> None:
    """Check the type of an input against the schema in the description of its analysis; raises BadValue."""
    what, single = TYPES.get(parameter.kind, ("text", (str,)))
    many = parameter.kind in LISTS
    items = value if many and isinstance(value, list) else [value]
    # True and False are numbers in Python.
    if not all(isinstance(item, single) and (bool in single or not isinstance(item, bool)) for item in items):
        raise BadValue(parameter.name, value, "input_or_list" if many else "input", what=Message(f"input.{what}"))


def answer() -> tuple[str, bool]:
    """Return in which format an execution answers, and whether under the name of the output."""
    default = form(*FORMS)
    if request.method != "POST":
        return default, False
    body = _body()
    output = body.get("outputs", {}).get("result", {})
    kinds = {kind: name for name, kind in FORMS.items()}
    if not isinstance(output, dict) or output.keys() - {"format", "transmissionMode"}:
        raise BadValue("outputs", output, "output_object")
    if output.get("transmissionMode", "value") != "value":
        raise BadValue("transmissionMode", output["transmissionMode"], "transmission_value")
    format_ = output.get("format", {})
    kind = format_.get("mediaType", FORMS[default]) if isinstance(format_, dict) else None
    if not isinstance(kind, str) or kind not in kinds or format_.keys() - {"mediaType"}:
        raise BadValue("format", format_, "media_type_object", types=list(kinds))
    return kinds[kind], body.get("response") == "document"


def _body() -> Mapping[str, Any]:
    if not request.is_json:
        raise UnsupportedMediaType("body: its Content-Type must be application/json")
    # Not Flask's own reader: deep nesting ends it with a RecursionError.
    try:
        value = strict_json.parse(request.get_data())
        problems = strict_json.problems(value)
    except BadData as error:
        raise BadValue("body", str(error.reason), "body") from None
    if problems:
        raise BadValue("body", ": ".join(map(str, problems[0])), "body")
    members = {"inputs", "outputs", "response"}
    if not isinstance(value, dict) or not isinstance(value.get("inputs", {}), dict) or value.keys() - members:
        raise BadValue("body", value, "body")
    outputs = value.get("outputs", {})
    if not isinstance(outputs, dict) or outputs.keys() - {"result"}:
        raise BadValue("outputs", outputs, "outputs_object")
    if value.get("response", RESPONSES[0]) not in RESPONSES:
        raise BadValue("response", value["response"], one_of(RESPONSES))
    body: Mapping[str, Any] = value
    return body


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(_text(item) for item in value) if isinstance(value, list) else str(value)
