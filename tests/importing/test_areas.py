"""Positions away from every country: the same as by the distance to each, however many times they are asked."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geodata.catalog import current
from geodata.importing import areas as module
from geodata.importing.areas import COAST_DEGREES, Areas


def test_far_is_what_no_country_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    areas = Areas(current())
    random = np.random.default_rng(7)
    shapes = [country.geometry for country in areas.countries.values()]
    # Along the coasts, where the boxes and the distances decide, and anywhere.
    edges = shapely.get_coordinates([shapely.boundary(shape) for shape in shapes])
    near = edges[random.integers(0, len(edges), 300)] + random.uniform(-0.7, 0.7, (300, 2))
    points = np.concatenate([near, random.uniform([-180, -90], [180, 90], (100, 2))])
    points = points[random.integers(0, len(points), 900)]
    distance = np.min([shapely.distance(shape, shapely.points(points)) for shape in shapes], axis=0)
    expected = distance > COAST_DEGREES
    assert 0 < expected.sum() < len(expected)
    for most in (10**6, 5):
        monkeypatch.setattr(module, "MAX_KEPT", most)
        for part in (slice(0, 500), slice(300, 900), slice(0, 900), slice(0, 0)):
            lon, lat = points[part].T
            assert (areas.far(lon, lat) == expected[part]).all()
