"""A sheet of a spreadsheet as batches of texts, its header looked for in the first rows.

Runs in the sandboxed process. Each sheet is read once: the first rows of all to choose one, of that one the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, compress, islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from geodata.errors import BadData, NotFound
from geodata.formats import headings, xlsx
from geodata.formats.column_types import ColumnType
from geodata.formats.dataset import batched
from geodata.importing import delimited, table_header
from geodata.importing.table_header import FIRST_ROWS, MAX_COLUMNS, TableHeader

ROWS = 5_000
CELLS = 1_000_000
"""Cells of a batch at most, unless a single row has more."""
BETWEEN = " | "
"""Between the cells of a row that stand in columns which the table does not have."""
_PLAIN = ColumnType()
Row = tuple[int, dict[int, str]]
"""The number of a row in its sheet, and its cells by column, both from 1."""


def read(path: Path, wanted: str | None, form: Any = xlsx) -> tuple[dict[str, Any], Iterator[pa.RecordBatch]]:
    """Return the metadata of a sheet and its rows; without `wanted` of the first sheet that has a table.

    `form` is the module of the format, which opens a book, names its sheets and yields the rows of each.

    Raises BadData where no sheet has cells or the table has too many columns, NotFound for a sheet that is not there.
    """
    with ExitStack() as stack:
        book = stack.enter_context(form.opened(path))
        read_sheets = ((sheet.title, _Sheet.of(form.rows(sheet), sheet.sheet_state)) for sheet in form.tables(book))
        sheets = {title: one for title, one in read_sheets if one is not None}
        if not sheets:
            raise BadData("", "no_sheet")
        if wanted and wanted not in sheets:
            raise NotFound("sheet", wanted, list(sheets))
        part = wanted or max(sheets, key=lambda title: sheets[title].rank)
        table = _Table.of(sheets[part])
        metadata = {**table.metadata(), "parts": list(sheets), "part": part}
        return metadata, _batches(table, stack.pop_all())


MEANINGS = ("lat", "lon", "position", "wkt", "date", "easting", "northing")
SAID = 0.6
"""The score of a heading that says a meaning."""
LONGEST_NAME = 60


@dataclass
class _Sheet:
    """A sheet with cells."""

    first: list[Row]
    """Its first rows with cells."""
    others: Iterator[Row]
    visible: bool

    @classmethod
    def of(cls, lines: Iterable[tuple[int, Mapping[int, Any]]], state: str) -> _Sheet | None:
        rows = ((number, texts) for number, cells in lines if (texts := _texts(cells)))
        first = list(islice(rows, FIRST_ROWS))
        return cls(first, rows, state == "visible") if first else None

    @property
    def rank(self) -> tuple[bool, bool, int, bool]:
        """What makes it the sheet to read and not another: that it is seen, has columns, says where and when."""
        rows = len(self.first) > 1
        return self.visible, rows and any(len(cells) > 1 for _, cells in self.first), self._located(), rows

    def _located(self) -> int:
        """Return how many of the meanings that a table of events has stand in one row of the sheet, one a cell."""
        meanings = (
            {
                meaning
                for text in cells.values()
                if len(text) <= LONGEST_NAME
                for meaning in MEANINGS
                if _says(text, meaning)
            }
            for _, cells in self.first
        )
        return max(map(len, meanings), default=0)


def _says(text: str, meaning: str) -> bool:
    match = headings.matches(text).get(meaning)
    return match is not None and match.score >= SAID


def _texts(cells: Mapping[int, Any]) -> dict[int, str]:
    """Return the cells of a row as texts, without those that are blank."""
    texts = ((column, _PLAIN.text(value)) for column, value in cells.items())
    return {column: text for column, text in texts if text and text.strip()}


@dataclass
class _Table:
    """The table of a sheet: its columns, and its rows from the first beneath the header on."""

    header: TableHeader
    header_row: int | None
    columns: list[int]
    """The columns of the table, from 1."""
    names: list[str]
    tags: list[str]
    rows: Iterator[Row]

    @classmethod
    def of(cls, sheet: _Sheet) -> _Table:
        """Find the table in a sheet; raises BadData where it has too many columns."""
        columns = _columns(sheet.first)
        numbers, grid = _grid(sheet.first, columns)
        header = table_header.locate(grid)
        above = numbers[: header.first]
        begun = [row for row in sheet.first if not above or row[0] > above[-1]]
        begun += islice(sheet.others, ROWS)
        some = {column: text for _, cells in begun for column, text in cells.items()}
        used = table_header.columns_in_use(header.names, [[some.get(column, "") for column in columns]])
        # Numbered by their place in the sheet.
        named = zip(columns, header.names, strict=True)
        names = delimited.unique([name or f"column {column}" for column, name in named])
        return cls(
            header,
            None if header.header is None else numbers[header.header],
            columns[used.start : used.stop],
            names[used.start : used.stop],
            header.tags[used.start : used.stop],
            chain(begun, sheet.others),
        )

    def metadata(self) -> dict[str, Any]:
        """Return what is known of the table beside its rows."""
        return {
            "header": self.names,
            "tags": self.tags,
            "header_row": self.header_row,
            "title": self.header.title,
            "headerless": self.header_row is None,
        }


def _columns(rows: Sequence[Row]) -> list[int]:
    """Return the columns that rows reach over, of very many only those with cells; raises BadData for too many."""
    filled = sorted({column for _, cells in rows for column in cells})
    every = range(filled[0], filled[-1] + 1)
    columns = list(every) if len(every) <= MAX_COLUMNS else filled
    if len(columns) > MAX_COLUMNS:
        raise BadData("", "too_many_columns", count=len(columns), most=MAX_COLUMNS)
    return columns


def _grid(rows: Sequence[Row], columns: Sequence[int]) -> tuple[list[int], list[list[str]]]:
    """Return the numbers and the cells of rows, each gap between them as one blank row."""
    numbers: list[int] = []
    grid: list[list[str]] = []
    for number, cells in rows:
        if numbers and number > numbers[-1] + 1:
            numbers.append(numbers[-1] + 1)
            grid.append([""] * len(columns))
        numbers.append(number)
        grid.append([cells.get(column, "") for column in columns])
    return numbers, grid


def _batches(table: _Table, stack: ExitStack) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a table, and close its book; a cell in no column of the table is added to the last one."""
    number, last = 1, table.columns[-1]
    columns, size = frozenset(table.columns), min(ROWS, CELLS // len(table.columns))
    with stack:
        for batch in batched((cells for _, cells in table.rows), size):
            ragged = [not columns.issuperset(cells) for cells in batch]
            for cells in compress(batch, ragged):
                outside = [text for column, text in cells.items() if column not in columns]
                cells[last] = BETWEEN.join([*([cells[last]] if last in cells else []), *outside])
            texts = [pa.array([cells.get(column) for cells in batch], pa.string()) for column in table.columns]
            rows = pa.RecordBatch.from_arrays(texts, names=table.names)
            yield delimited.marked(rows, range(number, number + len(batch)), ragged)
            number += len(batch)
