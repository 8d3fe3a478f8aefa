"""The layers as collections: what each holds, where and when, and what its features can be asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from flask import Blueprint, Response

from geodata.analysis.result_builder import NOTICE
from geodata.catalog import current
from geodata.errors import NotFound
from geodata.model import Layer
from geodata.query.columns import Kind
from geodata.query.crs import CRS84, KNOWN, Crs
from geodata.query.table import Table
from geodata.query.tables import table, time_zone
from webapp import cors
from webapp.api import forms, functions, links
from webapp.api.operations import Operation, Param, add, read
from webapp.i18n import language

QUERYABLES_REL = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
COLLECTION = Param("collection", "A layer's id.", where="path")
SCHEMAS = {"json": links.SCHEMA, "html": links.HTML}
ALL = Operation("/collections", "collections", "The layers", forms.BOTH)
ONE = Operation("/collections/{collection}", "collection", "One layer", forms.BOTH, (COLLECTION,), statuses=(404,))
QUERYABLES = Operation(
    "/collections/{collection}/queryables",
    "queryables",
    "What filters may name",
    SCHEMAS,
    (COLLECTION,),
    statuses=(404,),
)
SCHEMA = Operation(
    "/collections/{collection}/schema", "schema", "What features hold", SCHEMAS, (COLLECTION,), statuses=(404,)
)
OPERATIONS = (ALL, ONE, QUERYABLES, SCHEMA)

_GEOMETRY = {
    "title": "Geometry: longitude and latitude on WGS84, null where only an area is known",
    "x-ogc-role": "primary-geometry",
    "format": "geometry-any",
}
_TYPES: dict[Kind, dict[str, Any]] = {
    "text": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "instant": {"type": "string", "format": "date-time"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "list": {"type": "array", "items": {"type": ["string", "number", "boolean"]}},
}


def wire(blueprint: Blueprint) -> None:
    """Add the routes."""
    add(blueprint, ALL, collections)
    add(blueprint, ONE, collection)
    add(blueprint, QUERYABLES, queryables)
    add(blueprint, SCHEMA, schema)


def get_layer(id_: str) -> Layer:
    """Return a layer by id; raises NotFound."""
    catalog = current()
    if id_ not in catalog.ids():
        raise NotFound("collection", id_, catalog.ids())
    return catalog.layer(id_)


def systems(layer_table: Table) -> tuple[Crs, ...]:
    """Return the coordinate reference systems in which a layer can be returned."""
    bounds = layer_table.bounds
    return tuple(crs for crs in KNOWN if bounds is None or crs.holds(bounds))


def collections() -> Response:
    """List the layers."""
    read(ALL)
    form = forms.chosen(ALL.forms)
    catalog = current()
    cors.allow(*catalog.layers())
    data = {
        "links": [*links.own(dict(ALL.forms), form), links.licences()],
        "collections": [described(layer) for layer in catalog.layers()],
        "crs": [crs.uri for crs in KNOWN],
    }
    return forms.answer(ALL, form, data, "api_collections", [("/api", "api_landing")])


def collection(collection: str) -> Response:
    """Describe a layer."""
    read(ONE)
    form = forms.chosen(ONE.forms)
    layer = get_layer(collection)
    cors.allow(layer)
    description = described(layer)
    data = {**description, "links": [*links.own(dict(ONE.forms), form), *description["links"][1:]]}
    return forms.answer(ONE, form, data, "api_collection", _trail())


def described(layer: Layer) -> dict[str, Any]:
    """Return a layer as the standard's collection object, with Masafa's own members."""
    layer_table, lang, here = table(layer), language(), f"/api/collections/{layer.id}"
    return {
        "id": layer.id,
        "title": layer.title[lang],
        "description": layer.description[lang],
        "attribution": layer.attribution[lang],
        "license": layer.licence,
        "itemType": "feature",
        "extent": _extent(layer_table),
        "crs": [crs.uri for crs in systems(layer_table)],
        "storageCrs": CRS84.uri,
        "links": [
            links.link("self", here),
            *(
                links.link("items", f"{here}/items", kind, layer.title[lang], {} if form == "json" else {"f": form})
                for form, kind in forms.FEATURES.items()
            ),
            queryables_link(layer),
            links.link(functions.REL, "/api/functions"),
            links.link("http://www.opengis.net/def/rel/ogc/1.0/schema", f"{here}/schema", links.SCHEMA),
            links.link("describedby", f"{here}/schema", links.SCHEMA),
            links.link("describedby", f"/layers/{layer.id}", links.HTML),
            links.link("http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", f"{here}/tiles"),
            links.licence(layer),
        ],
        "masafa": {
            "version": layer.version,
            "features": len(layer.features),
            "title": layer.title,
            "description": layer.description,
            "attribution": layer.attribution,
            "edges": layer.edges,
            "default_uncertainty_m": layer.entry.get("default_uncertainty_m"),
            "as_of": layer.entry.get("as_of"),
            "time_zone": time_zone(layer),
            "notice": NOTICE,
        },
    }


def queryables_link(layer: Layer) -> dict[str, str]:
    """Return the link to the queryables of a layer."""
    return links.link(QUERYABLES_REL, f"/api/collections/{layer.id}/queryables", links.SCHEMA)


def queryable(name: str, kind: Kind) -> dict[str, Any]:
    """Return the JSON schema of a queryable."""
    return {"title": name, **_TYPES[kind]}


def queryables(collection: str) -> Response:
    """Say which names filters, sorting and parameters may use."""
    layer = get_layer(collection)
    properties = {name: queryable(name, kind) for name, kind in table(layer).kinds.items()}
    return _schema(QUERYABLES, layer, {"geometry": _GEOMETRY, **properties}, "api_queryables")


def schema(collection: str) -> Response:
    """Say what a feature of a layer holds."""
    layer = get_layer(collection)
    types_by_name: dict[str, set[str]] = {}
    for feature in table(layer).telling:
        for name, value in feature.properties.items():
            types_by_name.setdefault(name, set()).add(_json_type(value))
    kinds = table(layer).kinds
    properties = {
        name: {"title": name, **_typed(types - {"null"}, kinds.get(name))} for name, types in types_by_name.items()
    }
    id_ = {"title": "id", "type": "string", "x-ogc-role": "id"}
    return _schema(SCHEMA, layer, {"id": id_, "geometry": _GEOMETRY, **properties}, "api_schema")


def _schema(operation: Operation, layer: Layer, properties: dict[str, Any], title: str) -> Response:
    read(operation)
    form = forms.chosen(operation.forms)
    cors.allow(layer)
    data = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{links.base()}/api{operation.path.format(collection=layer.id)}",
        "type": "object",
        "title": layer.title[language()],
        "properties": properties,
        "additionalProperties": False,
    }
    response = forms.answer(
        operation, form, data, title, [*_trail(), (f"/api/collections/{layer.id}", "api_collection")]
    )
    response.headers["Link"] = f'<{links.licence(layer)["href"]}>; rel="license"'
    return response


def _trail() -> list[tuple[str, str]]:
    return [("/api", "api_landing"), ("/api/collections", "api_collections")]


def _extent(layer_table: Table) -> dict[str, Any]:
    extent: dict[str, Any] = {}
    if layer_table.bounds is not None:
        extent["spatial"] = {"bbox": [[float(number) for number in layer_table.bounds]], "crs": CRS84.uri}
    first, last = layer_table.days
    if not np.isnan(first).all():
        ends = (float(np.nanmin(first)), float(np.nanmax(last)))
        extent["temporal"] = {
            "interval": [[date.fromordinal(int(end)).isoformat() if np.isfinite(end) else None for end in ends]],
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        }
    return extent


def _typed(types: set[str], kind: Kind | None) -> dict[str, Any]:
    if kind in ("date", "instant"):
        return dict(_TYPES[kind])
    if types == {"integer", "number"}:
        types = {"number"}
    # As Features Part 5 has them: a type for each property, one where it is the same everywhere; any may be null.
    if len(types) != 1:
        return {"type": sorted(types) or "string"}
    only = next(iter(types))
    return {"type": only, **({"items": {}} if only == "array" else {})}


def _json_type(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", type(None): "null"}
    return names.get(type(value), "object")
