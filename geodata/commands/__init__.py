"""The commands of `geodata`, a file for each family."""

from __future__ import annotations

import argparse
import json
from typing import Any

from geodata.analysis.text_lines import aligned


def json_option(parser: argparse.ArgumentParser) -> None:
    """Add the option --json."""
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def print_json(value: Any) -> None:
    """Print a JSON answer: Arabic as Arabic, no NaN."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1))


def print_table(rows: list[tuple[str, ...]]) -> None:
    """Print rows as columns padded to their widest cell."""
    for line in aligned(rows):
        print(line)
