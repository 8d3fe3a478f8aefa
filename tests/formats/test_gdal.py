"""GDAL itself, ours and the system's, reads every format: the same counts, attributes and Arabic."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import geopandas
import pytest

from geodata.catalog import shipped
from geodata.formats.dataset import Options
from geodata.formats.registry import FORMATS
from tests.formats.parts import ARABIC, part, saved
from tests.programs import program

# What Debian's GDAL can read; its build has no Parquet.
BY_GDAL = ("geojson", "geojsonseq", "csv", "xlsx", "kml", "kmz", "gpkg", "flatgeobuf", "shapefile")
LAYERS = ("sites", "events", "borders", "governorates", "places")


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("name", ["geojson", "geojsonseq", "gpkg", "flatgeobuf", "shapefile", "geoparquet"])
def test_geopandas_reads_it(name: str, layer: str, tmp_path: Path) -> None:
    path, _ = saved(FORMATS[name], [part(layer)], folder=tmp_path)
    if name == "geoparquet":
        frame = geopandas.read_parquet(path)
    elif name == "shapefile" and layer == "events":
        frame = geopandas.read_file(f"zip://{path}!events_point.shp")
    else:
        frame = geopandas.read_file(path, layer=layer if name == "gpkg" else None)
    by_id = {one.id: one for one in shipped().layer(layer).features}
    assert frame.crs.to_epsg() in (4326, None) or "CRS84" in str(frame.crs)
    # Shapefile holds one kind of shape a file.
    several = sum(one.geometry is not None and one.geometry.geom_type == "MultiPoint" for one in by_id.values())
    assert len(frame) == len(by_id) - (several if name == "shapefile" else 0)
    for id_, arabic, shape in zip(frame["id"], frame["name_ar"], frame.geometry, strict=True):
        assert arabic == by_id[id_].properties["name_ar"]
        if by_id[id_].geometry is not None:
            assert shape.equals(by_id[id_].geometry)


def ogrinfo(path: Path, layer: str | None) -> str:
    """Return what the system's ogrinfo says of a file."""
    asked = [program("ogrinfo", "gdal-bin"), "-ro", "-al", f"/vsizip/{path}" if path.suffix == ".zip" else str(path)]
    completed = subprocess.run([*asked, *([layer] if layer else [])], capture_output=True, text=True, check=True)
    return completed.stdout


@pytest.mark.parametrize("name", BY_GDAL)
def test_ogrinfo_reads_it(name: str, tmp_path: Path) -> None:
    path, _ = saved(FORMATS[name], [part("sites")], folder=tmp_path)
    message = ogrinfo(path, "sites" if name in ("gpkg", "xlsx") else None)
    count = re.search(r"Feature Count: (\d+)", message)
    assert count is not None
    assert int(count[1]) == 22
    assert ARABIC in message
    assert "locality" in message
    # Of GeoJSON, GDAL shows no member beside the features.
    assert name.startswith("geojson") or "CC-BY-4.0" in message


@pytest.mark.parametrize("name", ["gpkg", "flatgeobuf", "shapefile", "kml"])
def test_ogr2ogr_turns_it_into_the_same_geojson(name: str, tmp_path: Path) -> None:
    ogr2ogr = program("ogr2ogr", "gdal-bin")
    path, _ = saved(FORMATS[name], [part("borders")], folder=tmp_path)
    source = f"/vsizip/{path}" if name == "shapefile" else str(path)
    out = tmp_path / "out.geojson"
    subprocess.run([ogr2ogr, "-f", "GeoJSON", "-lco", "RFC7946=YES", str(out), source, "borders"], check=True)
    features = json.loads(out.read_text("utf-8"))["features"]
    by_id = {one.id: one for one in shipped().layer("borders").features}
    assert len(features) == len(by_id)
    for feature in features:
        one = by_id[feature["properties"]["id"]]
        assert feature["properties"]["name_ar"] == one.properties["name_ar"]
        given = [list(map(lambda number: round(number, 7), pair)) for pair in one.geometry.coords]  # type: ignore[union-attr]  # noqa: C417
        assert [pair[:2] for pair in feature["geometry"]["coordinates"]] == given


def test_gdal_knows_a_projected_file(tmp_path: Path) -> None:
    path, _ = saved(FORMATS["gpkg"], [part("wall")], Options(crs="EPSG:32637"), tmp_path)
    assert "UTM zone 37N" in ogrinfo(path, "wall")


def test_the_style_is_the_geopackages_default(tmp_path: Path) -> None:
    path, _ = saved(FORMATS["gpkg"], [part("sites"), part("borders")], folder=tmp_path)
    message = ogrinfo(path, "layer_styles")
    assert "useAsDefault (Integer(Boolean)) = 1" in message or "useAsDefault (Boolean) = 1" in message
    assert "GeometryGenerator" in message
    assert message.count("RuleRenderer") == 2
