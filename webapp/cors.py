"""Which answers pages of other sites may read: shipped layers, read; never a layer of the workspace."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from geodata.catalog import current, shipped
from geodata.model import Layer

EXPOSED = "Content-Crs, ETag, Link, Masafa-Features, Masafa-Lost, OGC-NumberMatched, OGC-NumberReturned"


def wire(blueprint: Blueprint) -> None:
    """Head the answers."""
    blueprint.after_request(_head)


def allow(*layers: Layer) -> None:
    """Let the answer under way be read from anywhere, where each layer in it is a shipped one."""
    g.public = all(map(is_shipped, layers))


def is_shipped(layer: Layer) -> bool:
    """Tell whether a layer is one of the package, and none of the workspace in its place."""
    return layer.id in shipped().ids() and layer is shipped().layer(layer.id)


def _head(response: Response) -> Response:
    if request.method == "OPTIONS":
        catalog = current()
        asked = request.view_args or {}
        named = asked.get("collection") or asked.get("name")
        layers = [catalog.layer(named)] if named in catalog.ids() else catalog.layers()
        g.public = ("/collections" in request.path or "/layers/" in request.path) and all(map(is_shipped, layers))
    if g.get("public") and request.method in ("GET", "HEAD", "OPTIONS"):
        response.headers["Access-Control-Allow-Origin"] = "*"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-None-Match"
        else:
            response.headers["Access-Control-Expose-Headers"] = EXPOSED
    return response
