"""The announced wall: an illustration of the claim, walked along the border; never evidence, never tested against."""

from __future__ import annotations

import tomllib
from typing import Any

from scripts.layers import borders
from scripts.layers.geometry import between, chainage, length
from scripts.layers.write import TABLES, feature, rounded


def build() -> list[dict[str, Any]]:
    """Return the one line: from the Euphrates north along the Iraq–Syria border for the announced length."""
    table = tomllib.loads((TABLES / "wall.toml").read_text("utf-8"))
    border = borders.line("iq", "sy")
    start = chainage(border, (table["start"]["lon"], table["start"]["lat"]))
    path = rounded(between(border, start, start + table["announced_length_m"]))
    return [
        feature(
            "border-wall",
            path,
            **table["properties"],
            illustration=True,
            announced_length_m=table["announced_length_m"],
            announced_height_m=table["announced_height_m"],
            drawn_length_m=round(length(path), 1),
            border="border-iq-sy",
            start_chainage_m=round(start, 1),
            statements=table["statement"],
        )
    ]
