"""Events of a map view: points where they are few, else counts by cell; and areas with their counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from geodata.catalog import Catalog
from geodata.events.dataset import NUMBER, Opened, some, table
from geodata.events.filters import EventFilters
from geodata.events.predicate import Where, asking, where_of
from geodata.formats import geojson

Box = tuple[float, float, float, float]
POINTS = 2_000
"""Events of a view that are drawn as points; more are drawn as density."""
CELLS = 32
"""Density cells a side of a map tile of 256 pixels: 8 pixels each."""
MAX_ZOOM = 22
SHAPES = 200
"""Lines and areas of events that a view draws."""


def in_view(where: Where, box: Box, events: Opened, catalog: Catalog) -> None:
    """Restrict a condition to a box (degrees): points in it, and areas and shapes that intersect it."""
    positions = events.positions
    west, south, east, north = box
    rows = (positions.lon >= west) & (positions.lon <= east) & (positions.lat >= south) & (positions.lat <= north)
    window = shapely.box(*box)
    for number, ref in enumerate(positions.refs):
        area = catalog.geometry(ref)
        if area is not None and area.intersects(window):
            rows |= positions.areas == number
    for row, shape in positions.shapes.items():
        rows[row] = bool(shape.intersects(window))
    where.mask(rows)


def view(filters: EventFilters, events: Opened, catalog: Catalog, box: Box, zoom: int) -> dict[str, Any]:
    """Return the events to draw in a box (degrees) at a zoom level of web tiles, all as points or all as density."""
    where = where_of(filters, events, catalog)
    in_view(where, box, events, catalog)
    with asking(events, where) as cursor:
        matches = table(
            cursor,
            f'SELECT {NUMBER}, coalesce("killed.best", 0) FROM events WHERE {where.sql}',  # nosec B608
            where.values,
        )
        rows, deaths = (np.asarray(matches.column(at)) for at in (0, 1))
        positions = events.positions
        placed = ~np.isnan(positions.lon[rows])
        points = rows[placed]
        summary: dict[str, Any] = {
            "count": len(rows),
            "points": len(points),
            "areas": _areas(events, rows, deaths),
            "shapes": _shapes(cursor, events, rows),
        }
        if len(points) <= POINTS:
            return {"mode": "points", **summary, **_points(cursor, events, points)}
    return {"mode": "density", **summary, **_density(events, points, deaths[placed], zoom)}


def _points(cursor: Any, events: Opened, rows: Any) -> dict[str, Any]:
    names = ("lon", "lat", "id", "category", "actors", "precision", "coordinateUncertaintyInMeters", "date_start")
    selected = ", ".join(f'"{name}"' for name in names)
    events_table = some(cursor, f'{selected}, "killed.best"', rows.tolist())
    columns = {name: events_table.column(name).to_pylist() for name in events_table.column_names}
    return {
        "lon": [round(lon, 6) for lon in columns["lon"]],
        "lat": [round(lat, 6) for lat in columns["lat"]],
        "id": columns["id"],
        "category": columns["category"],
        "actor": [(names or [None])[0] for names in columns["actors"]],
        "deaths": columns["killed.best"],
        "precision": columns["precision"],
        "u": columns["coordinateUncertaintyInMeters"],
        "date": [None if day is None else day.isoformat() for day in columns["date_start"]],
    }


def _density(events: Opened, rows: Any, deaths: Any, zoom: int) -> dict[str, Any]:
    """Count events and deaths by cells of the Web Mercator square, numbered from its north-west corner."""
    side = CELLS << min(zoom, MAX_ZOOM)
    positions = events.positions
    lat = np.radians(np.clip(positions.lat[rows], -85.0511, 85.0511))
    x = np.floor((positions.lon[rows] + 180) / 360 * side).astype(np.int64)
    y = np.floor((1 - np.arcsinh(np.tan(lat)) / np.pi) / 2 * side).astype(np.int64)
    cells, at = np.unique(np.clip(y, 0, side - 1) * side + np.clip(x, 0, side - 1), return_inverse=True)
    counts = np.bincount(at, minlength=len(cells))
    died = np.bincount(at, weights=deaths, minlength=len(cells)).astype(np.int64)
    columns = zip((cells % side).tolist(), (cells // side).tolist(), counts.tolist(), died.tolist(), strict=True)
    return {"cell": side, "cells": [list(cell) for cell in columns]}


def _areas(events: Opened, rows: Any, deaths: Any) -> list[dict[str, Any]]:
    positions = events.positions
    # Events drawn with their own geometry are not counted by area.
    alone = ~np.isin(rows, list(positions.shapes))
    which, deaths = positions.areas[rows][alone], deaths[alone]
    return [
        {"area": ref, "count": int((which == number).sum()), "deaths": int(deaths[which == number].sum())}
        for number, ref in enumerate(positions.refs)
        if (which == number).any()
    ]


def _shapes(cursor: Any, events: Opened, rows: Any) -> dict[str, Any]:
    """Return lines, areas and multipoints of events as GeoJSON, with the properties for symbols and labels."""
    shaped = [int(row) for row in rows.tolist() if row in events.positions.shapes] if events.positions.shapes else []
    if not shaped:
        return {"count": 0, "features": []}
    drawn = shaped[:SHAPES]
    names = ("category", "actors", "killed.best", "coordinateUncertaintyInMeters")
    properties = some(cursor, ", ".join(f'"{name}"' for name in names), drawn)
    columns = [properties.column(name).to_pylist() for name in names]
    features = [
        geojson.feature(
            event.id,
            event.geometry,
            {
                "name_en": event.name["en"],
                "name_ar": event.name["ar"],
                "category": category,
                "actor": (actors or [None])[0],
                "deaths": deaths,
                "u": radius,
            },
        )
        for event, category, actors, deaths, radius in zip(events.features(drawn), *columns, strict=True)
    ]
    return {"count": len(shaped), "features": features}
