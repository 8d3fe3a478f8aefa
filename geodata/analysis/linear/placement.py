"""What lies along a ruler: each place with its kilometre, distance, side and country, in numbers and in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from geodata.analysis import measure, result_builder
from geodata.analysis.base import Parameter
from geodata.analysis.country import country_of, of_places
from geodata.analysis.linear.chainage_interval import kilometres_of
from geodata.analysis.linear.reference import Ruler
from geodata.analysis.measure import Measured, Within
from geodata.analysis.number_format import along as shown_along
from geodata.analysis.number_format import isolated
from geodata.analysis.places import Place, resolve
from geodata.analysis.proximity import unplaced
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
    """Everything of some layers against a ruler: at a kilometre, known to an area only, or without any position."""

    placed: tuple[Along, ...]
    areas: tuple[Measured, ...]
    missing: tuple[Place, ...]
    farther: int
    subjects: tuple[Place, ...]


def subjects_of(
    layers: Sequence[str], line: Place, catalog: Catalog, kinds: Sequence[str] = (), parameter: str = OF.name
) -> list[Place]:
    """Return the places of the layers, of the kinds if any are named, without the line itself.

    Raises BadValue for an unknown layer or kind, and Refused for too many places; both name the `parameter`.
    """
    for kind in kinds:
        if kind not in catalog.vocabulary()["kind"]:
            raise BadValue(KIND.name, kind, one_of(catalog.vocabulary()["kind"]))
    places: list[Place] = []
    for name in layers:
        if name not in catalog.ids():
            raise BadValue(parameter, name, one_of(catalog.ids()))
        places += [
            place
            for place in resolve(parameter, name, catalog)[0]
            if place.id != line.id and (not kinds or (place.feature and place.feature.kind in kinds))
        ]
    if len(places) > MAX_PLACES:
        raise Refused("places", parameter=parameter, count=len(places), most=MAX_PLACES)
    return places


def lay(
    ruler: Ruler,
    layers: Sequence[str],
    radius: float,
    catalog: Catalog,
    kinds: Sequence[str] = (),
    parameter: str = OF.name,
) -> Laid:
    """Measure the places of some layers to a ruler, and keep what lies, or may lie, within `radius` metres.

    `parameter` is the one that names the layers, for what is refused.
    """
    subjects = subjects_of(layers, ruler.place, catalog, kinds, parameter)
    apart = _apart(ruler, subjects, radius)
    measured = [subject for subject, far in zip(subjects, apart, strict=True) if not far]
    measurements = measure.to_target(measured, ruler.place)
    placed, areas, farther = [], [], sum(apart)
    for measurement in measurements:
        if measurement is None:
            continue
        word = measurement.within(radius)
        if word in ("no", "unknown"):
            farther += 1
        elif measurement.subject.is_point:
            placed.append(Along(measurement, ruler, word))
        else:
            areas.append(measurement)
    placed.sort(key=lambda along: (along.chainage, along.measurement.order, along.measurement.subject.id))
    areas.sort(key=lambda measurement: (measurement.low or 0.0, measurement.subject.id))
    missing = tuple(subject for subject, measurement in zip(measured, measurements, strict=True) if measurement is None)
    return Laid(tuple(placed), tuple(areas), missing, farther, tuple(subjects))


def items(placed: Sequence[Along], catalog: Catalog) -> list[dict[str, Any]]:
    """Return the places along a ruler as JSON objects; their countries are looked up in one call."""
    countries = of_places([along.measurement.subject for along in placed], catalog)
    return [along.item(catalog, country) for along, country in zip(placed, countries, strict=True)]


def _apart(ruler: Ruler, subjects: Sequence[Place], radius: float) -> list[bool]:
    """Return which points certainly lie farther than `radius` metres, so that only the others are measured.

    From any place of the line, the nearest of sample points `step` metres apart is at most half of that away, and a
    chord is never longer than a geodesic.
    """
    apart = [False] * len(subjects)
    points = [i for i, subject in enumerate(subjects) if subject.is_point and subject.uncertainty is not None]
    if not points:
        return apart
    count = math.ceil(ruler.line.length / STEP) + 1
    step = ruler.line.length / (count - 1)
    there = ellipsoid.ecef(*ruler.line.point_at(np.linspace(0.0, ruler.line.length, count)))
    here = ellipsoid.ecef(*shapely.get_coordinates([subjects[i].shape for i in points]).T)
    least = np.full(len(points), np.inf)
    for place in there:
        least = np.minimum(least, ((here - place) ** 2).sum(axis=1))
    reach = radius + (ruler.place.uncertainty or 0.0) + np.array([subjects[i].uncertainty for i in points], dtype=float)
    for i, far in zip(points, np.sqrt(least) - step / 2 > reach + 1.0, strict=True):
        apart[i] = bool(far)
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
