"""Cells that name several actors: an event has each of them, and the cell is kept."""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.catalog import current
from geodata.errors import BadValue
from geodata.importing import actors
from geodata.importing.columns import lists
from geodata.importing.options import ImportOptions
from geodata.importing.preview import preview
from tests.importing.conftest import Bring

CORPUS = Path(os.environ.get("MASAFA_CORPUS", "/nowhere")) / "events/ucdp_ged_syria_2016_2019.csv.gz"
cells = st.none() | st.text(st.sampled_from("ab ,;|و"), max_size=8).map(str.strip).filter(bool)


@given(st.integers(1, 3).flatmap(lambda width: st.lists(st.tuples(*[cells] * width), min_size=1, max_size=9)),
       st.sampled_from(["", ",", ";|", ",;|"]))  # fmt: skip
def test_each_member_stands_once_in_the_order_of_the_cells(rows: list[tuple[str | None, ...]], signs: str) -> None:
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    expected = []
    for row in rows:
        parts = [re.split(f"[{signs}]", cell) if signs else [cell] for cell in row if cell]
        expected.append(list(dict.fromkeys(part.strip() for some in parts for part in some if part.strip())))
    assert lists(columns, actors.tokens(signs)).to_pylist() == expected


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({}, [["A, B", "C"], ["A", "B", "C"]]),
        ({"separators": ","}, [["A", "B", "C"], ["A; B", "C"]]),
        ({"separators": ""}, [["A, B", "C"], ["A; B", "C"]]),
    ],
)
def test_a_split_is_said_and_can_be_undone(wish: dict[str, str], expected: list[list[str]], bring: Bring) -> None:
    text = 'lat,lon,date,actor1,actor2\n34,41,2024-01-02,"A, B",C\n34,42,2024-01-02,A; B,C\n'
    _, layer = bring(text, **wish)
    assert [feature.properties["actors"] for feature in layer.features] == expected
    assert [feature.properties["original"]["actor1"] for feature in layer.features] == ["A, B", "A; B"]
    assert layer.entry["imported"]["releases"][0]["separators"] == wish.get("separators", ";|")
    _, again = bring(text, separators="")
    assert [feature.properties["actors"] for feature in again.features] == [["A, B", "C"], ["A; B", "C"]]


@pytest.mark.parametrize("separators", ["ب", "or", ", x", "andand", "1"])
def test_letters_that_are_no_such_word_do_not_separate(separators: str, bring: Bring) -> None:
    with pytest.raises(BadValue, match="separators"):
        bring("lat,lon,date,actor1\n34,41,2024-01-02,A\n", separators=separators)


NAMES = st.sampled_from(["A", "Brand", "C D", "الجيش", "وزارة", "الحشد", "ولاء"])


@given(st.lists(NAMES, min_size=1, max_size=4), st.sampled_from([", ", " / ", " and ", " AND ", " و ", ";"]))
def test_words_separate_only_where_they_stand_alone(names: list[str], between: str) -> None:
    assert actors.split(between.join(names), actors.tokens(",/; and و")) == names
    assert actors.split(between.join(names), ()) == [between.join(names)]


@given(st.lists(NAMES, min_size=2, max_size=3, unique=True), st.sampled_from([",", "/", "and", "و"]), st.data())
def test_a_separator_is_proposed_where_all_parts_also_stand_alone(
    names: list[str], sign: str, data: st.DataObject
) -> None:
    cell = f" {sign} ".join(names)
    alone = data.draw(st.lists(st.sampled_from(names), unique=True))
    found = actors.proposals([cell, *alone], actors.tokens(";|"))
    assert found == ([(sign, 1, cell)] if len(alone) == len(names) else [])
    assert actors.proposals([cell, *names], actors.tokens(f";| {sign}")) == []


def test_the_preview_asks_and_the_answer_splits(bring: Bring, tmp_path: Path) -> None:
    text = "lat,lon,date,actor1\n34,41,2024-01-02,الجيش والحشد\n34,42,2024-01-02,الجيش\n34,43,2024-01-02,الحشد\n"
    path = tmp_path / "days.csv"
    path.write_text(text)
    assert preview(path, path.name, ImportOptions(), current()).proposals == (("و", 1, "الجيش والحشد"),)
    _, layer = bring(text)
    assert [one.properties["actors"] for one in layer.features] == [["الجيش والحشد"], ["الجيش"], ["الحشد"]]
    assert preview(path, path.name, ImportOptions(separators=";| و"), current()).proposals == ()
    _, layer = bring(text, separators=";| و")
    assert [one.properties["actors"] for one in layer.features] == [["الجيش", "الحشد"], ["الجيش"], ["الحشد"]]


@pytest.mark.skipif(not CORPUS.is_file(), reason="MASAFA_CORPUS is not set")
def test_coalitions_of_ucdp_count_for_each_member(bring: Bring) -> None:
    data = gzip.decompress(CORPUS.read_bytes())
    table = list(csv.DictReader(io.StringIO(data.decode())))
    _, layer = bring(data, name="ucdp.csv")
    items = [feature.properties["actors"] for feature in layer.features]
    for name in ("Ahrar al-Sham", "HTS", "SNA", "Government of Syria"):
        members = [{part.strip() for side in ("side_a", "side_b") for part in row[side].split(",")} for row in table]
        assert sum(name in actors for actors in items) == sum(name in some for some in members) > 400
    assert len(layer.features) == len(table)
