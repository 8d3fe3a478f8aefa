"""Where along a line nothing of some layers lies within a distance: gaps in our data, longest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import shapely

from geodata import geodesy
from geodata.analysis import measure, result_builder, text_lines
from geodata.analysis.base import Analysis
from geodata.analysis.batches import OF_PLACES, Batch, Question
from geodata.analysis.linear import placement
from geodata.analysis.linear.placement import KIND, KM, Laid, area_item, lay, missing_item, rows_along
from geodata.analysis.linear.reference import LINE, OWN, Ruler, ruler
from geodata.analysis.linear.uncovered import PRECISION, Reach, Stretch, beyond
from geodata.analysis.measure import Edges
from geodata.analysis.number_format import along, isolated, kilometres, stretch
from geodata.analysis.places import Place
from geodata.analysis.result_builder import Basis
from geodata.analysis.subjects import WHERE
from geodata.catalog import Catalog
from geodata.messages import Message, texts
from geodata.model import Result, Text

DISTANCE = replace(KM, help="how many kilometres from the line count as covered")
OF = replace(placement.OF, title=texts("parameter.no_feature_of"), default="sites")
MEANING: Text = texts("gaps.meaning")
METHOD: Text = texts("gaps.method")


@dataclass(frozen=True)
class Gap:
    """A stretch in metres from the line's start, what of it is certain, and how far it may reach."""

    start: float
    end: float
    certain: tuple[Stretch, ...]
    widest: Stretch

    @property
    def length(self) -> float:
        """Metres."""
        return self.end - self.start

    @property
    def low(self) -> float:
        """The longest stretch that is certain."""
        return max((end - start for start, end in self.certain), default=0.0)


def gaps(line: Place, laid: Laid, radius: float) -> list[Gap]:
    """Return the gaps of a line in order, from the places within `radius` metres of it."""
    u_line = line.uncertainty or 0.0
    measured = [*(place_along.measurement for _, place_along in laid.placed), *(area for _, area in laid.areas)]
    everything = [part for measurement in measured for part in measurement.subject.parts or (measurement.subject,)]
    reliable = [place for place in everything if place.area is None and not place.placeholder]
    on = measure.line_of(line.shape, line.edges)
    nominal = beyond(on, _reaches(reliable, lambda _: radius))
    certain = beyond(on, _reaches(everything, lambda place: radius + u_line + _spread(place)))
    widest = beyond(on, _reaches(reliable, lambda place: radius - u_line - _spread(place)))
    return [
        Gap(
            start,
            end,
            tuple(_within(start, end, certain, on.length)),
            _widened(next(((a, b) for a, b in widest if a <= start + 1 and end <= b + 1), (start, end)), on.length),
        )
        for start, end in nominal
    ]


def _within(start: float, end: float, stretches: Sequence[Stretch], length: float) -> Iterator[Stretch]:
    """Yield the parts of stretches between two ends, less what the ends may be off; the line's own ends are exact."""
    for a, b in stretches:
        first, last = max(a, start), min(b, end)
        inner = (first + PRECISION if first > 0 else 0.0, last - PRECISION if last < length else length)
        if inner[0] < inner[1]:
            yield inner


def _widened(stretch: Stretch, length: float) -> Stretch:
    return max(0.0, stretch[0] - PRECISION), min(length, stretch[1] + PRECISION)


def _spread(place: Place) -> float:
    return 0.0 if place.area is not None else place.uncertainty or 0.0


def _reaches(places: Sequence[Place], radius: Any) -> list[Reach]:
    """Return one reach for all points that reach equally far, and one for each other shape."""
    points: dict[tuple[float, Edges], list[shapely.Point]] = defaultdict(list)
    reaches = []
    for place in places:
        if place.is_point:
            points[radius(place), place.edges].append(place.shape)
        else:
            reaches.append(Reach(measure.target_of(place.area or place.shape, place.edges), radius(place)))
    reaches += [Reach(geodesy.Target(shapely.MultiPoint(group), edges), far) for (far, edges), group in points.items()]
    return reaches


class Gaps(Analysis):
    """Stretches of a line with nothing within a distance."""

    name = "gaps"
    title: ClassVar[Text] = texts("gaps.title")
    description: ClassVar[Text] = texts("gaps.description")
    parameters = (LINE, DISTANCE, OF, KIND, WHERE, *OWN)
    in_reports = True

    def lines(self, body: Mapping[str, Any]) -> Iterator[str]:
        """Yield the line, what a gap means, and the gaps."""
        yield from text_lines.reference(body)
        yield body["meaning"]["en"]
        for item in body["items"]:
            between = f"{item['from'] or 'the line begins'} … {item['to'] or 'the line ends'}"
            yield f"{'certain' if item['certain'] else 'possible'}  {item['words']['en']}  ({between})"

    columns = OF_PLACES

    def prepare(self, values: Mapping[str, Any], catalog: Catalog) -> Question:
        """Make a ruler of the line, and count the places."""
        reference = ruler(values, catalog)
        rows = rows_along(values["of"], reference.place, catalog, values.get("kind", ()), where=values.get(WHERE.name))
        return Question(values, catalog, rows, reference)

    def map(self, batch: Batch, question: Question) -> Laid:
        """Find the places of a batch that the line is near."""
        values = question.values
        return lay(question.prepared, batch, values["km"] * 1000, values.get("kind", ()))

    def merge(self, partials: Iterable[Laid]) -> Laid:
        """Put the places in their order along the line."""
        return Laid.merged(partials)

    def finalize(self, partial: Laid, question: Question) -> Result:
        """Find the gaps between the places."""
        reference, values, catalog = question.prepared, question.values, question.catalog
        radius = values["km"] * 1000
        line_gaps = gaps(reference.place, partial, radius)
        items = sorted(
            (_item(gap, reference, partial) for gap in line_gaps), key=lambda row: (-row["length_m"], row["start_m"])
        )
        total = sum(gap.length for gap in line_gaps)
        body = {
            **reference.body(),
            "km": values["km"],
            "meaning": MEANING,
            "gap_m": total,
            "covered_m": reference.line.length - total,
            "share": total / reference.line.length,
            "items": items,
            "areas": [area_item(area, radius, catalog) for _, area in partial.areas],
            "unplaced": [missing_item(place) for _, place in partial.missing],
        }
        shapes = [*result_builder.place_feature(reference.place, "line"), *(_shape(item, reference) for item in items)]
        basis = Basis.merged([partial.basis, Basis.of([reference.place])])
        return result_builder.result(self.name, values, catalog, basis, body, shapes, METHOD, layers=("countries",))


def _item(gap: Gap, reference: Ruler, laid: Laid) -> dict[str, Any]:
    low, high = gap.low, max(gap.length, gap.widest[1] - gap.widest[0])
    start, end = gap.start - reference.zero, gap.end - reference.zero
    ends = [
        _nearest(reference, laid, at) if 0 < at < reference.line.length - 1e-6 else None for at in (gap.start, gap.end)
    ]
    display = dict(kilometres(gap.length, low, high))
    return {
        "start_m": start,
        "end_m": end,
        "length_m": gap.length,
        "interval_m": [low, high],
        "certain": bool(gap.certain),
        "certainly": [{"start_m": a - reference.zero, "end_m": b - reference.zero} for a, b in gap.certain],
        "from": ends[0],
        "to": ends[1],
        "official_km": [reference.official(start), reference.official(end)],
        "display": display,
        "words": _words(gap, reference, display["number"]),
    }


def _nearest(reference: Ruler, laid: Laid, at: float) -> str | None:
    """Return the feature at whose reach a gap ends: the nearest to that place of the line."""
    lon, lat = (np.atleast_1d(part) for part in reference.line.point_at(at))
    placed = [place_along.measurement.subject for _, place_along in laid.placed]
    candidates = [place for place in placed if not place.placeholder]
    candidates += [area.subject for _, area in laid.areas if area.subject.area is None]
    if not candidates:
        return None
    points = [place for place in candidates if place.is_point]
    far = {}
    if points:
        x, y = shapely.get_coordinates([place.shape for place in points]).T
        far = dict(zip((p.id for p in points), geodesy.matrix(lon, lat, x, y)[0], strict=True))
    for place in candidates:
        if not place.is_point:
            far[place.id] = measure.target_of(place.shape, place.edges).nearest(lon, lat).distance[0]
    return min(far, key=lambda id_: (far[id_], id_))


def _words(gap: Gap, reference: Ruler, length: str) -> Text:
    """Return a gap as text, from kilometre to kilometre, each end with its interval.

    A gap that may be covered altogether is described by its widest possible extent.
    """
    ends, spans = gap.widest, [(end, end) for end in gap.widest]
    if gap.certain:
        ends = (gap.start, gap.end)
        spans = [(gap.widest[0], max(gap.start, gap.certain[0][0])), (min(gap.end, gap.certain[-1][1]), gap.widest[1])]
    shown = list(stretch(*(end - reference.zero for end in gap.widest)))
    official = []
    for n, (at, (low, high)) in enumerate(zip(ends, spans, strict=True)):
        span = (low - reference.zero, high - reference.zero)
        if gap.certain:
            shown[n] = along(at - reference.zero, span, at_end=True)["number"]
        official.append(reference.official_display(at - reference.zero, span))
    if None not in official:
        shown = [display["number"] for display in official if display is not None]
    first, last = (isolated(number) for number in shown)
    location = Message(
        "gaps.stretch" if None in official else "gaps.official_stretch",
        first=first,
        last=last,
        line=reference.place.name,
        length=isolated(length),
    )
    return location.texts() if gap.certain else texts("gaps.possibly_covered", location=location)


def _shape(item: Mapping[str, Any], reference: Ruler) -> dict[str, Any]:
    about = {"role": "gap", **{key: item[key] for key in ("start_m", "end_m", "length_m", "certain")}}
    id_ = f"gap-{reference.place.id}-{round(item['start_m'])}"
    return result_builder.shape(id_, reference.stretch(item["start_m"], item["end_m"]), about)
