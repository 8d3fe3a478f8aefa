"""What kind of value a cell's text is: a number, a date, a position, a link, or a text, which is what headings are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

NUMBER, YEAR, DATE, POSITION, LINK, BOOLEAN, TEXT = "number", "year", "date", "position", "link", "boolean", "text"
LONGEST = 200
"""Characters of a cell that are looked at: geometries are recognised by their beginning."""
MAJORITY = 0.6
"""The least share of a column's filled cells that are of its kind."""
_AMOUNT = r"(?:\d{1,3}(?:[ ,.'\u2019\u066c\u00a0\u202f]\d{3})+|\d+)(?:[.,\u066b]\d+)?|[.,]\d+"
_NUMBER = re.compile(
    rf"[~<>\u2248\u00b1]?\s*[+\-\u2212]?\s*(?:{_AMOUNT})(?:[eE][+-]?\d+)?\s*[%+]?"
    rf"|\d+\s*[-\u2013]\s*\d+"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(
    r"\d{1,4}[-/.\u2013]\d{1,2}[-/.\u2013]\d{1,4}(?:[T ,]+\d.*)?|\d{1,2}:\d{2}(?::\d{2})?.{0,12}"
    r"|\d{1,2}\.?[\s-]+[^\W\d_]{3,12}\.?,?[\s-]+\d{2,4}(?:[T ,]+\d.*)?|[^\W\d_]{3,12}\.?\s+\d{1,2},?\s+\d{4}"
)
_DECIMAL = r"[+\-\u2212]?\d{1,3}[.,\u066b]\d+"
_POSITION = re.compile(
    rf"(?:(?:SRID=\d+;\s*)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\s*Z?M?\s*\(.*)"
    rf"|\(?{_DECIMAL}\s*[,;\u060c\s]\s*{_DECIMAL}\)?(?:\s+{_DECIMAL})*"
    r"|\d{1,2}\s?[C-X]\s?[A-Z]{2}\s?\d[\d\s]{1,12}"
    r"|[NSEW]?\s*\d[\d.,\u066b]*\s*[\u00b0\u00ba].*|\d[\d.,\u066b]*\s?[NSEW]",
    re.IGNORECASE | re.DOTALL,
)
_LINK = re.compile(r"[a-z][a-z0-9+.-]{1,9}://\S.*", re.IGNORECASE | re.DOTALL)


def kind_of(text: str) -> str:
    """Return the kind of a cell's text; "" for one without letters and digits."""
    text = text.strip()[:LONGEST]
    if not text:
        return ""
    if text.isalpha():
        return BOOLEAN if text.lower() in ("true", "false") else TEXT
    if _YEAR.fullmatch(text):
        return YEAR
    for kind, pattern in ((NUMBER, _NUMBER), (DATE, _DATE), (POSITION, _POSITION), (LINK, _LINK)):
        if pattern.fullmatch(text):
            return kind
    return TEXT


def column_kind(kinds: Iterable[str]) -> str:
    """Return the kind that most filled cells of a column have; "" where none is filled or no kind is that of most."""
    counts = Counter(kind for kind in kinds if kind)
    if not counts:
        return ""
    kind, most = counts.most_common(1)[0]
    if kind == YEAR and counts[NUMBER]:
        kind, most = NUMBER, counts[NUMBER] + counts[YEAR]
    elif kind == NUMBER:
        most += counts[YEAR]
    return kind if most >= MAJORITY * counts.total() else ""
