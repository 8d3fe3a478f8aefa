"""The features of a collection, page by page, and one by one."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
import shapely
from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import Gone

from geodata.catalog import Catalog, current
from geodata.errors import BadValue, NotFound
from geodata.exporting import file_of, parts_of
from geodata.formats.columns import BY_NAME
from geodata.formats.dataset import Options
from geodata.formats.registry import Format
from geodata.formats.transform import Wanted
from geodata.model import Feature, Layer
from geodata.query.crs import CRS84, Crs, named
from geodata.query.geojson import written
from geodata.query.table import Rows, Table
from geodata.query.tables import cached_table, table
from geodata.version import __version__
from webapp import cors
from webapp.api import collections, forms, item_query, links
from webapp.api.operations import Operation, Param, read
from webapp.i18n import language
from webapp.page_context import as_of

_DIGITS = 16
"""Hexadecimal digits of a layer's version in a cursor."""


@dataclass(frozen=True)
class Page:
    """Some rows of a layer, ready to be written in a format."""

    layer: Layer
    table: Table
    rows: Rows
    crs: Crs
    names: tuple[str, ...] | None
    matched: int
    links: Sequence[Mapping[str, str]]

    @property
    def features(self) -> list[bytes]:
        """The features as GeoJSON objects."""
        return written(self.table, self.rows, self.crs, self.names)


def _geojson(page: Page) -> Response:
    layer = page.layer
    about = {
        "numberMatched": page.matched,
        "numberReturned": len(page.rows),
        "links": page.links,
        "licence": layer.licence,
        "attribution": layer.attribution,
    }
    # A document put together: the features are bytes already.
    body = b'{"type":"FeatureCollection","features":[%b],%b' % (b",".join(page.features), orjson.dumps(about)[1:])
    return Response(body, content_type=links.GEOJSON)


def _html(page: Page) -> Response:
    features = page.table.picked(page.rows)
    html = render_template(
        "api_items.html",
        layer=page.layer,
        features=features,
        properties=_shortened,
        base=links.base(),
        vocabulary=current().vocabulary(),
        matched=page.matched,
        links=page.links,
        titles={
            links.GEOJSON: "GeoJSON",
            **{file_format.media_type: file_format.title[language()] for file_format in forms.FILES.values()},
        },
        trail=_trail(page.layer),
        as_of=as_of(),
    )
    return Response(html, content_type="text/html; charset=utf-8")


def _shortened(feature: Feature) -> dict[str, Any]:
    """Return a feature for the page, a long geometry summarised; the feature's own page has it in full."""
    shape = feature.geometry
    wkt = None if shape is None else shapely.to_wkt(shape, rounding_precision=7)
    if shape is not None and wkt is not None and len(wkt) > LONGEST:
        bounds = ", ".join(f"{number:.7g}" for number in shape.bounds)
        wkt = f"{shape.geom_type}, {shapely.get_num_coordinates(shape)} positions, {bounds}"
    return {"type": "Feature", "id": feature.id, "geometry": wkt, "properties": feature.properties}


def _columns(names: Sequence[str] | None) -> tuple[str, ...]:
    """Return the columns of a file that properties stand for; raises BadValue for a property that is none."""
    for name in names or ():
        if name not in BY_NAME:
            raise BadValue("properties", name, "file_columns", columns=list(BY_NAME))
    return tuple(names or ())


def _file(file_format: Format) -> Callable[[Page], Response]:
    """Return a writer of pages in a file format; Masafa-Lost counts what the format could not hold."""

    def write_page(page: Page) -> Response:
        features = page.table.picked(page.rows)
        notes: list[str] = []
        parts = parts_of(current(), [replace(page.layer, features=tuple(features))], Wanted(), notes)
        options = Options(_columns(page.names), page.crs.code)
        response = Response(file_of(file_format, parts, options, notes), content_type=file_format.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{page.layer.id}{file_format.extensions[0]}"'
        response.headers["Masafa-Lost"] = str(len(notes))
        response.headers["OGC-NumberMatched"] = str(page.matched)
        response.headers["OGC-NumberReturned"] = str(len(page.rows))
        return response

    return write_page


WRITERS: Mapping[str, Callable[[Page], Response]] = {
    "json": _geojson,
    "html": _html,
    **{name: _file(format_) for name, format_ in forms.FILES.items()},
}
LONGEST = 1000
"""The most characters of a geometry in the list of features for people."""
MOST = {"html": 500}
"""How many features a page in a format has at most, where that is less than what limit allows."""

FEATURE = Operation(
    "/collections/{collection}/items/{feature}",
    "item",
    "One feature",
    {"json": links.GEOJSON, "html": links.HTML},
    (collections.COLLECTION, Param("feature", "A feature's id.", where="path"), item_query.CRS),
    {"type": "object", "required": ["type", "id", "geometry", "properties", "links"]},
    statuses=(404,),
)
_SCHEMA = {
    "type": "object",
    "required": ["type", "features", "links", "numberMatched", "numberReturned"],
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": {
            "type": "array",
            "items": {"type": "object", "required": ["type", "id", "geometry", "properties"]},
        },
        "numberMatched": {"type": "integer", "minimum": 0},
        "numberReturned": {"type": "integer", "minimum": 0},
        "links": {"type": "array", "items": {"type": "object", "required": ["href", "rel"]}},
    },
}


def wire(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.add_url_rule("/collections/<collection>/items", "items", items)
    blueprint.add_url_rule("/collections/<collection>/items/<feature>", "item", item)


def operation(layer: Layer) -> Operation:
    """Return what may be asked of the items of a layer."""
    path = f"/collections/{layer.id}/items"
    params = item_query.of(table(layer))
    return Operation(
        path, f"items-{layer.id}", f"Features of {layer.id}", forms.FEATURES, params, _SCHEMA, statuses=(404, 410)
    )


def operations(catalog: Catalog) -> list[Operation]:
    """Return what may be asked, layer by layer, and of one feature."""
    return [*(operation(layer) for layer in catalog.layers()), FEATURE]


def items(collection: str) -> Response:
    """Answer with a page of features."""
    layer = collections.get_layer(collection)
    values = _read(layer)
    form = forms.chosen(forms.FEATURES)
    layer_table, offset = _from(layer, values.get("cursor"))
    crs = _system(layer_table, values.get("crs", CRS84))
    for parameter in ("bbox-crs", "filter-crs"):
        _system(layer_table, values.get(parameter, CRS84), parameter)
    names = item_query.picked(layer_table, values["properties"]) if "properties" in values else None
    rows = item_query.rows(layer, layer_table, values, current())
    # A file has no next link inside: without a limit it holds all that may be asked for at once.
    limit = min(
        values.get("limit", item_query.MOST if form in forms.FILES else item_query.DEFAULT),
        MOST.get(form, item_query.MOST),
    )
    here = links.own(dict(forms.FEATURES), form)
    if offset + limit < len(rows):
        version = layer.version[:_DIGITS] if layer_table is table(layer) else _open(values["cursor"])[0]
        query = {**request.args.to_dict(), "cursor": _cursor(version, offset + limit)}
        here.append(links.link("next", request.path, forms.FEATURES[form], query=query))
    here += [
        links.link("collection", f"/api/collections/{layer.id}"),
        collections.queryables_link(layer),
        links.link("describedby", f"/layers/{layer.id}", links.HTML),
        links.licence(layer),
    ]
    page = Page(layer, layer_table, rows[offset : offset + limit], crs, names, len(rows), here)
    response = _headed(WRITERS[form](page), layer, crs)
    # Also as headers: files have no links inside, and Features Part 3 asks it of the queryables.
    for link in here:
        if link["rel"] in ("next", collections.QUERYABLES_REL):
            response.headers.add("Link", f'<{link["href"]}>; rel="{link["rel"]}"; type="{link["type"]}"')
    return response


def item(collection: str, feature: str) -> Response:
    """Answer with one feature."""
    values = read(FEATURE)
    form = forms.chosen(FEATURE.forms)
    layer = collections.get_layer(collection)
    layer_table = table(layer)
    row = layer_table.row.get(feature)
    if row is None:
        raise NotFound("feature_of_collection", feature, collection=layer.id)
    crs = _system(layer_table, values.get("crs", CRS84))
    body = written(layer_table, layer_table.at(row), crs)[0]
    about = {
        "links": [
            *links.own(dict(FEATURE.forms), form),
            links.link("collection", f"/api/collections/{layer.id}"),
            links.licence(layer),
        ],
        "licence": layer.licence,
        "attribution": layer.attribution,
    }
    if form == "html":
        trail = [*_trail(layer), (f"/api/collections/{layer.id}/items", "api_items")]
        data = {**orjson.loads(body), **about}
        return _headed(forms.answer(FEATURE, form, data, "api_item", trail), layer, crs)
    document = body[:-1] + b"," + orjson.dumps(about)[1:]
    return _headed(Response(document, content_type=links.GEOJSON), layer, crs)


def _trail(layer: Layer) -> list[tuple[str, str]]:
    return [
        ("/api", "api_landing"),
        ("/api/collections", "api_collections"),
        (f"/api/collections/{layer.id}", "api_collection"),
    ]


_OPERATIONS: dict[tuple[str, str], Operation] = {}


def _read(layer: Layer) -> dict[str, Any]:
    # Declared once a version: the properties of a layer are its parameters.
    key = (layer.id, layer.version)
    if key not in _OPERATIONS:
        if len(_OPERATIONS) > 100:
            _OPERATIONS.clear()
        _OPERATIONS[key] = operation(layer)
    return read(_OPERATIONS[key])


def _headed(response: Response, layer: Layer, crs: Crs) -> Response:
    cors.allow(layer)
    response.headers["Content-Crs"] = f"<{crs.uri}>"
    if response.content_type == links.GEOJSON:
        # What a page is made of says whether it changed: no need to read through its bytes.
        made_of = (__version__, layer.version, links.licence(layer), layer.attribution, request.full_path, links.base())
        response.set_etag(hashlib.blake2b(repr(made_of).encode("utf-8", "replace"), digest_size=16).hexdigest())
    response.headers["Link"] = f'<{links.licence(layer)["href"]}>; rel="license"'
    return forms.headed(response)


def _system(layer_table: Table, crs: Crs, parameter: str = "crs") -> Crs:
    """Return a system in which a layer can be returned; raises BadValue naming the parameter."""
    return crs if crs == CRS84 else named(crs.uri, parameter, collections.systems(layer_table))


def _cursor(version: str, offset: int) -> str:
    return base64.urlsafe_b64encode(f"{version}.{offset}".encode()).decode().rstrip("=")


def _open(cursor: str) -> tuple[str, int]:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode("ascii")
        version, _, offset = text.partition(".")
        if len(version) != _DIGITS or not set(version) <= set("0123456789abcdef") or not 0 < len(offset) < 12:
            raise ValueError
        return version, int(offset) if offset.isdecimal() else -1
    except (ValueError, binascii.Error):
        raise BadValue("cursor", cursor, "cursor") from None


def _from(layer: Layer, cursor: str | None) -> tuple[Table, int]:
    """Return the table and the offset to read from: a cursor's version, even if the layer has changed since."""
    if cursor is None:
        return table(layer), 0
    version, offset = _open(cursor)
    if offset < 0:
        raise BadValue("cursor", cursor, "cursor")
    if layer.version.startswith(version):
        return table(layer), offset
    pinned = cached_table(layer.id, version)
    if pinned is None:
        raise Gone(
            f"cursor: the version {version} of {layer.id} that this listing began with is no longer held; begin anew"
        )
    return pinned, offset
