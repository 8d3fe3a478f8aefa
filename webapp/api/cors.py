"""Which answers pages of other sites may read: shipped layers, read; never a layer of the workspace."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from geodata.catalog import current, shipped

EXPOSED = "Content-Crs, ETag, Link, Masafa-Features"


def wire(blueprint: Blueprint) -> None:
    """Head the answers."""
    blueprint.after_request(_head)


def allow(*layers: str) -> None:
    """Let the answer under way be read from anywhere, where each layer in it is a shipped one."""
    g.public = all(is_shipped(id_) for id_ in layers)


def is_shipped(id_: str) -> bool:
    """Tell whether a layer id means a layer of the package, and no layer of the workspace in its place."""
    return id_ in shipped().ids() and current().layer(id_) is shipped().layer(id_)


def _head(response: Response) -> Response:
    if request.method == "OPTIONS":
        named = (request.view_args or {}).get("collection")
        g.public = "collection" in request.path and all(
            is_shipped(id_) for id_ in ([named] if named else current().ids())
        )
    if g.get("public") and request.method in ("GET", "HEAD", "OPTIONS"):
        response.headers["Access-Control-Allow-Origin"] = "*"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-None-Match"
        else:
            response.headers["Access-Control-Expose-Headers"] = EXPOSED
    return response
