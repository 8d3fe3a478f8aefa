"""The distances between two sets of places, each with its interval."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import shapely

from geodata import geodesy
from geodata.analysis import measure, result_builder, text_lines
from geodata.analysis.base import Analysis
from geodata.analysis.batches import OF_PLACES, Batch, Question, Rows, census
from geodata.analysis.distance import A, B
from geodata.analysis.figures import Figure
from geodata.analysis.number_format import kilometres
from geodata.analysis.places import Place, resolve
from geodata.analysis.result_builder import Basis
from geodata.analysis.row_answers import Answers, Row
from geodata.analysis.subjects import WHERE, rows_of
from geodata.catalog import Catalog
from geodata.errors import Refused
from geodata.messages import texts
from geodata.model import Result, Text

ROWS, COLUMNS = A, B
MAX_CELLS = 250_000
MAX_SHAPES = 2_000
"""Cells that are not between two points: each is a measurement of its own."""

Cell = tuple[float | None, float | None, float | None]


class Matrix(Analysis):
    """Every distance between two sets of places."""

    name = "matrix"
    title: ClassVar[Text] = texts("matrix.title")
    description: ClassVar[Text] = texts("matrix.description")
    parameters = (ROWS, COLUMNS, WHERE)

    def lines(self, body: Mapping[str, Any]) -> Iterator[str]:
        """Yield the table, in kilometres."""
        head = ("km", *(column["id"] for column in body["columns"]))
        rows = zip(body["rows"], body["display"], strict=True)
        return text_lines.aligned([head, *((row["id"], *(cell or "" for cell in cells)) for row, cells in rows)])

    def figures(self, body: Mapping[str, Any]) -> Iterator[Figure]:
        """Yield each distance."""
        for row, cells in zip(body["rows"], body["display"], strict=True):
            for column, number in zip(body["columns"], cells, strict=True):
                name = {lang: f"{row['name'][lang]} – {column['name'][lang]}" for lang in ("ar", "en")}
                shown = None if number is None else {"number": number, "unit": body["unit"]}
                yield Figure(f"{row['id']} {column['id']}", name, shown)

    columns = OF_PLACES

    def prepare(self, values: Mapping[str, Any], catalog: Catalog) -> Question:
        """Resolve the columns, and count the cells."""
        rows, _ = rows_of(ROWS.name, values[ROWS.name], catalog, values.get(WHERE.name))
        columns, _ = resolve(COLUMNS.name, values[COLUMNS.name], catalog)
        _bound(rows, columns)
        return Question(values, catalog, (rows,), columns)

    def map(self, batch: Batch, question: Question) -> Answers:
        """Measure every pair; places without any position keep their row, of nulls."""
        places = batch.places
        rows = (
            Row(
                batch.first + number,
                {
                    "place": _named(place),
                    "cells": cells,
                    "assumed": result_builder.assumed([place]),
                    "assumptions": place.assumptions,
                },
            )
            for number, (place, cells) in enumerate(zip(places, _cells(places, question.prepared), strict=True))
        )
        return Answers(tuple(rows), Basis.of(places))

    def merge(self, partials: Iterable[Answers]) -> Answers:
        """Put the rows of the table in order."""
        return Answers.merged(partials)

    def finalize(self, partial: Answers, question: Question) -> Result:
        """Return the table."""
        columns: Sequence[Place] = question.prepared
        rows = [row.item for row in partial.rows]
        cells: list[list[Cell]] = [row["cells"] for row in rows]
        texts = [*(text for row in rows for text in row["assumptions"]), *(t for c in columns for t in c.assumptions)]
        body = {
            "rows": [row["place"] for row in rows],
            "columns": [_named(place) for place in columns],
            "distance_m": [[cell[0] for cell in row] for row in cells],
            "interval_m": [[None if cell[1] is None else [cell[1], cell[2]] for cell in row] for row in cells],
            "display": [[_shown(cell) for cell in row] for row in cells],
            "unit": "km",
            "assumed": [*(radius for row in rows for radius in row["assumed"]), *result_builder.assumed(columns)],
            "assumptions": list({text["en"]: dict(text) for text in texts}.values()),
        }
        basis = Basis.merged([partial.basis, Basis.of(columns)])
        return result_builder.result(self.name, question.values, question.catalog, basis, body)


def _bound(rows: Rows, columns: Sequence[Place]) -> None:
    if len(rows) * len(columns) > MAX_CELLS:
        raise Refused("matrix_cells", rows=len(rows), columns=len(columns), most=MAX_CELLS)
    points = census(rows)[0] * sum(place.is_point for place in columns)
    others = len(rows) * len(columns) - points
    if others > MAX_SHAPES:
        raise Refused("matrix_shapes", count=others, most=MAX_SHAPES)


def _cells(rows: Sequence[Place], columns: Sequence[Place]) -> list[list[Cell]]:
    cells: list[list[Cell]] = [[(None, None, None)] * len(columns) for _ in rows]
    _points(cells, rows, columns)
    for j, column in enumerate(columns):
        left = [i for i, row in enumerate(rows) if row.has_extent and not (row.is_point and column.is_point)]
        if column.has_extent and left:
            for i, measurement in zip(left, measure.to_target([rows[i] for i in left], column), strict=True):
                if measurement is not None:
                    cells[i][j] = (measurement.shown_distance, measurement.low, measurement.high)
    return cells


def _points(cells: list[list[Cell]], rows: Sequence[Place], columns: Sequence[Place]) -> None:
    """Fill in the cells between two points, all at once."""
    a = [i for i, place in enumerate(rows) if place.is_point]
    b = [j for j, place in enumerate(columns) if place.is_point]
    if not a or not b:
        return
    from_, to = (
        shapely.get_coordinates([place.shape for place in part]).T
        for part in ([rows[i] for i in a], [columns[j] for j in b])
    )
    distances = geodesy.matrix(*from_, *to)
    spread = np.add.outer(_radii([rows[i] for i in a]), _radii([columns[j] for j in b]))
    low, high = np.maximum(0.0, distances - spread), distances + spread
    for x, i in enumerate(a):
        for y, j in enumerate(b):
            bounded = not np.isnan(spread[x, y])
            ends = (float(low[x, y]), float(high[x, y])) if bounded else (None, None)
            cells[i][j] = (0.0, 0.0, 0.0) if rows[i].is_same(columns[j]) else (float(distances[x, y]), *ends)


def _radii(places: Sequence[Place]) -> Any:
    return np.array([np.nan if place.uncertainty is None else place.uncertainty for place in places])


def _named(place: Place) -> dict[str, Any]:
    return {
        "id": place.id,
        "name": dict(place.name),
        "layer": place.layer or None,
        "uncertainty_m": place.uncertainty,
        "placeholder": place.placeholder,
    }


def _shown(cell: Cell) -> str | None:
    return None if cell[0] is None and cell[1] is None else kilometres(*cell)["number"]
