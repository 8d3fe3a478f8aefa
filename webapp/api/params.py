"""Reading what a request gives: one function a parameter, each naming itself in its complaint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from geodata.analysis import Analysis
from geodata.errors import BadData, BadValue
from geodata.formats import strict_json
from webapp.i18n import LANGUAGES

EVERYWHERE = ("f", "lang")
BODY = 'a JSON object {"inputs": {…}}, and perhaps "outputs" and "response"'
RESPONSES = ("raw", "document")
"""How an execution answers: the output itself, or an object with the output under its name."""


def form(*allowed: str) -> str:
    """Return the format asked for; the first of those allowed where none is."""
    value = request.args.get("f", allowed[0])
    if value not in allowed:
        raise BadValue("f", value, ", ".join(allowed))
    return value


def lang() -> None:
    """Check the language asked for, which answers in both languages do not need."""
    value = request.args.get("lang")
    if value is not None and value not in LANGUAGES:
        raise BadValue("lang", value, ", ".join(LANGUAGES))


def declared(*names: str) -> None:
    """Refuse a query parameter that is not declared, and one given twice."""
    known = (*names, *EVERYWHERE)
    for name, values in request.args.lists():
        if name not in known:
            raise BadValue(name, values[0], f"no such parameter; there are: {', '.join(known)}")
        if len(values) > 1:
            raise BadValue(name, " & ".join(values), "one value")


def inputs(analysis: Analysis) -> dict[str, str]:
    """Return an analysis's inputs as text, from the query or from a body {"inputs": {…}}."""
    names = [parameter.name for parameter in analysis.parameters]
    if request.method != "POST":
        declared(*names)
        return {name: request.args[name] for name in names if name in request.args}
    declared()
    given = _body()["inputs"]
    for name, value in given.items():
        if name not in names:
            raise BadValue(name, value, f"no such input; there are: {', '.join(names)}")
        plain = _unqualified(value)
        flat = plain if isinstance(plain, list) else [plain]
        if not all(isinstance(item, str | int | float | bool) for item in flat):
            raise BadValue(name, value, 'text, a number, true or false, a list of those, or {"value": …} of one')
    return {name: _text(_unqualified(value)) for name, value in given.items()}


def _unqualified(value: Any) -> Any:
    """Return an input without the object that Processes Part 1 lets it stand in: {"value": …}."""
    if isinstance(value, list):
        return [_unqualified(item) for item in value]
    return value["value"] if isinstance(value, dict) and value.keys() == {"value"} else value


def document() -> bool:
    """Tell whether a body asks for the output under its name."""
    return request.method == "POST" and _body().get("response") == "document"


def _body() -> Mapping[str, Any]:
    if not request.is_json:
        raise UnsupportedMediaType("body: its Content-Type must be application/json")
    # Not Flask's own reader: deep nesting ends it with a RecursionError.
    try:
        value = strict_json.parse(request.get_data())
        problems = strict_json.problems(value)
    except BadData as error:
        raise BadValue("body", error.reason, BODY) from None
    if problems:
        raise BadValue("body", ": ".join(problems[0]), BODY)
    known = {"inputs", "outputs", "response"}
    if not isinstance(value, dict) or not isinstance(value.get("inputs"), dict) or value.keys() - known:
        raise BadValue("body", value, BODY)
    outputs = value.get("outputs", {})
    if not isinstance(outputs, dict) or outputs.keys() - {"result"}:
        raise BadValue("outputs", outputs, 'an object; the one output is "result"')
    if value.get("response", RESPONSES[0]) not in RESPONSES:
        raise BadValue("response", value["response"], ", ".join(RESPONSES))
    given: Mapping[str, Any] = value
    return given


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(_text(item) for item in value) if isinstance(value, list) else str(value)
