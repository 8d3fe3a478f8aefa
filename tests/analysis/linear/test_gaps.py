"""Gaps: against a walk along the line in short steps, and by hand where they are certain or not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from geodata import geodesy, registry
from geodata.analysis.linear.uncovered import Reach, beyond
from geodata.catalog import Catalog, shipped
from geodata.errors import BadValue
from tests.analysis.conftest import feature, point
from tests.analysis.slow import GEOD, SlowLine

WALK = 4.0
"""Metres between the places of the slow walk."""


def ask(catalog: Catalog | None = None, **parameters: str) -> dict[str, Any]:
    """Return the gaps as JSON values."""
    return registry.run("gaps", parameters, catalog).to_dict()


def walked(line: SlowLine, positions: np.ndarray, radii: np.ndarray) -> list[tuple[float, float]]:
    """Return the stretches where every position is farther than its radius, looking every 4 m."""
    at = np.arange(0, line.length, WALK)
    x, y = line.at(at)
    free = np.ones(len(at), dtype=bool)
    for (lon, lat), radius in zip(positions, radii, strict=True):
        free &= GEOD.inv(np.full(len(at), lon), np.full(len(at), lat), x, y)[2] > radius
    edges = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(int)))
    return [(float(at[a]), float(at[b - 1])) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def known(line: str, km: float) -> tuple[np.ndarray, np.ndarray]:
    """Return positions and radii of uncertainty of the sites that have a position of their own."""
    rows = []
    for one in shipped().layer("sites").features:
        if one.geometry is not None and not one.placeholder and one.area is None:
            rows.append((one.geometry.x, one.geometry.y, one.properties["coordinateUncertaintyInMeters"]))
    table = np.array(rows)
    near = geodesy.Line(shapely.get_coordinates(shipped().feature(line).geometry)).nearest(*table[:, :2].T)
    kept = near.distance < km * 1000 + table[:, 2] + 10_000
    return table[kept, :2], table[kept, 2]


@pytest.mark.parametrize("km", [1, 5, 10, 22.5, 25, 50])
def test_the_border_walked_in_short_steps_has_the_same_gaps(km: float) -> None:
    line = SlowLine(shapely.get_coordinates(shipped().feature("border-iq-sy").geometry))
    positions, _ = known("border-iq-sy", km)
    truth = walked(line, positions, np.full(len(positions), km * 1000))
    found = sorted((item["start_m"], item["end_m"]) for item in ask(layer="border-iq-sy", km=str(km))["items"])
    long = [stretch for stretch in found if stretch[1] - stretch[0] > 2 * WALK]
    assert len(long) == len([stretch for stretch in truth if stretch[1] - stretch[0] > WALK])
    for mine, walk in zip(long, truth, strict=True):
        assert mine == pytest.approx(walk, abs=10)


def test_longest_first_and_their_ends_named() -> None:
    found = ask(layer="border-iq-sy", km="25")
    lengths = [item["length_m"] for item in found["items"]]
    assert lengths == sorted(lengths, reverse=True)
    assert (found["items"][0]["from"], found["items"][0]["to"]) == ("al-baghuz", "al-hol")
    assert sum(lengths) == pytest.approx(found["gap_m"])
    assert found["gap_m"] + found["covered_m"] == pytest.approx(found["line"]["length_m"])
    assert "says nothing about guards or sensors" in found["meaning"]["en"]
    assert "akashat" in [area["id"] for area in found["areas"]]


def test_certain_is_what_no_uncertainty_reaches(small: Catalog) -> None:
    found = ask(small, layer="border-we", km="20", of="sites")
    # The whole eastern side may hold "somewhere": nothing of the border is certain.
    assert found["items"]
    assert not any(item["certain"] for item in found["items"])
    assert all(item["interval_m"][0] == 0 for item in found["items"])


def test_without_areas_the_certain_part_is_shorter_by_the_uncertainties(make: Any, layers: Any) -> None:
    layers["sites"] = [feature("on", point(40, 32), coordinateUncertaintyInMeters=1000)]
    found = ask(make(layers), layer="border-we", km="20", of="sites")
    assert [item["certain"] for item in found["items"]] == [True, True]
    for item in found["items"]:
        (sure,) = item["certainly"]
        # A place on a meridian, and reach along it: the radius grows by the place's 1000 m and the line's 500 m.
        # Its inner end is good to 10 m.
        assert item["length_m"] - (sure["end_m"] - sure["start_m"]) == pytest.approx(1510, abs=1)
        assert item["interval_m"] == pytest.approx([item["length_m"] - 1510, item["length_m"] + 1510], abs=1)
    south = min(found["items"], key=lambda item: item["start_m"])
    assert south["end_m"] == pytest.approx(GEOD.inv(40, 30, 40, 32)[2] - 20_000, abs=0.1)
    assert (south["from"], south["to"]) == (None, "on")


def test_a_placeholder_ends_no_gap_but_makes_it_uncertain(make: Any, layers: Any) -> None:
    layers["sites"] = [feature("vague", point(40, 32), coordinateUncertaintyInMeters=5000, placeholder=True)]
    (item,) = ask(make(layers), layer="border-we", km="20", of="sites")["items"]
    assert item["length_m"] == pytest.approx(GEOD.inv(40, 30, 40, 34)[2], abs=0.01)
    assert len(item["certainly"]) == 2
    assert item["interval_m"][0] < item["length_m"] / 2


def test_a_layer_with_nothing_near_leaves_one_gap_and_one_kind_can_be_asked(small: Catalog) -> None:
    found = ask(small, layer="border-we", km="1", of="sites", kind="prison")
    assert [(item["start_m"], item["certain"]) for item in found["items"]] == [(0, True)]
    assert found["share"] == 1
    with pytest.raises(BadValue, match="castle"):
        ask(small, layer="border-we", km="1", of="sites", kind="castle")


def test_kilometres_of_ones_own(small: Catalog) -> None:
    plain, own = (
        ask(small, layer="border-we", km="20", of="sites", kind="town", **more) for more in ({}, {"zero": "50"})
    )
    for a, b in zip(plain["items"], own["items"], strict=True):
        assert b["start_m"] == pytest.approx(a["start_m"] - 50_000)


@pytest.mark.parametrize("seed", range(8))
def test_no_covered_stretch_is_missed_where_a_reach_only_touches(seed: int) -> None:
    random = np.random.default_rng(seed)
    line = geodesy.Line([[40, 30], [40, 30.5]])
    at = random.uniform(5_000, 50_000)
    lon, lat = line.point_at(at)
    x, y, _ = GEOD.fwd(lon, lat, 90, 9_990)
    near = line.nearest(x, y)
    # The reach passes the nearest point of the line by so much that 12 m of the line are covered.
    radius = float(np.hypot(near.distance, 6.0))
    found = beyond(line, [Reach(geodesy.Target(shapely.Point(x, y)), radius)])
    assert len(found) == 2
    assert found[1][0] - found[0][1] == pytest.approx(12, abs=1)


def test_hostile_lines_and_radii_are_refused(small: Catalog) -> None:
    for bad in ({"km": "0"}, {"km": "inf"}, {"km": "2000"}, {"layer": "sites"}, {"of": "moons"}):
        with pytest.raises(BadValue):
            ask(small, **{"layer": "border-we", "km": "5", "of": "sites", **bad})
