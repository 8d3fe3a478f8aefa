"""Names as they are searched: one table of cases for Python here, and for the browser's twin in node or Chromium."""

from __future__ import annotations

import json
import subprocess
from shutil import which

import pytest

from geodata.analysis.places import resolve
from geodata.catalog import shipped
from geodata.errors import BadValue
from geodata.text.arabic import fold, matches
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
