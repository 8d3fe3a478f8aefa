"""Meaning to status, once: pages in both languages, problem details (RFC 9457) under /api."""

from __future__ import annotations

import json
import logging
from typing import Any

from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException

from geodata.errors import BadData, BadValue, Conflict, MasafaError, NotFound, Refused, Unwritable
from webapp.auth import SignInRequired
from webapp.error_messages import field_state, localized_message
from webapp.i18n import LANGUAGES, language, word

STATUS: tuple[tuple[type[MasafaError], int], ...] = (
    (BadValue, 400),
    (NotFound, 404),
    (Conflict, 412),
    (BadData, 422),
    (Refused, 422),
    (Unwritable, 503),
)
EXCEPTIONS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0"
TYPES = {
    "thing.analysis": f"{EXCEPTIONS}/no-such-process",
    "thing.job": f"{EXCEPTIONS}/no-such-job",
    "thing.job_result": f"{EXCEPTIONS}/result-not-ready",
}
"""The types of problems that Processes Part 1 names, by what there is not."""
TITLES = {
    400: "bad",
    403: "bad",
    404: "missing",
    405: "method",
    406: "bad",
    410: "missing",
    412: "conflict",
    413: "large",
    414: "large",
    422: "refused",
    503: "busy",
}

BLANK = "about:blank"
log = logging.getLogger("masafa")


def wire(app: Flask) -> None:
    """Register the handlers."""
    app.jinja_env.globals["localized_message"] = localized_message
    app.jinja_env.globals["wrong"] = field_state
    app.register_error_handler(MasafaError, answer_of)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)


def status_of(error: MasafaError | HTTPException | None) -> int:
    """Return the status of an answer that shows an error, 200 where it shows none."""
    if error is None:
        return 200
    if isinstance(error, HTTPException):
        return error.code or 500
    return next((status for kind, status in STATUS if isinstance(error, kind)), 400)


def answer_of(error: MasafaError, **members: Any) -> Response:
    """Return the answer to an error, in a problem document with members of its own."""
    named = {"parameter": error.parameter} if isinstance(error, BadValue) else {}
    return _answer(status_of(error), str(error), {**named, **members}, error)


def _http(error: HTTPException) -> Response:
    status = status_of(error)
    if status < 400:
        return error.get_response()  # type: ignore[return-value]
    # Werkzeug's own sentences for a 404 tell a person nothing; ours stand in the page.
    detail = "" if status in (404, 405) else (error.description or "")
    answer = _answer(status, detail, {}, sign_in=isinstance(error, SignInRequired))
    allow = error.get_headers()
    for name, value in allow:
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _is_data(path: str) -> bool:
    """Tell whether an address answers programs, which read problem details, or people, who read pages."""
    return path == "/api" or path.startswith("/api/") or path.endswith((".json", ".geojson"))


def _unknown(error: Exception) -> Response:
    log.exception("a request failed: %s", type(error).__name__)
    return _answer(500, "", {})


def _answer(
    status: int, detail: str, more: dict[str, Any], error: MasafaError | None = None, sign_in: bool = False
) -> Response:
    title = f"error_{TITLES.get(status, 'bad' if status < 500 else 'failed')}"
    if _is_data(request.path):
        problem: dict[str, Any] = {
            "type": g.get("problem_type") or (TYPES.get(error.code, BLANK) if isinstance(error, NotFound) else BLANK),
            "status": status,
            "title": word(title, "en"),
            "detail": detail,
        }
        # The page shows the message in its own language; programs read the detail.
        messages = (
            {} if error is None else {"said": {lang: localized_message(error, lang).striptags() for lang in LANGUAGES}}
        )
        stated = {key: value for key, value in problem.items() if value != ""}
        body = json.dumps({**stated, **more, **messages}, ensure_ascii=False)
        return Response(body, status, content_type="application/problem+json")
    lang = language()
    page = render_template(
        "error.html", status=status, title=word(title, lang), detail=detail, error=error, sign_in=sign_in
    )
    return Response(page, status, content_type="text/html; charset=utf-8")
