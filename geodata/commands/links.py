"""The command that proposes links between rows of several layers that may be the same event."""

from __future__ import annotations

import argparse
from typing import Any

from geodata.catalog import current
from geodata.commands import json_option, print_json, print_table
from geodata.errors import BadValue
from geodata.model import rounded_json

LIMIT, MOST_KM, MOST_DAYS = 100, 100.0, 366


def links(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command `links`."""
    parser.add_argument("layers", nargs="+", metavar="LAYER", help="two or more layers of events")
    parser.add_argument("--km", type=float, default=0.0, metavar="X", help="how far apart discs may lie (default 0)")
    parser.add_argument("--days", type=int, default=0, metavar="N", help="how far apart days may lie (default 0)")
    parser.add_argument(
        "--limit", type=int, default=LIMIT, metavar="N", help=f"the most links listed (default {LIMIT})"
    )
    json_option(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    # DuckDB is needed here alone.
    from geodata.events import event_links

    for name, most in (("km", MOST_KM), ("days", MOST_DAYS)):
        if not 0 <= getattr(arguments, name) <= most:
            raise BadValue(f"--{name}", getattr(arguments, name), "number_range", least=0, most=most)
    layers = [current().layer(name.strip()) for name in arguments.layers]
    answer = rounded_json(event_links.links(layers, arguments.km, arguments.days, max(0, arguments.limit)))
    if arguments.json:
        print_json(answer)
        return 0
    for layer in answer["layers"]:
        reasons = ", ".join(f"{count:,} {reason.replace('_', ' ')}" for reason, count in layer["left_out"].items())
        print(f"{layer['layer']}: {layer['compared']:,} of {layer['rows']:,} rows compared ({reasons})")
    low, high = answer["events"]
    noun = "link" if answer["total"] == 1 else "links"
    print(f"{answer['total']:,} {noun} proposed: {low:,} to {high:,} events")
    print_table([_cells(item) for item in answer["items"]])
    return 0


def _cells(item: dict[str, Any]) -> tuple[str, ...]:
    low, high = (f"{end:,.0f}" for end in item["interval_m"])
    days = "–".join(str(end) for end in dict.fromkeys(item["days_between"]))
    overlap = {True: "deaths overlap", False: "deaths apart", None: "deaths not comparable"}[item["deaths"]["overlap"]]
    return item["a"], item["b"], f"{low}–{high} m", f"{days} days", overlap, ", ".join(item["shared_actors"])
