"""Feet that are as near as the nearest, against every vertex and a dense walk along the line."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod

from geodata import geodesy
from geodata.geodesy import ties
from tests.geodesy.conftest import LINES, around

GEOD = Geod(ellps="WGS84")
VEE = [[40.0, 34.0], [41.0, 33.0], [42.0, 34.0]]
"""Mirrored at the meridian of 41°: positions above the corner have two feet."""


def walked(line: geodesy.Line, lon: float, lat: float, beyond: float) -> list[tuple[float, float]]:
    """Return the local minima of the distance by a walk along the line in steps of 20 m, parted by a rise of 1 mm."""
    at = np.linspace(0, line.length, int(line.length / 20) + 2)
    vertices = line.curve.chainages
    at = np.unique(np.concatenate([at, vertices]).clip(0, line.length))
    x, y = line.point_at(at)
    away = GEOD.inv(np.full(len(x), lon), np.full(len(x), lat), x, y)[2]
    lows = [i for i in range(len(at)) if away[i] <= away[max(0, i - 1)] and away[i] <= away[min(len(at) - 1, i + 1)]]
    found: list[int] = []
    for i in lows:
        if found and away[found[-1] : i + 1].max() - max(away[found[-1]], away[i]) <= ties.EQUAL:
            found[-1] = min(found[-1], i, key=lambda one: away[one])
        else:
            found.append(i)
    nearest = away[found].min()
    return [(float(at[i]), float(away[i])) for i in found if away[i] <= nearest + beyond]


@pytest.mark.parametrize("edges", ["lonlat", "geodesic"])
@pytest.mark.parametrize("lat", [33.05, 33.4, 34.2])
def test_above_a_corner_there_are_two_feet(edges: str, lat: float) -> None:
    line = geodesy.Line(VEE, edges)
    found = ties.local_minima(line.curve, 41.0, lat)
    assert len(found) == 2
    assert found.distance[0] == pytest.approx(float(line.nearest(41.0, lat).distance), abs=1e-4)
    assert found.chainage.sum() == pytest.approx(line.length, abs=0.01)
    assert len(ties.local_minima(line.curve, 41.0001, lat)) == 1
    assert len(ties.local_minima(line.curve, 41.0, 32.5)) == 1, "below the corner the corner itself is nearest"


@pytest.mark.parametrize("seed", range(6))
def test_local_minima_against_a_walk(seed: int) -> None:
    random = np.random.default_rng(seed)
    path = np.column_stack([np.linspace(40, 41.2, 40), 34 + random.uniform(-0.06, 0.06, 40)])
    line = geodesy.Line(path)
    for lon, lat in zip(random.uniform(39.8, 41.4, 8), random.uniform(33.7, 34.3, 8), strict=True):
        beyond = float(random.choice([500.0, 4_000.0]))
        found, truth = ties.local_minima(line.curve, lon, lat, beyond), walked(line, lon, lat, beyond)
        # Steps of 20 m see a foot at most 10 m off, and a distance the less.
        sure = [one for one in truth if one[1] <= truth_least(truth) + beyond - 1]
        for chainage, distance in sure:
            nearest = np.abs(found.chainage - chainage).argmin()
            assert abs(found.chainage[nearest] - chainage) < 40
            assert abs(found.distance[nearest] - distance) < 1
        assert len(sure) <= len(found) <= len(truth) + 1
        assert found.distance[0] == pytest.approx(float(line.nearest(lon, lat).distance), abs=1e-4)


def truth_least(truth: list[tuple[float, float]]) -> float:
    return min(distance for _, distance in truth)


def test_a_batch_knows_which_are_tied() -> None:
    line = geodesy.Line(VEE)
    random = np.random.default_rng(1)
    lon, lat = random.uniform(40, 42, 300), random.uniform(32.5, 35, 300)
    lon[::10] = 41.0
    found = line.nearest(lon, lat).tied
    single = [len(ties.local_minima(line.curve, x, y)) > 1 for x, y in zip(lon, lat, strict=True)]
    assert found.tolist() == single
    assert found[::10].sum() == (lat[::10] > 33).sum()


def test_along_a_circle_there_is_no_rise_and_no_tie() -> None:
    lon, lat, _ = GEOD.fwd(np.full(400, 41.0), np.full(400, 34.0), np.linspace(0, 180, 400), np.full(400, 20_000.0))
    line = geodesy.Line(np.column_stack([lon, lat]), "geodesic")
    found = ties.local_minima(line.curve, 41.0, 34.0)
    assert np.allclose(found.distance, found.distance[0], atol=1e-3)


def test_nan_and_what_lies_on_the_line_are_not_tied() -> None:
    line = geodesy.Line(VEE)
    found = line.nearest(np.array([np.nan, 41.0]), np.array([33.0, 33.0])).tied
    assert found.tolist() == [False, False]


@pytest.mark.parametrize("alone", [True, False])
def test_what_bisection_brings_into_the_middle_between_two_bends_is_tied(alone: bool) -> None:
    """Positions between two feet far apart along a wandering line, moved until both are equally far."""
    line = geodesy.Line(LINES["wandering"])
    start, end = around(LINES["wandering"], 3e5, 200, seed=3), around(LINES["wandering"], 3e5, 200, seed=4)
    first, last = (line.nearest(*each).chainage for each in (start, end))
    low, high = np.zeros(200), np.ones(200)
    for _ in range(60):
        middle = (low + high) / 2
        at = [a + (b - a) * middle for a, b in zip(start, end, strict=True)]
        chainage = line.nearest(*at).chainage
        nearer = np.abs(chainage - first) < np.abs(chainage - last)
        low, high = np.where(nearer, middle, low), np.where(nearer, high, middle)
    ends = [line.nearest(*(a + (b - a) * part for a, b in zip(start, end, strict=True))) for part in (low, high)]
    jumps = np.flatnonzero(np.abs(ends[0].chainage - ends[1].chainage) > 1_000)
    assert len(jumps) > 50
    lon, lat = ((a + (b - a) * low)[jumps] for a, b in zip(start, end, strict=True))
    found = [line.nearest(lon[i], lat[i]).tied for i in range(len(lon))] if alone else line.nearest(lon, lat).tied
    assert np.all(found)
    beside = line.nearest(lon + 1e-3, lat + 1e-3).tied
    assert beside.mean() < 0.1
