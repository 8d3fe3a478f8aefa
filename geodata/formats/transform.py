"""Transform features for export: filter by box and time, uncertainty as geometry, densified geodesic edges."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.errors import BadValue
from geodata.formats.columns import uncertainty
from geodata.formats.dataset import Dataset, Metadata, Row
from geodata.geodesy import buffer, direct, ellipsoid, inverse

Shape = Literal["point", "circle", "area"]
Area = Callable[[str], BaseGeometry | None]
Box = tuple[float, float, float, float]

TOLERANCE = 1.0
"""Metres by which an edge straight in longitude and latitude may stray from the geodesic it stands for."""
MAX_PIECES = 10_000
_CIRCLE = 0.01
"""Tolerance of a circle, as a share of its radius."""
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z")


@dataclass(frozen=True)
class Wanted:
    """Which features are wanted, and as what geometry."""

    bbox: Box | None = None
    """West, south, east, north in degrees: features that meet it."""
    time: tuple[str, str] | None = None
    """First and last day, either may be empty: features that were then."""
    geometry: Shape = "point"
    area_of: Area = field(default=lambda _: None, repr=False)
    """Gives the polygon that `layer/id` names."""


def shaped(part: Dataset, wanted: Wanted, warnings: list[str]) -> Dataset:
    """Filter and transform the features of a part; messages about omitted features are appended to `warnings`.

    The warnings are complete once all rows have been read.
    """
    rows: Iterable[Row] = part.rows
    metadata, changes = part.metadata, list(part.metadata.changes)
    if wanted.bbox is not None:
        rows = _in_box(rows, wanted.bbox, metadata, warnings)
        changes.append(f"features that meet {','.join(map(str, wanted.bbox))}")
    if wanted.time is not None:
        rows = _in_time(rows, wanted.time, metadata, warnings)
        changes.append(f"features of {'/'.join(day or '..' for day in wanted.time)}")
    if metadata.edges == "geodesic":
        rows = (row._replace(geometry=drawn_out(row.geometry)) for row in rows)
        changes.append(f"geodesic edges drawn out to {TOLERANCE:g} m; edges are straight in longitude and latitude")
    if wanted.geometry != "point":
        rows = _uncertain(rows, wanted, metadata, warnings)
        changes.append(f"geometry is the {wanted.geometry} of uncertainty; circles are good to 1 % of their radius")
    edges = "lonlat" if metadata.edges == "geodesic" else metadata.edges
    return replace(part, metadata=replace(metadata, edges=edges, changes=tuple(changes)), rows=rows)


def _in_box(rows: Iterable[Row], bbox: Box, metadata: Metadata, warnings: list[str]) -> Iterator[Row]:
    box, bare = shapely.box(*bbox), 0
    for row in rows:
        if row.geometry is None:
            bare += 1
        elif shapely.intersects(row.geometry, box):
            yield row
    if bare:
        warnings.append(f"{metadata.layer}: {bare} features without a geometry are in no box and left out")


def _in_time(rows: Iterable[Row], time: tuple[str, str], metadata: Metadata, warnings: list[str]) -> Iterator[Row]:
    start, end = first_day(time[0]) or "", last_day(time[1]) or "9999"
    undated = 0
    for row in rows:
        properties = row.properties
        if "date_start" in properties or "date_end" in properties:
            begun, ended = (
                first_day(properties.get("date_start")),
                last_day(properties.get("date_end") or properties.get("date_start")),
            )
            if begun is None or ended is None:
                undated += 1
                continue
        else:
            begun, ended = first_day(properties.get("valid_from")) or "", last_day(properties.get("valid_to")) or "9999"
        if begun <= end and start <= ended:
            yield row
    if undated:
        warnings.append(f"{metadata.layer}: {undated} features without a date are left out")


def first_day(text: Any) -> str | None:
    """Return the first day of a date to the day, month or year, as YYYY-MM-DD; None for anything else."""
    match = _DAY.match(text) if isinstance(text, str) else None
    return None if match is None else f"{match[1]}-{match[2] or '01'}-{match[3] or '01'}"


def last_day(text: Any) -> str | None:
    """Return a day no earlier than the last of a date to the day, month or year; None for anything else."""
    match = _DAY.match(text) if isinstance(text, str) else None
    return None if match is None else f"{match[1]}-{match[2] or '12'}-{match[3] or '31'}"


def span(text: str) -> tuple[str, str]:
    """Return first and last day of `START/END`; either may be `..`, and one date alone is both. Raises BadValue."""
    start, slash, end = text.strip().partition("/")
    days = ("" if start == ".." else start, ("" if end == ".." else end) if slash else start)
    bad = any(day and first_day(day) is None for day in days) or not any(days)
    if bad or (all(days) and str(first_day(days[0])) > str(last_day(days[1]))):
        raise BadValue("time", text, "date_range")
    return days


def box(text: str, parameter: str = "bbox") -> Box:
    """Return west, south, east, north of a box written in degrees; raises BadValue."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise BadValue(parameter, text, "bbox_ranges") from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise BadValue(parameter, text, "bbox_ranges")
    return west, south, east, north


def _uncertain(rows: Iterable[Row], wanted: Wanted, metadata: Metadata, warnings: list[str]) -> Iterator[Row]:
    unknown, unchanged, bare = 0, 0, 0
    for row in rows:
        area = str(row.properties.get("area") or "")
        polygon = wanted.area_of(area) if area and wanted.geometry == "area" else None
        if polygon is not None:
            yield row._replace(geometry=polygon)
        elif row.geometry is None:
            bare += 1
            yield row
        elif row.geometry.geom_type not in ("Point", "MultiPoint"):
            unchanged += 1
            yield row
        else:
            radius = uncertainty(row, metadata)
            unknown += radius is None
            yield row._replace(geometry=circle(row.geometry, radius))
    if unknown:
        warnings.append(
            f"{metadata.layer}: {unknown} positions of unknown uncertainty have no circle, and so no geometry"
        )
    if bare:
        warnings.append(f"{metadata.layer}: {bare} features without a position have no {wanted.geometry}")
    if unchanged:
        warnings.append(f"{metadata.layer}: {unchanged} lines and areas stay as they are")


def circle(points: BaseGeometry, radius: float | None) -> BaseGeometry | None:
    """Return what lies within `radius` metres of points, good to 1 % of it; below 1 m the points, None for unknown."""
    if radius is None:
        return None
    if radius < 1:
        return points
    disc: BaseGeometry = buffer(points, radius, max(0.1, radius * _CIRCLE))
    return disc


def drawn_out(shape: BaseGeometry | None, tolerance: float = TOLERANCE) -> BaseGeometry | None:
    """Return a geometry whose edges, straight in longitude and latitude, follow the geodesics between the vertices
    within `tolerance` metres."""
    if shape is None or shape.is_empty or shape.geom_type in ("Point", "MultiPoint"):
        return shape
    if hasattr(shape, "geoms"):
        return type(shape)([drawn_out(part, tolerance) for part in shape.geoms])
    if isinstance(shape, shapely.Polygon):
        shell, *holes = (_path(ring, tolerance) for ring in (shape.exterior, *shape.interiors))
        return shapely.Polygon(shell, holes)
    return type(shape)(_path(shape, tolerance))


def _path(line: BaseGeometry, tolerance: float) -> list[tuple[float, float]]:
    vertices = shapely.get_coordinates(line)
    start, end = vertices[:-1], vertices[1:]
    # The sagitta of an arc: curvature times length squared over 8.
    bow = ellipsoid.edge_bend(start, end) / (8 * tolerance)
    pieces = np.clip(np.ceil(ellipsoid.edge_length(start, end) * np.sqrt(bow)), 1, MAX_PIECES).astype(int)
    path = [tuple(vertices[0])]
    for (a, b), count in zip(pairwise(vertices), pieces, strict=True):
        if count > 1:
            azimuth, _, length = inverse(*a, *b)
            lon, lat = direct(a[0], a[1], azimuth, length * np.arange(1, count) / count)
            path += zip(lon, lat, strict=True)
        path.append(tuple(b))
    return path
