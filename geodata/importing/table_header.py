"""Where a table begins within the first rows of a file or sheet: its header, what stands above it, and its columns.

A row is the header where it has nearly as many filled cells as the rows beneath and none of its cells is a value of its
column. Of a plain table that is the first row. Above it may stand titles, notes, comments and a row of groups; beneath
it a second row of names, units and HXL tags.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest

from geodata.formats import headings, spreadsheet_cells
from geodata.importing.value_kinds import BOOLEAN, DATE, LINK, NUMBER, POSITION, TEXT, YEAR, column_kind, kind_of

FIRST_ROWS = 60
"""Rows among which the header is looked for."""
MAX_COLUMNS = 2_000
"""Columns of a table, as many as one of SQLite has; the time that an import takes grows faster than their number."""
LOOKED_COLUMNS = 200
"""Columns whose cells are looked at, of wider tables the first."""
NEARLY = 0.7
"""The least share of the filled cells of the rows beneath that a header has."""
TYPED = 2
"""Columns of values that must stand beneath a later row before it is preferred to one above it."""
SHORT_PREAMBLE = 3
"""Rows of values that may stand above a header, such as the period of a report."""
MEANINGS = ("lat", "lon", "position", "wkt", "date")
"""What a header is known by, where a row above it has as many cells and no value either."""
VALUES = frozenset({NUMBER, YEAR, DATE, POSITION, LINK, BOOLEAN})
_UNIT = re.compile(r"[\[(][^\[\]()]{1,16}[\])]")
_BARE_UNITS = frozenset({"m", "km", "ft", "°", "deg", "degrees", "%", "utm", "wgs84", "s", "h", "min"})
_COMMENT = re.compile(r"#(?:[\s#!]|$)")
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class TableHeader:
    """The header of a table; indices count from 0 within the rows that were looked at."""

    names: list[str]
    """The name of each column, blanks at its ends and doubled blanks within it removed; "" for none."""
    first: int
    """The row of the first cells."""
    header: int | None = None
    """The row of the names; None where the table has none."""
    tags: list[str] = field(default_factory=list)
    """HXL tags, one a column, where a row of them follows the header."""
    title: list[str] = field(default_factory=list)
    """The texts of the rows above the table."""
    typed: int = 0
    """Columns that hold values of one kind beneath the header or, where there is none, the first row."""


def locate(rows: Rows) -> TableHeader:
    """Return where the table begins within the first rows of a file, blank ones included."""
    table = _Table(rows[:FIRST_ROWS])
    if not table.filled:
        return TableHeader([], len(rows))
    at = table.header()
    if at is None:
        first = table.first_wide()
        return TableHeader([""] * len(rows[first]), first, title=table.title(first), typed=table.typed(first))
    if _is_hxl(rows[at]):
        # HXL without a row of names: the tags are the names.
        names = table.texts(at)
        return TableHeader(names, at + 1, at, names, table.title(at), table.typed(at))
    return _with_rows_around(table, at)


def _is_hxl(row: Sequence[str]) -> bool:
    # A comment has a blank after its sign.
    return spreadsheet_cells.tags(row) and not any(_COMMENT.match(text.strip()) for text in row)


def _with_rows_around(table: _Table, at: int) -> TableHeader:
    names, above, last = table.texts(at), at, at
    if table.is_sub_header(at):
        last = at + 1
        names = joined(names, table.texts(last))
    elif table.has_groups(at):
        above = at - 1
        names = joined(table.texts(above), names)
    if table.is_units(last + 1):
        last += 1
        names = [f"{name} {unit}".strip() for name, unit in zip_longest(names, table.units(last), fillvalue="")]
    tags: list[str] = []
    if last + 1 < len(table.rows) and _is_hxl(table.rows[last + 1]):
        last += 1
        tags = table.texts(last)
    return TableHeader(names, last + 1, at, tags, table.title(above), table.typed(at))


def joined(groups: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the names of columns under a row of groups: the name alone where it is there once, else `group / name`.

    A group reaches to the right until the next one. Where it begins, a column without a name has the group's.
    """
    joint, group, counts = [], "", Counter(names)
    for over, name in zip_longest(groups, names, fillvalue=""):
        group = over or group
        parts = [group, name] if name and counts[name] > 1 else [name or over]
        joint.append(" / ".join(part for part in parts if part))
    return joint


def columns_in_use(names: Sequence[str], rows: Rows) -> range:
    """Return the columns from the first to the last that has a name or, in these rows, a cell that is not empty."""
    used = {column for column, name in enumerate(names) if name}
    used |= {column for row in rows for column in range(len(names)) if column < len(row) and row[column]}
    return range(min(used), max(used) + 1) if used else range(len(names))


def _known(names: Sequence[str]) -> int:
    """Return how many of the columns that place and date an event are named as is usual."""
    return sum(headings.column(names, meaning) is not None for meaning in MEANINGS)


def clean(text: str) -> str:
    """Return the name of a column on one line, each run of blanks as one."""
    return " ".join(text.split())


class _Table:
    """The first rows of a file, with the kinds of their cells."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.kinds = [[kind_of(text) for text in row[:LOOKED_COLUMNS]] for row in rows]
        self.counts = [sum(map(bool, kinds)) for kinds in self.kinds]
        self.filled = [at for at, count in enumerate(self.counts) if count]
        self._columns: dict[int, list[str]] = {}

    def texts(self, at: int) -> list[str]:
        """Return the cells of a row as names."""
        return list(map(clean, self.rows[at]))

    def title(self, before: int) -> list[str]:
        """Return the texts of the rows above one, a text a row."""
        lines = (" ".join(filter(None, self.texts(at))) for at in self.filled if at < before)
        return [text for line in lines if (text := line.lstrip("# "))]

    def _typical(self, at: int) -> int:
        """Return how many cells are filled in a row beneath one that has more of them than most."""
        beneath = sorted(self.counts[other] for other in self.filled if other > at)
        return beneath[3 * (len(beneath) - 1) // 4] if beneath else self.counts[at]

    def first_wide(self) -> int:
        """Return the first row with nearly as many filled cells as those beneath it."""
        return next(at for at in self.filled if self.counts[at] >= NEARLY * self._typical(at))

    def beneath(self, at: int) -> list[str]:
        """Return the kind of each column in the rows beneath one."""
        if at not in self._columns:
            under = [self.kinds[other] for other in self.filled if other > at]
            columns = zip_longest(*under, [""] * len(self.kinds[at]), fillvalue="")
            self._columns[at] = [column_kind(kinds) for kinds in columns]
        return self._columns[at]

    def header(self) -> int | None:
        """Return the row of the names; None where the first row of the table has values of its columns already."""
        at = self.first_wide()
        if self.has_values(at):
            return self._header_near(at)
        while (other := self._preferred(at)) is not None:
            at = other
        return at

    def _header_near(self, at: int) -> int | None:
        """Return a header beneath a few rows of values, or one above them with few names; None for none."""
        beneath = [other for other in self.filled if other > at][:SHORT_PREAMBLE]
        clear = next((other for other in beneath if self._names_values(other) >= TYPED), None)
        if clear is not None:
            return clear
        few = at > 0 and self.counts[at - 1] > 1 and self.counts[at - 1] >= self.counts[at] / 2
        return at - 1 if few and self._names_values(at - 1) else None

    def _preferred(self, at: int) -> int | None:
        """Return a row beneath, above all rows of values, that is the header rather than this one."""
        for other in self.filled:
            if other > at:
                if self.has_values(other):
                    return None
                if self._gives_way(at, other):
                    return other
        return None

    def _names_values(self, at: int) -> int:
        """Return how many columns of values stand beneath the texts of a row; 0 where one of its cells is a value."""
        return self.typed(at) if self._is_text(at) else 0

    def typed(self, at: int) -> int:
        """Return how many columns hold values of one kind beneath the cells of a row."""
        pairs = zip(self.kinds[at], self.beneath(at), strict=False)
        return sum(bool(kind) and under in VALUES for kind, under in pairs)

    def has_values(self, at: int) -> bool:
        """Tell whether a row has values of the kinds that its columns have beneath, as the rows of a table have."""
        pairs = zip(self.kinds[at], self.beneath(at), strict=False)
        same = (kind in VALUES and (kind == under or {kind, under} == {YEAR, NUMBER}) for kind, under in pairs)
        # Two years as names of columns among many texts make no row of values.
        texts = sum(
            kind == TEXT and under in VALUES for kind, under in zip(self.kinds[at], self.beneath(at), strict=False)
        )
        return sum(same) > texts and not self._counted(at)

    def _counted(self, at: int) -> bool:
        """Tell whether the values of a row are years or numbers that follow each other, as headings of columns do."""
        cells = [(c, self.rows[at][c].strip()) for c, kind in enumerate(self.kinds[at]) if kind in VALUES]
        if not all(text.isdecimal() for _, text in cells):
            return False
        columns = self.beneath(at)
        if all(self.kinds[at][c] == YEAR and columns[c] != YEAR for c, _ in cells):
            return len({text for _, text in cells}) == len(cells)
        numbers = [int(text) for _, text in cells]
        return len(numbers) > TYPED and numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[-1] + 1))

    def _gives_way(self, at: int, other: int) -> bool:
        """Tell whether a row without values is no header but a title, a comment or a row of groups above the header."""
        if _is_hxl(self.rows[at]) or _is_hxl(self.rows[other]) or self.is_units(other) or self.is_sub_header(at):
            return False
        typed = self._names_values(other)
        if _COMMENT.match(self.rows[at][0]):
            return typed > 0 and self.counts[other] >= NEARLY * self._typical(other)
        texts = self.texts(at)
        repeated = any(a and a == b for a, b in pairwise(texts))
        known = not _known(texts) and _known(self.texts(other)) >= TYPED
        return typed >= TYPED and (self.counts[at] < self.counts[other] or repeated or known)

    def _is_text(self, at: int) -> bool:
        return 0 <= at < len(self.rows) and self.counts[at] > 0 and not VALUES & set(self.kinds[at])

    def has_groups(self, at: int) -> bool:
        """Tell whether the row above names groups of columns whose names would be doubled or missing without them."""
        names = self.texts(at)
        if len(set(filter(None, names))) == len(names) or not self._is_text(at - 1):
            return False
        groups = self.texts(at - 1)
        # A single text in the first column is a title.
        return len(groups) <= len(names) and any(groups[1:]) and not _COMMENT.match(self.rows[at - 1][0])

    def is_sub_header(self, at: int) -> bool:
        """Tell whether the row beneath the header names the columns of its groups, and nothing else.

        It stands under blanks of the header and under the names to the left of them, and values stand beneath it.
        """
        if not self._is_text(at + 1):
            return False
        over, under = self.texts(at), self.texts(at + 1)
        over += [""] * (len(under) - len(over))
        spread = [not name or (c + 1 < len(over) and not over[c + 1]) for c, name in enumerate(over)]
        places = [c for c, name in enumerate(under[:LOOKED_COLUMNS]) if name]
        if not all(spread[c] for c in places) or not any(not over[c] for c in places):
            return False
        columns = self.beneath(at + 1)
        return any(columns[c] in VALUES for c in places)

    def is_units(self, at: int) -> bool:
        """Tell whether a row above others has units of the columns, and nothing else."""
        if at + 1 >= len(self.rows):
            return False
        texts = [text for text in self.texts(at) if text.strip("-")]
        if len(texts) > TYPED and texts == [str(number) for number in range(1, len(texts) + 1)]:
            # The columns numbered, as the forms of ministries have it.
            return True
        return bool(texts) and all(_UNIT.fullmatch(text) or text.lower() in _BARE_UNITS for text in texts)

    def units(self, at: int) -> list[str]:
        """Return the units of the columns in brackets; "" for none."""
        texts = ("" if text.isdecimal() else text.strip("-") for text in self.texts(at))
        return [text if not text or _UNIT.fullmatch(text) else f"({text})" for text in texts]
