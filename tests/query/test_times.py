"""Times in filters against Python's own: instants with zones, whole days at the place, and unknown ones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geodata.errors import BadValue
from geodata.model import Feature
from geodata.query import dates
from tests.query.selection import where

OFFSETS = st.sampled_from([0, 60, 180, 330, -300]).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2020, 1, 3), timezones=OFFSETS)
"""Within two days, so that many fall together when they are rounded to the hour."""
HOURS = INSTANTS.map(lambda moment: moment.replace(minute=0, second=0, microsecond=0))
ZONES = ("UTC", "Asia/Baghdad", "America/New_York")
COMPARE = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
SECOND = timedelta(seconds=1)


def ids(features: list[Feature], text: str) -> list[str]:
    """Return the ids of the features for which a filter is true."""
    return [one.id for one in where(features, text)]


def literal(moment: datetime) -> str:
    """Return an instant as CQL2 writes it: in UTC."""
    return f"TIMESTAMP('{moment.astimezone(UTC).isoformat().replace('+00:00', 'Z')}')"


@settings(deadline=None)
@given(st.lists(st.none() | HOURS, min_size=1, max_size=8), HOURS, st.sampled_from(list(COMPARE)))
@example([datetime(2020, 1, 1, 2, tzinfo=timezone(timedelta(hours=3)))], datetime(2019, 12, 31, 23, tzinfo=UTC), "=")
def test_instants_are_compared_as_instants(rows: list[datetime | None], other: datetime, op: str) -> None:
    moments = [datetime(2020, 1, 1, tzinfo=UTC), *rows]
    features = [
        Feature(f"f{at}", "made", None, {"at": one and one.isoformat(), "to": other.isoformat()})
        for at, one in enumerate(moments)
    ]
    expected = [f"f{at}" for at, one in enumerate(moments) if one is not None and COMPARE[op](one, other)]
    assert ids(features, f"at {op} {literal(other)}") == expected
    assert ids(features, f"at {op} to") == expected
    turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(op, op)
    assert ids(features, f"{literal(other)} {turned} at") == expected
    assert ids(features, f"at {op} '{other.isoformat()}'") == expected


RELATIONS = {
    "T_AFTER": lambda a, b, c, d: a > d,
    "T_BEFORE": lambda a, b, c, d: b < c,
    "T_CONTAINS": lambda a, b, c, d: a < c and b > d,
    "T_DISJOINT": lambda a, b, c, d: a > d or b < c,
    "T_DURING": lambda a, b, c, d: a > c and b < d,
    "T_EQUALS": lambda a, b, c, d: a == c and b == d,
    "T_FINISHEDBY": lambda a, b, c, d: a < c and b == d,
    "T_FINISHES": lambda a, b, c, d: a > c and b == d,
    "T_INTERSECTS": lambda a, b, c, d: not (a > d or b < c),
    "T_MEETS": lambda a, b, c, d: b == c,
    "T_METBY": lambda a, b, c, d: a == d,
    "T_OVERLAPPEDBY": lambda a, b, c, d: c < a < d < b,
    "T_OVERLAPS": lambda a, b, c, d: a < c < b < d,
    "T_STARTEDBY": lambda a, b, c, d: a == c and b > d,
    "T_STARTS": lambda a, b, c, d: a == c and b < d,
}
INTERVALS = st.tuples(HOURS, HOURS).map(sorted)


@settings(deadline=None)
@given(st.lists(INTERVALS, min_size=1, max_size=6), INTERVALS, st.sampled_from(list(RELATIONS)))
def test_intervals_of_instants_relate_as_allen_has_it(
    rows: list[list[datetime]], other: list[datetime], op: str
) -> None:
    features = [
        Feature(f"f{at}", "made", None, {"a": one[0].isoformat(), "b": one[1].isoformat()})
        for at, one in enumerate(rows)
    ]
    features.append(Feature("open", "made", None, {"a": other[0].isoformat(), "b": None}))
    expected = [f"f{at}" for at, one in enumerate(rows) if RELATIONS[op](*one, *other)]
    start, end = (literal(one).removeprefix("TIMESTAMP(").removesuffix(")") for one in other)
    assert ids(features, f"{op}(INTERVAL(a, b), INTERVAL({start}, {end}))") == expected


def day_of(day: date, zone: str) -> tuple[datetime, datetime]:
    """Return the first second of a day at a place, and the first of the next one."""
    begun, next_ = (
        datetime.combine(one, datetime.min.time(), ZoneInfo(zone)) for one in (day, day + timedelta(days=1))
    )
    return begun.astimezone(UTC), next_.astimezone(UTC)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.dates(date(2020, 3, 7), date(2020, 3, 9)), st.sampled_from(ZONES)), min_size=1, max_size=6),
    st.datetimes(datetime(2020, 3, 6), datetime(2020, 3, 11), timezones=st.just(UTC)),
)
@example([(date(2020, 3, 8), "America/New_York")], datetime(2020, 3, 9, 3, 59, 59, tzinfo=UTC))
@example([(date(2020, 3, 8), "America/New_York")], datetime(2020, 3, 9, 4, tzinfo=UTC))
def test_a_date_beside_an_instant_is_its_whole_day_at_the_place(rows: list[tuple[date, str]], moment: datetime) -> None:
    features = [
        Feature(f"f{at}", "made", None, {"d": day.isoformat(), "time_zone": zone})
        for at, (day, zone) in enumerate(rows)
    ]
    spans = [day_of(day, zone) for day, zone in rows]
    inside = [f"f{at}" for at, (begun, next_) in enumerate(spans) if begun <= moment < next_]
    before = [f"f{at}" for at, (_, next_) in enumerate(spans) if next_ <= moment]
    assert ids(features, f"T_INTERSECTS(d, {literal(moment)})") == inside
    assert ids(features, f"d = {literal(moment)}") == inside
    assert ids(features, f"d < {literal(moment)}") == before
    assert ids(features, f"T_BEFORE(d, {literal(moment)})") == before
    rest = [one.id for one in features if one.id not in (*inside, *before)]
    assert ids(features, f"d > {literal(moment)}") == rest
    assert ids(features, f"d <> {literal(moment)}") == sorted([*before, *rest])
    assert ids(features, f"d <= {literal(moment)}") == sorted([*before, *inside])
    assert ids(features, f"d >= {literal(moment)}") == sorted([*rest, *inside])


def test_dates_and_instants_may_stand_in_one_column() -> None:
    texts = ["2020-01-03", "2020-01-03T10:00:00Z", "2020-01-04T01:00:00+03:00", "2020-01", "soon", None]
    features = [Feature(f"f{at}", "made", None, {"d": text}) for at, text in enumerate(texts)]
    assert ids(features, "T_DURING(d, INTERVAL('2020-01-02', '2020-01-04'))") == ["f0", "f1", "f2"]
    assert ids(features, "T_INTERSECTS(d, DATE('2020-01-03'))") == ["f0", "f1", "f2", "f3"]
    assert ids(features, "d = DATE('2020-01-03')") == ["f0", "f1", "f2"]
    assert ids(features, "NOT d = DATE('2020-01-03')") == ["f3"]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2022-04-16T10:13:19Z", "2022-04-16T10:13:19+00:00"),
        ("2022-04-16T10:13:19Z", "2022-04-16T10:13:19"),
        ("2022-04-16T10:13:19Z", "2022-04-16 13:13:19+03"),
        ("2022-04-16T10:13:00Z", "2022-04-16T10:13"),
        ("2022-04-16T10:13:19.5Z", "2022-04-16t10:13:19.500000+00:00"),
    ],
)
def test_instants_are_read_in_every_form(text: str, same: str) -> None:
    assert dates.instant(text) == dates.instant(same)
    assert dates.instant(text) == dates.microseconds(datetime.fromisoformat(text))


@pytest.mark.parametrize("text", ["2022-04-16", "2022-13-01T00:00:00Z", "10:13", "2022-W15-6T10:00", "", None, 5])
def test_what_is_no_instant_is_none(text: object) -> None:
    assert dates.instant(text) is None


def test_an_instant_is_not_compared_with_any_text() -> None:
    features = [Feature("a", "made", None, {"at": "2020-01-01T00:00:00Z"})]
    with pytest.raises(BadValue, match="an instant like"):
        where(features, "at = 'noon'")
    assert ids(features, "at LIKE '2020-%'") == ["a"]
