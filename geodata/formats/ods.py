"""OpenDocument spreadsheets: the sheets of a file and their rows, read by our own parser; nothing is computed.

OpenDocument 1.3, part 3, chapter 9: a table is rows of cells, and what is repeated is written once with a number.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError  # nosec B405: types and the error; defusedxml does the parsing

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from geodata.errors import BadData
from geodata.formats import archives, spreadsheet_cells
from geodata.formats.dataset import Dataset, Metadata, Row
from geodata.formats.json_flat import unique
from geodata.settings import MAX_DEPTH

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
"""The size of a sheet in the programs that write them."""
_CONTENT = "content.xml"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,](\d+))?S\Z")
_WHOLE = re.compile(r"-?\d{1,15}\Z")
_SHEET_LEVEL = 4
"""Of the elements of sheets: those of tables in them, and of links to other programs, lie deeper."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of a book that is open."""

    archive: zipfile.ZipFile
    number: int
    title: str
    sheet_state: str
    """`visible` or `hidden`."""


@contextmanager
def opened(path: Path) -> Iterator[list[Sheet]]:
    """Open a book to read its sheets row by row; raises BadData, also for what goes wrong while it is open."""
    try:
        with archives.opened(path) as archive:
            yield list(_sheets(archive))
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        if isinstance(error, BadData):
            raise
        raise BadData("", "ods_unreadable", error=error) from None


def tables(book: list[Sheet]) -> list[Sheet]:
    """Return the sheets of a book."""
    return book


def rows(sheet: Sheet) -> Iterator[tuple[int, dict[int, Any]]]:
    """Yield the number of each row that has cells, and their values by column, both from 1; dates in ISO form.

    An error such as `#N/A` is no value. Raises BadData past the size of a sheet.
    """
    number, first = -1, 1
    for event, element, level in _events(sheet.archive):
        if element.tag == f"{_TABLE}table" and level == _SHEET_LEVEL:
            if event == "start":
                number += 1
            elif number == sheet.number:
                return
            else:
                element.clear()
        elif event == "end" and element.tag == f"{_TABLE}table-row":
            if number == sheet.number:
                count = _repeated(element, "rows")
                if values := _values(element):
                    if first + count - 1 > MAX_ROWS:
                        raise BadData("", "ods_size", rows=MAX_ROWS, columns=MAX_COLUMNS)
                    yield from ((at, dict(values)) for at in range(first, first + count))
                first += count
            element.clear()


def load(path: Path) -> list[Dataset]:
    """Return the rows of every sheet, whose first row names the columns, their geometry as in XLSX; raises BadData."""
    return [
        Dataset(part.metadata, [_located(row, number) for number, row in enumerate(part.rows, start=2)])
        for part in as_tables(path)
    ]


def as_tables(path: Path) -> list[Dataset]:
    """Return the rows of every sheet with cells, whose first row names the columns; raises BadData."""
    parts = []
    with opened(path) as book:
        for sheet in book:
            lines = (cells for _, cells in rows(sheet))
            first = next(lines, {})
            wide = range(1, max(first, default=0) + 1)
            header = unique([str(first.get(column, "")).strip() for column in wide])
            filled = [[line.get(column) for column in wide] for line in lines]
            if filled and spreadsheet_cells.tags(filled[0]):
                filled = filled[1:]
            if filled:
                features = [Row(None, None, dict(zip(header, line, strict=True))) for line in filled]
                parts.append(Dataset(Metadata(sheet.title), features))
    if not parts:
        raise BadData("", "no_sheet")
    return parts


def _located(row: Row, number: int) -> Row:
    return spreadsheet_cells.row(list(row.properties), list(row.properties.values()), number)


def _events(archive: zipfile.ZipFile) -> Iterator[tuple[str, Element, int]]:
    """Yield the start and end of the elements of a book's content, and how deep each lies, the root at 1.

    Raises BadData for any document type definition.
    """
    if _CONTENT not in archive.namelist():
        raise BadData("", "ods_without_content", name=_CONTENT)
    depth = 0
    with archive.open(_CONTENT) as stream:
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            depth += event == "start"
            if depth > MAX_DEPTH:
                raise BadData("", "nested_deeper", most=MAX_DEPTH)
            yield event, element, depth
            depth -= event == "end"


def _sheets(archive: zipfile.ZipFile) -> Iterator[Sheet]:
    number, hidden = 0, set[str]()
    for event, element, level in _events(archive):
        if event == "end" and element.tag == f"{_STYLE}style":
            properties = element.find(f"{_STYLE}table-properties")
            if properties is not None and properties.get(f"{_TABLE}display") == "false":
                hidden.add(str(element.get(f"{_STYLE}name")))
        elif event == "start" and element.tag == f"{_TABLE}table" and level == _SHEET_LEVEL:
            title = element.get(f"{_TABLE}name") or f"{number + 1}"
            state = "hidden" if element.get(f"{_TABLE}style-name") in hidden else "visible"
            yield Sheet(archive, number, title, state)
            number += 1
        elif event == "end" and element.tag == f"{_TABLE}table-row":
            element.clear()


def _repeated(element: Element, what: str) -> int:
    return max(1, int(element.get(f"{_TABLE}number-{what}-repeated") or 1))


def _values(row: Element) -> dict[int, Any]:
    values: dict[int, Any] = {}
    column = 1
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        count = _repeated(cell, "columns")
        value = _value(cell)
        if value is not None:
            if column + count - 1 > MAX_COLUMNS:
                raise BadData("", "ods_size", rows=MAX_ROWS, columns=MAX_COLUMNS)
            values |= dict.fromkeys(range(column, column + count), value)
        column += count
    return values


def _value(cell: Element) -> Any:
    """Return the value of a cell as JSON has it, a date or time in ISO form; None where it has none."""
    kind = cell.get(f"{_OFFICE}value-type")
    if cell.get(f"{_CALC}value-type") == "error":
        return None
    if kind in ("float", "percentage", "currency"):
        number = cell.get(f"{_OFFICE}value") or ""
        return int(number) if _WHOLE.match(number) else float(number)
    if kind == "date":
        return (cell.get(f"{_OFFICE}date-value") or "").removesuffix("T00:00:00") or None
    if kind == "time":
        return _time(cell.get(f"{_OFFICE}time-value") or "") or None
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true"
    text = cell.get(f"{_OFFICE}string-value")
    paragraphs = (_paragraph(each) for each in cell if each.tag == f"{_TEXT}p")
    return (text if text is not None else "\n".join(paragraphs)) or None


def _time(text: str) -> str:
    """Return a time of day as ISO 8601 has it; a duration of days or more as it is written."""
    match = _TIME.match(text)
    if match is None or int(match[1]) > 23:
        return text
    fraction = f".{match[4]}" if match[4] and match[4].strip("0") else ""
    return f"{match[1]:0>2}:{match[2]:0>2}:{match[3]:0>2}{fraction}"


def _paragraph(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(int(child.get(f"{_TEXT}c") or 1), 1_000))
        elif child.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        else:
            parts.append(_paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)
