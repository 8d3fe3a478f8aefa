"""Dates and parts of dates in digits and signs: what year, month and day they may name."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

FIRST, LAST = date(1000, 1, 1), date(2200, 12, 31)
OTHER_CALENDARS = range(1300, 1500)
"""Years that are 1921 to 2121 of the Solar Hijri and 1882 to 2076 of the lunar Hijri calendar: never guessed at."""
PIVOT = 70
"""Years of two digits from here on are of the twentieth century."""


class Span(NamedTuple):
    """First and last possible day, and to what it is known: day, month, year, or an interval of several days."""

    start: date
    end: date
    precision: str


class Part(NamedTuple):
    """A date or a part of one: what is not written is None."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    order: str = ""
    """The order of plain numbers in which it is this; "" where the order is not in question."""
    third: str = ""
    """The part of the month: E its days 1 to 10, I 11 to 20, L from 21 on."""


def century(year: int) -> int:
    """Return the year that two digits mean.

    >>> century(14), century(69), century(70)
    (2014, 2069, 1970)
    """
    return year + (1900 if year >= PIVOT else 2000)


def span_of(part: Part) -> Span | None:
    """Return the days of a date; None where there is no such date."""
    year, month, day, _, third = part
    if year is None or year in OTHER_CALENDARS:
        return None
    try:
        if month is None:
            span = Span(date(year, 1, 1), date(year, 12, 31), "year")
        elif day is not None:
            span = Span(date(year, month, day), date(year, month, day), "day")
        else:
            last = calendar.monthrange(year, month)[1]
            start, end = {"E": (1, 10), "I": (11, 20), "L": (21, last)}.get(third, (1, last))
            span = Span(date(year, month, start), date(year, month, end), "interval" if third else "month")
    except (ValueError, calendar.IllegalMonthError):
        return None
    return span if span.start >= FIRST and span.end <= LAST else None


def numbered(first: int, second: int, year: int) -> list[Part]:
    """Return the two dates that day and month in numbers before a year may be."""
    return [Part(year, second, first, "dmy"), Part(year, first, second, "mdy")]


def _plain_numbers(match: re.Match[str]) -> list[Part]:
    return numbered(int(match[1]), int(match[3]), int(match[4]))


def _two_digits(match: re.Match[str]) -> list[Part]:
    first, second, third = int(match[1]), int(match[3]), int(match[4])
    year = century(third)
    return [*numbered(first, second, year), Part(century(first), second, third, "ymd")]


def _year_first(match: re.Match[str]) -> list[Part]:
    return [Part(century(int(match[1])), int(match[3]), int(match[4]), "ymd")]


def _day_and_month(match: re.Match[str]) -> list[Part]:
    first, second = int(match[1]), int(match[2])
    return [Part(None, second, first, "dmy"), Part(None, first, second, "mdy")]


def _named(match: re.Match[str]) -> list[Part]:
    groups = {name: int(digits) for name, digits in match.groupdict().items() if digits is not None}
    year = groups.get("year", groups.get("short"))
    if year is not None and year < 100:
        year = century(year)
    return [Part(year, groups.get("month"), groups.get("day"))]


_GAP = r"[\s\-./,]*"
_DAY, _MONTH, _YEAR = r"(?P<day>\d{1,2})", r"M(?P<month>\d\d)", r"(?P<year>\d{4})"
_FORMS: tuple[tuple[str, Callable[[re.Match[str]], list[Part]]], ...] = (
    (rf"{_YEAR}(?:\.0+)?", _named),
    (rf"{_YEAR}[-/.](?P<month>\d{{1,2}})(?:[-/.]{_DAY})?", _named),
    (rf"{_YEAR} (?P<month>\d{{1,2}}) {_DAY}", _named),
    (rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)", _named),
    (rf"(?P<month>\d{{1,2}})[-/.]{_YEAR}", _named),
    (r"(\d{1,2}) ?([-/.]|(?<= )) ?(\d{1,2}) ?(?:\2|(?<= )) ?(\d{4})", _plain_numbers),
    (r"(\d{1,2})([-/.])(\d{1,2})\2(\d\d)", _two_digits),
    (r"(\d\d)([-/.])(\d{1,2})\2(\d)", _year_first),
    (r"(\d{1,2})[-/.](\d{1,2})", _day_and_month),
    (rf"{_DAY}{_GAP}{_MONTH}{_GAP}(?:{_YEAR}|(?P<short>\d\d))", _named),
    (rf"{_MONTH}{_GAP}{_DAY}(?:[\s,./\-]+{_YEAR}|(?:,\s*|[-/])(?P<short>\d\d))", _named),
    (rf"{_YEAR}{_GAP}{_MONTH}(?:{_GAP}{_DAY})?", _named),
    (rf"{_MONTH}{_GAP}{_YEAR}", _named),
    (rf"{_DAY}{_GAP}{_MONTH}", _named),
    (rf"{_MONTH}{_GAP}{_DAY}", _named),
    (_MONTH, _named),
    (rf"{_DAY}[,\s]+{_YEAR}", _named),
    (_DAY, _named),
)
_COMPILED = tuple((re.compile(rf"{form}\.?\Z"), parts) for form, parts in _FORMS)
_THIRD = re.compile(r"[EIL][\s\-]*")


def parts(signs: str) -> list[Part]:
    """Return what the digits and signs of a date, or of one end of a range, may name; none where they are no date.

    >>> parts("M05 12, 2024"), parts("L M05 2024")[0].third
    ([Part(year=2024, month=5, day=12, order='', third='')], 'L')
    """
    thirds = _THIRD.findall(signs)
    if len(thirds) > 1:
        return []
    bare = " ".join(_THIRD.sub(" ", signs).split()) if thirds else signs
    named = [part for form, named_by in _COMPILED if (match := form.match(bare)) for part in named_by(match)]
    if not thirds:
        return list(dict.fromkeys(named))
    third = thirds[0][0]
    return [
        part._replace(third=third) for part in named if part.month is not None and part.day is None and not part.order
    ]
