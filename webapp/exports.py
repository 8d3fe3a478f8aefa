"""A layer taken away: in any format, filtered, as its uncertainty, of a version; and what the format cannot hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request

from geodata.catalog import Catalog, current, workspace
from geodata.citations.rerun import changes
from geodata.errors import BadValue, MasafaError, NotFound
from geodata.exporting import file_of, parts_of
from geodata.formats import registry
from geodata.formats.arrow import SYSTEMS
from geodata.formats.dataset import CRS84, Options
from geodata.formats.transform import Wanted, box, span
from geodata.model import SCHEMA, Layer, rounded_json
from webapp import cors
from webapp.i18n import language
from webapp.page_context import as_of

blueprint = Blueprint("exports", __name__)
cors.wire(blueprint)

GEOMETRIES = ("point", "circle", "area")
NAMES = ("format", "geometry", "crs", "hxl", "fields", "bbox", "time", "where", "version")
_VERSION = re.compile(r"[0-9a-f]{8,64}\Z")


@dataclass(frozen=True)
class Made:
    """A file that was asked for, and what was said while it was made."""

    form: registry.Format
    layer: Layer
    data: bytes
    said: tuple[str, ...]


@blueprint.get("/layers/<name>/export")
def export(name: str) -> Any:
    """The form; where a format is chosen, what it cannot hold, and the way to the file."""
    catalog = current()
    layer = catalog.layer(name)
    asked = {key: value for key in NAMES if (value := request.args.get(key, "").strip())}
    made, problem = None, None
    if "format" in asked:
        try:
            made = _made(asked, layer, catalog)
        except MasafaError as error:
            problem = error
    page = render_template(
        "export.html",
        layer=layer,
        asked=asked,
        formats=registry.FORMATS.values(),
        geometries=GEOMETRIES,
        systems=SYSTEMS,
        made=made,
        problem=problem,
        file=f"/layers/{layer.id}/file?{urlencode({**asked, 'lang': language()})}",
        as_of=as_of(),
    )
    return page, 400 if problem else 200


@blueprint.get("/layers/<name>/file")
def file(name: str) -> Response:
    """The file itself; Masafa-Lost says how much the format could not hold."""
    catalog = current()
    asked = {key: value for key in NAMES if (value := request.args.get(key, "").strip())}
    made = _made({"format": "geojson", **asked}, catalog.layer(name), catalog)
    cors.allow(made.layer)
    response = Response(made.data, content_type=made.form.media_type)
    ending = made.form.extensions[0]
    response.headers["Content-Disposition"] = f'attachment; filename="masafa-{name}-{made.layer.version[:12]}{ending}"'
    response.headers["Masafa-Lost"] = str(len(made.said))
    response.headers["Link"] = f'<{made.layer.entry.get("licence_url") or f"/layers/{name}"}>; rel="license"'
    return response


@blueprint.get("/layers/<name>/changes.json")
def changed(name: str) -> Response:
    """Which features differ between a version and now; `since` is the version, as files and answers name it."""
    catalog = current()
    now, since = catalog.layer(name), request.args.get("since", "").strip()
    then = _of_version(now, since)
    items = rounded_json(list(changes(then, now)))
    return jsonify({"schema": SCHEMA, "layer": name, "since": then.version, "version": now.version, "items": items})


def _made(asked: dict[str, str], layer: Layer, catalog: Catalog) -> Made:
    form = registry.named(asked["format"])
    if "version" in asked:
        layer = _of_version(layer, asked["version"])
    geometry = asked.get("geometry", GEOMETRIES[0])
    if geometry not in GEOMETRIES:
        raise BadValue("geometry", geometry, ", ".join(GEOMETRIES))
    hxl = asked.get("hxl", "false")
    if hxl not in ("true", "false"):
        raise BadValue("hxl", hxl, "true or false")
    fields = tuple(part.strip() for part in asked.get("fields", "").split(",") if part.strip())
    wanted = Wanted(
        bbox=box(asked["bbox"]) if "bbox" in asked else None,
        time=span(asked["time"]) if "time" in asked else None,
        geometry=geometry,  # type: ignore[arg-type]
    )
    said: list[str] = []
    options = Options(fields, asked.get("crs", CRS84), hxl == "true")
    parts = parts_of(catalog, [layer], wanted, said, asked.get("where"))
    return Made(form, layer, file_of(form, parts, options, said), tuple(said))


def _of_version(now: Layer, version: str) -> Layer:
    """Return a layer of the version that begins so: as it is now, or as the workspace keeps it; raises NotFound."""
    if not _VERSION.match(version):
        raise BadValue("version", version, "8 to 64 hexadecimal digits")
    if now.version.startswith(version):
        return now
    kept = workspace().find_version(version)
    if kept is None:
        raise NotFound(f"version of layer {now.id} that is kept", version, [now.version[:12]])
    return workspace().version(now.id, kept)
