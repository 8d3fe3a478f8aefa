"""How the interpreted kernel divides its work: who shares candidates, and how few pieces are looked at closely."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from pyproj import Geod

from geodata.geodesy import ellipsoid, kernel
from geodata.geodesy.segments import Curve
from tests.geodesy.conftest import LINES, wander
from tests.geodesy.interpreted import ask, curve

GEOD = Geod(ellps="WGS84")
LANES = 64
KILOMETRE = 1 / 110.95
"""Degrees of latitude at 35° N."""
ROOM = 128
"""Candidates that a group has room for."""


class Work:
    """What the kernel did: of each group tried how many points, within what radius, and how many candidates (-1: too
    many, None: not looked for); how often a piece was looked at for a point alone, and a foot refined, near and far.
    """

    def __init__(self) -> None:
        self.groups: list[list[Any]] = []
        self.alone = self.near = self.far = 0

    @property
    def sizes(self) -> list[int]:
        return [group[0] for group in self.groups]


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """Watch the kernel at its work."""
    seen = Work()
    ball, collect, span = kernel.enclosing_ball, kernel.collect, kernel.chord_span
    near, far = kernel.refine_foot, kernel.foot_far

    def watched_ball(lanes: Any, n: int) -> Any:
        answer = ball(lanes, n)
        seen.groups.append([n, answer[3], None])
        return answer

    def watched_collect(*values: Any) -> Any:
        seen.groups[-1][2] = collect(*values)
        return seen.groups[-1][2]

    def watched_span(*values: Any) -> Any:
        seen.alone += 1
        return span(*values)

    def watched_near(*values: Any) -> Any:
        seen.near += 1
        return near(*values)

    def watched_far(*values: Any) -> Any:
        seen.far += 1
        return far(*values)

    with monkeypatch.context() as patch:
        for name, watched in (
            ("enclosing_ball", watched_ball),
            ("collect", watched_collect),
            ("chord_span", watched_span),
            ("refine_foot", watched_near),
            ("foot_far", watched_far),
        ):
            patch.setattr(kernel, name, watched)
        yield seen


def test_groups_of_close_neighbours_double_up_to_all_lanes(work: Work) -> None:
    lon, lat = np.array([41.0, 35.0])[:, None] + np.random.default_rng(1).uniform(-5e-4, 5e-4, (2, 300))
    ask(curve("short"), lon, lat, 8)
    assert work.sizes == [8, 16, 32, LANES, LANES, LANES, 300 - 56 - 3 * LANES]


def test_groups_that_lie_apart_do_not_grow(work: Work) -> None:
    lon, lat = np.array([41.0, 35.0])[:, None] + np.random.default_rng(1).uniform(-0.03, 0.03, (2, 50))
    ask(curve("short"), lon, lat, 8)
    assert work.sizes == [8] * 6 + [2]
    assert all(1_500 < radius < 6_000 for _, radius, _ in work.groups)


def test_positions_asked_alone_stay_alone(work: Work) -> None:
    ask(curve("short"), np.full(9, 41.0) + np.arange(9) * 1e-5, np.full(9, 35.0), 1)
    assert work.sizes == [1] * 9


def test_a_group_that_spreads_too_far_is_cut_by_its_area(work: Work) -> None:
    ask(curve("short"), np.full(60, 41.0), 35 + np.arange(60) * KILOMETRE, 32)
    # 32 points 1 km apart spread 15.5 km: (6/15.5)² of them are taken; then twice as many as were answered.
    assert work.sizes == [32, 4, 8, 16, 10, 20, 7, 14, 11, 20, 7, 13]
    for count, radius, looked in work.groups:
        assert radius == pytest.approx(500 * (count - 1), rel=1e-2)
        assert (looked is None) == (radius > 6_000)


def test_two_positions_too_far_apart_are_asked_alone(work: Work) -> None:
    ask(curve("short"), np.full(6, 41.0), 35 + np.arange(6) * 0.3, 4)
    assert [count for count, _, looked in work.groups if looked is not None] == [1] * 6
    assert work.sizes == [4, *[1, 2] * 4, 1, 1]


def test_a_group_with_too_many_candidates_is_halved(work: Work) -> None:
    of = Curve([wander(12, 260, 41.0, 35.0, 0.0004)], "lonlat")
    rng = np.random.default_rng(1)
    ask(of, rng.normal(41, 0.01, 40), rng.normal(35, 0.01, 40), 40)
    halved = 0
    for (count, _, looked), (following, _, _) in zip(work.groups, work.groups[1:], strict=False):
        assert looked is not None
        if looked < 0:
            halved += 1
            assert following == (count + 1) // 2
        else:
            assert looked <= ROOM
    assert halved > 5
    assert sum(count for count, _, looked in work.groups if looked >= 0) == 40


def chords(of: Curve, lon: float, lat: float) -> np.ndarray:
    """Return the metres from a position to the chord of each piece."""
    point = ellipsoid.ecef(np.array([lon]), np.array([lat]))[0]
    start, way = of.pieces[:, :3], of.pieces[:, 3:6]
    t = np.clip(((point - start) * way).sum(axis=1) * of.pieces[:, 9], 0, 1)
    return np.asarray(np.linalg.norm(point - start - t[:, None] * way, axis=1))


@pytest.mark.parametrize("group", [1, 12])
@pytest.mark.parametrize("spread", [0.002, 0.02])
def test_only_pieces_that_may_be_nearest_are_refined(spread: float, group: int, work: Work) -> None:
    of = Curve([LINES["wandering"][:8]], "geodesic")
    lon, lat = np.array([41.03, 35.02])[:, None] + np.random.default_rng(2).uniform(-spread, spread, (2, 12))
    ask(of, lon, lat, group)
    least, most = 0, 0
    for x, y in zip(lon, lat, strict=True):
        gaps = chords(of, x, y)
        # A chord misleads by the bow of the curves and by the 1.3 mm that ties are sifted by.
        least += int((gaps <= gaps.min() + of.bow + 1.29e-3).sum())
        most += int((gaps <= gaps.min() + of.bow + 1.31e-3 + 1e-5).sum())
    assert least <= work.near <= most
    assert work.far == 0


@pytest.mark.parametrize("position", [(10.0, 35.0), (55.0, 45.0), (41.0, -20.0), (120.0, 60.0)])
@pytest.mark.parametrize("name", ["wandering", "zigzag", "closed", "apart"])
def test_of_a_far_line_most_pieces_are_passed_over(name: str, position: tuple[float, float], work: Work) -> None:
    of = curve(name)
    ask(of, *([part] for part in position), 1)
    assert 1 <= work.far <= 0.6 * len(of)
    assert work.near == 0


@pytest.mark.parametrize("position", [(56.0, 38.0), (26.0, 33.0), (41.0, 48.0)])
def test_pieces_out_of_reach_are_not_looked_at(position: tuple[float, float], work: Work) -> None:
    of = Curve([wander(1, 16, 41.0, 35.0, 0.05)], "lonlat")
    ask(of, *([part] for part in position), 1)
    assert len(of) > 300
    assert 1 <= work.alone <= 40


@pytest.mark.parametrize("position", [(-115.0, -20.0), (-150.0, -50.0), (-100.0, -35.0)])
def test_beyond_a_quarter_of_the_globe_every_piece_is_looked_at_once(position: tuple[float, float], work: Work) -> None:
    of = Curve([wander(1, 16, 41.0, 35.0, 0.05)], "lonlat")
    near = ask(of, *([part] for part in position), 1)
    assert work.alone == len(of)
    lon, lat = of.ends[:, 0].T
    lengths = GEOD.inv(np.full(len(of), position[0]), np.full(len(of), position[1]), lon, lat)[2]
    assert min(lengths) - 250 < near.distance[0] < min(lengths) + 1e-3
