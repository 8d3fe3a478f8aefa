"""Parts of a CQL2 tree as SQL over columns of a layer, where both mean the same; the other parts are left to numpy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from geodata.query.columns import Kind

Sql = tuple[str, list[Any]]
"""A condition of three values, and the values of its question marks."""
_ORDER = ("=", "<>", "<", "<=", ">", ">=")
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_LISTS = {
    "a_overlaps": "list_has_any({0}, {1})",
    "a_contains": "list_has_all({0}, {1})",
    "a_containedby": "list_has_all({1}, {0})",
    "a_equals": "(list_has_all({0}, {1}) AND list_has_all({1}, {0}))",
}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_TYPES: Mapping[Kind, str] = {"text": "VARCHAR", "integer": "DOUBLE", "date": "DATE", "boolean": "BOOLEAN"}


def condition(tree: Any, kinds: Mapping[str, Kind]) -> Sql | None:
    """Return the SQL of a predicate without logical operators; None for one that numpy has to evaluate.

    `kinds` are the kinds of the columns by the names that the tree may use. Columns of doubles are not compared here:
    SQL holds NaN for the greatest number.
    """
    if isinstance(tree, dict) and kinds.get(str(tree.get("property"))) == "boolean":
        return _name(tree), []
    if not isinstance(tree, dict) or not isinstance(tree.get("op"), str) or not isinstance(tree.get("args"), list):
        return None
    op, args = tree["op"].lower(), tree["args"]
    if op == "during" and {"date_start", "date_end"} <= kinds.keys():
        return _during(args)
    if len(args) == 2 and op in _ORDER and not _is_column(args[0], kinds):
        op, args = _TURNED.get(op, op), args[::-1]
    if not args or not _is_column(args[0], kinds):
        return None
    kind = kinds[args[0]["property"]]
    if op == "isnull" and len(args) == 1:
        return f"{_name(args[0])} IS NULL", []
    if op == "between" and len(args) == 3:
        ends = [_compared(sign, kind, args[0], end) for sign, end in zip((">=", "<="), args[1:], strict=True)]
        return _all_of(ends)
    if len(args) != 2:
        return None
    if op in _ORDER:
        return _compared(op, kind, args[0], args[1])
    if op == "in":
        return _in(kind, args[0], args[1])
    if op == "like" and kind == "text":
        return _like(args[0], args[1])
    if op in _LISTS and kind == "list" and _are(args[1], str):
        # Once for each place in the condition that names it.
        text = _LISTS[op].format(_name(args[0]), "?::VARCHAR[]")
        return text, [args[1]] * text.count("?")
    return None


def _during(args: Sequence[Any]) -> Sql | None:
    """Return the SQL of "was in these days"; an event with one date was on that day."""
    if len(args) != 2 or not _are(args, str) or (".." not in args and args[0] > args[1]):
        return None
    parts: list[Sql | None] = [("coalesce(date_start, date_end) IS NOT NULL OR NULL", [])]
    for sign, one, other, day in zip((">=", "<="), ("end", "start"), ("start", "end"), args, strict=True):
        if day != "..":
            value = _value("date", {"date": day})
            part = f"coalesce(date_{one}, date_{other}) {sign} ?::DATE"
            parts.append(None if value is None else (part, [value]))
    return _all_of(parts)


def _is_column(tree: Any, kinds: Mapping[str, Kind]) -> bool:
    return isinstance(tree, dict) and isinstance(tree.get("property"), str) and tree["property"] in kinds


def _name(tree: Mapping[str, Any]) -> str:
    return '"' + str(tree["property"]).replace('"', '""') + '"'


def _are(items: Any, kind: type) -> bool:
    return isinstance(items, list) and all(type(item) is kind for item in items)


def _compared(op: str, kind: Kind, column: Mapping[str, Any], literal: Any) -> Sql | None:
    value = _value(kind, literal)
    if value is None or (kind == "boolean" and op not in ("=", "<>")):
        return None
    return f"{_name(column)} {op} ?::{_TYPES[kind]}", [value]


def _value(kind: Kind, literal: Any) -> Any:
    """Return the value that a literal is beside a column; None where numpy compares them in a way of its own."""
    if kind == "text" and isinstance(literal, str):
        return literal
    if kind == "boolean" and isinstance(literal, bool):
        return literal
    if kind == "integer" and isinstance(literal, int | float) and not isinstance(literal, bool):
        return float(literal) if abs(literal) < 2**53 else None
    day = literal.get("date") if kind == "date" and isinstance(literal, dict) else None
    if isinstance(day, str) and _DAY.match(day):
        try:
            return date.fromisoformat(day)
        except ValueError:
            return None
    return None


def _all_of(parts: Sequence[Sql | None]) -> Sql | None:
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return "(" + " AND ".join(f"({text})" for text, _ in known) + ")", [
        value for _, values in known for value in values
    ]


def _in(kind: Kind, column: Mapping[str, Any], items: Any) -> Sql | None:
    if kind != "text" or not items or not _are(items, str):
        return None
    return f"list_contains(?::VARCHAR[], {_name(column)})", [items]


def _like(column: Mapping[str, Any], pattern: Any) -> Sql | None:
    # A backslash at the end, which stands for itself, is an error in SQL.
    if not isinstance(pattern, str) or len(re.search(r"\\*\Z", pattern)[0]) % 2:  # type: ignore[index]
        return None
    return rf"{_name(column)} LIKE ? ESCAPE '\'", [pattern]
