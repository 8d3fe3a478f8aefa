"""How a file is interpreted, and the columns of a batch by their role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa

from geodata.formats.coordinates import Box, Order
from geodata.importing import dates
from geodata.importing.columns import decoded, trimmed
from geodata.importing.date_numbers import Notation
from geodata.importing.delimited import CELL
from geodata.importing.orientation import UNCHANGED, Orientation
from geodata.importing.profiles import Profile, Roles
from geodata.messages import Message

SHOWN_COLUMNS = 60
"""Columns that a preview shows though they have no role."""


@dataclass(frozen=True)
class Meaning:
    """Whose file it is, what its columns mean, and how its positions and dates are written."""

    layer: str
    profile: Profile
    roles: Roles
    header: tuple[str, ...]
    guess: Roles = field(default_factory=dict)
    """The roles that the file alone would have, where the user has stated others."""
    order: Order = "lat,lon"
    date_orders: frozenset[str] = frozenset()
    """What the dates themselves say of the order of day and month, or the one that the user chose (date_orders.py)."""
    order_stated: bool = False
    """Whether the user chose the order: then no date decides."""
    date_notation: Notation = ""
    """How plain numbers among the dates are to be read (date_numbers.py)."""
    time_zone: str = ""
    """The IANA zone whose civil days the layer's dates are; where it is "", instants lie on the day as written."""
    separators: str = ""
    """The signs between the actors that one cell names; empty where cells are not split."""
    orientation: Orientation = UNCHANGED
    """How the coordinates of the file are changed as they are read."""
    date_parts: tuple[str, ...] = ()
    """The columns of year, month and, where there is one, day, of a file that has no column of dates."""
    hemispheres: Mapping[str, str] = field(default_factory=dict)
    """The columns with the letters of the hemispheres, by `lat` and `lon`, where they have columns of their own."""
    extent: Box | None = None
    """Where nearly all positions of the file lie; None where they are few, or all over the world."""
    crs: str = ""
    """The system of columns of metres; empty where each row names its UTM zone, or none is known."""
    reasons: Mapping[str, Message] = field(default_factory=dict)
    """Why each column has its role, by the name of the column."""
    notices: tuple[Message, ...] = ()
    """What was decided about the file as a whole, and is to be said."""
    candidates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of a role that nothing decides: the columns, pairs of columns or systems between which a person chooses."""
    sources: tuple[str, ...] = ()

    def role_of(self, column: str) -> str | None:
        """Return the role of a column; None where it has none."""
        return next((role for role, names in self.roles.items() if column in names), None)

    def guess_of(self, column: str) -> str | None:
        """Return the role that the file alone would give a column; None where it would give none."""
        return next((role for role, names in self.guess.items() if column in names), None)

    @property
    def shown_columns(self) -> list[int]:
        """The columns that a preview shows, by their place: the first ones, and those that have a role."""
        roles = {name for of in (self.roles, self.guess) for names in of.values() for name in names}
        return [at for at, name in enumerate(self.header) if at < SHOWN_COLUMNS or name in roles]

    @cached_property
    def dated(self) -> bool:
        """Whether the rows are events: things that happened on a day."""
        return "date" in self.roles or bool(self.date_parts)


class Cells:
    """The cells of a batch, as text without the blanks around them; what is empty is null."""

    def __init__(self, batch: pa.RecordBatch, meaning: Meaning) -> None:
        self.batch, self.meaning = batch, meaning
        self._trimmed: dict[str, pa.Array] = {}

    def __len__(self) -> int:
        return len(self.batch)

    def raw(self, name: str) -> pa.Array:
        """Return a column of the file unchanged."""
        return self.batch.column(f"{CELL}{name}")

    def names(self, role: str) -> tuple[str, ...]:
        """Return the names of the columns of a role."""
        return tuple(self.meaning.roles.get(role, ()))

    def all(self, role: str) -> list[pa.Array]:
        """Return the columns of a role."""
        if role == "date" and self.meaning.date_parts:
            return [self._dates]
        for name in self.names(role):
            if name not in self._trimmed:
                self._trimmed[name] = trimmed(self.raw(name))
        return [self._trimmed[name] for name in self.names(role)]

    def first(self, role: str) -> pa.Array | None:
        """Return the first column of a role; None where the file has none."""
        return next(iter(self.all(role)), None)

    def some(self, role: str) -> pa.Array:
        """Return the first column of a role; nulls where the file has none."""
        column = self.first(role)
        return pa.nulls(len(self.batch), pa.string()) if column is None else column

    @cached_property
    def _dates(self) -> pa.Array:
        """The dates whose year, month and day stand in columns of their own, joined; a day of 0 or none is unknown."""
        columns = [decoded(trimmed(self.raw(name))) for name in self.meaning.date_parts]
        texts = [dates.joined(*parts) for parts in zip(*(column.to_pylist() for column in columns), strict=True)]
        return pa.array(texts, pa.string())
