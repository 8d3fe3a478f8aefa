"""Ranges of dates in one cell: 12–14 May 2024, 30 May – 2 June 2024, May–June 2024, 2024-05-12/2024-05-14."""

from __future__ import annotations

import re

from geodata.importing.date_parts import OTHER_CALENDARS, Part, Span, parts, span_of

_BETWEEN = re.compile(r"\s*(?:R|(?P<dash>-)|(?P<slash>/))\s*")
_BETWEEN_TWO = re.compile(r"\s*A\s*")


def ranges(signs: str) -> tuple[dict[str, Span], bool]:
    """Return the days of a range by the order of day and month, and whether an end is of another calendar.

    No days where the text is no range, runs backwards, or may be parted in two ways.
    """
    bare = re.sub(r"\A[BF]\s*", "", signs)
    pattern = _BETWEEN_TWO if signs.startswith("B") and "A" in signs else _BETWEEN
    readings: list[dict[str, Span]] = []
    other_calendar = False
    for match in pattern.finditer(bare):
        left, right = bare[: match.start()], bare[match.end() :]
        if match.groupdict().get("slash") and not _alike(left, right):
            continue
        if match[0] == "-" and re.fullmatch(r"\d\d?", right) and "M" not in left:
            # 2024-05-12-14 may go on with an hour.
            continue
        pairs = [_completed(first, last) for first in parts(left) for last in parts(right)]
        ends = [pair for pair in pairs if pair]
        other_calendar |= any(end.year in OTHER_CALENDARS for pair in ends for end in pair)
        if spans := {pair[0].order: span for pair in ends if (span := _joined(*pair))}:
            readings.append(spans)
    return (readings[0] if len(readings) == 1 else {}), other_calendar


def _alike(left: str, right: str) -> bool:
    """Tell whether a slash stands between two dates, two months or two days of a named month, and not within a date."""
    return "M" in right or ("/" not in left + right and (bool(re.match(r"\d{4}", left))))


def _completed(first: Part, last: Part) -> tuple[Part, Part] | None:
    """Return both ends of a range, each with what only the other names; None where they are not the ends of one."""
    order = first.order or last.order
    if first.order and last.order and first.order != last.order:
        return None
    if first.month is None and first.day is None:
        # Years from one to another.
        alone = last.month is None and last.day is None
        return (first, last) if alone else None
    if last.month is None and last.day is None:
        return None
    if first.month is None:
        # A day before numbers is the day of a date that begins with the day.
        if last.day is None or last.month is None or last.order not in ("", "dmy"):
            return None
        first = first._replace(month=last.month)
        order = last.order
    elif last.month is None:
        if first.day is None or first.order:
            return None
        last = last._replace(month=first.month)
    if first.year is None:
        first = first._replace(year=last.year)
    if last.year is None:
        last = last._replace(year=first.year)
    if first.year is None or last.year is None:
        return None
    return first._replace(order=order), last._replace(order=order)


def _joined(first: Part, last: Part) -> Span | None:
    opening, closing = span_of(first), span_of(last)
    if opening is None or closing is None or opening.start > closing.start or opening.end > closing.end:
        return None
    if (first.day is None) != (last.day is None):
        return None
    if opening == closing:
        return opening
    return Span(opening.start, closing.end, "interval")
