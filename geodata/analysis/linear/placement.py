"""What lies along a ruler: each place with its kilometre, distance, side and country, in numbers and in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from geodata.analysis import measure, result_builder
from geodata.analysis.base import Parameter
from geodata.analysis.batches import Batch, Question, Rows
from geodata.analysis.columnar import Mask
from geodata.analysis.country import country_of, of_places
from geodata.analysis.linear.chainage_interval import kilometres_of
from geodata.analysis.linear.reference import Ruler
from geodata.analysis.measure import Measured, Within
from geodata.analysis.number_format import along as shown_along
from geodata.analysis.number_format import isolated
from geodata.analysis.places import Place
from geodata.analysis.proximity import unplaced
from geodata.analysis.result_builder import Basis
from geodata.analysis.subjects import rows_of
from geodata.catalog import Catalog
from geodata.errors import BadValue, Refused
from geodata.geodesy import ellipsoid
from geodata.messages import Message, one_of, texts
from geodata.model import Text

KM = Parameter(
    "km",
    texts("parameter.within_km"),
    "number",
    required=True,
    minimum=0.001,
    maximum=1000.0,
    help="within how many kilometres of the line",
    metavar="X",
)
OF = Parameter(
    "of",
    texts("parameter.layers"),
    "layers",
    default="sites,events",
    help="the layers to lay along the line",
    metavar="LAYER[,LAYER…]",
)
KIND = Parameter("kind", texts("parameter.kinds"), "kinds", help="only features of these kinds", metavar="KIND[,KIND…]")
MAX_PLACES = 20_000
STEP = 20_000.0
"""Metres between the places of the line by which far points are told."""


@dataclass(frozen=True)
class Along:
    """A place measured to a ruler, with its chainage from the ruler's km 0."""

    measurement: Measured
    ruler: Ruler
    within: Within

    @property
    def chainage(self) -> float:
        """Metres from the ruler's km 0."""
        return (self.measurement.chainage or 0.0) - self.ruler.zero

    @property
    def order(self) -> tuple[float, float, str]:
        """What places are sorted by: their kilometre, and how near they are."""
        return self.chainage, self.measurement.order, self.measurement.subject.id

    @cached_property
    def interval(self) -> tuple[float, float] | None:
        """The stretch that can be nearest to the place, widened by how well the line itself is known.

        None where the uncertainty of either is not known.
        """
        stretch = self._span
        return None if stretch is None else (stretch[0] - self.ruler.zero, stretch[1] - self.ruler.zero)

    @cached_property
    def _span(self) -> tuple[float, float] | None:
        return kilometres_of(self.measurement)

    def item(self, catalog: Catalog, country: dict[str, Any] | None) -> dict[str, Any]:
        """Return the place, with its country, as the JSON object of `proximity`, with what a ruler adds."""
        fields = result_builder.item(self.measurement, country, self._span)
        display = dict(shown_along(self.chainage, self.interval, self.measurement.beyond_end))
        fields |= {
            "chainage_m": self.chainage,
            "chainage_interval_m": None if self.interval is None else list(self.interval),
            "chainage_display": display,
            "official_km": self.ruler.official(self.chainage),
            "official_display": self.ruler.official_display(self.chainage, self.interval),
            "within": self.within,
        }
        fields["words"] = words(self, fields, catalog)
        return fields


@dataclass(frozen=True)
class Laid:
    """Rows against a ruler: at a kilometre, known to an area only, or without any position; each with its number."""

    placed: tuple[tuple[int, Along], ...] = ()
    areas: tuple[tuple[int, Measured], ...] = ()
    missing: tuple[tuple[int, Place], ...] = ()
    farther: int = 0
    basis: Basis = field(default_factory=Basis)

    @classmethod
    def merged(cls, parts: Iterable[Laid]) -> Laid:
        """Return what all parts have: by kilometre, by nearness, by number, in whichever order the parts come."""
        parts = list(parts)
        return cls(
            tuple(sorted((row for part in parts for row in part.placed), key=lambda row: (*row[1].order, row[0]))),
            tuple(sorted((row for part in parts for row in part.areas), key=lambda row: (*area_order(row[1]), row[0]))),
            tuple(sorted((row for part in parts for row in part.missing), key=lambda row: row[0])),
            sum(part.farther for part in parts),
            Basis.merged(part.basis for part in parts),
        )


def area_order(measurement: Measured) -> tuple[float, str]:
    """Return what places that are areas are sorted by: how near they can be."""
    return measurement.low or 0.0, measurement.subject.id


def rows_along(
    layers: Sequence[str],
    line: Place,
    catalog: Catalog,
    kinds: Sequence[str] = (),
    parameter: str = OF.name,
    where: str | None = None,
) -> tuple[Rows, ...]:
    """Return the rows of the layers, for `lay`; `where` is a filter in CQL2 text.

    Raises BadValue for an unknown layer or kind, and Refused for too many places of the kinds, if any are named, but
    for the line itself; both name the `parameter`.
    """
    for kind in kinds:
        if kind not in catalog.vocabulary()["kind"]:
            raise BadValue(KIND.name, kind, one_of(catalog.vocabulary()["kind"]))
    for name in layers:
        if name not in catalog.ids():
            raise BadValue(parameter, name, one_of(catalog.ids()))
    rows = tuple(rows_of(parameter, name, catalog, where)[0] for name in layers)
    if sum(len(source) for source in rows) > MAX_PLACES:
        question = Question({}, catalog, rows)
        count = sum(int(_wanted(batch, line, kinds).sum()) for batch in question.scan(("id", "kind")))
        if count > MAX_PLACES:
            raise Refused("places", parameter=parameter, count=count, most=MAX_PLACES)
    return rows


def _wanted(batch: Batch, line: Place, kinds: Sequence[str]) -> Mask:
    """Return which rows are asked about: those of the kinds, if any are named, without the line itself."""
    wanted = np.array([id_ != line.id for id_ in batch.column("id")], dtype=bool)
    if kinds:
        wanted &= np.array([kind in kinds for kind in batch.column("kind")], dtype=bool)
    return wanted


def lay(ruler: Ruler, batch: Batch, radius: float, kinds: Sequence[str] = ()) -> Laid:
    """Measure the rows of a batch to a ruler, and keep what lies, or may lie, within `radius` metres.

    Only rows of the kinds are laid, if any are named, and never the line itself.
    """
    wanted = _wanted(batch, ruler.place, kinds)
    apart = wanted & _apart(ruler, batch, radius)
    rows = np.flatnonzero(wanted & ~apart).tolist()
    subjects = batch.take(rows)
    placed, areas, missing, farther = [], [], [], int(apart.sum())
    for row, subject, measurement in zip(rows, subjects, measure.to_target(subjects, ruler.place), strict=True):
        number = batch.first + row
        if measurement is None:
            missing.append((number, subject))
            continue
        word = measurement.within(radius)
        if word in ("no", "unknown"):
            farther += 1
        elif subject.is_point:
            placed.append((number, Along(measurement, ruler, word)))
        else:
            areas.append((number, measurement))
    basis = Basis.merged([Basis.of(subjects), batch.basis(np.flatnonzero(apart).tolist())])
    return Laid.merged([Laid(tuple(placed), tuple(areas), tuple(missing), farther, basis)])


def items(placed: Sequence[Along], catalog: Catalog) -> list[dict[str, Any]]:
    """Return the places along a ruler as JSON objects; their countries are looked up in one call."""
    countries = of_places([along.measurement.subject for along in placed], catalog)
    return [along.item(catalog, country) for along, country in zip(placed, countries, strict=True)]


def _apart(ruler: Ruler, batch: Batch, radius: float) -> Mask:
    """Return which points certainly lie farther than `radius` metres, so that only the others are measured.

    From any place of the line, the nearest of sample points `step` metres apart is at most half of that away, and a
    chord is never longer than a geodesic.
    """
    positions = batch.positions
    apart = np.zeros(len(batch), dtype=bool)
    points = np.flatnonzero(~np.isnan(positions.lon) & (positions.areas < 0) & ~np.isnan(positions.radius))
    if not len(points):
        return apart
    count = math.ceil(ruler.line.length / STEP) + 1
    step = ruler.line.length / (count - 1)
    there = ellipsoid.ecef(*ruler.line.point_at(np.linspace(0.0, ruler.line.length, count)))
    here = ellipsoid.ecef(positions.lon[points], positions.lat[points])
    least = np.full(len(points), np.inf)
    for place in there:
        least = np.minimum(least, ((here - place) ** 2).sum(axis=1))
    reach = radius + (ruler.place.uncertainty or 0.0) + positions.radius[points]
    apart[points] = np.sqrt(least) - step / 2 > reach + 1.0
    return apart


def area_item(measurement: Measured, radius: float, catalog: Catalog) -> dict[str, Any]:
    """Return a place that is an area, a line or a polygon as a JSON object: an interval, and no kilometre."""
    fields = result_builder.item(measurement, country_of(measurement.subject, catalog), None)
    for name in ("chainage_m", "chainage_interval_m", "chainage_display", "side", "beyond_end", "tied"):
        fields.pop(name, None)
    feature = measurement.subject.feature
    return {**fields, "area": feature.area if feature else None, "within": measurement.within(radius)}


def missing_item(subject: Place) -> dict[str, Any]:
    """Return a place without any position: it is kept and said."""
    return unplaced(subject)


def words(along: Along, fields: dict[str, Any], catalog: Catalog) -> Text:
    """Return the location of a place as text in both languages: figures with margins, no uncertain country."""
    measurement = along.measurement
    country = fields.get("country")
    parts: dict[str, Any] = {"position": _position(along, fields), "distance": isolated(fields["display"]["number"])}
    name = None if country is None else catalog.feature(country["id"]).name
    if country is None or name is None:
        location = Message("placement.from_line", **parts)
    elif not country["certain"]:
        location = Message("placement.possibly_in", **parts, country=name)
    elif country["id"] in along.ruler.sides and not measurement.beyond_end:
        location = Message("placement.inside", **parts, country=name)
    else:
        location = Message("placement.in", **parts, country=name)
    return texts("placement.placeholder", location=location) if measurement.subject.placeholder else location.texts()


def _position(along: Along, fields: dict[str, Any]) -> Message:
    """Return the kilometre of the line at which a place lies."""
    official = fields["official_km"] is not None
    km = isolated(fields["official_display" if official else "chainage_display"]["number"])
    position = Message("placement.official_km" if official else "placement.km", km=km, line=along.ruler.place.name)
    return Message("placement.beyond_end", position=position) if along.measurement.beyond_end else position
