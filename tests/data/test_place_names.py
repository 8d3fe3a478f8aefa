"""Names as a reader writes them: no marks of transliteration, one place once, no banned word in what we say."""

from __future__ import annotations

import itertools
import re
import tomllib
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import Point

from geodata.text.skeleton import skeletons
from scripts.layers import places
from scripts.layers.write import feature
from tests.data.test_shape import texts
from tests.tree import ROOT

GEOD = Geod(ellps="WGS84")
SIGNS = set("‘’ʼʾʿʻ`")
LETTERS = "aāábdḑḍefghḩḥijklłmnoqrsşṣtţṭuūwyzz̧żAĀḨŞŢ"


def marked(name: str) -> bool:
    """Tell whether a name has a letter with a mark, or a sign for hamza or ayn."""
    return bool(SIGNS & set(name)) or any(
        unicodedata.combining(letter) for letter in unicodedata.normalize("NFD", name)
    )


def test_no_name_carries_marks_of_transliteration(layers) -> None:
    shown = {
        item["id"]: item["properties"]["name_en"].replace("chargé", "charge")
        for items in layers.values()
        for item in items
    }
    assert [name for name in shown.values() if marked(name)] == []
    assert len(shown) > 600


def test_the_marked_name_of_the_source_is_an_alias(layers) -> None:
    aliases = [alias for item in layers["places"] for alias in item["properties"]["aliases"]]
    assert sum(marked(alias) for alias in aliases) > 400
    by_id = {item["id"]: item["properties"] for item in layers["places"]}
    assert by_id["place-174448"]["name_en"] == "Abu Kamal"
    assert "Ālbū Kamāl" in by_id["place-174448"]["aliases"]


@given(st.text(LETTERS + " -'‘’ʼ", max_size=12))
def test_a_name_without_marks_is_what_remains_of_it(name: str) -> None:
    plain = places.unmarked(name)
    assert plain.isascii()
    assert places.unmarked(plain) == plain
    assert skeletons(plain) == skeletons(name) or "ł" in name or "ʿ" in name


def test_no_place_is_there_twice(layers) -> None:
    """Pairs are found by another spelling than the one that joins them: the skeletons of the search."""
    spelled = []
    for item in layers["places"]:
        its = item["properties"]
        names = {skeletons(name) for name in (its["name_en"], its["name_ar"], *its["aliases"])}
        spelled.append((item, names - {()}))
    for (one, names), (other, others) in itertools.combinations(spelled, 2):
        if names & others and one["properties"]["country"] == other["properties"]["country"]:
            apart = GEOD.inv(*one["geometry"]["coordinates"], *other["geometry"]["coordinates"])[2]
            radius = max(item["properties"]["coordinateUncertaintyInMeters"] for item in (one, other))
            assert apart > radius, (one["id"], other["id"])


def place(number: int, lon: float, name: str, arabic: str, country: str = "country-iq") -> dict[str, Any]:
    common = {"kind": "town", "country": country, "coordinateUncertaintyInMeters": 5000}
    return feature(f"place-{number}", Point(lon, 33), name_en=name, name_ar=arabic, aliases=[f"old {number}"], **common)


@pytest.mark.parametrize(
    ("other", "count"),
    [
        (place(2, 44.05, "Al Khalis", "الخالص"), 1),
        (place(2, 44.05, "Deltawa", "خالص"), 1),
        (place(2, 44.05, "Khalis", "ديلتاوة"), 1),
        (place(2, 44.06, "Al Khalis", "الخالص"), 2),
        (place(2, 44.05, "Al Khalis", "الخالص", "country-sy"), 2),
        (place(2, 44.05, "Hibhib", "هبهب"), 2),
    ],
)
def test_places_of_one_name_within_a_radius_are_joined(other: dict[str, Any], count: int) -> None:
    found = places.joined([place(1, 44.0, "Khalis", "الخالص"), other])
    assert [item["id"] for item in found] == ["place-1", "place-2"][:count]
    if count == 1:
        its, properties = found[0]["properties"], other["properties"]
        names = {its["name_en"], its["name_ar"], *its["aliases"]}
        assert {properties["name_en"], properties["name_ar"], "old 1", "old 2"} <= names
        assert found[0]["geometry"]["coordinates"] == [44.0, 33]


def test_what_we_say_of_places_and_events_keeps_to_the_words_of_the_interface(layers, claims, actors) -> None:
    replaced = tomllib.loads((ROOT / "tests" / "words" / "replaced.toml").read_text("utf-8"))["phrases"]["ar"]
    said = [text for one in (layers, claims, actors) for _, text in texts(one)]
    banned = re.compile("|".join(map(re.escape, [*replaced, "استشهاد", "منتسب", "معاون"])))
    assert [text for text in said if banned.search(text)] == []
    assert len(said) > 700
