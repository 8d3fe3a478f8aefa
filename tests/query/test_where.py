"""CQL2 over the shipped layers: what each operator finds, what unknown values do, and what is refused."""

from __future__ import annotations

import json
import re

import pytest
import shapely

from geodata.catalog import shipped
from geodata.errors import BadValue, Refused
from geodata.model import Feature
from geodata.query.crs import named
from tests.growth import assert_linear
from tests.query.selection import where

# Features made for it: a number, a truth value, a list, a nested figure, a date; the last one knows nothing.
MADE = [
    Feature(
        "one",
        "made",
        shapely.Point(44.0, 33.0),
        {
            "n": 1,
            "t": "Al-Qā'im",
            "ok": True,
            "l": ["a", "b"],
            "killed": {"best": 3},
            "d": "2020-01-03",
            "time_zone": "Asia/Baghdad",
        },
    ),
    Feature(
        "two",
        "made",
        shapely.LineString([(43, 32), (45, 34)]),
        {"n": 2.5, "t": "50% off", "ok": False, "l": ["b"], "killed": {"best": 0}, "d": "2020-01-04"},
    ),
    Feature("none", "made", None, {"n": None, "t": None, "ok": None, "l": None, "killed": None, "d": None}),
]

FOUND = [
    ("n = 1", ["one"]),
    ("n <> 1", ["two"]),
    ("n < 2", ["one"]),
    ("n <= 2.5", ["one", "two"]),
    ("n > 1", ["two"]),
    ("n >= 1", ["one", "two"]),
    ("n + 1.5 = 2.5", ["one"]),
    ("n * 2 - 1 = 4", ["two"]),
    ("n / 0 > 1", []),
    ("n div 2 = 1", ["two"]),
    ("n % 2 = 1", ["one"]),
    ("n ^ 2 = 6.25", ["two"]),
    ("-n = -1", ["one"]),
    ("NOT n = 1", ["two"]),
    ("NOT (n = 1 OR n = 2.5)", []),
    ("n = 1 OR n IS NULL", ["one", "none"]),
    ("n IS NOT NULL AND ok", ["one"]),
    ("NOT ok", ["two"]),
    ("ok = false", ["two"]),
    ("ok <> false", ["one"]),
    ("n BETWEEN 2 AND 3", ["two"]),
    ("n NOT BETWEEN 2 AND 3", ["one"]),
    ("n IN (1, 2)", ["one"]),
    ("id IN ('one', 'none')", ["one", "none"]),
    ("t NOT IN ('x')", ["one", "two"]),
    ("t LIKE 'Al%'", ["one"]),
    ("t LIKE '50\\% o__'", ["two"]),
    ("t LIKE '%'", ["one", "two"]),
    ("t LIKE '%Q%i%m'", ["one"]),
    ("t LIKE 'l%'", []),
    ("t NOT LIKE '%i%'", ["two"]),
    ("CASEI(t) LIKE CASEI('AL-q%')", ["one"]),
    ("CASEI(ACCENTI(t)) = 'al-qa''im'", ["one"]),
    ("t > 'A'", ["one"]),
    ("A_CONTAINS(l, ('a', 'b'))", ["one"]),
    ("A_CONTAINEDBY(l, ('b', 'c'))", ["two"]),
    ("A_EQUALS(l, ('b', 'a'))", ["one"]),
    ("A_OVERLAPS(l, ('a', 'z'))", ["one"]),
    ("killed.best > 0", ["one"]),
    ('"killed.best" = 0', ["two"]),
    ("true", ["one", "two", "none"]),
    ("false OR n = 1", ["one"]),
    ("geometry IS NULL", ["none"]),
    ("geometry IS NOT NULL", ["one", "two"]),
    ("S_INTERSECTS(geometry, POINT(44 33))", ["one", "two"]),
    ("S_INTERSECTS(geometry, BBOX(43.9, 32, 44.1, 34))", ["one", "two"]),
    ("S_DISJOINT(geometry, BBOX(0, 0, 1, 1))", ["one", "two"]),
    ("S_WITHIN(geometry, BBOX(43.9, 32, 44.1, 34))", ["one"]),
    ("S_CONTAINS(geometry, POINT(44 33))", ["one", "two"]),
    ("S_WITHIN(POINT(44.5 33.5), geometry)", ["two"]),
    ("S_EQUALS(geometry, POINT(44 33))", ["one"]),
    ("S_TOUCHES(geometry, POINT(43 32))", ["two"]),
    ("S_CROSSES(geometry, LINESTRING(43 34, 45 32))", ["two"]),
    ("S_OVERLAPS(geometry, LINESTRING(44 33, 46 35))", ["two"]),
    ("S_INTERSECTS(geometry, geometry)", ["one", "two"]),
    ("S_TOUCHES(geometry, geometry)", []),
    ("S_WITHIN(POINT(1 1), BBOX(0, 0, 2, 2))", ["one", "two", "none"]),
    ("S_CONTAINS(POINT(1 1), BBOX(0, 0, 2, 2))", []),
    ("'Al' LIKE 'A_'", ["one", "two", "none"]),
    ("A_OVERLAPS(l, (t, 'a'))", ["one"]),
    ("A_EQUALS((true), (1))", []),
    ("n = n AND t = t", ["one", "two"]),
    ("d = DATE('2020-01-03')", ["one"]),
    ("d > DATE('2020-01-03')", ["two"]),
    ("d <> DATE('2020-01-03')", ["two"]),
    ("d >= '2020-01-04'", ["two"]),
    ("T_AFTER(d, DATE('2020-01-03'))", ["two"]),
    ("T_BEFORE(d, DATE('2020-01-04'))", ["one"]),
    ("T_EQUALS(d, DATE('2020-01-04'))", ["two"]),
    ("T_INTERSECTS(d, INTERVAL('..', '2020-01-03'))", ["one"]),
    ("T_DURING(d, INTERVAL('2020-01-01', '2020-01-04'))", ["one"]),
    ("T_DISJOINT(d, DATE('2020-01-03'))", ["two"]),
    ("T_CONTAINS(INTERVAL('2020-01-01', '2020-01-04'), d)", ["one"]),
    ("T_FINISHES(d, INTERVAL('2020-01-01', '2020-01-04'))", ["two"]),
    ("T_FINISHEDBY(INTERVAL('2020-01-01', '2020-01-04'), d)", ["two"]),
    ("T_STARTS(d, INTERVAL('2020-01-03', '2020-02-01'))", ["one"]),
    ("T_STARTEDBY(INTERVAL('2020-01-03', '2020-02-01'), d)", ["one"]),
    ("T_MEETS(INTERVAL('2020-01-01', d), INTERVAL('2020-01-03', '..'))", ["one"]),
    ("T_METBY(INTERVAL('2020-01-03', '..'), INTERVAL('2020-01-01', d))", ["one"]),
    ("T_OVERLAPS(INTERVAL('2020-01-01', d), INTERVAL('2020-01-02', '2020-01-04'))", ["one"]),
    ("T_OVERLAPPEDBY(INTERVAL('2020-01-02', '2020-01-04'), INTERVAL('2020-01-01', d))", ["one"]),
    # 22:00 of the 3rd in UTC is the 4th at the clocks of Baghdad, and still the 3rd where no zone is said.
    ("T_INTERSECTS(d, TIMESTAMP('2020-01-03T22:00:00Z'))", []),
    ("T_INTERSECTS(d, TIMESTAMP('2020-01-03T20:00:00Z'))", ["one"]),
    ("T_INTERSECTS(d, TIMESTAMP('2020-01-04T10:00:00Z'))", ["two"]),
]


@pytest.mark.parametrize(("text", "ids"), FOUND)
def test_text_and_json_find_the_same(text: str, ids: list[str]) -> None:
    import cql2

    assert [one.id for one in where(MADE, text)] == ids
    tree = json.dumps(cql2.parse_text(text).to_json())
    assert [one.id for one in where(MADE, tree, "cql2-json")] == ids


REFUSED = [
    ("", "CQL2 text"),
    ("n", "a comparison, or a property that is true or false"),
    ("n =", "line 1, column 4"),
    ("n = 1; DROP TABLE sites", "line 1, column 6"),
    ("n = 1 --", "line 1"),
    ("nope = 1", "queryable fields: id, n, t"),
    ("NaN = n", "queryable fields"),
    ("n = 'x'", "two texts, two numbers"),
    ("t = 1", "two texts, two numbers"),
    ("ok > true", "= or <>"),
    ("l = 'a'", "two texts"),
    ("l = l", "a_contains"),
    ("n LIKE 'x'", "a text property and a pattern"),
    ("t LIKE t", "a text property and a pattern"),
    ("n = 1e999", "finite"),
    ("sleep(10) = 1", "casei, accenti"),
    ("pg_read_file('x') = 'y'", "casei, accenti"),
    ("S_BUFFER(geometry, 1)", "an operator that gives true or false"),
    ("casei(n) = 'x'", "one text"),
    ("t + 1 = 2", "two numbers"),
    ("geometry = 1", "spatial functions only"),
    ("S_INTERSECTS(t, POINT(1 2))", "the property geometry"),
    ("S_INTERSECTS(POINT(1 2))", "the property geometry and geometries"),
    ("S_INTERSECTS(geometry, POINT(200 2))", "longitude"),
    ("S_INTERSECTS(geometry, BBOX(1, 5, 2, 3))", "lower-left"),
    ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1)))", "four positions"),
    ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))", "a valid geometry"),
    ("S_INTERSECTS(geometry, 'POINT(1 2)')", "a geometry"),
    ("d = DATE('2020-13-45')", "a date like"),
    ("d = TIMESTAMP('yesterday')", "a date like"),
    ("d = INTERVAL('2020-01-01', '..')", "dates or instants"),
    ("T_AFTER(n, DATE('2020-01-01'))", "a property with dates"),
    ("T_DURING(d, INTERVAL('2021-01-01', '2020-01-01'))", "beginning is not after its end"),
    ("n = 1 AND " * 500 + "n = 1", "at most 4000 characters"),
    ("(" * 40 + "n = 1" + ")" * 40, "nested at most 32"),
    ("(" * 1990 + "n=1" + ")" * 1990, "nested at most 32"),
    ("NOT " * 900 + "ok", "nested at most 32"),
    ("n=" + "-" * 3900 + "1", "nested at most 32"),
    ("n = 1" + " + 1" * 900, "nested at most 32"),
    ("n IN (" + ",".join("1" * 600) + ")", "at most 500 parts"),
    ("n = 'a\x00'", "none of them NUL"),
]


@pytest.mark.parametrize(("text", "allowed"), REFUSED, ids=lambda value: value[:30])
def test_what_is_refused_is_named(text: str, allowed: str) -> None:
    with pytest.raises(BadValue, match=re.escape(allowed)) as caught:
        where(MADE, text)
    assert caught.value.parameter == "filter"
    assert len(str(caught.value)) < 700


AT = '{"op": "s_intersects", "args": [{"property": "geometry"}, %s]}'
TREES = [
    ("{", "CQL2 JSON; not JSON"),
    ('{"op": "=", "op": "<>", "args": [1, 1]}', "is repeated here"),
    ('{"op": "=", "args": [{"property": "n"}, NaN]}', "not a finite number"),
    ('{"op": "=", "args": [{"property": "n"}]}', "2 arguments"),
    ('{"op": "=", "args": {"property": "n"}}', "an operator with arguments"),
    ('{"op": ["="], "args": []}', "an operator with arguments"),
    ('{"op": "and", "args": []}', "at least one argument"),
    ('{"op": "=", "args": [{"property": 5}, 1]}', "a property, a text"),
    ('{"op": "=", "args": [null, 1]}', "a property, a text"),
    ('{"op": "in", "args": [{"property": "n"}, []]}', "a list of values"),
    ('{"op": "a_equals", "args": [{"property": "l"}, [[1]]]}', "a list of texts"),
    ("[" * 60 + "]" * 60, "an operator with arguments"),
    ("[" * 1900 + "]" * 1900, "nested 1900 deep"),
    ('{"op":"not","args":[' * 150 + "true" + "]}" * 150, "deep"),
    (
        '{"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": ["1", 2]}]}',
        "number",
    ),
    ('{"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": []}]}', "position"),
    (
        '{"op": "s_intersects", "args": [{"property": "geometry"}, {"type": ["Point"], "coordinates": []}]}',
        "a geometry",
    ),
    ('{"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [1, 2, "3", 4]}]}', "a bbox"),
    (
        '{"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "GeometryCollection", "geometries": []}]}',
        "1 to",
    ),
    ('{"op": "t_after", "args": [{"property": "d"}, {"date": 5}]}', "a property with dates"),
    ('{"op": "t_after", "args": [{"property": "d"}, {"interval": ["..", {"interval": ["..", ".."]}]}]}', None),
    ("9" * 3990, "an operator with arguments"),
]


@pytest.mark.parametrize(("text", "allowed"), TREES, ids=lambda value: str(value)[:30])
def test_trees_that_are_refused(text: str, allowed: str | None) -> None:
    if allowed is None:
        assert where(MADE, text, "cql2-json") == []
        return
    with pytest.raises(BadValue, match=re.escape(allowed)) as caught:
        where(MADE, text, "cql2-json")
    assert caught.value.parameter == "filter"


def test_another_language_is_refused() -> None:
    with pytest.raises(BadValue, match="filter-lang: 'sql' is not allowed; allowed: cql2-text, cql2-json"):
        where(MADE, "n = 1", "sql")


def test_the_geometry_of_a_filter_is_in_its_own_crs() -> None:
    utm = named("http://www.opengis.net/def/crs/EPSG/0/32638", "filter-crs")
    turned = named("http://www.opengis.net/def/crs/EPSG/0/4326", "filter-crs")
    near = "S_INTERSECTS(geometry, BBOX(400000, 3640000, 410000, 3660000))"
    assert [one.id for one in where(MADE, near, crs=utm)] == ["one", "two"]
    assert [one.id for one in where(MADE, "S_EQUALS(geometry, POINT(33 44))", crs=turned)] == ["one"]


def test_no_pattern_makes_the_search_slow() -> None:
    def search(length: int) -> None:
        long = [Feature("a", "made", None, {"t": "a" * length})]
        assert where(long, f"t LIKE '{'%a' * 900}%b'") == []

    assert_linear(search, 20_000, 320_000)


def test_a_filter_too_heavy_is_refused_before_it_runs() -> None:
    many = [Feature(f"f{i}", "made", None, {"n": i}) for i in range(60_000)]
    with pytest.raises(Refused, match="parts over 60000 features"):
        where(many, "n IN (" + ",".join("1" * 450) + ")")


def test_shipped_layers_are_asked() -> None:
    events = shipped().layer("events").features
    assert [one.id for one in where(events, "killed.best >= 3")] == [
        one.id for one in events if (one.properties["killed"] or {}).get("best", 0) >= 3
    ]
    iraq = where(shipped().layer("countries").features, "S_CONTAINS(geometry, POINT(44 33))")
    assert [one.id for one in iraq] == ["country-iq"]
