"""Whether the app can do its work, and what robots and browsers ask for by habit."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from geodata.catalog import current
from geodata.version import __version__

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the layers load, with their versions."""
    catalog = current()
    versions = {layer.id: layer.version for layer in catalog.layers()}
    return jsonify({"status": "ok", "version": __version__, "layers": versions})


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let the pages be found, and keep robots off the questions."""
    return Response("User-agent: *\nDisallow: /api/\n", content_type="text/plain; charset=utf-8")
