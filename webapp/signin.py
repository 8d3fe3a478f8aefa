"""Signing in to write: one person, by a link that the server prints on its console when it starts."""

from __future__ import annotations

import secrets

from flask import Blueprint, Flask, Response, current_app, redirect, request
from werkzeug.exceptions import Forbidden

COOKIE = "masafa"
DAYS = 30

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
    answer = redirect("/claims/new", 303)
    answer.set_cookie(
        COOKIE,
        current_app.extensions["masafa_key"],
        max_age=DAYS * 86_400,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer  # type: ignore[return-value]


def signed_in() -> bool:
    """Tell whether who asks may write."""
    given = request.cookies.get(COOKIE, "")
    return secrets.compare_digest(given.encode(), str(current_app.extensions["masafa_key"]).encode())
