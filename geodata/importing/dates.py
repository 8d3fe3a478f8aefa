"""Dates as sources write them: ISO, day or month first, names of months in English and Arabic, a month, a year."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from geodata.formats.coordinates import plainly

_TIME = re.compile(r"(?<=\d)[T ]+\d{1,2}:\d\d.*\Z")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?\Z")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)\Z")
_YEAR = re.compile(r"(\d{4})(?:\.0+)?\Z")
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})\Z")
_NAMED = re.compile(r"(?:(\d{1,2})[\s\-./]+)?([^\W\d_][^\d,]*?)[\s\-./,]+(?:(\d{1,2}),?\s+)?(\d{4})\Z")
_ENGLISH = [name.lower() for name in calendar.month_name]
_LEVANT = (
    *("كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران"),
    *("تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"),
)
_EGYPT = (
    *("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو"),
    *("يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"),
)
_LETTERS = str.maketrans("أإآ", "ااا")
_MONTHS = {
    **{name: number for number, name in enumerate(_ENGLISH) if name},
    **{name[:3]: number for number, name in enumerate(_ENGLISH) if name},
    "sept": 9,
    **{name.translate(_LETTERS): number for names in (_LEVANT, _EGYPT) for number, name in enumerate(names, start=1)},
    "ابريل": 4,
}
FIRST, LAST = date(1000, 1, 1), date(2200, 12, 31)


class Span(NamedTuple):
    """First and last possible day, and to what it is known: day, month or year."""

    start: date
    end: date
    precision: str


def read(text: str, day_first: bool = True) -> Span | None:
    """Return what a date says; None where it cannot be read. `day_first` is the order of 03/04/2024.

    >>> read("01 January 2024").precision, read("شباط 2024").end.isoformat(), read("2016")[0].isoformat()
    ('day', '2024-02-29', '2016-01-01')
    """
    # Capital letters come of `plainly`, which also turns words of direction into letters: months have none.
    plain = _TIME.sub("", plainly(text)).strip().rstrip("Z")
    if found := _YEAR.match(plain):
        return _span(int(found[1]), None, None)
    if found := _ISO.match(plain) or _COMPACT.match(plain):
        year, month, day = found.groups()
        return _span(int(year), int(month), None if day is None else int(day))
    if found := _NUMBERS.match(plain):
        first, second = int(found[1]), int(found[2])
        day_, month_ = (first, second) if day_first else (second, first)
        return _span(int(found[3]), month_, day_)
    if found := _NAMED.match(plain):
        name = " ".join(found[2].lower().translate(_LETTERS).split())
        number = _MONTHS.get(name) or _MONTHS.get(name.rstrip("."))
        said = found[1] or found[3]
        return None if number is None else _span(int(found[4]), number, None if said is None else int(said))
    return None


def _span(year: int, month: int | None, day: int | None) -> Span | None:
    try:
        if month is None:
            made = Span(date(year, 1, 1), date(year, 12, 31), "year")
        elif day is None:
            made = Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), "month")
        else:
            made = Span(date(year, month, day), date(year, month, day), "day")
    except (ValueError, calendar.IllegalMonthError):
        return None
    return made if made.start >= FIRST and made.end <= LAST else None


def day_first(texts: Iterable[str]) -> bool | None:
    """Return whether dates such as 13/04/2024 name the day first; None where no date decides."""
    for text in texts:
        found = _NUMBERS.match(_TIME.sub("", plainly(text)).strip())
        if found and max(int(found[1]), int(found[2])) > 12:
            return int(found[1]) > 12
    return None


def coded(scheme: str, code: str, span: Span) -> Span:
    """Return a date as wide as its source's code for the precision of dates says it is.

    ACLED: 2 the week round the day, 3 its month. UCDP gives first and last day itself: the code is how they came about.
    """
    if scheme == "acled" and code == "2":
        return Span(span.start - timedelta(days=3), span.start + timedelta(days=3), "interval")
    if scheme == "acled" and code == "3":
        return _span(span.start.year, span.start.month, None) or span
    if scheme == "ucdp":
        word = {"1": "day", "2": "interval", "3": "interval", "4": "month", "5": "year"}.get(code)
        return span if word is None or (word == "day" and span.start != span.end) else span._replace(precision=word)
    return span
