"""A filter for a recorded actor finds all its names, and those of the actors that a person merged into it."""

from __future__ import annotations

import pytest

from geodata.catalog import Catalog
from geodata.events import filters, paging
from geodata.events.dataset import Opened
from geodata.records import actors

ACTORS = {
    "one": {"id": "one", "name_en": "Group 1", "name_ar": "المجموعة 1", "aliases": ["G1"]},
    "two": {"id": "two", "name_en": "Second group", "name_ar": "المجموعة 2", "aliases": ["Group 2"]},
}


@pytest.mark.parametrize(("merged", "names"), [(None, {"Group 1"}), ("one", {"Group 1", "Group 2"})])
def test_a_recorded_actor_stands_for_all_its_names(
    desk: tuple[Opened, Catalog], monkeypatch: pytest.MonkeyPatch, merged: str | None, names: set[str]
) -> None:
    events, catalog = desk
    fields = {**ACTORS, "two": {**ACTORS["two"], "merged_into": merged}}
    monkeypatch.setattr(catalog, "actors", lambda: fields)
    found = {one.id for one in paging.features(filters.read({"actor": "one"}, catalog), events, catalog)}
    assert found == {one.id for one in events.layer.features if names & set(one.properties["actors"])}
    assert found
    one_name = filters.read({"actor": "Group 1"}, catalog)
    assert one_name.conditions["actor"]["args"][1] == ["Group 1"]


@pytest.mark.parametrize("text", ["one", "الأول", "events ONE"])
def test_the_text_of_an_event_has_all_names_of_its_actors(
    desk: tuple[Opened, Catalog], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    events, catalog = desk
    # No event writes the actor so.
    recorded = {**ACTORS["one"], "name_en": "Events One", "name_ar": "الحدث الأول", "aliases": ["Group 1"]}
    monkeypatch.setattr(catalog, "actors", lambda: {"one": recorded})
    found = {one.id for one in paging.features(filters.read({"text": text}, catalog), events, catalog)}
    assert found == {one.id for one in events.layer.features if "Group 1" in one.properties["actors"]}
    assert found


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("al-Qaim", "القائم"),
        ("Husaybah", "القائم"),
        ("هجين", "Hajin"),
        ("حجين", None),
        ("qai", None),
        ("qaim hajin", None),
    ],
)
def test_the_name_of_a_place_finds_its_other_names(
    desk: tuple[Opened, Catalog], text: str, written: str | None
) -> None:
    events, catalog = desk
    found = {one.id for one in paging.features(filters.read({"text": text}, catalog), events, catalog)}
    assert found == {one.id for one in events.layer.features if written and written in str(one.properties)}
    assert bool(found) == bool(written)


def test_names_that_events_use_are_counted_and_compared(
    desk: tuple[Opened, Catalog], monkeypatch: pytest.MonkeyPatch
) -> None:
    events, catalog = desk
    counted = dict(actors.used(events.layer))
    for name, count in counted.items():
        assert count == sum(one.properties["actors"].count(name) for one in events.layer.features)
    assert sum(counted.values()) == sum(len(one.properties["actors"]) for one in events.layer.features)
    monkeypatch.setattr(catalog, "actors", lambda: {"one": {**ACTORS["one"], "name_en": "1 Group"}})
    pairs = [one for one in actors.alike(catalog) if one["layer"] == "made" and one["why"] == "words"]
    assert [(one["name"], one["events"]) for one in pairs] == [("Group 1", counted["Group 1"])]
