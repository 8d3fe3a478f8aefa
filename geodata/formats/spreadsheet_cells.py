"""Cells of spreadsheets: escape texts that would be read as formulas, and unescape them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.errors import BadData, shown
from geodata.formats import headings
from geodata.formats.columns import BY_NAME, restored
from geodata.formats.dataset import Metadata, Row

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
WKT = "wkt"
"""The column that holds a complete geometry, longitude first (WGS84)."""
WKT_HXL = "#geo+wkt"
_WKT_NAMES = (WKT, "geometry", "geom", "the_geom", "geom_wkt")
_SIGNED = re.compile(r"[+-]\d+(?:\.\d+)?\Z")


def defused(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe before what would begin one.

    A number with its sign is none. Where apostrophes stand before it already, one more tells the way back.
    """
    return f"'{text}" if _formula(text.lstrip("'")) else text


def fused(text: str) -> str:
    """Undo `defused`."""
    return text[1:] if text.startswith("'") and _formula(text.lstrip("'")) else text


def _formula(text: str) -> bool:
    return text.lstrip(" ").startswith(FORMULAS) and not _SIGNED.match(text)


def wkt(shape: BaseGeometry | None) -> str | None:
    """Return a geometry as WKT with every digit it has; None for None or empty."""
    return None if shape is None or shape.is_empty else str(shapely.to_wkt(shape, rounding_precision=-1))


def row(header: Sequence[str], cells: Sequence[Any], line: int) -> Row:
    """Return the row of a table's cells; raises BadData naming the line where its geometry cannot be read.

    A geometry is read from a column of WKT, else from columns of longitude and latitude; empty ones give None.
    """
    named = dict(zip(header, cells, strict=False))
    ours = named.keys() >= {"id", "pos_status"}
    flat: dict[str, Any] = {}
    for name, value in named.items():
        text = fused(value) if ours and isinstance(value, str) else value
        kind = BY_NAME[name].kind if ours and name in BY_NAME else "text"
        flat[name] = _number(text, name, line) if kind != "text" else None if text in ("", None) else text
    shape = _geometry(flat, line)
    id_, properties = restored({name: value for name, value in flat.items() if not ours or name != WKT})
    return Row(id_, shape, properties)


def about(header: Sequence[str], cells: Sequence[Any], layer: str) -> Metadata:
    """Return the metadata of a layer from the first row of a table that we wrote; of another table, its name alone."""
    named = dict(zip(header, cells, strict=False))
    if not named.keys() >= {"id", "pos_status"}:
        return Metadata(layer)
    metadata = {name: str(named[name]) for name in ("layer", "licence", "version") if named.get(name)}
    credit = {"en": fused(str(named["attribution"]))} if named.get("attribution") else {}
    return Metadata.from_dict({**metadata, "attribution": credit}, layer)


def _geometry(flat: Mapping[str, Any], line: int) -> BaseGeometry | None:
    lower = {name.strip().lower(): name for name in flat}
    for name in _WKT_NAMES:
        text = flat.get(lower.get(name, ""))
        if isinstance(text, str) and text:
            try:
                return shapely.from_wkt(text)
            except shapely.errors.GEOSException:
                raise BadData(f"/{line}/{name}", "not_wkt", text=shown(text)) from None
    lon, lat = (None if name is None else flat[name] for name in _axes(tuple(flat)))
    if lon in (None, "") or lat in (None, ""):
        return None
    pair = [_number(lon, "lon", line), _number(lat, "lat", line)]
    return shapely.Point(pair)


@lru_cache(maxsize=64)
def _axes(header: tuple[str, ...]) -> list[str | None]:
    """Return the columns of longitude and latitude: looked for once a table, not once a row."""
    indices = (headings.column(header, axis) for axis in ("lon", "lat"))
    return [None if at is None else header[at] for at in indices]


def _number(value: Any, name: str, line: int) -> Any:
    if value in (None, "") or isinstance(value, int | float):
        return value if value != "" else None
    try:
        parsed = float(value)
    except (TypeError, ValueError):
        raise BadData(f"/{line}/{name}", "number_needed", value=shown(value)) from None
    return int(parsed) if parsed.is_integer() and name not in ("lon", "lat", "unc_m") else parsed


def tags(cells: Sequence[Any]) -> bool:
    """Tell whether a row holds HXL tags and nothing else."""
    filled = [str(text).strip() for text in cells if text not in (None, "")]
    return bool(filled) and all(text.startswith("#") for text in filled)
