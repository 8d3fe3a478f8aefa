"""Filters against SQLite: comparisons, arithmetic, BETWEEN, IN, LIKE, IS NULL, AND, OR and NOT with unknown values."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import cql2
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.model import Feature
from tests.query.selection import where

NUMBERS, TEXTS, TRUTHS = ("a", "b"), ("t", "u"), ("p", "q")
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            **dict.fromkeys(NUMBERS, st.none() | st.integers(-4, 4)),
            **dict.fromkeys(TEXTS, st.none() | st.text("aAbÄé_%", max_size=3)),
            **dict.fromkeys(TRUTHS, st.none() | st.booleans()),
        }
    ),
    min_size=1,
    max_size=12,
)
COMPARE = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])


def quoted(text: str) -> str:
    """Return a text as a literal of CQL2 and SQL."""
    return "'" + text.replace("'", "''") + "'"


@st.composite
def numbers(draw: st.DrawFn, depth: int = 2) -> tuple[str, str]:
    """Return a number in CQL2 and in SQLite's SQL: a property, a literal or arithmetic of both."""
    if depth == 0 or draw(st.booleans()):
        if draw(st.booleans()):
            name = draw(st.sampled_from(NUMBERS))
            return name, name
        literal = str(draw(st.integers(0, 4)))
        return literal, literal
    (left, left_sql), (right, right_sql) = draw(numbers(depth=depth - 1)), draw(numbers(depth=depth - 1))
    op = draw(st.sampled_from(["+", "-", "*", "/", "div", "%"]))
    sql = {
        "/": f"(CAST({left_sql} AS REAL) / {right_sql})",
        # Of numbers that are not whole SQLite takes the whole part first: it is asked for the definition instead.
        "div": f"trunc(CAST({left_sql} AS REAL) / {right_sql})",
        "%": f"mod({left_sql}, {right_sql})",
    }.get(op, f"({left_sql} {op} {right_sql})")
    return f"({left} {op} {right})", sql


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Return a text property or literal."""
    return draw(st.sampled_from(TEXTS) | st.text("aAbÄé", max_size=2).map(quoted))


@st.composite
def conditions(draw: st.DrawFn, depth: int = 3) -> tuple[str, str]:
    """Return a condition in CQL2 and in SQL."""
    if depth and draw(st.booleans()):
        (left, left_sql), (right, right_sql) = draw(conditions(depth=depth - 1)), draw(conditions(depth=depth - 1))
        op = draw(st.sampled_from(["AND", "OR"]))
        turn = draw(st.sampled_from(["", "NOT "]))
        return f"{turn}(({left}) {op} ({right}))", f"{turn}(({left_sql}) {op} ({right_sql}))"
    kind = draw(st.sampled_from(["number", "text", "truth", "between", "in", "like", "null"]))
    turn = draw(st.sampled_from(["", "NOT "]))
    if kind == "number":
        (left, left_sql), op, (right, right_sql) = draw(numbers()), draw(COMPARE), draw(numbers())
        return f"{left} {op} {right}", f"{left_sql} {op} {right_sql}"
    if kind == "text":
        same = f"{draw(texts())} {draw(COMPARE)} {draw(texts())}"
    elif kind == "truth":
        name = draw(st.sampled_from(TRUTHS))
        same = draw(st.sampled_from([name, f"{name} = true", f"{name} <> false", "p = q", "p <> q"]))
    elif kind == "between":
        value, low, high = (draw(numbers(depth=1)) for _ in range(3))
        return tuple(f"{value[at]} {turn}BETWEEN {low[at]} AND {high[at]}" for at in (0, 1))  # type: ignore[return-value]
    elif kind == "in":
        items = ", ".join(draw(st.lists(texts(), min_size=1, max_size=3)))
        same = f"{draw(st.sampled_from(TEXTS))} {turn}IN ({items})"
    elif kind == "like":
        pattern = quoted(draw(st.text("aAé_%", max_size=4)))
        same = f"{draw(st.sampled_from(TEXTS))} {turn}LIKE {pattern}"
    else:
        same = f"{draw(st.sampled_from(NUMBERS + TEXTS + TRUTHS))} IS {turn}NULL"
    return same, same


def sqlite(rows: list[dict[str, Any]], sql: str) -> list[int]:
    """Return the rows for which SQLite finds a condition true."""
    with sqlite3.connect(":memory:") as db:
        db.execute("PRAGMA case_sensitive_like = ON")
        db.execute("CREATE TABLE rows (n INTEGER, a INTEGER, b INTEGER, t TEXT, u TEXT, p INTEGER, q INTEGER)")
        for at, row in enumerate(rows):
            db.execute("INSERT INTO rows VALUES (:n, :a, :b, :t, :u, :p, :q)", {"n": at, **row})
        return [at for (at,) in db.execute(f"SELECT n FROM rows WHERE {sql} ORDER BY n")]


# What says of every row which kind a property is of: a column of nothing but unknown values has none.
KNOWN = {"a": 1, "b": 2, "t": "a", "u": "b", "p": True, "q": False}


@settings(deadline=None)
@given(ROWS, conditions())
def test_filters_are_true_for_the_rows_that_sqlite_finds(rows: list[dict[str, Any]], both: tuple[str, str]) -> None:
    text, sql = both
    rows = [*rows, KNOWN]
    features = [Feature(f"f{at}", "made", None, row) for at, row in enumerate(rows)]
    expected = [f"f{at}" for at in sqlite(rows, sql)]
    assert [one.id for one in where(features, text)] == expected
    tree = json.dumps(cql2.parse_text(text).to_json())
    assert [one.id for one in where(features, tree, "cql2-json")] == expected
