"""The temporal relations of CQL2 (Allen's, and four more) between dates, instants and intervals.

Two times in whole days are compared as days. Beside an instant a day is the time from its midnight at the place to the
last microsecond before the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadValue, shown
from geodata.query import dates
from geodata.query.dates import Days, Instants
from geodata.query.operands import Truth
from geodata.query.table import Table

_UNKNOWN = np.float64(np.nan)


@dataclass(frozen=True)
class _End:
    """One end of a time (n, or one for all): a civil day or an instant, the other NaN; both where it is open."""

    day: Days | np.float64
    instant: Instants | np.float64


@dataclass(frozen=True)
class _Span:
    """The first and the last end of a time."""

    start: _End
    end: _End


@dataclass(frozen=True)
class _Ends:
    """Both ends of a time as numbers of one unit (n each), NaN where unknown."""

    start: NDArray[np.float64]
    end: NDArray[np.float64]


RELATIONS: Mapping[str, Callable[[_Ends, _Ends], Any]] = {
    "t_after": lambda a, b: a.start > b.end,
    "t_before": lambda a, b: a.end < b.start,
    "t_contains": lambda a, b: (a.start < b.start) & (a.end > b.end),
    "t_disjoint": lambda a, b: (a.end < b.start) | (a.start > b.end),
    "t_during": lambda a, b: (a.start > b.start) & (a.end < b.end),
    "t_equals": lambda a, b: (a.start == b.start) & (a.end == b.end),
    "t_finishedby": lambda a, b: (a.start < b.start) & (a.end == b.end),
    "t_finishes": lambda a, b: (a.start > b.start) & (a.end == b.end),
    "t_intersects": lambda a, b: (a.start <= b.end) & (a.end >= b.start),
    "t_meets": lambda a, b: a.end == b.start,
    "t_metby": lambda a, b: a.start == b.end,
    "t_overlappedby": lambda a, b: (a.start > b.start) & (a.start < b.end) & (a.end > b.end),
    "t_overlaps": lambda a, b: (a.start < b.start) & (a.end > b.start) & (a.end < b.end),
    "t_startedby": lambda a, b: (a.start == b.start) & (a.end > b.end),
    "t_starts": lambda a, b: (a.start == b.start) & (a.end < b.end),
}
_ALIKE: Mapping[str, Callable[[_Ends, _Ends], Any]] = {
    "=": RELATIONS["t_equals"],
    "<>": lambda a, b: ~RELATIONS["t_equals"](a, b),
    "<": lambda a, b: a.start < b.start,
    "<=": lambda a, b: a.end <= b.end,
    ">": lambda a, b: a.end > b.end,
    ">=": lambda a, b: a.start >= b.start,
}
"""Comparisons of two days or of two instants."""
_MIXED: Mapping[str, Callable[[_Ends, _Ends], Any]] = {
    "=": RELATIONS["t_intersects"],
    "<>": lambda a, b: ~RELATIONS["t_intersects"](a, b),
    "<": RELATIONS["t_before"],
    "<=": lambda a, b: a.start <= b.end,
    ">": RELATIONS["t_after"],
    ">=": lambda a, b: a.end >= b.start,
}
"""Comparisons of a day and an instant: one in the day equals it, so that of <, = and > one holds."""


def is_literal(tree: Any) -> bool:
    """Tell whether a tree is a date, an instant or an interval."""
    return isinstance(tree, dict) and bool({"date", "timestamp", "interval"} & tree.keys())


def compares(args: Sequence[Any], table: Table) -> bool:
    """Tell whether a comparison is one of times: one side a literal of time, or an instant beside a time or a text."""
    kinds = [_kind(item, table) for item in args]
    if any(is_literal(item) for item in args):
        return True
    return "instant" in kinds and set(kinds) <= {"instant", "date", "text literal"}


def _kind(tree: Any, table: Table) -> str:
    if isinstance(tree, dict) and isinstance(tree.get("property"), str) and tree["property"] != table.geometry_name:
        return "" if tree["property"] == "geometry" else table.kinds[table.named(tree["property"])]
    if isinstance(tree, str):
        return "text literal" if dates.instant(tree) is None else "instant"
    return ""


def relate(op: str, args: Sequence[Any], table: Table) -> Truth:
    """Return where two times stand in a relation; raises BadValue, which names `filter`."""
    if len(args) != 2:
        raise BadValue("filter", op, "two_arguments")
    left, right, _ = _alike([_span(item, table) for item in args], table)
    return Truth.of(np.asarray(RELATIONS[op](left, right), dtype=bool), _both_valid(left, right))


def compare(op: str, args: Sequence[Any], table: Table) -> Truth:
    """Return where a comparison of dates or instants holds; raises BadValue for intervals."""
    if any(isinstance(item, dict) and "interval" in item for item in args):
        raise BadValue("filter", op, "dates_or_instants")
    left, right, in_days = _alike([_span(_written(item), table) for item in args], table)
    mixed = ~in_days & ((left.start < left.end) | (right.start < right.end))
    holds = np.where(mixed, _MIXED[op](left, right), _ALIKE[op](left, right))
    return Truth.of(holds.astype(bool), _both_valid(left, right))


def _written(tree: Any) -> Any:
    """Return a text beside a time as the literal it stands for."""
    if not isinstance(tree, str):
        return tree
    return {"date" if len(tree) == len("2020-01-03") else "timestamp": tree}


def _alike(spans: Sequence[_Span], table: Table) -> tuple[_Ends, _Ends, NDArray[np.bool_]]:
    """Return the ends of two times, row by row in days or in microseconds; and which rows are in days."""
    ends = [end for span in spans for end in (span.start, span.end)]
    days = [np.broadcast_to(end.day, len(table)) for end in ends]
    in_days: NDArray[np.bool_] = ~np.any(np.isnan(days), axis=0)
    if not in_days.all():
        # The last day ends where the next one begins; 1 is a microsecond.
        begun = [table.midnights(end.day + last) - last for end, last in zip(ends, (0, 1, 0, 1), strict=True)]
        exact = [np.where(np.isnan(end.instant), day, end.instant) for end, day in zip(ends, begun, strict=True)]
        days = [np.where(in_days, day, instant) for day, instant in zip(days, exact, strict=True)]
    return _Ends(days[0], days[1]), _Ends(days[2], days[3]), in_days


def _both_valid(left: _Ends, right: _Ends) -> NDArray[np.bool_]:
    valid: NDArray[np.bool_] = ~np.any(np.isnan([left.start, left.end, right.start, right.end]), axis=0)
    return valid


def _span(tree: Any, table: Table) -> _Span:
    if isinstance(tree, dict) and isinstance(tree.get("property"), str):
        first, last, instant = table.times(tree["property"])
        return _Span(_End(first, instant), _End(last, instant))
    if isinstance(tree, dict) and isinstance(tree.get("interval"), list) and len(tree["interval"]) == 2:
        start, end = (_bound(item, at, table) for at, item in enumerate(tree["interval"]))
        span = _Span(start.start, end.end)
        _check_order(span, tree, table)
        return span
    for key, length in (("date", 10), ("timestamp", None)):
        text = tree.get(key) if isinstance(tree, dict) else None
        if isinstance(text, str) and (len(text) == 10) == (length == 10):
            return _literal(text)
    raise BadValue("filter", shown(tree), "temporal_operand")


def _check_order(span: _Span, tree: Any, table: Table) -> None:
    """Refuse an interval of two literals whose beginning is after its end."""
    if np.ndim(span.start.day) or np.ndim(span.end.day) or not len(table):
        return
    both, _, _ = _alike([span, span], table)
    if (both.start > both.end).any():
        raise BadValue("filter", shown(tree), "ordered_interval")


def _bound(item: Any, at: int, table: Table) -> _Span:
    if item == "..":
        end = _End(*2 * (np.float64((-np.inf, np.inf)[at]),))
        return _Span(end, end)
    return _literal(item) if isinstance(item, str) else _span(item, table)


def _literal(text: str) -> _Span:
    moment = dates.moment(text, "filter")
    if moment.instant is None:
        return _Span(_End(np.float64(moment.first), _UNKNOWN), _End(np.float64(moment.last), _UNKNOWN))
    end = _End(_UNKNOWN, np.float64(dates.microseconds(moment.instant)))
    return _Span(end, end)
