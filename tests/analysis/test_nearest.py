"""The choice of the nearest of several targets: columns, pairs and the rule of rivals agree, on places made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.analysis import measure
from geodata.analysis.measure import Measured
from geodata.analysis.nearest import apart, choose, nearest_of, to_nearest
from geodata.analysis.places import Place
from geodata.geodesy.kernel import EQUAL

UNNAMED = {"en": "", "ar": ""}
distances = st.lists(
    st.lists(st.sampled_from([np.nan, np.inf, 0.0, 0.4e-3, 0.8e-3, 1.2e-3, 5.0, 5.0009]), min_size=3, max_size=3),
    min_size=0,
    max_size=6,
)
grid = st.tuples(st.integers(-2, 2), st.integers(-1, 1))
"""Positions about the equator, of which many are as far from each other."""
SHAPES = ("point", "point", "line", "several", "area", "label", "nothing")


def place(id_: str, kind: str, x: int, y: int) -> Place:
    """Return a place at 40° E and the equator, a few degrees away."""
    lon, lat = 40.0 + x, float(y)
    area = shapely.box(lon, lat, lon + 0.5, lat + 0.5) if kind in ("area", "label") else None
    shape = {
        "line": shapely.LineString([(lon, lat), (lon + 0.5, lat)]),
        "several": shapely.MultiPoint([(lon, lat), (lon + 1, lat)]),
        "area": None,
        "nothing": None,
    }.get(kind, shapely.Point(lon, lat))
    return Place(id_, UNNAMED, "", shape, 100.0, area=area)


@st.composite
def places(draw: st.DrawFn, prefix: str, shapes: Sequence[str] = SHAPES) -> list[Place]:
    """Return up to five places, of which some share their id with those of another prefix."""
    return [
        place(f"{draw(st.sampled_from([prefix, prefix, 'both']))}-{number}", draw(st.sampled_from(shapes)), *draw(grid))
        for number in range(draw(st.integers(0, 5)))
    ]


def one_by_one(subject: Place, targets: Sequence[Place]) -> Measured | None:
    """Return the measurement to the nearest target, each pair measured on its own, one after the other."""
    best: Measured | None = None
    others: list[Measured] = []
    for target in (target for target in targets if target.has_extent):
        (pair,) = measure.to_target([subject], target)
        if pair is None or subject.id == target.id:
            continue
        if best is not None and abs(pair.order - best.order) <= EQUAL:
            others.append(best if pair.order < best.order else pair)
        if best is None or pair.order < best.order:
            best = pair
    if best is None:
        return None
    nearest = best
    rivals = tuple(
        other
        for other in others
        if not other.by_area
        and not nearest.by_area
        and abs(other.order - nearest.order) <= EQUAL
        and other.foot is not None
        and nearest.foot is not None
        and apart(nearest.foot, other.foot)
    )
    return replace(nearest, tied=True, rivals=rivals) if rivals else nearest


@settings(deadline=None)
@given(distances)
def test_the_first_of_the_nearest_is_chosen_and_the_others_are_as_near(rows: list[list[float]]) -> None:
    table = np.array(rows).reshape(len(rows), 3)
    best, others = choose(table)
    assert all(others.values())
    for row in range(3):
        column = table[:, row]
        usable = [target for target in range(len(rows)) if not np.isnan(column[target])]
        if not usable:
            assert (best[row], others.get(row)) == (-1, None)
            continue
        assert best[row] == min(usable, key=lambda target: (column[target], target))
        least = column[best[row]]
        alike = {target for target in usable if np.isfinite(least) and column[target] - least <= EQUAL}
        assert set(others.get(row, ())) == alike - {best[row]}
        assert len(others.get(row, ())) == max(0, len(alike) - 1)


@pytest.mark.parametrize(
    ("metres", "chosen", "others"),
    [
        ([10.0, 10.0, 10.0], 0, (1, 2)),
        ([10.0, 10.0002, 9.9999], 2, (1, 0)),
        ([10.0016, 10.0008, 10.0], 2, (1,)),
        ([10.0, 10.0016, 10.0009], 0, (2,)),
        ([np.nan, 10.0, np.nan, 10.0], 1, (3,)),
        ([np.nan, np.inf, np.inf], 1, ()),
        ([np.inf, 3.0], 1, ()),
        ([np.nan], -1, ()),
    ],
)
def test_the_others_come_in_the_order_in_which_they_give_way(
    metres: list[float], chosen: int, others: tuple[int, ...]
) -> None:
    best, equal = choose(np.array(metres)[:, None])
    assert (best.tolist(), equal.get(0, ())) == ([chosen], others)


@settings(deadline=None, max_examples=60)
@given(places("from"), places("to"))
def test_columns_and_pairs_choose_the_same(subjects: list[Place], targets: list[Place]) -> None:
    expected = [one_by_one(subject, targets) for subject in subjects]
    assert to_nearest(subjects, targets) == expected
    assert to_nearest(subjects, subjects) == [one_by_one(subject, subjects) for subject in subjects]


@settings(deadline=None, max_examples=60)
@given(st.lists(grid, min_size=1, max_size=5), places("to", ("point", "line")))
def test_positions_have_the_nearest_and_the_rivals_of_points(at: list[tuple[int, int]], targets: list[Place]) -> None:
    subjects = [place(f"from-{number}", "point", *position) for number, position in enumerate(at)]
    lon, lat = shapely.get_coordinates([subject.shape for subject in subjects]).T
    best, feet, rivals = nearest_of(targets, lon, lat)
    assert len(feet) == len(targets)
    for row, pair in enumerate(to_nearest(subjects, targets)):
        if pair is None:
            assert (best[row], row in rivals) == (-1, False)
            continue
        assert targets[best[row]] is pair.target
        assert feet[best[row]].distance[row] == pair.distance
        assert (row in rivals) == bool(pair.rivals)
        assert [targets[other] for other in rivals.get(row, ())] == [rival.target for rival in pair.rivals]


@pytest.mark.parametrize("targets", [[], [Place("none", {"en": "", "ar": ""}, "", None, 0.0)]])
def test_where_there_is_no_target_nothing_is_nearest(targets: list[Place]) -> None:
    subject = Place("here", {"en": "", "ar": ""}, "", shapely.Point(41, 33), 0.0)
    assert to_nearest([subject], targets) == [None]
    assert to_nearest([], [subject]) == []


def test_of_points_only_the_nearest_pair_is_made_an_object(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    of_foot = measure.of_foot

    def counted(subject: Place, target: Place, *rest: Any) -> Measured:
        made.append(subject.id)
        return of_foot(subject, target, *rest)

    monkeypatch.setattr(measure, "of_foot", counted)
    subjects = [place(f"from-{number}", "point", number % 3, number % 2) for number in range(12)]
    targets = [place(f"to-{number}", "line", -2, 7 + number) for number in range(4)]
    assert all(pair is not None and pair.target.id == "to-0" for pair in to_nearest(subjects, targets))
    assert made == [subject.id for subject in subjects]
