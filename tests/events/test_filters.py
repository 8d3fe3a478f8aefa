"""Every filter lets through what the definition says, no more and no less, by brute force over the features."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import shapely

from geodata import registry
from geodata.analysis.predicates import words
from geodata.catalog import Catalog
from geodata.errors import BadValue, NotFound
from geodata.events import facets as event_facets
from geodata.events import filters as event_filters
from geodata.events import paging
from geodata.events.dataset import Opened
from geodata.model import Feature
from geodata.text import arabic

Desk = tuple[Opened, Catalog]
Test = Callable[[dict[str, Any], Feature], bool]
BOX = shapely.box(40, 34, 42, 36)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def killed(said: dict[str, Any]) -> int | None:
    return (said["killed"] or {}).get("best")


CASES: list[tuple[dict[str, str], Test]] = [
    ({}, lambda said, one: True),
    ({"text": "القائم"}, lambda said, one: "قايم" in arabic.fold(said["notes"])),
    ({"text": "القايم قصف"}, lambda said, one: "قصف" in arabic.fold(said["notes"])),
    ({"text": '"near Hajin" shelling'}, lambda said, one: "near hajin" in arabic.fold(said["notes"])),
    ({"text": '"hajin near"'}, lambda said, one: False),
    ({"category": "Battles"}, lambda said, one: said["category"] == "Battles"),
    ({"category": "Battles|Riots"}, lambda said, one: said["category"] in ("Battles", "Riots")),
    ({"actor": "Group 2"}, lambda said, one: "Group 2" in said["actors"]),
    ({"source": "Outlet 3"}, lambda said, one: said["reported_by"] == "Outlet 3"),
    ({"flag": "no_position"}, lambda said, one: "no_position" in said["flags"]),
    ({"flag": "none"}, lambda said, one: not said["flags"]),
    ({"flag": "none|undated"}, lambda said, one: not said["flags"] or "undated" in said["flags"]),
    ({"precision": "governorate"}, lambda said, one: said["precision"] == "governorate"),
    ({"country": "country-sy"}, lambda said, one: said["country_id"] == "country-sy"),
    ({"country": "Syria"}, lambda said, one: said["country"] == "Syria"),
    ({"governorate": "gov-sy-dy"}, lambda said, one: said["governorate"] == "gov-sy-dy"),
    ({"kind": "event"}, lambda said, one: True),
    ({"deaths_min": "10"}, lambda said, one: (killed(said) or 0) >= 10),
    ({"deaths_min": "3", "deaths_max": "5"}, lambda said, one: 3 <= (killed(said) or 0) <= 5),
    ({"from": "2021-06-01"}, lambda said, one: (day(said["date_end"]) or date.min) >= date(2021, 6, 1)),
    (
        {"from": "2021-01-10", "to": "2021-01-12"},
        lambda said, one: (
            said["date_start"] is not None and said["date_start"] <= "2021-01-12" and said["date_end"] >= "2021-01-10"
        ),
    ),
    (
        {"polygon": "40,34;42,34;42,36;40,36"},
        lambda said, one: one.geometry is not None and BOX.contains(one.geometry),
    ),
    ({"category": "Riots", "deaths_max": "4"}, lambda said, one: said["category"] == "Riots" and killed(said) <= 4),
    ({"category": "Nothing"}, lambda said, one: False),
]


@pytest.mark.parametrize(("given", "test"), CASES, ids=[str(given) for given, _ in CASES])
def test_a_filter_lets_through_what_it_says(desk: Desk, given: dict[str, str], test: Test) -> None:
    events, catalog = desk
    expected = {one.id for one in events.layer.features if test(dict(one.properties), one)}
    filters = event_filters.read(given, catalog)
    assert {one.id for one in paging.features(filters, events, catalog)} == expected
    assert event_facets.summary(filters, events, catalog)["count"] == len(expected)


@pytest.mark.parametrize("within", ["certainly", "possibly"])
@pytest.mark.parametrize("km", ["10", "60.5", "300"])
def test_within_a_distance_is_what_the_analysis_says(desk: Desk, km: str, within: str) -> None:
    events, catalog = desk
    answer = registry.run("within", {"layer": "made", "target": "border-iq-sy", "km": km}, catalog)
    words = {item["id"]: item["within"] for item in answer.body["items"]}
    expected = {id_ for id_, word in words.items() if word == "certainly" or (within, word) == ("possibly", "possibly")}
    filters = event_filters.read({"target": "border-iq-sy", "km": km, "within": within}, catalog)
    assert {one.id for one in paging.features(filters, events, catalog)} == expected
    assert expected


def test_a_place_holds_its_own_and_the_areas_in_it(desk: Desk) -> None:
    events, catalog = desk
    found = {one.id for one in paging.features(event_filters.read({"place": "country-sy"}, catalog), events, catalog)}
    inside = {one.id for one in events.layer.features if one.properties["country_id"] == "country-sy"}
    # On the very line a point may lie on either side.
    assert len(found ^ inside) <= 2
    assert any(one.area for one in events.layer.features if one.id in found)


def test_facets_are_counted_without_their_own_filter(desk: Desk) -> None:
    events, catalog = desk
    filters = event_filters.read({"category": "Battles", "deaths_min": "5"}, catalog)
    facets = event_facets.summary(filters, events, catalog)["facets"]
    rows = [one.properties for one in events.layer.features]
    many = [row for row in rows if killed(row) >= 5]
    assert dict(facets["category"]) == Counter(row["category"] for row in many)
    some = [row for row in many if row["category"] == "Battles"]
    assert dict(facets["actor"]) == Counter(name for row in some for name in row["actors"])
    assert dict(facets["flag"]) == Counter(word for row in some for word in row["flags"] or ["none"])


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"from": "2024-13-01"}, "from"),
        ({"to": "yesterday"}, "to"),
        ({"from": "2024-02-02", "to": "2024-02-01"}, "from"),
        ({"deaths_min": "-1"}, "deaths_min"),
        ({"deaths_min": "NaN"}, "deaths_min"),
        ({"deaths_min": "5", "deaths_max": "4"}, "deaths_min"),
        ({"km": "5"}, "target"),
        ({"target": "border-iq-sy"}, "km"),
        ({"target": "border-iq-sy", "km": "inf"}, "km"),
        ({"target": "nowhere", "km": "5"}, "target"),
        ({"within": "maybe"}, "within"),
        ({"place": "hasakah-prison"}, "place"),
        ({"place": "nowhere"}, "place"),
        ({"polygon": "1,2;3,4"}, "polygon"),
        ({"polygon": "0,0;1,1;1,0;0,1"}, "polygon"),
        ({"polygon": "0,0;1,x;1,0"}, "polygon"),
        ({"polygon": ";".join(["0,0"] * 501)}, "polygon"),
        ({"text": "x" * 501}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"actor": "|".join(map(str, range(101)))}, "actor"),
    ],
)
def test_what_cannot_be_asked_is_named(desk: Desk, given: dict[str, str], name: str) -> None:
    with pytest.raises(BadValue) as refused:
        event_filters.read(given, desk[1])
    assert refused.value.parameter == name


def test_text_of_a_person_is_never_part_of_the_question(desk: Desk) -> None:
    events, catalog = desk
    for sly in ("'; DROP TABLE events; --", '") OR true --', "%", "_", "\\"):
        for name in ("text", "actor", "category", "source", "country"):
            filters = event_filters.read({name: sly}, catalog)
            assert event_facets.summary(filters, events, catalog)["count"] == (
                events.rows if name == "text" and not words(sly) else 0
            )
    with pytest.raises(NotFound):
        paging.feature("' OR true --", events)
    assert event_facets.summary(event_filters.read({}, catalog), events, catalog)["count"] == events.rows
