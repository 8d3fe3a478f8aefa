"""Signing in to write: one person, by a link that the server prints on its console when it starts."""

from __future__ import annotations

import secrets
from urllib.parse import unquote

from flask import Blueprint, Flask, Response, current_app, redirect, request
from werkzeug.exceptions import Forbidden

COOKIE = "masafa"
DAYS = 30
NEXT = "masafa-next"
"""The cookie in which a page says where somebody wanted to write."""
FIRST = "/claims/new"

blueprint = Blueprint("signin", __name__)


def wire(app: Flask) -> None:
    """Make the token of the link and the key of the cookie, new at every start."""
    app.extensions["masafa_token"] = secrets.token_urlsafe(24)
    app.extensions["masafa_key"] = secrets.token_urlsafe(32)


@blueprint.get("/sign-in")
def sign_in() -> Response:
    """Take the token of the console's link, and go to where one writes."""
    given = request.args.get("token", "")
    if not secrets.compare_digest(given.encode(), str(current_app.extensions["masafa_token"]).encode()):
        raise Forbidden("token: not the one of the link that the server printed when it started")
    answer = redirect(_back(), 303)
    answer.set_cookie(
        COOKIE,
        current_app.extensions["masafa_key"],
        max_age=DAYS * 86_400,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
    )
    if NEXT in request.cookies:
        answer.delete_cookie(NEXT, path="/sign-in")
    answer.headers["Cache-Control"] = "no-store"
    return answer  # type: ignore[return-value]


def _back() -> str:
    """Return the page of this site to come back to."""
    wanted = unquote(request.cookies.get(NEXT, ""))
    # One slash to begin with, and none turned round: a browser takes //name or /\\name for another host.
    plain = wanted.isprintable() and len(wanted) < 4_000 and "\\" not in wanted
    return wanted if plain and wanted.startswith("/") and not wanted.startswith("//") else FIRST


def signed_in() -> bool:
    """Tell whether who asks may write."""
    given = request.cookies.get(COOKIE, "")
    return secrets.compare_digest(given.encode(), str(current_app.extensions["masafa_key"]).encode())
