"""Rows of a file as events: parsed, located, dated, doubts flagged; only blank rows and totals are set apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from geodata.importing import attributes, dates, figures, geolocate
from geodata.importing.areas import Areas
from geodata.importing.columns import coded, combinations, count, decoded, mapped, places, recoded
from geodata.importing.delimited import RAGGED, ROW
from geodata.importing.inference import Inference
from geodata.importing.meaning import Cells, Meaning
from geodata.importing.positions import Positions
from geodata.importing.questions import Open
from geodata.importing.summary_rows import SetApart
from geodata.messages import Message
from geodata.model import Text
from geodata.store import event_schema

MAX_PROBLEMS = 10_000
MAX_CELL = 200
"""Characters of a cell that are listed with a doubt about it."""
_PLACE = ("lat", "lon", "position", "wkt", "easting", "northing")
_DOUBTED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("unreadable_position", "zero_position", "swapped", "reoriented", "country_centroid"), _PLACE),
    **dict.fromkeys(("unreadable_date", "ambiguous_date", "other_calendar", "dates_reversed"), ("date", "date_end")),
    **dict.fromkeys(("unreadable_number", "deaths_inconsistent"), ("deaths_best", "deaths_low", "deaths_high")),
}
"""The roles of the columns that a flag is about."""
SPANS = 50_000
"""Dates that are remembered."""
FIGURES = {"low": "deaths_low", "best": "deaths_best", "high": "deaths_high"}


@dataclass
class Reader:
    """Converts batches to events, and records what is doubtful."""

    meaning: Meaning
    areas: Areas
    labels: Mapping[str, Text]
    """What each flag says, in both languages."""
    problems: list[dict[str, Any]] = field(default_factory=list)
    """{row, flag, reason} of the first MAX_PROBLEMS doubts."""
    flags: Counter[str] = field(default_factory=Counter)
    inference: Inference = field(default_factory=Inference)
    apart: SetApart = field(default_factory=SetApart)
    open: Open = field(default_factory=Open)
    evidence: dates.Evidence = field(default_factory=dates.Evidence)
    """What the dates of the rows so far say of the order of day and month."""
    dimensions: int = 0
    """Of the shape with the most: 0 points, 1 lines, 2 areas."""

    def read(self, batch: pa.RecordBatch) -> pa.Table:
        """Return the rows of a batch as events, by `flat.schema` of the file's header, but for what `finish` makes."""
        cells = Cells(batch, self.meaning)
        batch = self.apart.without(cells)
        cells = cells if batch is cells.batch else Cells(batch, self.meaning)
        positions, shapes = geolocate.read_positions(cells)
        holders = self.areas.holding(positions.lon, positions.lat)
        geolocate.doubted(cells, positions, self.areas, holders)
        geolocate.swapped_by_country(cells, positions, self.areas)
        if shapes is not None:
            self.dimensions = max(self.dimensions, int(shapely.get_dimensions(shapes).max(initial=0)))
        texts = attributes.described(cells)
        fields: dict[str, pa.Array] = {
            **texts,
            **_figures(cells, positions),
            **self._dates(cells, positions),
            **geolocate.placed(cells, positions, shapes, self.areas, holders),
            "id": attributes.ids(cells),
            "row": batch.column(ROW),
            "kind": _repeated([attributes.kind(self.meaning, self.dimensions)], len(batch)),
        }
        positions.flag(
            "destroyed_text", attributes.destroyed(texts, [cells.raw(name) for name in cells.names("notes")])
        )
        positions.flag("ragged", batch.column(RAGGED).to_numpy(zero_copy_only=False))
        fields["flags"] = self._flags(positions, cells)
        self._count_open(cells, positions, fields)
        columns = {name: cells.raw(name) for name in self.meaning.header}
        self.inference.take(columns.items())
        fields |= {f"{event_schema.ORIGINAL}{name}": column for name, column in columns.items()}
        return event_schema.coded(
            fields, pa.schema([field for field in event_schema.schema(self.meaning.header) if field.name in fields])
        )

    def _count_open(self, cells: Cells, positions: Positions, fields: Mapping[str, pa.Array]) -> None:
        """Count what the rows leave open."""
        ambiguous = positions.flags.get("ambiguous_date")
        self.open.ambiguous += 0 if ambiguous is None else int(ambiguous.sum())
        self.open.example = self.evidence.summary().example if self.open.ambiguous else None
        unsure = fields["coordinateUncertaintyInMeters"].is_null().to_numpy(zero_copy_only=False)
        ways = [fields[name] for name in ("lon", "area", event_schema.GEOMETRY) if name in fields]
        located = np.logical_or.reduce([column.is_valid().to_numpy(zero_copy_only=False) for column in ways])
        self.open.placed += int(located.sum())
        self.open.flagged += int((pc.list_value_length(fields["flags"]).to_numpy(zero_copy_only=False) > 0).sum())
        self.open.dated += len(cells) - fields["date_start"].null_count
        self.open.without_radius += int((positions.located & unsure).sum())

    def notices(self, parts: Sequence[str], part: str) -> list[Message]:
        """Return what was decided about the file, what was set apart, and which of its parts was read."""
        notices = list(self.meaning.notices)
        others = [name for name in parts if name != part]
        if others:
            notices.append(Message("import.part", part=part, others=others))
        summary = self.evidence.summary()
        doubts = (("dates_converted", summary.converted), ("dates_year_first", summary.year_first))
        notices += [
            Message(f"import.{word}") for word, doubtful in doubts if doubtful and not self.meaning.order_stated
        ]
        for word, rows in (("totals", self.apart.totals), ("notes", self.apart.notes), ("blank", self.apart.blank)):
            if rows:
                notices.append(Message(f"import.{word}", count=rows))
        return notices

    def finish(self, table: pa.Table) -> pa.Table:
        """Return events with the derived columns: they are large, and not needed until the end."""
        fields = {name: table.column(name).combine_chunks() for name in table.schema.names}
        fields["notes"] = attributes.notes(fields, self.meaning)
        fields["search"] = attributes.search(fields)
        fields["sources"] = _each_row(self.meaning.sources, len(table))
        if event_schema.GEOMETRY not in fields:
            fields |= geolocate.points(fields["lon"], fields["lat"])
        return event_schema.coded(fields, event_schema.schema(self.meaning.header))

    def _dates(self, cells: Cells, positions: Positions) -> dict[str, pa.Array]:
        if not self.meaning.dated:
            nothing = pa.nulls(len(cells), pa.date32())
            return {"date_start": nothing, "date_end": nothing, "date_precision": pa.nulls(len(cells), pa.string())}
        written = [cells.some(role) for role in ("date", "date_end", "date_code")]
        self._decide(written[:2])
        parts = [places(column) for column in written]
        first, row = combinations(parts)
        texts = [column.take(pa.array(first)).to_pylist() for column in written]
        spans = [self._spans(*key) for key in zip(*texts, strict=True)]
        positions.flag("undated", (parts[0] < 0) & (parts[1] < 0))
        positions.flag(
            "unreadable_date", np.array([span is None for span in spans], dtype=bool)[row] & ~positions.flags["undated"]
        )
        for word, check in (("ambiguous_date", self._ambiguous), ("other_calendar", self._other_calendar)):
            doubtful = [any(check(text) for text in each[:2] if text) for each in zip(*texts, strict=True)]
            positions.flag(word, np.array(doubtful, dtype=bool)[row])
        wrong = [span is not None and span.start > span.end for span in spans]
        positions.flag("dates_reversed", np.array(wrong, dtype=bool)[row])
        ordered = [
            span._replace(start=span.end, end=span.start) if span and span.start > span.end else span for span in spans
        ]
        at = pa.array(row)
        return {
            "date_start": pa.array([span and span.start for span in ordered], pa.date32()).take(at),
            "date_end": pa.array([span and span.end for span in ordered], pa.date32()).take(at),
            "date_precision": recoded(at, pa.array([span and span.precision for span in ordered], pa.string())),
        }

    def _decide(self, columns: Sequence[pa.Array]) -> None:
        """Raise OrdersFound where dates say of their order what those before did not."""
        if self.meaning.order_stated:
            return
        for column in columns:
            self.evidence.take(column)
        orders = self.evidence.conclusion(self.meaning.date_orders)
        if orders != self.meaning.date_orders:
            raise dates.OrdersFound(orders)

    @cached_property
    def _orders(self) -> dates.Orders:
        """The orders in which dates in plain numbers are read."""
        return dates.decided_by(self.meaning.date_orders)

    @cached_property
    def _ambiguous(self) -> Callable[[str], bool]:
        notation = self.meaning.date_notation
        return lru_cache(maxsize=SPANS)(lambda text: dates.is_ambiguous(text, self._orders, notation))

    @cached_property
    def _other_calendar(self) -> Callable[[str], bool]:
        notation = self.meaning.date_notation
        return lru_cache(maxsize=SPANS)(lambda text: dates.in_other_calendar(text, notation))

    @cached_property
    def _spans(self) -> Callable[[str | None, str | None, str | None], dates.Span | None]:
        """Dates parsed, cached: a file has few days and many rows."""
        return lru_cache(maxsize=SPANS)(self._span)

    @cached_property
    def _day(self) -> Callable[[str], dates.Span | None]:
        zone, notation = self.meaning.time_zone, self.meaning.date_notation
        return lru_cache(maxsize=SPANS)(lambda text: dates.read(text, self._orders, zone, notation))

    def _span(self, start: str | None, end: str | None, code: str | None) -> dates.Span | None:
        first = self._day(start) if start else None
        last = self._day(end) if end else None
        if (first is None and last is None) or (start and first is None) or (end and last is None):
            return None
        opening, closing = first or last, last or first
        if opening is None or closing is None:
            return None
        word = opening.precision if opening == closing else "interval"
        return dates.coded(self.meaning.profile.name, code or "", dates.Span(opening.start, closing.end, word))

    def _flags(self, positions: Positions, cells: Cells) -> pa.Array:
        """Return the flags of each row, and list the first doubts."""
        numbers, count = cells.batch.column(ROW).to_numpy(), len(cells)
        flagged: list[tuple[NDArray[np.intp], str]] = []
        for word, mask in positions.flags.items():
            at = np.flatnonzero(mask)
            self.flags[word] += len(at)
            flagged.append((at, word))
            for row in at[: max(0, MAX_PROBLEMS - len(self.problems))].tolist():
                reason = self.labels[word]
                if word == "unreadable_position":
                    reason = positions.reasons.get(row, reason)
                cell = _cell(cells, word, row)
                self.problems.append({"row": int(numbers[row]), "flag": word, "cell": cell, "reason": dict(reason)})
        places = np.concatenate([np.zeros(0, dtype=np.intp), *(at for at, _ in flagged)])
        words = np.repeat(np.array([word for _, word in flagged], dtype=object), [len(at) for at, _ in flagged])
        ends = np.concatenate([[0], np.cumsum(np.bincount(places, minlength=count))])
        ordered = pa.array(words[np.argsort(places, kind="stable")].tolist(), pa.string())
        return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), ordered)


def _cell(cells: Cells, word: str, row: int) -> str | None:
    """Return what stands in the cells that a flag is about; None where it is about the row."""
    texts = [column[row].as_py() for role in _DOUBTED.get(word, ()) for column in cells.all(role)]
    return " · ".join(text for text in texts if text)[:MAX_CELL] or None


def _figures(cells: Cells, positions: Positions) -> dict[str, pa.Array]:
    """Return the counts of the dead: what `deaths_best` states, and before its bounds the columns of low and high."""
    stated = coded(cells.some(FIGURES["best"]))
    read = [figures.read(text) for text in stated.dictionary.to_pylist()]
    unread = pa.array([each is None for each in read], pa.bool_()).take(stated.indices)
    positions.flag("unreadable_number", _mask(pc.fill_null(unread, False)))
    counts: dict[str, pa.Array] = {}
    for name, role in FIGURES.items():
        from_cell = pa.array([each and getattr(each, name) for each in read], pa.int64()).take(stated.indices)
        column = None if name == "best" else cells.first(role)
        if column is None:
            counts[name] = from_cell
            continue
        numbers = mapped(column, count, pa.int64())
        unknown = mapped(column, figures.is_unknown, pa.bool_())
        unread = pc.and_(pc.and_(column.is_valid(), numbers.is_null()), pc.invert(pc.fill_null(unknown, False)))
        positions.flag("unreadable_number", _mask(unread))
        counts[name] = pc.coalesce(numbers, from_cell)
    low, best, high = counts.values()
    wrong = pc.or_kleene(pc.greater(low, best), pc.or_kleene(pc.greater(best, high), pc.greater(low, high)))
    positions.flag("deaths_inconsistent", _mask(pc.fill_null(wrong, False)))
    return {f"killed.{name}": counts[name] for name in ("best", "low", "high")}


def _repeated(texts: Sequence[str], times: int) -> pa.DictionaryArray:
    return recoded(pa.array(np.tile(np.arange(len(texts)), times)), pa.array(texts, pa.string()))


def _each_row(texts: Sequence[str], rows: int) -> pa.Array:
    """Return a list of the same texts for each row."""
    ends = np.arange(rows + 1) * len(texts)
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), decoded(_repeated(texts, rows)))


def _mask(column: pa.Array) -> NDArray[np.bool_]:
    mask: NDArray[np.bool_] = column.to_numpy(zero_copy_only=False)
    return mask
