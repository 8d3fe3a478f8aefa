"""Adding to the ledger: a claim of one's own with its source, tested as it is written; for who has signed in."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from geodata.analysis import direction
from geodata.catalog import current, workspace
from geodata.claims import add as ledger
from geodata.errors import BadValue
from webapp.auth import sign_in_required
from webapp.errors import status_of
from webapp.i18n import language
from webapp.page_context import as_of, form_boot
from webapp.picker import resolved_form

blueprint = Blueprint("ledger", __name__)


@blueprint.get("/claims/new")
@sign_in_required
def new() -> ResponseReturnValue:
    """The form."""
    return _page({}, None)


@blueprint.post("/claims/new")
def add() -> ResponseReturnValue:
    """Write the claim and show it in the ledger; errors are shown beside the input."""
    form = resolved_form(request.form, current())
    try:
        claim = ledger.add(form, workspace(), current())
    except BadValue as error:
        return _page(form, error), status_of(error)
    return redirect(url_for("pages.claims", lang=language(), _anchor=claim["id"]), 303)


def _page(form: dict[str, str], problem: BadValue | None) -> str:
    catalog = current()
    return render_template(
        "claim_new.html",
        given=form,
        problem=problem,
        tests=ledger.TESTS,
        modalities=[(word, catalog.vocabulary()["modality"][word]) for word in ledger.MODALITIES],
        directions=direction.NAMES,
        boot=form_boot(),
        as_of=as_of(),
    )
