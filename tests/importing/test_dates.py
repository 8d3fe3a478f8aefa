"""Dates in the forms that sources use."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadValue
from geodata.importing import dates
from geodata.importing import ingest as loading
from geodata.query import dates as query_dates
from geodata.query.tables import table
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
    assert dates.read(text, frozenset({"dmy"})) == (DAY, DAY, "day")


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


def parsed(text: str, form: str) -> date | None:
    """Return a day by the standard library; None where there is no such day."""
    try:
        return datetime.strptime(text, form).date()
    except ValueError:
        return None


@given(
    numbers=st.tuples(st.integers(1, 32), st.integers(1, 32)),
    year=st.integers(1950, 2030),
    sign=st.sampled_from("/-. "),
    orders=st.sets(st.sampled_from(["dmy", "mdy"])),
)
def test_a_date_is_read_in_the_order_that_is_known_or_as_both(
    numbers: tuple[int, int], year: int, sign: str, orders: set[str]
) -> None:
    text = f"{numbers[0]:02}{sign}{numbers[1]:02}{sign}{year}"
    forms = {"dmy": f"%d{sign}%m{sign}%Y", "mdy": f"%m{sign}%d{sign}%Y"}
    days = {order: day for order, form in forms.items() if (day := parsed(text, form))}
    known = frozenset(orders)
    span = dates.read(text, known)
    if not days:
        assert span is None
        return
    assert span is not None
    if len(set(days.values())) == 1:
        expected = set(days.values())
    elif len(orders) == 1:
        expected = {days[next(iter(orders))]}
    elif sign == "." and not orders:
        # Nobody writes month.day.year.
        expected = {days["dmy"]}
    else:
        expected = set(days.values())
    assert (span.start, span.end) == (min(expected), max(expected))
    assert (span.precision == "interval") == dates.is_ambiguous(text, known) == (len(expected) == 2)
    decides = len(days) == 1 and numbers[0] != numbers[1]
    assert dates.deciding([text]) == (set(days) if decides else set())
    assert dates.read(text, frozenset({"ymd"})) is None


@pytest.mark.parametrize("text", ["1397", "1397/05/02", "02/05/1397", "1397-05", "1445-09-01", "١٣٩٧/٥/٢"])
def test_years_of_the_hijri_calendars_are_not_converted(text: str, bring: Bring) -> None:
    assert dates.read(text) is None
    _, layer = bring(f"lat,lon,date\n34,41,{text}\n34,42,2024-01-02\n")
    first, second = (feature.properties for feature in layer.features)
    assert (first["date_start"], set(first["flags"])) == (None, {"other_calendar", "unreadable_date"})
    assert (second["date_start"], second["flags"]) == ("2024-01-02", [])


def test_where_no_date_decides_both_readings_are_kept(bring: Bring) -> None:
    text = "lat,lon,date\n34,41,03/04/2024\n34,41.1,05/05/2024\n34,41.2,2024-06-07\n"
    report, layer = bring(text)
    rows = [feature.properties for feature in layer.features]
    assert [(row["date_start"], row["date_end"], row["flags"]) for row in rows] == [
        ("2024-03-04", "2024-04-03", ["ambiguous_date"]),
        ("2024-05-05", "2024-05-05", []),
        ("2024-06-07", "2024-06-07", []),
    ]
    assert [(one["row"], one["flag"]) for one in report.problems] == [(rows[0]["row"], "ambiguous_date")]
    for order, day in (("dmy", "2024-04-03"), ("mdy", "2024-03-04")):
        _, layer = bring(text, name=f"{order}.csv", dates=order)
        row = layer.features[0].properties
        assert (row["date_start"], row["date_end"], row["flags"]) == (day, day, [])
    _, layer = bring(text, name="ymd.csv", dates="ymd")
    assert [feature.properties["date_start"] for feature in layer.features] == [None, None, "2024-06-07"]
    with pytest.raises(BadValue, match="dates"):
        bring(text, dates="dym")


def test_dates_that_contradict_one_another_each_keep_their_own_reading(bring: Bring) -> None:
    text = "lat,lon,date\n34,41,13/04/2024\n34,41.1,04/14/2024\n34,41.2,03/04/2024\n"
    _, layer = bring(text)
    rows = [feature.properties for feature in layer.features]
    assert [(row["date_start"], row["date_end"]) for row in rows] == [
        ("2024-04-13", "2024-04-13"),
        ("2024-04-14", "2024-04-14"),
        ("2024-03-04", "2024-04-03"),
    ]
    assert [row["flags"] for row in rows] == [[], [], ["ambiguous_date"]]


@pytest.mark.parametrize("last", ["25/12/2023", "12/25/2023"])
def test_the_last_row_decides_for_the_first(last: str, bring: Bring) -> None:
    rows = "".join(f"34,{41 + at * 1e-5:.5f},03/04/2024\n" for at in range(100_001))
    report, layer = bring(f"lat,lon,date\n{rows}34,43,{last}\n")
    assert layer.stored is not None
    found = pa.concat_tables(pa.Table.from_batches([batch]) for batch in layer.stored.batches())
    day = date(2024, 4, 3) if last.startswith("25") else date(2024, 3, 4)
    assert set(found.column("date_start").to_pylist()) == {day, date(2023, 12, 25)}
    assert found.column("date_start").equals(found.column("date_end"))
    assert (report.rows, report.problems, report.counts["flagged"]) == (100_002, [], 0)


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


ZONES = ("", "UTC", "Asia/Baghdad", "Asia/Damascus", "America/New_York", "Pacific/Kiritimati")
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1990, 1, 1), datetime(2050, 1, 1), timezones=OFFSETS), st.sampled_from(ZONES))
def test_an_instant_lies_on_the_civil_day_of_the_zone(moment: datetime, zone: str) -> None:
    day = moment.astimezone(ZoneInfo(zone)).date() if zone else moment.date()
    assert dates.read(moment.isoformat(), zone=zone) == (day, day, "day")
    # A time without a zone is one at the place.
    written = moment.replace(tzinfo=None)
    assert dates.read(written.isoformat(sep=" "), zone=zone) == (written.date(), written.date(), "day")


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
def test_a_layer_has_the_days_of_its_time_zone(large: bool, bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "LARGE", 0 if large else 10_000)
    data = "id,date,latitude,longitude\na,2024-01-31T20:59:59Z,33,44\nb,2024-01-31T21:00:00Z,33,44\n"
    _, layer = bring(data, layer="news", time_zone="Asia/Baghdad")
    assert layer.entry["time_zone"] == "Asia/Baghdad"
    assert {one.id: one.properties["date_start"] for one in layer.features} == {
        "news-a": "2024-01-31",
        "news-b": "2024-02-01",
    }
    stored = table(layer)
    # The last second of January at the place, and the first of February.
    for second, ids in ((59, {"news-a"}), (60, {"news-b"})):
        moment = datetime(2024, 1, 31, 20, 59, tzinfo=UTC) + timedelta(seconds=second)
        at = query_dates.moment(moment.isoformat(), "datetime")
        assert {one.id for one in stored.picked(stored.during(at, at))} == ids
    # A newer file keeps it, and another word changes it: rows that mean another day have changed.
    report, layer = bring(data, layer="news")
    assert (layer.entry["time_zone"], report.tally.updated) == ("Asia/Baghdad", 0)
    report, layer = bring(data, layer="news", time_zone="UTC")
    assert (layer.entry["time_zone"], report.tally.updated) == ("UTC", 1)


@pytest.mark.parametrize("name", ["Baghdad", "Asia/baghdad", "../etc/passwd", "+03:00"])
def test_a_time_zone_that_nobody_knows_is_refused(name: str, bring: Bring) -> None:
    with pytest.raises(BadValue, match="time_zone"):
        bring("date\n2024-01-31\n", time_zone=name)
