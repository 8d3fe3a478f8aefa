"""Sites and events per kilometre of a line, and over time: how many stand at each stretch of it, and when."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from geodata.analysis import result_builder, text_lines
from geodata.analysis.base import Analysis, Parameter
from geodata.analysis.linear.placement import KIND, KM, OF, Along, area_item, lay, missing_item
from geodata.analysis.linear.reference import LINE, OWN, Ruler, ruler
from geodata.analysis.number_format import stated
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


class Profile(Analysis):
    """Counts along a line."""

    name = "profile"
    title: ClassVar[Text] = texts("profile.title")
    description: ClassVar[Text] = texts("profile.description")
    parameters = (LINE, KM, OF, KIND, BIN, BY, *OWN)
    options = ("layer", "km", "of", "kind", "reverse", "zero", "pillars", "bin", "by")

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

    def answer(self, values: Mapping[str, Any], catalog: Catalog) -> Result:
        """Count the places of each bin, and of each period in it."""
        reference = ruler(values, catalog)
        radius, size = values["km"] * 1000, values["bin"] * 1000
        first, last = math.floor(reference.start / size), math.ceil(reference.end / size - 1e-9)
        if last - first > MAX_BINS:
            raise Refused("bins", parameter=BIN.name, count=last - first, most=MAX_BINS)
        laid = lay(reference, values["of"], radius, catalog, values.get("kind", ()))
        bins = _bins(reference, laid.placed, size, first, last, values["by"])
        body = {
            **reference.body(),
            "km": values["km"],
            "bin_km": values["bin"],
            "by": values["by"],
            "items": bins,
            "periods": sorted({period for row in bins for period in row["periods"]}),
            "unknown_dates": sum(row["unknown_dates"] for row in bins),
            "areas": [area_item(area, radius, catalog) for area in laid.areas],
            "unplaced": [missing_item(place) for place in laid.missing],
        }
        shapes = [*result_builder.place_feature(reference.place, "line"), *reference.drawn()]
        places = [reference.place, *laid.subjects]
        return result_builder.result(self.name, values, catalog, places, body, shapes, METHOD, layers=("countries",))


def _bins(
    reference: Ruler, placed: Sequence[Along], size: float, first: int, last: int, by: str
) -> list[dict[str, Any]]:
    by_bin: dict[int, list[Along]] = defaultdict(list)
    possible: Counter[int] = Counter()
    for along in placed:
        by_bin[min(max(math.floor(along.chainage / size), first), last - 1)].append(along)
        low, high = along.interval or (along.chainage, along.chainage)
        for index in range(math.floor(low / size), math.floor(high / size) + 1):
            possible[min(max(index, first), last - 1)] += 1
    rows = []
    for index in range(first, last):
        here = by_bin[index]
        dates = [period(along.measurement.subject.feature, by) for along in here if _dated(along)]
        rows.append(
            {
                "start_m": max(index * size, reference.start),
                "end_m": min((index + 1) * size, reference.end),
                "count": len(here),
                "possible": possible[index],
                "layers": dict(Counter(along.measurement.subject.layer for along in here)),
                "certainly": sum(along.within == "certainly" for along in here),
                "periods": dict(sorted(Counter(date for date in dates if date).items())),
                "unknown_dates": sum(date is None for date in dates),
                "ids": [along.measurement.subject.id for along in here],
            }
        )
    return rows


def _dated(along: Along) -> bool:
    """Whether this is something that happens: a site has no dates to be unknown."""
    feature = along.measurement.subject.feature
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
