"""Spreadsheets as GDAL reads them: the first row for headings, numbers for numbers, dates for dates."""

from __future__ import annotations

from pathlib import Path

import pyogrio
import pytest

from geodata.catalog import shipped
from geodata.formats import xlsx
from geodata.formats.column_types import ColumnType
from geodata.formats.columns import COLUMNS
from geodata.formats.dataset import Dataset, Metadata, Options, Row, rows_of

NAMES = [*(column.name for column in COLUMNS), "wkt"]


def fields(path: Path, layer: str) -> dict[str, str]:
    """Return the fields that GDAL sees in a sheet, with their types."""
    output = pyogrio.read_info(path, layer=layer)
    return dict(zip(output["fields"], output["ogr_types"], strict=True))


@pytest.mark.parametrize("layer", ["sites", "events", "wall", "borders"])
def test_gdal_sees_the_headings_of_every_layer(layer: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with path.open("wb") as stream:
        xlsx.save([Dataset(Metadata(layer), rows_of(shipped().layer(layer)))], stream, Options())
    assert list(fields(path, layer)) == NAMES
    [back] = [part for part in xlsx.load(path) if part.metadata.layer == layer]
    assert len(list(back.rows)) == len(shipped().layer(layer).features)


def test_the_columns_of_a_file_keep_their_types(tmp_path: Path) -> None:
    types = {"n": ColumnType("integer"), "x": ColumnType("number"), "d": ColumnType("date"), "t": ColumnType()}
    cells = [
        {"n": 2, "x": 0.5, "d": "2020-01-31", "t": "007"},
        {"n": None, "x": None, "d": "1899-12-31", "t": None},
    ]
    rows = [Row(f"r{at}", None, {"original": row}) for at, row in enumerate(cells)]
    path = tmp_path / "book.xlsx"
    options = Options(fields=("id", "original"), original=tuple(types), types=types)
    with path.open("wb") as stream:
        xlsx.save([Dataset(Metadata("rows"), rows)], stream, options)
    result = fields(path, "rows")
    assert list(result) == ["id", *(f"original.{name}" for name in types), "wkt"]
    assert result["original.n"] in ("OFTInteger", "OFTInteger64")
    assert (result["original.x"], result["original.t"]) == ("OFTReal", "OFTString")
    with xlsx.opened(path) as book:
        _, (_, first), (_, second) = xlsx.rows(book["rows"])
    assert first == {1: "r0", 2: 2, 3: 0.5, 4: "2020-01-31", 5: "007"}
    # Before March 1900 spreadsheets disagree about the day.
    assert second == {1: "r1", 4: "1899-12-31"}
