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
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from threading import Semaphore
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from geodata.errors import BadData
from geodata.formats import archives, encodings, spreadsheet_cells
from geodata.importing.profiles import GDELT

HEAD = 256 * 1024
"""Bytes from which encoding, delimiter and header are detected."""
BLOCK = 8 * 1024 * 1024
"""Bytes parsed at a time; a row must be shorter."""
AHEAD = 3
"""Blocks that are read before the rows of the first of them are taken."""
MAX_UNPACKED = 8 * 1024**3
csv.field_size_limit(BLOCK)
DELIMITERS = ",;\t|"
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
    """Lines before the first row of cells."""
    quoted: bool = True
    repeating: list[str] = field(default_factory=list)
    """Columns whose first texts come again and again: they are sent as a list of distinct texts and places in it."""


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
    lines = text.split("\n")
    skipped = 1 if lines[0].lower().startswith("sep=") else 0
    named = lines[0].strip()[4:5] if skipped else None
    first = lines[skipped] if skipped < len(lines) else ""
    delimiter = options.delimiter or named or max(DELIMITERS, key=first.count)
    bare = delimiter == "\t" and first.count("\t") + 1 == len(GDELT) and first.split("\t")[0].strip().isdigit()
    if bare:
        rows = list(csv.reader(lines[skipped:], delimiter=delimiter, quoting=csv.QUOTE_NONE))
        return Dialect(encoding, delimiter, list(GDELT), [], skipped, quoted=False, repeating=_repeating(rows, GDELT))
    reader = csv.reader(io.StringIO("\n".join(lines[skipped:]), newline=""), delimiter=delimiter)
    try:
        header, second = next(reader, []), next(reader, [])
    except csv.Error as error:
        raise BadData("/1", "first_line", error=error) from None
    tags = second if spreadsheet_cells.tags(second) else []
    if spreadsheet_cells.tags(header):
        # HXL without a row of names: the tags are the names.
        tags, second = header, []
    named_twice = tags is not header and bool(tags)
    rows = []
    with suppress(csv.Error):
        rows += [second, *reader]
    names = unique(header)
    return Dialect(encoding, delimiter, names, tags, skipped + 1 + named_twice, repeating=_repeating(rows, names))


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


class _Utf8(io.RawIOBase):
    """A text in any encoding as UTF-8; what its encoding does not know becomes a sign of loss."""

    broken: Exception | None = None
    """Why the text ends before its end: an error is not sent through the parser's threads."""

    def __init__(self, stream: IO[bytes], encoding: str, room: Semaphore) -> None:
        self._stream, self._first, self._room = stream, True, room
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._is_utf8 = codecs.lookup(encoding).name == "utf-8"

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        # The parser reads dozens of blocks ahead, were it let; one of blank lines alone gives no rows and no room.
        self._room.acquire(timeout=0.2)
        try:
            return self._next(size)
        except Exception as error:
            self.broken = error
            return b""

    def _next(self, size: int) -> bytes:
        while True:
            data = self._stream.read(size if size >= 0 else BLOCK)
            if self._is_utf8 and not self._first and data and (chunk := self._as_it_is(data)) is not None:
                if chunk:
                    return chunk
                continue
            text = self._decoder.decode(data, final=not data)
            if self._first and text:
                text, self._first = text.removeprefix("\ufeff"), False
            if text or not data:
                return text.encode("utf-8", "replace")

    def _as_it_is(self, data: bytes) -> bytes | None:
        """Return the bytes that are valid UTF-8, up to the last complete character; None where they are not.

        Validation is many times as fast as decoding and encoding.
        """
        data = self._decoder.getstate()[0] + data
        cut = len(data) - _begun(data[-3:])
        ends = pa.array([0, cut], pa.int32()).buffers()[1]
        try:
            pa.Array.from_buffers(pa.binary(), 1, [None, ends, pa.py_buffer(data)]).cast(pa.string())
        except pa.ArrowInvalid:
            return None
        self._decoder.reset()
        return data[:cut] + self._decoder.decode(data[cut:]).encode()


def _begun(end: bytes) -> int:
    """Return how many bytes of a letter that goes on end a text of UTF-8."""
    for back, byte in enumerate(reversed(end), start=1):
        if byte >= 0xC0:
            return back if back < 2 + (byte >= 0xE0) + (byte >= 0xF0) else 0
    return 0


def batches(path: Path, how: Dialect) -> Iterator[pa.RecordBatch]:
    """Yield the rows as text, with ROW (from 1) and RAGGED; raises BadData where they cannot be parsed."""
    odd: list[tuple[int, str]] = []
    room = Semaphore(AHEAD)

    def misfit(row: Any) -> str:
        odd.append((row.number, row.text))
        return "skip"

    with opened(path) as stream:
        text = _Utf8(stream, str(how.encoding), room)
        try:
            for batch in _numbered(_parsed(text, how, misfit), how, odd):
                yield batch
                room.release()
        except (pa.ArrowInvalid, BadData):
            if text.broken is None:
                raise
        if text.broken is not None:
            raise text.broken


def _parsed(text: _Utf8, how: Dialect, misfit: Callable[[Any], str]) -> Any:
    # The lines before the first row have been read as text already: they may hold breaks within quotes.
    return pa.csv.open_csv(
        pa.PythonFile(text, mode="r"),
        pa.csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=how.header),
        pa.csv.ParseOptions(
            delimiter=how.delimiter,
            quote_char='"' if how.quoted else False,
            newlines_in_values=how.quoted,
            invalid_row_handler=misfit,
        ),
        pa.csv.ConvertOptions(column_types=_types(how), strings_can_be_null=False),
    )


def _types(how: Dialect) -> dict[str, pa.DataType]:
    return {name: CODED if name in how.repeating else pa.string() for name in how.header}


def _numbered(reader: Any, how: Dialect, odd: list[tuple[int, str]]) -> Iterator[pa.RecordBatch]:
    line, row = 0, 1
    try:
        for batch in reader:
            # The rows that do not fit up to here were read while this batch was parsed.
            lines = _counted(line + 1, len(batch), [number for number, _ in odd])
            before = int(np.searchsorted(lines, how.skipped, side="right"))
            yield marked(batch.slice(before), lines[before:] - how.skipped, ragged=False)
            line = int(lines[-1]) if len(lines) else line
            row = line - how.skipped + 1
    except pa.ArrowInvalid as error:
        raise BadData(f"/{row}", "near_row", row=row, error=error) from None
    # A line before the header that has other cells is one that is skipped anyway.
    left = [(number - how.skipped, text) for number, text in odd if number > how.skipped]
    if left:
        yield marked(_fitted([text for _, text in left], how), [number for number, _ in left], ragged=True)


def _counted(first: int, count: int, without: Sequence[int]) -> NDArray[np.int64]:
    """Return as many numbers, from the first on, none of them among those left out."""
    numbers = np.arange(first, first + count + len(without))
    return numbers[~np.isin(numbers, without)][:count] if without else numbers


def marked(batch: pa.RecordBatch, rows: Sequence[int] | NDArray[np.int64], ragged: bool) -> pa.RecordBatch:
    """Return cells with the number of each row and whether it fits the header; the cells' names begin with CELL."""
    marks = [pa.array(rows, pa.int64()), pa.array([ragged] * len(batch), pa.bool_())]
    names = [*(f"{CELL}{name}" for name in batch.schema.names), ROW, RAGGED]
    return pa.RecordBatch.from_arrays([*batch.columns, *marks], names=names)


def _fitted(texts: Sequence[str], how: Dialect) -> pa.RecordBatch:
    """Return rows of another length than the header: short ones filled with nothing, the rest of long ones kept."""
    wide, parting = len(how.header), how.delimiter or ","
    rows = []
    for text in texts:
        cells_of = next(csv.reader([text], delimiter=parting), [])
        more = parting.join(cells_of[wide - 1 :])
        rows.append([*cells_of[: wide - 1], more] if len(cells_of) > wide else cells_of + [""] * (wide - len(cells_of)))
    kinds = _types(how).values()
    columns = [pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), kinds, strict=True)]
    return pa.RecordBatch.from_arrays(columns, names=how.header)
