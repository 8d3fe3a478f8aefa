"""Dates in the forms that sources use."""

from __future__ import annotations

from datetime import date

import pytest

from geodata.importing import dates
from tests.importing.conftest import Bring

DAY = date(2024, 2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-03",
        "2024/2/3",
        "20240203",
        "03/02/2024",
        "3.2.2024",
        "03 February 2024",
        "3 Feb 2024",
        "3-Feb-2024",
        "February 3, 2024",
        "2024-02-03T05:00:00Z",
        "2024-02-03 00:00:00.000",
        "٣/٢/٢٠٢٤",
        "٢٠٢٤-٠٢-٠٣",
        "3 شباط 2024",
        "٣ فبراير ٢٠٢٤",
    ],
)
def test_a_day(text: str) -> None:
    assert dates.read(text) == (DAY, DAY, "day")


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("شباط 2024", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("كانون الأول 2011", date(2011, 12, 1), date(2011, 12, 31), "month"),
        ("أكتوبر 2023", date(2023, 10, 1), date(2023, 10, 31), "month"),
        ("2011", date(2011, 1, 1), date(2011, 12, 31), "year"),
        ("2016.0", date(2016, 1, 1), date(2016, 12, 31), "year"),
    ],
)
def test_a_month_or_a_year_is_no_day(text: str, start: date, end: date, precision: str) -> None:
    assert dates.read(text) == (start, end, precision)


@pytest.mark.parametrize(
    "text", ["", "soon", "2024-13-01", "31/02/2024", "0000-01-01", "3 Nowhere 2024", "1e9", "12:30"]
)
def test_what_is_no_date(text: str) -> None:
    assert dates.read(text) is None


def test_which_comes_first_is_told_by_the_dates_that_tell() -> None:
    assert dates.read("03/04/2024", day_first=False) == (date(2024, 3, 4), date(2024, 3, 4), "day")
    assert dates.day_first(["03/04/2024", "13/04/2024"]) is True
    assert dates.day_first(["03/04/2024", "04/13/2024"]) is False
    assert dates.day_first(["03/04/2024"]) is None


def test_a_table_is_dated_as_its_dates_tell(bring: Bring) -> None:
    text = "lat,lon,date\n34,41,03/04/2024\n34,41.1,04/13/2024\n34,41.2,\n34,41.3,never\n34,41.4,2024\n"
    report, layer = bring(text)
    rows = [one.properties for one in layer.features]
    assert [one["date_start"] for one in rows] == ["2024-03-04", "2024-04-13", None, None, "2024-01-01"]
    assert [one["date_end"] for one in rows][4] == "2024-12-31"
    assert [one["date_precision"] for one in rows] == ["day", "day", None, None, "year"]
    assert [one["flags"] for one in rows] == [[], [], ["undated"], ["unreadable_date"], []]
    assert report.counts["undated"] == 2


def test_days_that_run_backwards_are_turned_and_flagged(bring: Bring) -> None:
    _, layer = bring("lat,lon,date_start,date_end\n34,41,2024-02-03,2024-02-01\n34,42,2024-02-03,x\n")
    first, second = (one.properties for one in layer.features)
    assert (first["date_start"], first["date_end"], first["flags"]) == ("2024-02-01", "2024-02-03", ["dates_reversed"])
    assert (second["date_start"], second["flags"]) == (None, ["unreadable_date"])


@pytest.mark.parametrize(
    ("scheme", "code", "expected"),
    [
        ("acled", "1", (DAY, DAY, "day")),
        ("acled", "2", (date(2024, 1, 31), date(2024, 2, 6), "interval")),
        ("acled", "3", (date(2024, 2, 1), date(2024, 2, 29), "month")),
        ("ucdp", "4", (DAY, DAY, "month")),
        ("plain", "3", (DAY, DAY, "day")),
    ],
)
def test_codes_of_precision_widen_a_day(scheme: str, code: str, expected: tuple[date, date, str]) -> None:
    assert dates.coded(scheme, code, dates.Span(DAY, DAY, "day")) == expected
