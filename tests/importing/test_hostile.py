"""Files that mean harm, or came to harm: refused with a word or read for what they are, and nothing half brought in."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyogrio
import pytest
import shapely

from geodata.catalog import current, shipped, workspace
from geodata.errors import BadData, BadValue, MasafaError, Refused
from geodata.importing import delimited, worker
from geodata.messages import Message
from tests.importing.conftest import Bring
from tests.importing.made import acled, acled_file

VRT = b"""<OGRVRTDataSource><OGRVRTLayer name="passwd"><SrcDataSource>CSV:/etc/passwd</SrcDataSource>
<GeometryType>wkbNone</GeometryType></OGRVRTLayer></OGRVRTDataSource>"""
XXE = b"""<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>&x;</name>
<Point><coordinates>41,34</coordinates></Point></Placemark></Document></kml>"""


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def shapefile(folder: Path, **options: str) -> dict[str, bytes]:
    """Return the files of a Shapefile of one point, its name in Arabic."""
    import numpy as np

    path = folder / "places.shp"
    pyogrio.raw.write(
        path,
        np.array([shapely.to_wkb(shapely.Point(41, 34))], dtype=object),
        [np.array(["القائم"], dtype=object)],
        ["name"],
        geometry_type="Point",
        crs="EPSG:4326",
        driver="ESRI Shapefile",
        **options,
    )
    return {one.name: one.read_bytes() for one in folder.glob("places.*")}


@pytest.fixture(autouse=True)
def nothing_is_left(workspace: Path) -> object:
    """Whatever a test brings, nothing waits half done afterwards."""
    yield
    incoming = workspace / "incoming"
    assert not incoming.exists() or not list(incoming.iterdir())


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (VRT, "a.geojson"),
        (VRT, "a.kml"),
        (VRT, "a.gpkg"),
        (VRT, "a.fgb"),
        (zipped({"a.vrt": VRT}), "a.zip"),
        (zipped({"a.shp": VRT, "a.shx": VRT, "a.dbf": VRT}), "a.zip"),
        (XXE, "a.kml"),
        (zipped({"doc.kml": XXE}), "a.kmz"),
        (zipped({"a.csv": b"0" * 300_000_000}), "a.csv.zip"),
        (zipped({"../../a.csv": b"lat,lon\n34,41\n", "b.csv": b""}), "a.csv.zip"),
        (b"PK\x05\x06" + b"\x00" * 18, "a.xlsx"),
        (b"SQLite format 3\x00" + os.urandom(4000), "a.gpkg"),
        (b"PAR1" + os.urandom(400) + b"PAR1", "a.parquet"),
        (b'{"type":"FeatureCollection","features":[' + b"[" * 60_000, "a.geojson"),
    ],
)
def test_a_file_that_means_harm_is_refused(data: bytes, name: str, bring: Bring) -> None:
    with pytest.raises((BadData, Refused)) as refused:
        bring(data, name)
    assert "/etc" not in str(refused.value)
    assert "root:" not in str(refused.value)
    assert current() is shipped()


def test_a_vrt_in_a_table_is_a_table(bring: Bring) -> None:
    report, layer = bring(VRT, "a.csv")
    assert report.to_dict()["unplaced"] == report.rows
    assert "root:" not in str([one.properties for one in layer.features])


@pytest.mark.parametrize("missing", [".shx", ".dbf", ".shp"])
def test_a_shapefile_without_one_of_its_files_is_refused_by_name(missing: str, bring: Bring, tmp_path: Path) -> None:
    files = {name: data for name, data in shapefile(tmp_path).items() if not name.endswith(missing)}
    with pytest.raises(BadData, match=rf"\{missing}"):
        bring(zipped(files), "places.zip")


def test_a_shapefile_without_a_cpg_is_read_in_the_encoding_it_has(bring: Bring, tmp_path: Path) -> None:
    for encoding in ("cp1256", "utf-8"):
        files = shapefile(tmp_path, encoding=encoding)
        files = {name: data for name, data in files.items() if not name.endswith(".cpg")}
        # Of the driver's own mark nothing is left, as in files that other programs wrote.
        files["places.dbf"] = files["places.dbf"][:29] + b"\x00" + files["places.dbf"][30:]
        _, layer = bring(zipped(files), "places.zip", layer="own-places", replace=True)
        assert layer.features[0].properties["name_ar"] == "القائم", encoding


def test_a_bare_shp_says_what_is_wanted(bring: Bring) -> None:
    with pytest.raises(BadValue, match="zip"):
        bring(b"\x00\x00\x27\x0a", "places.shp")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("kind", ["csv.gz", "xlsx", "gpkg", "parquet", "fgb", "geojson", "zip", "kmz"])
def test_half_a_file_is_refused_or_read_for_what_it_holds(
    kind: str, share: float, bring: Bring, tmp_path: Path
) -> None:
    from geodata.cli import main

    bring(acled_file(*(acled(f"IRQ{at}") for at in range(40))), layer="whole")
    path = tmp_path / f"whole.{kind}"
    if kind == "csv.gz":
        import gzip

        path.write_bytes(gzip.compress(acled_file(*(acled(f"IRQ{at}") for at in range(40)))))
    else:
        assert main(["export", "whole", "--to", str(path)]) == 0
    data = path.read_bytes()
    before = current().ids()
    try:
        report, _ = bring(data[: int(len(data) * share)], f"half.{kind}", layer="half")
    except MasafaError:
        assert current().ids() == before
    else:
        assert report.rows <= 40


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RuntimeError("x"), "cannot be read (RuntimeError)"),
        (MemoryError(), "it needs more memory than a file may"),
        (BadData("/3", "ring_open"), "/3: the ring is open: its first and last positions differ"),
    ],
)
def test_what_goes_wrong_after_the_first_rows_is_never_their_end(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,lat,lon\n1,34,41\n")
    real = delimited.batches

    def breaks(*given: Any) -> Iterator[pa.RecordBatch]:
        yield from real(*given)
        raise error

    monkeypatch.setattr(delimited, "batches", breaks)
    sent = io.BytesIO()
    worker.main("text", "{}", path, sent)
    table = pa.ipc.open_stream(sent.getvalue()).read_all()
    assert table.column(delimited.ROW).to_pylist() == [1, worker.BROKEN]
    first, broken = table.column(0).to_pylist()
    assert (first, str(Message.from_dict(json.loads(broken)))) == ("1", said)


def test_text_of_the_file_is_text(bring: Bring) -> None:
    sly = '"; DROP TABLE new; --'
    quoted = sly.replace('"', '""')
    text = f'lat,lon,name,"{quoted}",a.b,original.x\n34,41,<img src=x onerror=alert(1)>,{sly[3:]},1,2\n'
    _, layer = bring(text, "a'; x.csv", layer="sly")
    message = layer.features[0].properties
    assert message["name_en"] == "<img src=x onerror=alert(1)>"
    assert message["original"][sly] == sly[3:]
    assert message["original"]["a.b"] == 1
    again, _ = bring(text.replace("34,41", "34,42"), "a.csv", layer="sly")
    assert again.rows == 1


def test_a_row_too_long_for_any_table_is_refused(bring: Bring) -> None:
    with pytest.raises((BadData, Refused)):
        bring('lat,lon,notes\n34,41,"' + "x" * 20_000_000 + "\n", "a.csv")
    assert workspace().store() is None
