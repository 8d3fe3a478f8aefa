"""Buffers of very many edges, from the few that make the rim: the same bound as of those that draw round every edge."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import shapely

from geodata import geodesy
from geodata.geodesy import buffer_edges
from tests.geodesy.conftest import wander
from tests.geodesy.test_buffer import CASES, rim, scattered, to_boundary

buffers = sys.modules["geodata.geodesy.buffer"]

NAMES = [
    "points",
    "wandering line",
    "narrow",
    "c-shape with a hole",
    "polygon with a hole",
    "inward",
    "inward with a hole",
    "collection",
    "line to the antimeridian",
    "polygon cut at the antimeridian",
    "inward over the antimeridian",
    "inward round the pole",
    "high line",
]


@pytest.mark.parametrize("name", NAMES)
def test_the_bound_holds_with_edges_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    geometry, radius, tolerance = CASES[name]
    whole = geodesy.buffer(geometry, radius, tolerance)
    monkeypatch.setattr(buffers, "FEW", 0)
    shape = geodesy.buffer(geometry, radius, tolerance)
    assert shape.is_valid
    assert len(shapely.get_rings(shapely.get_parts(shape))) == len(shapely.get_rings(shapely.get_parts(whole)))
    lon, lat = scattered(shape, radius, 10_000)
    distance = to_boundary(geometry, lon, lat, radius < 0)
    inside = shapely.intersects_xy(shape, lon, lat)
    assert not (inside & (distance > radius + tolerance)).any()
    assert not (~inside & (distance < radius - tolerance)).any()


@pytest.mark.parametrize("radius", [2_000.0, 25_000.0, 200_000.0])
def test_every_edge_of_a_long_line_keeps_to_the_tolerance(radius: float) -> None:
    path = wander(12, 20_000, 41.0, 35.0, 0.002)
    shape = geodesy.buffer(shapely.LineString(path), radius)
    assert shape.is_valid
    start, end = rim(shape)
    lon, lat = (start + np.linspace(0, 1, 9)[:, None, None] * (end - start)).reshape(-1, 2).T
    distance = geodesy.Line(path).nearest(lon, lat).distance
    assert np.abs(distance - radius).max() <= 1


def test_cuts_at_the_antimeridian_are_no_rim_where_the_area_goes_on() -> None:
    area = shapely.MultiPolygon([shapely.box(179, -18, 180, -16), shapely.box(-180, -17, -179, -15)])
    start, end = buffer_edges.rim(area)
    seam = np.abs(start[:, 0] + end[:, 0]) == 360
    open_ends = sorted(zip(start[seam, 0], np.minimum(start, end)[seam, 1], strict=True))
    assert open_ends == [(-180.0, -16.0), (180.0, -18.0)]
    assert len(start) == 6 + 2
    assert len(buffer_edges.rim(shapely.box(-180, 80, 180, 90))[0]) == 1
