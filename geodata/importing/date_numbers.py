"""Dates that programs store as plain numbers: days since 1899, seconds since 1970; how a column's are to be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from geodata.importing.date_grammar import readings
from geodata.importing.date_orders import swapped
from geodata.importing.date_parts import Span

Notation = Literal[
    "",
    "excel",
    "unix_seconds",
    "unix_milliseconds",
    "unix_microseconds",
    "yyyymmdd",
    "year",
    "some_excel",
    "some_excel_swapped",
    "other_calendar",
]
"""How the plain numbers of a column are to be read: "" as any other text.

`excel` is days since 30 December 1899, time a fraction; `some_excel` the same where most of the dates are texts, and
`some_excel_swapped` where these are in numbers with an order of day and month. A spreadsheet turns into a number only
what it takes for a date in its own order and leaves the rest as text, so that day and month of the number may be the
wrong way round: where both readings are possible, the date is all days from one to the other. `other_calendar`: most
years are Hijri ones, so that dates without a year of four digits are Hijri, too.
"""
NOTATIONS: tuple[Notation, ...] = get_args(Notation)
AGREEING = 0.95
"""The share of a column's texts that must agree."""
_PLAIN = re.compile(r"\d{1,17}(?:\.\d*)?(?:e\+?\d\d?)?\Z", re.ASCII | re.IGNORECASE)
EXCEL = (20_000, 80_000)
"""Serial numbers from 1954 to 2119: others are hardly dates of events, and many are plain counts."""
SECONDS = (900_000_000, 2_500_000_000)
"""From 1998 to 2049."""
_RANGES: dict[Notation, tuple[float, float]] = {
    "excel": EXCEL,
    "unix_seconds": SECONDS,
    "unix_milliseconds": (SECONDS[0] * 1e3, SECONDS[1] * 1e3),
    "unix_microseconds": (SECONDS[0] * 1e6, SECONDS[1] * 1e6),
}
_PER_SECOND: dict[Notation, int] = {"unix_seconds": 1, "unix_milliseconds": 1_000, "unix_microseconds": 1_000_000}
_KINDS: tuple[Notation, ...] = ("year", "yyyymmdd", "excel", *_PER_SECOND)
_EXCEL_EPOCH = date(1899, 12, 30)


def notation(texts: Any) -> Notation:
    """Tell how the plain numbers of a column of dates are to be read: an array of Arrow or texts, null for no date.

    >>> notation(["45413", "45414.5"]), notation(["1714521600", "1714608000"]), notation(["2024-05-01", "45414"])
    ('excel', 'unix_seconds', 'some_excel')
    """
    written = list(_texts(texts))
    if not written:
        return ""
    most = AGREEING * len(written)
    numbers = [text for text in written if _PLAIN.match(text)]
    for kind in _KINDS:
        if len(numbers) >= most and sum(_fits(text, kind) for text in numbers) >= most:
            years = sum(readings(text).other_calendar for text in numbers)
            return "other_calendar" if years > len(written) / 2 else kind
    others = sum(readings(text).other_calendar for text in written)
    if others > len(written) / 2:
        return "other_calendar"
    serials = [text for text in numbers if _fits(text, "excel")]
    dates = [text for text in written if readings(text).spans]
    if serials and len(dates) >= len(written) / 2 and len(serials) + len(dates) >= most:
        in_order = any(order in readings(text).spans for text in dates for order in ("dmy", "mdy"))
        return "some_excel_swapped" if in_order else "some_excel"
    return ""


def _texts(texts: Any) -> Iterator[str]:
    values: Iterable[Any] = texts.to_pylist() if hasattr(texts, "to_pylist") else texts
    return (text.strip() for text in values if text and text.strip())


def _fits(text: str, kind: Notation) -> bool:
    """Tell whether a plain number may be a date of a kind."""
    if kind == "yyyymmdd":
        return len(text) == 8 and bool(readings(text).spans or readings(text).other_calendar)
    if kind == "year":
        return bool(re.match(r"\d{4}(?:\.0*)?\Z", text)) and bool(readings(text).spans or readings(text).other_calendar)
    low, high = _RANGES[kind]
    return low <= float(text) < high


def spans(text: str, kind: Notation, zone: str = "") -> list[Span] | None:
    """Return what a plain number means by the notation of its column; None where it is to be read as any other text.

    Seconds since 1970 lie on the civil day of `zone` (IANA; UTC where there is none).
    """
    number = text.strip()
    if kind in ("", "year", "yyyymmdd", "other_calendar") or not _PLAIN.match(number):
        return None
    if kind in _PER_SECOND:
        if not _fits(number, kind):
            return []
        day = datetime.fromtimestamp(float(number) / _PER_SECOND[kind], UTC).astimezone(ZoneInfo(zone or "UTC")).date()
        return [Span(day, day, "day")]
    if not _fits(number, "excel"):
        return [] if kind == "excel" else None
    day = _EXCEL_EPOCH + timedelta(days=int(float(number)))
    span = Span(day, day, "day")
    return swapped(span) if kind == "some_excel_swapped" else [span]
