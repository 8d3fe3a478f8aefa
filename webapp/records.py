"""Sources and actors, one a page: what is recorded, of what it speaks, its grades, its history; and the forms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from geodata.catalog import Catalog, current, workspace
from geodata.errors import BadValue, NotFound
from geodata.model import SCHEMA
from geodata.records import actors, sources
from geodata.records.fields import Form, Record
from geodata.store.history import differences
from geodata.store.workspace import Workspace
from webapp.auth import sign_in_required
from webapp.errors import status_of
from webapp.i18n import language, runs, word
from webapp.page_context import as_of, form_boot
from webapp.picker import resolved_form, source_name
from webapp.record_forms import FORMS, begun, inputs

blueprint = Blueprint("records", __name__)


@dataclass(frozen=True)
class Kind:
    """Sources or actors: where they lie, and what can be done to one."""

    name: str
    singular: str
    records: Callable[[Catalog], Mapping[str, Mapping[str, Any]]]
    add: Callable[[Form, Workspace, Catalog], Record]
    changes: Mapping[str, Callable[[str, Form, Workspace, Catalog], Record]]


def _recorded(form: Form, place: Workspace, catalog: Catalog) -> Record:
    return sources.add(form, place, catalog, _copy())


KINDS: Mapping[str, Kind] = {
    "sources": Kind("sources", "source", Catalog.sources, _recorded, sources.CHANGES),
    "actors": Kind("actors", "actor", Catalog.actors, actors.add, actors.CHANGES),
}


@blueprint.get("/actors/alike")
def alike() -> str:
    """Names that look alike; nothing is merged here."""
    catalog = current()
    return render_template(
        "alike.html",
        pairs=actors.alike(catalog),
        actors=catalog.actors(),
        words=catalog.vocabulary()["alike"],
        titles={id_: catalog.title(id_) for id_ in catalog.ids()},
        as_of=as_of(),
    )


@blueprint.get("/actors/alike.json")
def alike_json() -> Response:
    """The same as data."""
    return jsonify({"schema": SCHEMA, "items": actors.alike(current())})


@blueprint.route("/sources/new", methods=["GET", "POST"], defaults={"name": "sources"})
@blueprint.route("/actors/new", methods=["GET", "POST"], defaults={"name": "actors"})
@sign_in_required
def new(name: str) -> ResponseReturnValue:
    """The form of a new record; errors are shown beside the input."""
    kind = KINDS[name]
    if request.method == "GET":
        return _form(kind, "new", None, request.args.to_dict(), None)
    return _written(kind, "new", None, lambda form: kind.add(form, workspace(), current()))


@blueprint.post("/sources.json")
def new_source() -> ResponseReturnValue:
    """Record a source from within another form; the answer has its id and the name it is chosen by."""
    record = _recorded(request.form.to_dict(), workspace(), current())
    return jsonify({"schema": SCHEMA, "id": record["id"], "name": source_name(record["id"], current())}), 201


@blueprint.get("/sources/<id_>", defaults={"name": "sources"})
@blueprint.get("/actors/<id_>", defaults={"name": "actors"})
def page(name: str, id_: str) -> str:
    """One record, with all that was done to it."""
    catalog, kind = current(), KINDS[name]
    record = _find(kind, id_, catalog)
    return render_template(
        "record.html",
        kind=kind,
        record=record,
        title=_title(record),
        rows=_rows(record, catalog),
        grades=_grades(record, catalog) if name == "sources" else [],
        speaks=[_place(id_, catalog) for id_ in record.get("supports") or ()],
        merged=[actor for actor in catalog.actors().values() if actor.get("merged_into") == id_]
        if name == "actors"
        else [],
        actors=catalog.actors(),
        layers=[layer for layer in catalog.layers() if layer.kind == "event"] if name == "actors" else [],
        actions=[what for what in kind.changes if _fits(what, record)],
        history=[_change(entry, catalog) for entry in sources.history(id_, workspace(), name)],
        as_of=as_of(),
    )


@blueprint.get("/sources/<id_>.json", defaults={"name": "sources"})
@blueprint.get("/actors/<id_>.json", defaults={"name": "actors"})
def page_json(name: str, id_: str) -> Response:
    """The same as data."""
    record = _find(KINDS[name], id_, current())
    return jsonify({"schema": SCHEMA, **record, "history": list(sources.history(id_, workspace(), name))})


@blueprint.route("/sources/<id_>/<what>", methods=["GET", "POST"], defaults={"name": "sources"})
@blueprint.route("/actors/<id_>/<what>", methods=["GET", "POST"], defaults={"name": "actors"})
@sign_in_required
def change(name: str, id_: str, what: str) -> ResponseReturnValue:
    """The form of one change, and the change."""
    kind = KINDS[name]
    record = _find(kind, id_, current())
    if what not in kind.changes:
        raise NotFound(f"{kind.singular}_change", what, kind.changes)
    if request.method == "GET":
        return _form(kind, what, record, {**begun(what, record), **request.args.to_dict()}, None)
    return _written(kind, what, record, lambda form: kind.changes[what](id_, form, workspace(), current()))


def _written(kind: Kind, what: str, record: Record | None, write: Callable[[Form], Record]) -> ResponseReturnValue:
    typed = {name: value.replace("\r\n", "\n") for name, value in request.form.items()}
    form = resolved_form(typed, current())
    try:
        saved = write(form)
    except BadValue as error:
        return _form(kind, what, record, form, error)
    return redirect(url_for("records.page", name=kind.name, id_=saved["id"], lang=language()), 303)


def _form(kind: Kind, what: str, record: Record | None, form: Form, problem: BadValue | None) -> tuple[str, int]:
    catalog = current()
    return render_template(
        "record_form.html",
        kind=kind,
        what=what,
        record=record,
        title=_title(record) if record else "",
        inputs=inputs(FORMS[kind.name, what], catalog),
        boot=form_boot(),
        given=form,
        problem=problem,
        as_of=as_of(),
    ), status_of(problem)


def _copy() -> Record | None:
    """Return name, size and digest of the copy that a request sends along; the copy itself is not kept."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    with closing(sent):
        digest, size = hashlib.sha256(), 0
        while part := sent.stream.read(1 << 20):
            digest.update(part)
            size += len(part)
    name = sent.filename.replace("\\", "/").rpartition("/")[2][:200]
    return {"name": name, "bytes": size, "sha256": digest.hexdigest()}


def _find(kind: Kind, id_: str, catalog: Catalog) -> Record:
    records = kind.records(catalog)
    if id_ not in records:
        raise NotFound(kind.singular, id_, ())
    return dict(records[id_])


def _title(record: Record) -> str:
    lang = language()
    supplied = (record.get("supplied_title") or {}).get(lang)
    names = [record.get(name) for name in (f"title_{lang}", "title", f"name_{lang}")]
    return str(next(filter(None, [*names, supplied, record.get("author"), record["id"]])))


def _fits(what: str, record: Record) -> bool:
    """Tell whether a change makes sense for a record as it is."""
    if what == "second":
        return "reliability" in record["verification"]
    if what == "detach":
        return bool(record["supports"])
    if what in ("merge", "unmerge"):
        return bool(record.get("merged_into")) == (what == "unmerge")
    return True


_LEFT_OUT = ("verification", "supports", "merged_into")


def _rows(record: Record, catalog: Catalog) -> list[tuple[str, str, str | None]]:
    """Return the members of a record: name, text, and address of an external link."""
    rows = []
    for name, value in record.items():
        if name in _LEFT_OUT or value in (None, "", []):
            continue
        leads = (
            str(value) if name in ("url", "archived_url") and str(value).startswith(("https://", "http://")) else None
        )
        rows.append((name, _shown(name, value, catalog), leads))
    return rows


def _shown(name: str, value: Any, catalog: Catalog) -> str:
    """Return a value of a record as text in the language of the page."""
    lang = language()
    if value is None or value in ("", []):
        return "–"
    if name == "kind":
        vocabulary = catalog.vocabulary()
        label = vocabulary["source_kind"].get(value) or vocabulary["actor_kind"].get(value) or {lang: value}
        return str(label[lang])
    if name == "verification":
        status = catalog.vocabulary()["verification"][value["status"]][lang]
        return f"{sources.marks({'verification': value})} {status}".strip()
    if name == "file":
        return f"{value['name']} · {value['bytes']} · sha256 {value['sha256']}"
    if isinstance(value, Mapping):
        return runs(str(value[lang]), lang) if lang in value else json.dumps(value, ensure_ascii=False)
    return word("comma").join(map(str, value)) if isinstance(value, list) else str(value)


def _grades(record: Record, catalog: Catalog) -> list[dict[str, Any]]:
    """Return the marks of the readers, the first one's first."""
    first, lang, words = record["verification"], language(), catalog.vocabulary()
    return [
        {
            **reader,
            "mark": f"{reader['reliability']}{reader['credibility']}",
            "words": word("comma").join(words[name][reader[name]][lang] for name in ("reliability", "credibility")),
        }
        for reader in (first, first.get("second"))
        if reader and "reliability" in reader
    ]


def _place(id_: str, catalog: Catalog) -> dict[str, Any]:
    """Return what a source speaks of: its name, and where it is shown."""
    if id_ in catalog.claims():
        return {"id": id_, "name": catalog.claims()[id_]["title"], "claim": True, "layer": None}
    try:
        feature = catalog.feature(id_)
    except NotFound:
        return {"id": id_, "name": None, "claim": False, "layer": None}
    return {"id": id_, "name": feature.name, "claim": False, "layer": feature.layer}


def _change(entry: Record, catalog: Catalog) -> dict[str, Any]:
    vocabulary, lang = catalog.vocabulary()["record_change"], language()
    changes: Sequence[tuple[str, str, str]] = [
        (name, _shown(name, before, catalog), _shown(name, after, catalog))
        for name, before, after in (differences(entry["before"], entry["after"]) if entry["before"] else ())
    ]
    return {**entry, "said": vocabulary.get(entry["what"], {lang: entry["what"]})[lang], "differences": changes}
