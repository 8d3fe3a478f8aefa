"""The halo round the labels of a map, which Chromium prints as text of its own: drawn as shapes instead."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

import pikepdf
from pikepdf import Array, ContentStreamInstruction, Dictionary, Matrix, Name, Operator

_COLOURS = ("rg", "g", "k", "sc", "scn", "cs")
_MARKS = ("BMC", "BDC", "EMC")
_CONTROLS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+")
Instructions = list[ContentStreamInstruction]


def without_halos(pdf: pikepdf.Pdf, stream: pikepdf.Object) -> Instructions:
    """Return the instructions of a page or form, where a text that is drawn twice is text the second time only.

    The first time is the halo: outlines of glyphs, each of them a procedure of a Type 3 font (PDF 32000-1, 9.6.5); as a
    form it draws the same.
    """
    content = list(_without_controls(pikepdf.parse_content_stream(stream)))
    fonts = stream.Resources.Font
    halos = set(_halos(content, fonts))
    if not halos:
        return content
    forms = _Forms(pdf, stream)
    output: Instructions = []
    for at, one in enumerate(content):
        operator = str(one.operator)
        if at not in halos:
            output.append(one)
        elif operator == "Tj":
            output += forms.drawn(fonts[forms.font], bytes(one.operands[0]))
        elif operator not in _MARKS:
            forms.follow(one)
    return output


def _halos(content: Instructions, fonts: pikepdf.Object) -> Iterator[int]:
    """Yield the numbers of the instructions of halos: of texts in one colour that are repeated in the next."""
    groups: list[list[int]] = [[]]
    inside = False
    for at, one in enumerate(content):
        operator = str(one.operator)
        if operator == "BT":
            inside = True
        if inside:
            groups[-1].append(at)
        elif operator in _COLOURS or operator not in _MARKS:
            groups.append([])
        if operator == "ET":
            inside = False
    drawn = [group for group in groups if group]
    for group, following in itertools.pairwise(drawn):
        used = {str(content[at].operands[0]) for at in group if str(content[at].operator) == "Tf"}
        if _places(content, group) == _places(content, following) and all(
            fonts[name].Subtype == Name.Type3 for name in used
        ):
            yield from group


def _places(content: Instructions, group: list[int]) -> list[Matrix]:
    """Return where the glyphs of a group stand."""
    line, places = Matrix(), []
    for at in group:
        line = moved(line, content[at])
        if str(content[at].operator) == "Tj":
            places.append(line)
    return places


def moved(line: Matrix, one: ContentStreamInstruction) -> Matrix:
    """Return the line matrix after an instruction (PDF 32000-1, 9.4.2)."""
    operator = str(one.operator)
    if operator == "Tm":
        return Matrix(*(float(number) for number in one.operands))
    if operator == "Td":
        return Matrix(1, 0, 0, 1, float(one.operands[0]), float(one.operands[1])) @ line
    return Matrix() if operator == "BT" else line


def _without_controls(content: Iterable[object]) -> Iterator[ContentStreamInstruction]:
    """Yield the instructions but for the blanks that are drawn for controls of direction, which nobody wrote."""
    hidden = 0
    for one in content:
        if not isinstance(one, ContentStreamInstruction):
            raise TypeError("Chromium writes no inline images")
        operator = str(one.operator)
        if operator in ("BDC", "BMC") and (hidden or _CONTROLS.fullmatch(actual_text(one))):
            hidden += 1
        elif operator == "EMC" and hidden:
            hidden -= 1
        elif not (hidden and operator == "Tj"):
            yield one


def actual_text(one: ContentStreamInstruction) -> str:
    if len(one.operands) < 2 or not isinstance(one.operands[1], Dictionary):
        return ""
    return str(one.operands[1].get("/ActualText", ""))


class _Forms:
    """The glyphs of Type 3 fonts as forms of a page, and where the next of them stands."""

    def __init__(self, pdf: pikepdf.Pdf, stream: pikepdf.Object) -> None:
        self.pdf = pdf
        if "/XObject" not in stream.Resources:
            stream.Resources.XObject = Dictionary()
        self.named = stream.Resources.XObject
        self.names: dict[tuple[str, int], str] = {}
        self.font, self.size, self.line = "", 0.0, Matrix()

    def follow(self, one: ContentStreamInstruction) -> None:
        """Take over the font or the position that an instruction sets."""
        if str(one.operator) == "Tf":
            self.font, self.size = str(one.operands[0]), float(one.operands[1])
        self.line = moved(self.line, one)

    def drawn(self, font: pikepdf.Object, codes: bytes) -> Instructions:
        """Return what draws glyphs as forms, one after the other."""
        output: Instructions = []
        place, scale = self.line, Matrix(*(float(number) for number in font.FontMatrix))
        for code in codes:
            matrix = Matrix(self.size, 0, 0, self.size, 0, 0) @ place
            output += [
                ContentStreamInstruction([], Operator("q")),
                ContentStreamInstruction(list(matrix.shorthand), Operator("cm")),
                ContentStreamInstruction([Name(self._form(font, code))], Operator("Do")),
                ContentStreamInstruction([], Operator("Q")),
            ]
            advance = float(font.Widths[code - int(font.FirstChar)]) * scale.a * self.size
            place = Matrix(1, 0, 0, 1, advance, 0) @ place
        return output

    def _form(self, font: pikepdf.Object, code: int) -> str:
        name = self.names.get((self.font, code))
        if name is None:
            name = self.names[self.font, code] = f"/Halo{len(self.names)}"
            self.named[name] = self._made(font, code)
        return name

    def _made(self, font: pikepdf.Object, code: int) -> pikepdf.Object:
        """Return the procedure of a glyph as a form: without the width it begins with (d0, d1)."""
        procedure = font.CharProcs[_glyph(font, code)]
        content = [one for one in pikepdf.parse_content_stream(procedure) if str(one.operator) not in ("d0", "d1")]
        form = self.pdf.make_stream(pikepdf.unparse_content_stream(content))
        form.Type, form.Subtype, form.Matrix, form.BBox = Name.XObject, Name.Form, font.FontMatrix, font.FontBBox
        form.Resources = font.get("/Resources", Dictionary())
        return form


def _glyph(font: pikepdf.Object, code: int) -> str:
    """Return the name of a code's glyph; the differences are names, and numbers that the next names count from."""
    at = 0
    for one in Array(font.Encoding.Differences):
        if isinstance(one, Name):
            if at == code:
                return str(one)
            at += 1
        else:
            at = int(one)
    raise KeyError(code)
