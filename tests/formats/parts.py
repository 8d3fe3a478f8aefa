"""Shipped layers as parts of files, and what makes two rows equal."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from geodata.analysis.result_builder import NOTICE
from geodata.catalog import shipped
from geodata.formats.dataset import Dataset, Metadata, Options, Row, rows_of
from geodata.formats.registry import Format, write

DEFAULT = Options()
ARABIC = "سجن الحسكة (سجن الصناعة)"


def part(layer: str) -> Dataset:
    """Return a shipped layer with what travels with it."""
    found = shipped().layer(layer)
    return Dataset(Metadata.of(found, shipped().sources(), NOTICE), rows_of(found))


def saved(
    one: Format, parts: list[Dataset], options: Options = DEFAULT, folder: Path | None = None
) -> tuple[Any, list[str]]:
    """Write parts: the bytes, or the file in a folder, and what was said to be lost."""
    stream = io.BytesIO()
    message = write(one, parts, stream, options)
    if folder is None:
        return stream.getvalue(), message
    path = folder / f"{parts[0].metadata.layer}{one.extensions[0]}"
    path.write_bytes(stream.getvalue())
    return path, message


def held(rows: Iterable[Row]) -> dict[Any, tuple[dict[str, Any], str | None]]:
    """Return properties and exact geometry by id."""
    return {row.id: (dict(row.properties), None if row.geometry is None else row.geometry.wkt) for row in rows}
