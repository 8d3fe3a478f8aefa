"""GeoJSON with a `crs`, which RFC 7946 does away with and GIS programs still write: coordinates of it as WGS84."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from geodata.formats import strict_json

DEGREES = ("CRS84", "EPSG::4326", "EPSG:4326")
"""What the names of systems of longitude and latitude on WGS84 end in."""


def in_wgs84(data: bytes) -> tuple[bytes, str | None]:
    """Return a GeoJSON text with its coordinates in WGS84, and the name of the system that they were in.

    A text without a `crs`, with that of WGS84, or with one that is no system is returned as it is, with None.
    Raises BadData where it is no JSON.
    """
    value: Any = strict_json.parse(data) if b'"crs"' in data else None
    name = _name(value)
    if name is None or name.upper().endswith(DEGREES):
        return data, None
    # What reads most files is loaded before they are, and has no part of PROJ.
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError

    try:
        transformer = Transformer.from_crs(CRS.from_user_input(name), "EPSG:4326", always_xy=True)
    except CRSError:
        return data, None
    positions = list(_positions(value))
    if positions:
        x, y = transformer.transform([at[0] for at in positions], [at[1] for at in positions])
        for at, lon, lat in zip(positions, x, y, strict=True):
            at[0], at[1] = float(lon), float(lat)
    del value["crs"]
    return json.dumps(value, ensure_ascii=False).encode(), name


def _name(value: Any) -> str | None:
    """Return the name that a `crs` has; None where there is none."""
    crs = value.get("crs") if isinstance(value, dict) else None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else None


def _positions(value: Any) -> Iterator[list[Any]]:
    """Yield the positions of all geometries of a GeoJSON object, as lists that can be written to."""
    if not isinstance(value, dict):
        return
    for feature in value.get("features") or () if isinstance(value.get("features"), list) else ():
        yield from _positions(feature)
    for geometry in value.get("geometries") or () if isinstance(value.get("geometries"), list) else ():
        yield from _positions(geometry)
    yield from _positions(value.get("geometry"))
    yield from _within(value.get("coordinates"))


def _within(coordinates: Any) -> Iterator[list[Any]]:
    if not isinstance(coordinates, list):
        return
    numbers = [not isinstance(item, bool) and isinstance(item, int | float) for item in coordinates[:2]]
    if len(numbers) == 2 and all(numbers):
        yield coordinates
        return
    for item in coordinates:
        yield from _within(item)
