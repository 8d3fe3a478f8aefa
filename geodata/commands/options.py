"""How a command asks an analysis: its outputs, its parameters, and what is written."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from geodata import registry
from geodata.analysis.tied_feet import TIES
from geodata.catalog import current, workspace
from geodata.commands import print_json
from geodata.commands.output import say
from geodata.errors import BadValue, Refused, Unwritable
from geodata.formats import geojson
from geodata.model import Result
from geodata.store.geojson_store import write_whole
from geodata.store.results import Results

PLACE = "a feature id, layer/id, a layer id, LON,LAT, or LINESTRING (LON LAT, …)"
NAMES = tuple(dict.fromkeys(p.name for analysis in registry.analyses().values() for p in analysis.parameters))
"""Every parameter of every analysis."""


def command(commands: Any, name: str, help_: str) -> argparse.ArgumentParser:
    """Add a command that asks the analysis of its own name."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_, description=help_)
    outputs(parser)
    parser.set_defaults(run=lambda arguments: ask(name, arguments))
    return parser


def outputs(parser: argparse.ArgumentParser) -> None:
    """Add the options that every question has."""
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.add_argument("--geojson", metavar="FILE", help="also write what was measured as GeoJSON; - for stdout")


def target(parser: argparse.ArgumentParser) -> None:
    """Add the option that names what is measured to."""
    parser.add_argument("--to", "--target", dest="target", required=True, metavar="B", help=PLACE)


def sensitive(parser: argparse.ArgumentParser) -> None:
    """Add the option that gives the answer by each boundary source."""
    flag(parser, "sensitivity", "also the answer by each boundary source held, where the target is a border")


def with_ties(parser: argparse.ArgumentParser) -> None:
    """Add the option that lists every foot an uncertain place may have."""
    help_ = "of one place: feet that are as near (equal), or every one it may have within its uncertainty (all)"
    parser.add_argument("--ties", choices=TIES.allowed, help=help_)


def flag(parser: argparse.ArgumentParser, name: str, help_: str) -> None:
    """Add an option that needs no value."""
    parser.add_argument(f"--{name}", action="store_const", const="true", help=help_)


def ask(name: str, arguments: argparse.Namespace) -> int:
    """Run an analysis on what was typed, and print or write the answer."""
    values = {key: value for key in NAMES if (value := getattr(arguments, key, None)) is not None}
    return give(registry.run(name, values, current()), arguments)


def give(result: Result, arguments: argparse.Namespace, why_not: str | None = None) -> int:
    """Print or write a result as the options ask, and record it so that it can be cited.

    `why_not` says why it cannot be; a workspace that cannot be written is another reason, and no failure.
    """
    if why_not is None:
        try:
            Results(workspace()).remember(result)
        except (Unwritable, Refused) as error:
            why_not = str(error)
    if arguments.geojson:
        _write(result, arguments.geojson)
    if arguments.geojson == "-":
        return 0
    if arguments.json:
        print_json({**result.to_dict(), "citable": why_not is None, "not_citable": why_not})
        return 0
    say(result)
    if why_not is not None:
        print(f"geodata: this result cannot be cited: {why_not}", file=sys.stderr)
    return 0


def _write(result: Result, to: str) -> None:
    collection = result.to_geojson()
    data = geojson.write(collection["features"], {"masafa": collection["masafa"]})
    if to == "-":
        print(data.decode(), end="")
    elif Path(to).suffix not in (".geojson", ".json"):
        raise BadValue("--geojson", to, "geojson_name")
    else:
        write_whole(Path(to), data)
