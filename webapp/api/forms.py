"""In which format an answer is given, and an answer in it: JSON, or the same as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from flask import Response, render_template, request
from werkzeug.exceptions import NotAcceptable

from geodata.formats.registry import FORMATS
from webapp.api import links
from webapp.api.operations import Operation
from webapp.i18n import word
from webapp.page_context import as_of

BOTH = {"json": links.JSON, "html": links.HTML}
ONLY_JSON = {"json": links.JSON}
FILES = {name: format_ for name, format_ in FORMATS.items() if name != "geojson"}
"""The formats of files that features come in, beside GeoJSON."""
FEATURES = {
    "json": links.GEOJSON,
    "html": links.HTML,
    **{name: format_.media_type for name, format_ in FILES.items()},
}
"""The formats of the features of a collection."""


def chosen(forms: Mapping[str, str]) -> str:
    """Return the format requested by f, else by Accept, else the first; raises NotAcceptable (406)."""
    requested = request.args.get("f")
    if requested is not None:
        return requested
    accept = request.headers.get("Accept")
    if not accept or accept == "*/*":
        return next(iter(forms))
    kinds: dict[str, str] = {}
    for form, kind in forms.items():
        # Both what a client sends that knows the parameters of the media type, and what one sends that does not.
        kinds.setdefault(kind.partition(";")[0], form)
        kinds.setdefault(kind, form)
    # Plain JSON is what a reader of any kind of JSON understands.
    if any(kind.endswith("+json") for kind in kinds):
        kinds.setdefault(links.JSON, next(iter(forms)))
    best = request.accept_mimetypes.best_match(list(kinds))
    if best is None:
        raise NotAcceptable(f"Accept: none of these is accepted: {', '.join(kinds)}")
    return kinds[best]


def answer(
    operation: Operation, form: str, data: Mapping[str, Any], title: str, trail: Sequence[tuple[str, str]] = ()
) -> Response:
    """Return a document as JSON, or as a page under a title (key of the words) with links to what lies above it."""
    if form == "html":
        page = render_template(
            "api.html", data=data, heading=word(title), trail=trail, base=links.base(), as_of=as_of()
        )
        return headed(Response(page, content_type="text/html; charset=utf-8"))
    return headed(Response(orjson.dumps(data), content_type=operation.forms[form]))


def headed(response: Response) -> Response:
    """Return a response that caches keep apart by what chose its format."""
    if "f" not in request.args:
        response.headers.add("Vary", "Accept")
    return response
