"""The seeded positions, lines and polygons that are measured: clustered as events are, round shipped places."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LAYERS = Path(__file__).resolve().parents[2] / "geodata" / "layers"
SEED = 20_121_123
ZIPF = -0.9
"""Exponent of how often a place is named, by its rank."""
ROUNDED = 0.098
"""Share of positions rounded to two decimals."""


@cache
def _features(layer: str) -> list[dict[str, Any]]:
    return list(json.loads((LAYERS / f"{layer}.geojson").read_text("utf-8"))["features"])


def places() -> Floats:
    """Return the shipped populated places (n, 2), in an order of their own."""
    points = np.array([feature["geometry"]["coordinates"] for feature in _features("places")])
    return np.random.default_rng(SEED).permutation(points)


def border() -> Floats:
    """Return the shipped border of Iraq and Syria (n, 2)."""
    return np.array(next(f for f in _features("borders") if f["id"] == "border-iq-sy")["geometry"]["coordinates"])


def iraq() -> Any:
    """Return the shipped polygon of Iraq."""
    return shapely.geometry.shape(next(f for f in _features("countries") if f["id"] == "country-iq")["geometry"])


def reports(count: int) -> tuple[Floats, Floats]:
    """Return positions as reports give them: few places, many times; some on centroids, some rounded.

    Beyond 100,000 the number of distinct positions keeps near its square root.
    """
    rng = np.random.default_rng(SEED + 1)
    found = places()
    weight = np.arange(1, len(found) + 1) ** ZIPF
    drawn = found[rng.choice(len(found), count, p=weight / weight.sum())]
    centre = rng.uniform(0, 1, count)
    drawn[centre < 0.015] = (38.0, 35.0)
    grouped = (centre >= 0.015) & (centre < 0.072)
    drawn[grouped] = np.round(drawn[grouped])
    coarse = rng.uniform(0, 1, count) < ROUNDED
    drawn[coarse] = np.round(drawn[coarse], 2)
    return np.ascontiguousarray(drawn[:, 0]), np.ascontiguousarray(drawn[:, 1])


def sensors(count: int) -> tuple[Floats, Floats]:
    """Return positions as sensors give them: round the same places, nearly all distinct."""
    lon, lat = reports(count)
    rng = np.random.default_rng(SEED + 2)
    metres = rng.choice([1.0, 150.0, 1_000.0, 6_000.0], count, p=[0.25, 0.45, 0.22, 0.08])
    way = rng.normal(0, 1, (2, count)) * metres / 111_000
    return lon + way[0] / np.cos(np.radians(lat)), lat + way[1]


def hubs(count: int, hubs: int, spread: float) -> tuple[Floats, Floats]:
    """Return distinct positions round so many hubs, normally distributed by `spread` degrees."""
    rng = np.random.default_rng(SEED + 4)
    centre = np.column_stack([rng.uniform(38, 48, hubs), rng.uniform(30, 37.5, hubs)])
    lon, lat = (centre[rng.integers(0, hubs, count)] + rng.normal(0, spread, (count, 2))).T
    return np.ascontiguousarray(lon), np.ascontiguousarray(lat)


def uniform(count: int) -> tuple[Floats, Floats]:
    """Return positions all over Iraq's and Syria's box: no index is flattered by them, and no cache helped."""
    rng = np.random.default_rng(SEED + 5)
    return rng.uniform(38, 48, count), rng.uniform(30, 38, count)


def line(count: int) -> Floats:
    """Return a line of so many vertices that follows the border and wanders by tens of metres."""
    path = border()
    at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    share = np.linspace(0, at[-1], count)
    rng = np.random.default_rng(SEED + 3)
    wander = np.cumsum(rng.normal(0, 1, (count, 2)), axis=0) / np.sqrt(count) * 0.02
    return np.column_stack([np.interp(share, at, path[:, i]) for i in (0, 1)]) + wander
