"""Lines that tell something stand out from their ground at 3:1 (WCAG 2.2, 1.4.11), on map, sheet and file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import geodata
import webapp

CSS = Path(webapp.__file__).parent / "static" / "css"
FILE = Path(geodata.__file__).parent / "formats" / "html_map_style.js"
GROUNDS = ["land", "neighbour"]
LINES = ["river", "governorate", "border-line", "border-other", "wall", "measured", "reported"]


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG 2.2."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_ratio() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def _variables(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})\b", css))


def _schemes() -> dict[str, dict[str, str]]:
    light, dark = (CSS / "base.css").read_text("utf-8").split("@media (prefers-color-scheme: dark)")
    report = (CSS / "report.css").read_text("utf-8").split("html.report {")[1].split("}")[0]
    dark = dark.split("@media")[0]
    return {"light": _variables(light), "dark": _variables(dark), "report": _variables(report)}


@pytest.mark.parametrize("scheme", ["light", "dark", "report"])
def test_lines_of_the_map(scheme: str) -> None:
    colours = _schemes()[scheme]
    lines = [line for line in LINES if line in colours]
    assert len(lines) >= 6
    weak = {
        (line, ground): round(ratio(colours[line], colours[ground]), 2)
        for line in lines
        for ground in GROUNDS
        if ratio(colours[line], colours[ground]) < 3
    }
    assert weak == {}
    assert ratio(colours["field"], colours["paper"]) >= 3


def test_lines_of_the_exported_map() -> None:
    style = FILE.read_text("utf-8")
    ground = re.search(r'country: {.*fillColor: "(#[0-9a-f]{6})"', style)[1]  # type: ignore[index]
    drawn = dict(re.findall(r'(governorate|region|river|border|wall): { color: "(#[0-9a-f]{6})"', style))
    assert len(drawn) == 5
    assert {line: colour for line, colour in drawn.items() if ratio(colour, ground) < 3} == {}
