"""Lines that are hard in different ways, and positions round them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]


def wander(seed: int, count: int, lon: float, lat: float, step: float) -> np.ndarray:
    """Return a random walk of vertices with persistent direction: bays, capes and crossings."""
    rng = np.random.default_rng(seed)
    heading = np.cumsum(rng.normal(0, 0.6, count - 1))
    way = step * rng.lognormal(0, 0.7, count - 1)[:, None] * np.column_stack([np.cos(heading), np.sin(heading)])
    return np.array([lon, lat]) + np.concatenate([[[0.0, 0.0]], np.cumsum(way, axis=0)])


LINES = {
    "wandering": wander(1, 60, 41.0, 35.0, 0.05),
    "long edges": np.array([[39.0, 32.0], [42.0, 33.0], [47.0, 29.0], [46.5, 29.0], [44.0, 37.0]]),
    "east-west": np.array([[38.0, 33.0], [46.0, 33.0]]),
    "one short edge": np.array([[41.0, 35.0], [41.001, 35.0005]]),
    "repeated vertices": np.array([[41.0, 35.0], [41.0, 35.0], [41.5, 35.5], [41.5, 35.5], [42.0, 35.0]]),
    "closed": np.array([[41.0, 35.0], [42.0, 35.0], [42.0, 36.0], [41.0, 36.0], [41.0, 35.0]]),
    "spike": np.array([[41.0, 35.0], [42.0, 35.0], [41.0, 35.001]]),
    "to the antimeridian": np.array([[178.0, -17.0], [180.0, -16.0], [180.0, -15.0]]),
    "high": np.array([[10.0, 78.0], [40.0, 80.0], [60.0, 81.5], [20.0, 83.0]]),
    "southern": np.array([[-70.0, -50.0], [-69.0, -53.0], [-66.0, -55.0]]),
    "over the equator": np.array([[30.0, -2.0], [31.0, 0.0], [30.5, 3.0]]),
}


@pytest.fixture(scope="session")
def border() -> np.ndarray:
    """The shipped Iraq–Syria border, 1,267 vertices."""
    features = json.loads((ROOT / "geodata/layers/borders.geojson").read_text("utf-8"))["features"]
    found = [feature for feature in features if feature["id"] == "border-iq-sy"]
    return np.array(found[0]["geometry"]["coordinates"])


def around(path: np.ndarray, reach: float, count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return positions within about `reach` metres of a line, on both sides and beyond its ends."""
    from pyproj import Geod

    rng = np.random.default_rng(seed)
    at = rng.integers(0, len(path) - 1, count)
    share = rng.uniform(0, 1, count)[:, None]
    start = path[at] + share * (path[at + 1] - path[at])
    lon, lat, _ = Geod(ellps="WGS84").fwd(*start.T, rng.uniform(0, 360, count), reach * rng.uniform(0, 1, count))
    return np.asarray(lon), np.asarray(lat)
