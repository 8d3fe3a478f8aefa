"""Whether a place lies in an area, at the very edge of it: what the radii of both leave possible."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geodata.catalog import Catalog
from tests.analysis.conftest import feature, point, square, written
from tests.claims.checks import outcome

GEOD = Geod(ellps="WGS84")
OUTLINE = 3_000.0
"""Metres to which the outlines of two provinces are known; of those of other countries it is 0, or not stated."""
STEPS = (-20_000.0, -3_400.0, -2_600.0, -0.6, 0.0, 0.6, 2_600.0, 3_400.0, 20_000.0)
"""Metres by which places lie east of the meridian that a province ends at."""
RADII = (0.0, 500.0, 30_000.0)
EAST = {"inner": 40.0, "exact": 46.0, "unstated": 50.0}


def site(area: str, step: float, radius: float) -> str:
    return f"{area}-{STEPS.index(step)}-{RADII.index(radius)}"


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return provinces that end at a meridian, all but the last with a neighbour there, and places on either side."""
    sites = []
    for area, east in EAST.items():
        for step in STEPS:
            lon, lat, _ = GEOD.fwd(east, 32.0, 90.0, step)
            sites += [
                feature(site(area, step, radius), point(lon, lat), coordinateUncertaintyInMeters=radius, kind="town")
                for radius in RADII
            ]
    boxes = {"inner": (36, 40), "neighbour": (40, 44), "exact": (44, 46), "beyond": (46, 48), "unstated": (49, 50)}
    known = {"inner": OUTLINE, "neighbour": OUTLINE, "exact": 0.0, "beyond": 0.0}
    areas = [
        feature(
            id_,
            square(west, 30, east, 34),
            kind="governorate",
            country={"neighbour": "inner", "beyond": "exact"}.get(id_, id_),
            coordinateUncertaintyInMeters=known.get(id_),
        )
        for id_, (west, east) in boxes.items()
    ]
    return written({"governorates": areas, "sites": sites}, tmp_path_factory.mktemp("layers"))


@settings(deadline=None)
@given(st.sampled_from(list(EAST)), st.sampled_from(STEPS), st.sampled_from(RADII))
@example("inner", -2_600.0, 0.0)
@example("exact", 0.6, 0.0)
@example("unstated", 0.6, 0.0)
@example("exact", 0.0, 0.0)
@example("unstated", 20_000.0, 30_000.0)
@example("unstated", -20_000.0, 0.0)
def test_an_area_holds_a_place_as_far_as_both_are_known(
    catalog: Catalog, area: str, step: float, radius: float
) -> None:
    reach = radius + (OUTLINE if area == "inner" else 0.0)
    outside, inside = max(0.0, step), max(0.0, -step)
    if outside > reach:
        expected = "disagrees"
    elif outside > 0:
        expected = "cannot_tell"
    else:
        # Only another area of the same country is in doubt.
        expected = "cannot_tell" if area != "unstated" and inside <= reach else "agrees"
    test = {"kind": "containment", "feature": site(area, step, radius), "area": area}
    found = outcome({"id": "claim", "reported": {"value": "in"}, "test": test}, catalog)
    assert (found.verdict, found.measured) == (expected, area)
