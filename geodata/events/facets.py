"""Summary of the events that match filters: counts, deaths, days and facets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geodata.catalog import Catalog
from geodata.events.dataset import Opened
from geodata.events.filters import LISTS, NO_FLAG, EventFilters
from geodata.events.predicate import asking, where_of
from geodata.store import event_schema

MOST = 200
"""Values of a facet that are listed, those of most events first."""
_FACETS: Mapping[str, str] = {
    "category": "category",
    "actor": "unnest(actors)",
    "source": "reported_by",
    "flag": f"unnest(CASE WHEN len(coalesce(flags, [])) = 0 THEN ['{NO_FLAG}'] ELSE flags END)",
    "precision": "precision",
    "country": "coalesce(country_id, country)",
    "governorate": "governorate",
    "kind": "kind",
}
_NEEDED = "category, actors, reported_by, flags, precision, country_id, country, governorate, kind"


def summary(filters: EventFilters, events: Opened, catalog: Catalog) -> dict[str, Any]:
    """Count the events: all, how they are placed and dated, deaths, the days and the box they span, and the facets.

    A facet is counted with all filters but its own, so that what could be chosen beside is seen.
    """
    where = where_of(filters, events, catalog)
    with asking(events, where) as cursor:
        row = cursor.execute(
            "SELECT count(*), count(lon), count(area) FILTER (lon IS NULL AND NOT shaped), "  # nosec B608
            "count(*) FILTER (lon IS NULL AND shaped), count(*) FILTER (date_start IS NULL AND date_end IS NULL), "
            f"count(*) FILTER (len(list_filter(coalesce(flags, []), lambda f: f NOT IN {event_schema.NO_DOUBT})) > 0), "
            'sum(coalesce("killed.low", "killed.best")), sum("killed.best"), '
            'sum(coalesce("killed.high", "killed.best")), '
            "min(date_start), max(date_end), min(bbox.xmin), min(bbox.ymin), max(bbox.xmax), max(bbox.ymax) "
            f"FROM events WHERE {where.sql}",
            where.values,
        ).fetchall()[0]
    count, points, areas, shapes, undated, flagged, low, best, high, first, last, *extent = row
    return {
        "rows": events.rows,
        "count": count,
        "points": points,
        "areas": areas,
        "shapes": shapes,
        "unplaced": count - points - areas - shapes,
        "undated": undated,
        "flagged": flagged,
        "deaths": {"low": int(low or 0), "best": int(best or 0), "high": int(high or 0)},
        "span": {"from": _day(first), "to": _day(last)},
        "extent": None if None in extent else extent,
        "facets": facets(filters, events, catalog),
    }


def facets(filters: EventFilters, events: Opened, catalog: Catalog) -> dict[str, list[tuple[str, int]]]:
    """Return value and count of each facet, those of most events first."""
    own = {name for name in LISTS if name in filters.conditions}
    where = where_of(filters, events, catalog)
    counts: dict[str, list[tuple[str, int]]] = {}
    with asking(events, where) as cursor:
        # A condition is evaluated once, not once for each facet.
        source = "hits" if where.conditions else "events"
        if where.conditions:
            cursor.execute(f"CREATE TEMP TABLE hits AS SELECT {_NEEDED} FROM events WHERE {where.sql}", where.values)  # nosec B608
        for name in set(_FACETS) - own:
            counts[name] = _counted(cursor, name, source, "true", [])
    for name in own:
        where = where_of(filters.without(name), events, catalog)
        with asking(events, where) as cursor:
            counts[name] = _counted(cursor, name, "events", where.sql, where.values)
    return {name: counts[name] for name in _FACETS}


def _counted(cursor: Any, name: str, table: str, condition: str, values: list[Any]) -> list[tuple[str, int]]:
    rows = cursor.execute(
        f"SELECT value, count(*) AS events FROM (SELECT {_FACETS[name]} AS value FROM {table} WHERE {condition}) "  # nosec B608
        f"WHERE value IS NOT NULL GROUP BY value ORDER BY events DESC, value LIMIT {MOST}",
        values,
    ).fetchall()
    return [(str(value), int(events)) for value, events in rows]


def regions(
    filters: EventFilters, events: Opened, catalog: Catalog, by: str
) -> tuple[list[tuple[str, int, int]], tuple[int, int]]:
    """Count events and deaths by `governorate` or `country`: (id, events, deaths), and those of events in none.

    Deaths are the best estimates; an event without one counts none.
    """
    column = {"governorate": "governorate", "country": "country_id"}[by]
    where = where_of(filters, events, catalog)
    with asking(events, where) as cursor:
        rows = cursor.execute(
            f'SELECT {column}, count(*), sum(coalesce("killed.best", 0)) FROM events WHERE {where.sql} GROUP BY 1 '  # nosec B608
            "ORDER BY 2 DESC, 1",
            where.values,
        ).fetchall()
    counted = [(str(id_), int(count), int(deaths)) for id_, count, deaths in rows if id_ is not None]
    others = [(int(count), int(deaths)) for id_, count, deaths in rows if id_ is None]
    return counted, (sum(count for count, _ in others), sum(deaths for _, deaths in others))


def _day(value: Any) -> str | None:
    return None if value is None else value.isoformat()
