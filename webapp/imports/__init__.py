"""Import a file by the page: upload, preview and correct, import with progress, report."""

from __future__ import annotations

import io
import json
from contextlib import closing, suppress
from itertools import count
from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from geodata.catalog import Catalog, current
from geodata.errors import BadValue, MasafaError
from geodata.formats import registry
from geodata.formats.encodings import ENCODINGS
from geodata.importing.attributes import layer_title
from geodata.importing.dates import ORDERS as DATE_ORDERS
from geodata.importing.delimited import ENDINGS
from geodata.importing.delimiters import DELIMITERS
from geodata.importing.options import ORDERS, ImportOptions
from geodata.importing.preview import Preview, preview
from geodata.importing.profiles import PROFILES, ROLES
from geodata.importing.source_file import PACKED
from geodata.importing.worker import SHEET, TEXT
from geodata.model import SCHEMA, Layer
from webapp.auth import sign_in_required, signed_in
from webapp.errors import status_of
from webapp.i18n import language
from webapp.imports import background, mini_map, sample, uploads
from webapp.imports.background import LISTED
from webapp.imports.forms import ANSWER, COLUMN, GUESSED, KM, QUESTION, answered, read_options
from webapp.imports.uploads import Upload
from webapp.jobs import OVER
from webapp.page_context import as_of, boot
from webapp.security import MAX_FILE

blueprint = Blueprint("imports", __name__, url_prefix="/import")

SHOWN = 20
"""Rows of the file that a page shows."""
NAMES = {"column": COLUMN, "guessed": GUESSED, "answer": ANSWER, "question": QUESTION, "kilometres": KM}
"""What the names of fields begin with."""


@blueprint.after_request
def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("")
def begin() -> ResponseReturnValue:
    """The way in, and what was brought in before."""
    return _page(
        "import.html",
        own=_imported(current()),
        accepted=_endings(),
        most=MAX_FILE,
        sample=sample.rows(),
        undone=request.args.get("undone", ""),
        boot=boot(signed_in=signed_in()),
    )


@blueprint.get("/sample.csv")
def sample_file() -> Response:
    """The sample as a file."""
    response = Response(sample.content(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{sample.NAME}"'
    return response


@blueprint.post("/sample")
def try_sample() -> ResponseReturnValue:
    """Take the sample as if it had been sent."""
    upload = uploads.keep(io.BytesIO(sample.content()), sample.NAME)
    return redirect(url_for("imports.looked", token=upload.token, lang=language()), 303)


@blueprint.post("/files")
def send() -> ResponseReturnValue:
    """Take a file; a script is answered with the address at which it is looked at."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise BadValue("file", "", "file")
    with closing(sent):
        upload = uploads.keep(sent.stream, sent.filename)
    address = url_for("imports.looked", token=upload.token)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify({"schema": SCHEMA, "location": address}), 201, {"Location": address}
    return redirect(f"{address}?lang={language()}", 303)


@blueprint.get("/<token>")
@sign_in_required
def looked(token: str) -> ResponseReturnValue:
    """What the file is found to be, and what its rows become."""
    return _looked(uploads.find_upload(token), {})


@blueprint.post("/<token>")
def put(token: str) -> ResponseReturnValue:
    """Preview again with the corrections, or import the file."""
    upload, form = uploads.find_upload(token), request.form.to_dict()
    if form.get("action") not in ("load", "table"):
        return _looked(upload, form)
    try:
        options = read_options(form)
        if not options.layer:
            raise BadValue("layer", "", "slug")
        rows = form.get("rows", "")
        background.begin(upload, options, int(rows) if rows.isdecimal() and len(rows) < 16 else None)
    except MasafaError as error:
        return _looked(upload, form, error)
    return redirect(url_for("imports.job", token=token, lang=language()), 303)


@blueprint.get("/<token>/job")
@sign_in_required
def job(token: str) -> ResponseReturnValue:
    """The progress of an import, then its report."""
    current_job = background.find_import(token)
    return _page(
        "import_job.html",
        job=current_job,
        status=background.status(current_job),
        report=background.report(current_job),
        address=background.status(current_job).get("address"),
        over=current_job.state in OVER,
        boot=boot(),
    )


@blueprint.get("/<token>/job.json")
@sign_in_required
def progress(token: str) -> ResponseReturnValue:
    """The same for the script."""
    return jsonify({"schema": SCHEMA, **background.status(background.find_import(token))})


@blueprint.post("/<token>/cancel")
def cancel(token: str) -> ResponseReturnValue:
    """End it; what was read is thrown away."""
    background.cancel(token)
    return redirect(url_for("imports.job", token=token, lang=language()), 303)


@blueprint.post("/<token>/undo")
def undo(token: str) -> ResponseReturnValue:
    """Put the layer back as it was before the import."""
    job = background.find_import(token)
    background.undo(job)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify({"schema": SCHEMA, "undone": job.name})
    return redirect(url_for("imports.begin", lang=language(), undone=job.name), 303)


@blueprint.post("/<token>/drop")
def drop(token: str) -> ResponseReturnValue:
    """Take a file away that is not wanted after all."""
    uploads.find_upload(token).drop()
    return redirect(url_for("imports.begin", lang=language()), 303)


def _looked(upload: Upload, form: dict[str, str], problem: MasafaError | None = None) -> ResponseReturnValue:
    """Show a file as it is understood; where it cannot be, why, and what could be put right."""
    seen: Preview | None = None
    try:
        seen = preview(upload.path, upload.name, read_options(form), current(), shown=SHOWN)
    except MasafaError as error:
        problem = problem or error
        # The form is shown as the file alone would have it, so that what was asked for can be put right.
        with suppress(MasafaError):
            seen = preview(upload.path, upload.name, ImportOptions(), current(), shown=SHOWN)
    layer = form.get("layer", "").strip() or (seen.meaning.layer if seen else "")
    catalog = current()
    page = _page(
        "import_look.html",
        imported=_imported(catalog),
        fresh=next(id_ for id_ in (f"{layer}-{number}" for number in count(2)) if id_ not in catalog.ids()),
        upload=upload,
        form=form,
        seen=seen,
        problem=problem,
        layer=layer,
        title=layer_title(upload.name),
        before=catalog.layer(layer) if layer in catalog.ids() else None,
        cards=_cards(seen, form),
        mini_map=mini_map.drawn(seen.points, catalog) if seen else None,
        roles=ROLES,
        profiles=PROFILES.values(),
        encodings=ENCODINGS,
        delimiters=DELIMITERS,
        formats=[TEXT, SHEET, *(name for name in registry.READABLE if name not in ("csv", SHEET))],
        orders=ORDERS,
        dates=DATE_ORDERS,
        time_zones=sorted(available_timezones()),
        text=TEXT,
        listed=LISTED,
        vocabulary=catalog.vocabulary(),
        boot=boot(signed_in=True),
        **NAMES,
    )
    return page, status_of(problem)


def _cards(seen: Preview | None, form: dict[str, str]) -> list[dict[str, Any]]:
    """Return the questions that are open and those that the form has answered, each with its answers as values."""
    asked = [*answered(form), *(seen.questions if seen else ())]
    cards: dict[str, dict[str, Any]] = {}
    for question in asked:
        answers = [{"text": one.text, "value": json.dumps(dict(one.options))} for one in question.answers]
        cards.setdefault(
            question.topic,
            {
                "topic": question.topic,
                "text": question.text,
                "answers": answers,
                "given": form.get(f"{ANSWER}{question.topic}"),
                "form": json.dumps(question.to_form(), ensure_ascii=False),
            },
        )
    return list(cards.values())


def _imported(catalog: Catalog) -> list[Layer]:
    """Return the layers that were imported from files."""
    return [layer for layer in catalog.layers() if "imported" in layer.entry]


def _endings() -> list[str]:
    endings = [*ENDINGS, *(ending for file_format in registry.READABLE.values() for ending in file_format.extensions)]
    return list(dict.fromkeys([*endings, *PACKED]))


def _page(template: str, **values: Any) -> str:
    return render_template(template, as_of=as_of(), **values)
