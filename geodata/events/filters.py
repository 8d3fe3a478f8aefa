"""Filters of the events of a layer: parsed from parameters and validated."""

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
from geodata.analysis.targets import targets_of
from geodata.catalog import Catalog
from geodata.errors import BadValue
from geodata.formats.coordinates import Box
from geodata.messages import one_of
from geodata.text import arabic

LISTS = ("category", "actor", "source", "flag", "precision", "country", "governorate", "kind")
"""Filters of words, any of several with EACH between."""
OTHERS = ("text", "deaths_min", "deaths_max", "from", "to", "place", "polygon", "target", "km", "within")
NAMES = (*LISTS, *OTHERS)
EACH = "|"
WITHIN = ("certainly", "possibly", "unknown")
"""The answers that match a filter: "possibly" includes those that are certain."""
MAX_VALUES, MAX_TEXT, MAX_CORNERS, MAX_KM, MAX_DEATHS = 100, 500, 500, 5_000.0, 10_000_000
_PHRASE = re.compile(r'"([^"]*)"|(\S+)')


@dataclass(frozen=True)
class EventFilters:
    """Filters; an empty one matches every event. All of them have to match."""

    words: tuple[str, ...] = ()
    """Folded words and phrases, each of which an event's text has to contain."""
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    deaths: tuple[int | None, int | None] = (None, None)
    days: tuple[date | None, date | None] = (None, None)
    place: str = ""
    """The id of the area that contains an event."""
    polygon: BaseGeometry | None = None
    target: str = ""
    km: float | None = None
    within: str = "possibly"

    def without(self, name: str) -> EventFilters:
        """Return the filters without one of the lists."""
        return EventFilters(**{**vars(self), "lists": {key: value for key, value in self.lists.items() if key != name}})


def read(parameters: Mapping[str, str], catalog: Catalog) -> EventFilters:
    """Parse filters; other parameters are ignored. Raises BadValue naming parameter, value and what is allowed."""
    texts = {name: parameters[name].strip() for name in NAMES if parameters.get(name, "").strip()}
    lists = {name: _values(name, texts[name]) for name in LISTS if name in texts}
    first, last = (_day(name, texts.get(name)) for name in ("from", "to"))
    if first and last and first > last:
        raise BadValue("from", texts["from"], "day_to", day=texts["to"])
    low, high = (_deaths(name, texts.get(name)) for name in ("deaths_min", "deaths_max"))
    if low is not None and high is not None and low > high:
        raise BadValue("deaths_min", texts["deaths_min"], "number_to", most=high)
    target, km = _near(texts, catalog)
    within = texts.get("within", WITHIN[1])
    if within not in WITHIN:
        raise BadValue("within", within, one_of(WITHIN))
    return EventFilters(
        _words(texts.get("text", "")),
        lists,
        (low, high),
        (first, last),
        _place(texts.get("place", ""), catalog),
        _polygon(texts["polygon"]) if "polygon" in texts else None,
        target,
        km,
        within,
    )


def box(name: str, text: str) -> Box:
    """Return west, south, east and north (degrees) of a text of four numbers; raises BadValue."""
    parts = text.split(",")
    if len(parts) != 4:
        raise BadValue(name, text, "bbox")
    west, south, east, north = (_number(name, part, -360.0, 360.0) for part in parts)
    if not (west < east and south < north):
        raise BadValue(name, text, "bbox")
    return west, south, east, north


def integer(name: str, text: str | None, least: int, most: int, default: int) -> int:
    """Return a whole number within bounds; raises BadValue."""
    if not text:
        return default
    digits = plain_digits(text)
    if not re.fullmatch(r"\d{1,9}", digits) or not least <= int(digits) <= most:
        raise BadValue(name, text, "integer_range", least=least, most=most)
    return int(digits)


def choice(name: str, text: str | None, words: tuple[str, ...], default: str) -> str:
    """Return one of several words; raises BadValue."""
    if text and text not in words:
        raise BadValue(name, text, one_of(words))
    return text or default


def _words(text: str) -> tuple[str, ...]:
    if len(text) > MAX_TEXT or "\x00" in text:
        raise BadValue("text", text, "text_at_most", most=MAX_TEXT)
    terms = (phrase or word for phrase, word in _PHRASE.findall(text))
    return tuple(folded for term in terms if (folded := arabic.fold(term)))


def _values(name: str, text: str) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(part.strip() for part in text.split(EACH) if part.strip()))
    if len(values) > MAX_VALUES or "\x00" in text:
        raise BadValue(name, text, "values_at_most", most=MAX_VALUES, separator=EACH)
    return values


def _day(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date(*(int(part) for part in text.split("-")))
    except ValueError:
        pass
    raise BadValue(name, text, "iso_day")


def _deaths(name: str, text: str | None) -> int | None:
    return None if text is None else integer(name, text, 0, MAX_DEATHS, 0)


def _number(name: str, text: str, least: float, most: float) -> float:
    try:
        value = float(plain_digits(text))
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise BadValue(name, text, "number_range", least=f"{least:g}", most=f"{most:g}")
    return value


def _place(text: str, catalog: Catalog) -> str:
    if not text:
        return ""
    places, _ = resolve("place", text, catalog)
    shape = (places[0].area if places[0].area is not None else places[0].geometry) if len(places) == 1 else None
    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise BadValue("place", text, "one_area")
    return f"{places[0].layer}/{places[0].id}"


def _polygon(text: str) -> BaseGeometry:
    corners = [part.split(",") for part in text.split(";") if part.strip()]
    if not 3 <= len(corners) <= MAX_CORNERS or any(len(pair) != 2 for pair in corners):
        raise BadValue("polygon", text, "corners", most=MAX_CORNERS)
    polygon = shapely.Polygon(
        [(_number("polygon", lon, -180.0, 180.0), _number("polygon", lat, -90.0, 90.0)) for lon, lat in corners]
    )
    if not polygon.is_valid or polygon.area == 0:
        raise BadValue("polygon", text, "corners", most=MAX_CORNERS)
    return polygon


def _near(texts: Mapping[str, str], catalog: Catalog) -> tuple[str, float | None]:
    if ("target" in texts) != ("km" in texts):
        name = "km" if "target" in texts else "target"
        raise BadValue(name, texts.get(name, ""), "target_and_km")
    if "target" not in texts:
        return "", None
    targets_of(texts["target"], catalog)
    return texts["target"], _number("km", texts["km"], 0.001, MAX_KM)
