"""Dates in ten languages and many notations, read back as the days that they were written from."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.importing import dates
from geodata.importing.phrases import simplified, words

LANGUAGES = words("date-words")["languages"]
DAYS = st.dates(date(1970, 1, 1), date(2069, 12, 31))
MONTHS = st.sampled_from(
    [(number, name) for each in LANGUAGES.values() for number, names in enumerate(each["months"], 1) for name in names]
)
ARABIC_DIGITS, PERSIAN_DIGITS = (str.maketrans("0123456789", digits) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"))


def written(span: dates.Span | None) -> tuple[str, str, str] | None:
    return None if span is None else (span.start.isoformat(), span.end.isoformat(), span.precision)


def test_no_name_of_a_month_is_that_of_another() -> None:
    numbers: dict[str, int] = {}
    for language, each in LANGUAGES.items():
        assert len(each["months"]) == 12, language
        for number, names in enumerate(each["months"], start=1):
            for name in names:
                assert numbers.setdefault(simplified(name), number) == number, name


def test_no_word_means_two_things() -> None:
    kinds: dict[str, str] = {}
    for each in LANGUAGES.values():
        for kind in each.keys() - {"months", "am", "pm", "at", "clock"}:
            for word in each[kind]:
                assert kinds.setdefault(simplified(word), kind) == kind, word
        assert not {simplified(name) for names in each["months"] for name in names} & kinds.keys()


@given(
    month=MONTHS,
    year=st.integers(1970, 2069),
    day=st.integers(1, 28),
    form=st.sampled_from(
        [
            "{d} {m} {y}",
            "{d:02}-{m}-{y}",
            "{d}. {m} {y}",
            "{m} {d}, {y}",
            "{y} {m} {d}",
            "{d} {m}, {y}",
            "{d}-{m}-{short}",
            "{d} {m} '{short}",
            "{y}-{m}-{d:02}",
        ]
    ),
    case=st.sampled_from([str, str.upper, str.title, simplified]),
    digits=st.sampled_from([{}, ARABIC_DIGITS, PERSIAN_DIGITS]),
    dot=st.sampled_from(["", "."]),
)
def test_a_day_with_the_name_of_its_month(
    month: tuple[int, str], year: int, day: int, form: str, case: object, digits: dict[int, str], dot: str
) -> None:
    assert callable(case)
    name = str(case(month[1])) + dot
    text = form.format(d=day, m=name, y=year, short=f"{year % 100:02}").translate(digits)
    expected = date(year, month[0], day)
    assert dates.read(text) == (expected, expected, "day"), text
    assert not dates.is_ambiguous(text, frozenset())


@given(month=MONTHS, year=st.integers(1970, 2069), form=st.sampled_from(["{m} {y}", "{m}-{y}", "{y} {m}", "{m}, {y}"]))
def test_a_month_by_its_name(month: tuple[int, str], year: int, form: str) -> None:
    last = calendar.monthrange(year, month[0])[1]
    assert dates.read(form.format(m=month[1], y=year)) == (date(year, month[0], 1), date(year, month[0], last), "month")


@pytest.mark.parametrize("text", ["in May 2024", "в мае 2024 г.", "у травні 2024 року", "im Mai 2024", "في أيار 2024"])
def test_words_before_a_month(text: str) -> None:
    assert written(dates.read(text)) == ("2024-05-01", "2024-05-31", "month")


@given(DAYS, st.sampled_from(list("/-.")), st.sampled_from(["dmy", "mdy", "ymd"]), st.booleans())
def test_two_digits_of_the_year(day: date, sign: str, order: str, padded: bool) -> None:
    numbers = {"d": day.day, "m": day.month}
    parts = {name: f"{number:02}" if padded else str(number) for name, number in numbers.items()}
    parts["y"] = f"{day.year % 100:02}"
    text = sign.join(parts[letter] for letter in order)
    assert dates.read(text, frozenset({order})) == (day, day, "day")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("31/05/24", "2024-05-31", "2024-05-31"),
        ("05/31/24", "2024-05-31", "2024-05-31"),
        ("03/04/24", "2024-03-04", "2024-04-03"),
        ("03.04.24", "2024-04-03", "2024-04-03"),
        ("31.05.70", "1970-05-31", "1970-05-31"),
    ],
)
def test_two_digits_of_the_year_where_no_order_is_known(text: str, start: str, end: str) -> None:
    span = dates.read(text)
    assert span is not None
    assert (span.start.isoformat(), span.end.isoformat()) == (start, end)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Monday, 6 May 2024", "2024-05-06"),
        ("الاثنين 6 أيار 2024", "2024-05-06"),
        ("6 Mayıs 2024 Pazartesi", "2024-05-06"),
        ("the 3rd of May, 2024", "2024-05-03"),
        ("1er mai 2024", "2024-05-01"),
        ("le 3 mai 2024", "2024-05-03"),
        ("am 3. Mai 2024", "2024-05-03"),
        ("5 de mayo de 2024", "2024-05-05"),
        ("5 мая 2024 г.", "2024-05-05"),
        ("5-го мая 2024", "2024-05-05"),
        ("5 травня 2024 р.", "2024-05-05"),
        ("5 أيار 2024م", "2024-05-05"),
        ("3 شباط/فبراير 2024", "2024-02-03"),
        ("3 كانون الأول / ديسمبر 2023", "2023-12-03"),
        ("3 شباط (فبراير) 2024", "2024-02-03"),
        ("5ê Gulanê 2024", "2024-05-05"),
        ("5ی ئایاری 2024", "2024-05-05"),
        ("01MAY24", "2024-05-01"),
        ("01May2024", "2024-05-01"),
        ("2024 05 12", "2024-05-12"),
        ("3 / 4 / 2024", None),
        ("2024-W21-3", "2024-05-22"),
        ("'2024-05-01", "2024-05-01"),
    ],
)
def test_words_round_a_day(text: str, expected: str | None) -> None:
    span = dates.read(text)
    assert span is not None
    if expected is None:
        assert written(span) == ("2024-03-04", "2024-04-03", "interval")
    else:
        assert written(span) == (expected, expected, "day")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("early May 2024", "2024-05-01", "2024-05-10"),
        ("mid-May 2024", "2024-05-11", "2024-05-20"),
        ("late May 2024", "2024-05-21", "2024-05-31"),
        ("end of February 2024", "2024-02-21", "2024-02-29"),
        ("أوائل أيار 2024", "2024-05-01", "2024-05-10"),
        ("أواسط أيار 2024", "2024-05-11", "2024-05-20"),
        ("أواخر أيار 2024", "2024-05-21", "2024-05-31"),
        ("début mai 2024", "2024-05-01", "2024-05-10"),
        ("mi-mai 2024", "2024-05-11", "2024-05-20"),
        ("fin mai 2024", "2024-05-21", "2024-05-31"),
        ("начало мая 2024 г.", "2024-05-01", "2024-05-10"),
        ("середина мая 2024", "2024-05-11", "2024-05-20"),
        ("конец мая 2024", "2024-05-21", "2024-05-31"),
        ("Mayıs başı 2024", "2024-05-01", "2024-05-10"),
        ("12–14 May 2024", "2024-05-12", "2024-05-14"),
        ("May 12-14, 2024", "2024-05-12", "2024-05-14"),
        ("12-14/05/2024", "2024-05-12", "2024-05-14"),
        ("12.–14.05.2024", "2024-05-12", "2024-05-14"),
        ("12.-14. Mai 2024", "2024-05-12", "2024-05-14"),
        ("12/05-14/05/2024", "2024-05-12", "2024-05-14"),
        ("30 May – 2 June 2024", "2024-05-30", "2024-06-02"),
        ("Dec 30, 2023 – Jan 2, 2024", "2023-12-30", "2024-01-02"),
        ("30/31 May 2024", "2024-05-30", "2024-05-31"),
        ("May–June 2024", "2024-05-01", "2024-06-30"),
        ("May/June 2024", "2024-05-01", "2024-06-30"),
        ("late May – early June 2024", "2024-05-21", "2024-06-10"),
        ("2024-05-12/2024-05-14", "2024-05-12", "2024-05-14"),
        ("2024-05-12/14", "2024-05-12", "2024-05-14"),
        ("2024-05-12 to 2024-05-14", "2024-05-12", "2024-05-14"),
        ("2024-01 to 2024-03", "2024-01-01", "2024-03-31"),
        ("2014-2016", "2014-01-01", "2016-12-31"),
        ("between 3 and 5 May 2024", "2024-05-03", "2024-05-05"),
        ("بين 3 و5 أيار 2024", "2024-05-03", "2024-05-05"),
        ("من 12 إلى 14 أيار 2024", "2024-05-12", "2024-05-14"),
        ("du 12 au 14 mai 2024", "2024-05-12", "2024-05-14"),
        ("с 12 по 14 мая 2024", "2024-05-12", "2024-05-14"),
        ("12 ile 14 Mayıs 2024", "2024-05-12", "2024-05-14"),
        ("31/05/2024 - 02/06/2024", "2024-05-31", "2024-06-02"),
        ("03.04.2024-05.04.2024", "2024-04-03", "2024-04-05"),
        ("week 21 2024", "2024-05-20", "2024-05-26"),
        ("2024-W21", "2024-05-20", "2024-05-26"),
        ("KW 21/2024", "2024-05-20", "2024-05-26"),
        ("Q2 2024", "2024-04-01", "2024-06-30"),
        ("2024-Q2", "2024-04-01", "2024-06-30"),
        ("2nd quarter of 2024", "2024-04-01", "2024-06-30"),
    ],
)
def test_an_interval(text: str, start: str, end: str) -> None:
    assert written(dates.read(text)) == (start, end, "interval")


@given(
    DAYS, st.integers(0, 400), st.sampled_from(["{a} – {b}", "{a}/{b}", "{a} to {b}", "{a} إلى {b}", "du {a} au {b}"])
)
def test_a_range_of_two_days(first: date, length: int, form: str) -> None:
    last = min(first + timedelta(days=length), date(2069, 12, 31))
    span = dates.read(form.format(a=first.isoformat(), b=last.isoformat()))
    assert span == (first, last, "interval" if last > first else "day")
    if last > first:
        assert dates.read(form.format(a=last.isoformat(), b=first.isoformat())) is None


@given(DAYS, st.integers(0, 14))
def test_a_range_in_numbers_is_read_in_one_order(first: date, length: int) -> None:
    last = min(first + timedelta(days=length), date(2069, 12, 31))
    for order, form in (("dmy", "%d/%m/%Y"), ("mdy", "%m/%d/%Y")):
        text = f"{first.strftime(form)} - {last.strftime(form)}"
        span = dates.read(text, frozenset({order}))
        assert span is not None
        assert (span.start, span.end) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "before 3 May 2024",
        "after 3 May 2024",
        "du 3 mai 2024",
        "من 3 أيار 2024",
        "c. 2015",
        "~2015",
        "May 2024 (approx.)",
        "spring 2024",
        "early 2024",
        "late 12 May 2024",
        "early late May 2024",
        "Oct-14",
        "12 May",
        "12 May – 14 June",
        "May",
        "3 and 5 May 2024",
        "2024-05-12-14",
        "Dec 30 – Jan 2 2024",
        "3/4-2024",
        "12-14-16 May 2024",
        "2024-W54",
        "Q5 2024",
        "W99 2024",
        "97/02/03",
        "2567-05-01",
        "31 June 2024",
        "2024-05-01 25:00",
        "2024-05-01 14:30 XYZ",
        "May 2024 14:30",
        "12–14 May 2024 14:30",
        "2024-05-01T14:30:00+15:00",
        "3 May 2024 " + "x" * 200,
    ],
)
def test_what_leaves_the_day_open_is_not_read(text: str) -> None:
    assert dates.read(text) is None
    assert not dates.in_other_calendar(text)


@pytest.mark.parametrize(
    "text",
    [
        "1397/02/03",
        "۳ اردیبهشت ۱۳۹۷",
        "3 ordibehesht 97",
        "12 رمضان 1445",
        "12 رمضان 45",
        "12 Ramadan 1445",
        "1445-09-12",
        "12/9/45 هـ",
        "12/09/1445",
        "12.09.1445",
        "14450912",
        "1445-09-12T10:00:00Z",
        "1397/02/03 - 1397/02/05",
        "12–14/09/1445",
    ],
)
def test_another_calendar_is_recognised_and_not_converted(text: str) -> None:
    assert dates.read(text) is None
    assert dates.in_other_calendar(text)


MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2050, 1, 1)).map(lambda moment: moment.replace(microsecond=0))
OFFSETS = st.integers(-48, 56).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
FORMS = (
    "%Y-%m-%dT%H:%M:%S.123%z",
    "%Y-%m-%d %H:%M %z",
    "%a, %d %b %Y %H:%M:%S %z",
    "%a %b %d %H:%M:%S %z %Y",
    "%d %B %Y, %I:%M %p GMT%z",
    "%b %d %Y %H:%M:%S GMT%z (Eastern European Summer Time)",
    "%H:%M%z, %d-%b-%y",
    "%Y%m%dT%H%M%S%z",
    "%Y%m%d%H%M%z",
)


@given(MOMENTS, OFFSETS, st.sampled_from(FORMS), st.sampled_from(["", "UTC", "Asia/Baghdad", "America/New_York"]))
def test_an_instant_in_many_notations(moment: datetime, offset: timezone, form: str, zone: str) -> None:
    moment = moment.replace(tzinfo=offset)
    day = moment.astimezone(ZoneInfo(zone)).date() if zone else moment.date()
    text = moment.strftime(form)
    assert dates.read(text, zone=zone) == (day, day, "day"), text


@pytest.mark.parametrize(
    ("text", "baghdad"),
    [
        ("012230ZMAY24", "2024-05-02"),
        ("01 2230Z May 24", "2024-05-02"),
        ("012230CMAY2024", "2024-05-01"),
        ("012230JMAY24", "2024-05-01"),
        ("012230RMAY24", "2024-05-02"),
        ("2024-05-01 10:30 pm UTC", "2024-05-02"),
        ("2024-05-01 10:30 م", "2024-05-01"),
        ("1 أيار 2024 الساعة ١٤:٣٠", "2024-05-01"),
        ("1. Mai 2024 um 22:30 Uhr", "2024-05-01"),
        ("1 mai 2024 à 22h30", "2024-05-01"),
        ("1 mai 2024 à 22h", "2024-05-01"),
        ("1. Mai 2024, 22 Uhr", "2024-05-01"),
        ("01.05.2024 22:30 Uhr", "2024-05-01"),
        ("2024-05-01 22:30:00+00", "2024-05-02"),
        ("202405012230", "2024-05-01"),
        ("2024-05-01T24:00:00Z", "2024-05-02"),
        ("2024-05-01 12:00 am", "2024-05-01"),
    ],
)
def test_times_of_day(text: str, baghdad: str) -> None:
    assert written(dates.read(text)) == ("2024-05-01", "2024-05-01", "day")
    assert written(dates.read(text, zone="Asia/Baghdad")) == (baghdad, baghdad, "day")


def test_both_readings_of_an_instant_move_to_another_zone() -> None:
    span = dates.read("03/04/2024 23:30 +00:00", zone="Asia/Baghdad")
    assert written(span) == ("2024-03-05", "2024-04-04", "interval")


@given(st.text(max_size=40) | st.text("0123456789/-.: MayمايوZT+'()–", max_size=30))
def test_any_text_is_read_or_not_and_nothing_else(text: str) -> None:
    for orders in (frozenset[str](), frozenset({"dmy"}), frozenset({"ymd"})):
        span = dates.read(text, orders, "Asia/Baghdad")
        assert span is None or (span.start <= span.end and span.precision in ("day", "month", "year", "interval"))
    dates.in_other_calendar(text)
