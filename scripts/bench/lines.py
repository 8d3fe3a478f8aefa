"""Nearest places, within, matrices: ours beside one geodesic a point, geopandas, and a database."""

from __future__ import annotations

import os
import subprocess  # nosec B404
import sys
import tempfile
from typing import Any

import numpy as np
from pyproj import Geod

from geodata import geodesy
from geodata.geodesy import batch
from geodata.geodesy.ecef_inverse import NEAR
from geodata.geodesy.segments import NearestPieces
from scripts.bench import data, peers
from scripts.bench.clock import Timed, best, peak, shortest
from scripts.bench.report import Report
from tests.geodesy import truth
from tests.geodesy.exhaustive import every_piece

GEOD = Geod(ellps="WGS84")
COUNT = 1_000_000
SINGLES = 100_000
CHECKED = 120
RADIUS = 25_000.0
DENSITIES = {
    "hubs": (lambda: data.hubs(COUNT, 200, 0.15), 1.0),
    "sensors": (lambda: data.hubs(COUNT, 60, 0.02), 0.7),
    "uniform": (lambda: data.uniform(COUNT), 1.1),
    "reports": (lambda: data.reports(COUNT), 0.7),
}
"""Positions, and the most that each may cost, in geodesics."""
ALLOWED = {1e5: (1e-6, 0.01), 3e5: (1e-6, 0.1), 1e6: (1e-3, 1.0)}
"""Up to so many metres: the distance may be off by, and the foot by (m)."""


def run(report: Report) -> None:
    """Print all rows."""
    for name, (positions, most) in DENSITIES.items():
        lon, lat = positions()
        distinct = len(np.unique(np.column_stack([lon, lat]), axis=0))
        report.title(f"{COUNT:,} positions, {name}, {distinct:,} of them distinct, to the border of Iraq and Syria")
        floor = best(lambda x=lon, y=lat: GEOD.inv(x, y, np.full(COUNT, 40.74), np.full(COUNT, 36.5)), report.times)
        report.say("one Geod.inv a position: the floor", f"{floor.seconds:.3f} s")
        ours = _nearest(report, lon, lat, floor.seconds, most)
        _within(report, lon, lat, floor.seconds)
        if name == "hubs":
            _threads(report, lon, lat)
            _peers(report, lon, lat, ours)
    _error(report)
    _matrix(report)
    _compilation(report)


def _nearest(report: Report, lon: Any, lat: Any, floor: float, most: float) -> Timed:
    border = geodesy.Line(data.border())
    ours = best(lambda: border.nearest(lon, lat), report.times)
    report.target("nearest, foot, chainage, side / floor", ours.seconds / floor, most, " x")
    wide = geodesy.Line(data.line(20_000))
    many = best(lambda: wide.nearest(lon, lat), report.times)
    report.target("the same, a line of 20,000 vertices / floor", many.seconds / floor, 1.6, " x")
    report.target("memory over the inputs", peak(lambda: border.nearest(lon, lat)), 100, " MB")
    true = NearestPieces.of(SINGLES, feet=False)
    curve, x, y = border.curve, lon[:SINGLES], lat[:SINGLES]
    every_piece()(x, y, curve.pieces, curve.before, curve.bow, true.piece, true.t, true.distance)
    report.target("positions that differ from looking at every piece", _differing(true, ours.answer.distance), 0)
    alone = np.array([border.nearest(*each).distance for each in zip(x[:2_000], y[:2_000], strict=True)])
    report.target("positions that differ alone", int((alone != ours.answer.distance[:2_000]).sum()), 0)
    return ours


def _differing(true: NearestPieces, distance: Any) -> int:
    near = true.distance < NEAR
    return int((true.distance != distance[: len(near)])[near].sum())


def _threads(report: Report, lon: Any, lat: Any) -> None:
    """Compare the wall time of two threads with that of one."""
    if batch.threads() < 2:
        report.skip("one thread / two threads, wall time", "this process has one processor")
        return
    border, seconds, available = geodesy.Line(data.border()), {}, batch.threads
    for count in (1, 2):
        batch.threads = lambda count=count: count  # type: ignore[misc]
        seconds[count] = shortest(lambda: border.nearest(lon, lat), report.times)
    batch.threads = available
    report.at_least("one thread / two threads, wall time", seconds[1] / seconds[2], 1.6, " x")


def _peers(report: Report, lon: Any, lat: Any, ours: Timed) -> None:
    share = 20 if report.quick else 5
    for name, call, least in (
        ("geopandas .distance (UTM)", peers.utm_distance, 8),
        ("geopandas sjoin_nearest (UTM)", peers.sjoin_nearest, 5),
        ("PostGIS ST_Distance(geography)", peers.postgis_distance, 10),
        ("sedonadb ST_Distance (sphere)", peers.sedona_distance, 0),
        ("turf pointToLineDistance (sphere)", peers.turf_distance, 0),
    ):
        part = slice(0, COUNT // share if "turf" not in name else 200)
        answer = call(data.border(), lon[part], lat[part])
        if isinstance(answer, str):
            report.skip(name, answer)
            continue
        seconds, distance = answer
        seconds *= COUNT / len(lon[part])
        off = float(np.abs(distance - ours.answer.distance[part]).max())
        report.at_least(f"{name} / ours (its error: {off:,.0f} m)", seconds / ours.seconds, least, " x")


def _within(report: Report, lon: Any, lat: Any, floor: float) -> None:
    border = geodesy.Line(data.border())
    stored = best(lambda: border.within(lon, lat, RADIUS), report.times)
    report.target("within 25 km / floor", stored.seconds / floor, 0.04, " x")
    wrong = int((stored.answer != (border.nearest(lon, lat).distance <= RADIUS)).sum())
    report.target("positions on the wrong side of 25 km", wrong, 0)


def _error(report: Report) -> None:
    report.title(f"Error against brute force, {CHECKED} positions each")
    path = data.border()
    for reach, (tolerance, along) in ALLOWED.items():
        rng = np.random.default_rng(data.SEED)
        start = path[rng.integers(0, len(path), CHECKED)]
        lon, lat, _ = GEOD.fwd(*start.T, rng.uniform(0, 360, CHECKED), reach * rng.uniform(0.5, 1, CHECKED))
        true = truth.nearest_all(path, np.asarray(lon), np.asarray(lat))
        near = geodesy.Line(path).nearest(lon, lat)
        off = float(np.abs(near.distance - true.distance).max())
        report.target(f"distance, to {reach / 1000:g} km", off, tolerance, " m")
        apart = GEOD.inv(near.lon, near.lat, true.lon, true.lat)[2]
        # Two places may be equally near: the foot counts where it is the only one.
        report.target(f"foot, to {reach / 1000:g} km", float(apart[apart < 1_000].max()), along, " m")


def _matrix(report: Report) -> None:
    report.title("Matrix of 1,000 x 1,000 places")
    points = data.places()
    first, second = (points[np.random.default_rng(seed).integers(0, len(points), 1_000)] for seed in (1, 2))
    pairs = [
        np.ascontiguousarray(part.ravel()) for part in np.broadcast_arrays(*first.T[:, :, None], *second.T[:, None])
    ]
    peer = best(lambda: GEOD.inv(*pairs)[2], report.times)
    ours = best(lambda: geodesy.matrix(*first.T, *second.T), report.times)
    report.at_least("pyproj / ours", peer.seconds / ours.seconds, 35, " x")
    report.target("error", float(np.abs(ours.answer.ravel() - peer.answer).max()), 1e-4, " m")


def _compilation(report: Report) -> None:
    """Compile everything into an empty cache, and load it from there, each in a process of its own."""
    report.title("The kernels compiled, CPU time over a process that measures by the interpreted ones")
    with tempfile.TemporaryDirectory() as folder:
        interpreted = _seconds(folder, "10")
        report.target("into an empty cache", _seconds(folder, "1_000") - interpreted, 60, " s")
        report.target("from the cache", _seconds(folder, "1_000") - interpreted, 1, " s")


def _seconds(folder: str, count: str) -> float:
    script = (
        "import time; start = time.process_time(); import numpy; from geodata import geodesy;"
        f"lon = numpy.linspace(38, 46, {count}); line = geodesy.Line([[39, 33], [42, 37]]);"
        "line.nearest(lon, lon - 5); geodesy.matrix(lon[:7], lon[:7], lon[:7], lon[:7]) if len(lon) < 50 else "
        "geodesy.matrix(lon, lon, lon, lon); print(time.process_time() - start)"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": folder}
    process = subprocess.run(  # nosec B603
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    return float(process.stdout)
