"""Metres of a table as degrees: in a system that is stated, in the UTM zone of each row, or in the one that fits.

A system is taken unasked only where it alone puts the rows into the countries they name or, without those, into any
that the catalogue has; the import says which one it took.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geodata.errors import BadValue
from geodata.importing.areas import Areas
from geodata.importing.cell_kinds import zone as zone_of
from geodata.importing.columns import each
from geodata.importing.named_countries import named
from geodata.importing.orientation import DECIDED, LEAST, share_inside

Floats = NDArray[np.float64]
MERCATOR = "EPSG:3857"
ZONES = (*(f"EPSG:{32600 + zone}" for zone in range(1, 61)), *(f"EPSG:{32700 + zone}" for zone in range(1, 61)))
_CODE = re.compile(r"(?:EPSG|SRID|CRS)\W*(\d{4,6})|(?<!\d)(3857|32[67]\d\d)(?!\d)", re.IGNORECASE)
_ZONE = re.compile(
    r"(?:UTM|ZONE|Z)\W*(\d{1,2})\s*([C-HJ-NP-X])?(?![A-Za-z0-9])|(?<![A-Za-z0-9])(\d{1,2})([C-HJ-NP-X])(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_NORTHERN = "N"
"""The first band of the northern hemisphere."""
_BAND_S = (3_540_000.0, 4_430_000.0)
"""Northings of the band S, 32 to 40 degrees north; as metres of the southern hemisphere nobody lives there."""


def checked(crs: str) -> str:
    """Return the name of a projected system in metres; raises BadValue for anything else."""
    try:
        system = CRS.from_user_input(crs)
    except CRSError:
        system = None
    if system is None or not system.is_projected or system.axis_info[0].unit_name not in ("metre", "meter"):
        raise BadValue("crs", crs, "projected_crs")
    return str(system.srs)


def degrees(east: Floats, north: Floats, zone: pa.Array | None, crs: str) -> tuple[Floats, Floats]:
    """Return longitude and latitude (n each, NaN where there are none) of metres; `zone` names a row's UTM zone."""
    if crs or zone is None:
        return _transformed(east, north, crs)
    lon, lat = np.full(len(east), np.nan), np.full(len(east), np.nan)
    zones, which = each(zone, zone_of, None)
    with np.errstate(invalid="ignore"):
        band_s = (north >= _BAND_S[0]) & (north <= _BAND_S[1])
    for at, number_band in enumerate(zones):
        for in_band in (False, True):
            rows = np.flatnonzero((which % len(zones) == at) & (band_s == in_band))
            if number_band is not None and len(rows):
                lon[rows], lat[rows] = _transformed(east[rows], north[rows], _utm(*number_band, in_band))
    return lon, lat


def stated(north: Floats, *headings: str) -> str:
    """Return the system that headings name, as `X (EPSG:3857)` and `UTM 38N Easting` do; "" where they name none.

    The northings (n) tell the band S from the southern hemisphere.
    """
    known = north[np.isfinite(north)]
    in_band = bool(len(known)) and _BAND_S[0] <= float(np.median(known)) <= _BAND_S[1]
    for heading in headings:
        if match := _CODE.search(heading):
            with suppress(BadValue):
                return checked(f"EPSG:{match[1] or match[2]}")
        elif match := _ZONE.search(heading.replace("_", " ")):
            number, letter = int(match[1] or match[3]), (match[2] or match[4] or _NORTHERN).upper()
            if 1 <= number <= 60:
                return _utm(number, letter, in_band)
    return ""


def fitting(east: Floats, north: Floats, country: pa.Array | None, areas: Areas) -> list[str]:
    """Return the systems that put the rows into the countries they name or, without those, into any that we have."""
    known = np.isfinite(east) & np.isfinite(north)
    if known.sum() < LEAST:
        return []
    countries = named(country)
    own = None if countries is None else countries.take(known)
    x, y = east[known], north[known]
    utm = (x.min() >= 100_000) and (x.max() <= 900_000) and (y.min() >= 0) and (y.max() <= 10_000_000)
    systems = (MERCATOR, *(ZONES if utm else ()))
    return [crs for crs in systems if share_inside(*_transformed(x, y, crs), own, areas) >= DECIDED]


def _utm(number: int, band: str, in_band_s: bool) -> str:
    """Return the system of a UTM zone: S is the band where the northings are its own, else the southern hemisphere."""
    northern = not band or (in_band_s if band == "S" else band >= _NORTHERN)
    return f"EPSG:{(32600 if northern else 32700) + number}"


def _transformed(east: Floats, north: Floats, crs: str) -> tuple[Floats, Floats]:
    if not crs:
        return np.full(len(east), np.nan), np.full(len(east), np.nan)
    lon, lat = _transformer(crs).transform(east, north)
    bad = ~(np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    return np.where(bad, np.nan, lon), np.where(bad, np.nan, lat)


@lru_cache(maxsize=128)
def _transformer(crs: str) -> Transformer:
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
