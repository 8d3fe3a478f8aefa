"""Corners, ends and circles: what the interpreted kernel answers where pieces meet, or are as far by their chords."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod

from geodata.geodesy.segments import Curve
from tests.geodesy.interpreted import ask, curve

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize("start", [(0.0, 0.0), (90.0, 0.0), (180.0, 30.0), (90.0, 45.0), (-90.0, -20.0), (0.0, 45.0)])
@pytest.mark.parametrize("axis", [0, 1])
def test_a_corner_is_the_end_of_the_edge_before_it(start: tuple[float, float], axis: int) -> None:
    # Where a coordinate changes its sign, the end of one edge and the start of the next differ in their last bits.
    sign = np.where(np.arange(30) % 2, 1.0, -1.0)
    path = np.empty((30, 2))
    path[:, axis] = start[axis] + sign * np.random.default_rng(0).uniform(2e-4, 1e-3, 30)
    path[:, 1 - axis] = start[1 - axis] + np.arange(30) * 6e-4
    of = Curve([path], "geodesic")
    assert len(of) == 29
    outside = path[1:-1].copy()
    outside[:, axis] += 5e-4 * sign[1:-1]
    for group in (1, 8):
        near = ask(of, *outside.T, group)
        assert near.piece.tolist() == near.edge.tolist() == list(range(28))
        assert near.t.tolist() == [1.0] * 28
        np.testing.assert_array_equal(np.column_stack([near.lon, near.lat]), path[1:-1])
        # Northward, a corner in the east turns left, and what lies outside is on the right; eastward the other way.
        assert near.side.tolist() == (sign[1:-1] * (-1 if axis == 0 else 1)).tolist()
        assert not near.end.any()
        assert not near.several.any()


@pytest.mark.parametrize("corner", [(41.0, 0.0), (0.0, 0.0), (41.0, 35.0), (-90.0, -50.0)])
@pytest.mark.parametrize("azimuth", [0.0, 90.0, 133.0])
@pytest.mark.parametrize("turn", [30.0, 100.0, 150.0, 175.0])
@pytest.mark.parametrize("left", [True, False])
def test_what_lies_outside_a_corner_lies_on_its_outer_side(
    corner: tuple[float, float], azimuth: float, turn: float, left: bool
) -> None:
    sign = -1 if left else 1
    before = GEOD.fwd(*corner, azimuth + 180, 3_000.0)[:2]
    after = GEOD.fwd(*corner, azimuth + sign * turn, 3_000.0)[:2]
    if azimuth == 90 and corner[1] == 0:
        before = (before[0], 0.0)
    if azimuth == 0:
        before = (corner[0], before[1])
    of = Curve([np.array([before, corner, after])], "geodesic")
    # Between the normals of both edges; straight on as well, to the last bit where an axis is.
    shares = np.array([0.03, 0.2, 0.4, 0.6, 0.8, 0.97])
    ways = azimuth - sign * (90 - shares * turn)
    ways = np.append(ways, azimuth) if turn > 90 else ways
    lon, lat, _ = (np.asarray(part) for part in GEOD.fwd(*np.tile(corner, (len(ways), 1)).T, ways, [200.0] * len(ways)))
    if turn > 90 and azimuth == 90 and corner[1] == 0:
        lat[-1] = 0.0
    if turn > 90 and azimuth == 0:
        lon[-1] = corner[0]
    near = ask(of, lon, lat, 3)
    assert near.distance == pytest.approx(200.0, abs=1e-5)
    assert near.side.tolist() == [-1 if left else 1] * len(ways)
    assert not near.end.any()


@pytest.mark.parametrize("edges", ["lonlat", "geodesic"])
def test_ends_come_back_as_they_were_given(edges: str) -> None:
    rng = np.random.default_rng(11)
    for lon, lat in zip(rng.uniform(-170, 170, 12).tolist(), rng.uniform(-70, 70, 12).tolist(), strict=True):
        path = np.array([[lon, lat], [lon + 0.001, lat + 0.0005]])
        near = ask(Curve([path], edges), [lon - 0.001, lon + 0.002], [lat - 0.0005, lat + 0.001], 1)
        assert np.column_stack([near.lon, near.lat]).tolist() == path.tolist()
        assert near.t.tolist() == [0.0, 1.0]


@pytest.mark.parametrize("name", ["wandering", "closed", "zigzag", "apart"])
def test_feet_are_places_of_the_curve_to_the_last_digits(name: str) -> None:
    of = curve(name)
    lon, lat = of.ends[:, 0].mean(axis=0)[:, None] + np.random.default_rng(3).uniform(-0.05, 0.05, (2, 40))
    near = ask(of, lon, lat, 4)
    assert ((near.t > 0) & (near.t < 1)).sum() > 3
    x, y = of.position(near.piece, near.t)
    assert np.abs(near.lon - x).max() < 5e-14
    assert np.abs(near.lat - y).max() < 5e-14


@pytest.mark.parametrize("group", [1, 6])
@pytest.mark.parametrize("radius", [1e4, 3e5, 1.25e6])
@pytest.mark.parametrize("centre", [(41.0, 35.0), (10.0, 2.0), (-70.0, -62.0)])
def test_places_as_far_by_their_chords_are_told_apart_by_geodesics(
    centre: tuple[float, float], radius: float, group: int
) -> None:
    # Chords of one length stand for geodesics that differ by 0.0213/24 of their cube over the squared radius.
    differ = 0.0213 / 24 / 6.37e6**2 * radius**3 + 0.01
    rng = np.random.default_rng(7)
    lengths = radius + rng.uniform(0, differ, 40)
    lon, lat, _ = GEOD.fwd(*np.tile(centre, (40, 1)).T, rng.uniform(0, 360, 40), lengths)
    of = Curve([np.array([[x, y]]) for x, y in zip(lon, lat, strict=True)], "lonlat")
    around = np.array(centre)[:, None] + np.concatenate([[[0.0], [0.0]], rng.uniform(-1e-4, 1e-4, (2, 5))], axis=1)
    near = ask(of, *around, group)
    for i, (x, y) in enumerate(around.T):
        each = np.asarray(GEOD.inv(np.full(40, x), np.full(40, y), lon, lat)[2])
        assert near.distance[i] == pytest.approx(each.min(), abs=1e-4)
        assert each[near.piece[i]] <= each.min() + 2e-4


@pytest.mark.parametrize("start", [(0.0, 0.0), (90.0, 10.0), (180.0, 0.0), (41.0, 35.0)])
@pytest.mark.parametrize("reverse", [False, True])
def test_the_corner_where_a_ring_closes_is_as_any_other(start: tuple[float, float], reverse: bool) -> None:
    rng = np.random.default_rng(6)
    for _ in range(12):
        # A needle whose tip is where the ring begins and ends: past the tip lies outside.
        azimuth = rng.uniform(0, 360)
        corners = [GEOD.fwd(*start, azimuth + off, 150.0)[:2] for off in (-6.0, 6.0)]
        ring = np.array([start, *corners, start])
        of = Curve([ring[::-1] if reverse else ring], "geodesic")
        ways = azimuth + 180 + np.array([-80.0, -30.0, 0.0, 30.0, 80.0])
        lon, lat, _ = GEOD.fwd(*np.tile(start, (5, 1)).T, ways, [90.0] * 5)
        near = ask(of, lon, lat, 2)
        assert near.distance == pytest.approx(90.0, abs=1e-5)
        assert near.side.tolist() == [1 if not reverse else -1] * 5
        assert not near.end.any()


@pytest.mark.parametrize("reverse", [False, True])
def test_straight_on_beyond_an_end_is_neither_left_nor_right(reverse: bool) -> None:
    path = np.array([[40.99, 0.0], [41.0, 0.0], [41.01, 0.0]])
    near = ask(Curve([path[::-1] if reverse else path], "geodesic"), [40.98, 41.02], [0.0, 0.0], 2)
    assert near.side.tolist() == [0, 0]
    assert near.end.tolist() == [True, True]


def test_positions_none_of_which_is_known_are_answered() -> None:
    near = ask(curve("short"), [np.nan, 41.0, np.nan], [35.0, np.nan, np.nan], 2)
    assert near.piece.tolist() == [-1] * 3
    assert np.isnan(near.distance).all()


@pytest.mark.parametrize("group", [1, 12])
@pytest.mark.parametrize("count", [2, 21, 22, 23, 43, 60, 140])
def test_places_as_near_are_counted_however_many_there_are(count: int, group: int) -> None:
    middle = np.array([41.0, 35.0])
    lon, lat, _ = GEOD.fwd(*np.tile(middle, (count, 1)).T, np.linspace(0, 300, count), np.full(count, 10_000.0))
    x, y = middle[:, None] + np.random.default_rng(4).uniform(-1e-9, 1e-9, (2, 12))
    near = ask(Curve([np.array([[a, b]]) for a, b in zip(lon, lat, strict=True)], "lonlat"), x, y, group)
    assert near.several.all()
    alone = ask(Curve([np.array([[lon[0], lat[0]]])], "lonlat"), x, y, group)
    assert not alone.several.any()


@pytest.mark.parametrize("azimuth", [0.0, 90.0, 133.0, 300.0])
@pytest.mark.parametrize("turn", [100.0, 150.0, 172.0])
@pytest.mark.parametrize("left", [True, False])
def test_what_lies_inside_a_corner_lies_on_its_inner_side(azimuth: float, turn: float, left: bool) -> None:
    corner, sign = (41.0, 35.0), -1 if left else 1
    before = GEOD.fwd(*corner, azimuth + 180, 3_000.0)[:2]
    after = GEOD.fwd(*corner, azimuth + sign * turn, 3_000.0)[:2]
    of = Curve([np.array([before, corner, after])], "geodesic")
    shares = np.array([0.1, 0.3, 0.45, 0.55, 0.7, 0.9])
    ways = azimuth + 180 - sign * shares * (180 - turn)
    lon, lat, _ = GEOD.fwd(*np.tile(corner, (6, 1)).T, ways, [100.0] * 6)
    near = ask(of, lon, lat, 3)
    assert ((near.t > 0) & (near.t < 1)).sum() >= 4
    assert near.side.tolist() == [1 if left else -1] * 6


@pytest.mark.parametrize("lat", [0.0, 60.0, -45.0])
def test_a_side_is_that_of_the_curve_and_not_of_its_chord(lat: float) -> None:
    # Along a parallel, whose chord lies some millimetres beside it; the foot is in the very middle of a piece.
    of = Curve([np.array([[-0.001, lat], [0.001, lat]])], "lonlat")
    for beside in (1e-4, 1.0, 500.0):
        to = [GEOD.fwd(0.0, lat, azimuth, beside)[1] for azimuth in (0.0, 180.0)]
        near = ask(of, [0.0, 0.0], to, 2)
        assert near.side.tolist() == [1, -1]
        assert near.distance == pytest.approx([beside] * 2, abs=1e-6)
        assert near.t == pytest.approx([0.5] * 2, abs=1e-6)


def test_a_place_where_a_line_crosses_itself_is_one_place() -> None:
    path = np.array([[40.99, 34.99], [41.0, 35.0], [41.01, 35.01], [41.01, 34.99], [41.0, 35.0], [40.99, 35.01]])
    near = ask(Curve([path], "geodesic"), [41.0, 41.0], [35.0, 35.0 + 1e-9], 2)
    assert near.several.tolist() == [False, True]
    assert near.side[0] == 0
