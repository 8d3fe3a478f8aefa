"""Dates that programs store as plain numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.catalog import current
from geodata.importing import dates, ingest
from geodata.importing.ingest import ImportOptions

DAYS = st.dates(date(1999, 1, 1), date(2040, 12, 31))
MOMENTS = st.datetimes(datetime(1999, 1, 1), datetime(2048, 1, 1), timezones=st.just(UTC))


def serial(day: date) -> int:
    return (day - date(1899, 12, 30)).days


@given(st.lists(DAYS, min_size=1, max_size=30), st.floats(0, 0.999))
def test_serial_numbers_of_spreadsheets(days: list[date], time: float) -> None:
    for texts in ([str(serial(day)) for day in days], [repr(serial(day) + time) for day in days]):
        kind = dates.notation(pa.array(texts))
        assert kind == "excel"
        assert [dates.read(text, kind=kind) for text in texts] == [(day, day, "day") for day in days]


@given(st.lists(MOMENTS, min_size=1, max_size=30), st.sampled_from([1, 1_000, 1_000_000]), st.booleans())
def test_seconds_since_1970(moments: list[datetime], per_second: int, exponent: bool) -> None:
    seconds = [int(moment.timestamp()) for moment in moments]
    texts = [f"{second * per_second:.16e}" if exponent else str(second * per_second) for second in seconds]
    kind = dates.notation(texts)
    assert kind == {1: "unix_seconds", 1_000: "unix_milliseconds", 1_000_000: "unix_microseconds"}[per_second]
    for zone in ("", "Asia/Baghdad", "America/New_York"):
        days = [datetime.fromtimestamp(second, UTC).astimezone(ZoneInfo(zone or "UTC")).date() for second in seconds]
        assert [dates.read(text, zone=zone, kind=kind) for text in texts] == [(day, day, "day") for day in days]


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        ([], ""),
        ([None, "", " "], ""),
        (["2024-05-01", "1 May 2024"], ""),
        (["20240501", "20240502"], "yyyymmdd"),
        (["2016", "2017.0", None], "year"),
        (["45413"] * 19 + ["n/a"], "excel"),
        (["45413"] * 18 + ["n/a", "x"], ""),
        (["45413"] * 10 + ["1714521600"] * 10, ""),
        (["100", "250", "7"], ""),
        (["2024-05-01", "45413"], "some_excel"),
        (["1 May 2024", "3 May 2024", "45413.25"], "some_excel"),
        (["13/05/2024", "45413"], "some_excel_swapped"),
        (["soon", "45413"], ""),
        (["2024-05-01", "45413", "45414"], ""),
        (["1397/02/03", "97/02/04", "1397/02/05"], "other_calendar"),
        (["13970203", "13970204"], "other_calendar"),
        (["1397", "1398"], "other_calendar"),
        (["1397/02/03", "2024-05-01", "2024-05-02"], ""),
    ],
)
def test_the_notation_of_a_column(texts: list[str | None], kind: str) -> None:
    assert dates.notation(texts) == dates.notation(pa.array(texts, pa.string())) == kind
    assert dates.notation(pa.array(texts, pa.string()).dictionary_encode()) == kind or len(set(texts)) < len(texts)
    assert kind in dates.NOTATIONS


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("45413", "", None),
        ("1714521600", "", None),
        ("2016", "excel", None),
        ("100", "excel", None),
        ("45413", "unix_seconds", None),
        ("0", "unix_seconds", None),
        ("2024-05-01", "excel", "2024-05-01"),
        ("2024-05-01", "unix_seconds", "2024-05-01"),
        ("45413", "some_excel", "2024-05-01"),
        ("2016", "some_excel", "2016-01-01"),
        ("45427", "some_excel_swapped", "2024-05-15"),
        ("20240501", "yyyymmdd", "2024-05-01"),
        ("2024", "year", "2024-01-01"),
        ("03/02/97", "other_calendar", None),
        ("2024-05-01", "other_calendar", "2024-05-01"),
    ],
)
def test_a_cell_is_read_by_the_notation_of_its_column(text: str, kind: dates.Notation, expected: str | None) -> None:
    span = dates.read(text, kind=kind)
    assert (span and span.start.isoformat()) == expected
    assert dates.in_other_calendar(text, kind) == (kind == "other_calendar")
    assert not dates.is_ambiguous(text, frozenset(), kind)


@given(DAYS)
def test_a_serial_number_among_dates_in_numbers_may_be_swapped(day: date) -> None:
    span = dates.read(str(serial(day)), kind="some_excel_swapped")
    other = day if day.day > 12 else day.replace(month=day.day, day=day.month)
    assert span is not None
    assert (span.start, span.end) == (min(day, other), max(day, other))
    assert dates.is_ambiguous(str(serial(day)), frozenset(), "some_excel_swapped") == (day != other)


@pytest.mark.parametrize(
    ("kind", "rows", "expected"),
    [
        ("excel", ["45413", "45414.5", "7"], [("2024-05-01", []), ("2024-05-02", []), (None, ["unreadable_date"])]),
        ("unix_seconds", ["1714521600", "x"], [("2024-05-01", []), (None, ["unreadable_date"])]),
        ("some_excel_swapped", ["13/05/2024", "45415"], [("2024-05-13", []), ("2024-03-05", ["ambiguous_date"])]),
        (
            "other_calendar",
            ["1397/02/03", "97/02/03", "2024-05-01"],
            [
                (None, ["unreadable_date", "other_calendar"]),
                (None, ["unreadable_date", "other_calendar"]),
                ("2024-05-01", ["other_calendar"]),
            ],
        ),
    ],
)
def test_rows_are_read_by_the_notation_of_the_file(
    kind: dates.Notation, rows: list[str], expected: list[tuple[str | None, list[str]]], tmp_path: Path
) -> None:
    path = tmp_path / "numbers.csv"
    path.write_text("lat,lon,date\n" + "".join(f"34,{41 + at},{row}\n" for at, row in enumerate(rows)))
    options = ImportOptions(roles={"lat": ["lat"], "lon": ["lon"], "date": ["date"]})
    evidence = dates.Evidence()
    evidence.take(rows)
    with ingest.begun(path, path.name, options, current(), evidence.conclusion()) as (_, reader, batches):
        reader.meaning = replace(reader.meaning, date_notation=kind)
        table = pa.concat_tables(map(reader.read, batches))
    days = [day and day.isoformat() for day in table.column("date_start").to_pylist()]
    assert list(zip(days, table.column("flags").to_pylist(), strict=True)) == expected


def test_the_first_day_of_serial_numbers_is_that_of_spreadsheets() -> None:
    assert dates.read("36526", kind="excel") == (date(2000, 1, 1), date(2000, 1, 1), "day")
    assert dates.read("45413.99999", kind="excel") == (date(2024, 5, 1), date(2024, 5, 1), "day")
    assert timedelta(days=20_000) + date(1899, 12, 30) == date(1954, 10, 3)
