"""Columns of positions, layers and tables of the same places are measured the same."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.analysis.batches import PlaceBatch
from geodata.analysis.columnar import distances_to
from geodata.analysis.nearest import nearest_of, to_nearest
from geodata.analysis.places import resolve
from geodata.catalog import Catalog, shipped
from tests.analysis import random_layers
from tests.analysis.test_nearest import one_by_one

shared = settings(deadline=None, max_examples=8)


def catalog_of(seed: int) -> Catalog:
    random = np.random.default_rng(seed)
    layer = random_layers.layer("one", random_layers.features(random, "one", 11))
    return random_layers.catalog([*random_layers.background(), layer], shipped())


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
