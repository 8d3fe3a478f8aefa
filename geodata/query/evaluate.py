"""A CQL2 tree over a table: true, false or unknown for every row at once, as in SQL; a closed list of operators."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from geodata.errors import BadValue, Refused, shown
from geodata.query import operands, spatial, temporal
from geodata.query.crs import Crs
from geodata.query.operands import Operand, Truth
from geodata.query.table import Rows, Table

MAX_WORK = 10_000_000
"""Parts of a filter times features: about a quarter of a second."""
_SLOW = {"like": 20, "casei": 20, "accenti": 20, "a_contains": 5, "a_containedby": 5, "a_equals": 5, "a_overlaps": 5}
"""Operators that process texts and lists one by one, and the number of parts each counts as."""

LOGIC = ("and", "or", "not")


Functions = Mapping[str, Callable[[Sequence[Any]], Truth]]
"""Predicates beside those of the standard, by name: from the arguments in the tree to the truth of every row."""


def rows(tree: Any, table: Table, crs: Crs, functions: Functions = MappingProxyType({})) -> Rows:
    """Return the rows for which a tree is true; raises BadValue, which names `filter`, and Refused."""
    return np.nonzero(truth(tree, table, crs, functions).true)[0]


def truth(tree: Any, table: Table, crs: Crs, functions: Functions = MappingProxyType({})) -> Truth:
    """Return where a tree is true and where it is false; raises BadValue, which names `filter`, and Refused."""
    work = _parts(tree) * len(table)
    if work > MAX_WORK:
        raise Refused("filter_parts", parts=work // max(len(table), 1), features=len(table))
    with np.errstate(all="ignore"):
        return _truth(tree, table, crs, functions)


def _parts(tree: Any) -> int:
    if isinstance(tree, dict):
        op = tree.get("op")
        slow = _SLOW.get(op.lower(), 0) if isinstance(op, str) else 0
        return 1 + slow + sum(_parts(item) for item in tree.values() if "coordinates" not in tree)
    return sum(_parts(item) for item in tree) if isinstance(tree, list) else 1


def _truth(tree: Any, table: Table, crs: Crs, functions: Functions) -> Truth:
    if isinstance(tree, bool):
        return Truth.always(tree, len(table))
    if isinstance(tree, dict) and "property" in tree:
        operand = operands.read(tree, table)
        if operand.kind != "boolean":
            raise BadValue("filter", tree["property"], "comparison_or_boolean")
        return Truth(operand.values & operand.valid, ~operand.values & operand.valid)
    if not isinstance(tree, dict) or not isinstance(tree.get("op"), str) or not isinstance(tree.get("args"), list):
        raise BadValue("filter", shown(tree), "operator")
    op, args = tree["op"].lower(), tree["args"]
    if op in LOGIC:
        return _logic(op, [_truth(item, table, crs, functions) for item in args])
    if op in spatial.RELATIONS:
        return spatial.relate(op, args, table, crs)
    if op in temporal.RELATIONS:
        return temporal.relate(op, args, table)
    if op in _COMPARE:
        counts, compare = _COMPARE[op]
        if len(args) != counts:
            raise BadValue("filter", op, "arguments", count=counts)
        return compare(op, args, table)
    if op in functions:
        return functions[op](args)
    operators = sorted({*functions, *LOGIC, *_COMPARE, *spatial.RELATIONS, *temporal.RELATIONS})
    raise BadValue("filter", tree["op"], "boolean_operator", operators=list(operators))


def _logic(op: str, parts: Sequence[Truth]) -> Truth:
    if not parts or (op == "not" and len(parts) != 1):
        raise BadValue("filter", op, "one_argument" if op == "not" else "arguments_at_least_one")
    truth = parts[0]
    if op == "not":
        return Truth(truth.false, truth.true)
    for part in parts[1:]:
        if op == "and":
            truth = Truth(truth.true & part.true, truth.false | part.false)
        else:
            truth = Truth(truth.true | part.true, truth.false & part.false)
    return truth


def _compared(op: str, args: Sequence[Any], table: Table) -> Truth:
    if temporal.compares(args, table):
        return temporal.compare(op, args, table)
    left, right = operands.alike([operands.read(item, table) for item in args])
    return _with(op, left, right)


def _with(op: str, left: Operand, right: Operand) -> Truth:
    if left.kind == "boolean" and op not in ("=", "<>"):
        raise BadValue("filter", op, "boolean_comparison")
    if left.kind == "list":
        raise BadValue("filter", op, "array_comparison")
    holds = np.broadcast_to(operands.COMPARE[op](left.values, right.values), left.shape(right)).astype(bool)
    return Truth.of(holds, left.valid & right.valid)


def _between(op: str, args: Sequence[Any], table: Table) -> Truth:
    low = _compared(">=", [args[0], args[1]], table)
    return _logic("and", [low, _compared("<=", [args[0], args[2]], table)])


def _in(op: str, args: Sequence[Any], table: Table) -> Truth:
    if not isinstance(args[1], list) or not args[1]:
        raise BadValue("filter", op, "list_of_values")
    return _logic("or", [_compared("=", [args[0], item], table) for item in args[1]])


def _like(op: str, args: Sequence[Any], table: Table) -> Truth:
    subject, pattern = (operands.read(item, table) for item in args)
    if subject.kind not in operands.TEXTS or pattern.kind != "text" or np.ndim(pattern.values):
        raise BadValue("filter", op, "like_pattern")
    match = operands.pattern(str(pattern.values))
    return Truth.of(operands.mapped(match, subject.values, bool), subject.valid & pattern.valid)


def _null(op: str, args: Sequence[Any], table: Table) -> Truth:
    if spatial.is_property(args[0], table):
        missing = ~table.placed
    else:
        missing = np.broadcast_to(~operands.read(args[0], table).valid, len(table))
    return Truth(missing, ~missing)


def _array(op: str, args: Sequence[Any], table: Table) -> Truth:
    (left, left_known), (right, right_known) = (_sets(item, table) for item in args)
    relation = _ARRAY[op]
    holds = np.array([relation(a, b) for a, b in zip(left, right, strict=True)], dtype=bool)
    return Truth.of(holds, left_known & right_known)


def _sets(tree: Any, table: Table) -> tuple[Sequence[frozenset[Any]], operands.Bools]:
    """Return the items of a list (n), each a set, and where all of them are known; raises BadValue."""
    if not isinstance(tree, list):
        column = operands.read(tree, table)
        if column.kind != "list":
            raise BadValue("filter", shown(tree), "two_lists")
        return [frozenset(map(_item, value)) for value in column.values], column.valid
    valid = np.ones(len(table), dtype=bool)
    columns = []
    for item in tree:
        if isinstance(item, list):
            raise BadValue("filter", shown(tree), "list_of_operands")
        operand = operands.read(item.get("date", item) if isinstance(item, dict) else item, table)
        if operand.kind == "list":
            raise BadValue("filter", shown(item), "list_not_nested")
        valid = valid & operand.valid
        columns.append(np.broadcast_to(operand.values, len(table)).tolist())
    if not columns:
        return [frozenset()] * len(table), valid
    return [frozenset(map(_item, row)) for row in zip(*columns, strict=True)], valid


def _item(value: Any) -> Any:
    """Return an item of a list by which it is compared: true is not 1."""
    return ("truth", value) if isinstance(value, bool) else value


_ARRAY: Mapping[str, Callable[[frozenset[Any], frozenset[Any]], bool]] = {
    "a_contains": frozenset.__ge__,
    "a_containedby": frozenset.__le__,
    "a_equals": frozenset.__eq__,
    "a_overlaps": lambda a, b: bool(a & b),
}
_COMPARE: Mapping[str, tuple[int, Callable[[str, Sequence[Any], Table], Truth]]] = {
    **dict.fromkeys(operands.COMPARE, (2, _compared)),
    **dict.fromkeys(_ARRAY, (2, _array)),
    "between": (3, _between),
    "in": (2, _in),
    "like": (2, _like),
    "isnull": (1, _null),
}
