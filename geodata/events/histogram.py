"""Histogram of events over time: bins of days, weeks, months or years; events with a longer span are spread over it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from geodata.catalog import Catalog
from geodata.events.dataset import Opened
from geodata.events.filters import EventFilters
from geodata.events.predicate import asking, where_of
from geodata.events.viewport import Box, in_view

BY = ("day", "week", "month", "year", "auto")
_AUTO = ((120, "day"), (900, "week"), (5000, "month"))
"""Width of the bins by the most days they cover; years beyond."""
DIGITS = 1


@dataclass
class Bin:
    """Events that certainly lie in it, the share of those that may, and deaths of both."""

    count: int = 0
    spread: float = 0.0
    deaths: float = 0.0


def histogram(
    filters: EventFilters, events: Opened, catalog: Catalog, by: str = "auto", box: Box | None = None
) -> dict[str, Any]:
    """Count events by bins, in view where a box (degrees) is given.

    An event whose days lie in one bin is counted there; another is spread evenly over its days. All bins' counts and
    shares together are the number of dated events.
    """
    where = where_of(filters, events, catalog)
    if box is not None:
        in_view(where, box, events, catalog)
    with asking(events, where) as cursor:
        rows = cursor.execute(
            "SELECT coalesce(date_start, date_end), coalesce(date_end, date_start), count(*), "  # nosec B608
            f'sum(coalesce("killed.best", 0)) FROM events WHERE {where.sql} GROUP BY 1, 2',
            where.values,
        ).fetchall()
    dated = [row for row in rows if row[0] is not None]
    undated = sum(row[2] for row in rows if row[0] is None)
    if not dated:
        return {"by": "day" if by == "auto" else by, "from": None, "to": None, "bins": [], "undated": undated}
    first, last = min(row[0] for row in dated), max(row[1] for row in dated)
    unit = by if by != "auto" else _auto((last - first).days + 1)
    bins: dict[date, Bin] = defaultdict(Bin)
    for start, end, count, deaths in dated:
        _put(bins, start, end, int(count), int(deaths), unit)
    return {
        "by": unit,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "bins": [
            {
                "start": day.isoformat(),
                "count": totals.count,
                "spread": round(totals.spread, DIGITS),
                "deaths": round(totals.deaths),
            }
            for day, totals in sorted(bins.items())
        ],
        "undated": undated,
    }


def _auto(days: int) -> str:
    return next((unit for most, unit in _AUTO if days <= most), "year")


def _put(bins: dict[date, Bin], start: date, end: date, count: int, deaths: int, unit: str) -> None:
    begin = start_of(start, unit)
    if end < next_of(begin, unit):
        bins[begin].count += count
        bins[begin].deaths += deaths
        return
    days = (end - start).days + 1
    day = start
    while day <= end:
        begin = start_of(day, unit)
        after = next_of(begin, unit)
        share = ((min(after, end + timedelta(1)) - day).days) / days
        bins[begin].spread += count * share
        bins[begin].deaths += deaths * share
        day = after


def start_of(day: date, unit: str) -> date:
    """Return the first day of a day's bin; weeks begin on Monday."""
    if unit == "week":
        return day - timedelta(day.weekday())
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1) if unit == "year" else day


def next_of(begin: date, unit: str) -> date:
    """Return the first day of the bin after one that begins on a day."""
    if unit == "month":
        return (begin + timedelta(31)).replace(day=1)
    return begin.replace(year=begin.year + 1) if unit == "year" else begin + timedelta(7 if unit == "week" else 1)
