"""A small good file of each format that is read and not written."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyogrio
import shapely

GPX = """<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="34.5" lon="41"><ele>310.5</ele><time>2024-05-01T10:00:00Z</time><name>crater</name><desc>2 m</desc></wpt>
<trk><name>patrol</name><trkseg><trkpt lat="34" lon="41"><time>2024-05-02T10:00:00Z</time></trkpt>
<trkpt lat="34.5" lon="41.5"><time>2024-05-04T10:00:00Z</time></trkpt></trkseg></trk></gpx>"""
GML = """<c xmlns:gml="http://www.opengis.net/gml"><gml:featureMember><town><date>2024-05-01</date><code>007</code>
<at><gml:Point srsName="EPSG:4326"><gml:coordinates>44.5,33.25</gml:coordinates></gml:Point></at></town>
</gml:featureMember></c>"""


def _records() -> bytes:
    rows = [{"id": f"e{at}", "place": {"lat": 33 + at / 8, "lon": 44}, "actors": ["a", "ب"]} for at in range(20)]
    return "\n".join(map(json.dumps, rows)).encode()


def _written(driver: str, name: str) -> bytes:
    """Return what GDAL writes of a few points; a folder zipped."""
    shape = pa.field("geom", pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
    table = pa.Table.from_pydict(
        {"name": ["القائم", "x"], "n": [7.5, None], "geom": [shapely.Point(44.5, 33.25).wkb, None]},
        schema=pa.schema([pa.field("name", pa.string()), pa.field("n", pa.float64()), shape]),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        if driver == "ODS":
            pyogrio.write_arrow(table.drop_columns(["geom"]), path, layer="towns", driver=driver)
        else:
            pyogrio.write_arrow(
                table, path, layer="towns", driver=driver, geometry_type="Point", geometry_name="geom", crs="EPSG:4326"
            )
        if path.is_file():
            return path.read_bytes()
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for file in sorted(path.iterdir()):
                archive.write(file, f"{name}/{file.name}")
        return stream.getvalue()


SAMPLES: Mapping[str, Callable[[], bytes]] = {
    "json_records": _records,
    "gpx": GPX.encode,
    "gml": GML.encode,
    "ods": lambda: _written("ODS", "towns.ods"),
    "filegdb": lambda: _written("OpenFileGDB", "towns.gdb"),
}
