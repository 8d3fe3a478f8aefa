"""The order in which pdfium reads a line of a PDF, and what it is given so that it reads what was written.

pdfium (CPDF_TextPage, CFX_BidiString) sorts what stands in a line from left to right, parts it where the class of the
letters changes, and turns the parts round where most of them are Arabic: "49 ± 3 km" becomes "3 ± 49". Text that runs
against its line is therefore given to it in the order that comes out right, in a span that other readers pass over.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pikepdf import ContentStreamInstruction, Dictionary, Name, Object, Operator, String

from webapp.report.pdf_halos import Instructions

_WEAK = frozenset(("AN", "EN", "NSM", "CS", "ES", "ET", "BN"))
MIRRORED = dict(zip("()[]{}<>«»‹›", ")(][}{><»«›‹", strict=True))
BASELINE = 0.1
"""Points that the glyphs of one line differ in height at most."""
ROOM = 1.5
"""Ems from a glyph to the next that part two texts: no glyph is that wide."""


@dataclass(frozen=True)
class Shown:
    """A glyph: which one it is and in which instruction, what it stands for, where it is and how large."""

    number: int
    at: int
    text: str
    x: float
    y: float
    size: float


def kind(letter: str) -> str:
    """Return the class of a letter as pdfium has it: R, L, weak or neutral."""
    bidi_class = unicodedata.bidirectional(letter)
    if bidi_class in ("R", "AL"):
        return "R"
    return "L" if bidi_class == "L" else "weak" if bidi_class in _WEAK else "neutral"


def segments(text: str) -> list[str]:
    """Return the parts of a text whose letters have one class."""
    return ["".join(part) for _, part in itertools.groupby(text, kind)]


def is_rtl(line: str) -> bool:
    """Tell whether pdfium turns the parts of a line round: where there are as many Arabic ones as Latin ones."""
    kinds = [kind(part[0]) for part in segments(line)]
    return 0 < kinds.count("R") >= kinds.count("L")


def turned(text: str, rtl: bool) -> str:
    """Return what pdfium has to be given, within a line of that direction, to read a text.

    >>> turned("49 ± 3", True), turned("e88a", True)
    ('3 ± 49', 'a88e')
    """
    parts, direction = [], "R" if rtl else "L"
    for part in segments(text):
        part_kind = kind(part[0])
        direction = direction if part_kind in ("weak", "neutral") else part_kind
        if part_kind == "R" or (part_kind == "neutral" and direction == "R"):
            parts.append("".join(MIRRORED.get(letter, letter) for letter in reversed(part)))
        else:
            parts.append(part)
    return "".join(reversed(parts) if rtl else parts)


def ordered(content: Instructions, glyphs: Sequence[Shown], properties: Object, rtl: bool) -> Instructions:
    """Return the instructions of a page with spans round the glyphs that pdfium would turn the wrong way.

    In a file whose pages are read from right to left (`rtl`) every line is; else its letters decide.

    The glyphs of a run share one property list, by which pdfium knows that they are one; it is added to `properties`.
    """
    names: dict[int, Name] = {}
    for line in _lines(glyphs):
        turns = rtl or is_rtl(" ".join("".join(glyph.text for glyph in part) for part in _parts(line)))
        for run in _runs(line, "L" if turns else "R"):
            text = "".join(glyph.text for glyph in run)
            actual_text = turned(text if turns else text[::-1], turns)
            if actual_text != text:
                name = Name(f"/Run{len(properties.keys())}")
                properties[name] = Dictionary(ActualText=String(actual_text))
                names |= {glyph.at: name for glyph in run}
    end = ContentStreamInstruction([], Operator("EMC"))
    output: Instructions = []
    for at, one in enumerate(content):
        if at in names:
            output += [ContentStreamInstruction([Name.NonStruct, names[at]], Operator("BDC")), one, end]
        else:
            output.append(one)
    return output


def _lines(glyphs: Sequence[Shown]) -> Iterator[list[Shown]]:
    """Yield glyphs that stand on one baseline, from left to right."""
    line: list[Shown] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.y):
        if line and glyph.y - line[-1].y > BASELINE:
            yield sorted(line, key=lambda glyph: glyph.x)
            line = []
        line.append(glyph)
    yield sorted(line, key=lambda glyph: glyph.x)


def _runs(line: Sequence[Shown], against: str) -> Iterator[list[Shown]]:
    """Yield the runs of a line that are written against it: from one letter or digit of theirs to another."""
    own = {"L", "weak"} if against == "L" else {"R"}
    for part in _parts(line):
        run: list[Shown] = []
        for glyph in part:
            kinds = {"R" if letter == "،" else kind(letter) for letter in glyph.text}
            if not kinds or kinds - own - {"neutral", "weak"}:
                yield from _core(run)
                run = []
            elif run or kinds & own:
                run.append(glyph)
        yield from _core(run)


def _core(run: list[Shown]) -> Iterator[list[Shown]]:
    """Yield a run up to its last letter or digit, with the bracket that closes it, if that is more than one glyph."""
    last = max((at for at, glyph in enumerate(run) if any(map(str.isalnum, glyph.text))), default=-1)
    core = run[: last + 1]
    if last + 1 < len(run) and MIRRORED.get(run[last + 1].text) in [glyph.text for glyph in core]:
        core.append(run[last + 1])
    if len(core) > 1:
        yield core


def _parts(line: Sequence[Shown]) -> Iterator[list[Shown]]:
    """Yield what stands together in a line and was drawn together: the cells of a table, the labels of a chart."""
    part: list[Shown] = []
    for glyph in line:
        if part and (glyph.x - part[-1].x > ROOM * glyph.size or glyph.number != part[-1].number + 1):
            yield part
            part = []
        part.append(glyph)
    yield part
