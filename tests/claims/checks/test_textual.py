"""Claims held against statements, sums and dates."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geodata.catalog import Catalog
from geodata.claims.checks import Outcome
from geodata.errors import BadData
from tests.analysis.conftest import feature, written
from tests.claims.checks import outcome

OPEN = {"en": "nobody says of what", "ar": "لا يُذكر"}
days = st.integers(0, 40).map(lambda number: date(2024, 1, 1) + timedelta(days=number))
spans = st.tuples(days, days).map(lambda ends: (min(ends).isoformat(), max(ends).isoformat()))


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return events whose dates stand in their ids, and one with a date of its record."""
    dates = [(first, last) for first in range(1, 6) for last in range(first, 6)]
    events = [
        feature(
            f"event-{first}-{last}", None, kind="event", date_start=f"2024-01-0{first}", date_end=f"2024-01-0{last}"
        )
        for first, last in dates
    ]
    record = {"date_start": "2024-01-05", "date_end": None}
    events += [
        feature("event-open", None, kind="event", date_start="2024-01-03"),
        feature("event-recorded", None, kind="event", date_start="2024-01-01", record_date=record),
    ]
    return written({"events": events}, tmp_path_factory.mktemp("layers"))


def ask(kind: str, reported: dict[str, Any], catalog: Catalog | None = None, **test: Any) -> Outcome:
    """Return what testing a claim of a kind gives."""
    claim = {"id": "claim", "reported": {"unit": "persons", **reported}, "test": {"kind": kind, **test}}
    return outcome(claim, catalog)  # type: ignore[arg-type]


def part(reported: dict[str, Any], *statements: dict[str, Any]) -> dict[str, Any]:
    return {"quantity": "killed", "reported": reported, "statements": list(statements)}


@given(st.integers(1, 60).filter(lambda n: n % 10), st.lists(st.integers(1, 60), min_size=1, max_size=3))
def test_statements_of_one_quantity(figure: int, stated: list[int]) -> None:
    found = ask("statements", {"value": figure}, parts=[part({"value": figure}, *({"value": n} for n in stated))])
    expected = "agrees" if set(stated) == {figure} else "cannot_tell" if figure in stated else "disagrees"
    assert found.verdict == expected
    assert found.reported["interval"] == [figure - 0.5, figure + 0.5]
    assert [(one["value"], one["quantity"]) for one in found.statements] == [(n, "killed") for n in stated]
    assert found.measured.split(", ") == [str(n) for n in sorted(set(stated))]
    assert found.unit == "persons"


@given(st.lists(st.booleans(), min_size=1, max_size=3))
def test_every_part_must_say_the_same(agreeing: list[bool]) -> None:
    parts = [part({"value": 3}, {"value": 3 if agrees else 9}) for agrees in agreeing]
    expected = {(True,): "agrees", (False,): "disagrees"}.get(tuple(set(agreeing)), "cannot_tell")
    assert ask("statements", {"value": 3}, parts=parts).verdict == expected
    still_open = ask("statements", {"value": 3}, parts=parts, open=OPEN)
    assert (still_open.verdict, still_open.reason) == ("cannot_tell", OPEN)


@pytest.mark.parametrize(
    ("statement", "word", "expected"),
    [
        ({"low": 25, "high": 34}, "dozens", "agrees"),
        ({"low": 10, "high": 24}, "dozens", "agrees"),
        ({"low": 10, "high": 23}, "dozens", "disagrees"),
        ({"low": 98}, "dozens", "agrees"),
        ({"low": 150}, "dozens", "disagrees"),
        ({"high": 50_000}, "thousands", "agrees"),
        ({"high": 20}, "dozens", "disagrees"),
        ({"word": "hundreds"}, "dozens", "disagrees"),
        ({"word": "dozens", "value": 3}, "dozens", "agrees"),
        ({"low": 0, "high": 30}, "dozens", "agrees"),
    ],
)
def test_what_a_statement_spans(statement: dict[str, Any], word: str, expected: str) -> None:
    found = ask("statements", {"value": word}, parts=[part({"word": word}, statement)])
    assert found.verdict == expected
    assert found.reported == {}


@pytest.mark.parametrize(
    ("statement", "spans"),
    [
        ({"value": 5, "high": 9}, "5–9"),
        ({"value": 5, "low": 2}, "2–5"),
        ({"value": 5, "low": 2, "high": 9}, "2–9"),
        ({"value": 5}, "5"),
    ],
)
def test_a_value_stands_for_the_end_that_is_not_stated(statement: dict[str, int], spans: str) -> None:
    assert ask("statements", {"value": 5}, parts=[part({"value": 5}, statement)]).measured == spans


def test_a_word_that_no_part_has_is_read_all_the_same() -> None:
    result = ask("statements", {"word": "dozens"}, parts=[part({"value": 30}, {"value": 30})])
    assert result.reported == {"interval": [24, 99]}
    assert not result.readings
    words = [part({"word": word}, {"value": 30}) for word in ("hundreds", "dozens")]
    assert ask("statements", {"word": "dozens"}, parts=words).reported == {"interval": [24, 99]}


def test_a_word_of_the_claim_spans_what_it_means() -> None:
    found = ask("statements", {"word": "dozens"}, parts=[part({"word": "dozens"}, {"low": 25, "high": 34})])
    assert found.reported["interval"] == [24, 99]
    assert found.measured == "25–34"


def test_a_statement_without_a_figure_is_refused() -> None:
    with pytest.raises(BadData, match="value, low or high"):
        ask("statements", {"value": 3}, parts=[part({"value": 3}, {"date": "2024-01-01"})])


@given(
    st.lists(st.integers(0, 600), min_size=1, max_size=4),
    st.sampled_from([("hundreds", 200), ("مئات", 300), ("بالمئات", 300)]),
)
@example([299], ("مئات", 300))
@example([399, 600], ("مئات", 300))
def test_figures_of_one_text_against_its_word(parts: list[int], word: tuple[str, int]) -> None:
    result = ask("sum", {"word": word[0]}, parts=parts, against=word[0])
    total = sum(parts)
    assert result.verdict == ("agrees" if word[1] <= total <= 999 else "disagrees")
    assert (result.measured, result.interval, result.unit) == (total, [total, total], "persons")
    assert result.reported == {"interval": [word[1], 999]}
    assert f"{total:,}" in result.reason["en"]
    assert [one["words"] for one in result.readings] == [word[0]]


statement = st.one_of(
    st.integers(0, 60_000).map(lambda n: {"value": n}),
    st.integers(0, 60_000).map(lambda n: {"high": n}),
    st.integers(0, 60_000).map(lambda n: {"low": n}),
    st.tuples(st.integers(0, 30_000), st.integers(0, 30_000)).map(lambda t: {"low": t[0], "high": t[0] + t[1]}),
)


@given(st.lists(statement, min_size=1, max_size=4))
@example([{"high": 50_000}, {"value": 2_600}])
@example([{"value": 1_500}, {"value": 1_500}])
def test_places_that_one_word_governs_are_added_up(stated: list[dict[str, int]]) -> None:
    parts = [{**part({"word": "آلاف"}, *stated), "together": True}]
    ends = []
    for end in ("low", "high"):
        known = [one.get(end, one.get("value")) for one in stated]
        ends.append(None if None in known else sum(number for number in known if number is not None))
    if ends == [None, None]:
        with pytest.raises(BadData, match="value, low or high"):
            ask("statements", {"word": "آلاف"}, parts=parts)
        return
    low, high = (ends[index] if ends[index] is not None else ends[1 - index] for index in (0, 1))
    result = ask("statements", {"word": "آلاف"}, parts=parts)
    assert low is not None
    assert high is not None
    usual = low <= 9_999 and high >= 3_000
    assert result.verdict == ("agrees" if low <= 99_999 and high >= 3_000 else "disagrees")
    assert result.reported == {"interval": [3_000, 9_999 if usual else 99_999]}
    assert result.measured == (f"{low}" if low == high else f"{low}–{high}")
    each = [one for one in result.statements if not one.get("together")]
    assert each == [{**one, "quantity": "killed"} for one in stated]
    (total,) = [one for one in result.statements if one.get("together")]
    assert [total.get("low"), total.get("high")] == ends
    assert total["place"] == {"en": "all together", "ar": "المجموع"}
    assert [one["interval"] for one in result.readings] == [result.reported["interval"]]


def test_a_number_word_that_nothing_is_compared_with_is_read_all_the_same() -> None:
    result = ask("none", {"word": "حوالى 4 آلاف"}, reason=OPEN)
    assert result.reported == {"interval": [3_500, 4_500]}
    assert [one["interval"] for one in result.readings] == [[3_500, 4_500]]


@settings(deadline=None)
@given(spans, spans, st.sampled_from(["after", "before"]), st.booleans())
def test_dates_that_touch_tell_nothing(
    fact: tuple[str, str], other: tuple[str, str], relation: str, short: bool
) -> None:
    named = ("start", "end") if short else ("date_start", "date_end")
    event, than = (dict(zip(named, span, strict=True)) for span in (fact, other))
    found = ask("dates", {"value": "x"}, relation=relation, event=event, than=than)
    first, second = (other, fact) if relation == "after" else (fact, other)
    expected = "agrees" if first[1] < second[0] else "disagrees" if second[1] < first[0] else "cannot_tell"
    assert found.verdict == expected
    assert found.measured == fact[0]
    assert list(found.statements) == [event, than]


def test_a_date_alone_is_a_day() -> None:
    later = ask("dates", {"value": "x"}, relation="after", event={"date": "2024-01-02"}, than={"date": "2024-01-01"})
    assert later.verdict == "agrees"


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)).map(sorted), min_size=2, max_size=4))
def test_events_in_the_order_of_a_claim(catalog: Catalog, ends: list[list[int]]) -> None:
    found = ask("order", {"value": "precedes"}, catalog, events=[f"event-{first}-{last}" for first, last in ends])
    members = {
        "agrees" if before[1] < after[0] else "disagrees" if after[1] < before[0] else "cannot_tell"
        for before, after in pairwise(ends)
    }
    assert found.verdict == (members.pop() if len(members) == 1 else "cannot_tell")
    assert found.measured == " < ".join(f"2024-01-0{first}" for first, _ in ends)
    assert [(one["start"], one["end"]) for one in found.statements] == [
        (f"2024-01-0{first}", f"2024-01-0{last}") for first, last in ends
    ]
    ids = [f"event-{first}-{last}" for first, last in ends]
    assert [(one["event"], one["name"]) for one in found.statements] == [(id_, {"en": id_, "ar": id_}) for id_ in ids]
    assert found.layers == ("events",)


def test_an_event_without_an_end_is_a_day_and_its_record_may_be_dated_apart(catalog: Catalog) -> None:
    order = ask("order", {"value": "precedes"}, catalog, events=["event-1-2", "event-open", "event-4-5"])
    assert order.verdict == "agrees"
    recorded = ask("order", {"value": "precedes"}, catalog, events=["event-3-4", "event-recorded"])
    assert (recorded.verdict, recorded.statements[1]["end"]) == ("agrees", "2024-01-05")


def test_what_cannot_be_tested_says_why_and_who_speaks_against_it() -> None:
    found = ask("none", {"value": "x"}, reason=OPEN, contradicted_by=["a", "b"])
    assert (found.verdict, found.reason) == ("cannot_tell", OPEN)
    assert list(found.statements) == [{"source": "a"}, {"source": "b"}]
    assert not ask("none", {"value": "x"}, reason=OPEN).statements
    # A figure that nothing is compared with has no interval.
    assert ask("none", {"value": 160}, reason=OPEN).reported == {}


def test_a_kind_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadData, match=r"'guess' is no test; there are: proximity, .*, none"):
        ask("guess", {"value": "x"})
