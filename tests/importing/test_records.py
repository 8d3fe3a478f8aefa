"""JSON records as layers: placed, dated and typed as a table of the same cells is."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from geodata.catalog import current
from geodata.errors import BadData, BadValue
from geodata.formats import json_records
from geodata.importing import record_batches, source_file
from geodata.importing.ingest import ImportOptions
from geodata.importing.preview import preview
from geodata.importing.source_file import ReadOptions
from tests.importing.conftest import Bring
from tests.importing.made import ACLED_HEADER, acled

UCDP = {
    "id": 1001,
    "type_of_violence": 1,
    "side_a": "A",
    "side_b": "B",
    "where_prec": 1,
    "date_prec": 1,
    "best": 5,
    "low": 4,
    "high": 7,
    "latitude": 34.5,
    "longitude": 41.25,
    "date_start": "2024-02-03T00:00:00",
    "date_end": "2024-02-04T00:00:00",
    "country": "Iraq",
}


def packed(data: bytes) -> bytes:
    """Return data gzipped, the same bytes each time."""
    return gzip.compress(data, mtime=0)


def test_an_answer_of_acled_comes_in_as_its_table_does(bring: Bring) -> None:
    rows = [acled(f"IRQ{at}", longitude=f"42.{at:02}", fatalities=str(at)) for at in range(12)]
    names = ACLED_HEADER.split(",")
    data = [dict(zip(names, row, strict=True)) for row in csv.reader(rows)]
    answer = {"status": 200, "success": True, "messages": [], "count": 12, "data": data}
    report, layer = bring(json.dumps(answer), "answer.json", layer="answer")
    assert (report.profile, report.counts["points"], report.counts["undated"]) == ("acled", 12, 0)
    assert report.metadata["part"] == "$.data"
    assert [one.properties["killed"]["best"] for one in layer.features] == list(range(12))
    assert {type(one.properties["original"]["fatalities"]) for one in layer.features} == {str}


def test_an_answer_of_ucdp_comes_in_placed_and_dated(bring: Bring) -> None:
    answer = {"TotalCount": 2, "TotalPages": 1, "NextPageUrl": "", "Result": [UCDP, {**UCDP, "id": 1002, "best": 6}]}
    report, layer = bring(json.dumps(answer), "gedevents.json", layer="ged")
    assert (report.profile, report.rows) == ("ucdp", 2)
    first, second = layer.features
    assert first.geometry == second.geometry == shapely.Point(41.25, 34.5)
    assert (first.properties["date_start"], first.properties["date_end"]) == ("2024-02-03", "2024-02-04")
    assert second.properties["killed"] == {"best": 6, "low": 4, "high": 7}
    assert first.properties["original"]["latitude"] == 34.5


def test_events_of_a_timemap_come_in_placed_and_dated(bring: Bring) -> None:
    event = {
        "id": "CIV0001",
        "date": "03/17/2022",
        "latitude": "49.99",
        "longitude": "36.23",
        "location": "Kharkiv",
        "description": "A school",
        "sources": ["S1", "S2"],
        "associations": ["A1"],
    }
    _, layer = bring(json.dumps([event, {**event, "id": "CIV0002", "date": "03/04/2022"}]), "events.json", layer="civ")
    first, second = layer.features
    assert first.geometry == second.geometry == shapely.Point(36.23, 49.99)
    assert [one.properties["date_start"] for one in layer.features] == ["2022-03-17", "2022-03-04"]
    assert first.properties["name_en"] == "Kharkiv"
    assert first.properties["original"]["sources"] == "S1; S2"


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.ndjson", "a.json.gz", "a.jsonl.gz"])
def test_nested_fields_are_columns_with_their_types(name: str, bring: Bring) -> None:
    rows: list[dict[str, Any]] = [
        {"lat": 34.5, "lon": 41, "when": {"day": "2024-02-03"}, "n": 2**53, "ok": True, "zip": "007", "of": ["a", "b"]},
        {"lat": 34.25, "lon": 41.5, "when": {"day": "2024-02-04"}, "n": None, "ok": False, "mixed": [1, 2]},
        {"lat": 34, "lon": 42, "mixed": "x", "zip": "008"},
    ]
    text = (
        "\n".join(map(json.dumps, rows))
        if ".json" not in name.removesuffix(".gz")[-5:]
        else json.dumps({"items": rows})
    )
    report, layer = bring(packed(text.encode()) if name.endswith("gz") else text, name, layer="nested")
    types = {column["name"]: column["type"] for column in report.columns}
    assert types == {
        "lat": "number",
        "lon": "number",
        "when.day": "date",
        "n": "integer",
        "ok": "boolean",
        "zip": "text",
        "of": "text",
        "mixed": "text",
    }
    originals = [one.properties["original"] for one in layer.features]
    assert [one["zip"] for one in originals] == ["007", None, "008"]
    assert originals[0]["of"] == "a; b"
    assert [one["mixed"] for one in originals] == [None, "[1, 2]", "x"]
    assert [one["n"] for one in originals] == [2**53, None, None]
    assert [one.geometry for one in layer.features] == [shapely.Point(row["lon"], row["lat"]) for row in rows]


PLACE = {"type": "Point", "coordinates": [44.5, 33.25, 30]}
AREA = {"type": "Polygon", "coordinates": [[[40, 30], [41, 30], [41, 31], [40, 30]]]}


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_geometries_nested_in_records_place_them(name: str, bring: Bring) -> None:
    broken = {"type": "Point", "coordinates": [444, 33]}
    rows = [{"id": at, "where": {"shape": shape}, "lat": 1} for at, shape in enumerate([PLACE, AREA, None, broken])]
    text = json.dumps(rows) if name == "a.json" else "\n".join(map(json.dumps, rows))
    report, layer = bring(text, name, layer="shapes")
    point, area, *others = layer.features
    assert point.geometry == shapely.Point(44.5, 33.25)
    assert shapely.equals(area.geometry, shapely.Polygon(AREA["coordinates"][0]))
    assert [one.geometry for one in others] == [None, None]
    assert json.loads(point.properties["original"]["where.shape"]) == PLACE
    assert {column["name"]: column["as"] for column in report.columns}["lat"] is None


def test_a_list_is_chosen_by_its_path(bring: Bring) -> None:
    value = {"towns": [{"lat": 1, "lon": 2}] * 3, "events": [{"lat": 3, "lon": 4}]}
    report, _ = bring(json.dumps(value), "a.json", layer="towns")
    assert (report.rows, report.metadata["parts"]) == (3, ["$.towns", "$.events"])
    report, layer = bring(json.dumps(value), "a.json", layer="incidents", read_options=ReadOptions(part="$.events"))
    assert (report.rows, layer.features[0].geometry) == (1, shapely.Point(4, 3))
    with pytest.raises(BadData, match=r"\$\.none"):
        bring(json.dumps(value), "a.json", layer="none", read_options=ReadOptions(part="$.none"))


def test_esri_json_comes_in_with_shapes_and_times(bring: Bring) -> None:
    answer = {
        "objectIdFieldName": "OBJECTID",
        "spatialReference": {"wkid": 102100, "latestWkid": 3857},
        "fields": [{"name": "event_date", "type": "esriFieldTypeDate"}],
        "features": [
            {
                "attributes": {"OBJECTID": 7, "event_date": 1_714_566_645_000},
                "geometry": {"x": 4_953_717.3403, "y": 3_928_534.4905},
            },
            {"attributes": {"OBJECTID": 8, "event_date": None}},
        ],
    }
    report, layer = bring(json.dumps(answer), "query.json", layer="query")
    assert (report.rows, report.counts["points"]) == (2, 1)
    first = layer.features[0]
    assert shapely.equals_exact(first.geometry, shapely.Point(44.5, 33.25), 1e-8)
    assert first.properties["date_start"] == "2024-05-01"
    assert {column["name"]: column["type"] for column in report.columns}["event_date"] == "timestamp"


def test_geojson_stays_geojson_under_every_name(bring: Bring) -> None:
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [41, 34]}, "properties": {"a": 1}}
    for name in ("a.json", "a.geojson", "a.jsonl", "a.geojson.gz", "a.ndjson.gz"):
        text = json.dumps(feature).encode()
        _, layer = bring(packed(text) if name.endswith("gz") else text, name, layer="one", replace=True)
        assert layer.features[0].geometry == shapely.Point(41, 34), name


def test_what_breaks_off_in_a_later_line_stores_nothing(bring: Bring) -> None:
    text = '{"lat": 34, "lon": 41}\n' * 7_000 + '{"lat": 34, "lon"'
    with pytest.raises(BadData, match="line 7001"):
        bring(text, "a.jsonl", layer="cut")
    assert "cut" not in current().ids()


def test_rows_of_several_batches_are_numbered_on(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"n": {at}}}\n' for at in range(record_batches.ROWS + 3)) + '{"late": true}\n')
    with source_file.opened(path, path.name, ReadOptions()) as source:
        assert source.format == "json_records"
        assert source.header == ["n", "late"]
        batches = list(source.batches)
    assert [row for batch in batches for row in batch.column("row").to_pylist()] == list(range(1, 5_005))
    assert batches[0].column("c:late").null_count == record_batches.ROWS
    assert batches[-1].column("c:late").to_pylist() == [None, None, None, "true"]


def test_a_field_that_appears_meanwhile_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n{"a": 2}\n')
    source = json_records.opened(path)
    assert isinstance(source, json_records.Records)
    _, batches = record_batches.read(source)
    path.write_text('{"a": 1}\n{"b": 2}\n')
    with pytest.raises(BadData, match="changed while it was read"):
        list(batches)


def test_half_a_surrogate_pair_is_a_sign_of_loss(bring: Bring) -> None:
    _, layer = bring('[{"lat": 34, "lon": 41, "k\\ud800": "v\\udfff", "l": ["\\ud800"]}]', "a.json", layer="half")
    assert layer.features[0].properties["original"] == {"lat": 34, "lon": 41, "k?": "v?", "l": "?"}


def test_a_preview_tells_the_format_by_the_content(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"lat": 34, "lon": 41}]')
    seen = preview(path, path.name, ImportOptions(), current())
    assert (seen.format, seen.rows, seen.meaning.roles["lat"]) == ("json_records", 1, ("lat",))


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (json.dumps([{f"k{at}": 1 for at in range(2_001)}]), "a.json", "2,?001 columns"),
        ('{"message": "no access"}', "a.json", "no list of records"),
        ("[{}, {}]", "a.json", "no rows"),
        ("", "a.jsonl", "empty"),
        (packed(b'{"a": 1}\n' * 9_999)[:-20], "a.jsonl.gz", "unpacked"),
        (b"\x1f\x8b" + bytes(range(256)), "a.json.gz", "unpacked"),
        ('[{"a": ' + "[" * 90_000, "a.json", "nested"),
    ],
)
def test_what_is_no_table_of_records_is_refused(data: bytes | str, name: str, said: str, bring: Bring) -> None:
    with pytest.raises(BadData, match=said):
        bring(data, name, layer="none")
    assert "none" not in current().ids()


def test_a_name_with_an_unknown_extension_lists_those_that_are_read() -> None:
    with pytest.raises(BadValue, match=r"\.jsonl"):
        source_file.format_of("a.exe")
    assert [source_file.format_of(f"A.{end}") for end in ("JSONL", "jsonl.gz", "json.gz")] == ["json_records"] * 3
    assert source_file.format_of("a.json") == "geojson"
