"""Vector tiles of a collection in the Web Mercator scheme, each with a stated share of its points at most."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from flask import Blueprint, Response

from geodata.errors import BadValue, NotFound
from geodata.model import Feature, Layer
from geodata.query.crs import KNOWN
from geodata.query.table import Rows, Table
from geodata.query.tables import table
from webapp import cors
from webapp.api import collections, forms, links
from webapp.api.operations import Operation, Param, add, read
from webapp.i18n import language

MVT = "application/vnd.mapbox-vector-tile"
SCHEME = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
MAX_ZOOM = 18
POINTS = 5000
"""The most features with points in a tile; where more lie there, as many are drawn evenly from them, and it is said."""
EXTENT, MARGIN = 4096, 64
"""Units along a tile's edge, and how many beyond it are kept so that symbols are not cut."""

_HALF = 20_037_508.342789244
_MERCATOR = next(crs for crs in KNOWN if crs.code == "EPSG:3857")
_SHOWN = (
    *("name_en", "name_ar", "kind", "event_type", "precision", "placeholder", "coordinateUncertaintyInMeters"),
    *("date_start", "date_end", "area"),
)

_SETS = {"json": links.JSON, "tilejson": "application/json; profile=tilejson", "html": links.HTML}
LIST = Operation(
    "/collections/{collection}/tiles",
    "tilesets",
    "The tile sets of a layer",
    forms.BOTH,
    (collections.COLLECTION,),
    statuses=(404,),
)
SET = Operation(
    "/collections/{collection}/tiles/WebMercatorQuad",
    "tileset",
    "A tile set; f=tilejson is TileJSON 3.0",
    _SETS,
    (collections.COLLECTION,),
    statuses=(404,),
)


def _index(name: str, what: str) -> Param:
    return Param(name, what, {"type": "integer", "minimum": 0}, where="path")


TILE = Operation(
    "/collections/{collection}/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}",
    "tile",
    f"One tile; at most {POINTS} features with points, Masafa-Features says of how many",
    {"mvt": MVT},
    (
        collections.COLLECTION,
        Param("tileMatrix", f"The tile matrix: the zoom, 0 to {MAX_ZOOM}.", {"type": "string"}, where="path"),
        _index("tileRow", "Row, from the north."),
        _index("tileCol", "Column, from the west."),
    ),
    {"type": "string", "format": "binary"},
    statuses=(404,),
    done=(200, 204),
)
OPERATIONS = (LIST, SET, TILE)


def wire(blueprint: Blueprint) -> None:
    """Add the routes."""
    add(blueprint, LIST, tilesets)
    add(blueprint, SET, tileset)
    add(blueprint, TILE, tile)


def tilesets(collection: str) -> Response:
    """List the tile sets of a layer: one."""
    read(LIST)
    form = forms.chosen(LIST.forms)
    layer = collections.get_layer(collection)
    cors.allow(layer)
    data = {"tilesets": [_described(layer)], "links": [*links.own(dict(LIST.forms), form), links.licence(layer)]}
    return forms.answer(LIST, form, data, "api_tiles", _trail(layer))


def tileset(collection: str) -> Response:
    """Describe the tile set of a layer, also as TileJSON."""
    read(SET)
    form = forms.chosen(SET.forms)
    layer = collections.get_layer(collection)
    cors.allow(layer)
    data = _tilejson(layer) if form == "tilejson" else _described(layer)
    return forms.answer(SET, form, data, "api_tiles", _trail(layer))


def tile(collection: str, tileMatrix: str, tileRow: str, tileCol: str) -> Response:  # noqa: N803
    """Answer with a tile; 204 where nothing lies in it."""
    read(TILE)
    layer = collections.get_layer(collection)
    indices = (("tileMatrix", tileMatrix), ("tileRow", tileRow), ("tileCol", tileCol))
    at = [_integer(name, text) for name, text in indices]
    if at[0] > MAX_ZOOM:
        raise BadValue("tileMatrix", tileMatrix, "zoom", most=MAX_ZOOM)
    if max(at[1:]) >= 2 ** at[0]:
        raise NotFound("tile", f"{tileMatrix}/{tileRow}/{tileCol}")
    cors.allow(layer)
    data, shown, total = _tile(table(layer), layer.id, *at)
    response = Response(data, 200 if data else 204, content_type=MVT)
    response.headers["Masafa-Features"] = f"{shown}/{total}"
    response.headers["Link"] = f'<{links.licence(layer)["href"]}>; rel="license"'
    return response


def _integer(name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise BadValue(name, text, "integer_from", least=0)
    return int(text)


def _described(layer: Layer) -> dict[str, Any]:
    here = f"/api/collections/{layer.id}/tiles/WebMercatorQuad"
    template = links.link("item", f"{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", MVT)
    return {
        "title": layer.title[language()],
        "dataType": "vector",
        "crs": _MERCATOR.uri,
        "tileMatrixSetURI": SCHEME,
        "attribution": layer.attribution[language()],
        "masafa": {"points": POINTS, "max_zoom": MAX_ZOOM},
        "links": [
            links.link("self", here),
            {"rel": "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", "type": links.JSON, "href": SCHEME},
            {**template, "templated": True},
            links.link("describedby", here, query={"f": "tilejson"}),
            links.licence(layer),
        ],
    }


def _tilejson(layer: Layer) -> dict[str, Any]:
    layer_table = table(layer)
    fields = {"id": "String", **{name: _field(layer_table, name) for name in _SHOWN if name in layer_table.kinds}}
    return {
        "tilejson": "3.0.0",
        "name": layer.title[language()],
        "description": layer.description[language()],
        "attribution": layer.attribution[language()],
        "version": "1.0.0",
        "scheme": "xyz",
        "tiles": [f"{links.base()}/api/collections/{layer.id}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}"],
        "minzoom": 0,
        "maxzoom": MAX_ZOOM,
        **({"bounds": [float(number) for number in layer_table.bounds]} if layer_table.bounds else {}),
        "vector_layers": [{"id": layer.id, "description": layer.description["en"], "fields": fields}],
    }


def _field(layer_table: Table, name: str) -> str:
    return {"number": "Number", "integer": "Number", "boolean": "Boolean"}.get(layer_table.kinds[name], "String")


@lru_cache(maxsize=512)
def _tile(layer_table: Table, name: str, z: int, y: int, x: int) -> tuple[bytes, int, int]:
    """Return a tile, how many features it holds, and how many lie there."""
    # Imported when a first tile is asked for: the server starts without it.
    import mapbox_vector_tile
    from mapbox_vector_tile.encoder import on_invalid_geometry_make_valid

    size = 2 * _HALF / 2**z
    west, north = -_HALF + x * size, _HALF - y * size
    bounds = (west, north - size, west + size, north)
    margin = size * MARGIN / EXTENT
    area = _window(bounds, margin)
    lying = np.sort(layer_table.tree.query(area, predicate="intersects"))
    rows = _thinned(layer_table, lying)
    # A box stays a box in this projection: what is cut in degrees is cut where it would be in metres.
    shapes = shapely.intersection(shapely.make_valid(layer_table.geometries[rows]), area)
    shapes = shapely.simplify(_MERCATOR.from_lonlat(shapes), size / EXTENT / 2)
    corner = np.array(bounds[:2])
    shapes = shapely.transform(shapes, lambda xy: np.rint((xy - corner) / size * EXTENT))
    features = [
        {"geometry": shape, "properties": _properties(feature)}
        for feature, shape in zip(layer_table.picked(rows), shapes.tolist(), strict=True)
        if not shape.is_empty
    ]
    if not features:
        return b"", 0, 0
    options = {"extents": EXTENT, "on_invalid_geometry": on_invalid_geometry_make_valid}
    return (
        mapbox_vector_tile.encode([{"name": name, "features": features}], default_options=options),
        len(features),
        len(lying),
    )


def _window(bounds: tuple[float, float, float, float], margin: float) -> Any:
    west, south, east, north = bounds
    edge = shapely.box(*np.clip((west - margin, south - margin, east + margin, north + margin), -_HALF, _HALF))
    return _MERCATOR.to_lonlat(edge, "tile")


def _thinned(layer_table: Table, rows: Rows) -> Rows:
    points = rows[shapely.get_dimensions(layer_table.geometries[rows]) == 0]
    if len(points) <= POINTS:
        return rows
    drawn = points[np.linspace(0, len(points) - 1, POINTS).astype(np.intp)]
    return np.sort(np.concatenate([np.setdiff1d(rows, points), drawn]))


def _properties(feature: Feature) -> dict[str, Any]:
    shown = {name: feature.properties.get(name) for name in _SHOWN}
    # A tile has no null: what is unknown is not there.
    return {"id": feature.id, **{name: value for name, value in shown.items() if value is not None}}


def _trail(layer: Layer) -> list[tuple[str, str]]:
    return [
        ("/api", "api_landing"),
        ("/api/collections", "api_collections"),
        (f"/api/collections/{layer.id}", "api_collection"),
    ]
