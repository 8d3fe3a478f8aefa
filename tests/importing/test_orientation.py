"""Coordinates that are the wrong way round as a whole: decided by the countries that rows name, and said."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.catalog import shipped
from geodata.importing import orientation
from geodata.importing.areas import Areas
from geodata.importing.orientation import UNCHANGED, Orientation
from tests.importing.conftest import Bring

TOWNS = {"Iraq": [(44.37, 33.31), (43.13, 36.34), (47.78, 30.51)], "Syria": [(36.29, 33.51), (39.01, 35.95)]}


@pytest.fixture(scope="module")
def areas() -> Areas:
    """The countries and governorates of the catalogue."""
    return Areas(shipped())


def rows(countries: list[str]) -> tuple[np.ndarray, np.ndarray, pa.Array]:
    """Return positions of towns and the countries that are named beside them."""
    places = [TOWNS[name][at % len(TOWNS[name])] for at, name in enumerate(countries)]
    lon, lat = np.array(places, dtype=float).T
    return lon, lat, pa.array(countries)


@settings(deadline=None)
@given(
    countries=st.lists(st.sampled_from(sorted(TOWNS)), min_size=4, max_size=30),
    change=st.builds(Orientation, st.booleans(), st.booleans(), st.booleans()),
)
def test_the_change_that_was_made_is_undone(areas: Areas, countries: list[str], change: Orientation) -> None:
    lon, lat, named = rows(countries)
    x, y = (-lon if change.west else lon), (-lat if change.south else lat)
    x, y = (y, x) if change.swapped else (x, y)
    result = orientation.decided(x, y, named)
    assert result == change
    fixed_lon, fixed_lat = result.applied(x, y)
    assert np.allclose(fixed_lon, lon)
    assert np.allclose(fixed_lat, lat)


def test_nothing_is_changed_where_nothing_decides(areas: Areas) -> None:
    lon, lat, named = rows(["Iraq", "Syria", "Iraq", "Syria"])
    assert orientation.decided(lat, lon, None) == UNCHANGED
    assert orientation.decided(lat, lon, pa.array(["Nowhere"] * 4)) == UNCHANGED
    assert orientation.decided(lat[:2], lon[:2], named[:2]) == UNCHANGED
    half = np.where(np.arange(4) < 2, lon, lat)
    other = np.where(np.arange(4) < 2, lat, lon)
    assert orientation.decided(half, other, named) == UNCHANGED


def test_the_order_of_a_pair_is_that_in_which_the_rows_lie_in_countries(areas: Areas) -> None:
    lon, lat, named = rows(["Iraq", "Syria", "Iraq", "Syria"])
    for country in (named, None):
        assert orientation.order(lat, lon, country, areas) == "lat,lon"
    assert orientation.order(lon, lat, named, areas) == "lon,lat"
    # Without a country the longitude is first only where the other order lies in the sea: Ukraine is not Iran.
    assert orientation.order(lon, lat, None, areas) is None
    assert orientation.order(np.array([47.6, 48.9, 46.7]), np.array([34.3, 37.8, 32.5]), None, areas) is None
    assert orientation.order(np.array([140.0, 141.0, 139.5]), np.array([36.0, 38.0, 35.5]), None, areas) == "lon,lat"
    assert orientation.order(np.array([10.0, 11.0, 12.0]), np.array([20.0, 21.0, 22.0]), None, areas) is None


def test_a_file_with_swapped_columns_is_read_the_other_way_round_and_says_so(bring: Bring) -> None:
    lines = [f"{lon},{lat},{name},2024-05-0{at + 1}" for at, (name, (lon, lat)) in enumerate(
        (name, place) for name, places in TOWNS.items() for place in places)]  # fmt: skip
    report, layer = bring("lat,lon,country,date\n" + "\n".join(lines), unplaced=False)
    assert any("swapped" in str(notice) for notice in report.notices)
    for feature, line in zip(layer.features, lines, strict=True):
        lon, lat = map(float, line.split(",")[:2])
        assert feature.geometry is not None
        assert (feature.geometry.x, feature.geometry.y) == (lon, lat)
        assert "reoriented" in feature.properties["flags"]
    _, kept = bring("lat,lon,country,date\n" + "\n".join(lines[:2]), "two.csv", unplaced=False)
    assert all(feature.geometry.x < 40 for feature in kept.features if feature.geometry is not None)
