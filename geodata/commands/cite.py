"""The command that cites a result, and opens a citation again."""

from __future__ import annotations

import argparse
from typing import Any

from geodata.catalog import current, workspace
from geodata.citations import cite, rerun
from geodata.commands import print_json
from geodata.store.results import Results


def add(commands: Any) -> None:
    """Add the command `cite`."""
    made = commands.add_parser("cite", help="Cite a result by its id, or run a recorded one again")
    made.add_argument("id", metavar="ID", help="the id of a result that was asked in this workspace")
    made.add_argument("--again", action="store_true", help="run it on the layers as they are now: same or changed")
    made.add_argument("--bibtex", action="store_true", help="print BibTeX")
    made.add_argument("--json", action="store_true", help="answer in JSON")
    made.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    results, id_ = Results(workspace()), asked.id.strip()
    if asked.again:
        found = rerun.again(id_, results, current())
        print_json(found) if asked.json else _say(found)
        return 0 if found["status"] == "same" else 1
    made = cite.cite(id_, results, current())
    if asked.json:
        print_json(made)
    elif asked.bibtex:
        print(made["bibtex"], end="")
    else:
        print(made["text"]["en"])
        print(made["text"]["ar"])
    return 0


def _say(found: dict[str, Any]) -> None:
    print(f"result {found['result_id']}: {found['status']}; values: {found['values']}")
    for layer in found["layers"]:
        if layer["changed"]:
            kept = "" if layer["kept"] else "; the version asked was not kept"
            print(f"layer {layer['id']} changed, {layer['features_total']} features{kept}")
            for feature in layer["features"]:
                moved = f" {feature['moved_m']:.0f} m" if feature.get("moved_m") is not None else ""
                print(f"  {feature['id']}: {feature['change']}{moved}")
    for reason in (found["then_reason"], found["now_reason"]):
        if reason:
            print(reason)
    for value in found["differences"]:
        print(f"  {value['path']}: {value['then']} → {value['now']}")
