"""Answers as lines of English text for the command line: aligned columns, and the rows of items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from geodata.analysis.number_format import kilometres

Body = Mapping[str, Any]
HEAD = frozenset({"schema", "analysis", "code_version", "result_id"})
"""Members that every answer has (`Result.to_dict`)."""


def aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield rows as columns padded to their widest cell."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def shown(display: Mapping[str, str]) -> str:
    """Return number and unit as one text."""
    return f"{display['number']} {display['unit']}".replace(" °", "°").replace("km2", "km²")


def items(body: Body) -> Iterator[str]:
    """Yield a row for each item of an answer, or for the answer itself where it is about one place.

    Of an answer that is about no place, its plain values by name.
    """
    entries = body.get("items", [body])
    if not all("id" in item for item in entries):
        yield from aligned([(key, str(value)) for item in entries for key, value in scalars(item)])
        return
    yield from aligned([_row(item) for item in entries])
    yield from by_boundary(entries)


def scalars(body: Body) -> Iterator[tuple[str, str | int | float]]:
    """Yield the texts and numbers of an answer that are its own, not its head's."""
    for key, value in body.items():
        if key not in HEAD and isinstance(value, str | int | float):
            yield key, value


def by_boundary(entries: Sequence[Body]) -> Iterator[str]:
    """Yield the answer by each boundary source, of the items that have it."""
    rows = [(item["id"], row) for item in entries for row in item.get("sensitivity") or ()]
    yield from aligned([("", id_, f"by {row['line_name']['en']}", shown(row["display"])) for id_, row in rows])


def reference(body: Body) -> Iterator[str]:
    """Yield the line that an answer runs along, with what must be known of it."""
    line = body["line"]
    yield f"{line['name']['en']}: {shown(line['display'])}, {line['vertices']} vertices; {', '.join(line['sources'])}"
    for assumption in body["assumptions"]:
        yield f"  {assumption['en']}"
    for loop in body["loops"]:
        ends = (kilometres(at, at, at, is_length=False)["number"] for at in (loop["start_m"], loop["end_m"]))
        yield f"  loop from km {' to km '.join(ends)}"


def placeholder(item: Body) -> str:
    """Return the word for a position that stands for somewhere there."""
    return "placeholder" if item.get("placeholder") else ""


def _row(item: Body) -> tuple[str, ...]:
    along = ""
    if item.get("chainage_m") is not None:
        along = f"km {item['chainage_display']['number']}" + (", beyond the end" if item["beyond_end"] else "")
    if item.get("tied") and item.get("ties"):
        feet = [_tie(foot, item) for foot in item["ties"]]
        if item["ties_more"]:
            feet.append(f"{item['ties_more']} more")
        along = f"{along} (also as near: {', '.join(feet)})".lstrip()
    country = item.get("country")
    country_text = "" if not country else country["id"] + ("" if country["certain"] else " (not certain)")
    return (
        item["id"],
        shown(item["display"]) if item.get("display") else _missing(item),
        item.get("within") or "",
        f"to {item['target']}" if item.get("target") else "",
        along,
        country_text,
        placeholder(item),
    )


def _missing(item: Body) -> str:
    """Return what stands for a figure that there is none of: a country has no direction from its own middle."""
    return "no position" if item.get("distance_m") is None else "undetermined"


def _tie(foot: Body, item: Body) -> str:
    along = f"km {foot['chainage_display']['number']}" if foot["chainage_display"] else ""
    return along if foot["target"] == item["target"] else f"{foot['target']} {along}".rstrip()
