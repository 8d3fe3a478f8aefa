"""The commands of `geodata`, a file for each family."""

from __future__ import annotations

import json
from typing import Any


def print_json(value: Any) -> None:
    """Print a JSON answer: Arabic as Arabic, no NaN."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1))


def print_table(rows: list[tuple[str, ...]]) -> None:
    """Print rows as columns padded to their widest cell."""
    if not rows:
        return
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
