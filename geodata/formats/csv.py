"""CSV: the flat columns and the geometry as WKT; UTF-8 with a byte order mark, so that spreadsheets show Arabic."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from geodata.errors import BadData
from geodata.formats import spreadsheet_cells
from geodata.formats.arrow import encodable, free_name
from geodata.formats.columns import Column, chosen
from geodata.formats.dataset import Dataset, Metadata, Options, Row
from geodata.settings import MAX_BYTES


def save(parts: Sequence[Dataset], stream: IO[bytes], options: Options) -> list[str]:
    """Write one part; with `hxl` a row of tags under the header."""
    part = parts[0]
    columns = chosen(options.fields, options.original, options.types)
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*(column.name for column in columns), free_name(spreadsheet_cells.WKT, columns)])
    if options.hxl:
        writer.writerow([*(column.hxl for column in columns), spreadsheet_cells.WKT_HXL])
    for row in part.rows:
        writer.writerow(
            [
                *(_cell(column, column.text(row, part.metadata)) for column in columns),
                spreadsheet_cells.wkt(row.geometry),
            ]
        )
    text.flush()
    text.detach()
    return []


def _cell(column: Column, value: Any) -> Any:
    return spreadsheet_cells.defused(encodable(value)) if column.kind == "text" and value is not None else value


def load(path: Path) -> list[Dataset]:
    """Return the rows of a CSV (comma, semicolon or tab; UTF-8) with a header; raises BadData."""
    with path.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadData("", "csv_bytes", most=MAX_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadData("", "csv_encoding", position=error.start) from None
    if "\x00" in text:
        raise BadData("", "csv_nul")
    first = text[: text.find("\n")] if "\n" in text else text
    csv.field_size_limit(MAX_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        header = [name.strip() for name in next(reader, [])]
        if not any(header) or len(set(header)) != len(header):
            raise BadData("", "csv_header")
        rows: list[Row] = []
        metadata = Metadata(path.stem)
        for line in reader:
            if not any(line) or (reader.line_num == 2 and spreadsheet_cells.tags(line)):
                continue
            if not rows:
                metadata = spreadsheet_cells.about(header, line, path.stem)
            rows.append(spreadsheet_cells.row(header, line, reader.line_num))
    except csv.Error as error:
        raise BadData("", "csv_broken", error=error) from None
    return [Dataset(metadata, rows)]
