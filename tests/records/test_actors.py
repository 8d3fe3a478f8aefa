"""Actors of one's own: names in both scripts, alike ones shown, merged by a person and set apart again."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata import catalog
from geodata.errors import BadValue
from geodata.records import actors, sources
from geodata.store.workspace import Workspace

GROUP = {
    "id": "river-brigade",
    "name_en": "River Brigade",
    "name_ar": "لواء النهر",
    "aliases": "RB; كتيبة النهر",
    "kind": "armed_group",
    "sources": "hussein-2024",
    "by": "A",
}
TWIN = {**GROUP, "id": "brigade-river", "name_en": "Brigade River", "name_ar": "لواء الفرات", "aliases": ""}


def current_catalog() -> catalog.Catalog:
    """Return the catalogue as it is now."""
    return catalog.current()


@pytest.fixture
def place(workspace: Path) -> Workspace:
    """Return a workspace with two actors whose names look alike."""
    result = Workspace(workspace)
    for given in (GROUP, TWIN):
        actors.add(given, result, current_catalog())
    return result


def test_alike_names_are_shown_and_not_merged(place: Workspace) -> None:
    pairs = {(one["actor"], one["other"]): one for one in actors.alike(current_catalog())}
    assert pairs["river-brigade", "brigade-river"]["why"] == "words"
    assert "merged_into" not in current_catalog().actors()["brigade-river"]


def test_merged_by_a_person_and_set_apart_again(place: Workspace) -> None:
    actors.merge("brigade-river", {"into": "river-brigade", "by": "A", "why": "one emblem"}, place, current_catalog())
    assert actors.canonical_id("brigade-river", current_catalog()) == "river-brigade"
    assert {"Brigade River", "كتيبة النهر"} <= set(actors.names("river-brigade", current_catalog()))
    assert ("river-brigade", "brigade-river") not in {(x["actor"], x["other"]) for x in actors.alike(current_catalog())}
    with pytest.raises(BadValue):
        actors.merge("river-brigade", {"into": "brigade-river", "by": "A"}, place, current_catalog())
    with pytest.raises(BadValue):
        actors.merge("brigade-river", {"into": "coalition", "by": "A"}, place, current_catalog())
    actors.unmerge("brigade-river", {"by": "B"}, place, current_catalog())
    assert "Brigade River" not in actors.names("river-brigade", current_catalog())
    with pytest.raises(BadValue):
        actors.unmerge("brigade-river", {"by": "B"}, place, current_catalog())
    done = [(one["what"], one["by"], one["why"]) for one in sources.history("brigade-river", place, "actors")]
    assert done == [("unmerged", "B", ""), ("merged", "A", "one emblem"), ("recorded", "A", "")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "alike"),
        ("name_ar", "Latin"),
        ("kind", "gang"),
        ("part_of", "nobody"),
        ("sources", ""),
        ("sources", "no-such-source"),
        ("aliases", ";".join(f"name {at}" for at in range(60))),
        ("by", " "),
    ],
)
def test_what_is_wrong_is_refused_by_name(place: Workspace, name: str, value: str) -> None:
    with pytest.raises(BadValue) as caught:
        actors.add({**GROUP, "id": "third", name: value}, place, current_catalog())
    assert caught.value.parameter == name


def test_a_person_is_named_for_an_office_alone(place: Workspace) -> None:
    person = {**GROUP, "id": "someone", "kind": "person"}
    with pytest.raises(BadValue, match="office"):
        actors.add(person, place, current_catalog())
    actors.add({**person, "office_en": "Minister", "office_ar": "وزير"}, place, current_catalog())
    assert current_catalog().actors()["someone"]["office"] == {"en": "Minister", "ar": "وزير"}


def test_a_name_is_added(place: Workspace) -> None:
    actors.alias("river-brigade", {"alias": "Nahr Brigade", "by": "A"}, place, current_catalog())
    assert current_catalog().actors()["river-brigade"]["aliases"] == ["RB", "كتيبة النهر", "Nahr Brigade"]


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Syrian Democratic Forces", "SDF", "initials"),
        ("قوات سوريا الديمقراطية", "قوات سورية الديمقراطيه", "close"),
        ("Hay'at Tahrir al-Sham", "Hayat Tahrir al-Sham", "same"),
        ("الحشد الشعبي", "الحشد الشعبى", "same"),
        ("Hezbollah", "Hizbollah", "close"),
        ("Islamic State", "IS", "initials"),
        ("Iraqi government", "Government of Iraq", "close"),
        ("IS", "UN", ""),
        ("12th Brigade", "13th Brigade", ""),
        ("Government of Syria", "Government of Iraq", ""),
    ],
)
def test_what_makes_names_alike(one: str, other: str, why: str) -> None:
    assert actors._likeness(one, [other])[1] == why
