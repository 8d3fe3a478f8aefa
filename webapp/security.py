"""What every answer carries, and which requests are turned away at the door."""

from __future__ import annotations

import logging
import re
import time
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import BadRequest, Forbidden, RequestEntityTooLarge, RequestURITooLarge

from geodata.errors import shown
from webapp.auth import SignInRequired, is_public_write, signed_in

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
MAX_BODY = 1024 * 1024
MAX_QUERY = 8192
FILES = "/import/files"
MAX_FILE = 1024**3
LARGE = {
    "/proximity": 32 * 1024 * 1024,
    "/lines": 32 * 1024 * 1024,
    "/sources/new": 64 * 1024 * 1024 + MAX_BODY,
    FILES: MAX_FILE + MAX_BODY,
}
"""Addresses that take more than MAX_BODY: 100,000 rows, a line of 10⁶ vertices, a source's copy, a file of events."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, 9.2.1); every other one is refused unless it may be sent."""
_HOST = re.compile(r"(?P<name>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?\Z")

log = logging.getLogger("masafa")


def wire(app: Flask) -> None:
    """Check every request and head every answer."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.before_request(_check)
    app.after_request(_head)


def _check_write() -> None:
    """Refuse an unsafe method from a page of another site, or from who has not signed in where that is needed."""
    view = current_app.view_functions.get(request.endpoint or "")
    # Without a view the address does not exist or does not have the method, which the answer says.
    if request.method in SAFE or view is None:
        return
    _check_same_site()
    if not (is_public_write(view) or signed_in()):
        raise SignInRequired


def _check_same_site() -> None:
    """Refuse a write that a page of another site set off (Sec-Fetch-Site, else Origin)."""
    fetched, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if fetched is not None:
        allowed = fetched in ("same-origin", "none")
    else:
        allowed = origin is None or urlsplit(origin).netloc == request.host
    if not allowed:
        raise Forbidden("Origin: only pages of this site may write here")


def _check() -> None:
    g.started = time.perf_counter()
    # What was sent, not what the server makes of it: a name that is not allow-listed must not come back in a link.
    given = _HOST.match(request.headers.get("Host", "localhost"))
    if given is None or given["name"].lower() not in current_app.extensions["masafa"].hosts:
        raise BadRequest("Host: this name is not served here")
    if len(request.query_string) > MAX_QUERY:
        raise RequestURITooLarge(f"query: at most {MAX_QUERY} bytes")
    most = LARGE.get(request.path, MAX_BODY)
    request.max_content_length = request.max_form_memory_size = most
    if request.content_length and request.content_length > most:
        raise RequestEntityTooLarge(f"body: at most {most} bytes")
    if "\x00" in request.path:
        raise BadRequest("path: NUL is not allowed")
    _check_write()


def _head(response: Response) -> Response:
    for name, value in HEADERS.items():
        if name not in response.headers:
            response.headers.add(name, value)
    response.headers.setdefault("Cache-Control", "no-cache")
    if response.status_code == 200 and not response.is_streamed and "no-store" not in response.headers["Cache-Control"]:
        response.add_etag()
        if "HTTP_IF_NONE_MATCH" in request.environ or "HTTP_IF_MODIFIED_SINCE" in request.environ:
            response.make_conditional(request)
    # One line a request, without the query: what people ask stays theirs.
    spent = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
    log.info("%s %s %s %.0f ms", shown(request.method), shown(request.path), response.status_code, spent)
    return response
