"""The proximity table on the command line: rows of a file against a target."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from geodata.analysis import proximity_table
from geodata.catalog import current
from geodata.commands.options import ask, give
from geodata.errors import BadValue
from geodata.formats import point_table


def tables(made: argparse.ArgumentParser) -> None:
    """Let a command take its places from the rows of a file."""
    made.add_argument("--csv", metavar="FILE", help="places from a CSV; - for standard input")
    made.add_argument("--points", metavar="FILE", help="places from a text, a position a line; - for standard input")
    made.add_argument("--bands", metavar="KM[,KM…]", help="with rows: the bands (default 10,25,50,100)")
    made.add_argument("--order", choices=("lat,lon", "lon,lat"), default="lat,lon", help="of plain numbers in rows")
    made.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    given = [name for name in ("layer", "csv", "points") if getattr(asked, name)]
    if len(given) != 1:
        raise BadValue("A", ", ".join(given), "one of: a place or layer, --csv FILE, or --points FILE")
    if asked.layer:
        return ask("proximity", asked)
    if asked.sensitivity:
        raise BadValue("--sensitivity", "true", "nothing with rows of a file")
    if asked.ties:
        raise BadValue("--ties", asked.ties, "nothing with rows of a file")
    catalog = current()
    groups = proximity_table.groups_of(proximity_table.TARGET.read(asked.target), catalog)
    box = proximity_table.region([place for group in groups.values() for place in group])
    data = _bytes(asked.csv or asked.points)
    if asked.csv:
        found = point_table.read_csv(data, asked.order, box)
    else:
        found = point_table.pasted(data.decode("utf-8-sig", errors="replace"), asked.order, box)
    result = proximity_table.table(found, {"target": asked.target, "bands": asked.bands}, catalog)
    return give(result, asked, why_not=proximity_table.HELD["en"])


def _bytes(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(point_table.MAX_BYTES + 1)
    with Path(name).open("rb") as stream:
        return stream.read(point_table.MAX_BYTES + 1)
