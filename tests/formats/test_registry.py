"""Every format gives back every shipped layer as it was written, or says what it could not hold."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import shapely

from geodata.catalog import shipped
from geodata.errors import BadData, BadValue
from geodata.formats.columns import COLUMNS, WHOLE
from geodata.formats.dataset import Dataset, Metadata, Options, Row
from geodata.formats.registry import EXTENSIONS, FORMATS, named, of_file, write
from geodata.sandbox import read
from tests.formats.parts import ARABIC, held, part, saved

WHOLE_FORMATS = [name for name in FORMATS if name not in ("shapefile", "xlsx")]
ODD = {
    "name_ar": "=2+3 \u200fسجن\u200f \N{ZERO WIDTH NON-JOINER}",
    "name_en": "'+quoted' \t\r\n, \"; <b>&amp;",
    "number": 2**70,
    "deep": {"a": [1, None, True, {"b": "ق"}]},
    "control": "a\x01b",
    "empty": "",
    "none": None,
}


@pytest.mark.parametrize("layer", shipped().ids())
@pytest.mark.parametrize("name", WHOLE_FORMATS)
def test_every_layer_comes_back_equal(name: str, layer: str, tmp_path: Path) -> None:
    path, _ = saved(FORMATS[name], [part(layer)], folder=tmp_path)
    [back] = FORMATS[name].module.load(path)
    assert held(back.rows) == held(part(layer).rows)
    assert back.metadata.licence == part(layer).metadata.licence
    assert back.metadata.version == shipped().layer(layer).version
    if name != "csv":
        assert back.metadata == part(layer).metadata


@pytest.mark.parametrize("layer", shipped().ids())
def test_xlsx_gives_back_all_but_geometries_too_long_for_a_cell(layer: str, tmp_path: Path) -> None:
    path, message = saved(FORMATS["xlsx"], [part(layer)], folder=tmp_path)
    [back] = FORMATS["xlsx"].module.load(path)
    written, found = held(part(layer).rows), held(back.rows)
    lost = [id_ for id_ in written if found[id_][1] != written[id_][1]]
    assert all(len(written[id_][1] or "") > 32_767 and found[id_][1] is None for id_ in lost)
    assert [line.split()[0] for line in message] == ([str(len(lost))] if lost else [])
    assert {id_: one[0] for id_, one in found.items()} == {id_: one[0] for id_, one in written.items()}


@pytest.mark.parametrize("layer", shipped().ids())
def test_shapefile_gives_back_the_flat_columns_and_the_shapes(layer: str, tmp_path: Path) -> None:
    given = part(layer)
    path, message = saved(FORMATS["shapefile"], [given], folder=tmp_path)
    [back] = FORMATS["shapefile"].module.load(path)
    assert back.metadata == given.metadata
    assert any("no room" in line for line in message)
    found = {row.id: row for row in back.rows}
    assert found.keys() == {row.id for row in given.rows}
    kept = [column for column in COLUMNS if column is not WHOLE and column.name not in ("unc_m", "pos_status", "layer")]
    for row in given.rows:
        other = found[row.id]
        assert (row.geometry is None) == (other.geometry is None)
        if row.geometry is not None:
            # A Shapefile turns its rings the other way, and knows no difference between one part and several.
            assert shapely.equals(row.geometry, other.geometry), row.id
            assert shapely.get_num_coordinates(row.geometry) == shapely.get_num_coordinates(other.geometry)
        for column in kept:
            value = column.value(row, given.metadata)
            if column.name not in ("source", "note_en", "note_ar") or len(str(value).encode()) <= 254:
                assert column.value(other, given.metadata) == value, (row.id, column.name)


def test_shapefile_says_how_many_files_and_what_is_cut(tmp_path: Path) -> None:
    rows = [Row("a", shapely.Point(40, 35), {"name_ar": "م" * 300}), Row("b", shapely.LineString([(1, 2), (3, 4)]), {})]
    path, message = saved(FORMATS["shapefile"], [Dataset(Metadata("x"), rows)], folder=tmp_path)
    assert any("written as 2 files" in line for line in message)
    assert any("1 texts of name_ar are cut" in line for line in message)
    [back] = FORMATS["shapefile"].module.load(path)
    assert {row.id: row.properties.get("name_ar") for row in back.rows} == {"a": "م" * 127, "b": None}


@pytest.mark.parametrize("name", [*WHOLE_FORMATS, "xlsx"])
def test_odd_texts_and_numbers_survive(name: str, tmp_path: Path) -> None:
    rows = [
        Row("a", shapely.from_wkt("GEOMETRYCOLLECTION (POINT (40 35), LINESTRING (40 35, 41 36))"), dict(ODD)),
        Row("b", shapely.MultiPoint([(40.5, 36.5)]), {}),
        Row("c", None, {"area": "countries/country-iq"}),
    ]
    path, _ = saved(FORMATS[name], [Dataset(Metadata("odd"), rows)], folder=tmp_path)
    [back] = FORMATS[name].module.load(path)
    assert held(back.rows) == held(rows)


@pytest.mark.parametrize("name", ["csv", "gpkg", "geoparquet", "xlsx", "kmz", "shapefile", "flatgeobuf"])
def test_a_process_apart_reads_the_same(name: str, tmp_path: Path) -> None:
    path, _ = saved(FORMATS[name], [part("sites")], folder=tmp_path)
    [back] = read(FORMATS[name], path)
    [same] = FORMATS[name].module.load(path)
    assert held(back.rows) == held(same.rows)
    assert back.metadata.attribution == same.metadata.attribution
    assert any(row.properties.get("name_ar") == ARABIC for row in back.rows)


@pytest.mark.parametrize("name", [name for name, one in FORMATS.items() if one.many])
def test_several_layers_go_into_one_file(name: str, tmp_path: Path) -> None:
    path, _ = saved(FORMATS[name], [part("sites"), part("wall")], folder=tmp_path)
    back = FORMATS[name].module.load(path)
    assert [(one.metadata.layer, len(list(one.rows))) for one in back] == [("sites", 22), ("wall", 1)]


@pytest.mark.parametrize("name", [name for name, one in FORMATS.items() if not one.many])
def test_one_layer_formats_refuse_two(name: str) -> None:
    with pytest.raises(BadValue, match="one layer"):
        write(FORMATS[name], [part("sites"), part("wall")], io.BytesIO())


@pytest.mark.parametrize("name", [name for name, one in FORMATS.items() if one.projected])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:32638"])
def test_another_system_comes_back_to_the_same_places(name: str, crs: str, tmp_path: Path) -> None:
    rows = [row for row in part("sites").rows if row.geometry is not None and row.geometry.x > 40]
    path, _ = saved(FORMATS[name], [replace(part("sites"), rows=rows)], Options(crs=crs), tmp_path)
    [back] = FORMATS[name].module.load(path)
    found = {row.id: row.geometry for row in back.rows}
    assert len(found) == len(rows) > 10
    for row in rows:
        # 1e-9 of a degree is a tenth of a millimetre.
        assert found[row.id].distance(row.geometry) < 1e-9


@pytest.mark.parametrize(
    ("options", "layer", "said"),
    [
        (Options(crs="EPSG:27700"), "sites", "EPSG:32639"),
        (Options(crs="EPSG:32638"), "countries", "within 9 degrees of 45° E"),
        (Options(fields=("id", "nmae")), "sites", "name_en"),
        (Options(hxl=True), "sites", "csv"),
    ],
)
def test_bad_options_are_named(options: Options, layer: str, said: str) -> None:
    with pytest.raises(BadValue, match=said):
        write(FORMATS["gpkg"], [part(layer)], io.BytesIO(), options)


@pytest.mark.parametrize("name", [name for name, one in FORMATS.items() if not one.projected])
def test_longitude_and_latitude_stay_where_a_format_knows_nothing_else(name: str) -> None:
    with pytest.raises(BadValue, match="CRS84 in"):
        write(FORMATS[name], [part("sites")], io.BytesIO(), Options(crs="EPSG:3857"))


@pytest.mark.parametrize("name", FORMATS)
def test_chosen_columns_are_there_and_no_others(name: str, tmp_path: Path) -> None:
    path, _ = saved(
        FORMATS[name], [part("sites")], Options(fields=("name_ar", "unc_m", "pos_status", "layer")), tmp_path
    )
    [back] = FORMATS[name].module.load(path)
    prison = next(row for row in back.rows if row.id == "hasakah-prison")
    assert prison.properties["name_ar"] == ARABIC
    if name.startswith("geojson"):
        assert set(prison.properties) == {"name_ar", "unc_m", "pos_status", "layer"}
    else:
        assert float(prison.properties["coordinateUncertaintyInMeters"]) == 1500
        assert "kind" not in prison.properties


def test_names_and_extensions_lead_to_formats() -> None:
    assert named("GPKG").name == named(".gpkg").name == of_file("a.b.GPKG").name == "gpkg"
    assert of_file("x.shp.zip").name == of_file("x.zip").name == "shapefile"
    assert len(EXTENSIONS) == sum(len(one.extensions) for one in FORMATS.values())
    for bad in ("x.exe", "gpkg", ""):
        with pytest.raises(BadValue, match=r"\.geojson"):
            of_file(bad)
    with pytest.raises(BadValue, match="geoparquet"):
        named("vrt")
    for one in FORMATS.values():
        assert set(one.title) == {"en", "ar"}


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="no such file"):
        read(FORMATS["gpkg"], tmp_path / "none.gpkg")


def test_edges_round_the_globe_are_not_taken_for_straight_ones(tmp_path: Path) -> None:
    path, _ = saved(FORMATS["geoparquet"], [part("wall")], folder=tmp_path)
    assert FORMATS["geoparquet"].module.load(path)[0].metadata.edges == "lonlat"
    with pq.ParquetFile(path) as file:
        table, output = file.read(), dict(file.metadata.metadata)
    geo = json.loads(output[b"geo"])
    geo["columns"]["geometry"]["edges"] = "spherical"
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    assert FORMATS["geoparquet"].module.load(path)[0].metadata.edges == "geodesic"
