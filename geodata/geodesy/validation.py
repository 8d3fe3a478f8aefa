"""What is allowed to be measured: every input is looked at before any work starts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.errors import BadValue, Refused
from geodata.geodesy.ellipsoid import Floats
from geodata.messages import Message, one_of

EDGES = ("lonlat", "geodesic")
MAX_VERTICES = 2_000_000
MAX_DEPTH = 32
"""Geometry collections nested deeper are refused: recursion in C has no limit of its own."""
MAX_POINT_RADIUS = 5_000_000.0
MAX_RADIUS = 1_000_000.0
MIN_TOLERANCE = 0.1

RANGE = Message("allowed.lonlat")


def edges(value: str, parameter: str = "edges") -> str:
    """Return the definition of edges if it is one of the two."""
    if value not in EDGES:
        raise BadValue(parameter, value, one_of(EDGES))
    return value


def vertices(coordinates: Any, definition: str, parameter: str = "coordinates", least: int = 2) -> Floats:
    """Return coordinates as (n, 2) finite degrees of a line that has a length; altitudes are left out."""
    try:
        array = np.array(coordinates, dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise BadValue(parameter, coordinates, "coordinates") from None
    if array.ndim != 2 or array.shape[1] not in (2, 3):
        raise BadValue(parameter, f"shape {array.shape}", "coordinates")
    array = np.ascontiguousarray(array[:, :2])
    if len(array) < least:
        raise BadValue(parameter, f"{len(array)} vertices", "vertices_at_least", least=least)
    if len(array) > MAX_VERTICES:
        raise BadValue(parameter, f"{len(array)} vertices", "vertices_at_most", most=MAX_VERTICES)
    wrong = ~(np.isfinite(array).all(axis=1) & (np.abs(array[:, 0]) <= 180) & (np.abs(array[:, 1]) <= 90))
    if wrong.any():
        raise BadValue(parameter, tuple(array[np.argmax(wrong)].tolist()), RANGE)
    if least > 1 and _is_one_place(array):
        raise BadValue(parameter, f"{len(array)} times the same vertex", "different_vertices")
    if definition == "lonlat" and len(array) > 1:
        # Along a pole is no way at all.
        spans = (np.abs(np.diff(array[:, 0])) > 180) & (np.abs(array[1:, 1] + array[:-1, 1]) < 180)
        if spans.any():
            at = int(np.argmax(spans))
            raise BadValue(parameter, f"{array[at].tolist()} to {array[at + 1].tolist()}", "edges_within_180")
    return array


def _is_one_place(array: Floats) -> bool:
    """Tell whether all vertices are one place: at a pole whatever their longitude, and ±180 is one meridian."""
    lon, lat = array.T
    lon = np.where(np.abs(lat) == 90, 0.0, np.where(lon == -180, 180.0, lon))
    return bool((lat == lat[0]).all() and (lon == lon[0]).all())


def geometry(value: Any, parameter: str = "geometry") -> BaseGeometry:
    """Return a geometry that is not empty, not too deep and not too large, with valid polygons."""
    if not isinstance(value, BaseGeometry):
        raise BadValue(parameter, value, "shapely_geometry")
    if depth(value) > MAX_DEPTH:
        raise BadValue(parameter, "a collection nested deeper", "collection_depth", most=MAX_DEPTH)
    if value.is_empty:
        raise BadValue(parameter, f"an empty {value.geom_type}", "geometry_not_empty")
    if shapely.get_num_coordinates(value) > MAX_VERTICES:
        raise BadValue(
            parameter, f"{shapely.get_num_coordinates(value)} vertices", "vertices_at_most", most=MAX_VERTICES
        )
    xy = shapely.get_coordinates(value)
    wrong = ~(np.isfinite(xy).all(axis=1) & (np.abs(xy[:, 0]) <= 180) & (np.abs(xy[:, 1]) <= 90))
    if wrong.any():
        raise BadValue(parameter, tuple(xy[np.argmax(wrong)].tolist()), RANGE)
    if shapely.get_dimensions(value) == 2 and not shapely.is_valid(value):
        raise BadValue(parameter, value.geom_type, "valid_geometry", reason=invalidity(value))
    return value


def depth(value: BaseGeometry) -> int:
    """Return how many collections lie inside one another, by walking, not by recursion."""
    level, at = 0, [value]
    while at and level <= MAX_DEPTH:
        at = [part for item in at if item.geom_type == "GeometryCollection" for part in item.geoms]
        level += 1
    return level


def radius(value: float, has_points: bool, has_polygons: bool, has_lines: bool) -> float:
    """Return a buffer's radius in metres if it is allowed for what is buffered."""
    only_points = has_points and not has_polygons and not has_lines
    most = MAX_POINT_RADIUS if only_points else MAX_RADIUS
    allowed = Message("allowed.buffer_radius", most=f"{most:g}")
    number = _number("radius", value, allowed)
    if number == 0 or abs(number) > most or (number < 0 and (has_points or has_lines)):
        raise BadValue("radius", value, allowed)
    if abs(number) < 10 * MIN_TOLERANCE:
        raise BadValue("radius", value, "radius_at_least", least=f"{10 * MIN_TOLERANCE:g}")
    return number


def tolerance(value: float, size: float) -> float:
    """Return a buffer's tolerance in metres if it lies between 0.1 and a tenth of the radius."""
    allowed = Message("allowed.tolerance", least=MIN_TOLERANCE, most=f"{abs(size) / 10:g}")
    number = _number("tolerance", value, allowed)
    if not MIN_TOLERANCE <= number <= abs(size) / 10 * (1 + 1e-12):
        raise BadValue("tolerance", value, allowed)
    return number


def numbers(parameter: str, value: Any, allowed: Message) -> Floats:
    """Return numbers as an array of floats; None and NaN become NaN, and what is no number is refused."""
    try:
        array = np.asarray(value)
        # Text, dates and complex numbers would be read as something that nobody meant.
        if array.dtype.kind in "biufO":
            return array.astype(float, copy=False)
    except (TypeError, ValueError, OverflowError):
        pass
    raise BadValue(parameter, value, allowed)


def together(**arrays: Floats) -> tuple[Floats, ...]:
    """Return arrays, each by its parameter's name, in one shape; raises BadValue where they do not broadcast."""
    try:
        return np.broadcast_arrays(*arrays.values())
    except ValueError:
        shapes = ", ".join(str(array.shape) for array in arrays.values())
        raise BadValue(", ".join(arrays), f"shapes {shapes}", "numbers_broadcast") from None


def finite(parameter: str, value: Any) -> float:
    """Return one number of metres; NaN, infinity and what is no number are refused."""
    return _number(parameter, value, Message("allowed.finite_unit", unit=Message("unit.metres")))


def not_negative(parameter: str, value: Any) -> Floats:
    """Return distances in metres as an array; NaN stays, a negative one is refused."""
    array = numbers(parameter, value, Message("allowed.metres_not_negative"))
    if (array < 0).any():
        raise BadValue(parameter, float(array[array < 0].flat[0]), "metres_not_negative")
    return array


def positions(lon: Any, lat: Any) -> tuple[Floats, Floats]:
    """Return longitudes and latitudes as arrays of one shape; None and NaN become NaN in both."""
    allowed = Message("allowed.positions")
    try:
        x, y = np.broadcast_arrays(numbers("lon", lon, allowed), numbers("lat", lat, allowed))
    except BadValue:
        raise
    except ValueError:
        raise BadValue("lon, lat", (lon, lat), allowed) from None
    for name, values, most in (("lon", x, 180), ("lat", y, 90)):
        wrong = np.abs(values) > most
        if wrong.any():
            raise BadValue(name, float(values[wrong].flat[0]), RANGE)
    missing = np.isnan(x) | np.isnan(y)
    if missing.any():
        return np.where(missing, np.nan, x), np.where(missing, np.nan, y)
    return x, y


def work(amount: int, most: int, what: Message) -> None:
    """Refuse a question whose work, counted before it starts, passes a limit; `what` says what was counted."""
    if amount > most:
        raise Refused("work", what=what, amount=amount, most=most)


_INVALID = {
    "Self-intersection": Message("invalid.self_intersection"),
    "Ring Self-intersection": Message("invalid.ring_self_intersection"),
    "Too few points in geometry component": Message("invalid.too_few_points"),
    "Hole lies outside shell": Message("invalid.hole_outside"),
    "Holes are nested": Message("invalid.nested_holes"),
    "Nested shells": Message("invalid.nested_shells"),
    "Interior is disconnected": Message("invalid.disconnected"),
}
"""What GEOS finds wrong with a geometry, by its own words."""


def invalidity(value: BaseGeometry) -> Message:
    """Return why a geometry is not valid, and where GEOS names a position."""
    reason, _, position = shapely.is_valid_reason(value).partition("[")
    why = _INVALID.get(reason, Message("invalid.other"))
    return Message("invalid.at", reason=why, position=position.rstrip("]")) if position else why


def _number(parameter: str, value: Any, allowed: Message) -> float:
    array = numbers(parameter, value, allowed)
    if array.ndim or not math.isfinite(array):
        raise BadValue(parameter, value, allowed)
    return float(array)
