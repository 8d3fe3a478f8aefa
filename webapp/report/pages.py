"""The report's addresses: the page that is printed, and the same as PDF where a Chromium is found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup

from geodata.errors import BadValue
from geodata.messages import one_of
from webapp.i18n import LANGUAGES, language, quantity, word
from webapp.page_context import as_of
from webapp.report import additions, content, pdf, svgmap
from webapp.ruler import strip

blueprint = Blueprint("report", __name__)


@blueprint.get("/report/claims/<id_>")
def claim(id_: str) -> str:
    """One claim as a document."""
    return _page(content.of_claim(id_))


@blueprint.get("/report/claims/<id_>.pdf")
def claim_pdf(id_: str) -> Response:
    """One claim as PDF."""
    return _pdf(content.of_claim(id_))


@blueprint.get("/report/<name>")
def report(name: str) -> str:
    """The answer to a question as a document."""
    return _page(content.of_analysis(name))


@blueprint.get("/report/<name>.pdf")
def report_pdf(name: str) -> Response:
    """The answer to a question as PDF."""
    return _pdf(content.of_analysis(name))


def _languages() -> tuple[str, ...]:
    requested = request.args.get("lang")
    if requested == "both":
        return LANGUAGES
    if requested is not None and requested not in LANGUAGES:
        raise BadValue("lang", requested, one_of((*LANGUAGES, "both")))
    return (language(),)


def _page(context: dict[str, Any]) -> str:
    return _document(context, styles=None, printable=pdf.chromium() is not None)


def _pdf(context: dict[str, Any]) -> Response:
    printed = pdf.make(_document(context, styles=pdf.styles(), printable=False), rtl=_languages() == ("ar",))
    response = Response(printed, mimetype="application/pdf")
    name = f"masafa-{context['kind']}-{context['answer']['result_id']}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _document(context: dict[str, Any], styles: str | None, printable: bool) -> str:
    languages = _languages()
    head = {"handling": content.free_text("handling"), "author": content.free_text("author")}
    sections = [_section(context, lang, head) for lang in languages]
    query = request.args.to_dict()
    own = None
    if context["additions"]:
        own = f"?{urlencode({**query, 'own': '0' if additions.included() else '1'})}"
    links = {lang: f"?{urlencode({**query, 'lang': lang})}" for lang in (*LANGUAGES, "both")}
    first = languages[0]
    return render_template(
        "report.html",
        sections=sections,
        # Every character of it is escaped for CSS, so no sign of it can end the style.
        running=Markup(pdf.running(head["handling"])),  # nosec B704
        heading=context["title"][first],
        lang=first,
        dir="rtl" if first == "ar" else "ltr",
        t=lambda key, **values: word(key, first, **values),
        styles=None if styles is None else Markup(styles),  # nosec B704
        links=links,
        own=own,
        own_included=additions.included(),
        chosen="both" if len(languages) > 1 else first,
        pdf=f"{request.path}.pdf?{urlencode({**query, 'lang': 'both' if len(languages) > 1 else first})}"
        if printable
        else None,
    )


def _section(context: dict[str, Any], lang: str, head: dict[str, str]) -> Markup:
    catalog, ruler = context["catalog"], context["ruler"]
    drawing = svgmap.of(context["shapes"], context["features"], catalog, lang)
    line = ruler["ruler"]["line"] if ruler else {}
    sides = {side: catalog.feature(line[side]).name if line.get(side) else None for side in ("left", "right")}
    shown = drawing["layers"] if drawing else []
    used = dict.fromkeys((*context["answer"]["inputs"]["layers"], *shown))
    text = render_template(
        "report_section.html",
        **{**context, **head},
        lang=lang,
        dir="rtl" if lang == "ar" else "ltr",
        t=lambda key, **values: word(key, lang, **values),
        qty=lambda display: quantity(display, lang),
        map=drawing,
        strip_drawing=strip.of(ruler["ruler"], ruler["gaps"], lang) if ruler else None,
        sides=sides,
        own_included=context["additions"] and additions.included(),
        outlet=lambda id_: _outlet(catalog.sources().get(id_, {}), id_),
        country=lambda id_: catalog.feature(id_).name[lang],
        vocabulary=catalog.vocabulary(),
        used=[catalog.layer(id_) for id_ in used if id_ in catalog.ids()],
        as_of=as_of(),
    )
    # Rendered with autoescape just above.
    return Markup(text)  # nosec B704


def _outlet(record: Mapping[str, Any], id_: str) -> str:
    return str(record.get("outlet") or record.get("author") or record.get("title") or id_)
