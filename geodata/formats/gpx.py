"""GPX 1.0 and 1.1: a waypoint is a point, a route and a track are lines with their first and last time.

https://www.topografix.com/GPX/1/1/. Heights and times of the single positions of a line are not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError  # nosec B405: types and the error; defusedxml does the parsing

import shapely
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from shapely.geometry.base import BaseGeometry

from geodata.errors import BadData, shown
from geodata.formats.column_types import ColumnType
from geodata.formats.dataset import Dataset, Metadata, Row
from geodata.formats.extent import checked
from geodata.formats.kml import UNREADABLE
from geodata.settings import MAX_DEPTH, MAX_VERTICES

KINDS = {"wpt": "waypoint", "rte": "route", "trk": "track"}
_POINTS = ("rtept", "trkpt")
_NAMES = {"desc": "description", "cmt": "comment", "ele": "elevation", "src": "source", "sym": "symbol"}
"""What columns are called whose elements have short names; the others keep theirs."""
_TIMES = ("date_start", "date_end")
_ORDER = ("name", "feature", *_TIMES, "description", "comment", "elevation")
"""The columns that come first, where the file has them."""


def load(path: Path) -> list[Dataset]:
    """Return the waypoints, routes and tracks of a file; raises BadData, also for any document type definition.

    One whose position cannot be read has none, and the reason as its property UNREADABLE; a file in which none can be
    read is refused.
    """
    try:
        with path.open("rb") as stream:
            rows = list(_rows(stream))
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        if isinstance(error, BadData):
            raise
        raise BadData("", "gpx_unreadable", error=error) from None
    reasons = [row.properties[UNREADABLE] for row in rows if UNREADABLE in row.properties]
    if reasons and len(reasons) == len(rows):
        raise BadData("", "library", text=reasons[0])
    names = [*_ORDER, *(name for row in rows for name in row.properties)]
    types = {"elevation": ColumnType("number")}
    # In the order of the columns, not of the elements of the first row.
    order = [name for name in dict.fromkeys(names) if any(name in row.properties for row in rows)]
    rows = [row._replace(properties={name: row.properties.get(name) for name in order}) for row in rows]
    return [Dataset(Metadata(path.stem), rows, {name: kind for name, kind in types.items() if name in order})]


def _rows(stream: IO[bytes]) -> Iterator[Row]:
    depth, root, numbers, path = 0, "", dict.fromkeys(KINDS, 0), _Line()
    for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
        tag = _tag(element)
        if event == "start":
            depth, root = depth + 1, root or tag
            if depth > MAX_DEPTH:
                raise BadData("", "nested_deeper", most=MAX_DEPTH)
            if root != "gpx":
                raise BadData("", "gpx_root", root=shown(root))
            continue
        depth -= 1
        if tag in _POINTS:
            path.take(element)
            element.clear()
        elif tag == "trkseg":
            path.end()
            element.clear()
        elif depth == 1 and tag in KINDS:
            numbers[tag] += 1
            yield _row(element, tag, numbers[tag], path)
            path = _Line()
            element.clear()


class _Line:
    """The positions of a route or track as they are read, in segments, and its first and last time."""

    def __init__(self) -> None:
        self.segments: list[list[tuple[float, ...]]] = [[]]
        self.times: list[str] = []
        self.problem: Exception | None = None
        self._vertices = 0

    def take(self, element: Element) -> None:
        """Take the next position."""
        self._vertices += 1
        if self._vertices > MAX_VERTICES:
            raise BadData("", "vertices", count=self._vertices, most=MAX_VERTICES)
        try:
            self.segments[-1].append(_position(element))
        except ValueError as error:
            self.problem = self.problem or error
        time = _text(element, "time")
        if time:
            # The first and the last are all that is kept.
            self.times = [self.times[0] if self.times else time, time]

    def end(self) -> None:
        """End a segment."""
        self.segments.append([])

    def shape(self) -> BaseGeometry | None:
        """Return the line of the segments of two positions or more; where there is none, the positions."""
        if self.problem is not None:
            raise self.problem
        lines = [segment for segment in self.segments if len(segment) > 1]
        if lines:
            return shapely.LineString(lines[0]) if len(lines) == 1 else shapely.MultiLineString(lines)
        single = [segment[0] for segment in self.segments if segment]
        return None if not single else shapely.Point(single[0]) if len(single) == 1 else shapely.MultiPoint(single)


def _row(element: Element, tag: str, number: int, path: _Line) -> Row:
    cells: dict[str, Any] = {"feature": KINDS[tag]}
    for child in element:
        _add(cells, child)
    first = cells.pop("time", None)
    times = path.times if tag != "wpt" else [first] * 2 if first else []
    cells |= dict(zip(_TIMES, times, strict=False))
    shape = None
    try:
        shape = shapely.Point(_position(element)) if tag == "wpt" else path.shape()
    except ValueError as error:
        cells[UNREADABLE] = str(BadData("", "gpx_position", tag=tag, number=number, error=error).reason)
    return Row(None, shape, cells)


def _add(cells: dict[str, Any], element: Element) -> None:
    """Add the texts of an element, of extensions those of each element in it, to the cells of a row."""
    tag, text = _tag(element), (element.text or "").strip()
    if tag in (*_POINTS, "trkseg"):
        return
    if tag == "link" and element.get("href"):
        text = str(element.get("href"))
    elif len(element):
        for child in element:
            _add(cells, child)
    name = _NAMES.get(tag, tag)
    if not text:
        return
    value = _height(text) if tag == "ele" else text
    # What may be repeated, such as links, is a list in one cell.
    cells[name] = value if name not in cells else f"{cells[name]}; {value}"


def _height(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _position(element: Element) -> tuple[float, ...]:
    """Return longitude and latitude; raises ValueError."""
    texts = [element.get(axis) for axis in ("lon", "lat")]
    if None in texts:
        raise ValueError("it has no lon and lat")
    return checked(tuple(float(str(text)) for text in texts))


def _text(element: Element, name: str) -> str:
    return next(((child.text or "").strip() for child in element if _tag(child) == name), "")


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
