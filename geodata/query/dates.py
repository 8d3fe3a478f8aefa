"""Days and instants: civil dates are whole days at the place, numbered from 0001-01-01; instants are points in time.

Instants are microseconds since 1970-01-01T00:00Z as doubles: whole seconds are exact in every year, microseconds from
1685 to 2255.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadValue

Days = NDArray[np.float64]
Instants = NDArray[np.float64]
WHOLE = 1 - 1e-7
"""From the beginning of a day to its end, in days."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_LENGTH = 86_400e6
"""Microseconds of a day of 24 hours."""

_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d(?::?\d\d)?)?\Z")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)\Z")


@dataclass(frozen=True)
class Moment:
    """One end of a time: a day (`last` is that of a month or a year given whole), or an instant."""

    first: float
    last: float
    instant: datetime | None = None


OPEN = (Moment(-np.inf, -np.inf), Moment(np.inf, np.inf))
"""The beginning and the end of a half-open interval."""


def day_span(text: object) -> tuple[float, float] | None:
    """Return the first and the last day of a date as data has it: a year, a month, a day or a time; None for others."""
    match = _DAY.match(str(text)[:10].rstrip("T")) if isinstance(text, str) else None
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if year is None or month is None:
            return (date(year or 0, 1, 1).toordinal(), date(year or 0, 12, 31).toordinal())
        if day is None:
            return (date(year, month, 1).toordinal(), date(year, month, monthrange(year, month)[1]).toordinal())
        return (date(year, month, day).toordinal(),) * 2
    except (ValueError, IndexError):
        return None


def instant(text: object) -> float | None:
    """Return an instant as data has it, in microseconds since 1970 UTC; None for others.

    UTC where no zone is written.

    >>> instant("1970-01-01T03:00:01+03:00")
    1000000.0
    """
    if not isinstance(text, str) or not _TIME.match(text):
        return None
    try:
        moment_ = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return microseconds(moment_ if moment_.tzinfo else moment_.replace(tzinfo=UTC))


def microseconds(instant_: datetime) -> float:
    """Return an instant with a zone in microseconds since 1970 UTC."""
    return float((instant_ - EPOCH) // timedelta(microseconds=1))


def moment(text: str, parameter: str) -> Moment:
    """Return a date (YYYY-MM-DD) or an instant (RFC 3339); raises BadValue, which names `parameter`."""
    try:
        if len(text) == 10 and _DAY.match(text):
            day = float(date.fromisoformat(text).toordinal())
            return Moment(day, day)
        if _INSTANT.match(text):
            instant = datetime.fromisoformat(text.upper()).astimezone(UTC)
            at = _ordinal(instant)
            return Moment(at, at, instant)
    except (ValueError, OverflowError):
        pass
    raise BadValue(parameter, text, "date_or_instant")


def interval(text: str, parameter: str) -> tuple[Moment, Moment]:
    """Return the ends of an instant or an interval: `T`, `T/T`, `T/..`, `../T`, `T/`, `/T`; raises BadValue."""
    parts = text.split("/")
    if len(parts) == 1:
        return (moment(text, parameter),) * 2
    if len(parts) != 2 or all(part in ("", "..") for part in parts):
        raise BadValue(parameter, text, "datetime")
    ends = [OPEN[at] if part in ("", "..") else moment(part, parameter) for at, part in enumerate(parts)]
    if ends[0].first > ends[1].last + (0 if ends[1].instant else WHOLE):
        raise BadValue(parameter, text, "datetime")
    return ends[0], ends[1]


def _ordinal(instant: datetime) -> float:
    seconds = instant.hour * 3600 + instant.minute * 60 + instant.second + instant.microsecond / 1e6
    return instant.toordinal() + seconds / 86_400


def at_places(instant: datetime, zones: tuple[str, ...], which: NDArray[np.intp]) -> Days:
    """Return an instant as the clocks of places show it: `which` (n) says for each place the index of its zone."""
    shown = np.empty(len(zones))
    for index, zone in enumerate(zones):
        try:
            shown[index] = _ordinal(instant.astimezone(ZoneInfo(zone)))
        except (ValueError, KeyError, OSError, OverflowError):
            # A zone nobody knows, or the edge of the calendar: the clock of UTC.
            shown[index] = _ordinal(instant)
    return np.asarray(shown[which])


def midnights(days: Days, zones: tuple[str, ...], which: NDArray[np.intp]) -> Instants:
    """Return when civil days (n) begin at places, in microseconds since 1970 UTC; NaN and infinite days stay so.

    `which` (n) says for each place the index of its zone. From one midnight to the next it is 23 to 25 hours where
    clocks are put forward or back.
    """
    starts = np.asarray((days - EPOCH.toordinal()) * DAY_LENGTH)
    for index, zone in enumerate(zones):
        rows = np.flatnonzero((which == index) & np.isfinite(days))
        if len(rows) and zone != "UTC":
            distinct, at = np.unique(days[rows], return_inverse=True)
            starts[rows] = np.array([_midnight(int(day), zone) for day in distinct.tolist()])[at]
    return starts


def _midnight(day: int, zone: str) -> float:
    try:
        return microseconds(datetime.fromordinal(day).replace(tzinfo=ZoneInfo(zone)))
    except (ValueError, KeyError, OSError, OverflowError):
        # A zone nobody knows, or the edge of the calendar: the midnight of UTC.
        return (day - EPOCH.toordinal()) * DAY_LENGTH
