"""Clients of others read every layer: OWSLib, and GDAL where it is installed, with what the files hold."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from owslib.ogcapi.features import Features
from owslib.ogcapi.processes import Processes

from geodata import registry
from geodata.catalog import shipped
from tests.programs import program

IDS = shipped().ids()


def held(id_: str) -> list[dict[str, Any]]:
    """Return the features of a layer's file."""
    value = json.loads(shipped().layer_path(id_).read_text("utf-8"))
    return list(value["features"])


def test_owslib_finds_the_layers(served: str) -> None:
    client = Features(served)
    assert sorted(client.feature_collections()) == sorted(IDS)
    assert any("ogcapi-features-1" in one for one in client.conformance()["conformsTo"])
    assert client.api()["openapi"].startswith("3.0")


@pytest.mark.parametrize("id_", IDS)
def test_owslib_reads_every_layer(id_: str, served: str) -> None:
    client = Features(served)
    page = client.collection_items(id_, limit=10_000)
    found = [(one["id"], one["properties"]) for one in page["features"]]
    assert found == [(one["id"], {"id": one["id"], **one["properties"]}) for one in held(id_)]
    first = held(id_)[0]["id"]
    assert client.collection_item(id_, first)["properties"] == {"id": first, **held(id_)[0]["properties"]}
    assert "id" in client.collection_queryables(id_)["properties"]


def test_owslib_filters(served: str) -> None:
    found = Features(served).collection_items("sites", bbox=[40, 36, 41, 37], filter="kind = 'prison'")
    assert [one["id"] for one in found["features"]] == ["hasakah-prison", "hasakah-panorama", "hasakah-central-prison"]


def test_owslib_finds_the_analyses(served: str) -> None:
    client = Processes(served)
    assert {one["id"] for one in client.processes()} == set(registry.analyses())
    assert set(client.process("within")["inputs"]) == {"layer", "target", "km", "sensitivity", "ties", "where"}


@pytest.fixture(scope="session")
def gdal() -> str:
    """The program ogr2ogr of GDAL."""
    return program("ogr2ogr", "gdal-bin")


def through_gdal(gdal: str, source: str, target: Path, *options: str) -> list[dict[str, Any]]:
    """Return the features that GDAL reads from a source, as it writes them as GeoJSON."""
    command = [gdal, "-f", "GeoJSON", str(target), source, *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr, done.stderr
    return list(json.loads(target.read_text("utf-8"))["features"])


def as_gdal_writes(value: Any) -> Any:
    """Return a list as the text GDAL makes of it where the first ten features, from which it learns, have it empty."""
    return f"({len(value)}:{','.join(map(str, value))})" if isinstance(value, list) else value


@pytest.mark.parametrize("id_", IDS)
def test_gdal_reads_every_layer_as_its_file(id_: str, gdal: str, served: str, tmp_path: Path) -> None:
    options = ["-lco", "COORDINATE_PRECISION=7"]
    by_api = through_gdal(gdal, f"OAPIF:{served}", tmp_path / "api.geojson", id_, *options)
    by_file = through_gdal(gdal, str(shipped().layer_path(id_)), tmp_path / "file.geojson", *options)
    assert len(by_api) == len(by_file) == len(held(id_))
    for one, other in zip(by_api, by_file, strict=True):
        assert one["geometry"] == other["geometry"]
        known = {name: value for name, value in other["properties"].items() if value is not None}
        for name, value in known.items():
            assert one["properties"][name] in (value, as_gdal_writes(value)), name
        assert one["properties"].get("name_ar") == other["properties"].get("name_ar")


def test_gdal_filters_on_the_server(gdal: str, served: str, tmp_path: Path) -> None:
    found = through_gdal(
        gdal,
        f"OAPIF:{served}",
        tmp_path / "a.geojson",
        "sites",
        "-where",
        "kind = 'prison'",
        "-spat",
        "40",
        "36",
        "41",
        "37",
    )
    assert len(found) == 3
    assert {one["properties"]["kind"] for one in found} == {"prison"}
