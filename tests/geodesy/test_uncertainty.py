"""Intervals of distances, and the three answers to "within"."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import geodesy
from geodata.errors import BadValue

metres = st.floats(0, 1e7)


@given(metres, metres, metres)
def test_an_interval_holds_the_distance_and_nothing_below_zero(d: float, a: float, b: float) -> None:
    low, high = geodesy.interval(d, a, b)
    assert 0 <= low <= d <= high
    assert high == pytest.approx(d + a + b)
    assert low == pytest.approx(max(0.0, d - a - b))


def test_arrays_and_nan() -> None:
    low, high = geodesy.interval([100.0, np.nan, 5.0], 10.0, [1.0, 1.0, np.nan])
    assert low[0] == 89.0
    assert high[0] == 111.0
    assert np.isnan(low[1:]).all()
    assert np.isnan(high[1:]).all()


def test_within_has_three_answers() -> None:
    found = geodesy.classify([0.0, 40.0, 60.0, 50.0, np.nan], [50.0, 60.0, 80.0, 50.0, 60.0], 50.0)
    assert found.tolist() == ["certainly", "possibly", "no", "certainly", "unknown"]
    assert geodesy.classify([0.0, 40.0], [50.0, 60.0], 50.0, [True, True]).tolist() == ["possibly", "possibly"]
    assert geodesy.classify(10.0, 10.0, 5.0, True) == "no"
    unstated = geodesy.classify(np.nan, np.nan, 50.0, distance=[40.0, 50.0, 60.0])
    assert unstated.tolist() == ["possibly", "possibly", "unknown"]


@given(st.lists(st.tuples(metres, metres), min_size=1, max_size=6), metres, st.data())
def test_several_places(intervals: list[tuple[float, float]], radius: float, data: st.DataObject) -> None:
    low, high = zip(*(sorted(one) for one in intervals), strict=True)
    true = [data.draw(st.floats(a, b)) for a, b in zip(low, high, strict=True)]
    near, any_ = geodesy.nearest_of(low, high), geodesy.either_of(low, high)
    assert near[0] <= min(true) <= near[1]
    assert all(any_[0] <= one <= any_[1] for one in true)
    each = [str(geodesy.classify(a, b, radius)) for a, b in zip(low, high, strict=True)]
    assert (geodesy.classify(*near, radius) == "certainly") == ("certainly" in each)
    assert (geodesy.classify(*any_, radius) == "certainly") == (set(each) == {"certainly"})


@pytest.mark.parametrize("bad", [-1.0, "near", [1.0, -2.0]])
def test_a_negative_number_is_refused_by_name(bad: object) -> None:
    for at, name in enumerate(("distance", "u_a", "u_b")):
        values: list[object] = [1.0, 1.0, 1.0]
        values[at] = bad
        with pytest.raises(BadValue, match=rf"^{name}: "):
            geodesy.interval(*values)
    with pytest.raises(BadValue, match=r"^radius: "):
        geodesy.classify(0.0, 1.0, bad)


ends = st.integers(0, 6).map(float) | st.just(float("nan"))


@given(ends, ends, ends, st.booleans(), ends)
def test_the_four_answers_by_their_definition(
    low: float, high: float, radius: float, placeholder: bool, distance: float
) -> None:
    if low > high:
        with pytest.raises(BadValue, match=rf"^low: .*{low}.*at most high \({high}\)"):
            geodesy.classify(low, high, radius, placeholder, distance)
        with pytest.raises(BadValue, match=rf"^low: .*{low}"):
            geodesy.classify([0.0, low, 9.0], [1.0, high, 1.0], radius)
        return
    if np.isnan(low) or np.isnan(high):
        expected = "possibly" if distance <= radius else "unknown"
    elif high <= radius:
        expected = "possibly" if placeholder else "certainly"
    else:
        expected = "possibly" if low <= radius else "no"
    assert geodesy.classify(low, high, radius, placeholder, distance) == expected
    assert geodesy.classify([low], [high], radius, [placeholder], distance).tolist() == [expected]
    unstated = expected if not (np.isnan(low) or np.isnan(high)) else "unknown"
    assert geodesy.classify(low, high, radius, placeholder) == unstated
    if not placeholder:
        assert geodesy.classify(low, high, radius, distance=distance) == expected


@pytest.mark.parametrize("bad", [-1.0, [1.0, -2.0]])
def test_a_negative_end_or_radius_is_refused_by_name(bad: object) -> None:
    with pytest.raises(BadValue, match=r"^low"):
        geodesy.classify(bad, 1.0, 1.0)
    with pytest.raises(BadValue, match=r"^high"):
        geodesy.classify(0.0, bad, 1.0)
    with pytest.raises(BadValue, match=r"^distance"):
        geodesy.classify(0.0, 1.0, 1.0, False, bad)
    for rule in (geodesy.nearest_of, geodesy.either_of):
        with pytest.raises(BadValue, match=r"^low"):
            rule(bad, [1.0])
        with pytest.raises(BadValue, match=r"^high"):
            rule([1.0], bad)
