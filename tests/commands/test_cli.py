"""The command line: answers, exit codes, and what bad input gets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from geodata.cli import main
from geodata.formats import geojson
from geodata.model import SCHEMA


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run a command in this process: exit code, standard output, standard error."""
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = int(stop.code or 0)
    message = capsys.readouterr()
    return code, message.out, message.err


def test_the_prison_is_49_kilometres_from_the_border(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "proximity", "hasakah-prison", "--to", "border-iq-sy", "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert abs(answer["distance_m"] - 49_270) < 300
    assert answer["interval_m"] == pytest.approx([answer["distance_m"] - 2000, answer["distance_m"] + 2000])
    assert answer["id"] == "hasakah-prison"
    assert answer["target"] == "border-iq-sy"
    assert answer["side"] == "left"
    assert answer["country"] == {"id": "country-sy", "certain": True}
    assert answer["display"] == {"number": "49 ± 3", "unit": "km"}
    assert 465_000 < answer["chainage_m"] < 467_000
    assert 80 < answer["azimuth_deg"] < 120
    assert answer["schema"] == SCHEMA
    assert len(answer["result_id"]) == 16


def test_a_leading_minus_is_a_coordinate(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "distance", "-5,34", "-5.5,34", "--json")
    assert code == 0
    assert json.loads(out)["distance_m"] == pytest.approx(46_196, abs=50)


def test_a_layer_gives_items(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "within", "sites", "--to", "borders/border-iq-sy", "--km", "25", "--json")
    answer = json.loads(out)
    words = {item["id"]: item["within"] for item in answer["items"]}
    assert code == 0
    assert words["al-hol"] == "certainly"
    assert words["hasakah-prison"] == "no"
    assert words["akashat"] == "possibly"
    assert answer["counts"]["certainly"] == sum(word == "certainly" for word in words.values())


def test_people_get_lines(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "proximity", "hasakah-prison", "--to", "border-iq-sy")
    assert code == 0
    assert "49 ± 3 km" in out
    assert "Not for navigation" in out


def test_buffer_to_geojson(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    to = tmp_path / "rings.geojson"
    code, out, _ = run(capsys, "buffer", "al-qaim", "--km", "50,25", "--geojson", str(to), "--json")
    assert code == 0
    assert [ring["km"] for ring in json.loads(out)["rings"]] == [25, 50]
    assert geojson.check(to.read_bytes()).errors == []
    collection = json.loads(to.read_bytes())
    assert collection["masafa"]["licence"]
    assert sum(feature["properties"]["role"] == "ring" for feature in collection["features"]) == 2


def test_show_and_layers(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "layers", "--json")
    assert code == 0
    assert {"sites", "borders", "wall"} <= {item["id"] for item in json.loads(out)["items"]}
    code, out, _ = run(capsys, "show", "sites", "al-hol", "--json")
    assert json.loads(out)["properties"]["name_ar"].startswith("مخيم")
    code, out, _ = run(capsys, "show", "erbil")
    assert code == 0
    assert "sites/erbil" in out


def test_export_geojson_and_html(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    to = tmp_path / "sites.geojson"
    assert run(capsys, "export", "sites", "--to", str(to))[0] == 0
    assert geojson.check(to.read_bytes()).errors == []
    code, out, _ = run(capsys, "export", "sites", "--to", "-", "--bbox", "40,36,42,37")
    assert code == 0
    assert {"hasakah-prison", "al-hol"} <= {feature["id"] for feature in json.loads(out)["features"]}
    assert "erbil" not in {feature["id"] for feature in json.loads(out)["features"]}
    page = tmp_path / "map.html"
    assert run(capsys, "export", "sites,borders", "--to", str(page), "--lang", "en")[0] == 0
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_a_result_is_cited_and_opened_again(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "proximity", "hasakah-prison", "--to", "border-iq-sy", "--json")
    answer = json.loads(out)
    assert (answer["citable"], answer["not_citable"]) == (True, None)
    code, out, _ = run(capsys, "cite", answer["result_id"])
    assert code == 0
    assert "49 ± 3 km" in out
    assert run(capsys, "cite", answer["result_id"], "--bibtex")[1].startswith("@misc{masafa-")
    code, out, _ = run(capsys, "cite", answer["result_id"], "--again", "--json")
    assert (code, json.loads(out)["status"]) == (0, "same")


def test_where_nothing_can_be_written_the_answer_comes_without_the_right_to_cite(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASAFA_WORKSPACE", "/proc/no-such-place")
    code, out, err = run(capsys, "distance", "erbil", "mosul")
    assert code == 0
    assert "km" in out
    assert "cannot be cited" in err
    answer = json.loads(run(capsys, "distance", "erbil", "mosul", "--json")[1])
    assert answer["citable"] is False
    assert "cannot be written" in answer["not_citable"]


BAD = [
    (("cite", "0123456789abcdef"), "no recorded result"),
    (("cite", "../../x"), "16 hexadecimal"),
    (("ruler", "sites", "--km", "5"), "one line"),
    (("ruler", "border-iq-sy", "--km", "5", "--pillars", "1,2,3"), "at least two"),
    (("gaps", "border-iq-sy", "--km", "5", "--kind", "castle"), "castle"),
    (("show", "nowhere"), "nowhere"),
    (("show", "moon/erbil"), "moon"),
    (("distance", "erbil", "nowhere"), "nowhere"),
    (("distance", "erbil", "44,91"), "latitude within ±90"),
    (("distance", "erbil", "181,34"), "longitude within ±180"),
    (("distance", "erbil", "nan,34"), "nan,34"),
    (("distance", "erbil", "inf,34"), "inf,34"),
    (("distance", "erbil", "sites"), "one feature"),
    (("within", "sites", "--to", "borders", "--km", "nan"), "a number from"),
    (("within", "sites", "--to", "borders", "--km", "-1"), "a number from"),
    (("within", "sites", "--to", "borders", "--km", "6000"), "a number from"),
    (("buffer", "erbil", "--km", "0"), "not 0"),
    (("buffer", "erbil", "--km", "inf"), "a number from"),
    (("buffer", "erbil", "--km", "1e9"), "a number from"),
    (("buffer", "erbil", "--km", "-5"), "-5"),
    (("buffer", "erbil", "--km", "5", "--of", "moons"), "moons"),
    (("buffer", "erbil", "--km", "5", "--tolerance", "0"), "not 0"),
    (("direction", "erbil", "--to", "border-iq-sy"), "polygon"),
    (("claims", "nothing-like-this"), "nothing-like-this"),
    (("run", "magic"), "magic"),
    (("run", "proximity", "--layer", "sites"), "target"),
    (("run", "claims", "--km", "5"), "there is no parameter with this name"),
    (("export", "nowhere", "--to", "x.geojson"), "nowhere"),
    (("export", "sites", "--to", "x.exe"), ".geojson"),
    (("export", "sites", "--to", "x.gpkg", "--format", "vrt"), "geoparquet"),
    (("export", "sites", "--to", "x.gpkg", "--crs", "4978"), "EPSG:32639"),
    (("export", "countries", "--to", "x.fgb", "--crs", "32638"), "within 9 degrees"),
    (("export", "sites", "--to", "x.csv", "--crs", "3857"), "CRS84"),
    (("export", "sites", "--to", "x.gpkg", "--hxl"), "csv"),
    (("export", "sites", "--to", "x.csv", "--fields", "nmae"), "name_en"),
    (("export", "sites", "--to", "x.csv", "--time", "2024-02/2024-01"), "START/END"),
    (("export", "sites", "--to", "x.csv", "--bbox", "nan,1,2,3"), "west < east"),
    (("export", "sites", "--to", "x.csv", "--lang", "en"), "only with .html"),
    (("export", "sites", "--to", "x.html", "--hxl"), "whole layers"),
    (("convert", "nothing.gpkg", "x.csv"), "nothing.gpkg"),
    (("convert", "nothing.exe", "x.csv"), ".geojson"),
    (("export", "sites,borders", "--to", "x.geojson"), "one layer"),
    (("export", "sites", "--to", "x.geojson", "--bbox", "5,4,3,2"), "west < east"),
    (("export", "sites", "--to", "/nonexistent/x.geojson"), "cannot be written"),
    (("buffer", "erbil", "--km", "5", "--geojson", "/nonexistent/x.geojson"), "cannot be written"),
    (("frobnicate",), "frobnicate"),
    ((), "COMMAND"),
]


@pytest.mark.parametrize(("arguments", "said"), BAD, ids=[" ".join(arguments) for arguments, _ in BAD])
def test_bad_input_is_named_and_nothing_is_written(
    arguments: tuple[str, ...],
    said: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert said in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_error_is_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "show", "nowhere", "--json")
    assert code == 2
    assert "nowhere" in json.loads(out)["error"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if os.geteuid() == 0:
        target = tmp_path / "folder.geojson"
        target.mkdir()
        (target / "kept").touch()
        assert run(capsys, "export", "sites", "--to", str(target))[0] == 2
        assert (target / "kept").exists()
        assert list(tmp_path.iterdir()) == [target]
    else:
        tmp_path.chmod(0o500)
        assert run(capsys, "export", "sites", "--to", str(tmp_path / "x.geojson"))[0] == 2


def test_it_runs_as_a_module_and_tells_its_version() -> None:
    completed = subprocess.run(
        [sys.executable, "-m", "geodata", "--version"], capture_output=True, text=True, check=True
    )
    assert completed.stdout.startswith("masafa ")


def test_show_takes_a_name_and_says_what_is_nearly_called_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "sites", "الهول", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "al-hol"
    assert main(["show", "al-hool"]) == 2
    assert "sites/al-hol" in capsys.readouterr().err
    assert main(["show", "nope", "الهول"]) == 2
    assert "no layer is called 'nope'" in capsys.readouterr().err
