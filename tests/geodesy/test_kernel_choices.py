"""What the interpreted kernel chooses, on lines small enough to ask all of their pieces: piece, foot, side, ties."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pyproj import Geod

from geodata.geodesy import lanes
from geodata.geodesy.ecef_inverse import NEAR
from geodata.geodesy.segments import Curve
from tests.geodesy.conftest import around, wander
from tests.geodesy.interpreted import CURVES, FIELDS, ask, curve

GEOD = Geod(ellps="WGS84")


def positions(name: str, count: int = 24) -> tuple[np.ndarray, np.ndarray]:
    """Return positions near and far, on vertices and beside them."""
    path = np.concatenate(CURVES[name][0])
    if len(path) == 1 or name == "points":
        path = np.concatenate([path, path[:1]])
    parts = [around(path, reach, count // 4, seed=i) for i, reach in enumerate((300.0, 2e4, 3e5, 9e5))]
    vertices = path[:: max(1, len(path) // 5)]
    lon = np.concatenate([*(part[0] for part in parts), vertices[:, 0], vertices[:, 0] + 1e-4])
    lat = np.concatenate([*(part[1] for part in parts), vertices[:, 1], vertices[:, 1] - 2e-4])
    return lon, lat


def along(of: Curve) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return places all along a curve, 40 a piece: longitude, latitude, chainage in metres, piece."""
    share = np.linspace(0, 1, 41)
    (lon, lat), (to_lon, to_lat) = of.ends[:, 0].T[..., None], of.ends[:, 1].T[..., None]
    if of.edges == "lonlat":
        x, y = lon + (to_lon - lon) * share, lat + (to_lat - lat) * share
    else:
        azimuth, _, length = GEOD.inv(lon[:, 0], lat[:, 0], to_lon[:, 0], to_lat[:, 0])
        ones = np.ones_like(share)
        x, y, _ = GEOD.fwd(lon * ones, lat * ones, azimuth[:, None] * ones, length[:, None] * share)
    steps = np.asarray(GEOD.inv(x[:, :-1], y[:, :-1], x[:, 1:], y[:, 1:])[2])
    ends = np.cumsum(steps.sum(axis=1))
    starts = np.concatenate([[0.0], ends[:-1]])
    chainage = starts[:, None] + np.concatenate([np.zeros((len(x), 1)), np.cumsum(steps, axis=1)], axis=1)
    piece = np.broadcast_to(np.arange(len(x))[:, None], x.shape)
    return x.ravel(), y.ravel(), chainage.ravel(), piece.ravel()


def to_segment(point: np.ndarray, start: np.ndarray, end: np.ndarray) -> tuple[float, float]:
    """Return where a point of the plane is nearest to a segment, 0 to 1, and how far it is."""
    way = end - start
    t = float(np.clip(((point - start) @ way) / max(way @ way, 1e-300), 0, 1))
    return t, float(np.linalg.norm(point - start - t * way))


def truth(of: Curve, lon: float, lat: float) -> tuple[float, float, float, float]:
    """Return distance, chainage, longitude and latitude of the nearest place, from thousands of places along it.

    Between the places beside the nearest it is found in the plane that they lie in, as the position sees them.
    """
    x, y, chainage, piece = along(of)
    azimuth, _, length = GEOD.inv(np.full_like(x, lon), np.full_like(x, lat), x, y)
    radians = np.radians(azimuth)
    plane = np.column_stack([length * np.sin(radians), length * np.cos(radians)])
    best = (math.inf, 0.0, 0.0, 0.0)
    for at in np.argsort(length)[:6]:
        for low in (at - 1, at):
            if low < 0 or low + 1 >= len(x) or piece[low] != piece[low + 1]:
                continue
            t, s = to_segment(np.zeros(2), plane[low], plane[low + 1])
            if s < best[0]:
                best = (s, *(float(part[low] + t * (part[low + 1] - part[low])) for part in (chainage, x, y)))
    return best


@pytest.mark.parametrize("name", list(CURVES))
def test_distance_foot_and_chainage_are_those_of_the_nearest_place(name: str) -> None:
    of = curve(name)
    lon, lat = positions(name)
    near = ask(of, lon, lat, 1)
    assert (near.piece >= 0).all()
    assert ((near.t >= 0) & (near.t <= 1)).all()
    for i, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)):
        distance, chainage, _, _ = truth(of, x, y)
        assert near.distance[i] == pytest.approx(distance, abs=1e-3)
        to_foot = GEOD.inv(x, y, near.lon[i], near.lat[i])[2]
        assert near.distance[i] == pytest.approx(to_foot, abs=1e-6 if to_foot < 3e5 else 1e-4)
        if name != "spike" and not near.several[i]:
            # A foot is good to a metre in which the distance hardly changes.
            apart = abs(near.chainage[i] - chainage)
            whole = of.chainages[-1] if name == "closed" else math.inf
            assert min(apart, whole - apart) <= 2.0 + 1e-5 * distance
        place = of.position(near.piece[i : i + 1], near.t[i : i + 1])
        assert (near.lon[i], near.lat[i]) == pytest.approx((place[0][0], place[1][0]), abs=1e-12)
        assert near.chainage[i] == pytest.approx(of.chainage(near.piece[i : i + 1], near.t[i : i + 1])[0], abs=1e-7)
        assert near.edge[i] == of.edge[near.piece[i]]
        on_end = (near.t[i] == 0 and of.before[near.piece[i]] < 0) or (near.t[i] == 1 and of.after[near.piece[i]] < 0)
        assert near.end[i] == (on_end and near.distance[i] > 1e-6)


@pytest.mark.parametrize("name", list(CURVES))
@pytest.mark.parametrize("group", [2, 7, 64])
def test_company_changes_no_answer(name: str, group: int) -> None:
    of = curve(name)
    lon, lat = positions(name, 16)
    alone, together = ask(of, lon, lat, 1), ask(of, lon, lat, group)
    order = np.random.default_rng(group).permutation(len(lon))
    mixed = ask(of, lon, lat, group, keys=(np.arange(len(lon)) << 8) | order, mask=255)
    lengths = ask(of, lon, lat, group, feet=False)
    for field in FIELDS:
        expected = getattr(alone, field)
        np.testing.assert_array_equal(getattr(together, field), expected)
        np.testing.assert_array_equal(getattr(mixed, field), expected)
        short = getattr(lengths, field)
        np.testing.assert_array_equal(short, expected[: len(short)])
    assert [len(part) for part in lengths.arrays] == [len(lon)] * 4 + [0] * 6


def side_of(lon: float, lat: float, foot: tuple[float, float], azimuth: float) -> int:
    """Return the side of a line that runs at an azimuth: 1 left, -1 right."""
    to_point = GEOD.inv(*foot, lon, lat)[0]
    return 1 if math.sin(math.radians(to_point - azimuth)) < 0 else -1


@pytest.mark.parametrize("name", ["wandering", "apart", "zigzag", "short"])
def test_the_side_is_that_of_the_edge_at_the_foot(name: str) -> None:
    of = curve(name)
    lon, lat = positions(name, 40)
    near = ask(of, lon, lat, 8)
    compared = 0
    for i, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)):
        piece, t, s = near.piece[i], near.t[i], near.distance[i]
        if s <= 1e-6:
            assert near.side[i] == 0
            continue
        ends = of.ends[piece]
        if not 0 < t < 1 or s < 1.0:
            continue
        middle = (near.lon[i], near.lat[i])
        azimuth = GEOD.inv(*ends[0], *ends[1])[0]
        compared += 1
        assert near.side[i] == side_of(x, y, middle, azimuth)
    assert compared > 3


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("way", "left"), [((0.05, 0.04), -1), ((0.05, -0.04), 1), ((0.0, 0.05), -1), ((0.0, -0.05), 1)]
)
def test_the_wedge_outside_a_corner_lies_on_its_outer_side(way: tuple[float, float], left: int, turned: bool) -> None:
    # East, then up or down: what lies outside the corner is on the right where the line turns left.
    path = np.array([[41.0, 35.0], [41.05, 35.0], [41.05 + way[0], 35.0 + way[1]]])
    of = Curve([path[::-1] if turned else path], "geodesic")
    out = np.array([0.001 if way[0] else 0.02, -0.02 if way[1] > 0 else 0.02])
    near = ask(of, [41.05 + out[0]], [35.0 + out[1]], 1)
    assert (near.lon[0], near.lat[0]) == (41.05, 35.0)
    assert near.side[0] == (-left if turned else left)
    assert not near.end[0]
    assert not near.several[0]


@pytest.mark.parametrize("reverse", [False, True])
def test_the_ends_of_a_line(reverse: bool) -> None:
    path = np.array([[41.0, 35.0], [41.05, 35.0], [41.1, 35.0]])
    of = Curve([path[::-1] if reverse else path], "lonlat")
    near = ask(of, [40.9, 41.2, 41.05, 41.0, 40.9, 41.2], [35.0, 35.0, 35.1, 35.0, 35.1, 34.9], 6)
    assert near.end.tolist() == [True, True, False, False, True, True]
    assert near.lon.tolist() == pytest.approx([41.0, 41.1, 41.05, 41.0, 41.0, 41.1], abs=1e-6)
    # Straight on, the foot's tangent leads to the point or nearly so; beside it the side is that of the last edge.
    assert near.side[4:].tolist() == ([-1, 1] if reverse else [1, -1])
    assert near.side[3] == 0
    assert near.several.tolist() == [False] * 6


def test_a_ring_has_no_ends() -> None:
    near = ask(curve("closed"), [40.99, 41.05, 40.99, 41.02], [34.99, 35.05, 35.02, 35.02], 4)
    assert not near.end.any()
    assert near.several.tolist() == [False, False, False, True]
    assert near.side.tolist() == [-1, -1, -1, 1]


def twice(of: Curve, x: float, y: float, within: float) -> bool:
    """Tell whether two local minima of the distance along a curve are as near as each other."""
    lon, lat, chainage, _ = along(of)
    length = np.asarray(GEOD.inv(np.full_like(lon, x), np.full_like(lat, y), lon, lat)[2])
    close = chainage[length <= length.min() + within]
    return bool(close.max() - close.min() > 500)


@pytest.mark.parametrize("group", [1, 5])
@pytest.mark.parametrize(
    ("off", "several"), [(0.0, True), (2e-9, True), (-2e-9, True), (1e-6, False), (-1e-6, False), (1e-3, False)]
)
def test_feet_that_may_be_as_near_are_counted(off: float, several: bool, group: int) -> None:
    # Two parallel meridians of one line, and the one between them.
    path = np.array([[40.99, 34.98], [40.99, 35.02], [41.01, 35.02], [41.01, 34.98]])
    of = Curve([path], "geodesic")
    near = ask(of, np.full(5, 41.0) + off + np.arange(5) * 1e-12, np.full(5, 35.0), group)
    assert near.several.tolist() == [several] * 5
    for i in range(5):
        assert (GEOD.inv(41.0 + off, 35.0, near.lon[i], near.lat[i])[2]) == pytest.approx(near.distance[i], abs=1e-5)
    if abs(off) > 1e-7:
        assert ((near.lon < 41) == (off < 0)).all()


@pytest.mark.parametrize("group", [1, 3])
def test_of_places_as_near_the_first_of_the_line_is_the_answer(group: int) -> None:
    twin = np.array([[41.0, 35.0], [41.01, 35.0]])
    for path in (twin, twin[::-1]):
        near = ask(Curve([path, path, path], "geodesic"), [41.002, 41.003, 41.5], [35.01, 34.99, 35.0], group)
        assert (near.piece < len(Curve([path], "geodesic"))).all()
        assert near.several.tolist() == [True] * 3
    point = np.array([[41.0, 35.0]])
    near = ask(Curve([point, point, point], "lonlat"), [41.1, 41.1, 41.2], [35.0, 35.0, 35.0], group)
    assert near.piece.tolist() == [0, 0, 0]
    assert near.several.tolist() == [True] * 3


def test_what_is_unknown_or_repeated_is_answered_in_its_place() -> None:
    of = curve("wandering")
    lon = np.array([np.nan, 41.0, 41.0, 41.0, np.nan, 41.0, 41.2, np.nan, 41.2, 41.2, 41.0])
    lat = np.array([35.0, 35.0, np.nan, 35.0, np.nan, 35.0, 35.1, 35.1, 35.1, 35.1, 35.0])
    known = ~(np.isnan(lon) | np.isnan(lat))
    for group in (1, 2, 64):
        for keys in (None, np.arange(len(lon))[::-1].copy()):
            near = ask(of, lon, lat, group, keys=keys)
            alone = ask(of, lon[known], lat[known], 1)
            for field in FIELDS:
                np.testing.assert_array_equal(getattr(near, field)[known], getattr(alone, field))
            assert near.piece[~known].tolist() == [-1] * 4
            assert near.edge[~known].tolist() == [-1] * 4
            assert near.side[~known].tolist() == [0] * 4
            assert not near.end[~known].any()
            assert not near.several[~known].any()
            for field in ("t", "distance", "lon", "lat", "chainage"):
                assert np.isnan(getattr(near, field)[~known]).all()
            short = ask(of, lon, lat, group, keys=keys, feet=False)
            np.testing.assert_array_equal(short.piece, near.piece)
            np.testing.assert_array_equal(short.side, near.side)
            np.testing.assert_array_equal(short.distance, near.distance)
            np.testing.assert_array_equal(short.t, near.t)


FAR = [
    (55.0, 45.0),
    (41.0, -20.0),
    (-60.0, 10.0),
    (120.0, 60.0),
    (41.0, 89.0),
    (10.0, 35.0),
    (52.0, 41.0),
    (27.0, 33.0),
]


@pytest.mark.parametrize("name", ["wandering", "closed", "points", "apart"])
def test_far_positions_are_answered_by_geodesics(name: str) -> None:
    of = curve(name)
    lon, lat = np.array(FAR).T
    alone, together = ask(of, lon, lat, 1), ask(of, lon, lat, 8)
    for field in FIELDS:
        np.testing.assert_array_equal(getattr(alone, field), getattr(together, field))
    for i, (x, y) in enumerate(FAR):
        xs, ys, _, _ = along(of)
        lengths = np.asarray(GEOD.inv(np.full_like(xs, x), np.full_like(ys, y), xs, ys)[2])
        assert alone.distance[i] == pytest.approx(lengths.min(), abs=0.05)
        assert alone.distance[i] <= lengths.min() + 2e-4
        foot = GEOD.inv(x, y, alone.lon[i], alone.lat[i])[2]
        assert foot == pytest.approx(alone.distance[i], abs=1e-3)
        assert alone.several[i] == twice(of, x, y, 1e-3)


def test_where_nothing_is_told_of_the_antipodes_another_place_is_still_asked() -> None:
    near = ask(curve("points"), [-139.0, 41.0], [-35.0, 35.0], 2)
    assert math.isnan(near.t[0])
    assert near.distance[0] == math.inf
    assert (near.piece[1], near.distance[1], near.side[1]) == (0, 0.0, 0)


def test_far_ties_and_neighbours() -> None:
    three = Curve([np.array([[20.0, 0.0]]), np.array([[41.0, 40.0]]), np.array([[60.0, 0.0]])], "lonlat")
    near = ask(three, [40.0, 40.0, 39.0, 40.5], [0.0, -10.0, 0.0, 5.0], 4)
    assert near.several.tolist() == [True, True, False, False]
    assert near.piece.tolist() == [0, 0, 0, 2]
    assert (near.distance > NEAR).all()
    # A joint of two neighbours is one place.
    joint = Curve([np.array([[41.0, 35.0], [41.002, 35.0], [41.0, 35.001]])], "geodesic")
    near = ask(joint, [75.0], [30.0], 1)
    assert (near.lon[0], near.lat[0]) == (41.002, 35.0)
    assert not near.several[0]


def dense() -> Curve:
    """Return a line with more pieces round a position than a group has room for."""
    return Curve([wander(12, 260, 41.0, 35.0, 0.0004)], "lonlat")


def test_where_there_is_no_room_for_all_the_group_is_divided() -> None:
    of = dense()
    rng = np.random.default_rng(3)
    lon, lat = around(np.array([[41.0, 35.0], [41.01, 35.0]]), 3e5, 12, seed=6)
    lon, lat = np.concatenate([lon, rng.normal(41, 3e-3, 24)]), np.concatenate([lat, rng.normal(35, 3e-3, 24)])
    alone = ask(of, lon, lat, 1)
    for group in (5, 36, lanes.LANES):
        together = ask(of, lon, lat, group)
        for field in FIELDS:
            np.testing.assert_array_equal(getattr(together, field), getattr(alone, field))


def test_where_more_pairs_are_as_near_than_there_is_room_for() -> None:
    middle = np.array([41.0, 35.0])
    lon, lat, _ = GEOD.fwd(*(np.full(100, part) for part in middle), np.linspace(0, 350, 100), np.full(100, 10_000.0))
    of = Curve([np.column_stack([lon, lat])[:60]], "geodesic")
    rng = np.random.default_rng(4)
    x, y = middle[:, None] + rng.uniform(-1e-9, 1e-9, (2, 12))
    together, alone = ask(of, x, y, 12), ask(of, x, y, 1)
    np.testing.assert_array_equal(together.piece, alone.piece)
    np.testing.assert_array_equal(together.distance, alone.distance)
    assert together.several.all()
    assert alone.several.all()
    assert ((together.distance > 9_990) & (together.distance < 10_000)).all()


@pytest.mark.parametrize("lat", [90.0, -90.0, 89.99999, 0.0])
def test_the_poles_and_the_equator(lat: float) -> None:
    other = lat - math.copysign(0.01, lat) if lat else 0.01
    of = Curve([np.array([[10.0, lat], [10.0, other]])], "geodesic")
    lon, lats = np.array([10.0, 11.0, -170.0, 100.0]), np.full(4, (lat + other) / 2)
    near = ask(of, lon, lats, 4)
    for i in range(4):
        distance = truth(of, float(lon[i]), float(lats[i]))[0]
        assert near.distance[i] == pytest.approx(distance, abs=1e-3)
        assert near.distance[i] == pytest.approx(GEOD.inv(lon[i], lats[i], near.lon[i], near.lat[i])[2], abs=1e-5)


def test_where_chords_end_company_changes_nothing_either() -> None:
    of = Curve([np.array([[41.0, 35.0], [41.002, 35.001]])], "lonlat")
    # A chord of NEAR is an arc of some 2,255 m more.
    for azimuth in (20.0, 230.0):
        ones = np.ones(25)
        lon, lat, _ = GEOD.fwd(41 * ones, 35 * ones, azimuth * ones, NEAR + 2_255 + np.linspace(-60, 60, 25))
        alone, together = ask(of, lon, lat, 1), ask(of, lon, lat, 25)
        for field in FIELDS:
            np.testing.assert_array_equal(getattr(together, field), getattr(alone, field))
        assert alone.distance == pytest.approx(GEOD.inv(lon, lat, alone.lon, alone.lat)[2], abs=2e-4)
