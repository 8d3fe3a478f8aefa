"""The types of the columns that a file had, and the texts that stand for their values, each for exactly one.

In a layer an integer, a real number and a truth value are those of JSON; dates and timestamps are texts in ISO 8601,
`2020-01-31` and `2020-01-31T10:00:00Z`. Whatever is none of these is text: a nested value as JSON text.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal, get_args

Name = Literal["text", "integer", "number", "boolean", "date", "timestamp"]
NAMES: tuple[str, ...] = get_args(Name)
INTEGERS = range(-(2**63), 2**63)


@dataclass(frozen=True)
class ColumnType:
    """What the values of a column are, and what its file said of them beyond that."""

    name: Name = "text"
    zone: str | None = None
    """Of timestamps: `Z` or an offset such as `+03:00`; None where none is written, which is read as UTC."""
    point: bool = False
    """Of numbers: whether whole ones are written with a decimal point, `5.0`."""
    physical: str | None = None
    """The type in the file where it is narrower: int16, int32, float (of 32 bits)."""
    width: int | None = None
    """The most characters of a text, where the file says so."""
    subtype: str | None = None
    """GDAL's subtype of a text: JSON, UUID."""
    mixed: bool = False
    """Whether it is text because the file has values of several types."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values, without what is not known."""
        values = {item.name: getattr(self, item.name) for item in fields(self)[1:]}
        return {"type": self.name, **{name: value for name, value in values.items() if value}}

    @classmethod
    def from_dict(cls, value: Any) -> ColumnType:
        """Return what `to_dict` gave; text where it is not of that shape."""
        if not isinstance(value, Mapping) or value.get("type") not in NAMES:
            return cls()
        texts = {name: value[name] for name in ("zone", "physical", "subtype") if isinstance(value.get(name), str)}
        point, mixed, width = (value.get(name) for name in ("point", "mixed", "width"))
        return cls(
            value["type"],
            point=point is True,
            width=width if type(width) is int else None,
            mixed=mixed is True,
            **texts,
        )

    def text(self, value: Any) -> str | None:
        """Return the text that stands for a value; None for None."""
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, bool):
            return str(value).lower()
        integral = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
        if integral and not self.point and (value or math.copysign(1, value) > 0):
            return str(int(value))
        return str(value)

    def value(self, text: str | None) -> Any:
        """Return the value that a text stands for; None for None, an empty text that is no text, or another type's."""
        if text is None or self.name in ("text", "date", "timestamp"):
            return text if self.name == "text" else text or None
        try:
            if self.name == "boolean":
                return {"true": True, "false": False}.get(text)
            return int(text) if self.name == "integer" else float(text)
        except ValueError:
            return None

    def with_other(self, other: ColumnType) -> ColumnType:
        """Return the type that holds the values of both; text where none does."""
        if self == other:
            return self
        same = (self.name, self.zone, self.point) == (other.name, other.zone, other.point)
        if same:
            widths = (self.width, other.width)
            return ColumnType(
                self.name,
                self.zone,
                self.point,
                self.physical if self.physical == other.physical else None,
                None if None in widths else max(width for width in widths if width),
                self.subtype if self.subtype == other.subtype else None,
                self.mixed or other.mixed,
            )
        if {self.name, other.name} == {"integer", "number"} and not (self.point or other.point):
            return ColumnType("number")
        return ColumnType(mixed="text" not in (self.name, other.name))


TEXT = ColumnType()


def of_value(value: Any) -> Name | None:
    """Return the type of a JSON value; None for null."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer" if value in INTEGERS else "text"
    return "number" if isinstance(value, float) else "text"


def iso(moment: datetime) -> str:
    """Return a time in ISO 8601, with Z for UTC; without a zone where it has none."""
    return moment.isoformat().replace("+00:00", "Z")
