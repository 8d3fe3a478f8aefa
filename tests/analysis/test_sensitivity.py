"""The answer by each boundary source held."""

from __future__ import annotations

from typing import Any

import pytest

from geodata import registry
from geodata.catalog import Catalog
from tests.analysis.conftest import feature


def test_the_prison_by_every_line_of_the_border() -> None:
    asked = {"layer": "hasakah-prison", "target": "border-iq-sy", "sensitivity": "true"}
    found = registry.run("proximity", asked).to_dict()
    rows = {row["line"]: row for row in found["sensitivity"]}
    assert list(rows) == ["border-iq-sy", "border-iq-sy-ne10m"]
    assert rows["border-iq-sy"]["distance_m"] == found["distance_m"]
    other = registry.run("distance", {"layer": "hasakah-prison", "target": "border-iq-sy-ne10m"}).to_dict()
    assert rows["border-iq-sy-ne10m"]["distance_m"] == pytest.approx(other["distance_m"])
    assert rows["border-iq-sy-ne10m"]["interval_m"] == pytest.approx(other["interval_m"])
    assert all(row["source"] for row in rows.values())
    assert {"borders", "borders-alternatives"} <= set(found["inputs"]["layers"])


def test_without_being_asked_nothing_is_added_and_the_id_stays() -> None:
    plain = {"layer": "hasakah-prison", "target": "border-iq-sy"}
    found = registry.run("proximity", plain)
    assert "sensitivity" not in found.to_dict()
    assert "sensitivity" not in found.parameters


@pytest.mark.parametrize("name", ["distance", "within", "ruler"])
def test_other_questions_have_it_too(small: Catalog, name: str) -> None:
    parameters = {
        "distance": {"layer": "near", "target": "border-we"},
        "within": {"layer": "near", "target": "border-we", "km": "10"},
        "ruler": {"layer": "border-we", "km": "10", "of": "sites"},
    }[name]
    found = registry.run(name, {**parameters, "sensitivity": "true"}, small).to_dict()
    item = found if name != "ruler" else next(item for item in found["items"] if item["id"] == "near")
    assert [row["line"] for row in item["sensitivity"]] == ["border-we"]


def test_a_line_that_is_no_border_has_none(make: Any, layers: Any) -> None:
    path = {"type": "LineString", "coordinates": [[41, 30], [41, 34]]}
    catalog = make({**layers, "rivers": [feature("river", path, kind="river")]})
    found = registry.run("proximity", {"layer": "near", "target": "river", "sensitivity": "true"}, catalog).to_dict()
    assert found["sensitivity"] == []
