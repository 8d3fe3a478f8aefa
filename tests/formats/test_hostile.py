"""What hostile files get, of every format: a BadData or Refused that says why, soon, and nothing of the machine."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from geodata import fork_server, sandbox
from geodata.errors import BadData, Refused
from geodata.formats.dataset import Dataset, Metadata, Row
from geodata.formats.registry import FORMATS, READABLE
from geodata.sandbox import read
from tests.formats.parts import part, saved
from tests.formats.samples import SAMPLES

SECRET = "root:x:0:0"
VRT = """<OGRVRTDataSource><OGRVRTLayer name="passwd"><SrcDataSource>CSV:/etc/passwd</SrcDataSource></OGRVRTLayer>
</OGRVRTDataSource>"""
XXE = """<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<kml><Document><Placemark><name>&x;</name></Placemark></Document></kml>"""
LAUGHS = """<!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<kml><Document><name>&b;</name></Document></kml>"""


def kml(inner: str) -> bytes:
    return f"<kml><Document><Placemark>{inner}</Placemark></Document></kml>".encode()


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return stream.getvalue()


def named(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def many() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(2_100):
            archive.writestr(f"{number}.shp", b"")
    return stream.getvalue()


def parquet(geo: object, column: list[bytes | None]) -> bytes:
    stream = io.BytesIO()
    table = pa.table({"geometry": pa.array(column, type=pa.binary())})
    metadata = {} if geo is None else {"geo": json.dumps(geo)}
    pq.write_table(table.replace_schema_metadata(metadata), stream)
    return stream.getvalue()


GEO = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
ELSEWHERE = {**GEO, "primary_column": "x", "columns": {"x": {"encoding": "WKB"}}}
MAD = {**GEO, "columns": {"geometry": {"encoding": "WKB", "crs": {"a": 1}}}}
NAN = struct.pack("<BIdd", 1, 1, float("nan"), 1.0)
DEEP = struct.pack("<BII", 1, 7, 1) * 20_000
ZIPPED = ("kmz", "shapefile", "xlsx", "ods", "filegdb")
BOMB = zipped(doc__kml=b" " * 50_000_000, a__shp=b"")

TABLE: list[tuple[str, str, bytes, str]] = [
    *((name, "a VRT in disguise", VRT.encode(), ".") for name in READABLE if name != "csv"),
    *((name, "nothing", b"", ".") for name in READABLE if name != "geojsonseq"),
    *((name, "noise", bytes(range(256)) * 64, ".") for name in READABLE),
    *((name, "a zip bomb", BOMB, "times its size") for name in ZIPPED),
    *((name, "a way out", named("../../x.kml", b"x"), "reaches out") for name in ZIPPED),
    *((name, "an external entity", XXE.encode(), "be read") for name in ("gpx", "gml")),
    *((name, "a billion laughs", LAUGHS.encode(), "be read") for name in ("gpx", "gml")),
    ("ods", "an entity in it", zipped(content__xml=XXE.encode()), "be read"),
    ("filegdb", "a VRT called .gdbtable", zipped(a00000001__gdbtable=VRT.encode()), "be read"),
    ("json_records", "deep nesting", b'{"a":' * 100_000, "nested"),
    ("shapefile", "an absolute name", named("/etc/x.shp", b"x"), "reaches out"),
    ("shapefile", "2,100 members", many(), "2100 members"),
    ("shapefile", "no shapefile in it", zipped(a__txt=b"x"), "no .shp"),
    ("shapefile", "a VRT called .shp", zipped(a__shp=VRT.encode()), "not a Shapefile"),
    ("kmz", "no KML in it", zipped(a__txt=b"x"), "no .kml"),
    ("kmz", "an entity in it", zipped(doc__kml=XXE.encode()), "cannot|be read"),
    ("kml", "an external entity", XXE.encode(), "be read"),
    ("kml", "a billion laughs", LAUGHS.encode(), "be read"),
    ("kml", "deep nesting", b"<kml>" + b"<Folder>" * 50_000, "nested deeper"),
    ("kml", "no numbers", kml("<Point><coordinates>x,y</coordinates></Point>"), "placemark 1"),
    ("kml", "not finite", kml("<Point><coordinates>nan,inf</coordinates></Point>"), "."),
    ("kml", "off the earth", kml("<Point><coordinates>400,35</coordinates></Point>"), "longitude 400"),
    ("kml", "another encoding", b'<?xml version="1.0" encoding="UTF-77"?><kml/>', "be read"),
    ("csv", "not UTF-8", "اسم".encode("cp1256"), "UTF-8"),
    ("csv", "a NUL byte", b"lon,lat\n1,\x002\n", "NUL"),
    ("csv", "no numbers", b"lon,lat\nx,2\n", "'x' where a number"),
    ("csv", "not finite", b"lon,lat\nnan,inf\n", "."),
    ("csv", "off the earth", b"lon,lat\n400,35\n", "longitude 400"),
    ("csv", "no WKT", b"id,wkt\n1,POINT(\n", "no WKT"),
    ("csv", "a column twice", b"id,id\n1,2\n", "once"),
    ("csv", "deep WKT", b"id,wkt\n1," + b"GEOMETRYCOLLECTION (" * 100_000 + b"\n", "."),
    ("geoparquet", "bytes called a geometry", parquet(None, [b"x"]), "cannot be read"),
    ("geoparquet", "no names", parquet({}, [b"x"]), "names no geometry"),
    ("geoparquet", "no WKB", parquet(GEO, [b"x"]), "cannot be read"),
    ("geoparquet", "not finite", parquet(GEO, [NAN]), "."),
    ("geoparquet", "deep WKB", parquet(GEO, [DEEP]), "."),
    ("geoparquet", "another column", parquet(ELSEWHERE, []), "'x'"),
    ("geoparquet", "a mad system", parquet(MAD, []), "."),
    ("xlsx", "an empty zip", zipped(a__txt=b"x"), "not XLSX"),
    ("geojsonseq", "not finite", b'{"type":"Feature","geometry":null,"properties":{"a":NaN}}', "NaN|nan"),
    ("geojson", "deep nesting", b"[" * 100_000, "nested"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "what", "data", "said"), TABLE, ids=[f"{name}: {what}" for name, what, _, _ in TABLE])
def test_hostile_files_are_refused_with_a_reason(name: str, what: str, data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / f"given{READABLE[name].extensions[0]}"
    path.write_bytes(data)
    with pytest.raises((BadData, Refused), match=said) as refused:
        read(READABLE[name], path)
    assert SECRET not in str(refused.value)
    assert str(tmp_path) not in str(refused.value)
    assert "Traceback" not in str(refused.value)


def test_a_geopackage_reads_no_other_file(tmp_path: Path) -> None:
    path, _ = saved(FORMATS["gpkg"], [part("sites")], folder=tmp_path)
    file = sqlite3.connect(path)
    file.execute("CREATE VIEW secrets AS SELECT readfile('/etc/passwd') AS text")
    file.execute("INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('secrets', 'attributes', 's')")
    file.commit()
    file.close()
    with pytest.raises(BadData, match="cannot be read") as refused:
        read(FORMATS["gpkg"], path)
    assert SECRET not in str(refused.value)


def test_every_driver_but_one_is_switched_off(tmp_path: Path) -> None:
    code = "import pyogrio; print(*pyogrio.list_drivers(), sep=chr(10))"
    drivers = {"gpkg": ["GPKG"], "flatgeobuf": ["FlatGeobuf"], "gml": ["GML"], "filegdb": ["OpenFileGDB"]}
    for name, driver in {**drivers, "csv": [], "ods": [], "gpx": [], "json_records": []}.items():
        given = sandbox._environment(name, str(tmp_path))
        completed = subprocess.run([sys.executable, "-c", code], env=given, capture_output=True, text=True, check=True)
        assert completed.stdout.split() == driver


def sample(name: str) -> bytes:
    """Return a good file of a format."""
    return SAMPLES[name]() if name in SAMPLES else saved(FORMATS[name], [part("sites")])[0]


@pytest.mark.parametrize("name", [name for name, one in READABLE.items() if not one.strict])
def test_a_good_file_cut_or_damaged_is_an_error_or_is_read(name: str, tmp_path: Path) -> None:
    whole = sample(name)
    for at in (len(whole) // 3, len(whole) - 9):
        path = tmp_path / f"cut{at}{READABLE[name].extensions[0]}"
        path.write_bytes(whole[:at])
        try:
            parts = read(READABLE[name], path)
        except (BadData, Refused):
            continue
        assert all(isinstance(row, Row) for one in parts for row in one.rows)


def test_a_link_or_an_address_for_a_name_is_only_a_name(tmp_path: Path) -> None:
    for name in ("/vsicurl/http:/x.gpkg", "CSV:/etc/passwd.gpkg"):
        with pytest.raises(BadData, match="no such file"):
            read(FORMATS["gpkg"], Path(name))


@pytest.mark.parametrize(
    ("work", "said"),
    [
        ("while True: pass", "takes more than"),
        ("import numpy; numpy.ones(2 * 1024**3)", "allocate|memory"),
        ("import os; os.abort()", r"breaks off \(SIGABRT\)"),
        ("import os; os._exit(3)", r"breaks off \(exit code 3\)"),
        ("raise RuntimeError('x')", r"cannot be read \(RuntimeError\)"),
    ],
)
@pytest.mark.parametrize("forked", [True, False], ids=["forked", "from nothing"])
def test_a_reader_that_runs_wild_is_stopped(
    work: str, said: str, forked: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The reader does what the file says, in place of ours.
    path, running = tmp_path / "a.csv", sandbox.running
    path.write_text(work)
    monkeypatch.setattr(sandbox, "running", lambda _, *words: running("tests.forked", *words))
    monkeypatch.setattr(fork_server, "AVAILABLE", forked and fork_server.AVAILABLE)
    with pytest.raises((BadData, Refused), match=said):
        read(FORMATS["csv"], path)


def test_the_child_has_no_network(tmp_path: Path) -> None:
    code = (
        "from geodata import sandbox; sandbox.limit(); import socket\n"
        "print(sorted(name for _, name in socket.if_nameindex()))"
    )
    completed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    if completed.stdout.strip() != "['lo']":
        pytest.skip("this system lets no process take its own network away")


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_no_cell_is_a_formula(name: str, tmp_path: Path) -> None:
    rows = [Row(f"r{at}", shapely.Point(40, 35), {"name_en": text, "name_ar": text}) for at, text in enumerate(
        ("=1+2", "+1-2", "-1+2", "@x", "\tx", "\rx", " =x", "'=x")
    )]  # fmt: skip
    path, _ = saved(FORMATS[name], [Dataset(Metadata("x"), rows)], folder=tmp_path)
    if name == "csv":
        with path.open(encoding="utf-8-sig", newline="") as text:
            cells = [line[2] for line in csv.reader(text)][1:]
    else:
        sheet = openpyxl.load_workbook(path)["x"]
        cells = [sheet.cell(at, 3).value for at in range(2, 2 + len(rows))]
        assert all(sheet.cell(at, 3).data_type == "s" for at in range(2, 2 + len(rows)))
    assert len(cells) == len(rows)
    assert all(cell.startswith("'") for cell in cells)
    [back] = FORMATS[name].module.load(path)
    assert [row.properties["name_en"] for row in back.rows] == [row.properties["name_en"] for row in rows]


@pytest.mark.parametrize("name", [name for name, one in READABLE.items() if not one.strict])
def test_damaged_bytes_are_an_error_or_are_read(name: str, tmp_path: Path) -> None:
    whole = sample(name)
    random = np.random.default_rng(20_240_104)
    for number in range(60 if os.environ.get("MASAFA_TORTURE") else 2):
        damaged = np.frombuffer(whole, dtype=np.uint8).copy()
        places = random.integers(0, len(whole), int(random.choice([1, 8, 64])))
        damaged[places] = random.integers(0, 256, len(places))
        path = tmp_path / f"damaged{number}{READABLE[name].extensions[0]}"
        path.write_bytes(damaged.tobytes())
        try:
            parts = read(READABLE[name], path)
        except (BadData, Refused) as refused:
            assert str(tmp_path) not in str(refused)  # noqa: PT017
        else:
            assert all(isinstance(row, Row) for one in parts for row in one.rows)
