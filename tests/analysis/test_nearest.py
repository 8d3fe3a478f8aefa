"""The choice of the nearest of several targets: columns, pairs and the rule of rivals agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.analysis import measure
from geodata.analysis.batches import PlaceBatch
from geodata.analysis.columnar import distances_to
from geodata.analysis.measure import Measured
from geodata.analysis.nearest import apart, choose, nearest_of, to_nearest
from geodata.analysis.places import Place, resolve
from geodata.catalog import Catalog, shipped
from geodata.geodesy.kernel import EQUAL
from tests.analysis import random_layers

shared = settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
distances = st.lists(
    st.lists(st.sampled_from([np.nan, np.inf, 0.0, 0.4e-3, 0.8e-3, 1.2e-3, 5.0, 5.0009]), min_size=3, max_size=3),
    min_size=0,
    max_size=6,
)


def catalog_of(seed: int) -> Catalog:
    random = np.random.default_rng(seed)
    layer = random_layers.layer("one", random_layers.features(random, "one", 11))
    return random_layers.catalog([*random_layers.background(), layer], shipped())


def one_by_one(subject: Place, targets: list[Place]) -> Measured | None:
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


@shared
@given(st.integers(0, 2**32 - 1))
def test_columns_and_pairs_choose_the_same(seed: int) -> None:
    catalog = catalog_of(seed)
    subjects = list(resolve("layer", "one", catalog)[0])
    for name in ("borders", "one", "areas", "one/one-3;border-we;one/one-5"):
        targets = list(resolve("target", name, catalog)[0])
        assert to_nearest(subjects, targets) == [one_by_one(subject, targets) for subject in subjects]


@shared
@given(st.integers(0, 2**32 - 1))
def test_a_table_a_layer_and_columns_of_positions_measure_the_same(seed: int) -> None:
    catalog = catalog_of(seed)
    subjects = [place for place in resolve("layer", "one", catalog)[0] if place.has_extent]
    for name in ("borders", "wall", "border-we;wall"):
        targets = list(resolve("target", name, catalog)[0])
        expected = [pair for pair in to_nearest(subjects, targets) if pair is not None]
        ends = distances_to(targets, PlaceBatch(subjects).positions, catalog)
        # As columns, an area has no label by which one of several targets is chosen.
        same = [row for row, pair in enumerate(expected) if len(targets) == 1 or not pair.by_area]
        for row in same:
            pair = expected[row]
            known = [np.nan if value is None else value for value in (pair.low, pair.high, pair.shown_distance)]
            np.testing.assert_array_equal([ends.low[row], ends.high[row], ends.distance[row]], known)
            for km in (5.0, 60.0, 250.0):
                assert ends.within(km * 1000)[row] == pair.within(km * 1000)
        points = [row for row, place in enumerate(subjects) if place.is_point]
        lon, lat = shapely.get_coordinates([subjects[row].shape for row in points]).T
        best, feet, rivals = nearest_of(targets, lon, lat)
        for column, row in enumerate(points):
            pair = expected[row]
            assert feet[best[column]].distance[column] == pair.distance
            assert targets[best[column]] is pair.target
            assert [targets[at].id for at in rivals.get(column, ())] == [other.target.id for other in pair.rivals]


@pytest.mark.parametrize("targets", [[], [Place("none", {"en": "", "ar": ""}, "", None, 0.0)]])
def test_where_there_is_no_target_nothing_is_nearest(targets: list[Place]) -> None:
    subject = Place("here", {"en": "", "ar": ""}, "", shapely.Point(41, 33), 0.0)
    assert to_nearest([subject], targets) == [None]
    assert to_nearest([], [subject]) == []
