"""Formats that are read and not written, as layers: placed, dated and typed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely

from geodata.formats import registry
from geodata.importing import source_file
from geodata.importing.source_file import ReadOptions
from tests.formats.samples import GML, GPX
from tests.formats.test_ods import book, row, text
from tests.importing.conftest import Bring


def test_gpx_comes_in_placed_and_dated(bring: Bring) -> None:
    report, layer = bring(GPX, "patrol.gpx", layer="patrol")
    crater, patrol = layer.features
    assert crater.geometry == shapely.Point(41, 34.5)
    assert patrol.geometry == shapely.LineString([(41, 34), (41.5, 34.5)])
    assert (crater.properties["name_en"], crater.properties["date_start"]) == ("crater", "2024-05-01")
    assert (patrol.properties["date_start"], patrol.properties["date_end"]) == ("2024-05-02", "2024-05-04")
    types = {column["name"]: column["type"] for column in report.columns}
    assert (types["elevation"], types["date_start"]) == ("number", "timestamp")
    assert source_file.format_of("Patrol.GPX") == "gpx"


def test_parquet_without_a_geometry_comes_in_as_a_table(bring: Bring, tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    moments = [datetime(2024, 5, day, 10, tzinfo=UTC) for day in (1, 2)]
    pq.write_table(pa.table({"lat": ["33.5", "34"], "lon": ["44", "44.5"], "date": moments, "n": [1, None]}), path)
    report, layer = bring(path, layer="rows")
    assert [one.geometry for one in layer.features] == [shapely.Point(44, 33.5), shapely.Point(44.5, 34)]
    assert [one.properties["date_start"] for one in layer.features] == ["2024-05-01", "2024-05-02"]
    types = {column["name"]: column["type"] for column in report.columns}
    assert types == {"lat": "text", "lon": "text", "date": "timestamp", "n": "integer"}


def test_a_table_of_a_geopackage_is_a_part_of_its_own(bring: Bring, tmp_path: Path) -> None:
    path = tmp_path / "several.gpkg"
    rows = pa.table({"code": ["007", "008"], "n": [1, 2], "lat": [33.5, 34.0], "lon": [44.1, 44.2]})
    pyogrio.write_arrow(rows, path, layer="rows", driver="GPKG")
    shape = pa.field("geom", pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
    places = pa.table(
        {"name": ["x"], "geom": [shapely.Point(44, 33).wkb]}, schema=pa.schema([pa.field("name", pa.string()), shape])
    )
    pyogrio.write_arrow(
        places,
        path,
        layer="places",
        driver="GPKG",
        geometry_type="Point",
        geometry_name="geom",
        crs="EPSG:4326",
        append=True,
    )
    report, layer = bring(path, layer="first")
    assert (report.metadata["part"], sorted(report.metadata["parts"])) == ("places", ["places", "rows"])
    assert layer.features[0].geometry == shapely.Point(44, 33)
    report, layer = bring(path, layer="second", read_options=ReadOptions(part="rows"))
    assert [one.geometry for one in layer.features] == [shapely.Point(44.1, 33.5), shapely.Point(44.2, 34)]
    assert layer.features[0].properties["original"] == {"code": "007", "n": 1, "lat": 33.5, "lon": 44.1}


def test_blanks_around_the_names_of_properties_lose_no_cell(bring: Bring) -> None:
    properties = {" a": 1, "a": 2, "b ": "x"}
    feature = {"type": "Feature", "geometry": None, "properties": properties}
    _, layer = bring(json.dumps(feature), "a.geojson", layer="blank")
    assert layer.features[0].properties["original"] == {"a": 1, "a (2)": 2, "b": "x"}


def test_an_open_document_spreadsheet_comes_in_as_gdal_writes_it(bring: Bring, tmp_path: Path) -> None:
    path = tmp_path / "events.ods"
    days = [date(2024, 5, 1), date(2024, 5, 2)]
    cells = pa.table({"name": ["القائم", "x"], "date": days, "lat": [33.5, 34.0], "lon": [44.1, 44.2], "n": [1, None]})
    pyogrio.write_arrow(cells, path, layer="events", driver="ODS")
    report, layer = bring(path, layer="rows")
    assert (report.metadata["parts"], report.rows) == (["events"], 2)
    assert [one.geometry for one in layer.features] == [shapely.Point(44.1, 33.5), shapely.Point(44.2, 34)]
    assert [one.properties["date_start"] for one in layer.features] == ["2024-05-01", "2024-05-02"]
    assert layer.features[0].properties["name_ar"] == "القائم"
    assert layer.features[1].properties["original"]["n"] is None


def test_a_table_beneath_a_title_in_an_open_document_is_found(bring: Bring, tmp_path: Path) -> None:
    number = '<table:table-cell office:value-type="float" office:value="{}"/>'
    cover = row(text("Weekly report")) + row() + row(text("Name"), text("Latitude"), text("Longitude"), text("Killed"))
    filled = (row(text(f"t{at}"), number.format(33 + at), number.format(44), number.format(at)) for at in range(3))
    path = book(tmp_path / "report.ods", row(text("a cover")), cover + "".join(filled))
    report, layer = bring(path, layer="weekly")
    assert (report.metadata["part"], report.metadata["title"], report.rows) == ("s2", ["Weekly report"], 3)
    assert [one.geometry for one in layer.features] == [shapely.Point(44, 33 + at) for at in range(3)]
    assert layer.features[2].properties["killed"]["best"] == 2


def test_gml_comes_in_placed_and_dated(bring: Bring) -> None:
    report, layer = bring(GML, "towns.gml", layer="towns")
    [feature] = layer.features
    assert feature.geometry == shapely.Point(44.5, 33.25)
    assert feature.properties["date_start"] == "2024-05-01"
    types = {column["name"]: column["type"] for column in report.columns}
    assert (types["date"], types["code"]) == ("date", "text")


def test_every_extension_is_taken_by_the_page_and_the_command() -> None:
    for extension, form in registry.READABLE_EXTENSIONS.items():
        if extension != ".csv":
            assert source_file.format_of(f"A{extension.upper()}") == form.name
