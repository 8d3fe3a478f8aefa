"""Files the browser loads: our own from `static/`, Leaflet's from its package. Validated by ETag."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

STATIC = Path(__file__).parent / "static"
LEAFLET = Path(str(resources.files("js_lib_leaflet"))) / "static" / "js_lib_leaflet"
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain",
}

blueprint = Blueprint("assets", __name__)


@blueprint.get("/static/<path:name>")
def static(name: str) -> Response:
    """Serve one of our own files."""
    return _file(STATIC, name)


@blueprint.get("/leaflet/<path:name>")
def leaflet(name: str) -> Response:
    """Serve one of Leaflet's files."""
    return _file(LEAFLET, name)


@blueprint.get("/favicon.ico")
@blueprint.get("/favicon.svg")
def favicon() -> Response:
    """Serve the sign of the app."""
    return _file(STATIC, "favicon.svg")


def _file(folder: Path, name: str) -> Response:
    # Whole, not streamed: the largest is 430 kB, and one rule for ETag and 304 then serves for every answer.
    path = safe_join(str(folder), name)
    if path is None or "\x00" in path or not Path(path).is_file():
        raise NotFound
    kind = TYPES.get(Path(name).suffix, "application/octet-stream")
    response = Response(Path(path).read_bytes(), mimetype=kind)
    response.headers["Cache-Control"] = "no-cache" if folder == STATIC else "public, max-age=86400"
    return response
