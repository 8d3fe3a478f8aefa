"""Events one by one: a page of a table in any order, one of them whole, all that filters let through to take away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.catalog import Catalog
from geodata.errors import BadValue, NotFound
from geodata.events.dataset import COLUMNS, NUMBER, Opened, some, table
from geodata.events.filters import Asked
from geodata.events.predicate import Where, asking, where_of
from geodata.model import Feature
from geodata.store import event_schema

SORTS = ("date_start", "killed.best", "name", "category", "id")
EARLY = 500
"""Events of the first pages, which are found without putting all in order, as long as nobody has asked for more."""


def page(asked: Asked, events: Opened, catalog: Catalog, number: int, limit: int, sort: str) -> tuple[list[Any], int]:
    """Return a page of events as flat values, from page 1 on, and how many events there are.

    Beside the columns each has `shaped`: whether it has a geometry of its own.

    `sort` is one of SORTS, a minus before it turns it round; events without a value come last. Raises BadValue.
    """
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise BadValue("sort", sort, f"{', '.join(SORTS)}, with - before it the other way round")
    where = where_of(asked, events, catalog)
    with asking(events, where) as cursor:
        first = (int(number) - 1) * int(limit)
        if sort not in events.orders and first + limit <= EARLY:
            asked_count = f"SELECT count(*) FROM events WHERE {where.sql}"  # nosec B608
            count = int(cursor.execute(asked_count, where.values).fetchall()[0][0])
            question = f"SELECT {NUMBER} FROM events WHERE {where.sql} ORDER BY {_order(sort)} LIMIT {int(limit)} "  # nosec B608
            found = cursor.execute(f"{question} OFFSET {first}", where.values).fetchall()
            picked = [row for (row,) in found]
        else:
            rows = _later(events, cursor, where, sort)
            count, picked = len(rows), rows[first : first + limit].tolist()
        columns = ", ".join(f'"{one}"' for one in COLUMNS)
        made = some(cursor, f"{NUMBER}, {columns}, shaped", picked)
    held = {row[NUMBER]: {name: value for name, value in row.items() if name != NUMBER} for row in made.to_pylist()}
    return [held[row] for row in picked], count


def _order(sort: str) -> str:
    name = sort.removeprefix("-")
    key = "coalesce(name_en, name_ar)" if name == "name" else f'"{name}"'
    return f"{key} {'DESC' if sort.startswith('-') else 'ASC'} NULLS LAST, {NUMBER}"


def _later(events: Opened, cursor: Any, where: Where, sort: str) -> NDArray[np.int64]:
    """Return the rows that filters let through in an order that is made once for the whole layer, and kept."""
    if sort not in events.orders:
        question = f"SELECT {NUMBER} FROM events ORDER BY {_order(sort)}"  # nosec B608
        events.orders[sort] = table(cursor, question).column(0).to_numpy()
    order = events.orders[sort]
    if not where.conditions:
        return order
    found = table(cursor, f"SELECT {NUMBER} FROM events WHERE {where.sql}", where.values)  # nosec B608
    through = np.zeros(len(order), dtype=bool)
    through[found.column(0).to_numpy()] = True
    made: NDArray[np.int64] = order[through[order]]
    return made


def one(id_: str, events: Opened) -> Feature:
    """Return an event by its id; raises NotFound."""
    with events.cursor() as cursor:
        row = cursor.execute(f"SELECT {NUMBER} FROM events WHERE id = ?", [id_]).fetchone()  # nosec B608
    if row is None:
        raise NotFound(f"event of layer {events.layer.id}", id_)
    return events.features([int(row[0])])[0]


def features(asked: Asked, events: Opened, catalog: Catalog) -> Iterator[Feature]:
    """Yield the events that filters let through, in the order of the layer, some thousand at a time in memory."""
    where = where_of(asked, events, catalog)
    with asking(events, where) as cursor:
        found = table(
            cursor,
            f"SELECT {NUMBER} FROM events WHERE {where.sql} ORDER BY {NUMBER}",  # nosec B608
            where.values,
        )
    rows = np.asarray(found.column(0))
    if events.layer.stored is None:
        yield from events.features(rows.tolist())
        return
    first = 0
    for batch in events.layer.stored.batches():
        mine = rows[np.searchsorted(rows, first) : np.searchsorted(rows, first + len(batch))] - first
        if len(mine):
            yield from event_schema.features(batch.take(mine), events.layer.id)
        first += len(batch)
