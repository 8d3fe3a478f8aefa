"""The SQL condition of filters over the events of a layer, with the masks of rows that it refers to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np

from geodata.analysis.columnar import Mask
from geodata.analysis.predicates import Predicates
from geodata.catalog import Catalog
from geodata.events.dataset import NUMBER, Opened, exact
from geodata.events.filters import EventFilters
from geodata.query import cql2, evaluate, sql
from geodata.query.crs import CRS84
from geodata.query.evaluate import Functions
from geodata.query.operands import Truth


@dataclass
class Where:
    """A condition and its values, and the masks of rows that it names `mask_0`, `mask_1` …"""

    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    masks: list[Mask] = field(default_factory=list)

    def mask(self, rows: Mask) -> None:
        """Match only these rows."""
        self.conditions.append(self._among(rows))

    def truth(self, truth: Truth, nested: bool) -> str:
        """Return the condition that is true, false or unknown where a truth is; not nested, just where it is true."""
        if not nested or (truth.true | truth.false).all():
            return self._among(truth.true)
        return f"CASE WHEN {self._among(truth.true)} THEN true WHEN {self._among(truth.false)} THEN false END"

    def _among(self, rows: Mask) -> str:
        self.masks.append(rows)
        return f"{NUMBER} IN (SELECT {NUMBER} FROM mask_{len(self.masks) - 1})"  # nosec B608

    @property
    def sql(self) -> str:
        """The condition."""
        return " AND ".join(self.conditions) or "true"


@contextmanager
def asking(events: Opened, where: Where) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a cursor with the masks of a condition registered."""
    with events.cursor() as cursor:
        for number, rows in enumerate(where.masks):
            cursor.register(f"mask_{number}", exact(np.flatnonzero(rows)))
        yield cursor


def where_of(filters: EventFilters, events: Opened, catalog: Catalog) -> Where:
    """Return the SQL condition of filters: what columns decide as SQL, the rest as masks; raises BadValue, Refused."""
    where = Where()
    containing = None if events.layer.stored is None else events.containing
    functions = Predicates(events.layer, events.table, catalog, containing=containing).functions()
    for name, tree in filters.conditions.items():
        with cql2.naming(name):
            where.conditions.append(_sql(tree, where, events, functions, nested=False))
    return where


def _sql(tree: Any, where: Where, events: Opened, functions: Functions, nested: bool = True) -> str:
    op, args = (tree.get("op"), tree.get("args")) if isinstance(tree, dict) else (None, None)
    if isinstance(op, str) and op.lower() in evaluate.LOGIC and args and (op.lower() != "not" or len(args) == 1):
        parts = [_sql(item, where, events, functions) for item in args]
        return f"(NOT {parts[0]})" if op.lower() == "not" else "(" + f" {op.upper()} ".join(parts) + ")"
    part = sql.condition(tree, events.columns)
    if part is None:
        return where.truth(evaluate.truth(tree, events.table, CRS84, functions), nested)
    where.values += part[1]
    return part[0]
