"""What others answer to the same question: CPU seconds and distances, or a word why they are not asked."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess  # nosec B404
import tempfile
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import shapely

from scripts.bench.clock import once
from scripts.bench.postgis import database

UTM = "EPSG:32638"
Answer = tuple[float, Any] | str


def _planar(path: Any, lon: Any, lat: Any) -> tuple[geopandas.GeoSeries, geopandas.GeoSeries]:
    points = geopandas.GeoSeries(shapely.points(lon, lat), crs="EPSG:4326").to_crs(UTM)
    line = geopandas.GeoSeries([shapely.LineString(path)], crs="EPSG:4326").to_crs(UTM)
    return points, line


def utm_distance(path: Any, lon: Any, lat: Any) -> Answer:
    """Ask geopandas, in one UTM zone, projected beforehand."""
    points, line = _planar(path, lon, lat)
    timed = once(lambda: points.distance(line.iloc[0]).to_numpy())
    return timed.seconds, timed.answer


def sjoin_nearest(path: Any, lon: Any, lat: Any) -> Answer:
    """Ask geopandas for the nearest edge of the line, in one UTM zone, projected beforehand."""
    points, _ = _planar(path, lon, lat)
    edges = shapely.linestrings(np.stack([path[:-1], path[1:]], axis=1))
    lines = geopandas.GeoDataFrame(geometry=geopandas.GeoSeries(edges, crs="EPSG:4326").to_crs(UTM))
    frame = geopandas.GeoDataFrame(geometry=points)
    timed = once(lambda: frame.sjoin_nearest(lines, distance_col="metres"))
    joined = timed.answer
    return timed.seconds, joined[~joined.index.duplicated()].sort_index()["metres"].to_numpy()


def postgis_distance(path: Any, lon: Any, lat: Any) -> Answer:
    """Ask PostGIS, its table loaded beforehand, on one core."""
    server = database()
    if isinstance(server, str):
        return server
    rows = "\n".join(
        f"{i}\tSRID=4326;POINT({x!r} {y!r})" for i, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True))
    )
    server.run(
        "CREATE TABLE p (i int, g geography); CREATE TABLE l AS SELECT "
        + server.geography(shapely.LineString(path))
        + " AS g"
    )
    server.copy("p", rows)
    query = "SELECT ST_Distance(p.g, l.g) FROM p, l ORDER BY p.i"
    seconds = server.time("SELECT sum(ST_Distance(p.g, l.g)) FROM p, l")
    distance = np.array(server.run(query).split(), dtype=float)
    server.run("DROP TABLE p; DROP TABLE l")
    return seconds, distance


def sedona_distance(path: Any, lon: Any, lat: Any) -> Answer:
    """Ask sedonadb, whose geography is a sphere."""
    if not all(importlib.util.find_spec(name) for name in ("sedonadb", "pyarrow")):
        return "sedonadb and pyarrow are not installed (requirements-bench.txt)"
    import pyarrow
    import sedonadb

    context = sedonadb.connect()
    table = pyarrow.table({"i": np.arange(len(lon)), "g": shapely.to_wkb(shapely.points(lon, lat))})
    context.create_data_frame(table).to_view("p", overwrite=True)
    text = shapely.LineString(path).wkt
    query = f"SELECT i, ST_Distance(ST_GeogFromWKB(g), ST_GeogFromWKT('{text}')) AS d FROM p"  # nosec B608

    def ask() -> Any:
        # Rows come back in any order.
        found = context.sql(query).to_arrow_table()
        return found["d"].to_numpy()[np.argsort(found["i"].to_numpy())]

    try:
        timed = once(ask)
    except Exception as error:
        return f"sedonadb answers: {str(error).splitlines()[0][:80]}"
    return timed.seconds, timed.answer


TURF = """
const turf = require('@turf/turf'), [path, points] = JSON.parse(require('fs').readFileSync(0));
const line = turf.lineString(path), start = process.cpuUsage();
const found = points.map(p => turf.pointToLineDistance(p, line, {units: 'meters'}));
const used = process.cpuUsage(start);
console.log(JSON.stringify([(used.user + used.system) / 1e6, found]));
"""


def turf_distance(path: Any, lon: Any, lat: Any) -> Answer:
    """Ask turf under node."""
    if shutil.which("node") is None:
        return "node is not installed"
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "turf.cjs"
        script.write_text(TURF, "utf-8")
        question = json.dumps([np.asarray(path).tolist(), np.column_stack([lon, lat]).tolist()])
        completed = subprocess.run(  # nosec B603 B607
            ["node", str(script)], input=question, capture_output=True, text=True, check=False
        )
    if completed.returncode:
        return "turf is not installed where node looks (NODE_PATH)"
    seconds, distance = json.loads(completed.stdout)
    return float(seconds), np.array(distance)
