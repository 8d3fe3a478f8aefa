"""The strip of the border ruler: the line straightened, each place at its kilometre and distance, on its side.

Positions only; `strip.html` draws them. Kilometres always grow to the right, in either language.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from geodata.analysis.number_format import length, stated, stretch

Item = Mapping[str, Any]

LEFT, RIGHT, TOP, HALF, FOOT = 104.0, 20.0, 20.0, 132.0, 32.0
"""Margins, and the height of either side, in pixels of the drawing."""
MOST = 120
"""Up to so many places each has its own sign; beyond, cells with their count."""
CELL = 14.0
NAME, NOTE = 6.8, 5.7
"""About how wide a letter of a name and of the note under it is, in either script."""
LINE = 15.0
_STEPS = (1, 2, 2.5, 5, 10)


def of(ruler: Item, gaps: Item | None, lang: str, width: float = 900.0, wall: Item | None = None) -> dict[str, Any]:
    """Return the drawing of a `ruler` answer, with the stretches of a `gaps` answer under it.

    `wall` is an announced stretch to shade: start_m and end_m along the line as it is ruled.
    """
    line = ruler["line"]
    start, end = line["start_m"], line["end_m"]
    scale = Scale(start, end, ruler["km"] * 1000, width)
    items = [item for item in ruler["items"] if item["distance_m"] is not None]
    many = len(items) > MOST
    shaded = _wall(wall, scale)
    placed = [] if many else _labelled([_mark(item, scale) for item in items], shaded, scale, lang)
    return {
        "width": width,
        "height": TOP + 2 * HALF + FOOT + (24 if gaps else 0),
        "axis": scale.axis,
        "left": LEFT,
        "right": width - RIGHT,
        "top": TOP,
        "bottom": scale.axis + HALF,
        "many": many,
        "marks": placed,
        "cells": _cells(items, scale) if many else [],
        "ticks": [{"x": scale.x(m["chainage_m"]), "text": stated(_km(m))} for m in ruler["marks"]],
        "levels": scale.levels(),
        "ends": {"start": stated(start / 1000), "end": length(end)["number"]},
        "sides": {"left": line["left"], "right": line["right"]},
        "gaps": _gaps(gaps, scale) if gaps else [],
        "gap_y": scale.axis + HALF + 38,
        "tick_y": scale.axis + HALF + 16,
        "wall": shaded,
        "start_m": start,
        "end_m": end,
    }


class Scale:
    """From metres along and off the line to pixels."""

    def __init__(self, start: float, end: float, reach: float, width: float) -> None:
        self.start, self.end, self.reach, self.width = start, end, reach, width
        self.axis = TOP + HALF

    def x(self, chainage: float) -> float:
        """Return where a chainage stands."""
        share = (chainage - self.start) / (self.end - self.start)
        return round(LEFT + min(max(share, 0.0), 1.0) * (self.width - LEFT - RIGHT), 1)

    def y(self, offset: float) -> float:
        """Return the height of an offset in metres, positive on the left side of the line."""
        return round(self.axis - min(max(offset / self.reach, -1.0), 1.0) * HALF, 1)

    def levels(self) -> list[dict[str, Any]]:
        """Return the horizontal lines of either side, with their kilometres."""
        step = _step(self.reach / 1000 / 3)
        steps = [step * index for index in range(1, int(self.reach / 1000 / step + 1e-9) + 1)]
        return [{"y": self.y(sign * km * 1000), "text": stated(km)} for sign in (1, -1) for km in steps] + [
            {"y": self.axis, "text": "0"}
        ]


def _step(rough: float) -> float:
    scale = 10.0 ** math.floor(math.log10(rough))
    return next(part * scale for part in _STEPS if part * scale >= rough * 0.999)


def _km(mark: Item) -> float:
    return float(mark["official_km"]) if mark["official_km"] is not None else mark["chainage_m"] / 1000


def _at(item: Item) -> str:
    """Return the kilometre of a place as the axis counts them: official ones where the line is calibrated."""
    return str((item["official_display"] or item["chainage_display"])["number"])


def _sign(item: Item) -> int:
    return {"left": 1, "right": -1}.get(item["side"], 0)


def _mark(item: Item, scale: Scale) -> dict[str, Any]:
    """Return a place's sign: where it stands, and the bars of its distance and of its kilometre."""
    side, distance = _sign(item), item["distance_m"]
    low, high = item["interval_m"] or (distance, distance)
    # Where the side is not clear, the place stands on the line and its bar reaches to both sides.
    ends = (side * low, side * high) if side else (-high, high)
    along = item["chainage_interval_m"] or (item["chainage_m"], item["chainage_m"])
    return {
        "id": item["id"],
        "x": scale.x(item["chainage_m"]),
        "y": scale.y(side * distance),
        "side": side,
        "bar": [scale.y(ends[0]), scale.y(ends[1])],
        "along": [scale.x(along[0]), scale.x(along[1])],
        "placeholder": item["placeholder"],
        "km": _at(item),
        "item": item,
    }


def _labelled(
    marks: list[dict[str, Any]], wall: Mapping[str, Any] | None, scale: Scale, lang: str
) -> list[dict[str, Any]]:
    """Give each sign a label on a free side of it, sites first; one that fits nowhere has none."""
    occupied = [(m["x"] - 10, m["y"] - 10, m["x"] + 10, m["y"] + 10) for m in marks]
    if wall:
        occupied.append((wall["middle"] - 140, TOP, wall["middle"] + 140, TOP + 2 * LINE + 4))
    for mark in sorted(marks, key=_label_priority):
        item = mark["item"]
        note = len(item["display"]["number"]) + len(item["chainage_display"]["number"]) + 9
        wide = max(NAME * len(item["name"][lang]), NOTE * note) + 8
        mark["label"] = None
        for x, y, anchor in _spots(mark, wide):
            box = (x - (wide if anchor == "end" else 0), y - LINE, x + (wide if anchor == "start" else 0), y + LINE + 3)
            if box[0] < LEFT - 60 or box[2] > scale.width or box[1] < 2 or box[3] > scale.axis + HALF + 2:
                continue
            if not any(_meet(box, other) for other in occupied):
                mark["label"] = {"x": round(x, 1), "y": round(y, 1), "anchor": anchor}
                occupied.append(box)
                break
    return marks


def _label_priority(mark: Mapping[str, Any]) -> tuple[bool, bool, bool, float]:
    """Return the sort key of labels: sites off the line, sites on it, events; placeholders last."""
    item = mark["item"]
    return mark["placeholder"], item["layer"] != "sites", not mark["side"], item["distance_m"]


def _spots(mark: Mapping[str, Any], wide: float) -> list[tuple[float, float, str]]:
    x, y = mark["x"], mark["y"]
    away = -1 if mark["side"] >= 0 else 1
    # Beside the sign first, then farther from the line, then nearer to it; what stands on the line is named off it.
    steps = (0, 1, -1, 2, -2, 3, -3, 4, -4, 6) if mark["side"] else (2, -2, 3, -3, 4, -4, 6, -6)
    rows = [away * LINE * step for step in steps]
    return [(x + shift, y + row, anchor) for row in rows for shift, anchor in ((14, "start"), (-14, "end"))]


def _meet(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _cells(items: Sequence[Item], scale: Scale) -> list[dict[str, Any]]:
    """Return how many places lie in each cell of a grid: every place is counted once."""
    counts: dict[tuple[int, int], list[Item]] = defaultdict(list)
    for item in items:
        x, y = scale.x(item["chainage_m"]), scale.y(_sign(item) * item["distance_m"])
        counts[int((x - LEFT) // CELL), int((y - TOP) // CELL)].append(item)
    most = max(len(contents) for contents in counts.values())
    return [
        {
            "x": round(LEFT + column * CELL, 1),
            "y": round(TOP + row * CELL, 1),
            "size": CELL,
            "count": len(contents),
            "share": round(0.25 + 0.75 * math.sqrt(len(contents) / most), 2),
            **_ends(min(entry["chainage_m"] for entry in contents), max(entry["chainage_m"] for entry in contents)),
        }
        for (column, row), contents in sorted(counts.items())
    ]


def _ends(low: float, high: float) -> dict[str, str]:
    return dict(zip(("from_km", "to_km"), stretch(low, high), strict=True))


def _gaps(gaps: Item, scale: Scale) -> list[dict[str, Any]]:
    drawn = []
    for gap in gaps["items"]:
        x1, x2 = scale.x(gap["start_m"]), scale.x(gap["end_m"])
        drawn.append({"x1": x1, "x2": x2, "certain": gap["certain"], "shown": gap["display"] if x2 - x1 > 90 else None})
    return drawn


def bars(profile: Item, width: float = 320.0, height: float = 64.0) -> list[dict[str, Any]]:
    """Return the bars of a `profile` answer: how many places, certainly and possibly, in each stretch of the line."""
    items = profile["items"]
    most = max((item["possible"] for item in items), default=0)
    if not most:
        return []
    step = width / len(items)
    return [
        {
            "x": round(index * step, 2),
            "width": round(max(step - 0.6, 0.6), 2),
            "certain": round(height * item["certainly"] / most, 1),
            "possible": round(height * item["possible"] / most, 1),
            "count": item["possible"],
            **_ends(item["start_m"], item["end_m"]),
            "periods": item["periods"],
            "unknown": item["unknown_dates"],
        }
        for index, item in enumerate(items)
    ]


def _wall(wall: Item | None, scale: Scale) -> dict[str, Any] | None:
    if wall is None or wall["end_m"] <= scale.start or wall["start_m"] >= scale.end:
        return None
    x1, x2 = scale.x(wall["start_m"]), scale.x(wall["end_m"])
    return {**wall, "x1": x1, "x2": x2, "width": round(x2 - x1, 1), "middle": round((x1 + x2) / 2, 1)}
