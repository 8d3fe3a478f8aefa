"""Rows of a table that are no records: blank ones, totals, notes. They are set apart and reported, never stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.formats import headings
from geodata.importing.columns import decoded
from geodata.importing.delimited import CELL, ROW
from geodata.importing.meaning import Cells
from geodata.importing.worker import GEOMETRY

_PLACES = ("lat", "lon", "position", "wkt", "easting", "northing")
WIDE = 4
"""Columns of a table of whose records more than one cell is filled."""
MOST = 100
"""Totals whose cells are reported."""


@dataclass
class SetApart:
    """The rows of a file that are no records."""

    blank: int = 0
    totals: int = 0
    notes: int = 0
    """Rows of a single cell in a table of many columns: sources, footnotes."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    """{row, cells} of the first totals."""

    def without(self, cells: Cells) -> pa.RecordBatch:
        """Return the batch of cells without blank rows and totals, and count these."""
        batch = cells.batch
        bare = np.flatnonzero(_bare(cells))
        if not len(bare):
            return batch
        names = [name for name in batch.schema.names if name.startswith(CELL)]
        rows = [decoded(batch.column(name).take(pa.array(bare))) for name in names]
        texts = [pc.utf8_trim_whitespace(column) for column in rows]
        blank = np.logical_and.reduce([_empty(column) for column in texts])
        total = ~blank & np.logical_or.reduce([_total(column) for column in texts])
        filled = len(texts) - np.sum([_empty(column) for column in texts], axis=0)
        note = ~total & (filled == 1) & (len(texts) >= WIDE)
        self.blank += int(blank.sum())
        self.totals += int(total.sum())
        self.notes += int(note.sum())
        total |= note
        for at in np.flatnonzero(total).tolist()[: max(0, MOST - len(self.rows))]:
            number = int(batch.column(ROW)[int(bare[at])].as_py())
            self.rows.append({"row": number, "cells": [text[at].as_py() for text in texts if text[at].as_py()]})
        apart = bare[blank | total]
        if not len(apart):
            return batch
        rest = np.ones(len(batch), dtype=bool)
        rest[apart] = False
        return batch.filter(pa.array(rest))


def _bare(cells: Cells) -> NDArray[np.bool_]:
    """Tell which rows have no position, and no date but the word for a total: only these are looked at."""
    places = [column for role in _PLACES for column in cells.all(role)]
    if GEOMETRY in cells.batch.schema.names:
        places.append(cells.batch.column(GEOMETRY))
    bare = np.ones(len(cells), dtype=bool)
    for column in places:
        bare &= column.is_null().to_numpy(zero_copy_only=False)
    for column in (column for role in ("date", "date_end") for column in cells.all(role) if bare.any()):
        rows = np.flatnonzero(bare)
        texts = decoded(column.take(pa.array(rows)))
        bare[rows] = texts.is_null().to_numpy(zero_copy_only=False) | _total(texts)
    return bare


def _empty(column: pa.Array) -> NDArray[np.bool_]:
    empty: NDArray[np.bool_] = pc.fill_null(pc.equal(pc.binary_length(column), 0), True).to_numpy(zero_copy_only=False)
    return empty


def _total(column: pa.Array) -> NDArray[np.bool_]:
    encoded = column.dictionary_encode()
    words = [headings.is_total(text) for text in encoded.dictionary.to_pylist()]
    mask: NDArray[np.bool_] = (
        pa.array([*words, False], pa.bool_()).take(encoded.indices.fill_null(len(words))).to_numpy(zero_copy_only=False)
    )
    return mask
