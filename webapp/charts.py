"""The drawings beside a claim: bars on one axis, a dial, dots. Positions only; the templates draw them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from geodata.analysis.number_format import count, degrees, quantity, stated
from geodata.claims import quotes
from geodata.claims.checks.textual import span
from geodata.model import Interval

WIDTH = 260.0
_STEPS = (1, 2, 2.5, 5)
_ARABIC = re.compile("[\u0621-\u064a]")


def of(claim: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim's figures as written, and its drawing: a bar, a dial, dots, or none."""
    measured, interval, unit = claim["measured"], claim["interval"], claim["unit"]
    shown = None
    if unit == "°" and measured is not None and interval:
        shown = degrees(measured, (interval[1] - interval[0]) / 2)
    elif isinstance(measured, int | float) and interval:
        shown = dict(quantity(float(measured), float(interval[0]), float(interval[1]), unit or ""))
    by_others = claim["basis"] == "statements"
    interval_display = None
    if interval and unit != "°" and not by_others:
        interval_display = dict(quantity(None, float(interval[0]), float(interval[1]), unit or ""))
    return {
        "measured_display": None if by_others else shown,
        "stated_display": shown if by_others else None,
        "interval_display": interval_display,
        "others": [_statement(statement) for statement in claim["statements"]],
        "chart": _chart(claim),
        "quoted": [_quoted(part) for part in claim.get("quotes") or ()],
    }


def intervals(rows: Sequence[tuple[float, float, float | None]], line: float | None = None) -> dict[str, Any]:
    """Return intervals (low, high, middle) below each other on one axis, and a line across all of them."""
    top, step = _axis(max(high for _, high, _ in rows))
    return {
        "ticks": [{"at": _at(tick, top), "text": _stated(tick)} for tick in _ticks(top, step)],
        "bars": [_bar((low, high), middle, top) for low, high, middle in rows],
        "line": None if line is None else _at(line, top),
        "width": WIDTH,
        "height": 28 * len(rows),
    }


def _quoted(part: Mapping[str, Any]) -> dict[str, Any]:
    """Return a part of a quotation as it is shown: its pieces, those that are figures marked, and its script."""
    return {
        "paragraph": part["paragraph"],
        "pieces": quotes.segments(part["text"], part["figures"]),
        "arabic": bool(_ARABIC.search(part["text"])),
    }


def _statement(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what somebody else stated as it is shown: quantity, figure, name, place, date and source."""
    start, end = (record.get(f"date_{edge}") or record.get(edge) for edge in ("start", "end"))
    start = start or record.get("date")
    return {
        "quantity": record.get("quantity"),
        "figure": _figure(record),
        "name": record.get("name"),
        "place": record.get("place"),
        "date": start if end in (None, start) else f"{start} – {end}",
        "source": record.get("source"),
    }


def _figure(record: Mapping[str, Any]) -> str | None:
    """Return a stated figure: a number, two ends, or one end that is open."""
    if record.get("value") is not None:
        return _stated(record["value"])
    low, high = record.get("low"), record.get("high")
    if low is None:
        return None if high is None else f"≤ {_stated(high)}"
    if high is None:
        return f"≥ {_stated(low)}"
    return _stated(low) if low == high else f"{_stated(low)}–{_stated(high)}"


def _stated(number: float) -> str:
    """Return a figure with all of its digits, thousands apart."""
    return count(number) if number == int(number) else stated(number)


def _chart(claim: Mapping[str, Any]) -> dict[str, Any] | None:
    if claim["dial"]:
        return _dial(claim["dial"])
    stated = claim["basis"] == "statements"
    spans = [claim["reported"].get("interval"), None if stated else claim["interval"]]
    others = [statement for statement in claim["statements"] if {"value", "low", "high"} & set(statement)]
    dots = [span(statement) for statement in others if statement.get("together")] or [
        span(statement) for statement in others
    ]
    if stated and claim["interval"]:
        dots.append(Interval(*map(float, claim["interval"])))
    values = [end for ends in spans if ends for end in ends if end is not None] + [
        end for dot in dots for end in (dot.low, dot.high)
    ]
    if not values or claim["unit"] == "°":
        return None
    top, step = _axis(max(values))
    figure = claim["reported"].get("value")
    figure = float(figure) if isinstance(figure, int | float) else None
    return {
        "kind": "bar",
        "ticks": [{"at": _at(tick, top), "text": _stated(tick)} for tick in _ticks(top, step)],
        "reported": _bar(spans[0], figure, top),
        "measured": _bar(spans[1], claim["measured"] if isinstance(claim["measured"], int | float) else None, top),
        "by": claim["basis"],
        "dots": sorted({_at((dot.low + dot.high) / 2, top) for dot in dots}),
        "width": WIDTH,
    }


def _axis(most: float) -> tuple[float, float]:
    """Return the end of an axis and the step of its ticks: three to six of them."""
    rough = most * 1.08 / 5
    scale = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    step = next((part * scale for part in _STEPS if part * scale >= rough), 10 * scale)
    return math.ceil(most * 1.02 / step) * step, step


def _ticks(top: float, step: float) -> list[float]:
    return [step * index for index in range(round(top / step) + 1)]


def _at(value: float, top: float) -> float:
    return round(max(0.0, min(value, top)) / top * WIDTH, 1)


def _bar(ends: Any, middle: float | None, top: float) -> dict[str, float] | None:
    if not ends:
        return None
    # An end that is open is that of the axis.
    low, high = _at(float(ends[0]), top), _at(float(top if ends[1] is None else ends[1]), top)
    mark = _at(middle, top) if middle is not None else None
    return {"x": low, "width": max(2.0, round(high - low, 1)), **({"mark": mark} if mark is not None else {})}


def _dial(dial: Mapping[str, float]) -> dict[str, Any]:
    """Return a compass of radius 20: the reported sector and the measured hand, north up."""

    def point(degrees: float, radius: float) -> str:
        angle = math.radians(degrees)
        return f"{24 + radius * math.sin(angle):.1f} {24 - radius * math.cos(angle):.1f}"

    low, high = dial["low"], dial["high"]
    wide = 1 if (high - low) % 360 > 180 else 0
    sector = f"M24 24 L{point(low, 20)} A20 20 0 {wide} 1 {point(high, 20)} Z"
    return {"kind": "dial", "sector": sector, "hand": f"M24 24 L{point(dial['azimuth_deg'], 18)}", **dial}
