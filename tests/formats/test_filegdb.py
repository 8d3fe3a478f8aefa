"""File geodatabases: their layers and tables, and what else may lie in a zip file that is called one."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pyogrio
import pytest
import shapely

from geodata import sandbox
from geodata.errors import BadData
from geodata.formats import filegdb
from geodata.formats.registry import READABLE, of_readable


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files of a geodatabase with a layer and a table."""
    path = tmp_path_factory.mktemp("gdb") / "towns.gdb"
    shape = pa.field("geom", pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
    schema = pa.schema([pa.field("name", pa.string()), pa.field("n", pa.int32()), shape])
    cells = {"name": ["القائم", "x"], "n": [7, None], "geom": [shapely.Point(44.5, 33.25).wkb, None]}
    pyogrio.write_arrow(
        pa.Table.from_pydict(cells, schema=schema),
        path,
        layer="towns",
        driver="OpenFileGDB",
        geometry_type="Point",
        geometry_name="geom",
        crs="EPSG:4326",
    )
    pyogrio.write_arrow(pa.table({"code": ["007"]}), path, layer="codes", driver="OpenFileGDB", append=True)
    return {file.name: file.read_bytes() for file in path.iterdir()}


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    path.write_bytes(stream.getvalue())
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "towns.gdb.zip"


@pytest.mark.parametrize("folder", ["towns.gdb/", "", "a/b/Towns.GDB/"])
def test_layers_and_tables_are_parts(folder: str, members: dict[str, bytes], path: Path) -> None:
    zipped(path, {f"{folder}{name}": data for name, data in members.items()})
    towns, codes = filegdb.load(path)
    assert (towns.metadata.layer, codes.metadata.layer) == ("towns", "codes")
    assert [(row.geometry, row.properties) for row in towns.rows] == [
        (shapely.Point(44.5, 33.25), {"name": "القائم", "n": 7}),
        (None, {"name": "x", "n": None}),
    ]
    assert [row.properties for row in codes.rows] == [{"code": "007"}]
    assert towns.types["n"].name == "integer"
    assert of_readable(path.name).name == "filegdb"


def test_nothing_else_in_the_folder_is_unpacked(
    members: dict[str, bytes], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    real = filegdb.gdal.layers

    def layers(folder: Path) -> list[str]:
        seen.extend(file.name for file in folder.iterdir())
        return real(folder)

    monkeypatch.setattr(filegdb.gdal, "layers", layers)
    others = {"towns.gdb/a.vrt": b"<OGRVRTDataSource/>", "towns.gdb/x/a00000001.txt": b"", "a.shp": b""}
    zipped(path, {**{f"towns.gdb/{name}": data for name, data in members.items()}, **others})
    assert len(filegdb.load(path)) == 2
    assert set(seen) == set(members)


def test_several_geodatabases_in_one_file_are_all_read(members: dict[str, bytes], path: Path) -> None:
    files = {f"{folder}.gdb/{name}": data for folder in "ab" for name, data in members.items()}
    assert [part.metadata.layer for part in filegdb.load(zipped(path, files))] == [
        "towns",
        "codes",
        "towns (2)",
        "codes (2)",
    ]


def test_what_is_no_geodatabase_is_refused(members: dict[str, bytes], path: Path) -> None:
    with pytest.raises(BadData, match="no file geodatabase"):
        filegdb.load(zipped(path, {"a.txt": b"x"}))
    with pytest.raises(BadData, match="reaches out"):
        filegdb.load(zipped(path, {"../a.gdb/a00000001.gdbtable": b"x"}))
    with pytest.raises(BadData, match="cannot be read") as refused:
        filegdb.load(zipped(path, {"a.gdb/a00000001.gdbtable": b"<OGRVRTDataSource/>"}))
    assert str(path.parent) not in str(refused.value)
    without = {f"a.gdb/{name}": data for name, data in members.items() if not name.startswith("a00000004")}
    with pytest.raises(BadData):
        filegdb.load(zipped(path, without))


def test_a_process_apart_reads_the_same(members: dict[str, bytes], path: Path) -> None:
    zipped(path, {f"towns.gdb/{name}": data for name, data in members.items()})
    parts = sandbox.read(READABLE["filegdb"], path)
    assert [(part.metadata.layer, len(list(part.rows))) for part in parts] == [("towns", 2), ("codes", 1)]
