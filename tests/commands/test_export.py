"""Export and convert: whole files in every format, filters, and what is said of what was lost."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from geodata.catalog import shipped
from geodata.commands import export
from geodata.formats import geojson
from geodata.formats.dataset import Dataset, Metadata, Row
from geodata.formats.registry import EXTENSIONS, FORMATS
from tests.commands.test_cli import run
from tests.formats.parts import held, part


@pytest.mark.parametrize("ending", EXTENSIONS)
def test_the_name_says_the_format(ending: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    to = tmp_path / f"sites{ending}"
    code, out, err = run(capsys, "export", "sites", "--to", str(to), "--json")
    assert (code, err) == (0, "")
    body = json.loads(out)
    assert body["format"] == EXTENSIONS[ending].name
    assert body["bytes"] == to.stat().st_size
    assert body["layers"] == {"sites": shipped().layer("sites").version}
    assert bool(body["lost"]) == (body["format"] in ("shapefile", "flatgeobuf"))
    assert list(tmp_path.iterdir()) == [to]


def test_what_is_lost_is_said_to_people(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = run(capsys, "export", "events", "--to", str(tmp_path / "x.zip"), "--time", "2024/..")
    assert (code, out) == (0, "")
    assert "note: events: written as 2 files" in err
    assert "note: events: 4 features without a date are left out" in err
    assert "bytes" in err


def test_standard_output_takes_any_format(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(
        capsys, "export", "sites", "--to", "-", "--format", "csv", "--hxl", "--fields", "name_ar,unc_m,pos_status"
    )
    assert (code, err) == (0, "")
    rows = list(csv.reader(io.StringIO(out.removeprefix("\ufeff"))))
    assert rows[0] == ["id", "name_ar", "unc_m", "pos_status", "wkt"]
    assert rows[1] == ["#meta+id", "#loc+name+i_ar", "#geo+uncertainty", "#geo+status", "#geo+wkt"]
    assert len(rows) == 24
    code, out, err = run(capsys, "export", "borders", "--to", "-", "--format", "geojsonl")
    lines = out.splitlines()
    assert len(lines) == 8
    assert json.loads(lines[0])["masafa"]["licence"] == "ODbL-1.0"
    assert "masafa" not in json.loads(lines[1])


def test_geojson_has_its_provenance_and_ids_twice(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    to = tmp_path / "sites.geojson"
    run(capsys, "export", "sites", "--to", str(to), "--geometry", "circle")
    report = geojson.check(to.read_bytes())
    assert (report.errors, report.warnings) == ([], [])
    body = json.loads(to.read_bytes())
    assert all(feature["id"] == feature["properties"]["id"] for feature in body["features"])
    assert body["masafa"]["version"] == shipped().layer("sites").version
    assert "hussein-2024" in {source["id"] for source in body["masafa"]["sources"]}
    assert body["masafa"]["notice"]["ar"]
    assert "circle" in body["masafa"]["changes"][0]
    kinds = {feature["geometry"]["type"] for feature in body["features"] if feature["geometry"]}
    assert kinds == {"Polygon"}


def test_all_layers_go_into_one_geopackage_and_come_out_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    whole, one = tmp_path / "all.gpkg", tmp_path / "wall.kmz"
    assert run(capsys, "export", "all", "--to", str(whole))[0] == 0
    assert {found.metadata.layer for found in FORMATS["gpkg"].module.load(whole)} == set(shipped().ids())
    assert run(capsys, "convert", str(whole), str(one), "--layer", "wall")[0] == 0
    [back] = FORMATS["kmz"].module.load(one)
    assert held(back.rows) == held(part("wall").rows)
    assert back.metadata == part("wall").metadata
    code, _, err = run(capsys, "convert", str(whole), str(one), "--layer", "walls")
    assert (code, "borders-alternatives" in err) == (2, True)
    code, _, err = run(capsys, "convert", str(whole), str(tmp_path / "x.csv"))
    assert (code, "one layer" in err) == (2, True)


@pytest.mark.parametrize("way", [("geojson", "csv", "xlsx", "kml", "geoparquet", "geojsonseq", "gpkg", "geojson")])
def test_a_layer_goes_through_every_format_unharmed(
    way: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    at = tmp_path / "start.geojson"
    run(capsys, "export", "events", "--to", str(at))
    for name in way:
        to = tmp_path / f"{name}{FORMATS[name].extensions[0]}"
        assert run(capsys, "convert", str(at), str(to))[0] == 0, name
        at = to
    [back] = FORMATS["geojson"].module.load(at)
    assert held(back.rows) == held(part("events").rows)


def test_a_strangers_table_becomes_features(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    given = tmp_path / "data.txt"
    given.write_text("Name;Latitude;Longitude\nالهول;36.38;41.13\nلا مكان;;\n", "utf-8")
    code, out, err = run(capsys, "convert", str(given), "-", "--from", "csv")
    assert code == 0
    assert "data: no licence is recorded" in err
    first, second = json.loads(out)["features"]
    assert first["properties"] == {"Name": "الهول", "Latitude": "36.38", "Longitude": "41.13"}
    assert first["geometry"] == {"type": "Point", "coordinates": [41.13, 36.38]}
    assert second["geometry"] is None


def test_a_bad_file_leaves_the_old_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    given, to = tmp_path / "bad.csv", tmp_path / "old.gpkg"
    given.write_text("lon,lat\n1,200\n")
    to.write_text("old")
    code, out, err = run(capsys, "convert", str(given), str(to))
    assert (code, out) == (2, "")
    assert "latitude 200" in err
    assert to.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv", "old.gpkg"]


def test_long_work_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    ticks = iter(range(100))
    rows = [Row(number, None, {}) for number in range(3_500)]
    assert len(list(export._progress(Dataset(Metadata("x"), rows[:2_999]), lambda: next(ticks)))) == 2_999
    assert capsys.readouterr().err == ""
    ticks = iter(range(0, 100, 3))
    list(export._progress(Dataset(Metadata("x"), rows), lambda: next(ticks)))
    assert capsys.readouterr().err.splitlines()[0] == "x: 1000 features …"


def test_what_is_only_read_is_converted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, to = tmp_path / "patrol.gpx", tmp_path / "patrol.geojson"
    source.write_text('<gpx><wpt lat="33.25" lon="44.5"><name>crater</name></wpt></gpx>')
    code, _, _ = run(capsys, "convert", str(source), str(to))
    [feature] = json.loads(to.read_text())["features"]
    assert code == 0
    assert (feature["geometry"]["coordinates"], feature["properties"]["name"]) == ([44.5, 33.25], "crater")
    source = tmp_path / "answer.json"
    source.write_text('{"data": [{"lat": 33.25, "lon": 44.5, "at": {"day": "x"}}]}')
    assert run(capsys, "convert", str(source), str(to), "--from", "json_records")[0] == 0
    [feature] = json.loads(to.read_text())["features"]
    assert (feature["geometry"]["coordinates"], feature["properties"]["at.day"]) == ([44.5, 33.25], "x")
    code, _, err = run(capsys, "export", "sites", "--to", str(tmp_path / "sites.gpx"))
    assert (code, ".geojson" in err) == (2, True)
