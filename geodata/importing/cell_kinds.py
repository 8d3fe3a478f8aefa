"""What the cells of a column read as: positions in some notation, geometries, dates, numbers, links, words.

A sample of the distinct texts is looked at; each kind has the share of them that reads as it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from geodata.formats import coordinates, headings
from geodata.formats.row_errors import Unread
from geodata.importing import dates, figures
from geodata.importing.columns import coded, number

ROWS = 5_000
"""Rows of a file from which the sample is taken."""
SAMPLE = 200
"""Distinct texts of a column that are looked at."""
CERTAIN = 0.95
"""The share of cells that must read as a kind where the heading says nothing of it."""
NOTATIONS = ("mgrs", "utm", "dms", "decimal")
"""The notations of positions, as `coordinates.Position` names them."""
NUMBER_DATES = ("excel", "unix_seconds", "unix_milliseconds", "unix_microseconds", "yyyymmdd", "year", "some_excel")
"""The notations of dates in plain numbers (date_numbers.py)."""
_WKT = re.compile(
    r"\s*(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\s*(?:ZM?|M)?\s*(?:\(|EMPTY)",
    re.IGNORECASE,
)
_GEOJSON = re.compile(r'\s*\{.*"coordinates"', re.DOTALL)
_WKB = re.compile(r"(?:00|01)[0-9a-fA-F]{40,}\Z")
_NUMBERS = re.compile(r"\d.*\D.*\d|\d{2}[A-Za-z]{3}\d{4,}", re.DOTALL)
_LINK = re.compile(r"(?:https?://|www\.)\S+\Z", re.IGNORECASE)
_HEMISPHERE = re.compile(r"\s*(?:[NSEW]|north|south|east|west)\.?\s*\Z", re.IGNORECASE)
_LIST = re.compile(r"\s*\[[^\[\]]*,[^\[\]]*\]\s*\Z")
UNITS: Mapping[str, float] = MappingProxyType(
    {
        **dict.fromkeys(("km", "kms", "kilometre", "kilometres", "kilometer", "kilometers", "كم", "км"), 1000.0),
        **dict.fromkeys(("m", "metre", "metres", "meter", "meters", "mètres", "metros", "metri", "م", "متر", "м"), 1.0),
        **dict.fromkeys(("mi", "mile", "miles"), 1609.344),
        **dict.fromkeys(("ft", "feet"), 0.3048),
    }
)
"""Metres of the units in which radii are written."""
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_METRES = re.compile(rf"\s*(?:±|\+/-|~|<|within)?\s*([\d.,]+)\s*({_UNIT})?\.?\s*\Z", re.IGNORECASE)
_ZONE = re.compile(r"\s*(?:UTM\s*)?(?:ZONE\s*)?(\d{1,2})\s*([C-HJ-NP-X])?\s*\Z", re.IGNORECASE)
_EPSG = re.compile(r"\s*(?:EPSG:?\s*)?32([67])(0[1-9]|[1-5]\d|60)\s*\Z", re.IGNORECASE)
_FINE = re.compile(r"\d[.,٫]\d{3,}")
"""A number as fine as a hundred metres of a degree."""


@dataclass(frozen=True)
class Kinds:
    """The kinds of a column's cells, each with the share of the sampled texts that read as it (0 to 1)."""

    shares: Mapping[str, float] = field(default_factory=dict)
    filled: float = 0.0
    """The share of the rows with a cell that is not empty."""
    count: int = 0
    """The distinct texts that were looked at."""
    unique: bool = False
    """Whether no text occurs twice."""

    def share(self, *kinds: str) -> float:
        """Return the largest share of these kinds; 0 where there are none."""
        return max((self.shares.get(kind, 0.0) for kind in kinds), default=0.0)

    @property
    def notation(self) -> str:
        """The notation in which most of the positions are written."""
        return max(NOTATIONS, key=self.share)


def of_column(column: pa.Array) -> Kinds:
    """Return the kinds of a column's cells (texts, coded or not)."""
    encoded = coded(column.slice(0, ROWS))
    used = pc.unique(encoded.indices.drop_null())
    distinct = [text.strip() for text in encoded.dictionary.take(used).to_pylist()]
    texts = [text for text in distinct if text and not figures.is_unknown(text)]
    filled = len(encoded) - encoded.null_count - _blank(encoded)
    step = max(1, len(texts) // SAMPLE)
    sample = texts[::step][:SAMPLE]
    if not sample:
        return Kinds()
    shares = {kind: sum(map(check, sample)) / len(sample) for kind, check in _CHECKS.items()}
    readings = [reading for text in sample if (reading := _reading(text)) is not None]
    shares |= {
        name: sum(reading.notation == name and reading.particular for reading in readings) / len(sample)
        for name in NOTATIONS
    }
    shares["particular"] = sum(reading.particular for reading in readings) / len(sample)
    shares["date_number"] = float(dates.notation(sample) in NUMBER_DATES)
    shares["position"] = len(readings) / len(sample)
    shares |= {
        f"{axis}_first": sum(reading.first == axis for reading in readings) / len(sample) for axis in ("lat", "lon")
    }
    return Kinds(MappingProxyType(shares), filled / max(1, len(encoded)), len(sample), len(distinct) == filled)


def of_columns(batch: pa.RecordBatch, names: Sequence[str], prefix: str) -> dict[str, Kinds]:
    """Return the kinds of the columns of a batch by their names in the file."""
    return {name: of_column(batch.column(f"{prefix}{name}")) for name in names}


def _blank(encoded: pa.DictionaryArray) -> int:
    blank = pc.equal(pc.binary_length(pc.utf8_trim_whitespace(encoded.dictionary)), 0)
    return int(pc.sum(blank.take(encoded.indices)).as_py() or 0)


class _Reading(NamedTuple):
    notation: str
    particular: bool
    """Whether nothing but a position is written so."""
    first: str
    """Which axis comes first, where only one order is possible; else empty."""


def _reading(text: str) -> _Reading | None:
    """Read a position in either order; None where a text is none."""
    if not _NUMBERS.search(text) or number(text) is not None:
        return None
    orders: dict[coordinates.Order, coordinates.Position] = {}
    for order in ("lat,lon", "lon,lat"):
        with suppress(Unread):
            orders[order] = coordinates.read(text, order)
    if not orders:
        return None
    position = next(iter(orders.values()))
    first = next(iter(orders))[:3] if len(orders) == 1 else ""
    if "://" in text:
        return _Reading(position.notation, True, first)
    particular = len(_FINE.findall(text)) >= 2 if position.notation == "decimal" else position.uncertainty <= 10_000
    return _Reading(position.notation, particular, first)


def radius(text: str, unit: float = 1.0) -> float | None:
    """Return a radius in metres, with or without a sign and a unit of its own; None for anything else.

    `unit` is the metres of a number without one.
    """
    match = _METRES.match(text)
    value = None if match is None else number(match[1])
    if value is None or match is None:
        return None
    return value * (UNITS[match[2].lower()] if match[2] else unit)


def metres_of(heading: str) -> float:
    """Return the metres of the unit that a heading names; 1 where it names none.

    >>> metres_of("Uncertainty (km)"), metres_of("radius_m"), metres_of("الدقة (كم)")
    (1000.0, 1.0, 1000.0)
    """
    return next((UNITS[word] for word in sorted(headings.words(heading)) if word in UNITS), 1.0)


def zone(text: str) -> tuple[int, str] | None:
    """Return the number of a UTM zone and the letter of its band ("" where there is none); None for anything else."""
    if code := _EPSG.match(text):
        return int(code[2]), "N" if code[1] == "6" else "M"
    match = _ZONE.match(text)
    return (int(match[1]), (match[2] or "").upper()) if match and 1 <= int(match[1]) <= 60 else None


def geometry(text: str) -> bool:
    """Tell whether a text is written as WKT, GeoJSON or WKB in hexadecimal digits."""
    return bool(_WKT.match(text) or _GEOJSON.match(text) or (_WKB.match(text) and len(text) % 2 == 0))


def _axis(limit: float, letters: str) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        angle = coordinates.angle(text)
        return angle is not None and abs(angle.degrees) <= limit and (not angle.letter or angle.letter in letters)

    return check


def _number(check: Callable[[float], bool]) -> Callable[[str], bool]:
    return lambda text: (value := number(text)) is not None and check(value)


def _date(text: str) -> bool:
    """Tell whether a text is a date that no plain number is: a year or a serial number may be anything."""
    if text.isdecimal() or number(text) is not None:
        return False
    return dates.read(text) is not None or dates.in_other_calendar(text)


def _words(text: str) -> bool:
    return any(map(str.isalpha, text)) and not _LINK.match(text)


_CHECKS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "lat": _axis(90, "NS"),
        "lon": _axis(180, "EW"),
        "fine": lambda text: number(text) is not None and bool(_FINE.search(text)),
        "metres": _number(lambda value: abs(value) >= 1000),
        "number": _number(lambda value: True),
        "integer": _number(float.is_integer),
        "year": _number(lambda value: value.is_integer() and 1900 <= value <= 2100),
        "month": dates.is_month,
        "day": _number(lambda value: value.is_integer() and 0 <= value <= 31),
        "figure": lambda text: figures.read(text) is not None,
        "radius": lambda text: radius(text) is not None,
        "zone": lambda text: zone(text) is not None,
        "geometry": geometry,
        "date": _date,
        "words": _words,
        "hemisphere": lambda text: bool(_HEMISPHERE.match(text)),
        "list": lambda text: bool(_LIST.match(text)),
        "link": lambda text: bool(_LINK.match(text)),
    }
)
