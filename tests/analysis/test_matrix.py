"""The matrix agrees with the question about two places."""

from __future__ import annotations

from typing import Any

import pytest

from geodata import registry
from geodata.analysis import matrix
from geodata.catalog import Catalog
from geodata.errors import BadValue, Refused


def ask(catalog: Catalog | None = None, **parameters: str) -> dict[str, Any]:
    """Return the matrix as JSON values."""
    return registry.run("matrix", parameters, catalog).to_dict()


@pytest.mark.parametrize(("rows", "columns"), [("erbil;akashat", "mosul;border-iq-sy;gov-iq-an"), ("41,34", "sites")])
def test_every_cell_is_the_distance_of_its_pair(rows: str, columns: str) -> None:
    found = ask(layer=rows, target=columns)
    for row, distances, intervals, shown in zip(
        found["rows"], found["distance_m"], found["interval_m"], found["display"], strict=True
    ):
        for column, distance, interval, text in zip(found["columns"], distances, intervals, shown, strict=True):
            if column["id"] == "baghdad-belt":
                assert (distance, interval, text) == (None, None, None)
                continue
            one = registry.run("distance", {"layer": row["id"], "target": column["id"]}).to_dict()
            assert interval == pytest.approx(one["interval_m"], abs=1e-3)
            assert text == one["display"]["number"]
            if distance is not None:
                assert distance == pytest.approx(one["distance_m"], abs=1e-3)


def test_a_matrix_has_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="lines and areas"):
        ask(layer="governorates", target="places")
    monkeypatch.setattr(matrix, "MAX_CELLS", 100)
    with pytest.raises(Refused, match="at most 100"):
        ask(layer="sites", target="sites")


def test_unknown_places_are_named(small: Catalog) -> None:
    with pytest.raises(BadValue, match="moon"):
        ask(small, layer="moon", target="sites")
