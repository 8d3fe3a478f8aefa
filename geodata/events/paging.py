"""Events of a filter: a page of a sorted table, one event with all properties, all events for a download."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.catalog import Catalog
from geodata.errors import BadValue, NotFound
from geodata.events.dataset import COLUMNS, NUMBER, Opened, some, table
from geodata.events.filters import EventFilters
from geodata.events.predicate import Where, asking, where_of
from geodata.model import Feature
from geodata.store import event_schema

SORTS = ("date_start", "killed.best", "name", "category", "id")
EARLY = 500
"""Events of the first pages, which are selected without sorting the whole layer."""


def page(
    filters: EventFilters, events: Opened, catalog: Catalog, number: int, limit: int, sort: str
) -> tuple[list[Any], int]:
    """Return a page of events as flat values, from page 1 on, and how many events there are.

    Beside the columns each has `shaped`: whether it has a geometry of its own.

    `sort` is one of SORTS, with a minus before it descending; events without a value come last. Raises BadValue.
    """
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise BadValue("sort", sort, "sort_key", keys=list(SORTS))
    where = where_of(filters, events, catalog)
    with asking(events, where) as cursor:
        first = (int(number) - 1) * int(limit)
        if sort not in events.orders and first + limit <= EARLY:
            count_query = f"SELECT count(*) FROM events WHERE {where.sql}"  # nosec B608
            count = int(cursor.execute(count_query, where.values).fetchall()[0][0])
            question = f"SELECT {NUMBER} FROM events WHERE {where.sql} ORDER BY {_order(sort)} LIMIT {int(limit)} "  # nosec B608
            numbers = cursor.execute(f"{question} OFFSET {first}", where.values).fetchall()
            picked = [row for (row,) in numbers]
        else:
            rows = _later(events, cursor, where, sort)
            count, picked = len(rows), rows[first : first + limit].tolist()
        columns = ", ".join(f'"{column}"' for column in COLUMNS)
        events_table = some(cursor, f"{NUMBER}, {columns}, shaped", picked)
    by_number = {
        row[NUMBER]: {name: value for name, value in row.items() if name != NUMBER} for row in events_table.to_pylist()
    }
    return [by_number[row] for row in picked], count


def _order(sort: str) -> str:
    name = sort.removeprefix("-")
    key = "coalesce(name_en, name_ar)" if name == "name" else f'"{name}"'
    return f"{key} {'DESC' if sort.startswith('-') else 'ASC'} NULLS LAST, {NUMBER}"


def _later(events: Opened, cursor: Any, where: Where, sort: str) -> NDArray[np.int64]:
    """Return the rows that match filters, sorted by an order that is computed once for the whole layer, and cached."""
    if sort not in events.orders:
        question = f"SELECT {NUMBER} FROM events ORDER BY {_order(sort)}"  # nosec B608
        events.orders[sort] = table(cursor, question).column(0).to_numpy()
    order = events.orders[sort]
    if not where.conditions:
        return order
    matches = table(cursor, f"SELECT {NUMBER} FROM events WHERE {where.sql}", where.values)  # nosec B608
    through = np.zeros(len(order), dtype=bool)
    through[matches.column(0).to_numpy()] = True
    ordered: NDArray[np.int64] = order[through[order]]
    return ordered


def feature(id_: str, events: Opened) -> Feature:
    """Return an event by its id; raises NotFound."""
    with events.cursor() as cursor:
        row = cursor.execute(f"SELECT {NUMBER} FROM events WHERE id = ?", [id_]).fetchone()  # nosec B608
    if row is None:
        raise NotFound("event_of_layer", id_, layer=events.layer.id)
    return events.features([int(row[0])])[0]


def features(filters: EventFilters, events: Opened, catalog: Catalog) -> Iterator[Feature]:
    """Yield the events that match filters, in the order of the layer, some thousand at a time in memory."""
    where = where_of(filters, events, catalog)
    with asking(events, where) as cursor:
        matches = table(
            cursor,
            f"SELECT {NUMBER} FROM events WHERE {where.sql} ORDER BY {NUMBER}",  # nosec B608
            where.values,
        )
    rows = np.asarray(matches.column(0))
    if events.layer.stored is None:
        yield from events.features(rows.tolist())
        return
    first = 0
    for batch in events.layer.stored.batches():
        mine = rows[np.searchsorted(rows, first) : np.searchsorted(rows, first + len(batch))] - first
        if len(mine):
            yield from event_schema.features(batch.take(mine), events.layer.id)
        first += len(batch)
