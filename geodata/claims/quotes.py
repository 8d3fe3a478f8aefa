"""The words of a source that a claim rests on: parts of its text, with the figure that each is about marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

BETWEEN = " … "
"""What stands between two parts of a quotation."""


def of(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the parts that a claim quotes, in the order of the text; none where it quotes nothing.

    Each has `text`, `figures` (what of the text is marked), `paragraph`, and `start` and `end` in Unicode code points
    of the source's text; None where they are not known. A record that was written before offsets were recorded has
    its quotation in `quote_ar`.
    """
    if "quotes" in record:
        return [dict(part) for part in record["quotes"]]
    text = record.get("quote_ar")
    if not text:
        return []
    return [{"paragraph": record.get("paragraph"), "start": None, "end": None, "text": text, "figures": []}]


def segments(text: str, figures: Sequence[str]) -> list[tuple[str, bool]]:
    """Return a text cut at its figures, in order: each piece, and whether it is a figure. One it lacks marks nothing.

    >>> segments("على بعد 10 كم من", ["10 كم"])
    [('على بعد ', False), ('10 كم', True), (' من', False)]
    """
    pieces: list[tuple[str, bool]] = []
    rest = text
    for figure in figures:
        before, mark, after = rest.partition(figure)
        if mark:
            pieces += [(before, False), (mark, True)]
            rest = after
    return [(piece, marked) for piece, marked in [*pieces, (rest, False)] if piece]


def line(part: Mapping[str, Any]) -> str:
    """Return a part of a quotation for a terminal, its figures in brackets."""
    marked = "".join(f"[{piece}]" if figure else piece for piece, figure in segments(part["text"], part["figures"]))
    return f"«{marked}»"
