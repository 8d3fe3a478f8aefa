"""XLSX: one sheet for each layer with the flat columns, and a last sheet with their metadata."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import WorkSheetParser

from geodata.errors import BadData, MasafaError, Refused
from geodata.formats import archives, spreadsheet_cells
from geodata.formats.arrow import encodable, free_name
from geodata.formats.columns import chosen
from geodata.formats.dataset import Dataset, Metadata, Options
from geodata.formats.gdal import MEMBER

MAX_TEXT = 32_767
"""Characters of a cell."""
MAX_ROWS = 1_048_576
ABOUT = "about"
"""The sheet that describes the layers of the others."""
FIRST_DATE = "1900-03-01"
"""Before it spreadsheets differ by a day: some have a 29 February 1900."""
_UNREADABLE = (
    InvalidFileException,
    DefusedXmlException,
    SyntaxError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,
)
"""What is raised for a damaged book; the errors of every parser of XML are SyntaxErrors."""
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
    about = book.create_sheet(ABOUT)
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
    with opened(path) as book:
        metadata = _metadata(book)
        return [part for sheet in tables(book) for part in _sheet(sheet, metadata)]


def tables(book: Any) -> list[Any]:
    """Return the sheets of a book but for `about`."""
    return [sheet for sheet in book.worksheets if sheet.title != ABOUT]


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Open a book to read its sheets row by row; raises BadData, also for what goes wrong while it is open."""
    with archives.opened(path):
        pass
    try:
        # Closed here: openpyxl leaves a book open that it cannot read.
        with path.open("rb") as stream:
            yield openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except MasafaError:
        raise
    except _UNREADABLE as error:
        raise BadData("", "xlsx_unreadable", error=repr(error)) from None
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        # What openpyxl raises where parts of a workbook are missing or ill-formed.
        raise BadData("", "xlsx_unreadable", error=error) from None


def rows(sheet: Any) -> Iterator[tuple[int, dict[int, Any]]]:
    """Yield the number of each row that has cells, and their values by column, both from 1; dates in ISO form.

    openpyxl's own iteration pads every row to the width of the sheet and makes every row that is missing: a single cell
    in the last place of a sheet is a million rows then. An error such as `#N/A` is no value.
    """
    book = sheet.parent
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in parser.parse():
            filled = (cell for cell in cells if cell["value"] not in (None, "") and cell["data_type"] != "e")
            if values := {cell["column"]: _cell_value(cell["value"]) for cell in filled}:
                yield number, values


def _metadata(book: Any) -> dict[str, Any]:
    metadata = {}
    for _, row in rows(book[ABOUT]) if ABOUT in book.sheetnames else ():
        try:
            metadata[str(row[1])] = json.loads(row[max(row)])
        except (ValueError, TypeError, RecursionError, KeyError):
            continue
    return metadata


def _sheet(sheet: Any, metadata: dict[str, Any]) -> Iterator[Dataset]:
    lines = rows(sheet)
    _, first = next(lines, (0, {}))
    header = ["" if name is None else str(name).strip() for name in _dense(first)]
    if not any(header):
        return
    if len(set(header) - {""}) != len([name for name in header if name]):
        raise BadData(f"/{sheet.title}", "first_row_header")
    features, about = [], Metadata.from_dict(metadata.get(sheet.title), sheet.title)
    for number, row in lines:
        line = _dense(row)
        if not (number == 2 and spreadsheet_cells.tags(line)):
            features.append(spreadsheet_cells.row(header, line, number))
    yield Dataset(about, features)


def _dense(row: Mapping[int, Any]) -> list[Any]:
    return [row.get(column) for column in range(1, max(row, default=0) + 1)]


def _cell_value(value: Any) -> Any:
    if isinstance(value, str | bool | int | float):
        return value
    if hasattr(value, "isoformat"):
        text = str(value.isoformat())
        return text.removesuffix("T00:00:00")
    return str(value)
