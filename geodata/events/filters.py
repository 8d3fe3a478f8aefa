"""What is asked of the events of a layer: the filters, read and checked; one function turns each into its meaning."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.analysis.base import plain_digits
from geodata.analysis.places import resolve
from geodata.analysis.proximity_table import targets_of
from geodata.catalog import Catalog
from geodata.errors import BadValue
from geodata.formats.coordinates import Box
from geodata.text import arabic

LISTS = ("category", "actor", "source", "flag", "precision", "country", "governorate", "kind")
"""Filters of words, any of several with EACH between."""
OTHERS = ("text", "deaths_min", "deaths_max", "from", "to", "place", "polygon", "target", "km", "within")
NAMES = (*LISTS, *OTHERS)
EACH = "|"
WITHIN = ("certainly", "possibly", "unknown")
"""The answers that a filter lets through: "possibly" those that are certain too."""
MAX_VALUES, MAX_TEXT, MAX_CORNERS, MAX_KM, MAX_DEATHS = 100, 500, 500, 5_000.0, 10_000_000
_PHRASE = re.compile(r'"([^"]*)"|(\S+)')


@dataclass(frozen=True)
class Asked:
    """Filters; those that are empty let everything through. All of them have to hold."""

    words: tuple[str, ...] = ()
    """Folded words and phrases, each of which an event's text has to hold."""
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    deaths: tuple[int | None, int | None] = (None, None)
    days: tuple[date | None, date | None] = (None, None)
    place: str = ""
    """The id of the area that holds an event."""
    polygon: BaseGeometry | None = None
    target: str = ""
    km: float | None = None
    within: str = "possibly"

    def without(self, name: str) -> Asked:
        """Return the filters without one of the lists."""
        return Asked(**{**vars(self), "lists": {key: value for key, value in self.lists.items() if key != name}})


def read(given: Mapping[str, str], catalog: Catalog) -> Asked:
    """Read filters; what is no filter is left alone. Raises BadValue naming parameter, value and what is allowed."""
    held = {name: given[name].strip() for name in NAMES if given.get(name, "").strip()}
    lists = {name: _values(name, held[name]) for name in LISTS if name in held}
    first, last = (_day(name, held.get(name)) for name in ("from", "to"))
    if first and last and first > last:
        raise BadValue("from", held["from"], f"a day not after {held['to']}")
    low, high = (_deaths(name, held.get(name)) for name in ("deaths_min", "deaths_max"))
    if low is not None and high is not None and low > high:
        raise BadValue("deaths_min", held["deaths_min"], f"a number not above {high}")
    target, km = _near(held, catalog)
    within = held.get("within", WITHIN[1])
    if within not in WITHIN:
        raise BadValue("within", within, ", ".join(WITHIN))
    return Asked(
        _words(held.get("text", "")),
        lists,
        (low, high),
        (first, last),
        _place(held.get("place", ""), catalog),
        _polygon(held["polygon"]) if "polygon" in held else None,
        target,
        km,
        within,
    )


def box(name: str, text: str) -> Box:
    """Return west, south, east and north (degrees) of a text of four numbers; raises BadValue."""
    allowed = "west,south,east,north in degrees, west below east and south below north"
    parts = text.split(",")
    if len(parts) != 4:
        raise BadValue(name, text, allowed)
    west, south, east, north = (_number(name, part, -360.0, 360.0) for part in parts)
    if not (west < east and south < north):
        raise BadValue(name, text, allowed)
    return west, south, east, north


def whole(name: str, text: str | None, least: int, most: int, default: int) -> int:
    """Return a whole number within bounds; raises BadValue."""
    if not text:
        return default
    plain = plain_digits(text)
    if not re.fullmatch(r"\d{1,9}", plain) or not least <= int(plain) <= most:
        raise BadValue(name, text, f"a whole number from {least} to {most}")
    return int(plain)


def one_of(name: str, text: str | None, words: tuple[str, ...], default: str) -> str:
    """Return one of several words; raises BadValue."""
    if text and text not in words:
        raise BadValue(name, text, ", ".join(words))
    return text or default


def _words(text: str) -> tuple[str, ...]:
    if len(text) > MAX_TEXT or "\x00" in text:
        raise BadValue("text", text, f"at most {MAX_TEXT} characters, none of them NUL")
    found = (phrase or word for phrase, word in _PHRASE.findall(text))
    return tuple(folded for one in found if (folded := arabic.fold(one)))


def _values(name: str, text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(part.strip() for part in text.split(EACH) if part.strip()))
    if len(found) > MAX_VALUES or "\x00" in text:
        raise BadValue(name, text, f"at most {MAX_VALUES} values with {EACH} between")
    return found


def _day(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date(*(int(part) for part in text.split("-")))
    except ValueError:
        pass
    raise BadValue(name, text, "a day as YYYY-MM-DD")


def _deaths(name: str, text: str | None) -> int | None:
    return None if text is None else whole(name, text, 0, MAX_DEATHS, 0)


def _number(name: str, text: str, least: float, most: float) -> float:
    try:
        value = float(plain_digits(text))
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise BadValue(name, text, f"a number from {least:g} to {most:g}")
    return value


def _place(text: str, catalog: Catalog) -> str:
    if not text:
        return ""
    places, _ = resolve("place", text, catalog)
    shape = (places[0].area if places[0].area is not None else places[0].geometry) if len(places) == 1 else None
    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise BadValue("place", text, "the id or name of one area: a country, a governorate, an area of your own")
    return f"{places[0].layer}/{places[0].id}"


def _polygon(text: str) -> BaseGeometry:
    allowed = f"3 to {MAX_CORNERS} corners as longitude,latitude with semicolons between, no side across another"
    corners = [part.split(",") for part in text.split(";") if part.strip()]
    if not 3 <= len(corners) <= MAX_CORNERS or any(len(pair) != 2 for pair in corners):
        raise BadValue("polygon", text, allowed)
    made = shapely.Polygon(
        [(_number("polygon", lon, -180.0, 180.0), _number("polygon", lat, -90.0, 90.0)) for lon, lat in corners]
    )
    if not made.is_valid or made.area == 0:
        raise BadValue("polygon", text, allowed)
    return made


def _near(held: Mapping[str, str], catalog: Catalog) -> tuple[str, float | None]:
    if ("target" in held) != ("km" in held):
        name = "km" if "target" in held else "target"
        raise BadValue(name, held.get(name, ""), "target and km together")
    if "target" not in held:
        return "", None
    targets_of(held["target"], catalog)
    return held["target"], _number("km", held["km"], 0.001, MAX_KM)
