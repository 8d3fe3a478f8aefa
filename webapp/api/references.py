"""Inputs of analyses by reference: a layer or a feature of this server, or a data: address. Nothing is fetched."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, unquote_to_bytes, urlsplit

from geodata.errors import BadData, BadValue
from geodata.formats import strict_json
from webapp.base_url import base

_RESOURCE = re.compile(r"/api/collections/([^/]+)(?:/items(?:/([^/]+))?)?\Z")
_DATA = re.compile(r"data:([^,;]*)((?:;[^,;]*)*),(.*)\Z", re.DOTALL)


def is_link(value: Any) -> bool:
    """Tell whether a value of a body is a link, which stands for what it leads to."""
    return isinstance(value, dict) and "href" in value


def resolved(name: str, link: Mapping[str, Any]) -> Any:
    """Return what a link given for an input stands for; raises BadValue, which names the input."""
    href = link["href"]
    if not isinstance(href, str):
        raise BadValue(name, href, "reference")
    if href.startswith("data:"):
        return _data(name, href)
    address = href.removeprefix(base())
    # A path alone: what has a host of its own is not even taken apart.
    parts = urlsplit(address if address.startswith("/api/") else "")
    resource = _RESOURCE.match(parts.path)
    if resource is None or parse_qs(parts.query).keys() - {"f", "lang"}:
        raise BadValue(name, href, "reference")
    return "/".join(unquote(part) for part in resource.groups() if part is not None)


def _data(name: str, href: str) -> Any:
    match = _DATA.match(href)
    kind = "" if match is None else (match[1].strip().lower() or "text/plain")
    if match is None or kind not in ("text/plain", "application/json"):
        raise BadValue(name, href, "reference")
    try:
        content = unquote_to_bytes(match[3])
        if match[2].endswith(";base64"):
            content = base64.b64decode(content, validate=True)
        text = content.decode("utf-8")
        value = strict_json.parse(content) if kind == "application/json" else text
    except (binascii.Error, UnicodeDecodeError, BadData):
        raise BadValue(name, href, "utf8_of_kind", kind=kind) from None
    if kind == "application/json" and strict_json.problems(value):
        raise BadValue(name, href, "utf8_of_kind", kind=kind)
    return value
