"""Answers about each row of a question on its own, put together in the order of the rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from geodata.analysis.result_builder import Basis

Shapes = tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Row:
    """The answer about one row: its number in the question, its item, what was measured of it, and itself drawn."""

    number: int
    item: dict[str, Any]
    drawn: Shapes = ()
    outline: Shapes = ()


@dataclass(frozen=True)
class Answers:
    """The answers about some rows, what the rows rest on, and the layers that were used beside them."""

    rows: tuple[Row, ...] = ()
    basis: Basis = field(default_factory=Basis)
    layers: frozenset[str] = frozenset()

    @classmethod
    def merged(cls, parts: Iterable[Answers]) -> Answers:
        """Return the answers of all parts in the order of their rows, in whichever order the parts come."""
        parts = list(parts)
        rows = sorted((row for part in parts for row in part.rows), key=lambda row: row.number)
        layers = frozenset[str]().union(*(part.layers for part in parts))
        return cls(tuple(rows), Basis.merged(part.basis for part in parts), layers)
