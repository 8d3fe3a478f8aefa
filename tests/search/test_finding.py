"""Search finds what is meant, however it is spelled, in the order that the data decide."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mgrs import MGRS

from geodata.catalog import shipped
from geodata.geodesy import Line
from geodata.search import Entry, find
from geodata.search.finding import index_of
from geodata.search.index import EXACT, NEARLY, SPELLED, STARTS, WITHIN, WORDS, Index
from geodata.text import arabic
from geodata.text.skeleton import skeletons
from tests.search.cases import CASES

SPELLINGS = [(text, id_) for id_, spellings in CASES.items() for text in spellings]
FIRST = 3


def test_there_are_enough_spellings() -> None:
    assert len(SPELLINGS) >= 150
    assert len({text for text, _ in SPELLINGS}) > 145


def test_spellings_are_found_among_the_first() -> None:
    missed = [(text, id_) for text, id_ in SPELLINGS if id_ not in [one.id for one in find(text, shipped(), FIRST)]]
    assert len(missed) <= 0.05 * len(SPELLINGS), missed


@pytest.mark.parametrize(
    ("text", "id_"), [("Baghdad", "baghdad"), ("الموصل", "mosul"), ("Heseke", "hasakah-city"), ("القائم", "al-qaim")]
)
def test_a_town_that_is_a_site_is_found_once_and_first(text: str, id_: str) -> None:
    shape = shipped().feature(id_).geometry
    found = find(text, shipped())
    assert found[0].id == id_
    places = [shipped().feature(one.id) for one in found if one.kind == "place"]
    standing = [place for place in places if place.geometry == shape and not place.properties["placeholder"]]
    assert [place.id for place in standing] == [id_]


@pytest.mark.parametrize("text", ["الهول", "القائم", "روج", "Roj", "Raqqa"])
def test_beginnings_of_words_come_before_middles(text: str) -> None:
    index = index_of(shipped())
    matches = [match for match, _ in index.find(text)]
    assert matches == sorted(matches)
    for match, entry in index.find(text):
        starts = any(word.startswith(arabic.fold(text)) for name in entry.names for word in arabic.fold(name).split())
        assert match <= STARTS or not starts


def names(*texts: str) -> Index:
    return Index(
        Entry("place", "sites", f"n{at}", {"en": text, "ar": text}, (text,), "", at) for at, text in enumerate(texts)
    )


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("Tal Afar", [EXACT, WORDS, STARTS]),
        ("tal", [WORDS, WORDS, WORDS, STARTS]),
        ("Tel Afer", [SPELLED, SPELLED]),
        ("tal agar", [NEARLY]),
        ("thing else", [WITHIN]),
    ],
)
def test_how_a_name_matches_decides_its_place(text: str, matches: list[int]) -> None:
    index = names("Tal Afar", "Tal Afar airport", "Tal Afaris", "Talking", "something else")
    assert [match for match, _ in index.find(text)][: len(matches)] == matches


@given(st.text("abdeilmnrstz اأبدرسصقكلمنهةوي", min_size=1, max_size=14), st.integers(0, 5))
def test_a_name_is_found_by_itself(name: str, other: int) -> None:
    index = names(*(["Baghdad", "al-Hol", "روج"][: other % 3]), name)
    if arabic.fold(name):
        assert (EXACT, name) in [(match, entry.name["en"]) for match, entry in index.find(name)]


@given(st.text("bdfjklmnrst", min_size=4, max_size=9), st.integers(0, 8), st.sampled_from("bdfjklmnrst"))
def test_one_consonant_may_be_another(name: str, at: int, letter: str) -> None:
    wrong = name[: at % len(name)] + letter + name[at % len(name) + 1 :]
    # A doubled letter counts once: then more than one may differ.
    if len("".join(skeletons(wrong))) == len("".join(skeletons(name))) >= 3:
        assert [entry.name["en"] for _, entry in names(name).find(wrong)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "41.25, 36.5",
        "36.5 N 41.25 E",
        "36°30'00\"N 41°15'00\"E",
        "٤١٫٢٥، ٣٦٫٥",
        "شمال 36.5 شرق 41.25",
        MGRS().toMGRS(36.5, 41.25),
    ],
)
def test_every_notation_of_a_position_is_read(text: str) -> None:
    near = [(one.lon, one.lat) for one in find(text, shipped()) if one.kind == "position"]
    assert any(lon == pytest.approx(41.25, abs=1e-3) and lat == pytest.approx(36.5, abs=1e-3) for lon, lat in near)


@pytest.mark.parametrize(
    "text",
    [
        "km {} of the border",
        "kilometre {} of Iraq–Syria border",
        "كم {} من الحدود",
        "الكيلومتر {} من الحدود بين العراق وسوريا",
    ],
)
def test_a_kilometre_of_a_line_is_found(text: str) -> None:
    border = shipped().feature("borders/border-iq-sy").geometry
    assert border is not None
    line = Line(list(border.coords))
    for kilometre in random.Random(5).choices(range(1, int(line.length / 1000)), k=5):
        found = find(text.format(kilometre), shipped())[0]
        lon, lat = line.point_at(kilometre * 1000.0)
        assert (found.lon, found.lat) == (pytest.approx(float(lon), abs=1e-6), pytest.approx(float(lat), abs=1e-6))
    assert not [one for one in find(text.format(99_999), shipped()) if one.kind == "position"]


@pytest.mark.parametrize(
    "text", ["", " ", "ال", "'\"%_\\", "\u200f", "x" * 5_000, "((((", "km", "km 5 of nothing at all"]
)
def test_anything_may_be_typed(text: str) -> None:
    assert len(find(text, shipped())) <= 20
