"""The command `claims`, which can also write a claim of one's own."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from geodata.catalog import current, workspace
from geodata.claims import add as ledger
from geodata.commands.analyses import analysis
from geodata.commands.options import ask
from geodata.errors import BadData, BadValue
from geodata.formats import strict_json


def claims(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command `claims`."""
    analysis(parser)
    parser.add_argument("--add", metavar="FILE", help="put a claim of your own into the workspace: JSON; - for stdin")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
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
