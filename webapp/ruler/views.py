"""The border ruler's page: any line straightened, what lies along it, and the stretches where nothing does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request

from geodata.analysis.number_format import kilometre
from geodata.catalog import Catalog, current
from geodata.errors import MasafaError
from webapp.errors import status_of
from webapp.i18n import language
from webapp.page_context import MAIN_BORDER, as_of, boot
from webapp.result_cache import ask
from webapp.ruler import strip

blueprint = Blueprint("ruler", __name__)

DEFAULTS = {"km": "60", "gap": "25", "of": "sites,events"}
OWN = ("reverse", "zero", "pillars", "kind")


@blueprint.get("/ruler")
def ruler() -> str | tuple[str, int]:
    """The ruler of one line; an invalid input is shown on the page, with what is allowed."""
    catalog = current()
    defaults = {"line": catalog.reference(MAIN_BORDER), **DEFAULTS}
    parameters = {name: request.args.get(name, "").strip() or value for name, value in defaults.items()}
    own = {name: value for name in OWN if (value := request.args.get(name, "").strip())}
    inputs = {"layer": parameters["line"], "km": parameters["km"], "of": parameters["of"], **own}
    # Gaps are asked of the sites alone, unless layers are named.
    named = request.args.get("of", "").strip() or "sites"
    gap_inputs = {"layer": parameters["line"], "km": parameters["gap"], "of": named, **own}
    lines = _lines(catalog)
    context = {
        "asked": {**parameters, **own},
        "inputs": inputs,
        "gap_inputs": gap_inputs,
        "gap_layers": [catalog.layer(id_).title for id_ in named.split(",") if id_ in catalog.ids()],
        "lines": lines,
        "named": any(parameters["line"] == line["id"] for group in lines for line in group["items"]),
    }
    try:
        answer = ask("ruler", inputs).to_dict()
        gaps = ask("gaps", gap_inputs).to_dict()
        profile = ask("profile", inputs).to_dict()
    except MasafaError as error:
        page = render_template(
            "ruler.html",
            problem=error,
            answer=None,
            gaps=None,
            drawing=None,
            boot=boot(),
            as_of=as_of(),
            **context,
        )
        return page, status_of(error)
    wall = _wall(parameters["line"], catalog, answer, bool(own.get("reverse")))
    coverage = ask("coverage", {"layer": parameters["line"], "of": wall["id"]}).to_dict() if wall else None
    drawing = strip.of(answer, gaps, language(), wall=wall)
    own_boot = {
        "line": answer["line"]["id"],
        "layer": answer["line"]["layer"],
        "inputs": inputs,
        "start_m": drawing["start_m"],
        "end_m": drawing["end_m"],
    }
    return render_template(
        "ruler.html",
        problem=None,
        answer=answer,
        gaps=gaps,
        drawing=drawing,
        profile={"by": profile["by"], "bin_km": profile["bin_km"], "bars": strip.bars(profile)},
        coverage=coverage,
        sides=_sides(answer, catalog),
        sources=catalog.sources(),
        vocabulary=catalog.vocabulary(),
        boot=boot(ruler=own_boot),
        as_of=as_of(),
        **context,
    )


def _lines(catalog: Catalog) -> list[dict[str, Any]]:
    """Return the lines that can be ruled, by layer."""
    return [
        {"title": layer.title, "items": [{"id": feature.id, "name": feature.name} for feature in layer.features]}
        for layer in catalog.line_layers()
    ]


def _sides(answer: Mapping[str, Any], catalog: Catalog) -> dict[str, Any]:
    """Return the names of what lies on either side, where the line says so."""
    ids = {side: answer["line"][side] for side in ("left", "right")}
    return {side: catalog.feature(id_).name if id_ else None for side, id_ in ids.items()}


def _wall(line: str, catalog: Catalog, answer: Mapping[str, Any], reverse: bool) -> dict[str, Any] | None:
    """Return the announced stretch that was drawn along this line, as it is ruled; None where there is none."""
    for feature in catalog.layer("wall").features if "wall" in catalog.ids() else ():
        about = feature.properties
        if about.get("border") != line:
            continue
        start = float(about["start_chainage_m"])
        end = start + float(about["announced_length_m"])
        if reverse:
            length = float(answer["line"]["length_m"])
            start, end = length - end, length - start
        ends = [at + answer["line"]["start_m"] for at in (start, end)]
        # Official kilometres are known at the pillars and the places, not at the ends of what was announced.
        shown = [None, None] if answer["calibration"] else [kilometre(at) for at in ends]
        return {"id": feature.id, "start_m": ends[0], "end_m": ends[1], "start_km": shown[0], "end_km": shown[1]}
    return None
