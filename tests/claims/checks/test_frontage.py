"""How much border there is beyond a river, in one province or in any."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geodata.catalog import Catalog
from geodata.claims.checks import Outcome
from tests.analysis.conftest import feature, square, written
from tests.claims.checks import outcome

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

    def province(
        id_: str, south: float, north: float, country: str = "country", kind: str = "governorate", west: float = 40.001
    ) -> Any:
        shape = square(west, south, 42, north)
        return feature(id_, shape, kind=kind, country=country, coordinateUncertaintyInMeters=OUTLINE)

    border = {"type": "LineString", "coordinates": [[40, 30], [40, 34]]}
    return written(
        {
            "governorates": [
                province("gov-south", 30, 32.5),
                province("gov-north", 32.5, 34),
                province("gov-abroad", 30, 34, country="other", west=40),
                province("city", 30, 34, kind="city", west=40),
                *(province(f"gov-twin-{number}", 30, 34, country="twins") for number in range(3)),
                feature("gov-vague", square(40.001, 30, 42, 34), kind="governorate", country="vague"),
                feature("gov-unknown", None, kind="governorate", country="country"),
                province("gov-alone", 31.5, 32, country="alone"),
            ],
            "borders": [feature("border", border, kind="border")],
            "rivers": [
                river("crossing", (39, 31), (41, 31)),
                river("twice", (39, 30.5), (41, 30.5), (41, 31), (39, 31)),
                river("twice-back", (39, 31), (41, 31), (41, 30.5), (39, 30.5)),
                river("south", (40.2, 29.5), (41, 29.5)),
                feature("border-vague", border, kind="border"),
                river("late", (39, 33), (41, 33)),
                feature(
                    "late-known",
                    {"type": "LineString", "coordinates": [[39, 33], [41, 33]]},
                    kind="river",
                    coordinateUncertaintyInMeters=150,
                ),
                feature("unknown", {"type": "LineString", "coordinates": [[39, 31], [41, 31]]}, kind="river"),
                river("short", (40.2, 31), (41, 31)),
            ],
        },
        tmp_path_factory.mktemp("layers"),
    )


def ask(
    catalog: Catalog, river: str, within: str | None = None, figure: float = 160.0, line: str = "border"
) -> Outcome:
    test = {"kind": "frontage", "line": line, "from_river": river, **({"within": within} if within else {})}
    return outcome({"id": "claim", "reported": {"value": figure, "unit": "km"}, "test": test}, catalog)


@pytest.mark.parametrize("river", ["crossing", "twice", "twice-back", "short"])
def test_the_border_beyond_the_last_crossing(catalog: Catalog, river: str) -> None:
    found = ask(catalog, river)
    # A river straight in longitude and latitude crosses at its parallel; one that ends short of it is met by its foot.
    assert found.measured * 1000 == pytest.approx(LENGTH, abs=40 if river == "short" else 1)
    low, high = found.interval
    assert (high - found.measured) * 1000 == pytest.approx(BORDER + RIVER)
    assert (found.measured - low) * 1000 == pytest.approx(BORDER + RIVER)
    assert found.unit == "km"
    assert found.layers == ["borders", "rivers"]
    assert found.reported["interval"] == [155, 165]
    (shape,) = found.geometries
    ends = np.array(shape["geometry"]["coordinates"])[[0, -1]]
    assert ends == pytest.approx(np.array([[40, 31], [40, 34]]), abs=1e-3)
    assert shape["properties"]["role"] == "frontage"


@pytest.mark.parametrize(
    ("province", "south", "north"), [("gov-south", 31, 32.5), ("gov-north", 32.5, 34), ("gov-alone", 31, 34)]
)
def test_the_border_of_one_province(catalog: Catalog, province: str, south: float, north: float) -> None:
    found = ask(catalog, "crossing", province)
    margin = BORDER + RIVER + OUTLINE + 100
    # Looked up at points 100 m apart.
    assert found.measured * 1000 == pytest.approx(along(south, north), abs=100)
    low, high = found.interval
    assert ((high - found.measured) * 1000, (found.measured - low) * 1000) == pytest.approx((margin, margin))
    assert found.layers == ["borders", "governorates", "rivers"]
    (shape,) = found.geometries
    assert shape["geometry"]["coordinates"][0] == pytest.approx([40, 31], abs=1e-4)
    lon, lat = shape["geometry"]["coordinates"][-1]
    assert lon == pytest.approx(40, abs=1e-9)
    # The last of the points that were looked up lies less than their spacing before the end.
    end = 34 if province == "gov-alone" else north
    assert -1 < along(lat, end) * np.sign(end - lat) < 101


@given(st.integers(1, 99).map(lambda tens: tens * 10.0))
def test_too_little_border_contradicts_and_enough_proves_nothing(catalog: Catalog, figure: float) -> None:
    found = ask(catalog, "crossing", figure=figure)
    low, _ = found.reported["interval"]
    assert found.verdict == ("disagrees" if found.interval[1] < low else "cannot_tell")
    assert (found.verdict == "disagrees") == (low > (LENGTH + BORDER + RIVER) / 1000)


def test_a_province_that_ends_before_the_river_has_none_of_the_border(catalog: Catalog) -> None:
    found = ask(catalog, "late", "gov-south")
    assert found.measured == 0
    assert found.interval == pytest.approx([0, (BORDER + RIVER + OUTLINE + 100) / 1000])
    assert not found.geometries
    assert found.verdict == "disagrees"


@pytest.mark.parametrize(("figure", "word"), [(1.8, "cannot_tell"), (1.9, "disagrees")])
def test_border_as_long_as_the_claim_may_mean_does_not_contradict_it(
    catalog: Catalog, figure: float, word: str
) -> None:
    found = ask(catalog, "late-known", "gov-south", figure)
    # 1.8 km is 1.75 at the least, which is all that the uncertainties leave.
    assert found.interval == [0, (BORDER + 150 + OUTLINE + 100) / 1000]
    assert found.verdict == word


def test_a_river_whose_uncertainty_nobody_stated_adds_none(catalog: Catalog) -> None:
    found = ask(catalog, "unknown")
    assert (found.interval[1] - found.measured) * 1000 == pytest.approx(BORDER)


@pytest.mark.parametrize("province", ["gov-twin-0", "gov-twin-1"])
def test_a_province_as_near_as_another_has_the_border_as_well(catalog: Catalog, province: str) -> None:
    assert ask(catalog, "crossing", province).measured * 1000 == pytest.approx(LENGTH, abs=100)


def test_a_river_beyond_the_start_leaves_all_of_the_border(catalog: Catalog) -> None:
    assert ask(catalog, "south").measured * 1000 == pytest.approx(along(30, 34), abs=0.5)


def test_what_nobody_stated_of_border_or_outline_adds_nothing(catalog: Catalog) -> None:
    found = ask(catalog, "crossing", line="border-vague")
    assert (found.interval[1] - found.measured) * 1000 == pytest.approx(RIVER)
    found = ask(catalog, "crossing", "gov-vague")
    assert (found.interval[1] - found.measured) * 1000 == pytest.approx(BORDER + RIVER + 100)
