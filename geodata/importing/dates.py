"""Dates as sources write them: ISO, day or month first, names of months in English and Arabic, a month, a year."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from geodata.formats.coordinates import plainly

_TIME = re.compile(r"(?<=\d)[T ]+\d{1,2}:\d\d.*\Z")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)\Z")
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
OTHER_CALENDARS = range(1300, 1500)
"""Years that are 1921 to 2121 of the Solar Hijri and 1882 to 2076 of the lunar Hijri calendar: never guessed at."""
ORDERS = ("dmy", "mdy", "ymd")
"""The orders that a person may say dates are written in; in the last, plain numbers begin with the year or are none."""
Orders = frozenset[str]


class OrdersFound(Exception):
    """A later part of a file decides between day and month; `orders` holds all that its dates have decided so far."""

    def __init__(self, orders: Orders) -> None:
        super().__init__(orders)
        self.orders = orders


class Span(NamedTuple):
    """First and last possible day, and to what it is known: day, month or year."""

    start: date
    end: date
    precision: str


def read(text: str, orders: Orders = frozenset(), zone: str = "") -> Span | None:
    """Parse a date; None where it cannot be parsed.

    03/04/2024 is read in the one order of `orders`; where they are none or several, as all days from the earlier of its
    two readings to the later. A date that is possible in one order only is read in that. An instant with a zone of its
    own lies on the civil day of `zone` (IANA; UTC where there is none), a time without one on the day that is written.

    >>> read("01 January 2024").precision, read("شباط 2024").end.isoformat(), read("2016")[0].isoformat()
    ('day', '2024-02-29', '2016-01-01')
    >>> [day.isoformat() for day in read("03/04/2024")[:2]], read("03/04/2024", frozenset({"mdy"})).start.isoformat()
    (['2024-03-04', '2024-04-03'], '2024-03-04')
    >>> read("2024-01-31T22:30:00Z", zone="Asia/Baghdad").start.isoformat()
    '2024-02-01'
    """
    spans = _readings(_civil(text, zone), orders)
    if len(spans) == 2:
        return Span(min(spans).start, max(spans).end, "interval")
    return spans[0] if spans else None


def is_ambiguous(text: str, orders: Orders) -> bool:
    """Tell whether a date has two readings between which nothing decides."""
    return len(_readings(text, orders)) == 2


def in_other_calendar(text: str) -> bool:
    """Tell whether the year of a date is one of the Hijri calendars' recent ones, so that no Gregorian day is meant."""
    return any(year in OTHER_CALENDARS for year, _, _ in _fields(text))


def deciding(texts: Iterable[str]) -> Orders:
    """Return the orders of day and month in which some of the dates can only have been written."""
    orders = set[str]()
    for text in texts:
        match = _NUMBERS.match(_day_of(text))
        if match and len(_readings(text, frozenset())) == 1 and int(match[1]) != int(match[2]):
            orders.add("dmy" if int(match[1]) > 12 else "mdy")
    return frozenset(orders)


def _civil(text: str, zone: str) -> str:
    """Return the civil day in a zone of an instant; any other text as it is."""
    if not _INSTANT.match(text.strip()):
        return text
    try:
        return datetime.fromisoformat(text.strip()).astimezone(ZoneInfo(zone or "UTC")).date().isoformat()
    except (ValueError, OverflowError):
        return text


def _day_of(text: str) -> str:
    """Return a date in plain digits and letters, without its time of day."""
    # Capital letters come of `plainly`, which also turns words of direction into letters: months have none.
    return _TIME.sub("", plainly(text)).strip().rstrip("Z")


def _readings(text: str, orders: Orders) -> list[Span]:
    """Return the spans that a date may mean: two where nothing decides between day and month."""
    fields = _fields(text)
    if len(fields) < 2:
        return [span for each in fields if (span := _span(*each))]
    if orders == {"ymd"}:
        return []
    by_order = {order: span for order, each in zip(("dmy", "mdy"), fields, strict=True) if (span := _span(*each))}
    decided = by_order.keys() & orders
    if len(by_order) == 2 and len(decided) == 1:
        return [by_order[decided.pop()]]
    return list(dict.fromkeys(by_order.values()))


def _fields(text: str) -> list[tuple[int, int | None, int | None]]:
    """Return year, month and day as they are written: two readings, day first and month first, of plain numbers."""
    day_text = _day_of(text)
    if match := _YEAR.match(day_text):
        return [(int(match[1]), None, None)]
    if match := _ISO.match(day_text) or _COMPACT.match(day_text):
        year, month, day = match.groups()
        return [(int(year), int(month), None if day is None else int(day))]
    if match := _NUMBERS.match(day_text):
        first, second, year = map(int, match.groups())
        return [(year, second, first), (year, first, second)]
    if match := _NAMED.match(day_text):
        name = " ".join(match[2].lower().translate(_LETTERS).split())
        number = _MONTHS.get(name) or _MONTHS.get(name.rstrip("."))
        day = match[1] or match[3]
        return [] if number is None else [(int(match[4]), number, None if day is None else int(day))]
    return []


def _span(year: int, month: int | None, day: int | None) -> Span | None:
    if year in OTHER_CALENDARS:
        return None
    try:
        if month is None:
            span = Span(date(year, 1, 1), date(year, 12, 31), "year")
        elif day is None:
            span = Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), "month")
        else:
            span = Span(date(year, month, day), date(year, month, day), "day")
    except (ValueError, calendar.IllegalMonthError):
        return None
    return span if span.start >= FIRST and span.end <= LAST else None


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
