"""What a new release of a layer changed: the page and its data."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request

from geodata.analysis.number_format import kilometres
from geodata.catalog import current, version_of
from geodata.errors import MasafaError
from geodata.events import release_diff
from geodata.events.filters import integer
from geodata.model import Layer, rounded_json
from webapp import cors
from webapp.errors import status_of
from webapp.page_context import as_of, page_number

blueprint = Blueprint("release_diffs", __name__)
cors.wire(blueprint)

SHOWN = 50
MAX_LIMIT, LIMIT = 1_000, 100
LONG = 200
"""The characters of a value that the page shows."""


@blueprint.get("/layers/<name>/diff")
def page(name: str) -> Any:
    """The versions to compare and, where the earlier one is named, the rows that differ."""
    layer = current().layer(name)
    parameters = {key: value for key in ("old", "new", "kind") if (value := request.args.get(key, "").strip())}
    answer, problem = None, None
    if "old" in parameters:
        try:
            answer = _answer(layer, parameters, SHOWN)
        except MasafaError as error:
            problem = error
    versions: dict[str, str] = {key: parameters[key] for key in ("old", "new") if key in parameters}
    rendered = render_template(
        "release_diff.html",
        layer=layer,
        asked=parameters,
        answer=answer,
        problem=problem,
        kinds=release_diff.KINDS,
        address=f"/layers/{layer.id}/diff?{urlencode(versions)}",
        shown=SHOWN,
        moved_by=_moved_by,
        shortened=_shortened,
        as_of=as_of(),
    )
    return rendered, status_of(problem)


@blueprint.get("/layers/<name>/diff.json")
def data(name: str) -> Response:
    """The totals and a page of the rows that differ between `old` and `new`, by default the present version."""
    parameters = {key: value for key in ("old", "new", "kind") if (value := request.args.get(key, "").strip())}
    limit = integer("limit", request.args.get("limit"), 1, MAX_LIMIT, LIMIT)
    return jsonify(_answer(current().layer(name), {"old": "", **parameters}, limit))


def _answer(now: Layer, parameters: dict[str, str], limit: int) -> dict[str, Any]:
    old = version_of(now, parameters["old"])
    new = version_of(now, parameters["new"]) if "new" in parameters else now
    number, kind = page_number(request.args.get("page", "1")), parameters.get("kind")
    diff = release_diff.compared(old, new)
    total = diff.count(kind)
    pages = max(1, -(-total // limit))
    number = min(number, pages)
    cors.allow(old, new)
    head = {"kind": kind, "page": number, "pages": pages, "total": total}
    answer: dict[str, Any] = rounded_json(
        {**diff.summary, **head, "items": diff.items(kind, (number - 1) * limit, limit)}
    )
    return answer


def _moved_by(move: dict[str, Any]) -> Any:
    """Return how far a row moved as pages show distances."""
    low, high = move["interval_m"] or (move["moved_m"], move["moved_m"])
    return kilometres(move["moved_m"], low, high)


def _shortened(value: Any) -> str:
    """Return a value as the page shows it."""
    text = "–" if value is None else str(value)
    return text if len(text) <= LONG else text[: LONG - 1] + "…"
