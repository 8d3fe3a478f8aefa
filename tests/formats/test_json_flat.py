"""JSON records as rows of cells: which value becomes which cell, and what a column is called."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.formats import json_flat

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("33.5", "33.5"),
        (33.5, 33.5),
        (True, True),
        (None, None),
        ([], None),
        (["a", "ب"], "a; ب"),
        (["a", 2, 3.5], "a; 2; 3.5"),
        (["a; b", "c"], '["a; b", "c"]'),
        (["a", " "], '["a", " "]'),
        (["a", None], '["a", null]'),
        (["a", True], '["a", true]'),
        ([44.1, 33.2], "[44.1, 33.2]"),
        ([1, 2, 3, 4], "[1, 2, 3, 4]"),
        ([{"a": "ق"}], '[{"a": "ق"}]'),
        ({"type": "Point", "coordinates": [44, 33]}, '{"type": "Point", "coordinates": [44, 33]}'),
        ({"type": "GeometryCollection", "geometries": []}, '{"type": "GeometryCollection", "geometries": []}'),
        ("half a pair \ud800", "half a pair \ud800"),
    ],
)
def test_a_value_is_one_cell(value: Any, cell: Any) -> None:
    assert json_flat.flat({"a": {"b": value}}) == {("a", "b"): cell}


def test_an_object_that_is_no_geometry_has_a_column_for_each_member() -> None:
    record = {"place": {"type": "town", "coordinates": {"lat": 1, "lon": 2}}, "empty": {}}
    assert json_flat.flat(record) == {
        ("place", "type"): "town",
        ("place", "coordinates", "lat"): 1,
        ("place", "coordinates", "lon"): 2,
    }


def test_a_record_of_single_values_is_its_own_row() -> None:
    record = {"a": 1, "b": None, "c": "x"}
    assert json_flat.flat(record) is record
    assert json_flat.flat({**record, "d": []}) == {**record, "d": None}


def test_names_are_paths_and_each_is_used_once() -> None:
    paths = [("a", "b"), "a.b", "", ("x", "")]
    assert list(json_flat.column_names(paths).values()) == ["a.b", "a.b (2)", "column 3", "x."]


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_no_text_or_number_of_a_record_is_lost(record: dict[str, Any]) -> None:
    texts = [str(cell) for cell in json_flat.flat(record).values() if cell is not None]

    def leaves(value: Any) -> list[Any]:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
        return [value] if inner is None else [leaf for item in inner for leaf in leaves(item)]

    for leaf in leaves(record):
        if isinstance(leaf, str | int | float) and not isinstance(leaf, bool):
            # In a list that is JSON text, a text is written as JSON writes it.
            spelled = (str(leaf), json.dumps(leaf), json.dumps(leaf, ensure_ascii=False)[1:-1])
            assert any(text in whole for whole in texts for text in spelled)


@given(st.lists(st.lists(st.text(), min_size=1, max_size=3).map(tuple), unique=True))
def test_every_path_has_a_name_of_its_own(paths: list[tuple[str, ...]]) -> None:
    names = json_flat.column_names(paths)
    assert list(names) == paths
    assert len(set(names.values())) == len(paths)
    assert all(name.strip() for name in names.values())
