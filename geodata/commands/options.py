"""How a command asks an analysis: its outputs, its parameters, and what is written."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from geodata import registry
from geodata.catalog import current, workspace
from geodata.citations.records import Results
from geodata.commands import print_json
from geodata.errors import BadValue, Refused, Unwritable
from geodata.formats import geojson
from geodata.model import Result
from geodata.store.geojson_store import write_whole


def outputs(parser: argparse.ArgumentParser) -> None:
    """Add the options that every question has."""
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.add_argument("--geojson", metavar="FILE", help="also write what was measured as GeoJSON; - for stdout")


def ask(name: str, arguments: argparse.Namespace, names: Iterable[str] = ()) -> int:
    """Run an analysis on what was typed for its parameters, or those of the names, and print or write the answer."""
    names = names or [parameter.name for parameter in registry.analyses()[name].parameters]
    values = {key: value for key in names if (value := getattr(arguments, key, None)) is not None}
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
    for line in registry.analyses()[result.analysis].lines(result.to_dict()):
        print(line)
    print(f"result {result.id} · {result.to_dict()['notice']['en']}")
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
