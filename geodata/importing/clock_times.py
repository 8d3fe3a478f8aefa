"""The time of day in a date: taken off it, and moved to the civil day of another time zone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from geodata.importing.phrases import simplified, words

_ABBREVIATIONS = {"utc": 0, "gmt": 0, "z": 0, "cet": 60, "eet": 120, "cest": 120, "eest": 180, "msk": 180, "trt": 180}
"""Minutes east of Greenwich of names that are those of one zone only."""
_COMPACT = re.compile(r"(\d{8})t?(\d\d)(\d\d)(?:(\d\d)(?:\.\d+)?)?(z|[+-]\d\d:?\d\d)?\Z")
_MILITARY = re.compile(r"(\d\d) ?(\d\d)(\d\d) ?(?:hrs )?([a-z]) ?([a-z]{3}) ?(\d{4}|\d\d)\Z")
_EAST = "abcdefghiklm"
_WEST = "nopqrstuvwxy"


class Clock(NamedTuple):
    """A time of day; the offset, minutes east of Greenwich, is None where the time names no zone."""

    hour: int
    minute: int
    offset: int | None

    def civil(self, day: date, zone: str) -> date:
        """Return the civil day of an IANA zone; the day as written where no zone is asked for or the time has none."""
        if self.offset is None or not zone:
            return day
        local = timezone(timedelta(minutes=self.offset))
        # An hour of 24 ends the day.
        since_midnight = timedelta(hours=self.hour, minutes=self.minute)
        moment = datetime(day.year, day.month, day.day, tzinfo=local) + since_midnight
        return moment.astimezone(ZoneInfo(zone)).date()


def _listed(kind: str) -> str:
    languages: Iterable[dict[str, list[str]]] = words("date-words")["languages"].values()
    every = {simplified(word) for language in languages for word in language.get(kind, ())}
    return "|".join(re.escape(word) for word in sorted(every, key=len, reverse=True))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the pattern of a date with a time behind it, and of one with a time before it."""
    halves = [rf"(?:(?P<am{n}>{_listed('am')})|(?P<pm{n}>{_listed('pm')}))\.?" for n in (1, 2)]
    clock = f"(?:{_listed('clock')})"
    offset = r"[+-](?:0\d|1[0-4]):?[0-5]\d|[+-](?:1[0-4]|0?\d)(?![\d:])"
    time = (
        rf"(?:(?P<hour1>\d{{1,2}})[:h](?P<minute>[0-5]\d)(?::[0-5]\d(?:[.,]\d+)?)?(?: ?{halves[0]})?"
        rf"|(?P<hour2>\d{{1,2}}) ?{halves[1]}|(?P<hour3>\d{{1,2}}) ?(?={clock}))(?: ?{clock})?"
        rf"(?: ?(?P<zone>{'|'.join(_ABBREVIATIONS)})(?![a-z]))?(?: ?(?P<offset>{offset}))?"
        rf"(?: ?- ?\d{{1,2}}:[0-5]\d)?(?: ?\([^()]*\))?"
    )
    behind = rf"(?P<date>.*?\S)(?:(?<=\d)t(?=\d)|[ ,\-]+)(?:(?:{_listed('at')}) )?{time}(?: (?P<year>\d{{4}}))?"
    return re.compile(rf"{behind}\Z"), re.compile(rf"{time}[ ,\-]+(?P<date>\S.*)\Z")


def apart(text: str) -> tuple[str, Clock | None] | None:
    """Return a text, as `simplified` gives it, without its time of day, and the time; None where the time is none.

    >>> apart("01/05/2024 2:30 pm"), apart("011430zmay24"), apart("2024-05-01t14:30:00.123+0300")[1].offset
    (('01/05/2024', Clock(hour=14, minute=30, offset=None)), ('01 may 24', Clock(hour=14, minute=30, offset=0)), 180)
    """
    if match := _MILITARY.match(text):
        day, hour, minute, letter, month, year = match.groups()
        return _checked(f"{day} {month} {year}", int(hour), int(minute), _lettered(letter))
    if match := _COMPACT.match(text):
        day, hour, minute, _, zone = match.groups()
        return _checked(day, int(hour), int(minute), None if zone is None else _minutes(zone))
    behind, before = _patterns()
    if match := behind.match(text) or before.match(text):
        groups = match.groupdict()
        hour = int(groups["hour1"] or groups["hour2"] or groups["hour3"])
        if any(groups[half] for half in ("am1", "am2", "pm1", "pm2")):
            afternoon = bool(groups["pm1"] or groups["pm2"])
            # 12 am is midnight; clocks of 24 hours are at times followed by pm all the same.
            hour = hour % 12 + 12 * afternoon if hour <= 12 else hour
        offset = None if groups["zone"] is None else _ABBREVIATIONS[groups["zone"]]
        if groups["offset"]:
            offset = _minutes(groups["offset"])
        year = f" {groups['year']}" if groups.get("year") else ""
        return _checked(groups["date"].rstrip(" ,") + year, hour, int(groups["minute"] or 0), offset)
    return text, None


def checked(hour: int, minute: int, zone: str | None) -> Clock | None:
    """Return a time of day with an offset as ISO 8601 writes it, or none; None where there is no such time."""
    timed = _checked("", hour, minute, None if zone is None else _minutes(zone.lower()))
    return timed[1] if timed else None


def _checked(day: str, hour: int, minute: int, offset: int | None) -> tuple[str, Clock] | None:
    valid = minute < 60 and (hour < 24 or (hour == 24 and not minute)) and (offset is None or abs(offset) <= 14 * 60)
    return (day, Clock(hour, minute, offset)) if valid else None


def _minutes(offset: str) -> int:
    """Return the minutes east of Greenwich of an offset such as +03:00, -0330, +3 or z."""
    if offset == "z":
        return 0
    digits = offset[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    return (int(hours) * 60 + int(minutes)) * (-1 if offset[0] == "-" else 1)


def _lettered(letter: str) -> int | None:
    """Return the minutes east of Greenwich of a letter of military time zones (ACP 121); J is the local time."""
    if letter in _EAST:
        return 60 * (_EAST.index(letter) + 1)
    return -60 * (_WEST.index(letter) + 1) if letter in _WEST else 0 if letter == "z" else None
