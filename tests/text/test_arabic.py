"""Names as they are searched: one table of cases for Python here, and for the browser's twin in node or Chromium."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from shutil import which

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.analysis.places import resolve
from geodata.catalog import shipped
from geodata.errors import BadValue
from geodata.model import Feature
from geodata.text.arabic import fold, matches
from geodata.text.skeleton import skeletons
from tests.tree import ROOT

CASES = json.loads((ROOT / "tests/arabic_cases.json").read_text("utf-8"))


def test_there_are_cases_of_both_kinds() -> None:
    assert len(CASES["fold"]) > 60
    assert {expected for _, _, expected in CASES["matches"]} == {True, False}


@pytest.mark.parametrize(("text", "folded"), CASES["fold"])
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(("text", "asked", "expected"), CASES["matches"])
def test_matches(text: str, asked: str, expected: bool) -> None:
    assert matches(text, asked) is expected


@pytest.mark.skipif(which("node") is None, reason="no node here; the browser's tests run the twin too")
def test_the_twin_agrees() -> None:
    script = """
        const { fold, matches } = await import(process.argv[1]);
        const cases = JSON.parse(process.argv[2]);
        const told = { fold: cases.fold.map(([text]) => [text, fold(text)]),
                       matches: cases.matches.map(([text, asked]) => [text, asked, matches(text, asked)]) };
        console.log(JSON.stringify(told));
    """
    twin = (ROOT / "webapp/static/js/core/arabic.js").as_uri()
    command = ["node", "--no-warnings", "--input-type=module", "-e", script, twin, json.dumps(CASES)]
    completed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert json.loads(completed) == CASES


def test_every_name_finds_its_feature() -> None:
    for layer in shipped().layers():
        for feature in layer.features:
            for name in (feature.id, *feature.name.values()):
                assert feature.ref in shipped().named(name)


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("مخيم الهول", "al-hol"),
        ("بغداد", "baghdad"),
        ("Mosul", "mosul"),
        ("سجن الحسكة", "hasakah-prison"),
        ("سجن الصناعه", "hasakah-prison"),
        ("عين الاسد", "ain-al-asad"),
        ("الفرات", "euphrates"),
        ("hasakah prison", "hasakah-prison"),
    ],
)
def test_a_name_that_only_one_feature_has_is_a_place(name: str, id_: str) -> None:
    places, many = resolve("layer", name, shipped())
    assert ([place.id for place in places], many) == ([id_], False)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("hasakah-prisn", "perhaps sites/hasakah-prison"),
        ("مخيم الحول", "perhaps sites/al-hol"),
        ("الهول", "one of those called so: places/place-173797, sites/al-hol"),
        ("Erbil", "one of those called so: "),
    ],
)
def test_a_name_that_is_not_one_feature_gets_a_hint(name: str, hint: str) -> None:
    with pytest.raises(BadValue, match="layer") as caught:
        resolve("layer", name, shipped())
    assert hint in str(caught.value)


PLACES = [feature for id_ in ("places", "sites", "governorates") for feature in shipped().layer(id_).features]


def names_of(place: Feature) -> list[str]:
    return [*place.name.values(), *(place.properties["aliases"] or ())]


def with_other_vowels(name: str) -> str:
    """Return a name as nobody writes it, of the same consonants."""
    return " ".join("i".join(word) + "i" for word in skeletons(name))


@given(st.sampled_from(PLACES), st.data())
def test_any_name_of_a_place_leads_to_all_its_names(place: Feature, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(names_of(place)))
    assert {fold(other) for other in names_of(place)} - {""} <= shipped().spellings(name)


def test_another_spelling_leads_to_a_place_where_it_has_enough_consonants() -> None:
    reached = Counter()
    for name in (name for place in PLACES for name in names_of(place)):
        spelling, count = with_other_vowels(name), len("".join(skeletons(name)))
        if skeletons(spelling) == skeletons(name) and not shipped().named(spelling):
            assert (fold(name) in shipped().spellings(spelling)) is (count >= 4), name
            reached[count >= 4] += 1
    assert min(reached[True], reached[False]) > 100


def test_of_a_site_and_a_town_of_one_name_the_site_is_meant_only_at_the_same_position() -> None:
    outcomes = Counter()
    for name in {name for place in PLACES for name in names_of(place)}:
        refs = sorted(shipped().named(name))
        if [ref.partition("/")[0] for ref in refs] != ["places", "sites"]:
            continue
        is_one = shipped().geometry(refs[0]) == shipped().geometry(refs[1])
        outcomes[is_one] += 1
        if is_one:
            assert resolve("layer", name, shipped())[0][0].id == refs[1].partition("/")[2]
        else:
            with pytest.raises(BadValue, match="one of those called so"):
                resolve("layer", name, shipped())
    assert outcomes[True] > 3
    assert outcomes[False] > 1
