"""What a text may mean: a position in any notation, a kilometre of a line, or what an index of names finds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

from geodata.analysis import measure
from geodata.analysis.places import of_feature
from geodata.catalog import Catalog
from geodata.formats import coordinates
from geodata.formats.row_errors import Unread
from geodata.messages import Message
from geodata.model import Feature, Text
from geodata.search.entries import Entry, entries
from geodata.search.index import EXACT, Index
from geodata.text import arabic

MOST, LONGEST = 20, 200
"""How many things are found at most, and the longest text that is looked for."""
_KILOMETRE = re.compile(
    r"(?:\b(?:km|kilomet(?:er|re))\s*(\d+(?:[.,]\d+)?)|(?:الكيلومتر|كيلومتر|الكيلو|كيلو|كم)\s*(\d+(?:[.,٫]\d+)?))"
    r"\s*(?:of|on|along|من|على)?\s*(?:the\b)?\s*(.*)\Z",
    re.IGNORECASE,
)
_LINES = ("border", "wall", "river")
_ANY_BORDER = ("", "border", "حدود")
"""Folded texts that name no line in particular: the border of the highest priority is meant."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that a text may mean: an entry of the index, or a position in degrees with a name for it."""

    kind: str
    layer: str
    id: str
    name: Text
    label: str
    match: int
    lon: float | None = None
    lat: float | None = None


def find(text: str, catalog: Catalog, most: int = MOST) -> list[Found]:
    """Return what a text may mean, the likeliest first: positions, then what bears a name like it."""
    text = text[:LONGEST].strip()
    if not text:
        return []
    found = [*_positions(text), *_kilometre(text, catalog)]
    found += [_found(entry, match) for match, entry in index_of(catalog).find(text)[: most - len(found)]]
    return found[:most]


def _found(entry: Entry, match: int) -> Found:
    return Found(entry.kind, entry.layer, entry.id, entry.name, entry.label, match)


_INDEXES: WeakKeyDictionary[Catalog, Index] = WeakKeyDictionary()
_LOCK = Lock()


def index_of(catalog: Catalog) -> Index:
    """Return the index of a catalogue, built when it is first asked for."""
    with _LOCK:
        index = _INDEXES.get(catalog)
        if index is None:
            index = _INDEXES[catalog] = Index(entries(catalog))
        return index


def _positions(text: str) -> Iterator[Found]:
    """Yield the positions that a text can be read as: two plain numbers in either order."""
    seen = set()
    orders: tuple[coordinates.Order, ...] = ("lon,lat", "lat,lon")
    for order in orders:
        try:
            read = coordinates.read(text, order)
        except Unread:
            continue
        if (read.lon, read.lat) not in seen:
            seen.add((read.lon, read.lat))
            yield _position(f"{read.lon:.7g},{read.lat:.7g}", read.lon, read.lat)


def _position(id_: str, lon: float, lat: float, name: Text | None = None) -> Found:
    numbers = {"lon": f"\u2066{lon:.6g}°\u2069", "lat": f"\u2066{lat:.6g}°\u2069"}
    return Found("position", "", id_, name or Message("search.position", **numbers).texts(), "", EXACT, lon, lat)


def _kilometre(text: str, catalog: Catalog) -> Iterator[Found]:
    """Yield the position at a kilometre of a line, as "km 466 of the border" asks for it."""
    match = _KILOMETRE.match(text)
    if not match:
        return
    metres = float((match[1] or match[2]).replace(",", ".").replace("٫", ".")) * 1000
    for line in _lines(match[3], catalog):
        place = of_feature(line, catalog.layer(line.layer), catalog)
        prepared = measure.line_of(place.shape, place.edges)
        if metres <= prepared.length:
            lon, lat = (float(one) for one in prepared.point_at(metres))
            name = Message("search.kilometre", km=f"{metres / 1000:g}", line=place.name).texts()
            yield _position(f"{lon:.7f},{lat:.7f}", lon, lat, name)
            return


def _lines(text: str, catalog: Catalog) -> Iterator[Feature]:
    """Yield the lines that a text may mean, the likeliest first."""
    if arabic.fold(text) in _ANY_BORDER:
        borders = [feature for layer in catalog.layers_of("border") for feature in layer.features]
        yield from sorted(borders, key=lambda one: -float(one.properties.get("priority") or 0))
        return
    for _, entry in index_of(catalog).find(text):
        if entry.label in _LINES:
            feature = catalog.feature(f"{entry.layer}/{entry.id}")
            if feature.geometry is not None and feature.geometry.geom_type == "LineString":
                yield feature
