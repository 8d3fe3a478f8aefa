"""What a view shows: points where they are few, else how many lie in each cell; and areas, with their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from geodata.catalog import Catalog
from geodata.events.dataset import NUMBER, Opened, some, table
from geodata.events.filters import Asked
from geodata.events.predicate import Where, asking, where_of
from geodata.formats import geojson

Box = tuple[float, float, float, float]
POINTS = 2_000
"""Events of a view that are drawn as points; of more, their density is."""
CELLS = 32
"""Density cells a side of a map tile of 256 pixels: 8 pixels each."""
MAX_ZOOM = 22
SHAPES = 200
"""Lines and areas of events that a view draws."""


def in_view(where: Where, box: Box, events: Opened, catalog: Catalog) -> None:
    """Let through what a box (degrees) shows: points in it, and areas and shapes that meet it."""
    held = events.positions
    west, south, east, north = box
    rows = (held.lon >= west) & (held.lon <= east) & (held.lat >= south) & (held.lat <= north)
    window = shapely.box(*box)
    for number, ref in enumerate(held.refs):
        area = catalog.geometry(ref)
        if area is not None and area.intersects(window):
            rows |= held.areas == number
    for row, shape in held.shapes.items():
        rows[row] = bool(shape.intersects(window))
    where.mask(rows)


def view(asked: Asked, events: Opened, catalog: Catalog, box: Box, zoom: int) -> dict[str, Any]:
    """Return what to draw of a box (degrees) at a zoom of the web's tiles, decided once for the whole of it."""
    where = where_of(asked, events, catalog)
    in_view(where, box, events, catalog)
    with asking(events, where) as cursor:
        found = table(
            cursor,
            f'SELECT {NUMBER}, coalesce("killed.best", 0) FROM events WHERE {where.sql}',  # nosec B608
            where.values,
        )
        rows, deaths = (np.asarray(found.column(at)) for at in (0, 1))
        held = events.positions
        placed = ~np.isnan(held.lon[rows])
        points = rows[placed]
        made: dict[str, Any] = {
            "count": len(rows),
            "points": len(points),
            "areas": _areas(events, rows, deaths),
            "shapes": _shapes(cursor, events, rows),
        }
        if len(points) <= POINTS:
            return {"mode": "points", **made, **_points(cursor, events, points)}
    return {"mode": "density", **made, **_density(events, points, deaths[placed], zoom)}


def _points(cursor: Any, events: Opened, rows: Any) -> dict[str, Any]:
    names = ("lon", "lat", "id", "category", "actors", "precision", "coordinateUncertaintyInMeters", "date_start")
    asked = ", ".join(f'"{name}"' for name in names)
    found = some(cursor, f'{asked}, "killed.best"', rows.tolist())
    held = {name: found.column(name).to_pylist() for name in found.column_names}
    return {
        "lon": [round(lon, 6) for lon in held["lon"]],
        "lat": [round(lat, 6) for lat in held["lat"]],
        "id": held["id"],
        "category": held["category"],
        "actor": [(names or [None])[0] for names in held["actors"]],
        "deaths": held["killed.best"],
        "precision": held["precision"],
        "u": held["coordinateUncertaintyInMeters"],
        "date": [None if day is None else day.isoformat() for day in held["date_start"]],
    }


def _density(events: Opened, rows: Any, deaths: Any, zoom: int) -> dict[str, Any]:
    """Count events and deaths by cells of the Web Mercator square, numbered from its north-west corner."""
    side = CELLS << min(zoom, MAX_ZOOM)
    held = events.positions
    lat = np.radians(np.clip(held.lat[rows], -85.0511, 85.0511))
    x = np.floor((held.lon[rows] + 180) / 360 * side).astype(np.int64)
    y = np.floor((1 - np.arcsinh(np.tan(lat)) / np.pi) / 2 * side).astype(np.int64)
    cells, at = np.unique(np.clip(y, 0, side - 1) * side + np.clip(x, 0, side - 1), return_inverse=True)
    counts = np.bincount(at, minlength=len(cells))
    died = np.bincount(at, weights=deaths, minlength=len(cells)).astype(np.int64)
    columns = zip((cells % side).tolist(), (cells // side).tolist(), counts.tolist(), died.tolist(), strict=True)
    return {"cell": side, "cells": [list(one) for one in columns]}


def _areas(events: Opened, rows: Any, deaths: Any) -> list[dict[str, Any]]:
    held = events.positions
    # What is drawn as it is needs no number of its area.
    alone = ~np.isin(rows, list(held.shapes))
    which, deaths = held.areas[rows][alone], deaths[alone]
    return [
        {"area": ref, "count": int((which == number).sum()), "deaths": int(deaths[which == number].sum())}
        for number, ref in enumerate(held.refs)
        if (which == number).any()
    ]


def _shapes(cursor: Any, events: Opened, rows: Any) -> dict[str, Any]:
    """Return lines, areas and several points of events as GeoJSON, with what their signs and names need."""
    found = [int(row) for row in rows.tolist() if row in events.positions.shapes] if events.positions.shapes else []
    if not found:
        return {"count": 0, "features": []}
    drawn = found[:SHAPES]
    names = ("category", "actors", "killed.best", "coordinateUncertaintyInMeters")
    held = some(cursor, ", ".join(f'"{name}"' for name in names), drawn)
    columns = [held.column(name).to_pylist() for name in names]
    features = [
        geojson.feature(
            one.id,
            one.geometry,
            {
                "name_en": one.name["en"],
                "name_ar": one.name["ar"],
                "category": category,
                "actor": (actors or [None])[0],
                "deaths": deaths,
                "u": radius,
            },
        )
        for one, category, actors, deaths, radius in zip(events.features(drawn), *columns, strict=True)
    ]
    return {"count": len(found), "features": features}
