"""Dates as sources write them: the days that each means, by the order and the notation of its column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from geodata.importing.date_grammar import readings
from geodata.importing.date_numbers import NOTATIONS, Notation, notation
from geodata.importing.date_numbers import spans as numbered
from geodata.importing.date_orders import (
    CONVERTED,
    ORDERS,
    YEAR_FIRST,
    Evidence,
    Example,
    Orders,
    OrdersFound,
    Summary,
    decided_by,
    deciding,
    summary,
    swapped,
)
from geodata.importing.date_parts import Part, Span, span_of
from geodata.importing.phrases import simplified

__all__ = [
    "CONVERTED",
    "NOTATIONS",
    "ORDERS",
    "YEAR_FIRST",
    "Evidence",
    "Example",
    "Notation",
    "Orders",
    "OrdersFound",
    "Span",
    "Summary",
    "coded",
    "decided_by",
    "deciding",
    "in_other_calendar",
    "is_ambiguous",
    "notation",
    "read",
    "summary",
]
_FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}|\d{8}")


def read(text: str, orders: Orders = frozenset(), zone: str = "", kind: Notation = "") -> Span | None:
    """Parse a date; None where it cannot be parsed.

    03/04/2024 is read in the one order of `orders`; where they are none or several, as all days from the earlier of its
    two readings to the later. A date that is possible in one order only is read in that; 03.04.2024, with dots, day
    first, unless `orders` has the month first. Years of two digits are those from 1970 to 2069; a date begins with one
    only where `orders` is `ymd`, and is not read where others of its column seem to (YEAR_FIRST). 2024-03-04 is read
    both ways where a spreadsheet seems to have swapped day and month (CONVERTED). Plain numbers are read by `kind`, the
    notation of their column.

    An instant with a zone of its own lies on the civil day of `zone` (IANA), or, where there is none, on the day as it
    is written; so does a time without a zone. Ranges, parts of months (the 1st to the 10th, to the 20th, and the rest),
    weeks of ISO 8601 and quarters are intervals.

    >>> read("01 January 2024").precision, read("شباط 2024").end.isoformat(), read("2016")[0].isoformat()
    ('day', '2024-02-29', '2016-01-01')
    >>> [day.isoformat() for day in read("03/04/2024")[:2]], read("03/04/2024", frozenset({"mdy"})).start.isoformat()
    (['2024-03-04', '2024-04-03'], '2024-03-04')
    >>> read("2024-01-31T22:30:00Z", zone="Asia/Baghdad").start.isoformat()
    '2024-02-01'
    """
    spans = _spans(text, orders, zone, kind)
    if len(spans) == 2:
        return Span(min(spans).start, max(span.end for span in spans), "interval")
    return spans[0] if spans else None


def is_ambiguous(text: str, orders: Orders, kind: Notation = "") -> bool:
    """Tell whether a date has two readings between which nothing decides."""
    return len(_spans(text, orders, "", kind)) == 2


def in_other_calendar(text: str, kind: Notation = "") -> bool:
    """Tell whether a date is, by its year, its month or the years of its column, not of the Gregorian calendar."""
    return kind == "other_calendar" or readings(text).other_calendar


def _spans(text: str, orders: Orders, zone: str, kind: Notation) -> list[Span]:
    """Return the spans that a date may mean: two where nothing decides between day and month."""
    by_number = numbered(text, kind, zone)
    if by_number is not None:
        return by_number
    if kind == "other_calendar" and not _FOUR_DIGITS.search(simplified(text)):
        # A year of two digits is one of the column's calendar.
        return []
    read_as = readings(text)
    if read_as.short and YEAR_FIRST in orders:
        return []
    spans = _chosen(read_as.spans, orders, dotted=read_as.dotted)
    if read_as.iso and CONVERTED in orders:
        spans = [each for span in spans for each in swapped(span)]
    if read_as.clock is None or not zone:
        return spans
    days = [read_as.clock.civil(span.start, zone) for span in spans]
    return [Span(day, day, "day") for day in days]


def _chosen(by_order: Mapping[str, Span], orders: Orders, *, dotted: bool) -> list[Span]:
    if "" in by_order:
        return [by_order[""]]
    if orders == {"ymd"}:
        return [by_order["ymd"]] if "ymd" in by_order else []
    possible = {order: by_order[order] for order in ("dmy", "mdy") if order in by_order}
    decided = possible.keys() & orders
    if len(possible) == 2 and len(decided) == 1:
        return [possible[decided.pop()]]
    if dotted and "dmy" in possible and "mdy" not in orders:
        return [possible["dmy"]]
    return list(dict.fromkeys(possible.values()))


def coded(scheme: str, code: str, span: Span) -> Span:
    """Return a date as wide as its source's code for the precision of dates says it is.

    ACLED: 2 the week round the day, 3 its month. UCDP gives first and last day itself: the code is how they came about.
    """
    if scheme == "acled" and code == "2":
        return Span(span.start - timedelta(days=3), span.start + timedelta(days=3), "interval")
    if scheme == "acled" and code == "3":
        return span_of(Part(span.start.year, span.start.month)) or span
    if scheme == "ucdp":
        word = {"1": "day", "2": "interval", "3": "interval", "4": "month", "5": "year"}.get(code)
        return span if word is None or (word == "day" and span.start != span.end) else span._replace(precision=word)
    return span


def is_month(text: str) -> bool:
    """Tell whether a text is the number of a month, or its name in one of the languages."""
    return (text.isdecimal() and 1 <= int(text) <= 12) or (not text.isdecimal() and read(f"{text} 2020") is not None)


def joined(year: str | None, month: str | None, day: str | None = None) -> str | None:
    """Return the date of a year, a month and a day that stand apart; 0 and None are unknown.

    >>> joined("2020", "5", "7"), joined("2020", "May", "0"), joined("2020", None)
    ('2020-05-07', 'May 2020', '2020')
    """
    year, month, day = (_unit(part) for part in (year, month, day))
    if year is None or month is None:
        return year
    if not month.isdecimal():
        return f"{day} {month} {year}" if day else f"{month} {year}"
    return f"{year}-{int(month):02}-{int(day):02}" if day and day.isdecimal() else f"{year}-{int(month):02}"


def _unit(text: str | None) -> str | None:
    bare = None if text is None else text.strip().removesuffix(".0")
    return None if not bare or bare.strip("0") == "" else bare
