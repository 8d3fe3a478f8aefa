"""The pages, each with its data twin: read the request, ask, render."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata import registry
from geodata.catalog import current, shipped
from geodata.claims.checks import VERDICTS
from geodata.errors import BadValue
from geodata.map_file import single_file
from geodata.messages import one_of
from geodata.model import SCHEMA
from geodata.records.sources import marks, supporting
from geodata.version import __version__
from webapp import charts, cors, feature_edits
from webapp.auth import signed_in
from webapp.i18n import LANGUAGES, language
from webapp.page_context import as_of, boot, page_number
from webapp.result_cache import ask, remember
from webapp.source_groups import GROUPS, source_page

blueprint = Blueprint("pages", __name__)
cors.wire(blueprint)

FIRST_CLAIM = "prison-10km"


@blueprint.get("/")
def index() -> str:
    """The map, with one claim reported beside measured."""
    claims = {item["id"]: item for item in ask("claims", {}).to_dict()["items"]}
    claim_id = request.args.get("claim", FIRST_CLAIM)
    claim = claims.get(claim_id, claims[FIRST_CLAIM])
    editing = {"layers": feature_edits.layers(), "who": feature_edits.who()} if signed_in() else None
    begin = boot(claim=claim["id"], claim_features=list(claim["features"]), signed_in=signed_in(), editing=editing)
    return render_template(
        "map.html",
        claim=_displayed(claim),
        closed=claim_id == "none",
        boot=begin,
        sources=current().sources(),
        as_of=as_of(),
    )


@blueprint.get("/claims")
def claims() -> str:
    """The ledger of claims."""
    result = ask("claims", {})
    answer = result.to_dict()
    verdict = request.args.get("verdict")
    shown = [_displayed(item) for item in answer["items"] if verdict not in VERDICTS or item["verdict"] == verdict]
    return render_template(
        "claims.html",
        items=shown,
        counts=answer["counts"],
        total=len(answer["items"]),
        cited=result.id if remember(result) is None else None,
        verdict=verdict if verdict in VERDICTS else None,
        modalities=current().vocabulary()["modality"],
        further=_further(shown),
        sources=current().sources(),
        as_of=as_of(),
    )


@blueprint.get("/claims.json")
def claims_json() -> Response:
    """The ledger as data."""
    return jsonify(ask("claims", {}).to_dict())


@blueprint.get("/sources")
def sources() -> str:
    """The source records by what they support, a page at a time."""
    catalog = current()
    text, group = request.args.get("q", "").strip(), request.args.get("of", "")
    if group and group not in GROUPS:
        raise BadValue("of", group, one_of(GROUPS))
    return render_template(
        "sources.html",
        listed=source_page(catalog, text, group, page_number(request.args.get("page", "1"))),
        text=text,
        group=group,
        groups=GROUPS,
        grades=marks,
        verification=catalog.vocabulary()["verification"],
        as_of=as_of(),
    )


@blueprint.get("/sources.json")
def sources_json() -> Response:
    """Every source record as data."""
    return jsonify({"schema": SCHEMA, "sources": list(current().sources().values())})


@blueprint.get("/actors")
def actors() -> str:
    """Who acts, who belongs to whom, and how the events bear on each other."""
    catalog = current()
    events = catalog.layer("events").features
    return render_template(
        "actors.html",
        actors=catalog.actors(),
        events={event.id: event for event in events},
        names={event.id: event.name for event in events},
        vocabulary=catalog.vocabulary(),
        sources=catalog.sources(),
        as_of=as_of(),
    )


@blueprint.get("/actors.json")
def actors_json() -> Response:
    """Actors, and the relations between events, as data."""
    catalog = current()
    relations = [
        {"event": event.id, **relation}
        for event in catalog.layer("events").features
        for relation in event.properties["relations"]
    ]
    return jsonify({"schema": SCHEMA, "actors": list(catalog.actors().values()), "relations": relations})


@blueprint.get("/layers/<name>")
def layer(name: str) -> ResponseReturnValue:
    """The table of a layer; a large layer is redirected to the page of events."""
    catalog = current()
    selected = catalog.layer(name)
    if selected.stored is not None:
        return redirect(url_for("events.page", layer=name, lang=language()), 303)
    small = [other for other in catalog.layers() if other.stored is None]
    uncertainties = {feature.id: selected.uncertainty(feature) for feature in selected.features}
    return render_template(
        "layer.html",
        layer=selected,
        layers=catalog.layers(),
        uncertainties=uncertainties,
        vocabulary=catalog.vocabulary(),
        sources=catalog.sources(),
        actors=catalog.actors(),
        names={feature.id: feature.name for other in small for feature in other.features},
        as_of=as_of(),
    )


@blueprint.get("/layers/<name>.json")
def layer_json(name: str) -> ResponseReturnValue:
    """A layer's catalogue entry and the properties of its features as data; of a large one, a page of events."""
    layer = current().layer(name)
    if layer.stored is not None:
        return redirect(url_for("events.items", layer=name), 303)
    cors.allow(layer)
    items = [{"id": feature.id, **feature.properties} for feature in layer.features]
    return jsonify({"schema": SCHEMA, "layer": dict(layer.entry), "version": layer.version, "items": items})


@blueprint.get("/layers/<name>.geojson")
def layer_geojson(name: str) -> ResponseReturnValue:
    """A layer as GeoJSON, whole or, with display=1, as it is drawn."""
    catalog = current()
    if catalog.layer(name).stored is not None:
        return redirect(url_for("exports.file", name=name, format="geojson"), 303)
    drawn = request.args.get("display") == "1"
    data = (catalog.display_path(name) if drawn else catalog.layer_path(name)).read_bytes()
    response = Response(data, content_type="application/geo+json")
    cors.allow(catalog.layer(name))
    if not drawn:
        response.headers["Content-Disposition"] = f'attachment; filename="masafa-{name}.geojson"'
    return response


@blueprint.get("/about")
def about() -> str:
    """What this is, how it measures, what it does not say."""
    analyses = [analysis.describe() for analysis in registry.analyses().values()]
    catalog = current()
    return render_template("about.html", analyses=analyses, layers=catalog.layers(), version=__version__, as_of=as_of())


@blueprint.get("/accessibility")
def accessibility() -> str:
    """The accessibility statement: standard, tests, known limits."""
    return render_template("accessibility.html", version=__version__, as_of=as_of())


@blueprint.get("/about.json")
def about_json() -> Response:
    """The analyses and the layers, as data."""
    layers = [
        {**layer.entry, "version": layer.version, "features": len(layer.features)} for layer in current().layers()
    ]
    analyses = [analysis.describe() for analysis in registry.analyses().values()]
    return jsonify({"schema": SCHEMA, "version": __version__, "analyses": analyses, "layers": layers})


@blueprint.get("/export/map.html")
def export_map() -> Response:
    """The shipped map as one file that opens from disk."""
    response = Response(_single_file(language()), content_type="text/html; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="masafa-map.html"'
    return response


@lru_cache(maxsize=len(LANGUAGES))
def _single_file(lang: str) -> bytes:
    return single_file(shipped(), shipped().ids(), lang)


def _further(claims: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return by claim the sources attached to it that its record does not name already."""
    attached = supporting(current())
    named = {
        claim["id"]: {claim["source"], *(statement.get("source") for statement in claim.get("statements") or ())}
        for claim in claims
    }
    return {id_: [source for source in attached.get(id_, ()) if source not in cited] for id_, cited in named.items()}


def _displayed(claim: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim with its display fields: formatted figures and the chart."""
    feature = current().feature(claim["features"][0]) if claim["features"] else None
    return {**claim, **charts.of(claim), "where": feature.id if feature and feature.geometry is not None else None}
