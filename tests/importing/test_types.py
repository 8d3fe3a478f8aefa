"""Columns keep their type from the file into the layer, small or large, and out again; coordinates their digits."""

from __future__ import annotations

import csv
import itertools
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from geodata import cli, sandbox
from geodata.catalog import current, workspace
from geodata.formats import registry
from geodata.importing import ingest as loading
from geodata.importing.ingest import load
from geodata.importing.options import ImportOptions
from geodata.importing.source_file import ReadOptions
from geodata.query import tables
from tests.importing.conftest import Bring
from tests.query import cql2_corpus
from tests.query.selection import where

COUNT = itertools.count()
FIELDS = {
    "short": (pa.int16(), st.integers(-(2**15), 2**15 - 1)),
    "whole": (pa.int32(), st.integers(-(2**31), 2**31 - 1)),
    "long": (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "half": (pa.float32(), st.floats(width=32, allow_nan=False, allow_infinity=False)),
    "real": (pa.float64(), st.floats(allow_nan=False, allow_infinity=False)),
    "truth": (pa.bool_(), st.booleans()),
    "day": (pa.date32(), st.dates(date(1, 1, 1))),
    "moment": (
        pa.timestamp("ms", "UTC"),
        st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1)).map(
            lambda one: one.replace(microsecond=one.microsecond // 1000 * 1000, tzinfo=UTC)
        ),
    ),
    "word": (pa.string(), st.text("aé=+07 ", max_size=20)),
}
ROWS = st.lists(st.fixed_dictionaries({name: st.none() | cells for name, (_, cells) in FIELDS.items()}), min_size=1)
POINTS = st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(shapely.Point)


@pytest.fixture(params=[10_000, 0], ids=["small", "large"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return the number of rows past which a layer is held in Parquet."""
    monkeypatch.setattr(loading, "LARGE", request.param)
    return int(request.param)


def geopackage(path: Path, rows: list[dict[str, Any]], shapes: list[shapely.Point]) -> pa.Schema:
    """Write rows and points as a GeoPackage, and return its schema as GDAL reads it."""
    fields = [
        pa.field(name, kind, metadata={"GDAL:OGR:width": "20"} if name == "word" else None)
        for name, (kind, _) in FIELDS.items()
    ]
    geometry = pa.field("geom", pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
    columns = {name: [row[name] for row in rows] for name in FIELDS} | {"geom": [shape.wkb for shape in shapes]}
    result = pa.Table.from_pydict(columns, schema=pa.schema([*fields, geometry]))
    pyogrio.write_arrow(
        result, path, layer="rows", driver="GPKG", geometry_name="geom", geometry_type="Point", crs="EPSG:4326"
    )
    return pyogrio.read_arrow(path, layer="rows")[1].drop_columns(["geom"])


@settings(
    deadline=None,
    max_examples=6,
    # Each example is two processes and three files: to shrink one would take minutes.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_a_geopackage_comes_back_with_its_schema(size: int, tmp_path: Path, data: st.DataObject) -> None:
    rows = data.draw(ROWS)
    shapes = [data.draw(POINTS) for _ in rows]
    id_ = f"rows-{next(COUNT)}"
    source, target = (tmp_path / f"{id_}-{way}.gpkg" for way in ("in", "out"))
    given_ = geopackage(source, rows, shapes)
    load(source, source.name, ImportOptions(layer=id_), workspace(), current())
    assert cli.main(["export", id_, "--to", str(target)]) == 0
    back = pyogrio.read_arrow(target, layer=id_)[1]
    for field in given_.schema:
        same = back.schema.field(f"original.{field.name}")
        assert (same.type, same.metadata) == (field.type, field.metadata), field.name
    order = sorted(current().layer(id_).features, key=lambda one: int(one.properties["row"]))
    by_id = dict(zip(back.column("id").to_pylist(), back.to_pylist(), strict=True))
    for row, shape, one in zip(given_.to_pylist(), shapes, order, strict=True):
        assert {name: by_id[one.id][f"original.{name}"] for name in row} == row
        assert shapely.equals_exact(one.geometry, shape)


RESERVED = ("geometry", "wkt", "fid", "id", "properties", "a column of more than ten letters", "A column of more")


def reserved_names(path: Path) -> None:
    """Write a GeoPackage whose columns are called as ours are, and as other formats call the geometry and the key."""
    geometry = pa.field("shape", pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
    columns = {name: [f"{name} of 1", f"{name} of 2"] for name in RESERVED}
    columns["shape"] = [shapely.Point(40, 30).wkb, shapely.Point(41, 31).wkb]
    pyogrio.write_arrow(
        pa.Table.from_pydict(
            columns, schema=pa.schema([*(pa.field(name, pa.string()) for name in RESERVED), geometry])
        ),
        path,
        layer="rows",
        driver="GPKG",
        geometry_name="shape",
        geometry_type="Point",
        crs="EPSG:4326",
        layer_options={"FID": "key", "GEOMETRY_NAME": "shape"},
    )


def contents(path: Path, layer: str | None) -> tuple[dict[str, Any], list[str]]:
    """Return the schema of a layer as GDAL tells it, and its rows, whatever their order and that of their rings."""
    info = pyogrio.read_info(path, layer=layer)
    keys = ("fields", "dtypes", "ogr_types", "ogr_subtypes", "geometry_name", "geometry_type", "crs")
    table = pyogrio.read_arrow(path, layer=layer)[1]
    name = info["geometry_name"]
    shapes = shapely.normalize(shapely.from_wkb(table[name].to_pylist())) if name else []
    rows = table.drop_columns([name]).to_pylist() if name else table.to_pylist()
    texts = sorted(repr((row, shape and shape.wkt)) for row, shape in itertools.zip_longest(rows, shapes))
    return {key: str(info[key]) for key in keys} | {"schema": table.schema.to_string()}, texts


def test_the_columns_of_the_file_alone_are_the_file_again(size: int, tmp_path: Path) -> None:
    source = tmp_path / "reserved.gpkg"
    reserved_names(source)
    load(source, source.name, ImportOptions(layer="reserved"), workspace(), current())
    target = tmp_path / "out.gpkg"
    assert cli.main(["export", "reserved", "--to", str(target), "--fields", "original"]) == 0
    assert contents(target, "reserved") == contents(source, "rows")


@pytest.mark.parametrize("extension", ["parquet", "fgb", "shp.zip", "geojson", "kml"])
def test_every_format_has_the_names_of_the_file(extension: str, tmp_path: Path) -> None:
    source = tmp_path / "reserved.gpkg"
    reserved_names(source)
    load(source, source.name, ImportOptions(layer="reserved"), workspace(), current())
    target = tmp_path / f"out.{extension}"
    assert cli.main(["export", "reserved", "--to", str(target), "--fields", "original"]) == 0
    [part] = sandbox.read(registry.of_file(target.name), target)
    [row] = (row for row in part.rows if "wkt of 1" in row.properties.values())
    cells = {*row.properties.values(), row.id}
    assert {f"{name} of 1" for name in RESERVED} <= cells
    assert shapely.equals_exact(row.geometry, shapely.Point(40, 30))


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_a_table_has_the_headings_of_the_file(extension: str, tmp_path: Path) -> None:
    source = tmp_path / "reserved.gpkg"
    reserved_names(source)
    load(source, source.name, ImportOptions(layer="reserved"), workspace(), current())
    target = tmp_path / f"out.{extension}"
    assert cli.main(["export", "reserved", "--to", str(target), "--fields", "original"]) == 0
    headings, *rows = (
        csv.reader(target.read_text("utf-8-sig").splitlines())
        if extension == "csv"
        else openpyxl.load_workbook(target)["reserved"].iter_rows(values_only=True)
    )
    assert list(headings) == [*RESERVED, "wkt_"]
    assert [*(f"{name} of 1" for name in RESERVED), "POINT (40 30)"] in map(list, rows)


def test_the_geopackage_of_the_ogc_comes_back(size: int, tmp_path: Path) -> None:
    source = cql2_corpus.geopackage()
    for name, _ in pyogrio.list_layers(source):
        id_ = name.replace("_", "-")
        load(source, source.name, ImportOptions(layer=id_, read_options=ReadOptions(part=name)), workspace(), current())
        target = tmp_path / f"{id_}.gpkg"
        assert cli.main(["export", id_, "--to", str(target), "--fields", "original"]) == 0
        (schema, rows), (expected, before) = contents(target, id_), contents(source, name)
        assert schema == expected
        differing = [row for row in before if row not in set(rows)]
        # Russia lies past the antimeridian by 6e-14 degrees, which is brought to it.
        assert all("180.00000000000006" in row for row in differing), differing
        assert len(differing) == sum("180.00000000000006" in row for row in before)


TYPED = "id,n,x,ok,d,at,code,place\n1,5,1.5,true,2020-01-31,2020-01-31T10:00:00Z,007,a\n2,,2,false,,,+5,\n"


def test_the_columns_of_a_csv_have_types_and_come_back_as_they_were(size: int, bring: Bring, tmp_path: Path) -> None:
    report, layer = bring(TYPED, layer="typed")
    types = {one["name"]: one["type"] for one in report.columns}
    assert types == {
        "id": "integer",
        "n": "integer",
        "x": "number",
        "ok": "boolean",
        "d": "date",
        "at": "timestamp",
        "code": "text",
        "place": "text",
    }
    kinds = {name: kind for name, kind in tables.table(layer).kinds.items() if name.startswith("original.")}
    assert list(kinds.values()) == ["integer", "integer", "number", "boolean", "date", "instant", "text", "text"]
    first, second = sorted(layer.features, key=lambda one: one.id)
    cells = {"id": 1, "n": 5, "x": 1.5, "ok": True, "d": "2020-01-31", "at": "2020-01-31T10:00:00Z", "code": "007"}
    assert first.properties["original"] == {**cells, "place": "a"}
    assert (second.properties["original"]["n"], second.properties["original"]["x"]) == (None, 2.0)
    stored = tables.table(layer)
    assert [
        one.id for one in where(stored, "n + 1 = 6 AND original.ok AND at < TIMESTAMP('2020-01-31T10:00:01Z')")
    ] == [first.id]
    assert [one.id for one in where(stored, "original.n IS NULL")] == [second.id]
    again, _ = bring(TYPED, layer="typed")
    assert (again.tally.unchanged, again.tally.updated) == (2, 0)
    path = tmp_path / "back.csv"
    assert cli.main(["export", "typed", "--to", str(path)]) == 0
    with path.open(encoding="utf-8-sig", newline="") as stream:
        back = sorted(csv.DictReader(stream), key=lambda row: row["id"])
    given_ = list(csv.DictReader(TYPED.splitlines()))
    assert [{name: row[f"original.{name}"] for name in given_[0]} for row in back] == given_


def test_a_newer_file_may_have_other_types(size: int, bring: Bring) -> None:
    bring("id,n\na,1\nb,2\n", layer="news")
    assert "n" in current().layer("news").entry["imported"]["types"]
    bring("id,n\nc,2.5\n", layer="news")
    cells = {one.id: one.properties["original"]["n"] for one in current().layer("news").features}
    assert cells == {"news-a": 1.0, "news-b": 2.0, "news-c": 2.5}
    report, layer = bring("id,n\nb,2\nd,x\n", layer="news")
    assert (report.tally.unchanged, report.tally.added) == (1, 1)
    cells = {one.id: one.properties["original"]["n"] for one in layer.features}
    assert cells == {"news-a": "1", "news-b": "2", "news-c": "2.5", "news-d": "x"}
    assert report.columns[1]["type"] == "text"


def test_a_layer_of_before_there_were_types_gets_them_with_its_next_file(bring: Bring) -> None:
    _, layer = bring("id,n\na,1\n", layer="old")
    entry = json.loads(json.dumps(layer.entry))
    del entry["imported"]["types"]
    feature = {"type": "Feature", "id": "old-a", "geometry": None}
    properties = {**layer.features[0].properties, "original": {"id": "a", "n": "1"}}
    workspace().put_layer(
        entry, json.dumps({"type": "FeatureCollection", "features": [{**feature, "properties": properties}]}).encode()
    )
    assert tables.table(current().layer("old")).kinds["original.n"] == "text"
    report, layer = bring("id,n\na,1\nb,2\n", layer="old")
    assert (report.tally.unchanged, report.tally.added) == (1, 1)
    assert [one.properties["original"]["n"] for one in layer.features] == [1, 2]


def test_values_of_several_types_are_text_and_said_so(bring: Bring) -> None:
    values: list[Any] = [1, "1", True, {"a": [1.0]}]
    features = [
        {"type": "Feature", "geometry": None, "properties": {"v": value, "o": {"k": at}, "w": at}}
        for at, value in enumerate(values)
    ]
    report, layer = bring(json.dumps({"type": "FeatureCollection", "features": features}), "v.geojson", layer="mixed")
    columns = {one["name"]: one for one in report.columns}
    assert (columns["v"]["type"], columns["v"]["mixed"]) == ("text", True)
    assert "mixed" not in columns["o"]
    assert columns["w"]["type"] == "integer"
    cells = [one.properties["original"] for one in layer.features]
    assert [one["v"] for one in cells] == ["1", "1", "true", '{"a": [1.0]}']
    assert [json.loads(one["o"]) for one in cells] == [{"k": at} for at in range(len(values))]


def test_an_edit_leaves_the_digits_of_the_other_features(bring: Bring) -> None:
    rows = [f"{at},33.{at}23456789012,44.{at}23456789012" for at in range(3)]
    _, layer = bring("\n".join(["id,lat,lon", *rows]), layer="fine")
    exact = [(one.geometry.x, one.geometry.y) for one in layer.features if one.geometry]
    assert exact == [(float(f"44.{at}23456789012"), float(f"33.{at}23456789012")) for at in range(3)]
    out = workspace().folder / "out.geojson"
    assert cli.main(["export", "fine", "--to", str(out)]) == 0
    for item in json.loads(out.read_bytes())["features"]:
        assert all(round(number, 7) == number for number in item["geometry"]["coordinates"])
