"""The figures of an answer, each with an id, its name and how it is shown: what the page of a result compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from geodata.analysis.text_lines import scalars
from geodata.model import Text

SHOWN = ("display", "chainage_display", "interval_display", "azimuth_display")
"""Where an answer writes its figures for people."""


class Figure(NamedTuple):
    """A figure of an answer; `shown` is number and unit, a count, or a claim whole; None where there is none."""

    id: str
    name: Text
    shown: Mapping[str, Any] | None


def items(body: Mapping[str, Any]) -> Iterator[Figure]:
    """Yield the figure of each item of an answer, or of the answer itself; else its plain values by name."""
    entries = body.get("items")
    named = False
    for item in entries if isinstance(entries, list) else [body]:
        name = item.get("name") or item.get("title") or item.get("words")
        if name:
            named = True
            yield Figure(str(item.get("id", item.get("start_m"))), name, _shown(item))
    if not named and not isinstance(entries, list):
        for key, value in scalars(body):
            yield Figure(key, {"en": key, "ar": key}, {"number": str(value), "unit": ""})


def _shown(item: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if item.get("verdict"):
        return item
    return next((item[key] for key in SHOWN if item.get(key)), None)
