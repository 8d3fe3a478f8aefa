"""In which format an answer is given, and an answer in it: JSON, or the same as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from flask import Response, render_template, request
from werkzeug.exceptions import NotAcceptable

from webapp.api import links
from webapp.api.operations import Operation
from webapp.boot import as_of
from webapp.i18n import word

BOTH = {"json": links.JSON, "html": links.HTML}
ONLY_JSON = {"json": links.JSON}


def chosen(forms: Mapping[str, str]) -> str:
    """Return the format asked for by f, else by Accept, else the first; raises NotAcceptable (406)."""
    asked = request.args.get("f")
    if asked is not None:
        return asked
    accept = request.headers.get("Accept")
    if not accept or accept == "*/*":
        return next(iter(forms))
    kinds = {kind.partition(";")[0]: form for form, kind in reversed(forms.items())}
    # Plain JSON is what a reader of any kind of JSON understands.
    if any(kind.endswith("+json") for kind in kinds):
        kinds.setdefault(links.JSON, next(iter(forms)))
    found = request.accept_mimetypes.best_match(list(reversed(kinds)))
    if found is None:
        raise NotAcceptable(f"Accept: none of these is accepted: {', '.join(kinds)}")
    return kinds[found]


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
