"""The fonts of a printed PDF: what their codes stand for, and copies where a code stands for more or is wider."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name

_SECTION = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f]*)>")
ROOM = (0.04, 0.25)
"""Ems between letters of one word: less is none, more is between words."""


def is_arabic(text: str) -> bool:
    """Tell whether a text has a letter that is written from right to left."""
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


def drawn(text: str) -> str:
    """Return the letters of one glyph from left to right; presentation forms as the letters they are forms of.

    >>> drawn("ﻻ") == "لا"[::-1], drawn("ﺴ"), drawn("fi")
    (True, 'س', 'fi')
    """
    letters = "".join(unicodedata.normalize("NFKC", one) if "\ufb50" <= one <= "\ufeff" else one for one in text)
    return letters[::-1] if is_arabic(letters) else letters


@dataclass(frozen=True)
class _Glyph:
    """What a code of a font stands for, from left to right, and its width in thousandths of the font's size."""

    text: str
    width: int | None = None
    """None: as wide as the font says."""


@dataclass
class Font:
    """A font of the file: what its codes stand for, and copies where a code stands for more or is wider."""

    obj: pikepdf.Object
    texts: dict[int, str]
    widths: defaultdict[int, int] | None
    """Thousandths of an em; None for a font that is not a composite one."""
    bytes_: int
    """Bytes of a code."""
    copies: list[dict[int, _Glyph]] = field(default_factory=list)

    @classmethod
    def of(cls, obj: pikepdf.Object) -> Font:
        """Return a font with the map it has."""
        composite = obj.Subtype == Name.Type0
        texts: dict[int, str] = {}
        if "/ToUnicode" in obj:
            texts = {code: drawn(text) for code, text in _mapped(obj.ToUnicode.read_bytes())}
        widths = None
        if composite:
            descendant = obj.DescendantFonts[0]
            default = int(descendant.get("/DW", 1000))
            widths = defaultdict(lambda: default, _widths(descendant.get("/W", Array())))
        return cls(obj, texts, widths, 2 if composite else 1)

    def copy(self, code: int, text: str, width: float | None) -> int | None:
        """Return which copy has a code stand for a text, as wide as that in ems; None where the font itself does."""
        wider = None
        if width is not None and self.widths and ROOM[0] < width - self.widths[code] / 1000 < ROOM[1]:
            wider = round(width * 1000)
        if self.texts.get(code) == text and wider is None:
            return None
        glyph = _Glyph(text, wider)
        for number, glyphs in enumerate(self.copies):
            if glyphs.setdefault(code, glyph) == glyph:
                return number
        self.copies.append({code: glyph})
        return len(self.copies) - 1

    def write(self, pdf: pikepdf.Pdf) -> None:
        """Write the map of the font into the file; those of its copies are written with the pages that use them."""
        if self.texts:
            self.obj.ToUnicode = pdf.make_stream(_map(self.texts, self.bytes_))

    def copied(self, pdf: pikepdf.Pdf, number: int) -> pikepdf.Object:
        """Return a copy of the font with the map and the widths of that number."""
        glyphs = self.copies[number]
        twin = pdf.make_indirect(_copy(self.obj))
        twin.ToUnicode = pdf.make_stream(_map({code: glyph.text for code, glyph in glyphs.items()}, self.bytes_))
        if self.widths is not None:
            descendant = _copy(self.obj.DescendantFonts[0])
            widths = {code: self.widths[code] if glyph.width is None else glyph.width for code, glyph in glyphs.items()}
            descendant.W = Array(part for code, width in widths.items() for part in (code, Array([width])))
            twin.DescendantFonts = Array([pdf.make_indirect(descendant)])
        return twin


def _copy(obj: pikepdf.Object) -> Dictionary:
    return Dictionary(dict(obj.items()))


def _widths(listed: pikepdf.Object) -> Iterator[tuple[int, int]]:
    """Yield the codes of a /W array with their widths (PDF 32000-1, 9.7.4.3)."""
    at, parts = 0, list(listed.as_list())
    while at < len(parts):
        first = int(parts[at])
        if isinstance(parts[at + 1], Array):
            yield from ((first + more, int(width)) for more, width in enumerate(parts[at + 1].as_list()))
            at += 2
        else:
            yield from ((code, int(parts[at + 2])) for code in range(first, int(parts[at + 1]) + 1))
            at += 3


def _mapped(cmap: bytes) -> Iterator[tuple[int, str]]:
    """Yield the codes of a ToUnicode map with their texts."""
    for kind, body in _SECTION.findall(cmap):
        words = _HEX.findall(body)
        if kind == b"char":
            yield from ((int(code, 16), _text(text)) for code, text in zip(words[::2], words[1::2], strict=True))
            continue
        for low, high, first in zip(words[::3], words[1::3], words[2::3], strict=True):
            start = _text(first)
            for code in range(int(low, 16), int(high, 16) + 1):
                yield code, start[:-1] + chr(ord(start[-1]) + code - int(low, 16))


def _text(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be")


def _map(texts: Mapping[int, str], width: int) -> bytes:
    """Return a ToUnicode map (PDF 32000-1, 9.10.3)."""
    pairs = [
        f"<{code:0{2 * width}X}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in sorted(texts.items())
    ]
    # A section has 100 entries at most.
    parts = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
    sections = "".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n" for part in parts)
    low, high = "00" * width, "FF" * width
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<{low}> <{high}>\nendcodespacerange\n{sections}"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()
