"""In which encoding a text file is written: by its mark, else by what its bytes can be."""

from __future__ import annotations

import codecs
import re

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1256", "cp1252")
"""Those that are told apart; the last one can be read from any bytes."""
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ARABIC = re.compile("[\u0621-\u063a\u0641-\u064a]")
_HIGH = re.compile(rb"[\x80-\xff]")
_NULS = 0.2
"""The least share of zero bytes at one side of the pairs of UTF-16."""


def detect(head: bytes) -> str:
    """Return the encoding of a text by its beginning, one of ENCODINGS.

    Bytes that are no UTF are Windows-1256 where it makes most of them Arabic letters, else Windows-1252.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > _NULS * len(head) / 2:
        return "utf-16-be" if even > odd else "utf-16-le"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        high = b"".join(_HIGH.findall(head))
        return "cp1256" if 2 * len(_ARABIC.findall(high.decode("cp1256"))) >= len(high) else "cp1252"
    return "utf-8"
