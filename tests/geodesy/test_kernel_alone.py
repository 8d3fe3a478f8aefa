"""Steps of the interpreted kernel by themselves, against all pieces: one point alone, chords of a group, sides."""

from __future__ import annotations

import math

import numpy as np
import pytest

from geodata.geodesy import kernel, lanes
from geodata.geodesy.candidates import STACK
from geodata.geodesy.ecef_inverse import NEAR, A
from geodata.geodesy.kernel import EQUAL, LANES, SIFTED, SLACK
from geodata.geodesy.refine import corner_orientation, foot_far, refine_foot
from geodata.geodesy.segments import WIDE, Curve
from tests.geodesy.interpreted import CURVES, curve


def vector(lon: float, lat: float, height: float = 0.0) -> tuple[float, float, float]:
    """Return the vector of a position on the ellipsoid, as the kernel has it."""
    rows = np.empty(lanes.ROWS * LANES)
    rows[lanes.LON], rows[lanes.LAT] = lon, lat
    lanes.place_lanes(rows, 1)
    return rows[lanes.X], rows[lanes.Y], rows[lanes.Z]


def alone(of: Curve, point: tuple[float, float, float], seed: int = 0) -> tuple[int, float, float, bool]:
    """Return what `nearest_alone` answers."""
    pieces, order, boxes, levels, _, _, _, _, bow, _ = of.arrays(True)
    near, gaps, stack = np.empty(WIDE), np.empty(STACK), np.empty((2, STACK), dtype=np.int64)
    return kernel.nearest_alone(pieces, order, boxes, levels, bow + SLACK, *point, seed, near, gaps, stack)


def every(of: Curve, point: tuple[float, float, float]) -> np.ndarray:
    """Return t and distance of a point's nearest place of every piece."""
    pieces = of.arrays(True)[0]
    chords = [kernel.chord_gap(pieces, k, *point) for k in range(len(pieces))]
    if math.sqrt(min(chords)) > NEAR:
        return np.array([foot_far(pieces, k, *point) for k in range(len(pieces))])
    return np.array([refine_foot(*pieces[k, :10], *point) for k in range(len(pieces))])


def fans(seed: int) -> tuple[Curve, list[tuple[float, float]]]:
    """Return pieces that lie round a middle, as far from it as each other but for metres, and positions beside it."""
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(-170, 170), rng.uniform(-70, 70)
    reach = rng.choice([0.2, 1.0, 3.0])
    paths = []
    for _ in range(10):
        angle = rng.normal(0, 0.3) if rng.random() < 0.7 else rng.uniform(0, 2 * math.pi)
        size, off = reach * (1 + rng.normal(0, 3e-4)), rng.uniform(0.02, 0.15) * reach
        x, y = lon + size * math.cos(angle), lat + size * math.sin(angle) * 0.6
        across = off * np.array([-math.sin(angle), math.cos(angle)])
        paths.append(np.array([[x - across[0], y - across[1]], [x + across[0], y + across[1]]]))
    paths = [np.clip(path, (-180, -89), (180, 89)) for path in paths]
    places = [(lon + dx, lat + dy) for dx, dy in rng.normal(0, 1e-4 * reach, (2, 2))]
    return Curve(paths, "geodesic" if seed % 2 else "lonlat"), places


def held_to_every_piece(of: Curve, position: tuple[float, float], seed: int) -> None:
    """Compare the answer for one point with all pieces, and whether others are as near with a count of them."""
    point = vector(*position)
    piece, t, distance, several = alone(of, point, seed)
    ts, distances = every(of, point).T
    best = int(distances.argmin())
    assert (piece, t, distance) == (best, ts[best], distances[best])
    apart = np.abs(np.arange(len(distances)) - best) > 1
    if (distances[apart] <= distance + EQUAL / 2).any():
        assert several
    if several:
        # Neighbours of one another count once each: only a piece that is none can make it several.
        others = np.delete(np.arange(len(distances)), best)
        assert (distances[others] <= distance + 2 * SIFTED).any()


@pytest.mark.parametrize("seed", range(40))
def test_one_point_is_answered_as_from_every_piece(seed: int) -> None:
    of, places = fans(seed)
    for number, position in enumerate(places):
        held_to_every_piece(of, position, number)


@pytest.mark.parametrize("name", list(CURVES))
def test_one_point_beside_a_small_line_is_answered_as_from_every_piece(name: str) -> None:
    of = curve(name)
    rng = np.random.default_rng(len(name))
    for scale in (1e-3, 0.1, 2.0, 12.0, 60.0):
        for dx, dy in rng.normal(0, scale, (6, 2)):
            held_to_every_piece(of, (41 + dx, float(np.clip(35 + dy, -89, 89))), 0)


def test_of_equal_pieces_the_one_with_the_lowest_number_is_named() -> None:
    path = np.array([[41.0, 35.0], [41.3, 35.0]])
    of = Curve([path, path, path], "geodesic")
    for seed in range(3):
        for position in ((41.1, 35.2), (41.1, 47.0), (20.0, 35.0)):
            piece, _, _, several = alone(of, vector(*position), seed)
            assert piece < len(Curve([path], "geodesic"))
            assert several


def test_a_nearer_piece_ends_what_was_equal_before() -> None:
    # Two as near as each other in the first leaf, one nearer by metres: of the nearest there is one.
    far, near = np.array([[41.0, 35.0], [41.0, 35.0]]), np.array([[41.0, 35.0005]])
    for paths in ([far[:1], far[:1], near], [near, far[:1], far[:1]]):
        piece, _, _, several = alone(Curve(paths, "lonlat"), vector(41.0, 35.1))
        assert piece == (2 if paths[2] is near else 0)
        assert not several


def test_nothing_is_known_of_the_antipodes() -> None:
    piece, t, distance, several = alone(Curve([np.array([[41.0, 35.0]])], "lonlat"), vector(-139.0, -35.0))
    assert piece == 0
    assert math.isnan(t)
    assert (distance, several) == (math.inf, False)


@pytest.mark.parametrize("seed", range(8))
def test_chords_of_a_group_are_those_of_each_point(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count, n = 7, 11
    rows = rng.normal(0, 1e4, (count, 11))
    rows[:, 9] = 1 / (rows[:, 3:6] ** 2).sum(axis=1)
    rows[:, 10] = np.abs(rows[:, 10])
    group, gaps = np.full(lanes.ROWS * LANES, np.nan), np.full(count * LANES, np.nan)
    points = rng.normal(0, 1.5e4, (n, 3))
    for axis, at in enumerate((lanes.X, lanes.Y, lanes.Z)):
        group[at : at + n] = points[:, axis]
    kernel.candidate_gaps(rows, count, group, n, gaps)
    start, way = rows[:, None, :3], rows[:, None, 3:6]
    t = np.clip(((points - start) * way).sum(axis=2) * rows[:, None, 9], 0, 1)
    squares = ((points - start - t[..., None] * way) ** 2).sum(axis=2)
    np.testing.assert_allclose(gaps.reshape(count, LANES)[:, :n], squares, rtol=1e-9)
    np.testing.assert_allclose(group[lanes.LEAST : lanes.LEAST + n], squares.min(axis=0), rtol=1e-9)
    np.testing.assert_array_equal(group[lanes.SPAN : lanes.SPAN + n], rows[squares.argmin(axis=0), 10])
    assert np.isnan(group[lanes.LEAST + n])


@pytest.mark.parametrize("name", ["wandering", "closed", "zigzag", "apart", "points"])
def test_edges_at_a_foot_are_those_of_the_curve_there(name: str) -> None:
    of = curve(name)
    pieces, _, _, _, before, after, *_ = of.arrays(True)
    point = np.array(vector(41.3, 35.4))

    def place(k: int, t: float) -> np.ndarray:
        return pieces[k, :3] + t * pieces[k, 3:6] + 4 * t * (1 - t) * pieces[k, 6:9]

    def tangent(k: int, t: float) -> np.ndarray:
        # Of a parabola the middle difference is the derivative, but for rounding.
        return (place(k, t + 0.25) - place(k, t - 0.25)) * 2

    for k in range(len(pieces)):
        for t in (0.0, 0.3, 0.5, 0.9, 1.0):
            group, turns = np.zeros(lanes.ROWS * LANES), np.full(kernel.TURN_ROWS * LANES, np.nan)
            group[lanes.X], group[lanes.Y], group[lanes.Z] = point
            group[lanes.PLACE], best = t, np.array([k])
            kernel.settle_sides(pieces, before, after, group, 1, turns, best)
            moved = t == 0 and k > 0 and before[k] == k - 1
            piece, at = (k - 1, 1.0) if moved else (k, t)
            assert (best[0], group[lanes.PLACE]) == (piece, at)
            other = after[piece] if at == 1 else before[piece] if at == 0 else -1
            there = tangent(other, 1.0 - at) if other >= 0 else tangent(piece, at)
            rows = turns.reshape(kernel.TURN_ROWS, LANES)[:, 0]
            np.testing.assert_allclose(rows[:3], place(piece, at), rtol=0, atol=1e-7)
            np.testing.assert_allclose(rows[3:6], tangent(piece, at), rtol=0, atol=1e-6)
            np.testing.assert_allclose(rows[6:9], there, rtol=0, atol=1e-6)
            ordered = (other, piece) if at == 0 else (piece, other)
            assert rows[11] == (corner_orientation(pieces, *ordered) if other >= 0 else 0)
            assert np.linalg.norm(point) < 1.01 * A
