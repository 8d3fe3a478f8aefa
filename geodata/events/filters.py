"""Filters of the events of a layer: parsed from parameters into conditions of the one filter model."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely

from geodata.analysis import predicates
from geodata.analysis.targets import targets_of
from geodata.catalog import Catalog
from geodata.errors import BadValue
from geodata.formats.coordinates import Box
from geodata.messages import one_of
from geodata.query import cql2
from geodata.text.plain_digits import plain_digits

LISTS = ("category", "actor", "source", "flag", "precision", "country", "governorate", "kind")
"""Filters of words, any of several with EACH between."""
OTHERS = ("text", "deaths_min", "deaths_max", "from", "to", "place", "polygon", "target", "km", "within", "where")
NAMES = (*LISTS, *OTHERS)
EACH = "|"
NO_FLAG = "none"
MAX_VALUES, MAX_TEXT, MAX_CORNERS, MAX_DEATHS = 100, 500, 500, 10_000_000


@dataclass(frozen=True)
class EventFilters:
    """Conditions of CQL2 and named predicates by the parameter that states each; all of them have to hold."""

    conditions: Mapping[str, Any] = field(default_factory=dict)

    def without(self, name: str) -> EventFilters:
        """Return the filters without one of them."""
        return EventFilters({key: tree for key, tree in self.conditions.items() if key != name})


def read(parameters: Mapping[str, str], catalog: Catalog) -> EventFilters:
    """Parse filters; other parameters are ignored. Raises BadValue naming parameter, value and what is allowed."""
    texts = {name: parameters[name].strip() for name in NAMES if parameters.get(name, "").strip()}
    conditions = {name: _any_of(name, _values(name, texts[name]), catalog) for name in LISTS if name in texts}
    if "text" in texts:
        conditions["text"] = call("text_contains", _text(texts["text"]))
    for name, sign in (("deaths_min", ">="), ("deaths_max", "<=")):
        if name in texts:
            figure = integer(name, texts[name], 0, MAX_DEATHS, 0)
            conditions[name] = call(sign, {"property": "killed.best"}, figure)
    _check_order(conditions)
    if "from" in texts or "to" in texts:
        conditions["from"] = call("during", *_days(texts))
    if "place" in texts:
        place = predicates.area_of("place", texts["place"], catalog)
        conditions["place"] = call("inside", f"{place.layer}/{place.id}")
    if "polygon" in texts:
        conditions["polygon"] = call("inside", {"type": "Polygon", "coordinates": [_polygon(texts["polygon"])]})
    within = choice("within", texts.get("within"), predicates.WITHIN, "possibly")
    if "target" in texts or "km" in texts:
        conditions["km"] = call("within_km", *_near(texts, catalog), within)
    if "where" in texts:
        with cql2.naming("where"):
            conditions["where"] = cql2.parse(texts["where"])
    return EventFilters(conditions)


def call(op: str, *arguments: Any) -> dict[str, Any]:
    """Return the tree of an operator or a predicate with its arguments."""
    return {"op": op, "args": list(arguments)}


def _any_of(name: str, values: list[str], catalog: Catalog) -> dict[str, Any]:
    """Return the tree of "has one of these values"."""
    if name == "actor":
        return predicates.by_names(values, catalog)
    if name == "source":
        return call(
            "or",
            call("in", {"property": "reported_by"}, values),
            call("a_overlaps", {"property": "sources"}, values),
        )
    if name == "country":
        return call("or", *(call("in", {"property": column}, values) for column in ("country_id", "country")))
    if name == "flag":
        flags = {"property": "flags"}
        none = [call("isnull", flags), call("a_equals", flags, [])] if NO_FLAG in values else []
        return call("or", call("a_overlaps", flags, values), *none)
    return call("in", {"property": name}, values)


def _check_order(conditions: Mapping[str, Any]) -> None:
    low, high = (conditions[name]["args"][1] if name in conditions else None for name in ("deaths_min", "deaths_max"))
    if low is not None and high is not None and low > high:
        raise BadValue("deaths_min", low, "number_to", most=high)


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


def _text(text: str) -> str:
    if len(text) > MAX_TEXT or "\x00" in text:
        raise BadValue("text", text, "text_at_most", most=MAX_TEXT)
    return text


def _values(name: str, text: str) -> list[str]:
    values = list(dict.fromkeys(part.strip() for part in text.split(EACH) if part.strip()))
    if len(values) > MAX_VALUES or "\x00" in text:
        raise BadValue(name, text, "values_at_most", most=MAX_VALUES, separator=EACH)
    return values


def _days(texts: Mapping[str, str]) -> tuple[str, str]:
    for name in ("from", "to"):
        with cql2.naming(name):
            predicates.days(texts.get(name, ".."), "..")
    first, last = texts.get("from", ".."), texts.get("to", "..")
    with cql2.naming("from"):
        predicates.days(first, last)
    return first, last


def _number(name: str, text: str, least: float, most: float) -> float:
    try:
        value = float(plain_digits(text))
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise BadValue(name, text, "number_range", least=f"{least:g}", most=f"{most:g}")
    return value


def _polygon(text: str) -> list[tuple[float, float]]:
    corners = [part.split(",") for part in text.split(";") if part.strip()]
    if not 3 <= len(corners) <= MAX_CORNERS or any(len(pair) != 2 for pair in corners):
        raise BadValue("polygon", text, "corners", most=MAX_CORNERS)
    polygon = shapely.Polygon(
        [(_number("polygon", lon, -180.0, 180.0), _number("polygon", lat, -90.0, 90.0)) for lon, lat in corners]
    )
    if not polygon.is_valid or polygon.area == 0:
        raise BadValue("polygon", text, "corners", most=MAX_CORNERS)
    return list(polygon.exterior.coords)


def _near(texts: Mapping[str, str], catalog: Catalog) -> tuple[str, float]:
    if ("target" in texts) != ("km" in texts):
        name = "km" if "target" in texts else "target"
        raise BadValue(name, texts.get(name, ""), "target_and_km")
    targets_of(texts["target"], catalog)
    return texts["target"], _number("km", texts["km"], 0.001, predicates.MAX_KM)
