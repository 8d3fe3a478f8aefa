"""Absolute links, from the address the operator gave or the Host that was let in at the door."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from flask import request

from geodata.model import Layer
from webapp.base_url import base as base
from webapp.i18n import word

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
PROBLEM = "application/problem+json"


def link(
    rel: str, path: str, kind: str = JSON, title: str = "", query: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return a link object to an address of the app."""
    query_string = f"?{urlencode(query)}" if query else ""
    entry = {"rel": rel, "type": kind, "href": f"{base()}{quote(path, safe='/{}:')}{query_string}"}
    return {**entry, "title": title} if title else entry


def own(forms: dict[str, str], form: str) -> list[dict[str, str]]:
    """Return the links of an answer to itself and to itself in its other formats."""
    others = urlencode([(name, value) for name, value in request.args.items() if name != "f"])
    here = f"{base()}{quote(request.path)}?{others}{'&' if others else ''}f="
    return [
        {"rel": "self" if other == form else "alternate", "type": kind, "href": f"{here}{other}"}
        for other, kind in forms.items()
    ]


def licence(layer: Layer) -> dict[str, str]:
    """Return the link to the licence of a layer; to the layer's page where it names no address."""
    address = str(layer.entry.get("licence_url") or "")
    href = address if address.startswith(("https://", "http://")) else f"{base()}/layers/{layer.id}"
    return {"rel": "license", "type": HTML, "href": href, "title": layer.licence}


def licences() -> dict[str, str]:
    """Return the link to the page that says whose data this is."""
    return link("license", "/about", HTML, word("api_licences"))
