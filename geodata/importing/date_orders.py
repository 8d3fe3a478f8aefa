"""The order of day and month of a column: what its dates decide, and what stays open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from geodata.importing.columns import coded
from geodata.importing.date_grammar import Readings, readings
from geodata.importing.date_parts import Span

ORDERS = ("dmy", "mdy", "ymd")
"""The orders that a person may say dates are written in; in the last, plain numbers begin with the year or are none."""
Orders = frozenset[str]
FEW = "few"
"""A doubt beside orders: so few of many different dates decide that they may be mistakes."""
YEAR_FIRST = "year_first"
"""A doubt: dates with years of two digits seem to begin with these, so that none is read unless a person says so.

Such a year may be Gregorian or of the Solar Hijri calendar: 97/02/03 is of 1997, or of 1397, that is 2018.
"""
CONVERTED = "converted"
"""A doubt: a spreadsheet seems to have taken for dates what was possible in its own order, and to have left the rest.

Then all days of the dates (of ISO 8601, as they are read from it) are at most the twelfth, and the texts, that should
be six in ten, are possible in the other order only: 2024-03-04 may have been the 3rd of April.
"""
DOUBTS = (FEW, YEAR_FIRST, CONVERTED)
SETTLED = "not_"
"""Before a doubt that later rows settle."""
FEWEST_LEFT = 0.25
"""Of different dates that a spreadsheet then left as texts."""
FEWEST_DATES = 5
"""That a spreadsheet may have converted: the days of so many others are all at most the twelfth 1 time in 100."""
MANY_DATES = 20
"""From this many different dates on, a few that decide are not believed for all the others."""
MONTHS = 12
FEWEST_SHARE = 0.1
"""Of different dates that decide: six in ten do where days are spread evenly, as 18 of 30 days are past the twelfth."""


class OrdersFound(Exception):
    """A later part of a file decides between day and month; `orders` holds all that its dates have decided so far."""

    def __init__(self, orders: Orders) -> None:
        super().__init__(orders)
        self.orders = orders


class Example(NamedTuple):
    """A date of the file with two readings."""

    text: str
    day_first: Span
    month_first: Span


@dataclass(frozen=True)
class Summary:
    """What the dates of a column say of the order of day and month, for a question to the user."""

    orders: Orders
    """The orders that some dates can only have been written in: two where they contradict one another."""
    decided: str
    """`dmy` or `mdy` where the dates decide; "" where they do not, contradict one another, or too few of many do."""
    ambiguous: int
    """Rows with two readings that nothing decides between."""
    example: Example | None
    """The first of them; None where there are none."""
    year_first: bool
    """Whether dates with years of two digits seem to begin with these: no such date is read."""
    converted: bool
    """Whether a spreadsheet seems to have swapped day and month of some dates: these are ambiguous."""


@dataclass
class Evidence:
    """The dates in plain numbers of a column, or of the columns of a file that share an order, batch after batch."""

    deciding: dict[str, set[Span]] = field(default_factory=lambda: {"dmy": set(), "mdy": set()})
    open: Counter[tuple[Span, Span]] = field(default_factory=Counter)
    """Rows by the two readings of their date."""
    example: Example | None = None
    short: set[Span] = field(default_factory=set)
    """Dates with years of two digits as they are when the year comes first."""
    short_year_last: bool = False
    """Whether such a date cannot have the year first."""
    short_year_first: bool = False
    """Whether such a date can only have the year first."""
    iso: Counter[Span] = field(default_factory=Counter)
    """Rows by their date of ISO 8601."""

    def take(self, column: pa.Array | Iterable[str | None]) -> None:
        """Take the dates of more rows, null where there is none."""
        if not isinstance(column, pa.Array):
            column = pa.array(list(column), pa.string())
        encoded = coded(column)
        indices = encoded.indices.drop_null().to_numpy(zero_copy_only=False)
        rows = np.bincount(indices, minlength=len(encoded.dictionary))
        for text, count in zip(encoded.dictionary.to_pylist(), rows.tolist(), strict=True):
            if text and count:
                self._take(text, readings(text), count)

    def _take(self, text: str, read: Readings, rows: int) -> None:
        day_first, month_first = read.spans.get("dmy"), read.spans.get("mdy")
        if read.iso and "" in read.spans:
            self.iso[read.spans[""]] += rows
        if read.short:
            year_first = read.spans.get("ymd")
            self.short |= {year_first} if year_first else set()
            self.short_year_last |= year_first is None and bool(read.spans)
            self.short_year_first |= list(read.spans) == ["ymd"]
        if day_first == month_first:
            return
        if day_first and month_first:
            # With dots it is day first already.
            if not read.dotted:
                self.open[day_first, month_first] += rows
                self.example = self.example or Example(text, day_first, month_first)
            return
        for order, span in (("dmy", day_first), ("mdy", month_first)):
            if span:
                self.deciding[order].add(span)

    @property
    def orders(self) -> Orders:
        """The orders that some of the dates can only have been written in."""
        return frozenset(order for order, spans in self.deciding.items() if spans)

    @property
    def few(self) -> bool:
        """Whether so small a share of many different dates decides that it may be their mistake."""
        return self._dates >= MANY_DATES and 0 < self._deciding < FEWEST_SHARE * self._dates

    @property
    def _deciding(self) -> int:
        return sum(map(len, self.deciding.values()))

    @property
    def _dates(self) -> int:
        """How many different dates decide, or would have to be decided."""
        return self._deciding + len(self.open)

    @property
    def year_first(self) -> bool:
        """Whether dates with years of two digits seem to begin with these: the last number varies as only days do."""
        if self.short_year_first:
            return True
        if self.short_year_last or len(self.short) < MANY_DATES:
            return False
        years, days = {span.start.year for span in self.short}, {span.start.day for span in self.short}
        return len(days) > MONTHS and len(days) > 2 * len(years)

    @property
    def converted(self) -> bool:
        """Whether a spreadsheet seems to have converted the dates that it could, and no others."""
        if self.open or len(self.orders) != 1 or len(self.iso) < FEWEST_DATES:
            return False
        left = self._deciding / (self._deciding + len(self.iso))
        return left >= FEWEST_LEFT and all(span.start.day <= MONTHS for span in self.iso)

    def conclusion(self, assumed: Orders = frozenset()) -> Orders:
        """Return what the dates so far say of the order, beside what rows of the file said of it before.

        It only ever grows, so that reading a file from the start again with it comes to an end.
        """
        present = {FEW: self.few, YEAR_FIRST: self.year_first, CONVERTED: self.converted}
        # Settled by these rows alone: those of before are read once more, until all are as they were.
        settled = {
            FEW: self._dates >= MANY_DATES and not self.few,
            YEAR_FIRST: self.short_year_last and not self.short_year_first,
            CONVERTED: bool(self.open) or any(span.start.day > MONTHS for span in self.iso),
        }
        doubts = {doubt for doubt in DOUBTS if present[doubt]}
        answers = {f"{SETTLED}{doubt}" for doubt in DOUBTS if doubt in assumed and settled[doubt]}
        return self.orders | assumed | doubts | answers

    def summary(self) -> Summary:
        """Return what is decided and what stays open, for a question to the user."""
        decided = decided_by(self.conclusion()) & frozenset(ORDERS)
        order = next(iter(decided)) if len(decided) == 1 else ""
        rows = 0 if order else sum(self.open.values())
        example = None if order else self.example
        if self.converted:
            rows += sum(count for span, count in self.iso.items() if len(swapped(span)) == 2)
        return Summary(self.orders, order, rows, example, self.year_first, self.converted)


def swapped(span: Span) -> list[Span]:
    """Return a day, and the one with day and month the other way round where there is such another."""
    day = span.start
    if day.day > MONTHS or day.day == day.month:
        return [span]
    other = day.replace(month=day.day, day=day.month)
    return [span, Span(other, other, "day")]


def decided_by(orders: Orders) -> Orders:
    """Return what dates are read by of what was concluded: the orders and the doubts that later rows did not settle."""
    doubts = {doubt for doubt in DOUBTS if doubt in orders and f"{SETTLED}{doubt}" not in orders}
    decided = frozenset() if FEW in doubts else orders & frozenset(ORDERS)
    return decided | (doubts - {FEW})


def deciding(texts: Iterable[str]) -> Orders:
    """Return the orders of day and month in which some of the dates can only have been written."""
    evidence = Evidence()
    evidence.take(texts)
    return evidence.orders


def summary(columns: Iterable[Any]) -> Summary:
    """Return what is decided and what stays open in columns that share an order: arrays, or lists of texts."""
    evidence = Evidence()
    for column in columns:
        evidence.take(column)
    return evidence.summary()
