"""Commands that measure, one for each analysis, and run for any of them by name."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from geodata import registry
from geodata.catalog import current, workspace
from geodata.claims import add as ledger
from geodata.commands.options import NAMES, PLACE, ask, command, flag, outputs, sensitive, target, with_ties
from geodata.commands.tables import tables
from geodata.errors import BadData, BadValue
from geodata.formats import strict_json


def add(commands: Any) -> None:
    """Add the measuring commands."""
    pair = command(commands, "distance", "How far two places are from each other")
    pair.add_argument("layer", metavar="A", help=PLACE)
    pair.add_argument("target", metavar="B", help=PLACE)
    sensitive(pair)
    with_ties(pair)
    near = command(commands, "proximity", "The nearest point of a target to each place, or to each row of a file")
    near.add_argument("layer", metavar="A", nargs="?", help=PLACE)
    target(near)
    sensitive(near)
    with_ties(near)
    tables(near)
    inside = command(commands, "within", "Which places lie within a distance: certainly, possibly or not")
    inside.add_argument("layer", metavar="A", help=PLACE)
    target(inside)
    sensitive(inside)
    with_ties(inside)
    inside.add_argument("--km", required=True, metavar="X", help="the distance in kilometres")
    ring = command(commands, "buffer", "Rings round places, and what lies inside")
    ring.add_argument("layer", metavar="A", help=PLACE)
    ring.add_argument("--km", required=True, metavar="R[,R…]", help="radii in kilometres; negative: into polygons")
    flag(ring, "dissolve", "one ring a radius, merged")
    ring.add_argument("--of", metavar="LAYER[,LAYER…]", help="the layers to look in (default sites,events,places,own)")
    ring.add_argument("--tolerance", metavar="M", help="metres the ring may be off (default 1)")
    bearing = command(commands, "direction", "In which direction of a country a place lies")
    bearing.add_argument("layer", metavar="A", help=PLACE)
    bearing.add_argument("--to", "--target", dest="target", metavar="COUNTRY", help="default country-iq")
    claims = command(commands, "claims", "What was reported beside what is measured")
    claims.add_argument("of", nargs="?", metavar="CLAIM", help="one claim's id")
    claims.add_argument("--add", metavar="FILE", help="put a claim of your own into the workspace: JSON; - for stdin")
    claims.set_defaults(run=_claims)
    ruled = command(commands, "ruler", "What lies along a line, by its kilometre")
    _along(ruled, "within how many kilometres of the line")
    sensitive(ruled)
    empty = command(commands, "gaps", "Stretches of a line with no feature of a layer within a distance")
    _along(empty, "how many kilometres from the line count as covered")
    _lines(commands)
    any_ = commands.add_parser("run", help="Run any analysis of the registry by name")
    any_.add_argument("analysis", metavar="ANALYSIS", help=", ".join(registry.analyses()))
    for name in NAMES:
        any_.add_argument(f"--{name}", metavar=name.upper())
    outputs(any_)
    any_.set_defaults(run=lambda arguments: ask(arguments.analysis, arguments))


def _claims(arguments: argparse.Namespace) -> int:
    """Answer about claims; with --add, write one first and answer about it."""
    if arguments.add:
        if arguments.of:
            raise BadValue("CLAIM", arguments.of, "not_with_add")
        data = sys.stdin.buffer.read() if arguments.add == "-" else Path(arguments.add).read_bytes()
        value = strict_json.parse(data)
        if not isinstance(value, dict) or not all(isinstance(text, str | int | float) for text in value.values()):
            raise BadData("", "object_of_texts_and_numbers")
        form = {name: str(text) for name, text in value.items()}
        arguments.of = ledger.add(form, workspace(), current())["id"]
    return ask("claims", arguments)


def _lines(commands: Any) -> None:
    share = command(commands, "coverage", "Which share of a line another line covers, and what lies behind")
    share.add_argument("layer", metavar="LINE", help="the line that is covered")
    share.add_argument("--of", required=True, metavar="LINE2", help="the line that covers it")
    share.add_argument("--tolerance", metavar="M", help="metres that the two may lie apart (default 1000)")
    share.add_argument("--km", metavar="X", help="what lies behind within X km (default 50)")
    share.add_argument("--behind", metavar="LAYER[,LAYER…]", help="the layers to look for behind it")
    own(share)
    counted = command(commands, "profile", "Sites and events per kilometre of a line, over time")
    _along(counted, "within how many kilometres of the line")
    counted.add_argument("--bin", metavar="KM", help="kilometres of the line in each bin (default 10)")
    counted.add_argument("--by", metavar="month|year", help="how events are counted over time (default month)")
    table = command(commands, "matrix", "Every distance between two sets of places")
    table.add_argument("layer", metavar="A", help=PLACE)
    table.add_argument("target", metavar="B", help=PLACE)


def _along(parser: argparse.ArgumentParser, km: str) -> None:
    """Add what every question along a line has."""
    parser.add_argument("layer", metavar="LINE", help="the id of one line: a border, a wall, a river or your own")
    parser.add_argument("--km", required=True, metavar="X", help=km)
    parser.add_argument("--of", metavar="LAYER[,LAYER…]", help="the layers to lay along the line")
    parser.add_argument("--kind", metavar="KIND[,KIND…]", help="only features of these kinds")
    own(parser)


def own(parser: argparse.ArgumentParser) -> None:
    """Add the options that make a line one's own."""
    flag(parser, "reverse", "measure from the line's other end")
    parser.add_argument("--zero", metavar="KM", help="the kilometre of the line that is km 0")
    parser.add_argument("--pillars", metavar="LON,LAT,KM;…", help="boundary pillars with their official kilometres")
