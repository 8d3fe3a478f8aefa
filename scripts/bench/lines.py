"""Nearest places, within, matrices: ours beside one geodesic a point, geopandas, and a database."""

from __future__ import annotations

from typing import Any

import numpy as np
from pyproj import Geod

from geodata import geodesy
from scripts.bench import data, peers
from scripts.bench.clock import best, peak
from scripts.bench.report import Report
from tests.geodesy import truth

GEOD = Geod(ellps="WGS84")
COUNT = 1_000_000
CHECKED = 120
RADIUS = 25_000.0
# reach (m): the distance may be off by, the foot and the chainage by (m)
ALLOWED = {1e5: (1e-4, 0.01), 3e5: (1e-4, 1.0), 1e6: (1e-3, 1.0)}


def run(report: Report) -> None:
    """Print all rows."""
    for name, (lon, lat) in (("sensors", data.sensors(COUNT)), ("reports", data.reports(COUNT))):
        distinct = len(np.unique(np.column_stack([lon, lat]), axis=0))
        report.title(f"{COUNT:,} positions of {name}, {distinct:,} of them distinct, to the border of Iraq and Syria")
        floor = best(lambda x=lon, y=lat: GEOD.inv(x, y, np.full(COUNT, 40.74), np.full(COUNT, 36.5)), report.times)
        report.say("one Geod.inv a position: the floor", f"{floor.seconds:.3f} s")
        _nearest(report, lon, lat, floor.seconds)
        _within(report, lon, lat, floor.seconds)
    _error(report)
    _matrix(report)


def _nearest(report: Report, lon: Any, lat: Any, floor: float) -> None:
    border = geodesy.Line(data.border())
    ours = best(lambda: border.nearest(lon, lat), report.times)
    report.target("nearest, foot, chainage, side / floor", ours.seconds / floor, 1.25, " x")
    wide = geodesy.Line(data.line(20_000))
    many = best(lambda: wide.nearest(lon, lat), report.times)
    report.target("the same, a line of 20,000 vertices / floor", many.seconds / floor, 1.6, " x")
    report.target("memory over the inputs", peak(lambda: border.nearest(lon, lat)), 100, " MB")
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
    held = best(lambda: border.within(lon, lat, RADIUS), report.times)
    report.target("within 25 km / floor", held.seconds / floor, 0.1, " x")
    wrong = int((held.answer != (border.nearest(lon, lat).distance <= RADIUS)).sum())
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
    report.at_least("pyproj / ours", peer.seconds / ours.seconds, 5, " x")
    report.target("error", float(np.abs(ours.answer.ravel() - peer.answer).max()), 1e-3, " m")
