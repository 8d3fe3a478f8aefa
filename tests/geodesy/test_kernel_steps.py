"""What one step of the interpreted kernel hands to the next: which pieces are measured, and for which points."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.geodesy import kernel, lanes
from geodata.geodesy.candidates import SKEW, reach
from geodata.geodesy.ecef_inverse import NEAR, far_along
from geodata.geodesy.kernel import EDGE, LANES, SIFTED, SLACK, TASK_ROWS, TASKS, S, T
from geodata.geodesy.segments import Curve
from tests.geodesy.interpreted import ask, curve
from tests.geodesy.test_kernel_alone import alone, fans, vector


class Visits:
    """The pieces that `nearest_alone` looks at, with the place it looks from, and the feet that it measures."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.looks: list[tuple[int, tuple[float, ...], float, float]] = []
        self.feet: dict[int, tuple[int, float, float]] = {}
        span, near, far = kernel.chord_span, kernel.refine_piece, kernel.foot_far

        def watched_span(pieces: Any, k: int, x: float, y: float, z: float, *foot: float) -> Any:
            answer = span(pieces, k, x, y, z, *foot)
            self.looks.append((int(k), foot, *answer))
            return answer

        def watched(measure: Any) -> Any:
            def call(pieces: Any, k: int, *point: float) -> Any:
                t, s = measure(pieces, k, *point)
                self.feet[len(self.looks) - 1] = (int(k), t, s)
                return t, s

            return call

        for name, replacement in (
            ("chord_span", watched_span),
            ("refine_piece", watched(near)),
            ("foot_far", watched(far)),
        ):
            patch.setattr(kernel, name, replacement)


@pytest.mark.parametrize("scale", [0.0, 20.0])
@pytest.mark.parametrize("seed", range(16))
def test_a_piece_is_passed_over_by_its_way_from_the_foot_before(
    seed: int, scale: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    of, places = fans(seed)
    pieces, *_, bow, _ = of.arrays(True)
    point = np.array(vector(places[0][0] + scale, places[0][1]))
    with monkeypatch.context() as patch:
        visits = Visits(patch)
        alone(of, tuple(point))
    first = min(kernel.chord_gap(pieces, k, *point) for k in range(len(pieces)))
    limit = reach(math.sqrt(first), bow + SLACK)
    foot, from_foot, best = point, 0.0, math.inf
    for number, (k, seen, gap, span) in enumerate(visits.looks):
        np.testing.assert_allclose(seen, foot, rtol=0, atol=1e-6)
        passed = gap > limit**2 or from_foot - far_along(span) > best + SIFTED
        assert (number not in visits.feet) == passed
        if passed:
            continue
        piece, t, s = visits.feet[number]
        assert piece == k
        foot = pieces[k, :3] + t * pieces[k, 3:6] + 4 * t * (1 - t) * pieces[k, 6:9]
        from_foot, best = s, min(best, s)
    assert visits.feet


DISTANCES = st.lists(
    st.floats(0, 4, allow_nan=False).map(lambda steps: 100 + steps * SIFTED * 0.9), min_size=2, max_size=9
)


@given(DISTANCES, st.sampled_from([math.inf, 0.0]))
@settings(deadline=None)
def test_others_as_near_are_those_of_the_nearest(distances: list[float], span: float) -> None:
    of = Curve([np.array([[41.0, 35.0]])] * len(distances), "lonlat")
    order: list[int] = []
    visited: list[int] = []
    look = kernel.chord_span

    def looked(pieces: Any, k: int, *values: float) -> Any:
        visited.append(int(k))
        return look(pieces, k, *values)

    def measured(pieces: Any, k: int, *point: float) -> tuple[float, float]:
        order.append(int(k))
        return 0.0, distances[k]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "refine_piece", measured)
        patch.setattr(kernel, "chord_span", looked)
        patch.setattr(kernel, "far_along", lambda chord: span)
        piece, t, distance, several = alone(of, vector(41.0, 35.1))
    if span:
        assert sorted(order) == list(range(len(distances)))
        assert (piece, t, distance) == (distances.index(min(distances)), 0.0, min(distances))
    best, best_s, ties = order[0], math.inf, False
    before, remaining = 0.0, list(order)
    for k in visited:
        # A piece is passed over by its way from the one measured before.
        if before - span > best_s + SIFTED:
            assert k not in order
            continue
        assert remaining.pop(0) == k
        before = distances[k]
        gap = abs(distances[k] - best_s)
        ties = (ties and distances[k] > best_s - SIFTED) or (gap <= SIFTED and abs(k - best) > 1)
        if (distances[k], k) < (best_s, best):
            best, best_s = k, distances[k]
    assert (piece, distance, several) == (best, best_s, ties)


def group_of(chords: np.ndarray, spans: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return candidates of a group and the squares of its points' chords to them, as `select_nearest` takes them."""
    count, n = chords.shape
    rows, gaps = np.zeros((count, 11)), np.zeros(count * LANES)
    rows[:, 3], rows[:, 9], rows[:, 10] = 1.0, 1.0, spans
    gaps.reshape(count, LANES)[:, :n] = chords**2
    group = np.full(lanes.ROWS * LANES, 0.0)
    group[lanes.LEAST : lanes.LEAST + n] = chords.min(axis=0) ** 2
    group[lanes.SPAN : lanes.SPAN + n] = spans[chords.argmin(axis=0)]
    return rows, gaps, group


def select(chords: np.ndarray, spans: np.ndarray, bow: float, patch: pytest.MonkeyPatch) -> tuple[int, np.ndarray, Any]:
    """Return what `select_nearest` says, its rows of the group, and the pairs that it refined."""
    rows, gaps, group = group_of(chords, spans)
    count, n = chords.shape
    refined: list[int] = []
    patch.setattr(kernel, "refine_tasks", lambda tasks, number, *rest: refined.append(int(number)))
    tasks = np.zeros(TASK_ROWS * TASKS)
    lane_of, piece_of = np.zeros(TASKS, dtype=np.int64), np.zeros(TASKS, dtype=np.int64)
    best = np.zeros(LANES, dtype=np.int64)
    number = kernel.select_nearest(rows, np.arange(count), count, group, n, bow, gaps, tasks, lane_of, piece_of, best)
    return number, group, refined


@pytest.mark.parametrize("points", [2, 20])
@pytest.mark.parametrize("seed", range(12))
def test_pairs_are_those_within_the_bound(seed: int, points: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(seed)
    chords, spans = rng.uniform(2e5, 2e5 + 2, (9, points)), rng.uniform(0, 4e5, 9)
    bow = 0.05
    number, group, refined = select(chords, spans, bow, monkeypatch)
    least = chords.min(axis=0)
    own = spans[chords.argmin(axis=0)]
    base = least + bow + SKEW * least**2 * own
    np.testing.assert_allclose(group[lanes.BASE : lanes.BASE + points], base, rtol=1e-12)
    within = chords <= base + SKEW * least**2 * spans[:, None]
    assert points <= within.sum() < TASKS
    assert number == within.sum()
    assert refined == [number]


@pytest.mark.parametrize(("points", "count", "left"), [(32, 8, 256), (32, 9, -1), (1, 40, 40), (1, 257, -1)])
def test_a_full_stack_of_pairs_is_refined_once(
    points: int, count: int, left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chords = np.full((count, points), 1e4)
    # A candidate that is out of reach of all but one fills no room for the others.
    far = np.vstack([chords, np.full((1, points), 9e4)])
    number, _, refined = select(chords, np.zeros(count), 1.0, monkeypatch)
    assert number == left
    assert sum(refined) == points * count
    number, _, refined = select(far, np.zeros(count + 1), 1.0, monkeypatch)
    assert number == left
    assert sum(refined) == points * count


def test_candidates_that_reach_some_points_take_room_for_those_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each of 64 candidates is near to 4 of 32 points: 256 pairs, as many as there is room for.
    chords = np.full((64, 32), 9e4)
    for candidate in range(64):
        chords[candidate, (np.arange(4) + 4 * candidate) % 32] = 1e4
    number, _, refined = select(chords, np.zeros(64), 1.0, monkeypatch)
    assert (number, refined) == (256, [256])


@pytest.mark.parametrize(("short", "known"), [(EDGE + 0.5, True), (EDGE - 0.5, False), (-EDGE + 0.5, False)])
def test_points_of_a_group_that_are_far_are_asked_alone(
    short: float, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, group, _ = select(np.full((1, 2), NEAR - short), np.zeros(1), 1.0, monkeypatch)
    assert np.isfinite(group[lanes.BASE : lanes.BASE + 2]).tolist() == [known] * 2
    assert EDGE == 10.0


def test_of_equal_chords_the_span_is_that_of_the_first() -> None:
    rows, group, gaps = np.zeros((2, 11)), np.zeros(lanes.ROWS * LANES), np.zeros(2 * LANES)
    rows[:, 3], rows[:, 9], rows[:, 10] = 1.0, 1.0, (3.0, 7.0)
    group[lanes.Y] = 5.0
    kernel.candidate_gaps(rows, 2, group, 1, gaps)
    assert (group[lanes.LEAST], group[lanes.SPAN]) == (25.0, 3.0)


def test_a_pair_is_refined_by_its_own_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    number = 5
    tasks = np.arange(TASK_ROWS * TASKS, dtype=float)
    expected = tasks.reshape(TASK_ROWS, TASKS)[:13, :number].T.copy()
    asked: list[tuple[float, ...]] = []

    def foot(*values: float) -> tuple[float, float]:
        asked.append(values)
        return 0.25, float(100 - len(asked))

    monkeypatch.setattr(kernel, "refine_foot", foot)
    group = np.zeros(lanes.ROWS * LANES)
    group[lanes.BEST : lanes.BEST + 2] = math.inf
    best, lane_of, piece_of = np.full(LANES, -1), np.array([0, 1, 0, 0, 1]), np.array([7, 8, 9, 3, 2])
    kernel.refine_tasks(tasks, number, lane_of, piece_of, group, best)
    np.testing.assert_array_equal(asked, expected)
    np.testing.assert_array_equal(tasks[T : T + number], 0.25)
    np.testing.assert_array_equal(tasks[S : S + number], [99, 98, 97, 96, 95])
    assert best[:2].tolist() == [3, 2]
    assert group[lanes.BEST : lanes.BEST + 2].tolist() == [96, 95]


def test_pairs_of_two_are_asked_in_pairs_and_more(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    ball = kernel.enclosing_ball

    def watched(group: Any, n: int) -> Any:
        sizes.append(int(n))
        return ball(group, n)

    monkeypatch.setattr(kernel, "enclosing_ball", watched)
    ask(curve("short"), np.full(14, 41.0) + np.arange(14) * 1e-5, np.full(14, 35.0), 2)
    assert sizes == [2, 4, 8]
    sizes.clear()
    ask(curve("short"), np.array([41.0, 41.0]), np.array([35.0, 35.0 + 12_001 / 110_941]), 2)
    assert sizes == [2, 1, 1]
