"""Types told from texts: only where every text comes back as it was, else text."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geodata.formats.column_types import TEXT, ColumnType
from geodata.importing.inference import Inference
from geodata.store.typed import from_texts, to_texts

WRITTEN = (
    st.integers(-(2**64), 2**64).map(str)
    | st.floats(allow_nan=False, allow_infinity=False).map(str)
    | st.decimals(-1000, 1000, places=2, allow_nan=False).map(str)
    | st.sampled_from(["true", "false", "True", "007", "+5", "-0", "-0.0", "1.50", " 1", "1e5", "NaN", "inf"])
    | st.dates().map(str)
    | st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
    | st.sampled_from(["2020-02-30", "0000-01-01", "2020-01-01T24:00:00Z", "2020-01-01T10:00:00+00:00", "x"])
)
COLUMNS = st.lists(WRITTEN | st.just(""), max_size=6) | st.lists(st.integers(-99, 99).map(str), max_size=6)


def inferred(*batches: list[str | None]) -> ColumnType:
    """Return the type of a column that comes in batches."""
    inference = Inference()
    for batch in batches:
        inference.take([("c", pa.array(batch, pa.string()))])
    return inference.types(["c"])["c"]


@settings(deadline=None, max_examples=300)
@given(COLUMNS)
@example(["9223372036854775807", "-9223372036854775808"])
@example(["9223372036854775808"])
@example(["2020-01-31T10:00:00+03:00", "2020-01-31T10:00:00.500000+03:00"])
@example(["0.00001"])
@example(["1e+22"])
@example(["9007199254740993.0"])
def test_every_text_of_a_typed_column_comes_back(texts: list[str]) -> None:
    kind = inferred(texts)
    column = pa.array(texts, pa.string())
    typed = from_texts(column, kind) if kind != TEXT else column
    back = to_texts(typed, kind).to_pylist() if kind != TEXT else texts
    assert [text or "" for text in back] == texts
    # The values of JSON stand for the same texts.
    assert [kind.text(kind.value(text)) or "" for text in texts] == texts
    assert kind == inferred(*[[text] for text in texts]), "one by one, it is the same column"
    coded = Inference()
    coded.take([("c", column.dictionary_encode())])
    assert coded.types(["c"])["c"] == kind


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["1", "-20", ""], ColumnType("integer")),
        (["1", "2.5"], ColumnType("number")),
        (["1.0", "2.5"], ColumnType("number", point=True)),
        (["true", "false"], ColumnType("boolean")),
        (["2020-01-31"], ColumnType("date")),
        (["2020-01-31T10:00:00Z"], ColumnType("timestamp", "Z")),
        (["2020-01-31T10:00:00"], ColumnType("timestamp")),
        (["2020-01-31T10:00:00-05:00"], ColumnType("timestamp", "-05:00")),
        (["2020-01-31T10:00:00Z", "2020-01-31T10:00:00+03:00"], TEXT),
        (["2020-01-31T10:00:00Z", "2020-01-31T10:00:00"], TEXT),
        (["01", "2"], TEXT),
        (["+1"], TEXT),
        (["1", "1.0"], TEXT),
        (["1.50"], TEXT),
        (["9223372036854775808"], TEXT),
        (["1", "x"], TEXT),
        (["2020-01-31", "2020-01"], TEXT),
        (["", ""], TEXT),
        ([], TEXT),
    ],
)
def test_a_type_is_the_narrowest_that_holds_all(texts: list[str], kind: ColumnType) -> None:
    assert inferred(list(texts)) == kind


def test_a_slice_of_coded_texts_is_told_by_its_own() -> None:
    whole = pa.array(["number of dead", "1", "2"]).dictionary_encode()
    inference = Inference()
    inference.take([("c", whole.slice(1))])
    assert inference.types(["c"])["c"] == ColumnType("integer")


def test_what_is_declared_is_not_told_from_texts() -> None:
    inference = Inference({"c": TEXT})
    inference.take([("c", pa.array(["1"]))])
    assert inference.types(["c", "d"]) == {"c": TEXT, "d": TEXT}


@settings(deadline=None)
@given(st.lists(st.sampled_from(["1", "2.5", "true", "2020-01-31", "x", "1.0"]), min_size=1), st.integers(0, 5))
def test_two_files_have_the_type_of_both_together(texts: list[str], cut: int) -> None:
    first, second = texts[:cut], texts[cut:]
    if first and second:
        both = inferred(first).with_other(inferred(second))
        assert both.with_other(TEXT).name == "text"
        for text in texts:
            assert both.text(both.value(text)) == text
