"""XLSX: one sheet for each layer with the flat columns, and a last sheet with their metadata."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError  # nosec B405: the error alone; defusedxml does the parsing

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.exceptions import InvalidFileException

from geodata.errors import BadData, Refused
from geodata.formats import archives, spreadsheet_cells
from geodata.formats.arrow import encodable, free_name
from geodata.formats.columns import chosen
from geodata.formats.dataset import Dataset, Metadata, Options
from geodata.formats.gdal import MEMBER

MAX_TEXT = 32_767
"""Characters of a cell."""
MAX_ROWS = 1_048_576
FIRST_DATE = "1900-03-01"
"""Before it spreadsheets differ by a day: some have a 29 February 1900."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NOT_TITLES = re.compile(r"[\[\]:*?/\\']")


class _Cells:
    """Converts values to cells, and counts what a cell cannot hold."""

    def __init__(self) -> None:
        self.long: Counter[str] = Counter()
        self.control = 0

    def of(self, name: str, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", spreadsheet_cells.defused(encodable(value)))
        self.control += text.count("\N{REPLACEMENT CHARACTER}") > value.count("\N{REPLACEMENT CHARACTER}")
        # Excel counts in UTF-16.
        if len(text) > MAX_TEXT // 2 and len(text.encode("utf-16-le")) // 2 > MAX_TEXT:
            self.long[name] += 1
            return None
        return text

    def warnings(self) -> list[str]:
        warnings = [f"{count} values of {name} are longer than {MAX_TEXT} characters and left out: no cell holds them"
                 for name, count in self.long.items()]  # fmt: skip
        return warnings + ([f"{self.control} texts hold control characters, which XML cannot"] if self.control else [])


def save(parts: Sequence[Dataset], stream: IO[bytes], options: Options) -> list[str]:
    """Write each part as a sheet; with `hxl` a row of tags under the header. Raises Refused past a sheet's rows."""
    book = openpyxl.Workbook(write_only=True)
    cells = _Cells()
    columns = chosen(options.fields, options.original, options.types)
    for part in parts:
        sheet = book.create_sheet(_NOT_TITLES.sub("-", part.metadata.layer)[:31])
        sheet.freeze_panes = "A3" if options.hxl else "A2"
        headings = (*(column.name for column in columns), free_name(spreadsheet_cells.WKT, columns))
        sheet.append([_bold(sheet, name) for name in headings])
        if options.hxl:
            sheet.append([*(column.hxl for column in columns), spreadsheet_cells.WKT_HXL])
        for number, row in enumerate(part.rows, start=3):
            if number > MAX_ROWS:
                raise Refused("sheet_rows", most=MAX_ROWS, layer=part.metadata.layer)
            values = [
                _dated(cells.of(column.name, column.value(row, part.metadata)), column.kind) for column in columns
            ]
            values.append(cells.of(spreadsheet_cells.WKT, spreadsheet_cells.wkt(row.geometry)))
            # GDAL takes the first row for headings where the second is as long and not of texts alone.
            sheet.append([_blank(sheet) if value is None and number == 3 else value for value in values])
    about = book.create_sheet("about")
    about.append(["layer", "licence", "attribution", "version", "notice", MEMBER])
    for layer in (part.metadata for part in parts):
        texts = [layer.layer, layer.licence, " · ".join(layer.attribution.values()), layer.version]
        record = json.dumps(layer.to_dict(), ensure_ascii=False)
        about.append([cells.of("about", text) for text in (*texts, " · ".join(layer.notice.values()), record)])
    book.save(stream)
    return cells.warnings()


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _blank(sheet: Any) -> Any:
    """Return an empty cell with a number format: it is written, which an empty cell is not."""
    cell = WriteOnlyCell(sheet)
    cell.number_format = "0"
    return cell


def _dated(value: Any, kind: str) -> Any:
    """Return a date as a cell value; a date before the calendar of spreadsheets stays text."""
    return date.fromisoformat(value) if kind == "date" and value and value >= FIRST_DATE else value


def load(path: Path) -> list[Dataset]:
    """Return the rows of every sheet but `about`, whose first row names the columns; raises BadData."""
    with _book(path) as book:
        metadata = _metadata(book)
        return [part for sheet in book.worksheets if sheet.title != "about" for part in _sheet(sheet, metadata)]


def sheets(path: Path) -> list[str]:
    """Return the names of the sheets with cells, but for `about`; raises BadData."""
    with _book(path) as book:
        return [sheet.title for sheet in book.worksheets if sheet.title != "about" and any(map(any, _lines(sheet)))]


def lines(path: Path, sheet: str) -> Iterator[list[Any]]:
    """Yield the rows of a sheet as plain values, dates in ISO form; raises BadData."""
    with _book(path) as book:
        for line in _lines(book[sheet]):
            yield [_cell_value(cell) for cell in line]


@contextmanager
def _book(path: Path) -> Iterator[Any]:
    with archives.opened(path):
        pass
    try:
        yield openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except BadData:
        raise
    except (InvalidFileException, DefusedXmlException, ParseError, zipfile.BadZipFile) as error:
        raise BadData("", "xlsx_unreadable", error=repr(error)) from None
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        # What openpyxl raises where parts of a workbook are missing or ill-formed.
        raise BadData("", "xlsx_unreadable", error=error) from None


def _metadata(book: Any) -> dict[str, Any]:
    metadata = {}
    for row in _lines(book["about"]) if "about" in book.sheetnames else ():
        try:
            metadata[str(row[0])] = json.loads(row[-1])
        except (ValueError, TypeError, RecursionError, IndexError):
            continue
    return metadata


def _sheet(sheet: Any, metadata: dict[str, Any]) -> Iterator[Dataset]:
    lines = _lines(sheet)
    header = ["" if name is None else str(name).strip() for name in next(lines, [])]
    if not any(header):
        return
    if len(set(header) - {""}) != len([name for name in header if name]):
        raise BadData(f"/{sheet.title}", "first_row_header")
    rows, about = [], Metadata.from_dict(metadata.get(sheet.title), sheet.title)
    for number, line in enumerate(lines, start=2):
        if any(cell is not None for cell in line) and not (number == 2 and spreadsheet_cells.tags(line)):
            rows.append(spreadsheet_cells.row(header, [_cell_value(cell) for cell in line], number))
    yield Dataset(about, rows)


def _lines(sheet: Any) -> Iterator[list[Any]]:
    # Some writers state no size, or a wrong one: read every row.
    sheet.reset_dimensions()
    for line in sheet.iter_rows(values_only=True):
        yield list(line)


def _cell_value(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if hasattr(value, "isoformat"):
        text = str(value.isoformat())
        return text.removesuffix("T00:00:00")
    return str(value)
