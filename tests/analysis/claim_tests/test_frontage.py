"""How much border there is beyond a river, in one province or in any."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geodata.analysis import claim_tests
from geodata.analysis.claim_tests import Outcome
from geodata.catalog import Catalog
from tests.analysis.conftest import feature, square, written

GEOD = Geod(ellps="WGS84")
BORDER, RIVER, OUTLINE = 500.0, 200.0, 1_000.0
"""Metres to which border, rivers and outlines are known."""


def along(south: float, north: float) -> float:
    """Return the metres of a meridian between two parallels."""
    return float(GEOD.inv(40, south, 40, north)[2])


LENGTH = along(31, 34)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return a border along 40° E, rivers that cross it, twice, or do not reach it, and provinces beside it."""

    def river(id_: str, *vertices: tuple[float, float]) -> dict[str, Any]:
        shape = {"type": "LineString", "coordinates": [list(vertex) for vertex in vertices]}
        return feature(id_, shape, kind="river", coordinateUncertaintyInMeters=RIVER)

    def province(id_: str, south: float, north: float, country: str = "country", kind: str = "governorate") -> Any:
        shape = square(40.001, south, 42, north)
        return feature(id_, shape, kind=kind, country=country, coordinateUncertaintyInMeters=OUTLINE)

    border = {"type": "LineString", "coordinates": [[40, 30], [40, 34]]}
    return written(
        {
            "governorates": [
                province("gov-south", 30, 32.5),
                province("gov-north", 32.5, 34),
                province("gov-abroad", 30, 34, country="other"),
                province("city", 30, 34, kind="city"),
                feature("gov-unknown", None, kind="governorate", country="country"),
                province("gov-alone", 31.5, 32, country="alone"),
            ],
            "borders": [feature("border", border, kind="border")],
            "rivers": [
                river("crossing", (39, 31), (41, 31)),
                river("twice", (39, 30.5), (41, 30.5), (41, 31), (39, 31)),
                river("late", (39, 33), (41, 33)),
                river("short", (40.2, 31), (41, 31)),
            ],
        },
        tmp_path_factory.mktemp("layers"),
    )


def ask(catalog: Catalog, river: str, within: str | None = None, figure: float = 160.0) -> Outcome:
    test = {"kind": "frontage", "line": "border", "from_river": river, **({"within": within} if within else {})}
    return claim_tests.test({"id": "claim", "reported": {"value": figure, "unit": "km"}, "test": test}, catalog)


@pytest.mark.parametrize("river", ["crossing", "twice", "short"])
def test_the_border_beyond_the_last_crossing(catalog: Catalog, river: str) -> None:
    outcome = ask(catalog, river)
    # A river straight in longitude and latitude crosses at its parallel; one that ends short of it is met by its foot.
    assert outcome.measured * 1000 == pytest.approx(LENGTH, abs=40 if river == "short" else 1)
    low, high = outcome.interval
    assert (high - outcome.measured) * 1000 == pytest.approx(BORDER + RIVER)
    assert (outcome.measured - low) * 1000 == pytest.approx(BORDER + RIVER)
    assert outcome.unit == "km"
    assert outcome.layers == ["borders", "rivers"]
    assert outcome.reported["interval"] == [155, 165]
    (shape,) = outcome.geometries
    ends = np.array(shape["geometry"]["coordinates"])[[0, -1]]
    assert ends == pytest.approx(np.array([[40, 31], [40, 34]]), abs=1e-3)
    assert shape["properties"]["role"] == "frontage"


@pytest.mark.parametrize(
    ("province", "south", "north"), [("gov-south", 31, 32.5), ("gov-north", 32.5, 34), ("gov-alone", 31, 34)]
)
def test_the_border_of_one_province(catalog: Catalog, province: str, south: float, north: float) -> None:
    outcome = ask(catalog, "crossing", province)
    margin = BORDER + RIVER + OUTLINE + 100
    # Looked up at points 100 m apart.
    assert outcome.measured * 1000 == pytest.approx(along(south, north), abs=100)
    low, high = outcome.interval
    assert ((high - outcome.measured) * 1000, (outcome.measured - low) * 1000) == pytest.approx((margin, margin))
    assert outcome.layers == ["borders", "governorates", "rivers"]
    (shape,) = outcome.geometries
    assert shape["geometry"]["coordinates"][0] == pytest.approx([40, 31], abs=1e-4)
    assert shape["geometry"]["coordinates"][-1] == pytest.approx([40, north], abs=0.002)


@given(st.integers(1, 99).map(lambda tens: tens * 10.0))
def test_too_little_border_contradicts_and_enough_proves_nothing(catalog: Catalog, figure: float) -> None:
    outcome = ask(catalog, "crossing", figure=figure)
    low, _ = outcome.reported["interval"]
    assert outcome.verdict == ("disagrees" if outcome.interval[1] < low else "cannot_tell")
    assert (outcome.verdict == "disagrees") == (low > (LENGTH + BORDER + RIVER) / 1000)


def test_a_province_that_ends_before_the_river_has_none_of_the_border(catalog: Catalog) -> None:
    outcome = ask(catalog, "late", "gov-south")
    assert outcome.measured == 0
    assert outcome.interval == pytest.approx([0, (BORDER + RIVER + OUTLINE + 100) / 1000])
    assert not outcome.geometries
    assert outcome.verdict == "disagrees"
