"""Where a JSON text has its records, what of it is GeoJSON, and what is refused."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import BadData
from geodata.formats import archives, json_records
from geodata.formats.dataset import Dataset
from geodata.formats.json_records import Records
from geodata.settings import MAX_DEPTH

ROWS = [{"id": "e1", "lat": 33.3, "lon": 44.4}, {"id": "e2", "lat": "34", "lon": None}]
POINT = {"type": "Point", "coordinates": [44.4, 33.3]}
FEATURE = {"type": "Feature", "geometry": POINT, "properties": {"name": "x"}}


def packed(data: bytes) -> bytes:
    """Return data gzipped, the same bytes each time."""
    return gzip.compress(data, mtime=0)


def opened(value: Any, folder: Path, name: str = "a.json", part: str | None = None) -> Any:
    path = folder / name
    path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return json_records.opened(path, part)


def records(value: Any, folder: Path, name: str = "a.json", part: str | None = None) -> tuple[str, list[Any]]:
    source = opened(value, folder, name, part)
    assert isinstance(source, Records)
    # From the start each time.
    assert list(source.read()) == list(source.read()) == list(source.again())
    return source.path, list(source.read())


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (ROWS, "$"),
        ({"data": ROWS}, "$.data"),
        ({"TotalCount": 2, "NextPageUrl": "", "Result": ROWS}, "$.Result"),
        ({"status": 200, "messages": [], "results": ROWS}, "$.results"),
        ({"features": ROWS}, "$.features"),
        ({"response": {"total": 2, "items": ROWS}}, "$.response.items"),
        ({"a b": {"c'd\\": ROWS}}, r"$['a b']['c\'d\\']"),
        ({"small": ROWS[:1], "large": ROWS}, "$.large"),
        ({"a": {"b": {"c": {"d": ROWS}}}}, "$.a.b.c.d"),
    ],
)
def test_the_largest_list_of_objects_is_the_records(value: Any, path: str, tmp_path: Path) -> None:
    assert records(value, tmp_path) == (path, ROWS)


def test_a_list_called_as_interfaces_call_it_goes_before_what_describes_it(tmp_path: Path) -> None:
    assert records({"data": ROWS, "included": [{"type": "person"}] * 9}, tmp_path)[0] == "$.data"
    assert records({"data": ROWS[:1], "incidents": ROWS * 9}, tmp_path)[0] == "$.incidents"
    answer = {"fields": [{"name": "a", "type": "x"}] * 9, "features": [{"attributes": {"a": 1}, "geometry": None}]}
    assert opened(answer, tmp_path)[0] == "esri_json"


GRID = [["id", "lat"], ["e1", 33.5], ["e2"]]


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (GRID, "$"),
        ({"range": "A1:B3", "values": GRID}, "$.values"),
        ({"columns": GRID[0], "index": [0, 1], "data": GRID[1:]}, "$.data"),
        ({"table": {"fields": [{"name": "id", "type": "x"}, {"name": "lat"}], "rows": GRID[1:]}}, "$.table.rows"),
        ({"columns": [{"id": "id", "name": 7}, {"id": "lat"}], "rows": GRID[1:]}, "$.rows"),
    ],
)
def test_rows_of_cells_are_records(value: Any, path: str, tmp_path: Path) -> None:
    assert records(value, tmp_path) == (path, [{"id": "e1", "lat": 33.5}, {"id": "e2"}])


@pytest.mark.parametrize(
    "value",
    [
        [["id", "id"], [1, 2]],
        [["id", ""], [1, 2]],
        [["id", 3], [1, 2]],
        [["id"], [1, 2]],
        [["id"], [[1]]],
        [["id"]],
        [[], []],
        {"columns": ["id"], "data": [[1, 2]]},
        {"columns": 7, "data": [[1]]},
    ],
)
def test_what_names_no_columns_is_no_table(value: Any, tmp_path: Path) -> None:
    with pytest.raises(BadData, match="no list of records"):
        opened(value, tmp_path)


def test_every_list_is_offered_and_can_be_chosen(tmp_path: Path) -> None:
    value = {"small": ROWS[:1], "large": ROWS}
    assert opened(value, tmp_path).paths == ["$.large", "$.small"]
    assert records(value, tmp_path, part="$.small") == ("$.small", ROWS[:1])
    with pytest.raises(BadData, match=r"at \$\.none.*\$\.large"):
        opened(value, tmp_path, part="$.none")


def test_an_object_of_objects_is_records_by_their_id(tmp_path: Path) -> None:
    bare = {"x1": {"lat": 1, "lon": 2, "sources": [{"a": 1}] * 9}, "x2": {"lat": 3}}
    expected = [{"id": "x1", **bare["x1"]}, {"id": "x2", "lat": 3}]
    assert records(bare, tmp_path) == ("$", expected)
    assert records({"data": bare}, tmp_path) == ("$.data", expected)
    named = {"x1": {"id": 1, "key": "a"}, "x2": {"id": 2, "key": "b"}}
    assert records(named, tmp_path)[1] == [{"key_": "x1", "id": 1, "key": "a"}, {"key_": "x2", "id": 2, "key": "b"}]
    # What has hardly a field in common is no list.
    assert records({"meta": {"count": 2}, "data": {"items": ROWS}}, tmp_path)[0] == "$.data.items"


def test_columns_by_the_number_of_the_row_are_rows(tmp_path: Path) -> None:
    value = {"lat": {"0": 1.5, "1": 2.5}, "lon": {"0": 3, "1": None}}
    assert records(value, tmp_path) == ("$", [{"lat": 1.5, "lon": 3}, {"lat": 2.5, "lon": None}])


def test_hits_of_elasticsearch_are_their_sources(tmp_path: Path) -> None:
    hits = [
        {"_index": "i", "_id": "1", "_source": {"lat": 1, "_id": "own"}},
        {"_index": "i", "_id": "2", "_source": {"lat": 2}},
    ]
    value = {"took": 1, "hits": {"total": 2, "hits": hits}, "aggregations": {"x": {"buckets": [{"key": 1}] * 9}}}
    path, rows = records(value, tmp_path)
    assert path == "$.hits.hits"
    assert rows == [
        {"_index": "i", "_id": "1", "lat": 1, "_source": {"_id": "own"}},
        {"_index": "i", "_id": "2", "lat": 2},
    ]


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json", "a.jsonl.gz"])
@pytest.mark.parametrize("between", [b"\n", b"\r\n", b"\n\n \n", b"\n\x1e"])
def test_json_lines_are_records_whatever_they_are_called(name: str, between: bytes, tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf" + between.join(json.dumps(row).encode() for row in ROWS)
    assert records(packed(text) if name.endswith("gz") else text, tmp_path, name) == ("$", ROWS)


def test_one_line_is_a_record_where_the_name_says_lines(tmp_path: Path) -> None:
    assert records(ROWS[0], tmp_path, "a.jsonl") == ("$", ROWS[:1])
    with pytest.raises(BadData, match="no list of records"):
        opened(ROWS[0], tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'{"a": 1}\n{"a": ', r"not JSON: .*line 2, column 6"),
        (b'{"a": 1}\n\n[1]\n', r"line 3: \[1\] where a record"),
        (b'{"a": 1}\n{"a": 1, "a": 2}\n', "line 2: .*repeated"),
        (b'{"a": 1}\n{"b": {"a": NaN}}\n', "line 2: /b/a: .*not a finite"),
        (b'{"a": 1}\n{"a": "\xff"}\n', "line 2: not UTF-8"),
        (b'{"a": 1}\n' + b'{"a": ' * 100 + b"1" + b"}" * 100, "line 2: nested 100 deep"),
    ],
)
def test_a_bad_line_is_named(text: bytes, said: str, tmp_path: Path) -> None:
    source = opened(text, tmp_path, "a.jsonl")
    with pytest.raises(BadData, match=said):
        list(source.read())


@pytest.mark.parametrize("text", [b'{"a": ', b"[1]", b"[" * 9_999])
def test_a_line_that_changed_is_no_record(text: bytes, tmp_path: Path) -> None:
    source = opened(b'{"a": 1}\n{"a": 2}', tmp_path)
    assert len(list(source.read())) == 2
    (tmp_path / "a.json").write_bytes(text)
    with pytest.raises(BadData, match="changed while it was read"):
        list(source.again())


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (b'{"data": [{"a": 1}, {"a": ', r"not JSON.*line 1, column 27"),
        (b'{"data": [{"a": 1, "a": 2}]}', "/data/0: .*repeated"),
        (b'[{"a": Infinity}]', "/0/a: .*finite"),
        ({"data": []}, "no list of records"),
        ({"error": "none"}, "no list of records"),
        ([1, 2], "no list of records"),
        ({"a": {"b": {"c": {"d": {"e": ROWS}}}}}, "no list of records"),
        (b"[" * 100 + b"]" * 100, "nested 100 deep"),
        (b"17", "GeoJSON object"),
        (b"", "an empty file"),
        (packed(b'{"data": [' * 999)[:-9], "unpacked"),
    ],
)
def test_what_is_no_list_of_records_is_refused(value: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadData, match=said):
        opened(value, tmp_path)


def test_what_is_no_record_among_records_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="/a~1b/1: null where a record"):
        list(opened({"a/b": [ROWS[0], None]}, tmp_path).read())


def test_no_more_is_unpacked_than_may_be(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(packed(b"0" * 1_000))
    with archives.unpacked(path, 1_000) as stream:
        assert len(stream.read()) == 1_000
    with archives.unpacked(path, 999) as stream, pytest.raises(BadData, match="more than 999 bytes"):
        stream.read()


@pytest.mark.parametrize(
    ("value", "name", "form"),
    [
        ({"type": "FeatureCollection", "features": [FEATURE]}, "a.json", "geojson"),
        ({"name": "n", "features": [FEATURE], "type": "FeatureCollection"}, "a.json", "geojson"),
        (FEATURE, "a.json", "geojson"),
        (POINT, "a.json", "geojson"),
        ([FEATURE], "a.json", "geojson"),
        ([POINT], "a.json", "geojson"),
        ([{"type": "FeatureCollection", "features": [FEATURE]}] * 2, "a.json", "geojson"),
        ({"data": {"type": "FeatureCollection", "features": [FEATURE]}}, "a.json", "geojson"),
        ({"features": [FEATURE]}, "a.json", "geojson"),
        (FEATURE, "a.geojsonl", "geojsonseq"),
        (b"\x1e" + json.dumps(FEATURE).encode() + b"\n", "a.ndjson", "geojsonseq"),
        (b"\n".join([json.dumps(FEATURE).encode()] * 2), "a.json", "geojsonseq"),
        (packed(json.dumps(FEATURE).encode()), "a.geojson.gz", "geojson"),
        (packed(json.dumps(FEATURE).encode()), "a.geojsonl.gz", "geojsonseq"),
    ],
)
def test_geojson_is_told_by_its_content(value: Any, name: str, form: str, tmp_path: Path) -> None:
    told, [part] = opened(value, tmp_path, name)
    assert told == form
    assert isinstance(part, Dataset)
    assert all(row.geometry == shapely.Point(44.4, 33.3) for row in part.rows)


def test_what_only_calls_itself_geojson_has_the_errors_of_geojson(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="/features/0"):
        opened([{"type": "FeatureCollection", "features": 7}], tmp_path)
    with pytest.raises(BadData, match="/features/0"):
        opened({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": 7}]}, tmp_path)


def test_records_are_rows_with_a_place_for_other_formats(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"data": [{"id": "a", "lon": 44, "lat": "33.5", "at": {"day": "x"}}, {"id": "b"}]}))
    [part] = json_records.load(path)
    first, second = part.rows
    assert (first.id, first.geometry) == ("a", shapely.Point(44, 33.5))
    assert first.properties["at.day"] == "x"
    assert second.geometry is None


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
OBJECTS = st.dictionaries(st.text(), SCALARS, min_size=1, max_size=4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(OBJECTS, min_size=1, max_size=5), st.lists(st.text(), max_size=json_records.SHALLOW))
def test_records_come_back_from_under_any_keys(tmp_path: Path, rows: list[dict[str, Any]], keys: list[str]) -> None:
    value: Any = rows
    for key in keys:
        value = {key: value}
    path, back = records(value, tmp_path)
    assert back == rows
    assert records(value, tmp_path, part=path) == (path, rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=60) | st.text(alphabet='[]{}":,a1\n ', max_size=60).map(str.encode))
def test_no_text_breaks_the_reader(tmp_path: Path, text: bytes) -> None:
    try:
        source = opened(text, tmp_path)
        if isinstance(source, Records):
            list(source.read())
    except BadData as error:
        assert str(tmp_path) not in str(error)  # noqa: PT017


def test_depth_is_counted_in_every_list(tmp_path: Path) -> None:
    deep: Any = 1
    for _ in range(MAX_DEPTH - 2):
        deep = [deep]
    assert records([{"a": deep}], tmp_path)[0] == "$"
    with pytest.raises(BadData, match=f"at most {MAX_DEPTH}"):
        opened([{"a": [deep]}], tmp_path)
