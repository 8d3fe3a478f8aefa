"""Counts along a line and over time."""

from __future__ import annotations

from typing import Any

import pytest

from geodata import registry
from geodata.analysis.linear.profile import period
from geodata.catalog import Catalog
from geodata.errors import BadValue, Refused
from geodata.model import Feature


def ask(catalog: Catalog | None = None, **parameters: str) -> dict[str, Any]:
    """Return the profile as JSON values."""
    return registry.run("profile", parameters, catalog).to_dict()


def test_every_place_of_the_ruler_is_counted_once() -> None:
    found = ask(layer="border-iq-sy", km="60", bin="25")
    ruler = registry.run("ruler", {"layer": "border-iq-sy", "km": "60"}).to_dict()
    assert sorted(id_ for row in found["items"] for id_ in row["ids"]) == sorted(i["id"] for i in ruler["items"])
    for item in ruler["items"]:
        row = next(row for row in found["items"] if item["id"] in row["ids"])
        assert row["start_m"] <= item["chainage_m"] <= row["end_m"]
    assert all(row["possible"] >= row["count"] for row in found["items"])
    assert [row["end_m"] for row in found["items"]][:-1] == [row["start_m"] for row in found["items"]][1:]
    assert found["items"][-1]["end_m"] == found["line"]["length_m"]


def test_events_are_counted_over_time_and_unknown_dates_apart() -> None:
    found = ask(layer="border-iq-sy", km="60", of="events")
    assert found["periods"] == ["2024-01"]
    assert found["unknown_dates"] == 1
    assert ask(layer="border-iq-sy", km="60", of="events", by="year")["periods"] == ["2024"]


@pytest.mark.parametrize(
    ("start", "end", "precision", "month", "year"),
    [
        ("2024-02-01", "2024-02-05", "interval", "2024-02", "2024"),
        ("2024-01-31", "2024-02-01", "interval", None, "2024"),
        ("2023-10-07", "2024-02-11", "interval", None, None),
        (None, "2024-02-02", "unknown", None, None),
        ("2023-10-07", "2023-10-07", "unknown", None, None),
    ],
)
def test_a_period_holds_all_of_the_dates(
    start: str | None, end: str, precision: str, month: str | None, year: str | None
) -> None:
    event = Feature("e", "events", None, {"date_start": start, "date_end": end, "date_precision": precision})
    assert (period(event, "month"), period(event, "year")) == (month, year)


def test_bad_bins(small: Catalog) -> None:
    good = {"layer": "border-we", "km": "5", "of": "sites"}
    for bad in ({"bin": "0"}, {"bin": "nan"}, {"by": "week"}, {"km": "-1"}):
        with pytest.raises(BadValue):
            ask(small, **{**good, **bad})
    shifted = ask(small, **good, bin="100", zero="50")
    assert shifted["items"][0]["start_m"] == -50_000


def test_too_many_bins_are_refused() -> None:
    with pytest.raises(Refused, match="bins"):
        ask(layer="euphrates", km="5", bin="0.1")
