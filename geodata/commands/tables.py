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


def tables(parser: argparse.ArgumentParser) -> None:
    """Let a command take its places from the rows of a file."""
    parser.add_argument("--csv", metavar="FILE", help="places from a CSV; - for standard input")
    parser.add_argument("--points", metavar="FILE", help="places from a text, a position a line; - for standard input")
    parser.add_argument("--bands", metavar="KM[,KM…]", help="with rows: the bands (default 10,25,50,100)")
    parser.add_argument("--order", choices=("lat,lon", "lon,lat"), default="lat,lon", help="of plain numbers in rows")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    inputs = [name for name in ("layer", "csv", "points") if getattr(arguments, name)]
    if len(inputs) != 1:
        raise BadValue("A", ", ".join(inputs), "place_or_file")
    if arguments.layer:
        return ask("proximity", arguments)
    if arguments.sensitivity:
        raise BadValue("--sensitivity", "true", "not_with_rows")
    if arguments.ties:
        raise BadValue("--ties", arguments.ties, "not_with_rows")
    catalog = current()
    groups = proximity_table.groups_of(proximity_table.TARGET.read(arguments.target), catalog)
    box = proximity_table.region([place for group in groups.values() for place in group])
    data = _bytes(arguments.csv or arguments.points)
    if arguments.csv:
        rows = point_table.read_csv(data, arguments.order, box)
    else:
        rows = point_table.pasted(data.decode("utf-8-sig", errors="replace"), arguments.order, box)
    result = proximity_table.table(rows, {"target": arguments.target, "bands": arguments.bands}, catalog)
    return give(result, arguments, why_not=proximity_table.HELD["en"])


def _bytes(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(point_table.MAX_BYTES + 1)
    with Path(name).open("rb") as stream:
        return stream.read(point_table.MAX_BYTES + 1)
