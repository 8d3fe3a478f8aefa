"""Every figure that is shown of the shipped layers holds its own interval: distances, kilometres, azimuths, lengths."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from geodata import registry
from geodata.catalog import shipped

BARE = {"km": Decimal("0.0005"), "°": Decimal("0.05")}
QUESTIONS = [
    ("matrix", {"layer": "sites", "target": "sites"}),
    ("matrix", {"layer": "events", "target": "borders"}),
    ("proximity", {"layer": "places", "target": "borders"}),
    ("proximity", {"layer": "sites", "target": "borders", "sensitivity": "true"}),
    ("proximity", {"layer": "events", "target": "border-iq-sy"}),
    ("proximity", {"layer": "sites", "target": "governorates"}),
    ("within", {"layer": "sites", "target": "euphrates", "km": "50"}),
    *(
        ("ruler", {"layer": line, "km": "300", "of": "sites,events,places"})
        for line in ("border-iq-sy", "border-iq-ir")
    ),
    *(("gaps", {"layer": line, "km": "25"}) for line in ("border-iq-sy", "border-iq-sa", "tigris")),
    ("coverage", {"layer": "border-iq-sy", "of": "border-wall"}),
    ("claims", {}),
]
FIELDS = {
    "display": ("distance_m", "interval_m"),
    "interval_display": (None, "interval_m"),
    "chainage_display": ("chainage_m", "chainage_interval_m"),
}


def held(display: Mapping[str, str], value: Decimal | None, low: Decimal, high: Decimal) -> bool:
    """Tell whether a shown number, read again, holds an interval and the value in it."""
    parts = [Decimal(part) for part in re.split(r" ± |(?<=\d) ?– ?", display["number"])]
    if "±" in display["number"]:
        ends = (parts[0] - parts[1], parts[0] + parts[1])
    else:
        ends = (parts[0], parts[1]) if len(parts) == 2 else (parts[0] - BARE["km"], parts[0] + BARE["km"])
    return ends[0] <= low and high <= ends[1] and (value is None or ends[0] <= value <= ends[1])


def figures(answer: Any) -> Iterator[tuple[str, Mapping[str, str], Decimal | None, Decimal, Decimal]]:
    """Yield every figure of an answer as its JSON holds it: what is shown, the value and the interval in kilometres."""
    if isinstance(answer, Mapping):
        for shown, (value, interval) in FIELDS.items():
            display, ends = answer.get(shown), answer.get(interval)
            if isinstance(display, Mapping) and ends and not answer.get("beyond_end"):
                at = answer.get(value or "") if display.get("number", "").count("–") == 0 else None
                km = [None if n is None else Decimal(repr(n)) / 1000 for n in (at, *ends)]
                yield f"{answer.get('id')} {shown}", display, km[0], km[1], km[2]
        for part in answer.values():
            yield from figures(part)
    elif isinstance(answer, list):
        for part in answer:
            yield from figures(part)


def cells(answer: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str], Decimal | None, Decimal, Decimal]]:
    """Yield every cell of a matrix as `figures` does."""
    rows = zip(answer["rows"], answer["display"], answer["interval_m"], strict=True)
    for row, displays, intervals in rows:
        for display, ends in zip(displays, intervals, strict=True):
            if ends:
                yield row["id"], {"number": display}, None, *(Decimal(repr(end)) / 1000 for end in ends)


@pytest.mark.parametrize(("name", "asked"), QUESTIONS)
def test_every_shipped_figure_holds_its_own_interval(name: str, asked: dict[str, str]) -> None:
    answer = registry.run(name, asked, shipped()).to_dict()
    found = list(cells(answer) if name == "matrix" else figures(answer))
    wrong = [one for one in found if not held(*one[1:])]
    assert not wrong
    assert len(found) > 2, "nothing was looked at"


def test_every_azimuth_holds_what_its_uncertainty_spans() -> None:
    items = registry.run("direction", {"layer": "sites"}, shipped()).to_dict()["items"]
    shown = [item for item in items if item["display"]]
    for item in shown:
        middle, _, half = item["display"]["number"].partition(" ± ")
        margin = (item["interval_deg"][1] - item["interval_deg"][0]) / 2
        off = abs((float(middle) - item["azimuth_deg"] + 180) % 360 - 180)
        assert off + margin <= (float(half) if half else 0.05) + 1e-8, item["id"]
    assert len(shown) > 10
