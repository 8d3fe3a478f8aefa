"""A position as people write it: decimal degrees, degrees-minutes-seconds, UTM or MGRS, Arabic digits and letters too.

What stands around a position (brackets, labels, a link to a map) is for position_wrapping.py.

Nothing is mended in silence: what cannot be read is refused with the reason, and what is read but looks swapped or may
be meant otherwise carries a warning.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from mgrs import MGRS
from mgrs.core import MGRSError
from pyproj import Transformer

from geodata.errors import shown
from geodata.formats.extent import rounded
from geodata.formats.position_wrapping import Wrapped, unwrapped
from geodata.formats.row_errors import Text, Unread, reason

Order = Literal["lat,lon", "lon,lat"]
Box = tuple[float, float, float, float]

_SIGNS = str.maketrans(
    {
        "٫": ".",
        "،": ",",
        "؛": ";",
        "−": "-",
        "–": "-",
        "º": "°",
        "˚": "°",
        "’": "'",
        "′": "'",
        "‘": "'",
        "”": '"',
        "″": '"',
    }
    | dict.fromkeys("\u200b\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff", "")
)
_WORDS = (
    (r"شمالًا|شمالا|شمالی|شمال|باکوور|north|\bnord\b|\bnorte\b|\bkuzey\b|с\.\s*ш\.?|пн\.\s*ш\.?", "N"),
    (r"جنوبًا|جنوبا|جنوبی|جنوب|باشوور|south|\bsüd\b|\bsud\b|\bsur\b|\bgüney\b|ю\.\s*ш\.?|пд\.\s*ш\.?", "S"),
    (r"شرقًا|شرقا|شرقی|شرق|ڕۆژهەڵات|east|\bost\b|\best\b|\beste\b|\bdoğu\b|(?<![а-я])в\.\s*д\.?|сх\.\s*д\.?", "E"),
    (r"غربًا|غربا|غربی|غرب|ڕۆژئاوا|west|\bouest\b|\boeste\b|\bbatı\b|(?<![а-я])з\.\s*д\.?|зх\.\s*д\.?", "W"),
)
"""Directions in the ten languages; `O` alone is east in German and west in French, and is not read."""
_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_MGRS = re.compile(
    r"(?:MGRS\s*:?\s*)?(\d{1,2})[\s-]*([C-HJ-NP-X])[\s-]*([A-HJ-NP-Z]{2})[\s-]*(\d{0,10})(?:[\s-]+(\d{1,5}))?\Z"
)
_METRES = rf"(?:E\s*:?\s*)?({_NUMBER})\s*M?\s*E?[\s,;]+(?:N\s*:?\s*)?({_NUMBER})\s*M?\s*N?"
_ZONE = r"(?:UTM\s*)?(?:ZONE\s*)?(\d{1,2})\s*([C-HJ-NP-X])"
_UTM = re.compile(rf"{_ZONE}[\s,;:]+{_METRES}\Z")
_UTM_LAST = re.compile(rf"{_METRES}[\s,;:]+{_ZONE}\Z")
_COMPACT = re.compile(r"(\d\d)(\d\d)(\d\d(?:\.\d+)?)?([NS])[\s,;/]*(\d{3})(\d\d)(\d\d(?:\.\d+)?)?([EW])\Z")
"""Degrees, minutes and seconds without signs: 334500N0441500E."""
_DEGREES = re.compile(
    r"(?P<before>[NSEW])?\s*(?P<sign>[-+])?\s*(?P<d>\d+(?:\.\d+)?)\s*(?:°|\s)?\s*"
    r"(?:(?P<m>\d+(?:\.\d+)?)\s*(?:'|\s)?\s*(?:(?P<s>\d+(?:\.\d+)?)\s*(?:\"|'')?\s*)?)?"
    r"(?P<after>[NSEW])?\Z"
)
_SOUTHERN: dict[str, float] = {"S": -1, "W": -1}
MAX_LENGTH = 200


@dataclass(frozen=True)
class Position:
    """Degrees on WGS84; `uncertainty` is what the notation itself leaves open, in metres."""

    lon: float
    lat: float
    notation: Literal["decimal", "dms", "utm", "mgrs"]
    uncertainty: float = 0.0
    warnings: tuple[Text, ...] = ()


def read(text: str, order: Order = "lat,lon", region: Box | None = None, *, bare: bool = False) -> Position:
    """Read one position; `order` is that of plain numbers, `region` (W, S, E, N) where positions are expected.

    Letters for north and east decide the order whatever `order` says. Where it is `bare` nothing may stand around the
    position. Raises Unread with the reason.

    >>> read("33°47'8\\"N 42°26'28\\"E").notation
    'dms'
    """
    if len(text) > MAX_LENGTH:
        raise Unread("long", most=MAX_LENGTH)
    normalized = plainly(text)
    if not normalized:
        raise Unread("empty")
    wrapped = Wrapped(normalized) if bare else unwrapped(normalized)
    position = _mgrs(normalized) or _utm(normalized) or _compact(normalized) or _unwrapped(wrapped, order)
    return _suspected(position, region)


def _unwrapped(wrapped: Wrapped, order: Order) -> Position:
    """Read what stands in brackets, behind labels or in a link, in the order that these say."""
    position = _mgrs(wrapped.text) or _utm(wrapped.text) or _pair(wrapped.text, wrapped.order or order)
    return replace(position, uncertainty=max(position.uncertainty, wrapped.accuracy))


def plainly(text: str) -> str:
    """Return a text with Latin digits, plain signs and upper-case letters, words of direction as letters."""
    digits = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text).translate(_SIGNS)
    for words, letter in _WORDS:
        digits = re.sub(words, letter, digits, flags=re.IGNORECASE)
    digits = re.sub(r"(\d)\s*d\s*(\d+(?:\.\d+)?)\s*m", r"\1°\2'", digits)
    digits = re.sub(r"(['])\s*(\d+(?:\.\d+)?)\s*s(?![a-z])", r"\1\2" + '"', digits)
    return digits.upper().strip()


def _mgrs(text: str) -> Position | None:
    match = _MGRS.match(text)
    if match is None:
        return None
    zone, band, square, first, second = match.groups(default="")
    digits = first + second
    if len(digits) % 2 or (second and len(first) != len(second)) or len(digits) > 10:
        raise Unread("mgrs_digits", text=repr(shown(text)))
    half = len(digits) // 2
    size = 10.0 ** (5 - half)
    # The middle of the square that the digits name, and its half diagonal: a reference is a square, not its corner.
    middle = [(part + "5").ljust(5, "0")[:5] for part in (digits[:half], digits[half:])]
    try:
        with warnings.catch_warnings():
            # The middle of a square that is cut by the edge of its band lies beyond it.
            warnings.simplefilter("ignore", RuntimeWarning)
            lat, lon = MGRS().toLatLon(f"{int(zone):02d}{band}{square}{''.join(middle)}")
    except MGRSError:
        raise Unread("mgrs_square", text=repr(shown(text))) from None
    return Position(lon, lat, "mgrs", size / 2**0.5)


@lru_cache(maxsize=120)
def _zone(number: int, north: bool) -> Transformer:
    return Transformer.from_crs(f"EPSG:{32600 + number if north else 32700 + number}", "EPSG:4326", always_xy=True)


def _utm(text: str) -> Position | None:
    if match := _UTM.match(text):
        zone, band, easting, northing = match.groups()
    elif match := _UTM_LAST.match(text):
        easting, northing, zone, band = match.groups()
    else:
        return None
    number, east, north = int(zone), float(easting), float(northing)
    if not 1 <= number <= 60:
        raise Unread("utm_zone", zone=number)
    if not (100_000 <= east < 1_000_000 and 0 <= north <= 10_000_000):
        raise Unread("utm_metres")
    lon, lat = _zone(number, band >= "N").transform(east, north)
    return Position(lon, lat, "utm", 0.0, (reason("utm_band"),) if band == "S" else ())


def _compact(text: str) -> Position | None:
    match = _COMPACT.match(text)
    if match is None:
        return None
    *lat, north, d, m, s, east = match.groups()
    return _pair(f"{' '.join(filter(None, lat))}{north};{' '.join(filter(None, (d, m, s)))}{east}", "lat,lon")


def _pair(text: str, order: Order) -> Position:
    first, second = _halves(text)
    a, b = _angle(first), _angle(second)
    names = {"N": "lat", "S": "lat", "E": "lon", "W": "lon"}
    axes = [names.get(letter) for letter in (a[1], b[1])]
    if None not in axes and axes[0] == axes[1]:
        raise Unread("latitudes" if axes[0] == "lat" else "longitudes")
    lat_first = order == "lat,lon"
    if any(axes):
        lat_first = axes[0] == "lat" if axes[0] else axes[1] == "lon"
    lat, lon = (a[0], b[0]) if lat_first else (b[0], a[0])
    lon, lat = rounded(lon, lat)
    if abs(lat) > 90 or abs(lon) > 180:
        swapped = abs(lon) <= 90 and abs(lat) <= 180
        raise Unread("range_swapped" if swapped else "range", lat=f"{lat:g}", lon=f"{lon:g}")
    return Position(lon, lat, "dms" if a[2] or b[2] else "decimal")


def _halves(text: str) -> tuple[str, str]:
    """Return the two numbers of a pair, whatever parts them: ; tab, comma, a letter of direction, or a blank."""
    for parts in (re.split(r"\s*[;\t]\s*", text), re.split(r",\s+", text)):
        if len(parts) == 2 and all(parts):
            return parts[0].replace(",", "."), parts[1].replace(",", ".")
    before = re.fullmatch(r"([NSEW].*?\d[^NSEW]*?)[\s,]*([NSEW].*\d.*)", text)
    lettered = before or re.fullmatch(r"(.*\d.*?[NSEW])[\s,]*(.*\d.*)", text)
    if lettered:
        return lettered[1].replace(",", "."), lettered[2].replace(",", ".")
    parts = text.split(",")
    if len(parts) == 2:
        # 33,5 44,4 with a blank between has decimal commas; 33.5,44.4 has none.
        blank = text.split()
        if len(blank) != 2 or not all("," in part for part in blank):
            return parts[0], parts[1]
    blank = text.split()
    if len(blank) == 2:
        return blank[0].replace(",", "."), blank[1].replace(",", ".")
    if len(blank) in (4, 6) and "," not in text:
        half = len(blank) // 2
        return " ".join(blank[:half]), " ".join(blank[half:])
    raise Unread("pair", text=repr(shown(text)))


class Angle(NamedTuple):
    """An angle in degrees, the letter of its direction or "", and whether its minutes are written."""

    degrees: float
    letter: str
    minutes: bool


def angle(text: str) -> Angle | None:
    """Return one latitude or longitude in any notation; None where a text is none.

    >>> angle("42°26.4'E").degrees, angle("-33,5").degrees
    (42.44, -33.5)
    """
    if len(text) > MAX_LENGTH:
        return None
    try:
        return _angle(plainly(text).replace(",", "."))
    except Unread:
        return None


def _angle(text: str) -> Angle:
    match = _DEGREES.match(text.strip(" ,"))
    if match is None:
        raise Unread("angle", text=repr(shown(text)))
    degrees, minutes, seconds = (float(match[name] or 0) for name in ("d", "m", "s"))
    if minutes >= 60 or seconds >= 60:
        raise Unread("sixty", text=repr(shown(text)))
    if match["m"] and "." in match["d"]:
        raise Unread("fraction", text=repr(shown(text)))
    letter = match["before"] or match["after"] or ""
    if match["before"] and match["after"]:
        raise Unread("letters", text=repr(shown(text)))
    sign = -1.0 if match["sign"] == "-" else 1.0
    if sign < 0 and letter in ("N", "E"):
        raise Unread("letters", text=repr(shown(text)))
    # A minus beside a letter for south or west says the same twice.
    sign = _SOUTHERN.get(letter, sign)
    return Angle(sign * (degrees + minutes / 60 + seconds / 3600), letter, bool(match["m"]))


def _suspected(position: Position, region: Box | None) -> Position:
    if region is None or not swapped(position.lon, position.lat, region):
        return position
    warnings = (*position.warnings, reason("swapped"))
    return Position(position.lon, position.lat, position.notation, position.uncertainty, warnings)


def swapped(lon: float, lat: float, region: Box) -> bool:
    """Tell whether a position lies outside the region and, the other way round, inside."""
    west, south, east, north = region
    inside = west <= lon <= east and south <= lat <= north
    return not inside and west <= lat <= east and south <= lon <= north
