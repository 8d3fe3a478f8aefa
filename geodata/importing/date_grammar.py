"""The days that a text may mean, in every order of day and month, whatever the language it is written in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from geodata.importing import clock_times
from geodata.importing.clock_times import Clock
from geodata.importing.date_parts import FIRST, LAST, OTHER_CALENDARS, Part, Span, century, numbered, parts, span_of
from geodata.importing.date_ranges import ranges
from geodata.importing.phrases import LETTER, Lexicon, merged, simplified, words

MAX_LENGTH = 100
REMEMBERED = 65_536
_ISO_8601 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?\Z", re.ASCII
)
_NUMBERS = re.compile(
    r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:,? (\d{1,2}):([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?)?\Z", re.ASCII
)
# What most files have is read without looking for words: ten times as quick.
_ORDINAL = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|eme|e|ro|\u00ba|\u00b0|\u00aa|-?\u043e?\u0433\u043e)(?!{LETTER})"
)
_SHORT_YEAR = re.compile(r"(?<=\S) ?'(\d\d)(?!\d)")
_UNKNOWN = re.compile(r"[^\dA-Z\s\-./,]")
_DOTTED = re.compile(r"\d\.\d{1,2}\.|\.\d{1,2}\.\d")
_WEEK = (
    re.compile(r"(?P<year>\d{4})[\s\-/,]*W[\s\-]*(?P<week>\d{1,2})(?:-(?P<day>[1-7]))?\Z"),
    re.compile(r"W\s*(?P<week>\d{1,2})[\s\-/,]+(?P<year>\d{4})\Z"),
)
_QUARTER = (
    re.compile(r"(?P<year>\d{4})[\s\-/,]*Q\s*(?P<quarter>[1-4])\Z"),
    re.compile(r"Q\s*(?P<quarter>[1-4])[\s\-/,]+(?P<year>\d{4})\Z"),
    re.compile(r"(?P<quarter>[1-4])\.?\s*Q\s*(?P<year>\d{4})\Z"),
)


class Readings(NamedTuple):
    """What a date may mean."""

    spans: Mapping[str, Span] = MappingProxyType({})
    """Its days by the order of day and month, under "" where these are not in question; none where it is unreadable."""
    clock: Clock | None = None
    other_calendar: bool = False
    """Whether its year or its month is of a calendar that is recognised and not converted."""
    dotted: bool = False
    """Whether it is in numbers with dots between them: 03.04.2024."""
    short: bool = False
    """Whether it is in numbers with a year of two digits: 03/04/24."""
    iso: bool = False
    """Whether it is a day as ISO 8601 and readers of typed cells write it."""


@lru_cache(maxsize=REMEMBERED)
def readings(text: str) -> Readings:
    """Return what a date may mean; no spans where it cannot be read.

    >>> readings("03/04/2024").spans["mdy"].start.isoformat(), readings("late May 2024").spans[""].start.isoformat()
    ('2024-03-04', '2024-05-21')
    """
    if match := _ISO_8601.match(text):
        year, month, day, hour, minute, zone = match.groups()
        clock = clock_times.checked(int(hour), int(minute), zone) if hour else None
        if hour and clock is None:
            return Readings()
        return _gathered([Part(int(year), int(month), int(day))], clock)._replace(iso=True)
    if match := _NUMBERS.match(text):
        first, sign, second, year, hour, minute = match.groups()
        clock = clock_times.checked(int(hour), int(minute), None) if hour else None
        dates = numbered(int(first), int(second), int(year))
        return Readings() if hour and clock is None else _gathered(dates, clock, dotted=sign == ".")
    if len(text) > MAX_LENGTH:
        return Readings()
    timed = clock_times.apart(simplified(text).removeprefix("'").strip(" ,;"))
    return Readings() if timed is None else _dated(_signs(timed[0]), timed[1])


@cache
def _lexicon() -> Lexicon:
    table = words("date-words")
    languages = list(table["languages"].values())
    kinds = {"weekdays": "D", "early": "E", "mid": "I", "late": "L", "between": "B", "to": "R", "from": "F"}
    kinds |= {"and": "A", "of": "O", "week": "W", "quarter": "Q"}
    months = ((f"M{at:02}", names) for each in languages for at, names in enumerate(each["months"], start=1))
    others = (("X", names) for names in table["other_calendars"].values())
    rest = ((sign, each.get(kind, ())) for kind, sign in kinds.items() for each in languages)
    return Lexicon(merged([*months, *others, *rest]))


def _signs(text: str) -> str:
    """Return a date as digits and signs: words replaced, those that mean nothing here dropped.

    >>> _signs("monday, 1st of may 2024")
    '1 M05 2024'
    """
    expanded = _SHORT_YEAR.sub(lambda match: f" {century(int(match[1]))}", _ORDINAL.sub(r"\1", text))
    signs = re.sub(r"D[\s,]*", "", _lexicon().replaced(expanded)).strip()
    # A word for "from" is, in many languages, also one for "of": within a date it is that.
    signs = re.sub(r"O|(?<=.)F", " ", signs)
    # Months named twice, as in شباط/فبراير 2024 or May (May).
    signs = re.sub(r"(M\d\d)(?:\s*[/(-]\s*\1\)?)+", r"\1", signs)
    signs = re.sub(r"(?<=\d)\s*([/.])\s*(?=\d)", r"\1", signs)
    return " ".join(signs.split()).strip(" ,")


def _dated(signs: str, clock: Clock | None) -> Readings:
    """Return what a date means that is written in digits and signs."""
    if "X" in signs:
        return Readings(other_calendar=any(sign.isdigit() for sign in signs))
    if _UNKNOWN.search(signs):
        return Readings()
    if span := _week(signs) or _quarter(signs):
        return Readings({"": span}, clock) if clock is None or span.precision == "day" else Readings()
    named = parts(signs)
    dates = [part for part in named if part.year is not None and (part.day is None or part.month is not None)]
    dotted = bool(_DOTTED.search(signs)) and "/" not in signs
    if dates:
        return _gathered(dates, clock, dotted=dotted)
    if clock is not None:
        return Readings()
    spans, other_calendar = ranges(signs)
    return Readings(spans, None, other_calendar, dotted)


def _gathered(dates: list[Part], clock: Clock | None, *, dotted: bool = False) -> Readings:
    if any(part.year in OTHER_CALENDARS for part in dates):
        return Readings(other_calendar=True)
    spans = {part.order: span for part in dates if (span := span_of(part))}
    if clock is not None:
        spans = {order: span for order, span in spans.items() if span.precision == "day"}
    return Readings(spans, clock, dotted=dotted, short=any(part.order == "ymd" for part in dates))


def _week(signs: str) -> Span | None:
    """Return the days of a week of ISO 8601, from Monday to Sunday, or the one day of it that is named."""
    match = next((match for pattern in _WEEK if (match := pattern.match(signs))), None)
    if match is None or int(match["year"]) in OTHER_CALENDARS:
        return None
    day = match.groupdict().get("day")
    try:
        first = date.fromisocalendar(int(match["year"]), int(match["week"]), int(day or 1))
    except ValueError:
        return None
    span = Span(first, first, "day") if day else Span(first, first + timedelta(days=6), "interval")
    return span if span.start >= FIRST and span.end <= LAST else None


def _quarter(signs: str) -> Span | None:
    match = next((match for pattern in _QUARTER if (match := pattern.match(signs))), None)
    if match is None:
        return None
    year, last = int(match["year"]), 3 * int(match["quarter"])
    first, end = span_of(Part(year, last - 2)), span_of(Part(year, last))
    return Span(first.start, end.end, "interval") if first and end else None
