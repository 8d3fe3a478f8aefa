"""Operands of a CQL2 filter: properties, literals, arithmetic, and the functions casei and accenti."""

from __future__ import annotations

import math
import operator
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.errors import BadValue, shown
from geodata.query.table import Table

Bools = NDArray[np.bool_]

COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    # As in SQL: towards zero, and the rest has the sign of what is divided.
    "div": lambda a, b: np.trunc((a - np.fmod(a, b)) / b),
    "%": np.fmod,
    "^": np.float_power,
}
FUNCTIONS = ("casei", "accenti")
TEXTS = ("text", "date", "instant")
"""Kinds of operands whose values are texts."""


@dataclass(frozen=True)
class Truth:
    """Where a condition is true and where it is false (n each); where it is neither, it is unknown."""

    true: Bools
    false: Bools

    @classmethod
    def of(cls, holds: Bools, valid: Bools) -> Truth:
        """Return the truth of a condition where its operands are known."""
        return cls(holds & valid, ~holds & valid)

    @classmethod
    def always(cls, value: bool, count: int) -> Truth:
        """Return a truth that is true, or false, for every row."""
        return cls(np.full(count, value), np.full(count, not value))


@dataclass(frozen=True)
class Operand:
    """A column (n), or a literal (one value for all); `valid` says where there is a value.

    Dates and instants are texts here, numbers are doubles or 64-bit integers.
    """

    kind: str
    values: Any
    valid: Bools
    constant: tuple[Any, ...] | None = None
    """The items of a list literal."""

    def shape(self, other: Operand) -> tuple[int, ...]:
        """Return the shape of a comparison with another."""
        return np.broadcast_shapes(self.valid.shape, other.valid.shape)


def read(tree: Any, table: Table) -> Operand:
    """Return the operand of a tree; raises BadValue, which names `filter`."""
    everywhere = np.ones(len(table), dtype=bool)
    if isinstance(tree, bool):
        return Operand("boolean", np.bool_(tree), everywhere)
    if isinstance(tree, int | float):
        if not math.isfinite(tree):
            raise BadValue("filter", tree, "finite_numbers")
        integral = isinstance(tree, int) and abs(tree) < 2**63
        return Operand("number", np.int64(tree) if integral else np.float64(tree), everywhere)
    if isinstance(tree, str):
        # An array of no dimension: numpy compares it with a column of texts one by one.
        return Operand("text", np.array(tree, dtype=object), everywhere)
    if isinstance(tree, list):
        if not all(isinstance(item, str | int | float | bool) for item in tree):
            raise BadValue("filter", shown(tree), "list_of_literals")
        return Operand("list", None, everywhere, tuple(tree))
    if isinstance(tree, dict) and isinstance(tree.get("property"), str):
        if tree["property"] in ("geometry", table.geometry_name):
            raise BadValue("filter", tree["property"], "spatial_only")
        column = table.column(tree["property"])
        return Operand("number" if column.kind == "integer" else column.kind, column.values, column.valid)
    if isinstance(tree, dict) and isinstance(tree.get("op"), str) and isinstance(tree.get("args"), list):
        return _computed(tree["op"].lower(), tree["args"], table)
    raise BadValue("filter", shown(tree), "operand")


def _computed(op: str, args: Sequence[Any], table: Table) -> Operand:
    if op in FUNCTIONS:
        texts = [read(item, table) for item in args]
        if len(texts) != 1 or texts[0].kind not in TEXTS:
            raise BadValue("filter", op, "one_text")
        return Operand("text", mapped(_casei if op == "casei" else _accenti, texts[0].values, object), texts[0].valid)
    if op not in _ARITHMETIC:
        raise BadValue("filter", op, "function_in_comparison", names=[*FUNCTIONS, *_ARITHMETIC])
    parts = [read(item, table) for item in args]
    if len(parts) != 2 or any(part.kind != "number" for part in parts):
        raise BadValue("filter", op, "two_numbers")
    values = np.asarray(_ARITHMETIC[op](*(np.asarray(part.values, dtype=float) for part in parts)))
    # A result that is not finite (a division by zero) is unknown.
    return Operand("number", values, parts[0].valid & parts[1].valid & np.isfinite(values))


def alike(pair: Sequence[Operand]) -> tuple[Operand, Operand]:
    """Return two operands of a kind that can be compared; raises BadValue."""
    left, right = pair
    kinds = {"text" if side.kind in TEXTS else side.kind for side in (left, right)}
    if len(kinds) > 1:
        raise BadValue("filter", " and ".join(sorted(kinds)), "comparable_pair")
    return left, right


def mapped(call: Callable[[str], Any], values: Any, kind: Any) -> Any:
    """Return `call` of every text (n, or one); texts that repeat are called once."""
    if not np.ndim(values):
        return np.array(call(str(values)), dtype=kind)
    results = {text: call(text) for text in dict.fromkeys(values.tolist())}
    array = np.empty(len(values), dtype=kind)
    array[:] = [results[text] for text in values.tolist()]
    return array


def pattern(text: str) -> Callable[[str], bool]:
    """Return the test of a LIKE pattern: % for any text, _ for one character, after a backslash themselves."""
    parts: list[list[str]] = [[]]
    characters = iter(text)
    for character in characters:
        if character == "%":
            parts.append([])
        elif character == "_":
            parts[-1].append(".")
        else:
            parts[-1].append(re.escape(next(characters, "\\") if character == "\\" else character))
    first, *middle, last = ["".join(part) for part in parts] if len(parts) > 1 else ["".join(parts[0]), ""]
    if len(parts) == 1:
        return _matches(first)
    # Each piece where it first occurs, for good: no pattern makes the search go back.
    return _matches(first + "".join(f"(?>.*?{piece})" for piece in middle if piece) + f".*{last}")


def _matches(expression: str) -> Callable[[str], bool]:
    compiled = re.compile(expression, re.DOTALL)
    return lambda text: compiled.fullmatch(text) is not None


def _casei(text: str) -> str:
    # Composed, so that a letter with an accent is one character for LIKE, however it was written.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _accenti(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))
