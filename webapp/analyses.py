"""A page for any analysis of the registry: a form made of its parameters, which leads to the page of the result."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata import registry
from geodata.analysis.base import Analysis
from geodata.catalog import current, workspace
from geodata.citations.records import Results
from geodata.errors import MasafaError, NotFound
from webapp.errors import status_of
from webapp.i18n import language
from webapp.page_context import as_of, form_boot
from webapp.picker import PARAMETERS, resolved
from webapp.result_cache import ask

blueprint = Blueprint("analyses", __name__)


@blueprint.get("/analyses/<name>")
def analysis(name: str) -> ResponseReturnValue:
    """The form of an analysis; with `action=measure` the way to its result. Errors are shown on the page."""
    if name not in registry.analyses():
        raise NotFound("analysis", name, registry.analyses())
    entry = registry.analyses()[name]
    values = {
        parameter.name: resolved(text, PARAMETERS[parameter.kind], current()) if parameter.kind in PARAMETERS else text
        for parameter in entry.parameters
        if (text := request.args.get(parameter.name, "").strip())
    }
    if request.args.get("action") != "measure":
        return _page(entry, values, None)
    try:
        result = ask(name, values)
        Results(workspace()).remember(result)
    except MasafaError as error:
        return _page(entry, values, error), status_of(error)
    return redirect(url_for("results.result", id_=result.id, lang=language()), 303)


def _page(entry: Analysis, values: dict[str, str], problem: MasafaError | None) -> str:
    return render_template(
        "analysis.html",
        analysis=entry,
        values=values,
        problem=problem,
        boot=form_boot(),
        as_of=as_of(),
    )
