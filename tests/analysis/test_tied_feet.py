"""Feet that are as near: listed for one place, told for each of many."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geodata import geodesy, registry
from geodata.catalog import shipped

GEOD = Geod(ellps="WGS84")
VEE = "LINESTRING (40 34, 41 33, 42 34)"


def ask(layer: str, name: str = "proximity", **more: str) -> Any:
    return registry.run(name, {"layer": layer, "target": VEE, **more}, shipped()).to_dict()


@pytest.mark.parametrize("name", ["proximity", "distance"])
def test_a_single_question_lists_the_other_foot(name: str) -> None:
    found = ask("41,33.5", name)
    line = geodesy.Line([[40, 34], [41, 33], [42, 34]])
    assert found["tied"] is True
    assert (len(found["ties"]), found["ties_more"]) == (1, 0)
    assert found["ties"][0]["distance_m"] == pytest.approx(found["distance_m"], abs=1e-3)
    assert found["ties"][0]["chainage_m"] + found["chainage_m"] == pytest.approx(line.length, abs=0.05)
    assert found["side"] == found["ties"][0]["side"] == "left"
    assert ask("41.001,33.5", name)["tied"] is False


def test_all_lists_what_an_uncertain_place_may_be_nearest_to() -> None:
    found = ask("41.001,33.5", ties="all")
    assert found["ties"] == []
    near = ask("41.001,33.5@7", ties="all")
    assert (len(near["ties"]), near["tied"]) == (1, False)


def test_a_batch_says_yes_or_no() -> None:
    items = ask("41,33.5; 41.2,33.5; 41,32.5")["items"]
    assert [item["tied"] for item in items] == [True, False, False]
    assert items[0]["side"] == "unclear"
    assert [
        item["tied"]
        for item in registry.run("proximity", {"layer": "sites", "target": "erbil"}, shipped()).to_dict()["items"]
    ].count(True) == 0


@given(
    lon=st.integers(-170_000, 170_000),
    lat=st.integers(-60_000, 60_000),
    east=st.integers(1, 3_000),
    norths=st.lists(st.integers(-2_000, 2_000), min_size=1, max_size=3, unique=True),
    off=st.sampled_from([0, 1]),
)
def test_targets_at_one_distance_are_tied(lon: int, lat: int, east: int, norths: list[int], off: int) -> None:
    """Thousandths of a degree: mirror images in the meridian are as far, to the last digit."""
    ends = [(lon + sign * (east + off * (sign > 0)), lat + north) for north in norths for sign in (-1, 1)]
    distances = GEOD.inv(*zip(*[(lon / 1e3, lat / 1e3, x / 1e3, y / 1e3) for x, y in ends], strict=True))[2]
    expected = sum(distance - min(distances) <= 1e-3 for distance in distances) - 1
    near = "; ".join(f"{x / 1e3},{y / 1e3}" for x, y in ends)
    question = {"layer": f"{lon / 1e3},{lat / 1e3}", "target": near}
    answer = registry.run("proximity", question, shipped()).to_dict()
    assert (answer["tied"], len(answer["ties"])) == (expected > 0, expected)
    assert len({tuple(foot["foot"]) for foot in answer["ties"]} | {tuple(answer["foot"])}) == expected + 1
    assert expected >= 1 - off


def test_borders_that_meet_are_not_tied_where_they_meet() -> None:
    """Beyond a point where three borders end, the nearest place of all is one."""
    borders = [feature for feature in shipped().layer("borders").features if feature.id.startswith("border-iq")]
    ends = [tuple(place) for feature in borders for place in (feature.geometry.coords[0], feature.geometry.coords[-1])]
    shared = [place for place in set(ends) if ends.count(place) > 1]
    assert shared
    for x, y in shared:
        answer = registry.run("proximity", {"layer": f"{x},{y}", "target": "borders"}, shipped()).to_dict()
        assert (answer["distance_m"], answer["tied"]) == (0.0, False)


def test_a_site_between_two_lines_names_both_in_the_answer_of_a_batch() -> None:
    lines = "LINESTRING (40 33, 40 34); LINESTRING (42 33, 42 34)"
    value = registry.run("proximity", {"layer": "41,33.5; 41.1,33.5", "target": lines}, shipped()).to_dict()
    assert [item["tied"] for item in value["items"]] == [True, False]
    assert [item["side"] for item in value["items"]] == ["unclear", "left"]
