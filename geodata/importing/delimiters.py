"""Which sign stands between the cells of a table of text: decided by all of its first lines, quotes respected."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from geodata.importing import table_header
from geodata.importing.table_header import FIRST_ROWS, TYPED

DELIMITERS = ",;\t|"
HEADER = 0.5
"""How much a header counts for a delimiter, where values of one kind in every column count 1."""
VALUES = 0.3
"""How much it counts that the first row of a table without a header has values of its columns."""
CLEARLY = 0.5
LAST = 3
"""Lines at the end of which one must have as many cells as most: the very last may be cut off, or be a total."""


def records(text: str, delimiter: str) -> list[list[str]]:
    """Return the first rows of a table of text, blank lines as empty lists; those before the first that is broken."""
    rows = []
    with suppress(csv.Error):
        for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), FIRST_ROWS):
            rows.append(row)
    return rows


def detected(text: str) -> str:
    """Return the delimiter of a table by its first lines, a comma where there is none.

    Each is tried, and the best table is taken: one with the same number of cells in most lines, values of one kind in
    many of its columns, and a header. The most frequent one of the first line stays where no other is clearly better,
    if that line is a header and has, as the second and the last have, as many of it as most lines.
    """
    first = next((line for line in text.split("\n", FIRST_ROWS) if line.strip()), "")
    favourite = max(DELIMITERS, key=first.count)
    trials = {sign: trial for sign in DELIMITERS if (trial := _Trial.of(text, sign)) is not None}
    best = max(trials, key=lambda sign: trials[sign].rank, default=favourite)
    if favourite in trials and trials[favourite].plain and trials[best].worth < trials[favourite].worth + CLEARLY:
        return favourite
    return best


@dataclass(frozen=True)
class _Trial:
    """What the first lines are like with a delimiter."""

    plain: bool
    """Whether the first line is a header, and the first two and one of the last have as many cells as most."""
    worth: float
    """How good a table they make: 0 to 1.5."""
    usual: int
    """The number of delimiters that most lines with any have."""

    @classmethod
    def of(cls, text: str, delimiter: str) -> _Trial | None:
        rows = [row for row in records(text, delimiter) if row]
        counts = [len(row) - 1 for row in rows]
        usual = _usual(counts)
        if not usual:
            return None
        table = table_header.locate(rows)
        begins = table.first if table.header is None else table.header
        lines = counts[begins:] or counts
        bonus = HEADER if table.header is not None else VALUES if table.typed >= TYPED else 0
        worth = lines.count(usual) / len(lines) * (table.typed / (usual + 1) + bonus)
        plain = table.header == 0 and all(count == usual for count in counts[:2]) and usual in counts[-LAST:]
        return cls(plain, worth, usual)

    @property
    def rank(self) -> tuple[float, int]:
        return self.worth, self.usual


def _usual(counts: Sequence[int]) -> int:
    """Return the most frequent number of delimiters in a line that has some; 0 where no line has any."""
    some = Counter(count for count in counts if count)
    return max(some, key=lambda count: (some[count], count), default=0)
