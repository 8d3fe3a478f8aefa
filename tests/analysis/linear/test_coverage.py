"""Coverage: the announced wall on the border, the dated claims, and what lies behind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from geodata import geodesy, registry
from geodata.catalog import Catalog, shipped
from geodata.errors import BadValue
from tests.analysis.conftest import feature
from tests.analysis.slow import SlowLine


def ask(catalog: Catalog | None = None, **parameters: str) -> dict[str, Any]:
    """Return the coverage as JSON values."""
    return registry.run("coverage", parameters, catalog).to_dict()


def test_the_announced_wall_covers_what_a_slow_walk_says() -> None:
    found = ask(layer="border-iq-sy", of="border-wall", tolerance="500")
    line = SlowLine(shapely.get_coordinates(shipped().feature("border-iq-sy").geometry))
    wall = geodesy.Line(shapely.get_coordinates(shipped().feature("border-wall").geometry))
    at = np.arange(0, line.length, 5.0)
    near = wall.nearest(*line.at(at)).distance <= 500
    assert found["covered_m"] == pytest.approx(near.sum() * 5.0, abs=10)
    assert found["share"] == pytest.approx(found["covered_m"] / found["length_m"])
    (stretch,) = found["items"]
    assert stretch["start_m"] == pytest.approx(at[near][0], abs=10)
    assert found["cover"]["illustration"] is True
    assert any("not evidence" in text["en"] for text in found["assumptions"])


def test_every_claim_names_numerator_and_denominator_with_their_sources() -> None:
    found = ask(layer="border-iq-sy", of="border-wall")
    stated = {claim["length_m"][0] / 1000: claim for claim in found["claims"]}
    assert {160, 350, 400} <= stated.keys()
    assert stated[160]["source"] == "hussein-2024"
    assert stated[350]["source"] == "wall-horrya-2025-11"
    for claim in found["claims"]:
        assert claim["source"] in shipped().sources()
        denominators = [share["denominator"] for share in claim["shares"]]
        assert [round(one["length_m"] / 1000, 1) for one in denominators] == [603.9, 618, 599]
        assert all(set(one["source"]) <= set(shipped().sources()) for one in denominators)
        assert all(one["text"]["ar"] for one in denominators)
        for share in claim["shares"]:
            assert share["share"][0] == pytest.approx(claim["length_m"][0] / share["denominator"]["length_m"])
    assert stated[350]["shares"][1]["display"]["number"] == "≤ 57"


def test_what_lies_behind_is_inside_outside_or_unclear() -> None:
    found = ask(layer="border-iq-sy", of="border-wall")
    behind = {word: [item["id"] for item in found["behind"][word]] for word in ("inside", "outside", "unclear")}
    assert {"al-hol", "rabia-crossing", "hasakah-prison"} <= set(behind["outside"])
    assert "al-qaim" in behind["unclear"]
    assert found["behind"]["counts"] == {word: len(ids) for word, ids in behind.items()}


def test_other_pairs_of_lines_have_no_claims(make: Any, layers: Any) -> None:
    path = {"type": "LineString", "coordinates": [[40.005, 31], [40.005, 32]]}
    layers["lines"] = [feature("fence", path, coordinateUncertaintyInMeters=100, kind="wall")]
    found = ask(make(layers), layer="border-we", of="fence", tolerance="1000", behind="sites")
    assert found["claims"] == []
    assert found["covered_m"] == pytest.approx(111_000, rel=0.02)
    low, high = found["interval_m"]
    assert high - low == pytest.approx(4 * (600 + 10))
    missed = ask(make(layers), layer="border-we", of="fence", tolerance="100", behind="sites")
    assert (missed["covered_m"], missed["items"]) == (0, [])


def test_bad_lines_and_tolerances(small: Catalog) -> None:
    good = {"layer": "border-we", "of": "border-we", "behind": "sites"}
    for bad in ({"of": "sites"}, {"of": "near"}, {"tolerance": "0"}, {"tolerance": "1e9"}, {"behind": "moons"}):
        with pytest.raises(BadValue):
            ask(small, **{**good, **bad})
    whole = ask(small, **good)
    assert whole["share"] == pytest.approx(1)
