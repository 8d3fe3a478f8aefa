"""Sites and events per kilometre of a line, and over time: how many stand at each stretch of it, and when."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, ClassVar

from geodata.analysis import result_builder, text_lines
from geodata.analysis.base import Analysis, Parameter
from geodata.analysis.batches import OF_PLACES, Batch, Question
from geodata.analysis.linear.along_line import AlongLine, along_line
from geodata.analysis.linear.placement import KIND, KM, OF, Along, lay, rows_along
from geodata.analysis.linear.reference import LINE, OWN, Ruler, ruler
from geodata.analysis.number_format import stated
from geodata.analysis.result_builder import Basis
from geodata.analysis.subjects import WHERE
from geodata.catalog import Catalog
from geodata.errors import Refused
from geodata.messages import texts
from geodata.model import Feature, Result, Text

BIN = Parameter(
    "bin",
    texts("parameter.bin_km"),
    "number",
    default="10",
    minimum=0.1,
    maximum=1000.0,
    help="kilometres of the line in each bin (default 10)",
    metavar="KM",
)
BY = Parameter(
    "by",
    texts("parameter.by"),
    "choice",
    default="month",
    allowed=("month", "year"),
    help="how events are counted over time (default month)",
    metavar="month|year",
)
MAX_BINS = 5_000
METHOD: Text = texts("profile.method")


@dataclass(frozen=True)
class Placed:
    """A place that is counted: its bin, and all bins that it may lie in, each once for every one that is cut off."""

    key: tuple[Any, ...]
    """What places are sorted by."""
    id: str
    layer: str
    bin: int
    possible: tuple[int, ...]
    certain: bool
    dated: bool
    """Whether this is something that happens: a site has no dates to be unknown."""
    period: str | None


@dataclass(frozen=True)
class Counts:
    """The places that are counted, and those that lie at no kilometre."""

    placed: tuple[Placed, ...]
    rest: AlongLine

    @classmethod
    def merged(cls, parts: Iterable[Counts]) -> Counts:
        """Return the places of all parts in their order, in whichever order the parts come."""
        parts = list(parts)
        placed = sorted((place for part in parts for place in part.placed), key=attrgetter("key"))
        return cls(tuple(placed), AlongLine.merged(part.rest for part in parts))


@dataclass(frozen=True)
class Prepared:
    """The line, and its bins: `size` metres each, numbered from `first` until `last`."""

    reference: Ruler
    size: float
    first: int
    last: int

    def place(self, number: int, along: Along, by: str) -> Placed:
        """Return where and when a row is counted."""
        low, high = along.interval or (along.chainage, along.chainage)
        possible = range(math.floor(low / self.size), math.floor(high / self.size) + 1)
        subject = along.measurement.subject
        return Placed(
            key=(*along.order, number),
            id=subject.id,
            layer=subject.layer,
            bin=self._bin(math.floor(along.chainage / self.size)),
            possible=tuple(self._bin(index) for index in possible),
            certain=along.within == "certainly",
            dated=_dated(subject.feature),
            period=period(subject.feature, by),
        )

    def _bin(self, index: int) -> int:
        """Return a bin's number; what lies beyond an end counts as at the end."""
        return min(max(index, self.first), self.last - 1)


class Profile(Analysis):
    """Counts along a line."""

    name = "profile"
    title: ClassVar[Text] = texts("profile.title")
    description: ClassVar[Text] = texts("profile.description")
    parameters = (LINE, KM, OF, KIND, BIN, BY, WHERE, *OWN)
    options = ("layer", "km", "of", "kind", "reverse", "zero", "pillars", "bin", "by", "where")

    def lines(self, body: Mapping[str, Any]) -> Iterator[str]:
        """Yield the line, and the bins that something lies in."""
        yield from text_lines.reference(body)
        rows = [row for row in body["items"] if row["count"] or row["possible"]]
        yield from text_lines.aligned(
            [
                (
                    f"km {stated(row['start_m'] / 1000, row['end_m'] / 1000)}",
                    f"{row['count']} (possibly {row['possible']})",
                    ", ".join(f"{period}: {count}" for period, count in row["periods"].items()),
                    ", ".join(row["ids"]),
                )
                for row in rows
            ]
        )
        yield f"events without a recorded {body['by']}: {body['unknown_dates']}"

    columns = (*OF_PLACES, "date_start", "date_end", "date_precision")

    def prepare(self, values: Mapping[str, Any], catalog: Catalog) -> Question:
        """Make a ruler of the line, divide it into bins, and count the places."""
        reference = ruler(values, catalog)
        size = values["bin"] * 1000
        first, last = math.floor(reference.start / size), math.ceil(reference.end / size - 1e-9)
        if last - first > MAX_BINS:
            raise Refused("bins", parameter=BIN.name, count=last - first, most=MAX_BINS)
        rows = rows_along(values["of"], reference.place, catalog, values.get("kind", ()), where=values.get(WHERE.name))
        return Question(values, catalog, rows, Prepared(reference, size, first, last))

    def map(self, batch: Batch, question: Question) -> Counts:
        """Find the bins of the places of a batch."""
        values, radius = question.values, question.values["km"] * 1000
        laid = lay(question.prepared.reference, batch, radius, values.get("kind", ()))
        rest = along_line(replace(laid, placed=()), radius, question.catalog)
        placed = (question.prepared.place(number, along, values["by"]) for number, along in laid.placed)
        return Counts(tuple(placed), rest)

    def merge(self, partials: Iterable[Counts]) -> Counts:
        """Put the places in their order along the line."""
        return Counts.merged(partials)

    def finalize(self, partial: Counts, question: Question) -> Result:
        """Count the places of each bin, and of each period in it."""
        reference, values = question.prepared.reference, question.values
        bins = _bins(question.prepared, partial.placed)
        body = {
            **reference.body(),
            "km": values["km"],
            "bin_km": values["bin"],
            "by": values["by"],
            "items": bins,
            "periods": sorted({period for row in bins for period in row["periods"]}),
            "unknown_dates": sum(row["unknown_dates"] for row in bins),
            "areas": [entry.item for entry in partial.rest.areas],
            "unplaced": [entry.item for entry in partial.rest.missing],
        }
        shapes = [*result_builder.place_feature(reference.place, "line"), *reference.drawn()]
        basis = Basis.merged([partial.rest.basis, Basis.of([reference.place])])
        return result_builder.result(
            self.name, values, question.catalog, basis, body, shapes, METHOD, layers=("countries",)
        )


def _bins(prepared: Prepared, placed: Sequence[Placed]) -> list[dict[str, Any]]:
    """Return each bin with the places in it, in their order along the line."""
    by_bin: dict[int, list[Placed]] = defaultdict(list)
    possible: Counter[int] = Counter()
    for place in placed:
        by_bin[place.bin].append(place)
        possible.update(place.possible)
    rows = []
    for index in range(prepared.first, prepared.last):
        here = by_bin[index]
        dates = [place.period for place in here if place.dated]
        rows.append(
            {
                "start_m": max(index * prepared.size, prepared.reference.start),
                "end_m": min((index + 1) * prepared.size, prepared.reference.end),
                "count": len(here),
                "possible": possible[index],
                "layers": dict(Counter(place.layer for place in here)),
                "certainly": sum(place.certain for place in here),
                "periods": dict(sorted(Counter(date for date in dates if date).items())),
                "unknown_dates": sum(date is None for date in dates),
                "ids": [place.id for place in here],
            }
        )
    return rows


def _dated(feature: Feature | None) -> bool:
    return feature is not None and "date_precision" in feature.properties


def period(feature: Feature | None, by: str) -> str | None:
    """Return the month (2024-02) or year (2024) that holds all of an event's dates; None where none does."""
    if feature is None:
        return None
    start, end = feature.properties.get("date_start"), feature.properties.get("date_end")
    if not start or not end or feature.properties.get("date_precision") == "unknown":
        return None
    digits = 7 if by == "month" else 4
    first, last = str(start)[:digits], str(end)[:digits]
    return first if first == last and len(first) == digits else None
