"""CASEI and ACCENTI, alone and nested, against DuckDB's strip_accents and Unicode's own case folding."""

from __future__ import annotations

import unicodedata

import duckdb
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geodata.model import Feature
from tests.query.selection import where

LETTERS = st.text("aAeEiIsSoOøØßéÉèčČșȘăĂâüÜñążčÇğ²ﬁ-' ", max_size=5)
WRITTEN = st.tuples(LETTERS, st.sampled_from(["NFC", "NFD"])).map(lambda one: unicodedata.normalize(one[1], one[0]))


def bare(text: str) -> str:
    """Return a text without accents as DuckDB makes it."""
    result = duckdb.execute("SELECT strip_accents(?)", [unicodedata.normalize("NFC", text)]).fetchone()
    assert result is not None
    return str(result[0])


def fold(text: str) -> str:
    """Return a text without differences of case, composed."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def same(left: str, right: str, functions: str) -> bool:
    """Tell whether two texts are equal for a filter, one as a property and one as a literal, and both as properties."""
    features = [Feature("a", "made", None, {"t": left, "u": right})]
    quoted = "'" + right.replace("'", "''") + "'"
    for name in reversed(functions.split()):
        quoted = f"{name}({quoted})"
    prefix, suffix = "(".join([*functions.split(), ""]), ")" * len(functions.split())
    literal = bool(where(features, f"{prefix}t{suffix} = {quoted}"))
    assert literal == bool(where(features, f"{prefix}t{suffix} = {prefix}u{suffix}"))
    assert literal == bool(where(features, f"{prefix}t{suffix} IN ({quoted})"))
    return literal


@settings(deadline=None)
@given(WRITTEN, WRITTEN)
@example("Chișinău", "Chisinau")
@example("²", "2")
def test_accents_are_those_of_duckdb(left: str, right: str) -> None:
    assert same(left, right, "ACCENTI") == (bare(left) == bare(right))


@settings(deadline=None)
@given(WRITTEN, WRITTEN)
@example("STRASSE", "straße")
@example("E\u0301", "é")
def test_case_is_that_of_unicode(left: str, right: str) -> None:
    assert same(left, right, "CASEI") == (fold(left) == fold(right))


@settings(deadline=None)
@given(WRITTEN, WRITTEN)
@example("CHIȘINĂU", "chisinau")
def test_both_together_in_either_order(left: str, right: str) -> None:
    expected = fold(bare(left)) == fold(bare(right))
    assert same(left, right, "ACCENTI CASEI") == expected
    assert same(left, right, "CASEI ACCENTI") == expected
