"""The temporal relations of CQL2 (Allen's, and four more) between dates, instants and intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from geodata.errors import BadValue, shown
from geodata.query import dates
from geodata.query.dates import WHOLE, Days
from geodata.query.operands import COMPARE, Truth
from geodata.query.table import Table


@dataclass(frozen=True)
class _Span:
    """First and last day of each row, NaN where unknown; `fine` where instants stand among them."""

    start: Days | np.float64
    end: Days | np.float64
    fine: bool = False


RELATIONS: Mapping[str, Callable[[_Span, _Span], Any]] = {
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


def is_literal(tree: Any) -> bool:
    """Tell whether a tree is a date, an instant or an interval."""
    return isinstance(tree, dict) and bool({"date", "timestamp", "interval"} & tree.keys())


def relate(op: str, args: Sequence[Any], table: Table) -> Truth:
    """Return where two times stand in a relation; raises BadValue, which names `filter`."""
    if len(args) != 2:
        raise BadValue("filter", op, "two arguments")
    left, right = _alike([_span(item, table) for item in args])
    holds = np.broadcast_to(np.asarray(RELATIONS[op](left, right)), len(table)).astype(bool)
    return Truth.of(holds, _known(left, right, table))


def compare(op: str, args: Sequence[Any], table: Table) -> Truth:
    """Return where a comparison of dates or instants holds; raises BadValue for intervals."""
    if any(isinstance(item, dict) and "interval" in item for item in args):
        raise BadValue("filter", op, "dates or instants; intervals are compared by T_INTERSECTS and the like")
    left, right = _alike([_span(item, table) for item in args])
    if op in ("=", "<>"):
        same = (left.start == right.start) & (left.end == right.end)
        holds = same if op == "=" else ~same
    elif op in ("<", ">="):
        holds = COMPARE[op](left.start, right.start)
    else:
        holds = COMPARE[op](left.end, right.end)
    return Truth.of(np.broadcast_to(holds, len(table)).astype(bool), _known(left, right, table))


def _alike(spans: Sequence[_Span]) -> tuple[_Span, _Span]:
    left, right = spans
    if left.fine == right.fine:
        return left, right
    # Beside an instant a date is its whole day.
    made = [span if span.fine else _Span(span.start, span.end + WHOLE, True) for span in (left, right)]
    return made[0], made[1]


def _known(left: _Span, right: _Span, table: Table) -> Any:
    unknown = np.isnan(left.start) | np.isnan(left.end) | np.isnan(right.start) | np.isnan(right.end)
    return np.broadcast_to(~unknown, len(table))


def _span(tree: Any, table: Table) -> _Span:
    if isinstance(tree, dict) and isinstance(tree.get("property"), str):
        return _Span(*table.spans(tree["property"]))
    if isinstance(tree, dict) and isinstance(tree.get("interval"), list) and len(tree["interval"]) == 2:
        ends = [_end(item, at, table) for at, item in enumerate(tree["interval"])]
        first, last = _alike(ends)
        if not np.ndim(first.start) and not np.ndim(last.end) and first.start > last.end:
            raise BadValue("filter", shown(tree), "an interval whose beginning is not after its end")
        return _Span(first.start, last.end, first.fine)
    for key, length in (("date", 10), ("timestamp", None)):
        text = tree.get(key) if isinstance(tree, dict) else None
        if isinstance(text, str) and (len(text) == 10) == (length == 10):
            return _literal(text, table)
    raise BadValue("filter", shown(tree), "a property with dates, DATE('…'), TIMESTAMP('…') or INTERVAL('…', '…')")


def _end(item: Any, at: int, table: Table) -> _Span:
    if item == "..":
        open_ = np.float64((-np.inf, np.inf)[at])
        return _Span(open_, open_)
    return _literal(item, table) if isinstance(item, str) else _span(item, table)


def _literal(text: str, table: Table) -> _Span:
    found = dates.moment(text, "filter")
    if found.instant is None:
        return _Span(np.float64(found.first), np.float64(found.last))
    shown_ = table.at_places(found.instant)
    return _Span(shown_, shown_, True)
