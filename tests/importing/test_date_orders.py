"""What the dates of a column decide of the order of day and month."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.importing import dates
from geodata.importing.date_orders import CONVERTED, FEW, MANY_DATES, SETTLED, YEAR_FIRST, Evidence
from tests.importing.conftest import Bring

OPEN = [f"{day:02}/{month:02}/2024" for day in range(1, 13) for month in range(1, 13) if day != month]
"""Dates with two readings."""
ISO = [f"2024-{month:02}-0{day}" for day, month in ((3, 4), (5, 6), (7, 8), (9, 10), (9, 9))]


def test_a_summary_has_what_a_question_needs() -> None:
    column = pa.array(["03/04/2024", "2024-05-01", None, "03/04/2024", "05/06/2024", "07/07/2024"])
    summary = dates.summary([column, ["08/09/2024", None]])
    assert (summary.orders, summary.decided, summary.ambiguous) == (frozenset(), "", 4)
    example = summary.example
    assert example is not None
    assert (example.text, example.day_first.start, example.month_first.start) == (
        "03/04/2024",
        date(2024, 4, 3),
        date(2024, 3, 4),
    )


@pytest.mark.parametrize(
    ("texts", "orders", "decided", "ambiguous"),
    [
        (["03/04/2024", "13/04/2024"], {"dmy"}, "dmy", 0),
        (["03/04/2024", "04/13/2024"], {"mdy"}, "mdy", 0),
        (["03/04/2024", "13/04/2024", "04/13/2024"], {"dmy", "mdy"}, "", 1),
        (["03.04.2024", "05.06.2024"], set(), "", 0),
        (["31.05.2024", "03/04/2024"], {"dmy"}, "dmy", 0),
        (["03/04/24", "13/04/24"], {"dmy"}, "dmy", 0),
        (["03/04/2024-05/04/2024", "03/04/2024"], set(), "", 2),
        (["2024-05-01", "1 May 2024", ""], set(), "", 0),
        ([*OPEN[:19], "13/04/2024"], {"dmy"}, "", 19),
        ([*OPEN[:18], "13/04/2024", "14/04/2024"], {"dmy"}, "dmy", 0),
        ([*OPEN[:17], "13/04/2024"], {"dmy"}, "dmy", 0),
        (["03/04/2024"] * 100 + ["13/04/2024"], {"dmy"}, "dmy", 0),
    ],
)
def test_what_decides(texts: list[str], orders: set[str], decided: str, ambiguous: int) -> None:
    summary = dates.summary([texts])
    assert (set(summary.orders), summary.decided, summary.ambiguous) == (orders, decided, ambiguous)
    assert (summary.example is None) == (not ambiguous)
    assert dates.deciding(texts) == orders


def test_years_of_two_digits_that_seem_to_come_first_are_not_read() -> None:
    may = [f"24/05/{day:02}" for day in range(1, 32)]
    for texts, decided in ((["97/02/03", "02/05/12"], ""), (may, "dmy")):
        evidence = Evidence()
        evidence.take([*texts, "2024-05-01"])
        orders = dates.decided_by(evidence.conclusion())
        assert (evidence.summary().year_first, evidence.summary().decided) == (True, decided)
        assert {dates.read(text, orders) for text in texts} == {None}
        assert dates.read("2024-05-01", orders) == (date(2024, 5, 1), date(2024, 5, 1), "day")
    days = [date(2024, 5, day) for day in range(1, 32)]
    assert [dates.read(text, frozenset({"ymd"})) for text in may] == [(day, day, "day") for day in days]


@pytest.mark.parametrize(
    "texts",
    [
        [f"24/05/{day:02}" for day in range(1, 16)],
        [f"{day:02}/05/24" for day in range(1, 32)],
        [f"01/{at % 12 + 1:02}/{at:02}" for at in range(30)],
        [f"{day:02}/{month:02}/{year}" for day in (1, 15) for month in range(1, 13) for year in range(14, 26)],
        [*(f"24/05/{day:02}" for day in range(1, 32)), "05/31/24"],
    ],
)
def test_years_of_two_digits_are_taken_to_come_last(texts: list[str]) -> None:
    assert not dates.summary([texts]).year_first


def test_a_file_whose_years_of_two_digits_seem_to_come_first(bring: Bring) -> None:
    text = "lat,lon,date\n34,41,97/02/03\n34,42,02/05/12\n34,43,2024-05-01\n"
    _, layer = bring(text)
    rows = [(one.properties["date_start"], one.properties["flags"]) for one in layer.features]
    assert rows == [(None, ["unreadable_date"]), (None, ["unreadable_date"]), ("2024-05-01", [])]
    _, layer = bring(text, name="stated.csv", dates="ymd")
    days = [one.properties["date_start"] for one in layer.features]
    assert days == ["1997-02-03", "2002-05-12", "2024-05-01"]


@given(
    st.lists(st.dates(date(2000, 1, 1), date(2030, 12, 31)), min_size=1, max_size=60), st.sampled_from(["dmy", "mdy"])
)
def test_dates_of_one_order_are_never_read_in_the_other(days: list[date], order: str) -> None:
    form = "%d/%m/%Y" if order == "dmy" else "%m/%d/%Y"
    texts = [day.strftime(form) for day in days]
    evidence = Evidence()
    evidence.take(texts)
    orders = dates.decided_by(evidence.conclusion())
    assert orders <= {order}
    for text, day in zip(texts, days, strict=True):
        span = dates.read(text, orders)
        assert span is not None
        assert span.start <= day <= span.end
        assert (span.start == span.end) or dates.is_ambiguous(text, orders)


@given(
    st.lists(
        st.lists(
            st.sampled_from([*OPEN[:30], "13/04/2024", "14/04/2024", "04/13/2024", "x", *ISO, "24/05/01", "97/02/03"])
        ),
        max_size=6,
    )
)
def test_reading_from_the_start_again_comes_to_an_end(batches: list[list[str]]) -> None:
    assumed = dates.Orders()
    for _ in range(10):
        evidence = Evidence()
        for batch in batches:
            evidence.take(batch)
            orders = evidence.conclusion(assumed)
            assert orders >= assumed
            if orders != assumed:
                assumed = orders
                break
        else:
            break
    else:
        pytest.fail("read again and again")
    assert evidence.orders <= assumed


def test_few_dates_that_decide_become_enough_with_more_rows() -> None:
    evidence = Evidence()
    evidence.take([*OPEN[: MANY_DATES - 1], "13/04/2024"])
    orders = evidence.conclusion()
    assert (orders, dates.decided_by(orders)) == ({"dmy", FEW}, frozenset())
    evidence.take([f"{day}/04/2024" for day in range(14, 20)])
    orders = evidence.conclusion(orders)
    assert (orders, dates.decided_by(orders)) == ({"dmy", FEW, f"{SETTLED}{FEW}"}, {"dmy"})


def test_one_row_of_many_does_not_set_the_order(bring: Bring) -> None:
    texts = [*OPEN[:40], "13/04/2024"]
    text = "lat,lon,date\n" + "".join(f"34,{41 + at / 100:.2f},{day}\n" for at, day in enumerate(texts))
    report, layer = bring(text)
    rows = [feature.properties for feature in layer.features]
    assert all(row["flags"] == ["ambiguous_date"] and row["date_precision"] == "interval" for row in rows[:-1])
    assert (rows[-1]["date_start"], rows[-1]["flags"]) == ("2024-04-13", [])
    assert report.counts["flagged"] == 40
    assert layer.entry["imported"]["releases"][-1]["date_orders"] == []
    _, layer = bring(text, name="stated.csv", dates="dmy")
    assert all(feature.properties["flags"] == [] for feature in layer.features)
    assert layer.entry["imported"]["releases"][-1]["date_orders"] == ["dmy"]


def test_first_and_last_day_share_an_order(bring: Bring) -> None:
    rows = ["03/04/2024,05/04/2024", "13/04/2024,14/04/2024"]
    text = "lat,lon,date_start,date_end\n" + "".join(f"34,4{at},{row}\n" for at, row in enumerate(rows))
    _, layer = bring(text)
    dated = [
        (one.properties["date_start"], one.properties["date_end"], one.properties["flags"]) for one in layer.features
    ]
    assert dated == [("2024-04-03", "2024-04-05", []), ("2024-04-13", "2024-04-14", [])]


def test_dates_with_dots_are_day_first(bring: Bring) -> None:
    _, layer = bring("lat,lon,date\n34,41,03.04.2024\n34,42,03/04/2024\n34,43,05.06.24\n")
    dated = [
        (one.properties["date_start"], one.properties["date_end"], one.properties["flags"]) for one in layer.features
    ]
    assert dated == [
        ("2024-04-03", "2024-04-03", []),
        ("2024-03-04", "2024-04-03", ["ambiguous_date"]),
        ("2024-06-05", "2024-06-05", []),
    ]
    day = date(2024, 4, 3)
    assert dates.read("03.04.2024", frozenset({"mdy"})) == (date(2024, 3, 4), date(2024, 3, 4), "day")
    assert dates.read("03.04.2024", frozenset({"dmy", "mdy"})) == (day - timedelta(days=30), day, "interval")


def test_what_a_spreadsheet_converted_may_be_swapped(bring: Bring) -> None:
    texts = ["13/04/2024", "14/04/2024", *ISO]
    summary = dates.summary([texts])
    assert (summary.decided, summary.ambiguous, summary.converted) == ("dmy", 4, True)
    text = "lat,lon,date\n" + "".join(f"34,4{at},{day}\n" for at, day in enumerate(texts))
    _, layer = bring(text)
    rows = [
        (one.properties["date_start"], one.properties["date_end"], one.properties["flags"]) for one in layer.features
    ]
    assert rows[:3] == [
        ("2024-04-13", "2024-04-13", []),
        ("2024-04-14", "2024-04-14", []),
        ("2024-03-04", "2024-04-03", ["ambiguous_date"]),
    ]
    assert rows[6] == ("2024-09-09", "2024-09-09", [])


@pytest.mark.parametrize(
    "texts",
    [
        ["13/04/2024", *ISO[:4]],
        ["13/04/2024", "2024-04-13", *ISO],
        ["13/04/2024", "03/04/2024", *ISO],
        ["13/04/2024", "04/13/2024", *ISO],
        ["1 May 2024", *ISO],
        ["13/04/2024", *ISO],
        ISO,
    ],
)
def test_what_no_spreadsheet_converted(texts: list[str]) -> None:
    evidence = Evidence()
    evidence.take(texts)
    assert not evidence.converted
    assert CONVERTED not in dates.decided_by(evidence.conclusion())


@pytest.mark.parametrize(
    ("doubt", "first", "later"),
    [
        (CONVERTED, ["13/04/2024", "14/04/2024", *ISO], ["2024-04-13"]),
        (YEAR_FIRST, [f"24/05/{day:02}" for day in range(1, 32)], ["05/31/24"]),
    ],
)
def test_a_doubt_may_be_settled_by_later_rows(doubt: str, first: list[str], later: list[str]) -> None:
    evidence = Evidence()
    evidence.take(first)
    orders = evidence.conclusion()
    assert doubt in dates.decided_by(orders)
    evidence.take(later)
    orders = evidence.conclusion(orders)
    assert f"{SETTLED}{doubt}" in orders
    assert doubt not in dates.decided_by(orders)
    assert evidence.conclusion(orders) == orders
