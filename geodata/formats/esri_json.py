"""Esri JSON, the answer of an ArcGIS feature service: attributes, geometry and the types of the fields.

Geometry objects after https://developers.arcgis.com/rest/services-reference/enterprise/geometry-objects/.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.errors import BadData
from geodata.formats import arrow, json_flat
from geodata.formats.column_types import ColumnType, iso
from geodata.formats.dataset import Dataset, Metadata, Row
from geodata.formats.geojson_text import array_of
from geodata.settings import MAX_VERTICES

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE = "esriFieldTypeDate"
_RENUMBERED = {102100: 3857, 102113: 3857}
"""Numbers of Esri's own that are the same system as one of EPSG."""
_MEMBERS = ("x", "points", "paths", "rings")


def is_feature(item: Any) -> bool:
    """Tell whether a JSON value is a feature of Esri JSON."""
    if not isinstance(item, dict) or not isinstance(item.get("attributes"), dict):
        return False
    shape = item.get("geometry")
    return item.keys() <= {"attributes", "geometry", "symbol", "popupTemplate"} and (
        shape is None
        or (isinstance(shape, dict) and ("spatialReference" in shape or any(name in shape for name in _MEMBERS)))
    )


def dataset(items: Sequence[Mapping[str, Any]], around: Mapping[str, Any], layer: str) -> Dataset:
    """Return features as rows on WGS84; `around` is the object that they stand in. Raises BadData naming the feature.

    A field that is declared a date is milliseconds since 1970 in UTC, and comes as a timestamp.
    """
    fields = around.get("fields")
    dates = {
        field.get("name")
        for field in (fields if isinstance(fields, list) else ())
        if isinstance(field, dict) and field.get("type") == _DATE and isinstance(field.get("name"), str)
    }
    cells = [json_flat.flat(item["attributes"]) for item in items]
    names = json_flat.column_names(dict.fromkeys(path for row in cells for path in row))
    shapes = array_of([_placed(item, number) for number, item in enumerate(items, start=1)])
    for system, numbers in _systems(items, around).items():
        shapes[numbers] = arrow.in_wgs84(shapes[numbers], _crs(system))
    rows = []
    for row, shape in zip(cells, shapes, strict=True):
        properties = {names[path]: _moment(value) if path in dates else value for path, value in row.items()}
        rows.append(Row(None, shape, properties))
    declared = {name: ColumnType("timestamp", "Z") for path, name in names.items() if path in dates}
    types = {name: kind for name, kind in declared.items() if _are_moments(rows, name)}
    return Dataset(Metadata(layer), rows, types)


def _moment(value: Any) -> Any:
    """Return milliseconds since 1970 as a time in ISO 8601; any other value unchanged."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    try:
        return iso(_EPOCH + timedelta(milliseconds=value))
    except OverflowError:
        return value


def _are_moments(rows: Sequence[Row], name: str) -> bool:
    return all(isinstance(row.properties.get(name), str | None) for row in rows)


def _systems(items: Sequence[Mapping[str, Any]], around: Mapping[str, Any]) -> dict[Any, list[int]]:
    """Return the numbers of the features by their system: a geometry's own, else that of all; None for WGS84."""
    systems: dict[Any, list[int]] = {}
    for number, item in enumerate(items):
        shape = item.get("geometry")
        own = shape.get("spatialReference") if isinstance(shape, dict) else None
        reference = own or around.get("spatialReference")
        name = None
        if isinstance(reference, dict):
            name = reference.get("latestWkid") or reference.get("wkid") or reference.get("wkt") or reference.get("wkt2")
        systems.setdefault(name if isinstance(name, int | str) else None, []).append(number)
    return systems


def _crs(system: int | str | None) -> Any:
    if system is None or system == 4326:
        return None
    if isinstance(system, str):
        return arrow.known_crs(system)
    number = _RENUMBERED.get(system, system)
    return arrow.known_crs(f"EPSG:{number}", f"ESRI:{number}")


def _placed(item: Mapping[str, Any], number: int) -> BaseGeometry | None:
    shape = item.get("geometry")
    if shape is None:
        return None
    try:
        return _shape(shape)
    except (ValueError, TypeError, OverflowError, shapely.errors.GEOSException) as error:
        raise BadData(f"/features/{number - 1}", "geometry_unreadable", error=error) from None


def _shape(shape: Mapping[str, Any]) -> BaseGeometry | None:
    """Return a geometry; None for an empty one. Raises ValueError or TypeError."""
    if "x" in shape:
        # Empty points have null or the text NaN.
        if shape["x"] in (None, "NaN"):
            return None
        return shapely.Point(_position([shape["x"], shape.get("y")]))
    if "points" in shape:
        return shapely.MultiPoint(_path(shape["points"])) if shape["points"] else None
    if "paths" in shape:
        lines = [shapely.LineString(_path(path)) for path in shape["paths"]]
        return None if not lines else lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)
    if "rings" in shape:
        return _polygon([shapely.LinearRing(_path(ring)) for ring in shape["rings"]])
    raise ValueError(f"{', '.join(map(str, shape))}"[:80])


def _position(numbers: Any) -> tuple[float, float]:
    lon, lat = (float(number) for number in numbers[:2] if not isinstance(number, bool | str))
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise ValueError(f"{lon}, {lat}")
    return lon, lat


def _path(positions: Any) -> list[tuple[float, float]]:
    if len(positions) > MAX_VERTICES:
        raise BadData("", "vertices", count=len(positions), most=MAX_VERTICES)
    return [_position(position) for position in positions]


def _polygon(rings: Sequence[Any]) -> BaseGeometry | None:
    """Return the area of rings: those that turn clockwise are outlines, the others holes in the outline round them."""
    outlines = [ring for ring in rings if not ring.is_ccw] or list(rings)
    holes: dict[int, list[Any]] = {number: [] for number in range(len(outlines))}
    for ring in rings:
        if ring.is_ccw and ring not in outlines:
            around = next(_around(ring, outlines), None)
            if around is None:
                raise ValueError("a hole that lies in no outline")
            holes[around].append(ring)
    parts = [shapely.Polygon(outline, holes[number]) for number, outline in enumerate(outlines)]
    return None if not parts else parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _around(ring: Any, outlines: Sequence[Any]) -> Iterator[int]:
    """Yield the numbers of the outlines that a ring lies in, the smallest one's first."""
    areas = sorted(enumerate(map(shapely.Polygon, outlines)), key=lambda pair: float(pair[1].area))
    return (number for number, area in areas if area.contains(shapely.Polygon(ring)))
