"""The command that cites a result, and opens a citation again."""

from __future__ import annotations

import argparse
from typing import Any

from geodata.catalog import current, workspace
from geodata.citations import rerun
from geodata.citations.cite import cite as citation_of
from geodata.citations.records import Results
from geodata.commands import json_option, print_json


def cite(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command `cite`."""
    parser.add_argument("id", metavar="ID", help="the id of a result that was asked in this workspace")
    parser.add_argument("--again", action="store_true", help="run it on the layers as they are now: same or changed")
    parser.add_argument("--bibtex", action="store_true", help="print BibTeX")
    json_option(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    results, id_ = Results(workspace()), arguments.id.strip()
    if arguments.again:
        comparison = rerun.again(id_, results, current())
        print_json(comparison) if arguments.json else _say(comparison)
        return 0 if comparison["status"] == "same" else 1
    citation = citation_of(id_, results, current())
    if arguments.json:
        print_json(citation)
    elif arguments.bibtex:
        print(citation["bibtex"], end="")
    else:
        print(citation["text"]["en"])
        print(citation["text"]["ar"])
    return 0


def _say(comparison: dict[str, Any]) -> None:
    print(f"result {comparison['result_id']}: {comparison['status']}; values: {comparison['values']}")
    for layer in comparison["layers"]:
        if layer["changed"]:
            missing = "" if layer["kept"] else "; the version asked was not kept"
            print(f"layer {layer['id']} changed, {layer['features_total']} features{missing}")
            for feature in layer["features"]:
                moved = f" {feature['moved_m']:.0f} m" if feature.get("moved_m") is not None else ""
                print(f"  {feature['id']}: {feature['change']}{moved}")
    for reason in (comparison["then_reason"], comparison["now_reason"]):
        if reason:
            print(reason)
    for value in comparison["differences"]:
        rows = f" ({', '.join(value['rows'])})" if value["rows"] else ""
        print(f"  {value['path']}: {value['then']} → {value['now']}{rows}")
