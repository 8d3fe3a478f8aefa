"""A result by its id: asked again of the layers as they are now, beside what it was, and how to cite it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata import analysis
from geodata.analysis.again import again
from geodata.analysis.cite import cite
from geodata.catalog import current, workspace
from geodata.errors import NotFound
from geodata.store.results import Results
from webapp import charts
from webapp.address import base
from webapp.answers import ask
from webapp.boot import as_of
from webapp.i18n import language
from webapp.security import same_site

blueprint = Blueprint("results", __name__)

SHOWN = ("display", "chainage_display", "interval_display", "azimuth_display")
"""Where an answer writes its figures for people."""


@blueprint.get("/r")
def cited() -> ResponseReturnValue:
    """Ask `analysis` with the other parameters, and lead to the page of the result, where it is cited."""
    given = request.args.to_dict()
    given.pop("lang", None)
    name = given.pop("analysis", "")
    if name not in analysis.registry():
        raise NotFound("analysis", name, analysis.registry())
    made = ask(name, given)
    Results(workspace()).remember(made)
    return redirect(url_for("results.result", id_=made.id, lang=language()), 303)


@blueprint.get("/r/<id_>")
def result(id_: str) -> str:
    """What was asked, the answer then and now, and what changed in between."""
    results = Results(workspace())
    cited = results.read(id_).cited_at is not None
    made = cite(id_, results, current(), url=f"{base()}/r/{id_}") if cited else None
    return _page(again(id_, results, current()), citation=made)


@blueprint.get("/r/<id_>.json")
def result_json(id_: str) -> Response:
    """The same as data."""
    answer = jsonify(again(id_, Results(workspace()), current()))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/r/<id_>/cite")
def citation(id_: str) -> ResponseReturnValue:
    """Keep the versions a result rests on, and lead to its citation; refused when another site asks for it."""
    same_site()
    cite(id_, Results(workspace()), current())
    return redirect(url_for("results.result", id_=id_, lang=language()), 303)


def _page(answer: Mapping[str, Any], citation: Mapping[str, Any] | None) -> str:
    made = analysis.registry()[answer["analysis"]]
    titles = {parameter.name: parameter.title for parameter in made.parameters}
    asked = {name: value for name, value in answer["parameters"].items() if value not in (None, "", False)}
    return render_template(
        "result.html",
        answer=answer,
        analysis=made,
        asked=[(titles.get(name, {"en": name, "ar": name}), _called(value)) for name, value in asked.items()],
        figures=list(_figures(answer["then"], answer["now"])),
        citation=citation,
        sources=current().sources(),
        as_of=as_of(),
    )


def _called(value: Any) -> str:
    """Return what was asked by its name in the page's language, and as it was given."""
    if isinstance(value, list | tuple):
        return ", ".join(_called(one) for one in value)
    if not isinstance(value, str):
        return f"{value:g}" if isinstance(value, float) else str(value)
    title = current().title(value)
    return f"{title[language()]} ({value})" if title else value


def _figures(then: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    """Yield, for each thing an answer is about, its figures then and now as people read them."""
    held = {id_: item for answer in (now, then) if answer for id_, item in _items(answer)}
    before, after = (dict(_items(answer)) if answer else {} for answer in (then, now))
    for id_ in held:
        was, is_ = before.get(id_), after.get(id_)
        shown = [_shown(item) for item in (was, is_)]
        if any(shown):
            yield {"name": held[id_]["name"], "then": shown[0], "now": shown[1], "changed": shown[0] != shown[1]}


def _shown(item: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if item is None:
        return None
    if item.get("verdict"):
        return {**item, **charts.of(item)}
    return next((item[key] for key in SHOWN if item.get(key)), None)


def _items(answer: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    items = answer.get("items")
    for item in items if isinstance(items, list) else [answer]:
        name = item.get("name") or item.get("title") or item.get("words")
        if name:
            yield str(item.get("id", item.get("start_m"))), {**item, "name": name}
