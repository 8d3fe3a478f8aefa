"""Nearest places from very far, to the antipodes: slow, and as sure."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod

from geodata import geodesy
from tests.geodesy import truth
from tests.geodesy.conftest import LINES
from tests.geodesy.tolerances import FAR

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize("edges", ["lonlat", "geodesic"])
@pytest.mark.parametrize("reach", [4e6, 9e6, 15e6, 19.5e6])
def test_far_distances_agree_with_brute_force(reach: float, edges: str) -> None:
    path = LINES["wandering"][:20]
    rng = np.random.default_rng(5)
    lon, lat, _ = GEOD.fwd(*np.repeat(path[:1], 5, axis=0).T, rng.uniform(0, 360, 5), np.full(5, reach))
    true = truth.nearest_all(path, np.asarray(lon), np.asarray(lat), edges)
    near = geodesy.Line(path, edges).nearest(lon, lat)
    np.testing.assert_allclose(near.distance, true.distance, rtol=0, atol=FAR)
    back = GEOD.inv(near.lon, near.lat, lon, lat)[2]
    np.testing.assert_allclose(back, near.distance, rtol=0, atol=FAR)


def test_the_antipodes_themselves() -> None:
    line = geodesy.Line([[10.0, 0.0], [10.0, 1.0]])
    near = line.nearest(-170.0, -0.5)
    true = truth.nearest(np.array([[10.0, 0.0], [10.0, 1.0]]), -170.0, -0.5)
    assert near.distance == pytest.approx(true[0], abs=FAR)
