"""The spatial relations of CQL2 between a layer's geometries and one geometry, on longitude and latitude as a plane."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.errors import BadData, BadValue, Refused, shown
from geodata.formats import geojson
from geodata.geodesy.validation import invalidity
from geodata.query.crs import CRS84, Crs
from geodata.query.operands import Truth
from geodata.query.table import Table

GEOMETRY = "geometry"
MAX_POSITIONS = 1000
"""Positions of a geometry in a filter."""
MAX_WORK = 4_000_000
"""Positions of the layer near a geometry, for relations that look at every one: about half a second."""

RELATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "s_intersects": shapely.intersects,
    "s_disjoint": shapely.disjoint,
    "s_contains": shapely.contains,
    "s_within": shapely.within,
    "s_touches": shapely.touches,
    "s_crosses": shapely.crosses,
    "s_overlaps": shapely.overlaps,
    "s_equals": shapely.equals,
}
_TURNED = {"s_contains": "s_within", "s_within": "s_contains"}


def relate(op: str, args: Sequence[Any], table: Table, crs: Crs) -> Truth:
    """Return where two geometries stand in a relation, each the layer's or a literal; raises BadValue and Refused."""
    bad = [item for item in args if isinstance(item, dict) and "property" in item and not is_property(item, table)]
    if len(args) != 2 or bad:
        raise BadValue("filter", shown(bad[0]["property"]) if bad else op, "property_and_geometries", property=GEOMETRY)
    own = [is_property(item, table) for item in args]
    if all(own):
        _bound(op, table, np.flatnonzero(table.placed))
        return Truth.of(np.asarray(RELATIONS[op](table.geometries, table.geometries), dtype=bool), table.placed)
    if not any(own):
        return Truth.always(bool(RELATIONS[op](*(literal(item, crs) for item in args))), len(table))
    shape = literal(args[own.index(False)], crs)
    # Where the literal stands first: the relation the other way round.
    op = op if own[0] else _TURNED.get(op, op)
    near = table.tree.query(shape)
    _bound(op, table, near)
    holds = np.full(len(table), op == "s_disjoint")
    shapely.prepare(shape)
    holds[near] = RELATIONS[op](table.geometries[near], shape)
    return Truth.of(holds, table.placed)


def is_property(tree: Any, table: Table) -> bool:
    """Tell whether a tree is the property that holds the geometry, by our name or by that of its file."""
    return isinstance(tree, dict) and tree.get("property") in (GEOMETRY, table.geometry_name)


def _bound(op: str, table: Table, near: Any) -> None:
    work = int(shapely.get_num_coordinates(table.geometries[near]).sum())
    if work > MAX_WORK:
        raise Refused("filter_positions", operator=op, positions=work, most=MAX_WORK)


def literal(tree: Any, crs: Crs) -> BaseGeometry:
    """Return the geometry of a literal, in longitude and latitude; raises BadValue."""
    if isinstance(tree, dict) and isinstance(tree.get("bbox"), list):
        numbers = tree["bbox"]
        if len(numbers) not in (4, 6) or not all(_is_number(number) for number in numbers):
            raise BadValue("filter", shown(tree), "bbox_numbers")
        return crs.boxes([*numbers[:2], *numbers[len(numbers) // 2 :][:2]], "filter")
    if not isinstance(tree, dict) or not isinstance(tree.get("type"), str) or tree["type"] not in _TYPES:
        raise BadValue("filter", shown(tree), "geometry_of_types", types=list(_TYPES))
    # Ranges are those of longitude and latitude only where the filter is in them.
    text = json.dumps(tree) if crs == CRS84 else json.dumps(_scaled(tree))
    try:
        geojson.read(text.encode())
    except BadData as error:
        raise BadValue("filter", shown(tree), "geometry_at", pointer=error.pointer, reason=error.reason) from None
    try:
        shape = shapely.from_geojson(json.dumps(tree))
    except shapely.errors.GEOSException:
        raise BadValue("filter", shown(tree), "geometry") from None
    if shapely.get_num_coordinates(shape) > MAX_POSITIONS or shape.is_empty:
        raise BadValue("filter", shown(tree), "geometry_positions", most=MAX_POSITIONS)
    if not shape.is_valid:
        raise BadValue("filter", shown(tree), "valid_geometry", reason=invalidity(shape))
    return crs.to_lonlat(shapely.force_2d(shape), "filter")


_TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _scaled(value: Any) -> Any:
    """Return a geometry with every number made small: its shape can be checked as if it were in degrees."""
    if _is_number(value):
        return float(value) / 1e9
    if isinstance(value, list):
        return [_scaled(item) for item in value]
    return {key: _scaled(item) for key, item in value.items()} if isinstance(value, dict) else value
