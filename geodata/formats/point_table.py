"""Positions in rows, pasted or as CSV: which columns hold them, which rows cannot be read, and why."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geodata.errors import BadData, BadValue, Refused
from geodata.formats import coordinates, headings
from geodata.formats.coordinates import Box, Order
from geodata.formats.row_errors import Text, Unread
from geodata.model import Feature
from geodata.settings import MAX_RADIUS

MAX_ROWS = 100_000
MAX_BYTES = 64 * 1024 * 1024
MEANINGS = {
    "lon": ("lon",),
    "lat": ("lat",),
    "position": ("position",),
    "name": ("name", "name_ar", "id"),
    "uncertainty": ("radius",),
    "kind": ("category",),
}
"""What a column can be, and what such columns are called (`headings`)."""
Remark = dict[str, Any]

Assumed = Mapping[str, Any]
"""{"radius_m", "by"}: a radius that nothing states, and what it comes from."""


@dataclass
class Rows:
    """The rows that could be read; every list has one entry for each of them."""

    number: list[int] = field(default_factory=list)
    """The line it stands on, counted from 1."""
    name: list[str] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    uncertainty: list[float] = field(default_factory=list)
    feature: list[Feature | None] = field(default_factory=list)
    """The feature of a row; None where it was pasted or read from a file."""
    assumed: list[Assumed | None] = field(default_factory=list)
    """The radius assumed for a row that states none; None where it states one, or none can be assumed."""
    problems: list[Remark] = field(default_factory=list)
    """{line, reason} of each row that cannot be read."""
    warnings: list[Remark] = field(default_factory=list)
    """{line, reason} of each row that was read and may be meant otherwise."""
    columns: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.number)

    def add(
        self,
        line: int,
        position: coordinates.Position,
        name: str = "",
        kind: str = "",
        radius: float | None = None,
        feature: Feature | None = None,
        assumed: Assumed | None = None,
    ) -> None:
        """Add a row; without a radius its position is assumed to be as exact as its notation."""
        if radius is None:
            radius = 0.0
            assumed = None if position.uncertainty else {"radius_m": 0.0, "by": "table"}
        self.number.append(line)
        self.name.append(name)
        self.kind.append(kind)
        self.lon.append(position.lon)
        self.lat.append(position.lat)
        self.uncertainty.append(max(radius, position.uncertainty))
        self.feature.append(feature)
        self.assumed.append(assumed)
        self.warnings += [{"line": line, "reason": reason} for reason in position.warnings]

    def assume(self, radius: float, why: str = "") -> None:
        """Assume a radius in metres of the rows that state none and whose notation is exact; `why` it may be assumed.

        Raises BadValue for a radius that is none.
        """
        if not 0 <= radius <= MAX_RADIUS:
            raise BadValue("radius", radius, "metres_between", least=0, most=MAX_RADIUS)
        for at, assumed in enumerate(self.assumed):
            if assumed is not None and assumed["by"] == "table":
                self.uncertainty[at] = radius
                self.assumed[at] = {"radius_m": radius, "by": "table", **({"why": why} if why else {})}

    def refuse(self, line: int, reason: Text) -> None:
        """Record a row that cannot be read."""
        self.problems.append({"line": line, "reason": reason})


def pasted(text: str, order: Order = "lat,lon", region: Box | None = None) -> Rows:
    """Read one position a line; a name may stand before it, parted by a comma, semicolon, tab or colon."""
    rows = Rows()
    for line, written in enumerate(_lines(text), start=1):
        if not written.strip():
            continue
        name, rest = _named(written)
        try:
            rows.add(line, coordinates.read(rest, order, region), name)
        except Unread as error:
            rows.refuse(line, error.text)
    return rows


def read_csv(data: bytes, order: Order = "lat,lon", region: Box | None = None) -> Rows:
    """Read a CSV (comma, semicolon or tab; UTF-8) whose header names the columns.

    Raises BadData where no columns of positions are found, and Refused for too many rows or bytes.
    """
    if len(data) > MAX_BYTES:
        raise Refused("csv_size", size=len(data), most=MAX_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadData("", "csv_encoding", position=error.start) from None
    lines = _lines(text)
    delimiter = max(",;\t", key=lines[0].count) if lines else ","
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        columns = _columns(next(reader, []))
        rows = Rows(columns={meaning: name for meaning, (_, name) in columns.items()})
        at = {meaning: index for meaning, (index, _) in columns.items()}
        for cells in reader:
            if cells and any(cells) and not cells[0].startswith("#"):
                _row(rows, reader.line_num, cells, at, order, region)
    except csv.Error as error:
        raise BadData("", "csv_broken", error=error) from None
    return rows


def _lines(text: str) -> list[str]:
    lines = text.splitlines()
    if len(lines) > MAX_ROWS + 1:
        raise Refused("rows", count=len(lines), most=MAX_ROWS)
    return lines


def _columns(header: Sequence[str]) -> dict[str, tuple[int, str]]:
    columns = {}
    for meaning, called in MEANINGS.items():
        index = headings.column(header, *called)
        if index is not None:
            columns[meaning] = (index, header[index].strip())
    if "position" not in columns and not {"lon", "lat"} <= columns.keys():
        names = "; ".join(", ".join(headings.names()[meaning]) for meaning in ("lon", "lat", "position"))
        raise BadData("", "csv_positions", names=names)
    return columns


def _row(rows: Rows, line: int, cells: Sequence[str], at: dict[str, int], order: Order, region: Box | None) -> None:
    def cell(meaning: str) -> str:
        index = at.get(meaning, -1)
        return cells[index].strip() if 0 <= index < len(cells) else ""

    try:
        if "lat" in at and "lon" in at:
            position = _two(cell("lat"), cell("lon"), region)
        else:
            position = coordinates.read(cell("position"), order, region)
        rows.add(line, position, cell("name"), cell("kind"), _radius(cell("uncertainty")))
    except Unread as error:
        rows.refuse(line, error.text)


def _two(lat: str, lon: str, region: Box | None) -> coordinates.Position:
    """Read two columns, plain numbers the quick way; the header has said which is which."""
    if not lat or not lon:
        raise Unread("half")
    try:
        y, x = float(lat), float(lon)
    except ValueError:
        return coordinates.read(f"{lat};{lon}", "lat,lon", region)
    if not (math.isfinite(x) and math.isfinite(y)) or abs(y) > 90 or abs(x) > 180:
        return coordinates.read(f"{lat};{lon}", "lat,lon", region)
    if region is not None and coordinates.swapped(x, y, region):
        return coordinates.read(f"{lat};{lon}", "lat,lon", region)
    return coordinates.Position(x, y, "decimal")


def _radius(text: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= MAX_RADIUS:
        raise Unread("radius", text=repr(text[:40]), most=MAX_RADIUS)
    return value


def _named(written: str) -> tuple[str, str]:
    """Part a leading name without digits from the position after it."""
    for sign in "\t;؛:,،":
        name, separator, rest = written.partition(sign)
        if separator and rest.strip() and not any(c.isdecimal() for c in name) and any(c.isalpha() for c in name):
            return name.strip(), rest.strip()
    return "", written
