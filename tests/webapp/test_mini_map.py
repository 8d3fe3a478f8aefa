"""The small map of a preview: a dot for each place, on the land where the layers have it all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.catalog import shipped
from webapp.imports import mini_map
from webapp.report.frame import HEIGHT, LEFT, TOP, WIDTH


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.floats(-179, 179), st.floats(-85, 85)), min_size=1, max_size=12))
def test_every_place_has_a_dot_in_the_frame(points: list[tuple[float, float]]) -> None:
    drawing = mini_map.drawn(np.array(points), shipped())
    assert drawing is not None
    assert 1 <= len(drawing["dots"]) <= len(points)
    for x, y in drawing["dots"]:
        # A dot is moved to the middle of a square of two pixels.
        assert LEFT - 2 <= x <= LEFT + WIDTH + 2
        assert TOP - 2 <= y <= TOP + HEIGHT + 2


def test_nothing_is_no_map() -> None:
    assert mini_map.drawn(np.empty((0, 2)), shipped()) is None


@pytest.mark.parametrize(("place", "land"), [((43.0, 35.0), True), ((26.0, 12.5), False), ((34.0, 47.0), False)])
def test_the_edge_of_the_backdrop_is_never_drawn(place: tuple[float, float], land: bool) -> None:
    drawing = mini_map.drawn(np.array([place, (place[0] + 0.5, place[1] + 0.5)]), shipped())
    assert drawing is not None
    assert any(one["class"] == "backdrop" for one in drawing["land"]) == land
