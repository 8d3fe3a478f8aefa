"""GeoJSON (RFC 7946), read strictly and written exactly.

Nothing here hands untrusted bytes to GDAL or GEOS: structure, ranges and limits are checked on plain Python values
first, and geometry objects are made only from what passed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.errors import BadData, shown
from geodata.formats import strict_json
from geodata.formats.extent import ROUNDING, clipped
from geodata.formats.strict_json import step
from geodata.messages import Message
from geodata.settings import MAX_DECIMALS, MAX_VERTICES

if TYPE_CHECKING:
    from geodata.formats.dataset import Dataset, Options, Row

# Nesting of the coordinates array, counted in positions: a point is one, a polygon is rings of positions.
_DEPTH = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
GEOMETRIES = (*_DEPTH, "GeometryCollection")
TYPES = (*GEOMETRIES, "Feature", "FeatureCollection")


@dataclass
class Report:
    """What is wrong with a text (errors) and what is only unwise (warnings), each with its JSON pointer."""

    errors: list[tuple[str, Message]] = field(default_factory=list)
    warnings: list[tuple[str, Message]] = field(default_factory=list)
    fine: bool = False
    """Whether needless decimals were said already: once a file is enough."""

    def error(self, pointer: str, code: str, **parameters: Any) -> None:
        """Record what makes the text unusable."""
        self.errors.append((pointer, Message(f"data.{code}", **parameters)))

    def warn(self, pointer: str, code: str, **parameters: Any) -> None:
        """Record what a reader can live with."""
        self.warnings.append((pointer, Message(f"data.{code}", **parameters)))


def check(data: bytes) -> Report:
    """Say everything that is wrong with a GeoJSON text."""
    return _parsed(data)[1]


def read(data: bytes) -> list[dict[str, Any]]:
    """Return the features of a GeoJSON text as plain values.

    Raises BadData for the first error that `check` would give. A single Feature gives a list of one; a bare geometry
    becomes a feature without properties.
    """
    value, report = _parsed(data)
    if report.errors:
        raise BadData(*report.errors[0])
    if value["type"] == "FeatureCollection":
        return list(value["features"])
    if value["type"] == "Feature":
        return [value]
    return [{"type": "Feature", "geometry": value, "properties": {}}]


def geometry(value: Mapping[str, Any] | None) -> BaseGeometry | None:
    """Return the shapely geometry of a GeoJSON geometry that `read` has passed; None for null.

    Coordinates beyond ±180 or ±90 by no more than rounding are put there.
    """
    if value is None:
        return None
    bare = _bare(value)
    try:
        text = orjson.dumps(bare).decode()
    except TypeError:
        # A height may be a whole number of more digits than orjson takes.
        text = json.dumps(bare)
    return shape_of(text)


def shape_of(text: str) -> BaseGeometry:
    """Return the shapely geometry of the text of a GeoJSON geometry that is known to be valid."""
    return clipped(np.array([shapely.from_geojson(text)], dtype=object))[0]


def _bare(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a geometry without foreign members."""
    if value["type"] == "GeometryCollection":
        return {"type": value["type"], "geometries": [_bare(member) for member in value["geometries"]]}
    return {"type": value["type"], "coordinates": value["coordinates"]}


def write(features: Iterable[Mapping[str, Any]], members: Mapping[str, Any] | None = None) -> bytes:
    """Return a FeatureCollection in UTF-8, with `members` beside its features."""
    collection = {"type": "FeatureCollection", **(members or {}), "features": list(features)}
    return (json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n").encode()


def feature(id_: str, shape: BaseGeometry | None, properties: Mapping[str, Any], exact: bool = False) -> dict[str, Any]:
    """Return a GeoJSON feature; rings wound by the right-hand rule, coordinates as `to_geometry` gives them."""
    return {"type": "Feature", "id": id_, "geometry": to_geometry(shape, exact), "properties": dict(properties)}


def to_geometry(shape: BaseGeometry | None, exact: bool = False) -> dict[str, Any] | None:
    """Return a GeoJSON geometry of a shapely one; None for None or empty.

    Coordinates have 7 decimals; where `exact`, as a layer is stored, the fewest digits that give the same double.
    """
    if shape is None or shape.is_empty:
        return None
    wound = shapely.orient_polygons(shape)
    if not exact:
        # A whole number of 1e-7 degrees divided by 1e7 is the double nearest to that decimal: it prints as 7 digits.
        wound = shapely.transform(wound, lambda xy: np.round(xy, MAX_DECIMALS), include_z=bool(wound.has_z))
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(wound))
    return geometry


def save(parts: Sequence[Dataset], stream: IO[bytes], options: Options) -> list[str]:
    """Write one part as a FeatureCollection, a feature a line, `masafa` and `bbox` beside the features."""
    # The columns of exports are not needed where layers are read alone.
    from geodata.formats import geojson_text

    box = geojson_text.Box()
    about = geojson_text.dumped(parts[0].metadata.to_dict())
    stream.write(b'{"type":"FeatureCollection","masafa":' + about + b',"features":[\n')
    geojson_text.pour(parts[0], options, stream, b",\n", box)
    bounds = box.to_list()
    stream.write(b"\n]" + (b"" if bounds is None else b',"bbox":' + geojson_text.dumped(bounds)) + b"}\n")
    return []


def load(path: Path) -> list[Dataset]:
    """Return the features of a file; raises BadData for the first error that `check` would give."""
    return loaded(path.read_bytes(), path.stem)


def loaded(data: bytes, layer: str) -> list[Dataset]:
    """Return the features of a GeoJSON text; raises BadData for the first error that `check` would give."""
    from geodata.formats.dataset import Dataset, Metadata

    rows = [row(item) for item in read(data)]
    return [Dataset(Metadata.from_dict(strict_json.parse(data).get("masafa"), layer), rows)]


def row(item: Mapping[str, Any]) -> Row:
    """Return a feature that `read` has passed as a row; an id that stands among the properties too is kept once."""
    from geodata.formats.dataset import Row

    properties = dict(item["properties"] or {})
    id_ = item.get("id")
    if id_ is not None and properties.get("id") == id_:
        del properties["id"]
    return Row(id_, geometry(item["geometry"]), properties)


def _parsed(data: bytes) -> tuple[Any, Report]:
    report = Report()
    try:
        value = strict_json.parse(data)
    except BadData as error:
        report.errors.append((error.pointer, error.reason))
        return None, report
    report.errors += strict_json.problems(value)
    _check_object(value, "", report)
    return value, report


def _check_object(value: Any, pointer: str, report: Report) -> None:
    if not isinstance(value, dict):
        report.error(pointer, "geojson_object", value=_named(value))
        return
    kind = value.get("type")
    if kind not in TYPES:
        report.error(step(pointer, "type"), "geojson_type", type=shown(kind), types=TYPES)
        return
    if "crs" in value:
        report.warn(step(pointer, "crs"), "geojson_crs")
    if kind == "FeatureCollection":
        _check_collection(value, pointer, report)
    elif kind == "Feature":
        _check_feature(value, pointer, report)
    else:
        _check_geometry(value, pointer, report)


def _warn_members(value: Mapping[str, Any], foreign: Sequence[str], pointer: str, report: Report) -> None:
    for member in foreign:
        if member in value:
            report.warn(step(pointer, member), "geojson_member", type=value["type"], member=member)


def _check_collection(value: Mapping[str, Any], pointer: str, report: Report) -> None:
    _check_bbox(value, pointer, report)
    _warn_members(value, ("coordinates", "geometries", "geometry", "properties"), pointer, report)
    features = value.get("features")
    here = step(pointer, "features")
    if not isinstance(features, list):
        report.error(here, "array_of_features", value=_named(features))
        return
    seen: set[str] = set()
    for index, item in enumerate(features):
        at = step(here, index)
        if not isinstance(item, dict) or item.get("type") != "Feature":
            kind = item.get("type") if isinstance(item, dict) else item
            report.error(at, "feature_needed", type=shown(kind))
            continue
        _check_feature(item, at, report)
        id_ = item.get("id")
        if isinstance(id_, str | int) and not isinstance(id_, bool):
            if str(id_) in seen:
                report.error(step(at, "id"), "doubled_id", id=shown(id_))
            seen.add(str(id_))


def _check_feature(value: Mapping[str, Any], pointer: str, report: Report) -> None:
    _check_bbox(value, pointer, report)
    _warn_members(value, ("coordinates", "geometries", "features"), pointer, report)
    if "geometry" not in value:
        report.error(pointer, "feature_geometry")
    elif value["geometry"] is not None:
        vertices = _check_geometry(value["geometry"], step(pointer, "geometry"), report)
        if vertices > MAX_VERTICES:
            report.error(step(pointer, "geometry"), "vertices", count=vertices, most=MAX_VERTICES)
    if "properties" not in value:
        report.error(pointer, "feature_properties")
    elif not isinstance(value["properties"], dict | None):
        report.error(step(pointer, "properties"), "object_or_null", value=_named(value["properties"]))
    id_ = value.get("id", "")
    if isinstance(id_, bool) or not isinstance(id_, str | int | float):
        report.error(step(pointer, "id"), "string_or_number", value=_named(id_))


def _check_geometry(value: Any, pointer: str, report: Report) -> int:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in GEOMETRIES:
        report.error(pointer, "geometry_type", type=shown(kind or value), types=GEOMETRIES)
        return 0
    _check_bbox(value, pointer, report)
    for member in ("geometry", "properties", "features"):
        if member in value:
            report.error(step(pointer, member), "geometry_member", member=member)
    if kind == "GeometryCollection":
        parts = value.get("geometries")
        here = step(pointer, "geometries")
        if not isinstance(parts, list):
            report.error(here, "array_of_geometries", value=_named(parts))
            return 0
        _warn_parts(parts, here, report)
        return sum(_check_geometry(part, step(here, index), report) for index, part in enumerate(parts))
    return _check_array(value.get("coordinates"), _DEPTH[kind], kind, step(pointer, "coordinates"), report)


def _warn_parts(parts: Sequence[Any], pointer: str, report: Report) -> None:
    kinds = {part.get("type") for part in parts if isinstance(part, dict)}
    if "GeometryCollection" in kinds:
        report.warn(pointer, "nested_collection")
    elif len(parts) == 1 or (len(kinds) == 1 and parts):
        report.warn(pointer, "uniform_collection")


def _check_array(value: Any, depth: int, kind: str, pointer: str, report: Report) -> int:
    if depth == 0:
        _check_position(value, pointer, report)
        return 1
    if not isinstance(value, list):
        report.error(pointer, "array_needed", value=_named(value))
        return 0
    before = len(report.errors)
    if depth == 1 and _faultless(value, pointer, report):
        vertices = len(value)
    else:
        vertices = sum(
            _check_array(item, depth - 1, kind, step(pointer, index), report) for index, item in enumerate(value)
        )
    if len(report.errors) == before and depth == 1:
        _check_path(value, kind, pointer, report)
    if len(report.errors) == before and depth == 2 and kind.endswith("Polygon"):
        _check_winding(value, pointer, report)
    return vertices


def _faultless(path: Sequence[Any], pointer: str, report: Report) -> bool:
    """Tell at the speed of arrays whether every position is a pair in range; else each is looked at."""
    if set(map(type, path)) != {list} or set(map(len, path)) != {2}:
        return False
    lon, lat = zip(*path, strict=True)
    if not set(map(type, chain(lon, lat))) <= {int, float}:
        return False
    if not (min(lon) >= -180 and max(lon) <= 180 and min(lat) >= -90 and max(lat) <= 90):
        return False
    if not report.fine:
        pairs = np.array([lon, lat], dtype=float)
        finer = (pairs.round(MAX_DECIMALS) != pairs).any(axis=0)
        if finer.any():
            _warn_finer(step(pointer, int(finer.argmax())), report)
    return True


def _check_path(path: Sequence[Sequence[float]], kind: str, pointer: str, report: Report) -> None:
    if kind.endswith("LineString") and len(path) < 2:
        report.error(pointer, "line_positions", count=len(path))
    if kind.endswith("Polygon"):
        if len(path) < 4:
            report.error(pointer, "ring_positions", count=len(path))
        elif list(path[0]) != list(path[-1]):
            report.error(pointer, "ring_open")
    if not kind.endswith("Point"):
        for index in range(1, len(path)):
            if abs(path[index][0] - path[index - 1][0]) > 180:
                report.warn(step(pointer, index), "antimeridian")
                break


def _check_winding(rings: Sequence[Sequence[Sequence[float]]], pointer: str, report: Report) -> None:
    for index, ring in enumerate(rings):
        twice = sum((b[0] - a[0]) * (b[1] + a[1] - 2 * ring[0][1]) for a, b in pairwise(ring))
        if (twice > 0) == (index == 0) and twice != 0:
            report.warn(step(pointer, index), "right_hand")


def _check_position(value: Any, pointer: str, report: Report) -> None:
    if not isinstance(value, list) or len(value) < 2:
        report.error(pointer, "position_needed", value=_named(value))
        return
    if len(value) > 3:
        report.warn(pointer, "position_numbers", count=len(value))
    for index, number in enumerate(value):
        if isinstance(number, bool) or not isinstance(number, int | float):
            report.error(step(pointer, index), "number_needed_here", value=_named(number))
            return
    for axis, (code, limit) in enumerate((("axis.longitude", 180), ("axis.latitude", 90))):
        here, name = step(pointer, axis), Message(code)
        if abs(value[axis]) > limit + ROUNDING:
            report.error(here, "axis_range", axis=name, value=shown(value[axis]), limit=limit)
        elif abs(value[axis]) > limit:
            report.warn(here, "axis_rounded", axis=name, value=value[axis], limit=limit)
    if not report.fine and any(round(number, MAX_DECIMALS) != number for number in value[:2]):
        _warn_finer(pointer, report)


def _warn_finer(pointer: str, report: Report) -> None:
    report.fine = True
    report.warn(pointer, "finer_decimals")


def _check_bbox(value: Mapping[str, Any], pointer: str, report: Report) -> None:
    if "bbox" not in value:
        return
    bbox = value["bbox"]
    good = isinstance(bbox, list) and len(bbox) in (4, 6)
    if not good or any(isinstance(number, bool) or not isinstance(number, int | float) for number in bbox):
        report.error(step(pointer, "bbox"), "bbox")


def _named(value: Any) -> Message:
    names = {bool: "boolean", dict: "object", list: "array", str: "string", type(None): "null"}
    name = next((name for kind, name in names.items() if isinstance(value, kind)), "number")
    return Message(f"json.{'short_array' if name == 'array' and len(value) < 2 else name}")
