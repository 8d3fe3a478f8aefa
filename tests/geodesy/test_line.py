"""Lines as rulers: nearest places against brute force, chainages, sides, places at, parts."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod

from geodata import geodesy
from geodata.errors import BadValue
from tests.geodesy import truth
from tests.geodesy.conftest import LINES, around
from tests.geodesy.tolerances import CHAINAGE, LENGTH, NEAREST

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize("edges", ["lonlat", "geodesic"])
@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("reach", NEAREST)
def test_nearest_agrees_with_brute_force(name: str, edges: str, reach: float) -> None:
    path, (tolerance, along) = LINES[name], NEAREST[reach]
    lon, lat = around(path, reach, 30)
    true = truth.nearest_all(path, lon, lat, edges)
    near = geodesy.Line(path, edges).nearest(lon, lat)
    assert len(near.distance) == len(true.distance) == 30
    np.testing.assert_allclose(near.distance, true.distance, rtol=0, atol=tolerance)
    apart = GEOD.inv(near.lon, near.lat, true.lon, true.lat)[2]
    # Two places may be equally near: the foot counts where it is the only one.
    same = apart < 1_000
    assert same.mean() > 0.9
    assert apart[same].max() < along + 0.003 * (true.distance[same] < 1).any()
    on = GEOD.inv(near.lon, near.lat, lon, lat)[2]
    np.testing.assert_allclose(on, near.distance, rtol=0, atol=tolerance)


@pytest.mark.parametrize("edges", ["lonlat", "geodesic"])
@pytest.mark.parametrize("name", ["wandering", "long edges", "high", "repeated vertices"])
def test_chainage_is_the_length_up_to_the_foot(name: str, edges: str) -> None:
    path = LINES[name]
    lon, lat = around(path, 50_000, 8)
    true = truth.nearest_all(path, lon, lat, edges)
    near = geodesy.Line(path, edges).nearest(lon, lat)
    for i in range(len(lon)):
        expected = truth.chainage(path, int(true.edge[i]), float(true.share[i]), edges)
        assert near.chainage[i] == pytest.approx(expected, abs=CHAINAGE)


@pytest.mark.parametrize("edges", ["lonlat", "geodesic"])
@pytest.mark.parametrize("name", LINES)
def test_length_is_that_of_the_edges_as_defined(name: str, edges: str) -> None:
    assert geodesy.Line(LINES[name], edges).length == pytest.approx(
        truth.length(LINES[name], edges, 20_000), abs=LENGTH
    )


def test_the_definition_of_edges_matters_as_much_as_stated() -> None:
    path = np.array([[40.0, 33.0], [40.0 + 160_000 / 93_455, 33.0]])
    middle = path.mean(axis=0)
    apart = geodesy.Line(path, "geodesic").nearest(*middle).distance
    assert apart == pytest.approx(325, abs=3)


def test_places_along_the_line_come_back_as_their_own_feet(border: np.ndarray) -> None:
    line = geodesy.Line(border)
    chainage = np.linspace(0, line.length, 400)
    lon, lat = line.point_at(chainage)
    near = line.nearest(lon, lat)
    assert near.distance.max() < 1e-6
    assert (near.side == "on").all()
    np.testing.assert_allclose(near.chainage, chainage, atol=1e-3)
    assert not near.beyond_end.any()


def test_sides_are_left_and_right_looking_along_the_line() -> None:
    line = geodesy.Line([[41.0, 35.0], [41.0, 36.0], [42.0, 36.0]])
    near = line.nearest([40.5, 41.5, 40.9, 41.5, 41.0], [35.5, 35.5, 36.1, 36.2, 35.5])
    assert near.side.tolist() == ["left", "right", "left", "left", "on"]


def test_a_sharp_corner_has_its_outside_on_one_side() -> None:
    for sign, side in ((1, "left"), (-1, "right")):
        line = geodesy.Line([[41.0, 35.0], [42.0, 35.0], [41.0, 35.0 - sign * 0.01]])
        near = line.nearest([42.1, 42.1, 42.1], [35.05, 35.0, 34.95])
        assert (near.side == side).all()
        assert not near.beyond_end.any()


def test_beyond_the_ends_is_said_but_not_on_a_closed_line() -> None:
    line = geodesy.Line(LINES["east-west"])
    assert line.nearest([37.0, 40.0, 47.0], [33.0, 33.5, 33.0]).beyond_end.tolist() == [True, False, True]
    ring = geodesy.Line(LINES["closed"])
    near = ring.nearest([40.9], [34.9])
    assert not near.beyond_end[0]
    assert near.side[0] == "right"


def test_azimuth_points_from_the_position_to_the_foot(border: np.ndarray) -> None:
    near = geodesy.Line(border).nearest([40.74, 44.0], [36.5, 33.0])
    lon, lat = geodesy.direct([40.74, 44.0], [36.5, 33.0], near.azimuth, near.distance)
    assert GEOD.inv(lon, lat, near.lon, near.lat)[2].max() < 1e-6
    assert ((near.azimuth >= 0) & (near.azimuth < 360)).all()


def test_scalars_arrays_and_nothing() -> None:
    line = geodesy.Line(LINES["wandering"])
    one = line.nearest(41.0, 36.0)
    assert one.distance.shape == ()
    assert one.side in ("left", "right")
    assert line.nearest(np.full((2, 3), 41.0), 36.0).distance.shape == (2, 3)
    assert line.nearest([], []).distance.shape == (0,)
    none = line.nearest([None, np.nan, 41.0], [36.0, 36.0, None])
    assert np.isnan(none.distance).all()
    assert np.isnan(none.azimuth).all()
    assert none.side.tolist() == ["", "", ""]
    assert none.piece.tolist() == [-1, -1, -1]
    assert not line.within([None], [36.0], 1e6).any()


def test_within_counts_the_radius_itself() -> None:
    line = geodesy.Line(LINES["wandering"])
    lon, lat = around(LINES["wandering"], 50_000, 200)
    distance = line.nearest(lon, lat).distance
    assert (line.within(lon, lat, 20_000.0) == (distance <= 20_000)).all()
    assert line.within(lon[:1], lat[:1], distance[:1]).all()


@pytest.mark.parametrize("edges", ["lonlat", "geodesic"])
def test_point_at_and_slice_are_inverse_to_chainage(edges: str) -> None:
    line = geodesy.Line(LINES["long edges"], edges)
    part = line.slice(100_000, 900_000)
    assert part.length == pytest.approx(800_000, abs=0.01 if edges == "geodesic" else 1e-3)
    lon, lat = line.point_at(np.array([100_000.0, 900_000.0]))
    assert part.coordinates[[0, -1]].tolist() == np.column_stack([lon, lat]).tolist()
    assert len(part.coordinates) == 3
    assert line.point_at(0.0) == tuple(line.coordinates[0])
    assert line.point_at(line.length) == tuple(line.coordinates[-1])
    assert np.isnan(line.point_at(np.array([np.nan]))[0]).all()


@pytest.mark.parametrize("bad", [-1.0, 1e9, float("inf")])
def test_a_chainage_off_the_line_is_refused(bad: float) -> None:
    with pytest.raises(BadValue, match="chainage"):
        geodesy.Line(LINES["wandering"]).point_at(bad)


def test_a_slice_runs_forward() -> None:
    with pytest.raises(BadValue, match="end"):
        geodesy.Line(LINES["wandering"]).slice(2.0, 1.0)
