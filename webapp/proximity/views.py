"""The proximity table's page: many positions to the nearest of what is chosen; held in the request, never stored."""

from __future__ import annotations

import math
from collections.abc import Mapping
from threading import BoundedSemaphore
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import ServiceUnavailable

from geodata.analysis import measure, number_format, proximity_table
from geodata.analysis.targets import EACH, Targets
from geodata.catalog import Catalog, current
from geodata.errors import BadValue, MasafaError
from geodata.messages import one_of
from geodata.model import Result
from webapp.auth import public_write
from webapp.errors import status_of
from webapp.i18n import language
from webapp.page_context import MAIN_BORDER, as_of, page_number
from webapp.proximity.downloads import csv_of, geojson_of
from webapp.proximity.rows import RowSource, narrowed, row_source, uploaded

blueprint = Blueprint("proximity", __name__)

SHOWN = 200
"""Rows on one page; the downloads have all."""
GROUPS = ("by_governorate", "by_country")
"""Summaries whose groups are features, and have names."""
SORTS = ("line", "name", "date", "distance")
"""In the order of the columns that they sort by."""
UNDATED = "9999"
"""Where a row without a date stands among days: last."""
WORDS = ("certainly", "possibly", "no", "unknown")
LISTED = 100
"""Unread rows, and warnings, that a page lists; more are counted."""
DEFAULTS: Mapping[str, str] = {"bands": str(proximity_table.BANDS.default), "order": "lat,lon", "sort": "line"}
_turns = BoundedSemaphore(2)
PATIENCE = 5.0


@blueprint.route("/proximity", methods=["GET", "POST"])
@public_write
def proximity() -> Any:
    """The form, and the table of the rows; errors are shown on the page."""
    sent = request.form if request.method == "POST" else request.args
    form = {**sent.to_dict(), "target": EACH.join(sent.getlist("target"))}
    catalog = current()
    form["sort"] = form.get("sort") or form.pop("sorted", "")
    defaults = {"target": catalog.reference(MAIN_BORDER), **DEFAULTS}
    parameters = {**defaults, **{name: value for name, value in form.items() if value.strip()}}
    try:
        source = row_source(form, uploaded())
        if source is None:
            if request.method == "POST":
                raise BadValue("layer", "", "rows_source")
            return _page(parameters, catalog)
        if request.method == "POST" and source.kind == "layer":
            # A layer's table has an address of its own, which can be kept and sent.
            query: dict[str, Any] = {
                name: value for name, value in parameters.items() if name in ("layer", "filters", "target", "bands")
            }
            return redirect(url_for("proximity.proximity", lang=language(), **query), 303)
        _view(parameters)
        targets = Targets.read(parameters["target"], catalog)
        result = _measured(source, targets, parameters, catalog)
        if parameters.get("f", "html") != "html":
            return _download(result, parameters["f"])
        return _page(parameters, catalog, _table(result, parameters, source, targets, catalog))
    except MasafaError as error:
        return _page(parameters, catalog, problem=error), status_of(error)


def _view(parameters: dict[str, str]) -> None:
    """Check how the table is to be shown; raises BadValue."""
    if parameters["sort"] not in SORTS:
        raise BadValue("sort", parameters["sort"], one_of(SORTS))
    if parameters.get("f", "html") not in ("html", "csv", "json", "geojson"):
        raise BadValue("f", parameters["f"], one_of(("html", "csv", "json", "geojson")))
    if parameters.get("word") and parameters["word"] not in WORDS:
        raise BadValue("word", parameters["word"], one_of(WORDS))
    page_number(parameters.get("page", "1"))


def _measured(source: RowSource, targets: Targets, parameters: Mapping[str, str], catalog: Catalog) -> Result:
    if not _turns.acquire(timeout=PATIENCE):
        raise ServiceUnavailable("other tables are being measured; ask again", retry_after=5)
    try:
        rows, others = source.rows(targets.region, catalog, language())
        return proximity_table.table(rows, {"bands": parameters["bands"]}, catalog, others, targets)
    finally:
        _turns.release()


def _download(result: Result, form: str) -> Response:
    if form == "csv":
        response = Response(csv_of(result), content_type="text/csv; charset=utf-8")
    elif form == "geojson":
        response = Response(geojson_of(result), content_type="application/geo+json")
    else:
        response = jsonify({**result.to_dict(), "citable": False, "not_citable": proximity_table.HELD["en"]})
    response.headers["Content-Disposition"] = f'attachment; filename="proximity.{form}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(
    parameters: Mapping[str, str],
    catalog: Catalog,
    context: Mapping[str, Any] = MappingProxyType({}),
    problem: MasafaError | None = None,
) -> Response:
    """Return the page with its form, and with the variables of a table where there is one."""
    targets = _choices(catalog)
    chosen = [part.strip() for part in parameters["target"].split(EACH) if part.strip()]
    page = render_template(
        "proximity.html",
        asked=parameters,
        problem=problem,
        layers=[layer for layer in catalog.layers() if _has_points(layer.features)],
        targets=targets,
        listed_targets={item["id"] for group in targets for item in group["items"]},
        chosen=chosen,
        target_names={part: catalog.title(part) or {"ar": part, "en": part} for part in chosen},
        sorts=SORTS,
        words=WORDS,
        vocabulary=catalog.vocabulary(),
        as_of=as_of(),
        listed=LISTED,
        filters_said=" · ".join(f"{name}={value}" for name, value in parse_qsl(parameters.get("filters", ""))),
        **context,
    )
    response = Response(page, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _has_points(features: Any) -> bool:
    return any(
        feature.geometry is not None and feature.geometry.geom_type in ("Point", "MultiPoint") for feature in features
    )


def _choices(catalog: Catalog) -> list[dict[str, Any]]:
    """Return the targets to choose from: lines by layer, then entire layers."""
    layers = [{"id": layer.id, "name": layer.title} for layer in catalog.layers() if len(layer.features) <= 50]
    lines = [
        {"title": layer.title, "items": [{"id": feature.id, "name": feature.name} for feature in layer.features]}
        for layer in catalog.line_layers()
    ]
    return [*lines, {"title": None, "items": layers}]


def _table(
    answer: Result, parameters: Mapping[str, str], source: RowSource, targets: Targets, catalog: Catalog
) -> dict[str, Any]:
    """Return the template variables of a table: the rows of the requested page, counts and paging."""
    body = answer.body
    bands = [number_format.stated(km) for km in body["bands"]]
    band = parameters["band"] if parameters.get("band") in bands else bands[0]
    matching = _filtered(body["items"], parameters, band)
    pages = max(1, math.ceil(len(matching) / SHOWN))
    page = min(page_number(parameters.get("page", "1")), pages)
    shown = matching[(page - 1) * SHOWN : page * SHOWN]
    groups = [
        group for group_counts in body["summaries"] for name in GROUPS for group in group_counts[name] if group["id"]
    ]
    ids = {row["target"] for row in shown} | {group["id"] for group in groups}
    ids |= {row["country"]["id"] for row in shown if row["country"]}
    return {
        "answer": body,
        "dated": any(row["date_start"] or row["date_end"] for row in body["items"]),
        "pages_of": {layer.id for layer in catalog.layers() if layer.kind == "event"},
        "head": {"method": answer.method, "attribution": answer.attribution},
        "kept": {
            "kind": source.kind,
            "text": narrowed(source.text, body["columns"]) if source.kind == "file" else source.text,
            "filters": urlencode(parse_qsl(source.filters)),
        },
        "bands": bands,
        "band": band,
        "rows": [{**row, **_written(row, targets)} for row in shown],
        "found": len(matching),
        "page": page,
        "pages": pages,
        "names": {id_: catalog.feature(id_).name for id_ in ids},
    }


def _filtered(items: list[dict[str, Any]], parameters: Mapping[str, str], band: str) -> list[dict[str, Any]]:
    kind, word, where = parameters.get("kind"), parameters.get("word"), parameters.get("governorate")
    name = parameters.get("name", "").strip().casefold()
    rows = [
        row
        for row in items
        if (not kind or row["kind"] == kind)
        and (not word or row["bands"][band] == word)
        and (not where or row["governorate"] == where)
        and (not name or name in row["name"].casefold())
    ]
    if parameters["sort"] == "distance":
        rows.sort(key=_distance)
    elif parameters["sort"] == "date":
        rows.sort(key=lambda row: row["date_start"] or row["date_end"] or UNDATED)
    elif parameters["sort"] == "name":
        rows.sort(key=lambda row: row["name"].casefold())
    return rows


def _distance(row: Mapping[str, Any]) -> float:
    """Return what a row is sorted by: its distance, else the least it can be."""
    low = (row["interval_m"] or [math.inf])[0]
    return float(low if row["distance_m"] is None else row["distance_m"])


def _written(row: Mapping[str, Any], targets: Targets) -> dict[str, Any]:
    """Return a row's interval, bearing and kilometre as people read them, no digit beyond what is known."""
    low, high = row["interval_m"] or (None, None)
    azimuth, chainage = row["azimuth_deg"], row["chainage_m"]
    return {
        "interval": number_format.span(low, high),
        "bearing": None if azimuth is None else number_format.degrees(azimuth, measure.angle(row["distance_m"], low)),
        "km": None
        if chainage is None
        else number_format.along(chainage, proximity_table.along(row, targets), row["beyond_end"])["number"],
    }
