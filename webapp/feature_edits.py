"""Edit features over HTTP: signed in, against a known state, with the editor's name in the journal.

Sites and events are read with an ETag; a change needs it as If-Match, and a feature that has changed since is answered
with 412 and both states.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import quote, unquote

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from geodata import editing
from geodata.catalog import current
from geodata.editing.checks import editable
from geodata.errors import BadValue, Conflict, MasafaError
from geodata.formats import strict_json
from geodata.model import SCHEMA
from geodata.store.journal import Edit
from webapp.auth import sign_in_required
from webapp.errors import answer_of
from webapp.page_context import DRAWN

blueprint = Blueprint("edits", __name__, url_prefix="/edits")

WHO = "masafa-name"
"""The cookie that keeps the name a person edits under."""
DAYS = 365
MOST = 200


@blueprint.after_request
def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.errorhandler(Conflict)
def _conflict(error: Conflict) -> ResponseReturnValue:
    """Show both: what is there now, and what was sent."""
    now = editing.tag(error.now) if isinstance(error.now, dict) else ""
    return answer_of(error, theirs=error.now, theirs_tag=now, yours=request.get_json(silent=True))


@blueprint.get("/<layer>/<id_>.json")
@sign_in_required
def read(layer: str, id_: str) -> Response:
    """The feature as it is now, with the tag to send back."""
    item = editing.read_feature(layer, id_)
    return _tagged(
        jsonify({"schema": SCHEMA, "layer": layer, "feature": item, "tag": editing.tag(item), "who": who()}),
        editing.tag(item),
    )


@blueprint.post("/<layer>.json")
def add(layer: str) -> ResponseReturnValue:
    """Add a feature."""
    body = _body()
    return _done(editing.add(layer, body, _person(body), str(body.get("why") or "")), 201)


@blueprint.patch("/<layer>/<id_>.json")
def change(layer: str, id_: str) -> ResponseReturnValue:
    """Change its geometry or the properties named."""
    body = _body()
    return _done(editing.change(layer, id_, body, _seen(), _person(body), str(body.get("why") or "")))


@blueprint.delete("/<layer>/<id_>.json")
def delete(layer: str, id_: str) -> ResponseReturnValue:
    """Delete it; it stays in the journal."""
    body = _body()
    return _done(editing.delete(layer, id_, _seen(), _person(body), str(body.get("why") or "")))


@blueprint.post("/<int:number>/undo.json")
def undo(number: int) -> ResponseReturnValue:
    """Undo an edit."""
    body = _body()
    return _done(editing.undo(number, _person(body), str(body.get("why") or "")))


@blueprint.get("/history.json")
@sign_in_required
def history() -> Response:
    """Who changed what, the newest first."""
    layer, id_ = (request.args.get(name, "").strip() for name in ("layer", "id"))
    edits = editing.history(current(), layer, id_, MOST)
    return jsonify({"schema": SCHEMA, "items": [edit.to_dict() for edit in edits]})


def who() -> str:
    """Return the name that who asks edits under; an empty text where none was given yet."""
    return unquote(request.cookies.get(WHO, ""))[:300]


def layers() -> list[str]:
    """Return the ids of the layers whose features may be edited on the map: those that are drawn one by one."""
    catalog, editable_ids = current(), []
    for layer in catalog.layers():
        with suppress(MasafaError):
            if editable(layer.id, catalog).stored is None and len(layer.features) <= DRAWN:
                editable_ids.append(layer.id)
    return editable_ids


def _body() -> dict[str, Any]:
    value = strict_json.parse(request.get_data()) if request.get_data() else {}
    if not isinstance(value, dict):
        raise BadValue("body", value, "json_object")
    return value


def _person(body: dict[str, Any]) -> str:
    name = body.get("by") or who()
    if not isinstance(name, str):
        raise BadValue("by", name, "name")
    return name


def _seen() -> str:
    """Return the tag of the state that was edited; without one nobody could be told of another's change."""
    tags = list(request.if_match.as_set())
    if len(tags) != 1 or request.if_match.star_tag:
        raise BadValue("If-Match", request.headers.get("If-Match", ""), "etag")
    return str(tags[0])


def _done(edit: Edit, status: int = 200) -> ResponseReturnValue:
    answer = jsonify({"schema": SCHEMA, **edit.to_dict(), "tag": editing.tag(edit.after)})
    answer.status_code = status
    answer.set_cookie(
        WHO, quote(edit.who), max_age=DAYS * 86_400, httponly=True, samesite="Strict", secure=request.is_secure
    )
    return _tagged(answer, editing.tag(edit.after))


def _tagged(answer: Response, tag: str) -> Response:
    if tag:
        answer.set_etag(tag)
    return answer
