"""The proximity table on the command line: rows of a file against a target."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from geodata.catalog import current
from geodata.commands.analyses import analysis
from geodata.commands.options import ask, give
from geodata.errors import BadValue


def proximity(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command `proximity`: those of the analysis, or rows of a file in place of A."""
    analysis(parser, optional=("layer",))
    parser.add_argument("--csv", metavar="FILE", help="places from a CSV; - for standard input")
    parser.add_argument("--points", metavar="FILE", help="places from a text, a position a line; - for standard input")
    parser.add_argument("--bands", metavar="KM[,KM…]", help="with rows: the bands (default 10,25,50,100)")
    parser.add_argument("--radius", type=float, metavar="METRES", help="assumed of rows that state no uncertainty")
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
    return _table(arguments)


def _table(arguments: argparse.Namespace) -> int:
    # The readers of coordinates wait until there are rows.
    from geodata.analysis import proximity_table
    from geodata.analysis.targets import Targets
    from geodata.formats import point_table

    catalog = current()
    targets = Targets.read(arguments.target, catalog)
    data = _bytes(arguments.csv or arguments.points, point_table.MAX_BYTES + 1)
    if arguments.csv:
        rows = point_table.read_csv(data, arguments.order, targets.region)
    else:
        rows = point_table.pasted(data.decode("utf-8-sig", errors="replace"), arguments.order, targets.region)
    rows.assume(arguments.radius or 0.0)
    result = proximity_table.table(rows, {"bands": arguments.bands}, catalog, targets=targets)
    return give(result, arguments, why_not=proximity_table.HELD["en"])


def _bytes(name: str, most: int) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(most)
    with Path(name).open("rb") as stream:
        return stream.read(most)
