"""The text of a printed PDF, mended so that readers find and copy what was written.

Chromium draws Arabic glyph by glyph from left to right, says of each what it stands for in an ActualText span, and
draws the halo of a label as text of its own. Of what readers make of that (poppler's pdftotext, pdfium), lam-alef comes
out as alif and lam, words backwards, and labels twice. Here:

- A glyph of Arabic stands for its letters by the font's ToUnicode map alone, those of a ligature from left to right as
  everything else is drawn: readers turn the whole line round.
- A letter with vowel marks is one glyph that stands for all of them, in a copy of its font with a map of its own. The
  marks are drawn last and stand for nothing.
- A letter after which the font leaves room (ي before ر in سوريا) is as wide as its room, in such a copy: poppler would
  part the word.
- A bracket keeps its span; pdfium, which mirrors by itself, reads a second one within.
- A halo is drawn as shapes.
"""

from __future__ import annotations

import io
import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pikepdf
from pikepdf import ContentStreamInstruction, Dictionary, Name, Operator

from webapp.report.pdf_fonts import Font, drawn, is_arabic
from webapp.report.pdf_halos import Instructions, actual_text, moved, without_halos
from webapp.report.pdf_order import Shown, ordered

_EMC = ContentStreamInstruction([], Operator("EMC"))
_SAVE, _RESTORE = (ContentStreamInstruction([], Operator(name)) for name in "qQ")
_COLOURS = ("rg", "g", "k", "sc", "scn", "cs", "gs")
Matrix = pikepdf.Matrix


def mended(data: bytes, rtl: bool) -> bytes:
    """Return a PDF that Chromium printed with text that can be searched and copied.

    `rtl`: whether every page of it is read from right to left.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        if rtl:
            # By this readers know, too (PDF 32000-1, 12.2).
            pdf.Root.ViewerPreferences = Dictionary(Direction=Name.R2L)
        fonts: dict[tuple[int, int], Font] = {}
        for page in pdf.pages:
            for stream in _streams(page):
                content = without_halos(pdf, stream)
                _write(pdf, stream, _Content(pdf, stream, fonts, rtl).mended(content))
        for font in fonts.values():
            font.write(pdf)
        output = io.BytesIO()
        pdf.save(output, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return output.getvalue()


def _streams(page: pikepdf.Page) -> Iterator[pikepdf.Object]:
    """Yield a page and the forms it draws: what has fonts and a content stream."""
    pending: list[pikepdf.Object] = [page.obj]
    seen: set[tuple[int, int]] = set()
    while pending:
        one = pending.pop()
        if one.objgen in seen:
            continue
        seen.add(one.objgen)
        resources = one.get("/Resources", Dictionary())
        forms = resources.get("/XObject", Dictionary())
        pending += [form for form in forms.values() if form.get("/Subtype") == Name.Form]
        if "/Font" in resources:
            yield one


def _write(pdf: pikepdf.Pdf, stream: pikepdf.Object, content: Instructions) -> None:
    data = pikepdf.unparse_content_stream(content)
    if isinstance(stream, pikepdf.Stream):
        stream.write(data)
    else:
        stream.Contents = pdf.make_stream(data)


def _span(tag: str, text: str) -> ContentStreamInstruction:
    return ContentStreamInstruction([Name(tag), Dictionary(ActualText=pikepdf.String(text))], Operator("BDC"))


@dataclass
class _State:
    """What decides how a glyph is drawn: the matrices, the colour, the font and its size."""

    ctm: Matrix = field(default_factory=Matrix)
    line: Matrix = field(default_factory=Matrix)
    colours: dict[str, ContentStreamInstruction] = field(default_factory=dict)
    font: str = ""
    size: pikepdf.Object | int | float | Decimal = 0

    def follow(self, one: ContentStreamInstruction) -> None:
        """Take over what an instruction changes."""
        operator, operands = str(one.operator), one.operands
        if operator == "cm":
            self.ctm = Matrix(*(float(number) for number in operands)) @ self.ctm
        elif operator in ("BT", "Tm", "Td"):
            self.line = moved(self.line, one)
        elif operator == "Tf":
            self.font, self.size = str(operands[0]), operands[1]
        elif operator in _COLOURS:
            self.colours = {**self.colours, operator: one}


class _Content:
    """The content stream of one page or form."""

    def __init__(self, pdf: pikepdf.Pdf, stream: pikepdf.Object, fonts: dict[tuple[int, int], Font], rtl: bool) -> None:
        self.rtl = rtl
        self.pdf, self.named = pdf, stream.Resources.Font
        if "/Properties" not in stream.Resources:
            stream.Resources.Properties = Dictionary()
        self.properties: pikepdf.Object = stream.Resources.Properties
        for obj in self.named.values():
            if obj.objgen not in fonts:
                fonts[obj.objgen] = Font.of(obj)
        self.fonts = {name: fonts[obj.objgen] for name, obj in self.named.items()}
        self.state, self.saved = _State(), list[_State]()
        self.output, self.marks = Instructions(), Instructions()
        self.copies: dict[tuple[str, int], str] = {}
        self.rooms: dict[int, float] = {}

    def mended(self, content: Instructions) -> Instructions:
        """Return the instructions with spans replaced by the maps of fonts, and vowel marks at their end."""
        self.rooms = dict(_rooms(content))
        open_: list[bool] = []
        at = 0
        while at < len(content):
            one = content[at]
            operator = str(one.operator)
            if operator in ("BDC", "BMC"):
                end = _actual(content, at)
                if end:
                    self._glyphs(actual_text(one), content[at + 1 : end], at + 1)
                    at = end + 1
                    continue
                open_.append(str(one.operands[0]) != "/ReversedChars")
                is_kept = open_[-1]
            else:
                is_kept = open_.pop() if operator == "EMC" and open_ else True
            known = self._known(one) if operator == "Tj" else ""
            if is_arabic(known):
                self._letter(one, known[::-1], at)
            elif is_kept:
                self._append(one)
            at += 1
        for (name, number), twin in self.copies.items():
            self.named[twin] = self.fonts[name].copied(self.pdf, number)
        # What stands for nothing: to poppler by the outer span, to pdfium by the inner one.
        artifact = ContentStreamInstruction([Name.Artifact], Operator("BMC"))
        hidden = [artifact, _span("/Span", ""), _span("/NonStruct", "\x01"), *self.marks, _EMC, _EMC, _EMC]
        content = ordered(self.output, list(self._shown()), self.properties, self.rtl)
        return [_SAVE, *content, _RESTORE, *hidden] if self.marks else content

    def _shown(self) -> Iterator[Shown]:
        """Yield the glyphs of what was written."""
        state, saved, count = _State(), list[_State](), itertools.count()
        fonts = {name: (font, font.texts) for name, font in self.fonts.items()}
        for (name, number), twin in self.copies.items():
            texts = {code: glyph.text for code, glyph in self.fonts[name].copies[number].items()}
            fonts[twin] = (self.fonts[name], texts)
        for at, one in enumerate(self.output):
            operator = str(one.operator)
            if operator == "q":
                saved.append(_State(**vars(state)))
            elif operator == "Q" and saved:
                state = saved.pop()
            elif operator == "Tj":
                font, texts = fonts[state.font]
                codes = bytes(one.operands[0])
                text = "".join(
                    texts.get(int.from_bytes(codes[first : first + font.bytes_]), "")
                    for first in range(0, len(codes), font.bytes_)
                )
                place = state.line @ state.ctm
                yield Shown(next(count), at, text, place.e, place.f, float(state.size) * abs(place.a))
            else:
                state.follow(one)

    def _append(self, one: ContentStreamInstruction) -> None:
        operator = str(one.operator)
        if operator == "q":
            self.saved.append(self.state)
            self.state = _State(**vars(self.state))
        elif operator == "Q" and self.saved:
            self.state = self.saved.pop()
        else:
            self.state.follow(one)
        self.output.append(one)

    def _known(self, one: ContentStreamInstruction) -> str:
        """Return what the font says a glyph stands for; nothing where several are written at once."""
        font, code = self.fonts[self.state.font], bytes(one.operands[0])
        return font.texts.get(int.from_bytes(code), "") if len(code) == font.bytes_ else ""

    def _glyphs(self, text: str, inside: Sequence[ContentStreamInstruction], first: int) -> None:
        """Write the glyphs that stand together for a text: of Arabic, one of them for all of it."""
        if not is_arabic(text):
            mirrored = len(text) == 1 and bool(unicodedata.mirrored(text))
            spans = [_span("/Span", text), *([_span("/NonStruct", "")] if mirrored else [])]
            self.output += spans
            for one in inside:
                self._append(one)
            self.output += [_EMC] * len(spans)
            return
        shown = [at for at, one in enumerate(inside) if str(one.operator) == "Tj"]
        base = self._base(inside, shown)
        for at, one in enumerate(inside):
            if at == base:
                self._letter(one, text, first + at)
            elif at in shown:
                self._mark(one)
            else:
                self._append(one)

    def _base(self, inside: Sequence[ContentStreamInstruction], shown: Sequence[int]) -> int:
        """Return which of the glyphs is the letter: the last that stands for one, not for a mark."""
        base, font = shown[-1], self.state.font
        for at, one in enumerate(inside):
            if str(one.operator) == "Tf":
                font = str(one.operands[0])
            elif at in shown:
                known = self.fonts[font].texts.get(int.from_bytes(bytes(one.operands[0])), "")
                if is_arabic(known) and not all(unicodedata.combining(letter) for letter in known):
                    base = at
        return base

    def _letter(self, one: ContentStreamInstruction, text: str, at: int) -> None:
        """Write a glyph that stands for a text, in the copy of its font where it does."""
        code, name = int.from_bytes(bytes(one.operands[0])), self.state.font
        room = self.rooms.get(at)
        number = self.fonts[name].copy(code, drawn(text), None if room is None else room / float(self.state.size))
        if number is None:
            self.output.append(one)
            return
        twin = self.copies.setdefault((name, number), f"{name}x{number}")
        select = [ContentStreamInstruction([Name(font), self.state.size], Operator("Tf")) for font in (twin, name)]
        self.output += [select[0], one, select[1]]

    def _mark(self, one: ContentStreamInstruction) -> None:
        """Draw a mark where it stands, but after everything else."""
        state = self.state
        select = ContentStreamInstruction([Name(state.font), state.size], Operator("Tf"))
        self.marks += [
            _SAVE,
            ContentStreamInstruction(list(state.ctm.shorthand), Operator("cm")),
            *state.colours.values(),
            ContentStreamInstruction([], Operator("BT")),
            select,
            ContentStreamInstruction(list(state.line.shorthand), Operator("Tm")),
            one,
            ContentStreamInstruction([], Operator("ET")),
            _RESTORE,
        ]


def _rooms(content: Instructions) -> Iterator[tuple[int, float]]:
    """Yield the numbers of glyphs with how far the next one in their line is, in the units of the text."""
    last = None
    for at, one in enumerate(content):
        operator = str(one.operator)
        if operator == "Td" and last is not None:
            if float(one.operands[1]) == 0:
                yield last, float(one.operands[0])
            last = None
        elif operator in ("Tj", "Tm", "ET"):
            last = at if operator == "Tj" else None


def _actual(content: Instructions, at: int) -> int:
    """Return where the span that begins at an instruction ends, if it has an ActualText; else 0."""
    if not actual_text(content[at]):
        return 0
    return next(end for end in range(at, len(content)) if str(content[end].operator) == "EMC")
