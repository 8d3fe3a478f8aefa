"""Where the app is, as links say it: the configured address, else that of the request."""

from __future__ import annotations

from flask import current_app, g, request


def base() -> str:
    """Return where the app is, without a slash at the end."""
    if "base" not in g:
        g.base = current_app.extensions["masafa"].base_url or f"{request.scheme}://{request.host}"
    found: str = g.base
    return found
