"""The first rows of a file as they would be imported, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.catalog import Catalog
from geodata.importing import actors, dates
from geodata.importing.actors import Proposal
from geodata.importing.import_report import Types, described_columns, english_reasons, notices_of
from geodata.importing.ingest import begun
from geodata.importing.meaning import Cells, Meaning
from geodata.importing.options import ImportOptions
from geodata.importing.questions import Question, on_actors
from geodata.messages import Message
from geodata.model import SCHEMA
from geodata.store import event_schema

MOST = 50_000
"""Rows that are read for a preview."""
TABLE = ("part", "parts", "header_row", "title", "headerless")
"""What is said of where the table was found; None where the format has no such thing."""


@dataclass(frozen=True)
class Preview:
    """How a file is interpreted, and its first rows as events."""

    name: str
    format: str
    metadata: Mapping[str, Any]
    meaning: Meaning
    rows: int
    complete: bool
    """Whether all rows were read."""
    flags: Mapping[str, int]
    problems: list[dict[str, Any]]
    cells: list[list[str | None]]
    """The first rows as in the file."""
    events: list[dict[str, Any]]
    """The first rows as events."""
    types: Types = field(default_factory=dict)
    """The types of the columns, as far as the rows were read."""
    proposals: tuple[Proposal, ...] = ()
    """Separators of actors that the user should confirm."""
    notices: list[Message] = field(default_factory=list)
    """What was decided about the file as a whole."""
    questions: list[Question] = field(default_factory=list)
    """What is left open."""
    placed: int = 0
    """Rows with a position, a shape or an area."""
    dated: int = 0
    """Rows with a date."""
    flagged: int = 0
    """Rows with a doubt."""
    points: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))
    """Longitude and latitude of each row that is placed by a position or a shape (n, 2), of a shape its middle."""

    @property
    def date_order(self) -> str:
        """The order of day and month by which dates are read; "" where nothing decides it."""
        orders = dates.decided_by(self.meaning.date_orders) & frozenset(dates.ORDERS)
        return next(iter(orders)) if len(orders) == 1 else ""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "schema": SCHEMA,
            "file": self.name,
            "format": self.format,
            "profile": self.meaning.profile.name,
            "encoding": self.metadata.get("encoding"),
            "delimiter": self.metadata.get("delimiter"),
            **{name: self.metadata.get(name) for name in TABLE},
            "rows": self.rows,
            "placed": self.placed,
            "dated": self.dated,
            "flagged": self.flagged,
            "whole": self.complete,
            "flags": dict(self.flags),
            "separators": self.meaning.separators,
            "proposed_separators": [proposal._asdict() for proposal in self.proposals],
            "columns": described_columns(self.meaning, self.types),
            "notices": [str(notice) for notice in self.notices],
            "questions": [question.to_dict() for question in self.questions],
            "problems": english_reasons(self.problems),
        }


def preview(
    path: Path, name: str, options: ImportOptions, catalog: Catalog, most: int = MOST, shown: int = 20
) -> Preview:
    """Read the first rows of a file as they would be imported, and write nothing.

    Raises BadValue, BadData and Refused as `source_file.opened` does.
    """
    orders = dates.Orders()
    while True:
        try:
            return _preview(path, name, options, catalog, orders, most, shown)
        except dates.OrdersFound as decided:
            orders = decided.orders


def _preview(
    path: Path, name: str, options: ImportOptions, catalog: Catalog, orders: dates.Orders, most: int, shown: int
) -> Preview:
    with begun(path, name, options, catalog, orders) as (source, reader, batches):
        cells: list[list[str | None]] = []
        events: list[dict[str, Any]] = []
        named: dict[str, None] = {}
        points = [np.empty((0, 2))]
        rows, complete = 0, True
        for batch in batches:
            if rows >= most:
                complete = False
                break
            table = reader.read(batch)
            for column in Cells(batch, reader.meaning).all("actor"):
                named |= dict.fromkeys(column.drop_null().unique().to_pylist())
            if len(cells) < shown:
                columns = [Cells(batch, reader.meaning).raw(heading).to_pylist() for heading in source.header]
                cells += [list(row) for row in zip(*columns, strict=True)][: shown - len(cells)]
                first = reader.finish(table.slice(0, shown - len(events)))
                features = event_schema.features(first, reader.meaning.layer)
                events += [
                    {"id": feature.id, "geometry": feature.geometry, **feature.properties} for feature in features
                ]
            points.append(_points(table))
            rows += len(table)
        if not complete:
            source.leave()
        flags = {word: count for word, count in reader.flags.items() if count}
        problems = sorted(reader.problems, key=lambda problem: int(problem["row"]))
        types = reader.inference.types(source.header)
        proposals = tuple(actors.proposals(named, actors.tokens(reader.meaning.separators)))
        return Preview(
            name,
            source.format,
            source.metadata,
            reader.meaning,
            rows,
            complete,
            flags,
            problems,
            cells,
            events,
            types,
            proposals,
            notices_of(reader, source),
            [
                *reader.open.questions(reader.meaning, _radius(options, reader.meaning.layer, catalog)),
                *on_actors(proposals, reader.meaning.separators),
            ],
            reader.open.placed,
            reader.open.dated,
            reader.open.flagged,
            np.concatenate(points),
        )


def _radius(options: ImportOptions, layer: str, catalog: Catalog) -> float | None:
    """Return the radius that is assumed: the one stated, else that of the layer that the file is a version of."""
    if options.radius is not None or layer not in catalog.ids():
        return options.radius
    return catalog.layer(layer).default_uncertainty


def _points(table: pa.Table) -> NDArray[np.float64]:
    """Return where events are drawn: their positions, and the middles of the boxes of their shapes."""
    xy = np.column_stack([table.column(name).to_numpy().astype(float) for name in ("lon", "lat")])
    if event_schema.BBOX in table.schema.names:
        box = table.column(event_schema.BBOX).combine_chunks()
        west, south, east, north = (
            pc.struct_field(box, side).to_numpy(zero_copy_only=False) for side in event_schema.BOX
        )
        middles = np.column_stack([(west + east) / 2, (south + north) / 2])
        xy = np.where(np.isnan(xy), middles, xy)
    placed: NDArray[np.float64] = xy[np.isfinite(xy).all(axis=1)]
    return placed
