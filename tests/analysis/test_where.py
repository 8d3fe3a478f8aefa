"""A filter of the rows of an analysis: its answer is that of the whole layer without what the filter leaves out."""

from __future__ import annotations

from typing import Any

import pytest

from geodata import registry
from geodata.analysis import predicates
from geodata.catalog import shipped
from geodata.errors import BadValue
from geodata.model import Result

FILTERS = [
    "kind = 'prison'",
    "NOT kind IN ('prison', 'city') AND inside('country-sy')",
    "within_km('border-iq-sy', 60, 'certainly') OR text_contains('بغداد')",
    "id LIKE 'al-%'",
    "kind = 'nothing at all'",
]
ROWS: dict[str, dict[str, str]] = {
    "proximity": {"layer": "sites", "target": "border-iq-sy"},
    "within": {"layer": "sites", "target": "wall", "km": "80"},
    "direction": {"layer": "sites"},
}
ALONG: dict[str, dict[str, str]] = {
    "ruler": {"layer": "border-iq-sy", "km": "80", "of": "sites"},
    "gaps": {"layer": "border-iq-sy", "km": "60", "of": "sites"},
    "profile": {"layer": "border-iq-sy", "km": "80", "of": "sites"},
    "coverage": {"layer": "border-iq-sy", "of": "wall", "km": "80", "behind": "sites"},
}


def matching(where: str) -> set[str]:
    return {one.id for one in predicates.features(shipped().layer("sites"), where, shipped())}


def ids(value: Any) -> set[str]:
    """Return the ids of all sites that an answer has items of."""
    sites = {one.id for one in shipped().layer("sites").features}
    if isinstance(value, dict):
        own = {str(value["id"])} & sites if "id" in value else set()
        return own.union(*(ids(part) for part in value.values()))
    return set().union(*(ids(part) for part in value)) if isinstance(value, list | tuple) else set()


def ask(name: str, parameters: dict[str, str], **more: str) -> Result:
    return registry.run(name, {**parameters, **more})


@pytest.mark.parametrize("where", FILTERS)
@pytest.mark.parametrize("name", ROWS)
def test_rows_are_those_of_the_whole_layer_that_the_filter_takes(name: str, where: str) -> None:
    whole = ask(name, ROWS[name]).body["items"]
    assert ask(name, ROWS[name], where=where).body["items"] == [one for one in whole if one["id"] in matching(where)]


@pytest.mark.parametrize("where", FILTERS)
@pytest.mark.parametrize("name", ALONG)
def test_along_a_line_only_what_the_filter_takes_is_laid(name: str, where: str) -> None:
    whole, some = ids(ask(name, ALONG[name]).body), ids(ask(name, ALONG[name], where=where).body)
    assert some == whole & matching(where)


def test_the_matrix_and_the_contents_of_rings_are_filtered() -> None:
    where = FILTERS[1]
    rows = ask("matrix", {"layer": "sites", "target": "sites"}, where=where).body
    assert {one["id"] for one in rows["rows"]} == matching(where)
    assert len(rows["columns"]) == len(shipped().layer("sites").features)
    rings = {"layer": "al-qaim", "km": "200", "of": "sites"}
    whole, some = ids(ask("buffer", rings).body), ids(ask("buffer", rings, where=where).body)
    assert some - {"al-qaim"} == (whole & matching(where)) - {"al-qaim"}


@pytest.mark.parametrize(("name", "parameters"), [*ROWS.items(), *ALONG.items()])
def test_an_answer_rests_on_the_layers_that_its_filter_refers_to(name: str, parameters: dict[str, str]) -> None:
    where = "kind = 'nothing' OR within_km('euphrates', 1) OR inside('gov-iq-an')"
    result = ask(name, parameters, where=where)
    assert {"sites", "rivers", "governorates"} <= result.layers.keys()
    assert result.parameters["where"] == where
    assert result.id != ask(name, parameters).id
    assert "where" not in ask(name, parameters).parameters


@pytest.mark.parametrize(
    ("parameters", "where"),
    [
        ({"layer": "erbil"}, "kind = 'airport'"),
        ({"layer": "41.1,36.4"}, "kind = 'airport'"),
        ({"layer": "sites"}, "nothing = 1"),
        ({"layer": "sites"}, "kind = "),
        ({"layer": "sites"}, "within_km('nowhere', 5)"),
    ],
)
def test_what_cannot_be_filtered_is_refused(parameters: dict[str, str], where: str) -> None:
    with pytest.raises(BadValue) as refused:
        ask("within", {**parameters, "target": "border-iq-sy", "km": "5"}, where=where)
    assert refused.value.parameter in ("where", "target")
