"""Buffers at a tolerance of 1 m: ours beside Geod.fwd alone, shapely, and a database, with the errors of each."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import shapely
from pyproj import Geod

from geodata import geodesy
from scripts.bench import data
from scripts.bench.clock import best
from scripts.bench.peers import UTM
from scripts.bench.postgis import database
from scripts.bench.report import Report

GEOD = Geod(ellps="WGS84")
ROUND, REACH = 50_000.0, 25_000.0
POINTS = 10_000
SCATTERED = 100_000


def run(report: Report) -> None:
    """Print all rows."""
    report.title("Buffers, tolerance 1 m")
    lon, lat = data.sensors(POINTS)
    points = shapely.points(lon, lat)
    ours = best(lambda: geodesy.buffer(points, ROUND), report.times)
    count = int(shapely.get_num_coordinates(ours.answer).sum())
    azimuth = np.resize(np.linspace(0, 360, 400), count)
    every = [np.resize(part, count) for part in (lon, lat)]
    alone = best(lambda: GEOD.fwd(*every, azimuth, np.full(count, ROUND)), report.times)
    report.target(f"{POINTS:,} points x 50 km / Geod.fwd of as many vertices", ours.seconds / alone.seconds, 2, " x")
    least, most = _off(geodesy.Target(points[0]), ours.answer[0], ROUND)
    report.target(f"its error ({least:+.2f} … {most:+.2f} m)", max(-least, most), 1, " m")
    _peers(report, "one point", points[0], ROUND, ours.seconds / POINTS)
    for name, shape, limit in (("border", shapely.LineString(data.border()), 1.0), ("Iraq", data.iraq(), 5.0)):
        geometry = best(lambda shape=shape: geodesy.buffer(shape, REACH), report.times)
        report.target(f"{name} x 25 km", geometry.seconds, limit, " s")
        target = geodesy.Target(shape)
        least, most = _off(target, geometry.answer, REACH)
        vertices = shapely.get_num_coordinates(geometry.answer)
        report.target(f"its error ({least:+.2f} … {most:+.2f} m; {vertices:,} vertices)", max(-least, most), 1, " m")
        report.target("positions on the wrong side, of 100,000", _wrong(target, geometry.answer), 0)
        report.at_least("valid (1)", float(geometry.answer.is_valid), 1)
        _peers(report, name, shape, REACH, geometry.seconds)


def _off(target: geodesy.Target, made: Any, radius: float) -> tuple[float, float]:
    """Return the least and the greatest distance less the radius, over nine places of each edge."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(made)), return_index=True)
    same = ring[1:] == ring[:-1]
    start, end = xy[:-1][same], xy[1:][same]
    lon, lat = (start + np.linspace(0, 1, 9)[:, None, None] * (end - start)).reshape(-1, 2).T
    off = np.asarray(target.nearest(lon, lat).distance) - radius
    return float(off.min()), float(off.max())


def _wrong(target: geodesy.Target, made: Any) -> int:
    rng = np.random.default_rng(data.SEED)
    xy = shapely.get_coordinates(made)[rng.integers(0, shapely.get_num_coordinates(made), SCATTERED)]
    lon, lat, _ = GEOD.fwd(*xy.T, rng.uniform(0, 360, SCATTERED), 10 ** rng.uniform(0, 4.5, SCATTERED))
    distance, inside = target.nearest(lon, lat).distance, shapely.intersects_xy(made, lon, lat)
    return int((inside & (distance > REACH + 1)).sum() + (~inside & (distance < REACH - 1)).sum())


def _peers(report: Report, name: str, shape: Any, radius: float, ours: float) -> None:
    """Print how many times as long ours takes, and the error of each."""
    target = geodesy.Target(shape)
    flat = geopandas.GeoSeries([shape], crs="EPSG:4326").to_crs(UTM)
    planar = best(lambda: flat.buffer(radius), 3)
    least, most = _off(target, planar.answer.to_crs("EPSG:4326").iloc[0], radius)
    report.say(
        f"{name}: ours / shapely.buffer in UTM",
        f"{ours / planar.seconds:.2g} x (its error {least:+,.0f} … {most:+,.0f} m)",
    )
    server = database()
    if isinstance(server, str):
        report.skip(f"{name}: ours / PostGIS ST_Buffer(geography)", server)
        return
    seconds, result = server.buffer(shape, radius)
    least, most = _off(target, result, radius)
    report.say(
        f"{name}: ours / PostGIS ST_Buffer(geography)",
        f"{ours / seconds:.2g} x (its error {least:+,.0f} … {most:+,.0f} m)",
    )
