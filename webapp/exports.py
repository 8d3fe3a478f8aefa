"""Export a layer: in any format, filtered, as its uncertainty, of a version; with what the format cannot hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request

from geodata.catalog import Catalog, current, version_of
from geodata.citations.rerun import changes
from geodata.errors import BadValue, MasafaError
from geodata.exporting import file_of, parts_of
from geodata.formats import registry
from geodata.formats.arrow import SYSTEMS
from geodata.formats.dataset import CRS84, Options
from geodata.formats.transform import Wanted, box, span
from geodata.messages import one_of
from geodata.model import SCHEMA, Layer, rounded_json
from webapp import cors
from webapp.errors import status_of
from webapp.i18n import language
from webapp.page_context import as_of

blueprint = Blueprint("exports", __name__)
cors.wire(blueprint)

GEOMETRIES = ("point", "circle", "area")
NAMES = ("format", "geometry", "crs", "hxl", "fields", "bbox", "time", "where", "version")


@dataclass(frozen=True)
class Export:
    """An exported file, and the notes on what its format could not hold."""

    form: registry.Format
    layer: Layer
    data: bytes
    notes: tuple[str, ...]


@blueprint.get("/layers/<name>/export")
def export(name: str) -> Any:
    """The form; where a format is chosen, what it cannot hold, and the link to the file."""
    catalog = current()
    layer = catalog.layer(name)
    parameters = {key: value for key in NAMES if (value := request.args.get(key, "").strip())}
    exported, problem = None, None
    if "format" in parameters:
        try:
            exported = _export(parameters, layer, catalog)
        except MasafaError as error:
            problem = error
    page = render_template(
        "export.html",
        layer=layer,
        asked=parameters,
        formats=registry.FORMATS.values(),
        geometries=GEOMETRIES,
        systems=SYSTEMS,
        exported=exported,
        problem=problem,
        file=f"/layers/{layer.id}/file?{urlencode({**parameters, 'lang': language()})}",
        as_of=as_of(),
    )
    return page, status_of(problem)


@blueprint.get("/layers/<name>/file")
def file(name: str) -> Response:
    """The file itself; Masafa-Lost says how much the format could not hold."""
    catalog = current()
    parameters = {key: value for key in NAMES if (value := request.args.get(key, "").strip())}
    exported = _export({"format": "geojson", **parameters}, catalog.layer(name), catalog)
    cors.allow(exported.layer)
    response = Response(exported.data, content_type=exported.form.media_type)
    ending = exported.form.extensions[0]
    response.headers["Content-Disposition"] = (
        f'attachment; filename="masafa-{name}-{exported.layer.version[:12]}{ending}"'
    )
    response.headers["Masafa-Lost"] = str(len(exported.notes))
    response.headers["Link"] = f'<{exported.layer.entry.get("licence_url") or f"/layers/{name}"}>; rel="license"'
    return response


@blueprint.get("/layers/<name>/changes.json")
def changed(name: str) -> Response:
    """Which features differ between a version and now; `since` is the version, as files and answers name it."""
    catalog = current()
    now, since = catalog.layer(name), request.args.get("since", "").strip()
    then = version_of(now, since)
    items = rounded_json(list(changes(then, now)))
    return jsonify({"schema": SCHEMA, "layer": name, "since": then.version, "version": now.version, "items": items})


def _export(parameters: dict[str, str], layer: Layer, catalog: Catalog) -> Export:
    form = registry.named(parameters["format"])
    if "version" in parameters:
        layer = version_of(layer, parameters["version"])
    geometry = parameters.get("geometry", GEOMETRIES[0])
    if geometry not in GEOMETRIES:
        raise BadValue("geometry", geometry, one_of(GEOMETRIES))
    hxl = parameters.get("hxl", "false")
    if hxl not in ("true", "false"):
        raise BadValue("hxl", hxl, "boolean")
    fields = tuple(part.strip() for part in parameters.get("fields", "").split(",") if part.strip())
    wanted = Wanted(
        bbox=box(parameters["bbox"]) if "bbox" in parameters else None,
        time=span(parameters["time"]) if "time" in parameters else None,
        geometry=geometry,  # type: ignore[arg-type]
    )
    notes: list[str] = []
    options = Options(fields, parameters.get("crs", CRS84), hxl == "true")
    parts = parts_of(catalog, [layer], wanted, notes, parameters.get("where"))
    return Export(form, layer, file_of(form, parts, options, notes), tuple(notes))
