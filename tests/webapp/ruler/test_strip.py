"""The strip: places at their kilometre and side, labels apart, many places counted and none lost."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from geodata import registry
from webapp.ruler import strip

WALL = {"id": "border-wall", "start_m": 236_916.6, "end_m": 396_916.6, "start_km": "237", "end_km": "397"}


@pytest.fixture(scope="module")
def ruler() -> dict[str, Any]:
    return registry.run("ruler", {"layer": "border-iq-sy", "km": "60"}).to_dict()


@pytest.fixture(scope="module")
def gaps() -> dict[str, Any]:
    return registry.run("gaps", {"layer": "border-iq-sy", "km": "25"}).to_dict()


def test_places_stand_at_their_kilometre_and_side(ruler: dict[str, Any], gaps: dict[str, Any]) -> None:
    drawing = strip.of(ruler, gaps, "en", wall=WALL)
    wide = drawing["right"] - drawing["left"]
    marks = {mark["id"]: mark for mark in drawing["marks"]}
    assert set(marks) == {item["id"] for item in ruler["items"]}
    for item in ruler["items"]:
        share = item["chainage_m"] / ruler["line"]["length_m"]
        assert marks[item["id"]]["x"] == pytest.approx(drawing["left"] + share * wide, abs=0.1)
    prison = marks["hasakah-prison"]
    assert drawing["axis"] - prison["y"] == pytest.approx(strip.HALF * 49.27 / 60, abs=0.2)
    assert marks["al-qaim-east"]["y"] > drawing["axis"]
    assert marks["al-qaim"]["y"] == drawing["axis"]
    assert prison["bar"][0] > prison["y"] > prison["bar"][1]


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_sites_of_the_claim_are_labelled(ruler: dict[str, Any], lang: str) -> None:
    labelled = {mark["id"] for mark in strip.of(ruler, None, lang, wall=WALL)["marks"] if mark["label"]}
    assert {"hasakah-prison", "al-hol", "roj", "al-tanf", "al-qaim", "rabia-crossing"} <= labelled


def test_labels_lie_apart(ruler: dict[str, Any]) -> None:
    marks = [mark for mark in strip.of(ruler, None, "en")["marks"] if mark["label"]]
    assert len(marks) > 8
    for a, b in combinations(marks, 2):
        same = a["label"]["anchor"] == b["label"]["anchor"] and a["label"]["x"] == b["label"]["x"]
        assert not same or abs(a["label"]["y"] - b["label"]["y"]) > strip.LINE, (a["id"], b["id"])


def test_ten_thousand_places_are_counted_in_cells(ruler: dict[str, Any]) -> None:
    item = ruler["items"][0]
    items = [
        {**item, "id": f"e{i}", "chainage_m": (i * 7919) % 603_000, "distance_m": (i * 31) % 60_000, "side": side}
        for i in range(5_000)
        for side in ("left", "right")
    ]
    drawing = strip.of({**ruler, "items": items}, None, "en")
    assert drawing["marks"] == []
    assert sum(cell["count"] for cell in drawing["cells"]) == 10_000
    assert len(drawing["cells"]) < 2_000


def test_gaps_are_bracketed_where_they_lie(ruler: dict[str, Any], gaps: dict[str, Any]) -> None:
    drawing = strip.of(ruler, gaps, "en")
    first, longest = drawing["gaps"][0], gaps["items"][0]
    wide = drawing["right"] - drawing["left"]
    share = longest["length_m"] / ruler["line"]["length_m"]
    assert first["x2"] - first["x1"] == pytest.approx(share * wide, abs=0.2)
    assert first["certain"] == longest["certain"]


def test_a_wall_elsewhere_is_not_shaded(ruler: dict[str, Any]) -> None:
    assert strip.of(ruler, None, "en", wall={**WALL, "start_m": 700_000.0, "end_m": 800_000.0})["wall"] is None


def test_the_profile_s_bars_hold_every_place() -> None:
    profile = registry.run("profile", {"layer": "border-iq-sy", "km": "50"}).to_dict()
    bars = strip.bars(profile)
    assert sum(bar["count"] for bar in bars) == sum(item["possible"] for item in profile["items"])
    assert max(bar["possible"] for bar in bars) == 64
    assert strip.bars({**profile, "items": [{**item, "possible": 0} for item in profile["items"]]}) == []
