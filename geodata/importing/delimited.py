"""Tables of text as batches of cells: CSV, TSV and the like, gzipped or zipped, in any of the encodings we know.

Runs in the sandboxed process. Every cell keeps its text; rows that do not fit the header are kept and marked.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from threading import Semaphore
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from geodata.errors import BadData
from geodata.formats import archives, encodings
from geodata.importing import delimiters, table_header
from geodata.importing.profiles import GDELT
from geodata.importing.table_header import MAX_COLUMNS
from geodata.importing.utf8_stream import BLOCK, Utf8Stream

HEAD = 256 * 1024
"""Bytes from which encoding, delimiter and header are detected."""
AHEAD = 3
"""Blocks that are read before the rows of the first of them are taken."""
MAX_UNPACKED = 8 * 1024**3
csv.field_size_limit(BLOCK)
RAGGED = "ragged"
"""The column that marks rows with more or fewer cells than the header."""
ROW = "row"
CELL = "c:"
"""Before the name of a column of the file."""
CODED = pa.dictionary(pa.int32(), pa.string())
"""The type of a column as distinct texts and the place of each row's among them."""
ENDINGS = (".csv", ".tsv", ".tab", ".txt")


@dataclass
class Dialect:
    """How a table is written; what is None is detected."""

    encoding: str | None = None
    delimiter: str | None = None
    header: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    """HXL tags, one a column, where a row of them follows the header."""
    skipped: int = 0
    """Lines before the first row of cells, blank ones not counted."""
    leading: int = 0
    """Columns at the left without a name and, as far as the file was looked at, without a cell: they are left out."""
    trailing: int = 0
    """Columns at the right that are left out in the same way."""
    header_row: int | None = None
    """The line of the file, from 1, in which the names stand; None for none."""
    title: list[str] = field(default_factory=list)
    """The texts of the rows above the table."""
    headerless: bool = False
    """Whether the columns are numbered, since no row names them."""
    quoted: bool = True
    repeating: list[str] = field(default_factory=list)
    """Columns whose first texts come again and again: they are sent as a list of distinct texts and places in it."""

    @property
    def columns(self) -> list[str]:
        """The names of all columns of the file, those that are left out among them."""
        # No name in a table has a NUL.
        left, right = ([f"\x00{side}{at}" for at in range(count)] for side, count in enumerate(self._left_out))
        return [*left, *self.header, *right]

    @property
    def _left_out(self) -> tuple[int, int]:
        return self.leading, self.trailing


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a table, unpacked where it is gzipped or the one table of a zip file; raises BadData."""
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] == b"\x1f\x8b":
        with gzip.open(path) as stream:
            yield _Bounded(stream)  # type: ignore[misc]
    elif start == b"PK\x03\x04":
        with archives.opened(path) as archive:
            members = [
                member for member in archive.infolist() if PurePosixPath(member.filename).suffix.lower() in ENDINGS
            ]
            if len(members) != 1:
                raise BadData("", "zip_tables", count=len(members))
            with archive.open(members[0]) as stream:
                yield _Bounded(stream)  # type: ignore[misc]
    else:
        with path.open("rb") as stream:
            yield stream


class _Bounded(io.RawIOBase):
    """An unpacked stream with a limit on its size."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._left = stream, MAX_UNPACKED

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            data: bytes = self._stream.read(min(size, BLOCK) if size >= 0 else BLOCK)
        except (OSError, EOFError, zipfile.BadZipFile) as error:
            raise BadData("", "not_unpacked", error=error) from None
        self._left -= len(data)
        if self._left < 0:
            raise BadData("", "unpacked_more", most=MAX_UNPACKED)
        return data


def detect_dialect(path: Path, options: Dialect) -> Dialect:
    """Detect how a table is written by its beginning, `options` first; raises BadData for what is no table."""
    with opened(path) as stream:
        head = stream.read(HEAD)
    if not head.strip():
        raise BadData("", "empty_file")
    encoding = options.encoding or encodings.detect(head)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head).removeprefix("\ufeff")
    if "\x00" in text:
        raise BadData("", "nul_bytes")
    named, after = _stated(text)
    first = after.partition("\n")[0]
    delimiter = options.delimiter or named or delimiters.detected(after)
    bare = delimiter == "\t" and first.count("\t") + 1 == len(GDELT) and first.split("\t")[0].strip().isdigit()
    skipped = int(after != text)
    if bare:
        rows = list(csv.reader(after.split("\n"), delimiter=delimiter, quoting=csv.QUOTE_NONE))
        return Dialect(
            encoding, delimiter, list(GDELT), skipped=skipped, quoted=False, repeating=_repeating(rows, GDELT)
        )
    return _with_header(Dialect(encoding, delimiter, skipped=skipped), after)


def _stated(text: str) -> tuple[str | None, str]:
    """Return the delimiter that a first line `sep=;` states, and the text after that line."""
    first, _, after = text.partition("\n")
    return (first.strip()[4:5] or None, after) if first.lower().startswith("sep=") else (None, text)


def _with_header(how: Dialect, text: str) -> Dialect:
    """Return a dialect with the columns of the table that begins in these lines; raises BadData."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=how.delimiter or ",")
    rows, lines = [], []
    line = how.skipped + 1
    try:
        for row in reader:
            rows.append(row)
            lines.append(line)
            line = how.skipped + reader.line_num + 1
    except csv.Error as error:
        if not rows:
            raise BadData("/1", "first_line", error=error) from None
    blank = next((at for at, row in enumerate(rows) if any(map(str.strip, row))), None)
    if blank is None:
        raise BadData("", "no_rows")
    table = table_header.locate(rows[blank:])
    first = blank + table.first
    names = unique(table.names)
    if len(names) > MAX_COLUMNS:
        raise BadData("", "too_many_columns", count=len(names), most=MAX_COLUMNS)
    used = table_header.columns_in_use(table.names, rows[first:])
    header = names[used.start : used.stop]
    tags = [*table.tags, *[""] * (len(names) - len(table.tags))][used.start : used.stop] if table.tags else []
    return replace(
        how,
        header=header,
        tags=tags,
        skipped=how.skipped + sum(map(bool, rows[:first])),
        leading=used.start,
        trailing=len(names) - used.stop,
        header_row=None if table.header is None else lines[blank + table.header],
        title=table.title,
        headerless=table.header is None,
        repeating=_repeating([row[used.start : used.stop] for row in rows[first:] if len(row) == len(names)], header),
    )


def _repeating(rows: Sequence[Sequence[str]], names: Sequence[str]) -> list[str]:
    """Return the names of the columns that have at most half as many texts as rows."""
    complete = [row for row in rows if len(row) == len(names)]
    return [
        name for at, name in enumerate(names) if complete and 2 * len({row[at] for row in complete}) <= len(complete)
    ]


def unique(names: Sequence[str]) -> list[str]:
    """Return names of columns, each once: empty ones get a number, repeated ones too."""
    used: dict[str, None] = {}
    for at, name in enumerate(names, start=1):
        base = name.strip() or f"column {at}"
        again, other = 2, base
        while other in used:
            other, again = f"{base} ({again})", again + 1
        used[other] = None
    return list(used)


def batches(path: Path, how: Dialect) -> Iterator[pa.RecordBatch]:
    """Yield the rows as text, with ROW (from 1) and RAGGED; raises BadData where they cannot be parsed."""
    odd: list[tuple[int, str]] = []
    room = Semaphore(AHEAD)

    def misfit(row: Any) -> str:
        odd.append((row.number, row.text))
        return "skip"

    with opened(path) as stream:
        text = Utf8Stream(stream, str(how.encoding), room)
        try:
            for batch in _numbered(_parsed(text, how, misfit), how, odd):
                yield batch
                room.release()
        except (pa.ArrowInvalid, BadData):
            if text.broken is None:
                raise
        if text.broken is not None:
            raise text.broken


def _parsed(text: Utf8Stream, how: Dialect, misfit: Callable[[Any], str]) -> Any:
    # The lines before the first row have been read as text already: they may hold breaks within quotes.
    return pa.csv.open_csv(
        pa.PythonFile(text, mode="r"),
        pa.csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=how.columns),
        pa.csv.ParseOptions(
            delimiter=how.delimiter,
            quote_char='"' if how.quoted else False,
            newlines_in_values=how.quoted,
            invalid_row_handler=misfit,
        ),
        pa.csv.ConvertOptions(column_types=_types(how), strings_can_be_null=False),
    )


def _types(how: Dialect) -> dict[str, pa.DataType]:
    return {name: CODED if name in how.repeating else pa.string() for name in how.columns}


def _numbered(reader: Any, how: Dialect, odd: list[tuple[int, str]]) -> Iterator[pa.RecordBatch]:
    line, row = 0, 1
    outside: list[tuple[int, list[str]]] = []
    try:
        for batch in reader:
            # The rows that do not fit up to here were read while this batch was parsed.
            lines = _counted(line + 1, len(batch), [number for number, _ in odd])
            before = int(np.searchsorted(lines, how.skipped, side="right"))
            yield _tidied(batch.slice(before), lines[before:] - how.skipped, how, outside)
            line = int(lines[-1]) if len(lines) else line
            row = line - how.skipped + 1
    except pa.ArrowInvalid as error:
        raise BadData(f"/{row}", "near_row", row=row, error=error) from None
    # A line before the header that has other cells is one that is skipped anyway.
    texts = [(number - how.skipped, text) for number, text in odd if number > how.skipped]
    ragged = [(number, next(csv.reader([text], delimiter=how.delimiter or ","), [])) for number, text in texts]
    left = [*ragged, *outside]
    if left:
        yield marked(_fitted([cells for _, cells in left], how), [number for number, _ in left], ragged=True)


def _tidied(
    batch: pa.RecordBatch, rows: NDArray[np.int64], how: Dialect, outside: list[tuple[int, list[str]]]
) -> pa.RecordBatch:
    """Return rows without the columns left out; those with a cell in them go to `outside`."""
    unnamed = [*batch.columns[: how.leading], *batch.columns[how.leading + len(how.header) :]]
    if unnamed:
        beyond = ~_empty(unnamed, len(batch))
        if beyond.any():
            cells = zip(*(column.to_pylist() for column in batch.filter(pa.array(beyond)).columns), strict=True)
            outside += zip(rows[beyond].tolist(), map(list, cells), strict=True)
            batch, rows = batch.filter(pa.array(~beyond)), rows[~beyond]
        batch = batch.select(how.header)
    return marked(batch, rows, ragged=False)


def _empty(columns: Sequence[pa.Array], count: int) -> NDArray[np.bool_]:
    """Return which of so many rows have an empty text in all of these columns."""
    empty = np.ones(count, dtype=bool)
    for column in columns:
        empty &= pc.binary_length(column).to_numpy(zero_copy_only=False) == 0
    return empty


def _counted(first: int, count: int, without: Sequence[int]) -> NDArray[np.int64]:
    """Return as many numbers, from the first on, none of them among those left out."""
    numbers = np.arange(first, first + count + len(without))
    return numbers[~np.isin(numbers, without)][:count] if without else numbers


def marked(
    batch: pa.RecordBatch, rows: Sequence[int] | NDArray[np.int64], ragged: bool | Sequence[bool]
) -> pa.RecordBatch:
    """Return cells with the number of each row and whether it fits the header; the cells' names begin with CELL."""
    misfits = [ragged] * len(batch) if isinstance(ragged, bool) else ragged
    marks = [pa.array(rows, pa.int64()), pa.array(misfits, pa.bool_())]
    names = [*(f"{CELL}{name}" for name in batch.schema.names), ROW, RAGGED]
    return pa.RecordBatch.from_arrays([*batch.columns, *marks], names=names)


def _fitted(rows: Sequence[list[str]], how: Dialect) -> pa.RecordBatch:
    """Return rows of other columns than the header: short ones filled with nothing, other cells joined to the last."""
    fitted = [_fitted_row(cells, how) for cells in rows]
    types = _types(how)
    columns = [
        pa.array(column, types[name]) for name, column in zip(how.header, zip(*fitted, strict=True), strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, names=how.header)


def _fitted_row(cells: list[str], how: Dialect) -> list[str]:
    wide = len(how.header)
    before, cells = [cell for cell in cells[: how.leading] if cell], cells[how.leading :]
    if how.trailing:
        cells = [*cells[:wide], *filter(None, cells[wide:])]
    more = (how.delimiter or ",").join([*cells[wide - 1 :], *before])
    return [*cells[: wide - 1], more] if len(cells) + len(before) > wide else cells + [""] * (wide - len(cells))
