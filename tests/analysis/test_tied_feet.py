"""Feet that are as near: listed for one place, told for each of many."""

from __future__ import annotations

from typing import Any

import pytest

from geodata import analysis, geodesy
from geodata.catalog import shipped

VEE = "LINESTRING (40 34, 41 33, 42 34)"


def ask(layer: str, name: str = "proximity", **more: str) -> Any:
    return analysis.run(name, {"layer": layer, "target": VEE, **more}, shipped()).to_dict()


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
        for item in analysis.run("proximity", {"layer": "sites", "target": "erbil"}, shipped()).to_dict()["items"]
    ].count(True) == 0
