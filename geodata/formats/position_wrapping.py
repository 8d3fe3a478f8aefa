"""What stands around a position in a cell: brackets, labels, a link to a map, WKT, a height, an accuracy."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, cast

Order = Literal["lat,lon", "lon,lat"]

_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_DECIMAL = r"[-+]?\d+\.\d+"
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_POINT = re.compile(
    rf"(?:SRID=4326;)?\s*POINT\s*(?:Z|M|ZM)?\s*\(\s*({_NUMBER})[\s,]+({_NUMBER})(?:\s+{_NUMBER}){{0,2}}\s*\)\Z"
)
_GEO_URI = re.compile(rf"GEO:({_NUMBER}),({_NUMBER})(?:,{_NUMBER})?(?:;CRS=WGS84)?(?:;U=(\d+(?:\.\d+)?))?\Z")
_LINKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"!3D({_DECIMAL})!4D({_DECIMAL})",
        rf"MLAT=({_NUMBER})&MLON=({_NUMBER})",
        rf"[?&](?:Q|QUERY|LL|SLL|CENTER|DESTINATION|CP|LOC)=(?:LOC:)?({_NUMBER})(?:,|%2C|~)(?:\+|%20)?({_NUMBER})",
        rf"/(?:PLACE|SEARCH|DIR/)/?({_DECIMAL}),(?:\+|%20)?({_DECIMAL})",
        rf"[?&#]LAT=({_NUMBER})&(?:LON|LNG|LONG)=({_NUMBER})",
        rf"[?&]MAP=({_NUMBER}),({_NUMBER}),",
        rf"@({_DECIMAL}),({_DECIMAL})",
        rf"#MAP=[\d.]+/({_DECIMAL})/({_DECIMAL})",
    )
)
"""How links to maps say a point, the pin before the view; all of these have the latitude first."""
_YANDEX = tuple(
    re.compile(rf"[?&]{name}=({_NUMBER})(?:,|%2C)({_NUMBER})")
    for name in ("WHATSHERE(?:%5B|\\[)POINT(?:%5D|\\])", "PT", "LL")
)
"""The same of the one service that has the longitude first."""
_LABEL = r"(LAT|LATITUDE|LON|LONG|LONGITUDE|LNG)\b\.?\s*[:=]?\s*"
_LABELLED = re.compile(rf"{_LABEL}(\S.*?)[\s,;/|]+{_LABEL}(\S.*)\Z")
_HEIGHT = re.compile(rf"({_DECIMAL})(\s*,\s*|\s+)({_DECIMAL})\2{_NUMBER}(?:\2(\d+(?:\.\d+)?))?\Z")
"""Two numbers, a height and perhaps the accuracy of a receiver in metres, as forms on telephones store them."""
_HALVED = re.compile(r"([^/|]+?)\s*[/|]\s*([^/|]+)\Z")


class Wrapped(NamedTuple):
    """A position without what stood around it."""

    text: str
    order: Order | None = None
    """The order of its numbers, where what stood around it says so."""
    accuracy: float = 0.0
    """Metres."""


def unwrapped(text: str) -> Wrapped:
    """Return the position that a text, as `coordinates.plainly` gives it, has within.

    >>> unwrapped("(33.5, 44.2)").text, unwrapped("POINT(44.2 33.5)").order, unwrapped("33.5 44.2 120 4.5").accuracy
    ('33.5, 44.2', 'lon,lat', 4.5)
    """
    text = text.strip().strip("\"'")
    if match := _POINT.match(text):
        return Wrapped(f"{match[1]};{match[2]}", "lon,lat")
    if match := _GEO_URI.match(text):
        return Wrapped(f"{match[1]};{match[2]}", "lat,lon", float(match[3] or 0))
    if "://" in text or text.startswith("WWW."):
        patterns, order = (_YANDEX, "lon,lat") if "YANDEX." in text else (_LINKS, "lat,lon")
        link = next((match for pattern in patterns if (match := pattern.search(text))), None)
        return Wrapped(text) if link is None else Wrapped(f"{link[1]};{link[2]}", cast(Order, order))
    while len(text) > 1 and _BRACKETS.get(text[0]) == text[-1]:
        text = text[1:-1].strip()
    return _labelled(text) or _with_height(text) or Wrapped(_halved(text))


def _labelled(text: str) -> Wrapped | None:
    match = _LABELLED.match(text.replace('"', "") if '":' in text or '" :' in text else text)
    if match is None or match[1][:2] == match[3][:2]:
        return None
    return Wrapped(f"{match[2].rstrip(' ,')};{match[4]}", "lat,lon" if match[1].startswith("LAT") else "lon,lat")


def _with_height(text: str) -> Wrapped | None:
    match = _HEIGHT.match(text)
    return None if match is None else Wrapped(f"{match[1]};{match[3]}", accuracy=float(match[4] or 0))


def _halved(text: str) -> str:
    match = _HALVED.match(text)
    return text if match is None else f"{match[1]};{match[2]}"
