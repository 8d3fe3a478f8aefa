"""A result by its id: asked again of the layers as they are now, beside what it was, and how to cite it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata import registry
from geodata.catalog import current, workspace
from geodata.citations.cite import cite
from geodata.citations.records import Results
from geodata.citations.rerun import again
from geodata.errors import NotFound
from webapp.auth import public_write
from webapp.base_url import base
from webapp.i18n import language
from webapp.page_context import as_of
from webapp.result_cache import ask
from webapp.result_figures import figures

blueprint = Blueprint("results", __name__)


@blueprint.get("/r")
def cited() -> ResponseReturnValue:
    """Ask `analysis` with the other parameters, and lead to the page of the result, where it is cited."""
    parameters = request.args.to_dict()
    parameters.pop("lang", None)
    name = parameters.pop("analysis", "")
    if name not in registry.analyses():
        raise NotFound("analysis", name, registry.analyses())
    answer = ask(name, parameters)
    Results(workspace()).remember(answer)
    return redirect(url_for("results.result", id_=answer.id, lang=language()), 303)


@blueprint.get("/r/<id_>")
def result(id_: str) -> str:
    """The question, the answer then and now, and what changed in between."""
    results = Results(workspace())
    cited = results.read(id_).cited_at is not None
    citation = cite(id_, results, current(), url=f"{base()}/r/{id_}") if cited else None
    return _page(again(id_, results, current()), citation=citation)


@blueprint.get("/r/<id_>.json")
def result_json(id_: str) -> Response:
    """The same as data."""
    answer = jsonify(again(id_, Results(workspace()), current()))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/r/<id_>/cite")
@public_write
def citation(id_: str) -> ResponseReturnValue:
    """Keep the versions a result rests on, and lead to its citation."""
    cite(id_, Results(workspace()), current())
    return redirect(url_for("results.result", id_=id_, lang=language()), 303)


def _page(answer: Mapping[str, Any], citation: Mapping[str, Any] | None) -> str:
    analysis = registry.analyses()[answer["analysis"]]
    titles = {parameter.name: parameter.title for parameter in analysis.parameters}
    parameters = {name: value for name, value in answer["parameters"].items() if value not in (None, "", False)}
    return render_template(
        "result.html",
        answer=answer,
        analysis=analysis,
        asked=[(titles.get(name, {"en": name, "ar": name}), _called(value)) for name, value in parameters.items()],
        figures=list(figures(analysis.name, answer["then"], answer["now"])),
        citation=citation,
        sources=current().sources(),
        as_of=as_of(),
    )


def _called(value: Any) -> str:
    """Return a parameter's value by its name in the page's language, and as written."""
    if isinstance(value, list | tuple):
        return ", ".join(_called(item) for item in value)
    if not isinstance(value, str):
        return f"{value:g}" if isinstance(value, float) else str(value)
    title = current().title(value)
    return f"{title[language()]} ({value})" if title else value
