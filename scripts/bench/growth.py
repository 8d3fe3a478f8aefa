"""How time grows with positions and with vertices."""

from __future__ import annotations

import numpy as np

from geodata import geodesy
from scripts.bench import data
from scripts.bench.clock import best
from scripts.bench.report import Report

VERTICES = (100, 500, 5_000, 50_000, 1_000_000)


def run(report: Report) -> None:
    """Print both growths."""
    report.title("Growth with positions, to the border")
    line = geodesy.Line(data.border())
    each = {}
    for count in (10_000, 100_000, 1_000_000) if report.quick else (10_000, 100_000, 1_000_000, 10_000_000):
        lon, lat = data.sensors(count)
        each[count] = best(lambda x=lon, y=lat: line.nearest(x, y), min(report.times, 3)).seconds / count
        report.say(f"{count:,} positions", f"{each[count] * 1e6:.3f} µs each")
    most = max(each.values()) / min(each.values())
    report.target("the dearest position / the cheapest", most, 2, " x")
    count = 100_000 if report.quick else 1_000_000
    report.title(f"Growth with vertices, {count:,} positions sorted, the tree built")
    lon, lat = data.sensors(count)
    order = np.lexsort([np.round(lon, 1), np.round(lat, 1)])
    lon, lat = lon[order], lat[order]
    fields = {}
    for vertices in VERTICES:
        many = geodesy.Line(data.line(vertices))
        built = best(lambda many=many: geodesy.Line(many.coordinates).curve, 1).seconds
        fields[vertices] = best(lambda many=many: many.nearest(lon, lat), min(report.times, 3)).seconds
        report.say(f"{vertices:,} vertices", f"{fields[vertices] / count * 1e6:.3f} µs each; built in {built:.2f} s")
    report.target("1,000,000 vertices / 500", fields[1_000_000] / fields[500], 4, " x")
