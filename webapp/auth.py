"""Signing in to write: one person, by a link that the server prints on its console when it starts.

Writing takes signing in, which `security.py` checks of every request, but where a view is a `public_write`; reading
does where a view is `sign_in_required`.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, render_template, request
from werkzeug.exceptions import Forbidden

from geodata.errors import Unwritable
from webapp.server_state import ServerState, server_state

COOKIE = "masafa"
DAYS = 30
NEXT = "masafa-next"
"""The cookie in which a page says where somebody wanted to write."""
FIRST = "/claims/new"
STARTS = 16
"""Starts of a server whose links sign in: the latest ones of the workspace."""

blueprint = Blueprint("signin", __name__)

_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")
log = logging.getLogger("masafa")
_public: set[Callable[..., Any]] = set()


class SignInRequired(Forbidden):
    """Whoever asks has not signed in."""

    description = "sign in by the link that the server printed when it started"


def public_write(view: Callable[_Arguments, _Answer]) -> Callable[_Arguments, _Answer]:
    """Declare a view whose unsafe methods need no signing in; pages of other sites may not send them either."""
    _public.add(view)
    return view


def is_public_write(view: Callable[..., Any]) -> bool:
    """Tell whether a view was declared a public write."""
    return view in _public


def sign_in_required(view: Callable[_Arguments, _Answer]) -> Callable[_Arguments, _Answer]:
    """Let only who has signed in read a view; it raises SignInRequired for everybody else."""

    @wraps(view)
    def checked(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Answer:
        if not signed_in():
            raise SignInRequired
        return view(*args, **kwargs)

    return checked


def wire(app: Flask) -> None:
    """Make the token of the link, new at every start, and take the key of the cookie, which the workspace has.

    The server processes of a workspace share both: each takes the links and the cookies of the others.
    """
    app.context_processor(_context)
    app.extensions["masafa_token"] = token = secrets.token_urlsafe(24)
    app.extensions["masafa_key"] = secrets.token_urlsafe(32)
    app.extensions["masafa_state"] = state = server_state()
    try:
        app.extensions["masafa_key"] = _shared_key(state, token)
    except Unwritable as error:
        log.warning("links and sign-ins of this process are its own: %s", error)


def _shared_key(state: ServerState, token: str) -> str:
    """Add a token to those that sign in; return the key of the workspace, made at the first start."""
    with state.writing() as database:
        database.execute("INSERT INTO sign_in_tokens (digest) VALUES (?)", [_digest(token)])
        database.execute(
            "DELETE FROM sign_in_tokens WHERE number <= (SELECT max(number) FROM sign_in_tokens) - ?", [STARTS]
        )
        key = secrets.token_urlsafe(32)
        database.execute("INSERT OR IGNORE INTO sign_in_keys (number, value) VALUES (1, ?)", [key])
        return str(database.execute("SELECT value FROM sign_in_keys").fetchone()["value"])


def _is_token(text: str) -> bool:
    """Tell whether a text is the token of this server's link, or of another one's of the workspace."""
    if secrets.compare_digest(text.encode(), str(current_app.extensions["masafa_token"]).encode()):
        return True
    state: ServerState = current_app.extensions["masafa_state"]
    with state.reading() as database:
        query = "SELECT number FROM sign_in_tokens WHERE digest = ?"
        return database is not None and database.execute(query, [_digest(text)]).fetchone() is not None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@blueprint.get("/sign-in")
def sign_in() -> Response:
    """Take the token of the console's link, and go to where one writes; without one, the form for the link."""
    if "token" not in request.args:
        return _form(request.args.get("next", ""))
    return _enter(request.args["token"], unquote(request.cookies.get(NEXT, "")))


@blueprint.post("/sign-in")
@public_write
def paste() -> Response:
    """Take the console's link as it was pasted, and go back to the page of `next`."""
    return _enter(_token_of(request.form.get("link", "")), request.form.get("next", ""))


def _token_of(link: str) -> str:
    """Return the token of a link; a text that has no such part is the token itself."""
    text = link.strip()
    try:
        return parse_qs(urlsplit(text).query).get("token", [text])[0]
    except ValueError:
        return text


def _form(wanted: str, is_wrong: bool = False) -> Response:
    page = render_template("sign_in.html", next=local_address(wanted), is_wrong=is_wrong)
    answer = make_response(page, 403 if is_wrong else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _enter(token: str, wanted: str) -> Response:
    """Sign in whoever has a token of the workspace's links; answer anybody else with the form."""
    if not _is_token(token):
        return _form(wanted, is_wrong=True)
    answer = redirect(local_address(wanted), 303)
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


def local_address(wanted: str, otherwise: str = FIRST) -> str:
    """Return the page to come back to: one of this site, else another, by default where one begins to write."""
    # One slash to begin with, and none turned round: a browser takes //name or /\\name for another host.
    plain = wanted.isprintable() and len(wanted) < 4_000 and "\\" not in wanted
    return wanted if plain and wanted.startswith("/") and not wanted.startswith("//") else otherwise


def _context() -> dict[str, Any]:
    """Return what every page knows of who reads it: whether they may write, and the address they come back to."""
    is_read = request.method in ("GET", "HEAD")
    return {"signed_in": signed_in(), "here": request.full_path.rstrip("?") if is_read else "/"}


def signed_in() -> bool:
    """Tell whether who asks may write."""
    given = request.cookies.get(COOKIE, "")
    return secrets.compare_digest(given.encode(), str(current_app.extensions["masafa_key"]).encode())
