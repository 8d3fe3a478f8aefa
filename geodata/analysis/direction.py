"""In which direction of a country a place lies, by a written rule.

The azimuth runs from the centroid of the country's land to the place. A side such as west takes 45 degrees either way,
and so does a corner such as north-east (0–90): words of direction overlap, as they do in speech (docs/accuracy.md).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata import geodesy
from geodata.analysis import result_builder
from geodata.analysis.base import PLACE, Analysis, Parameter
from geodata.analysis.batches import OF_PLACES, Batch, Question, census
from geodata.analysis.number_format import degrees
from geodata.analysis.places import Place, resolve
from geodata.analysis.result_builder import Basis
from geodata.analysis.row_answers import Answers, Row
from geodata.analysis.subjects import WHERE, rows_of
from geodata.catalog import Catalog
from geodata.errors import BadValue
from geodata.messages import texts
from geodata.model import Result, Text

WORDS: Mapping[str, float] = {
    "north": 0.0,
    "north-east": 45.0,
    "east": 90.0,
    "south-east": 135.0,
    "south": 180.0,
    "south-west": 225.0,
    "west": 270.0,
    "north-west": 315.0,
}
NAMES: Mapping[str, Text] = {
    "north": texts("direction.north"),
    "north-east": texts("direction.north_east"),
    "east": texts("direction.east"),
    "south-east": texts("direction.south_east"),
    "south": texts("direction.south"),
    "south-west": texts("direction.south_west"),
    "west": texts("direction.west"),
    "north-west": texts("direction.north_west"),
}
DEFINITE: Mapping[str, Text] = {
    "north": texts("direction_definite.north"),
    "north-east": texts("direction_definite.north_east"),
    "east": texts("direction_definite.east"),
    "south-east": texts("direction_definite.south_east"),
    "south": texts("direction_definite.south"),
    "south-west": texts("direction_definite.south_west"),
    "west": texts("direction_definite.west"),
    "north-west": texts("direction_definite.north_west"),
}
"""The names as they stand in a sentence: in Arabic with the article."""
HALF_ANGLE = 45.0
"""Degrees that a word of direction spans either way, a side and a corner alike."""
METHOD: Text = texts("direction.method")


@dataclass(frozen=True)
class Bearing:
    """An azimuth in degrees with half the angle that the place's uncertainty spans, and metres from the centroid.

    `margin` is None where nobody stated an uncertainty; `span` holds the azimuths between which an area lies, None
    for a point, and for an area all round the centroid. The azimuth of the centroid itself is NaN.
    """

    azimuth: float
    margin: float | None
    distance: float
    centroid: tuple[float, float]
    span: tuple[float, float] | None = None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The azimuths that the uncertainty leaves possible; None where it, or the azimuth, is not known."""
        return (
            None
            if self.margin is None or math.isnan(self.azimuth)
            else (self.azimuth - self.margin, self.azimuth + self.margin)
        )

    def agrees(self, word: str) -> str:
        """Return how a direction word fits: certainly, possibly, no, or unknown."""
        off = abs((self.azimuth - WORDS[word] + 180) % 360 - 180)
        margin = math.nan if self.margin is None else self.margin
        return str(geodesy.classify(max(off - margin, 0.0), off + margin, HALF_ANGLE, distance=off))


def bearing(place: Place, country: Place) -> Bearing:
    """Return the azimuth of a place from a country's centroid; of an area, the azimuth of its own centroid."""
    if country.geometry is None or country.geometry.geom_type not in ("Polygon", "MultiPolygon"):
        raise BadValue("target", country.id, "country_or_polygon")
    centre = geodesy.centroid(country.geometry)
    centre = (float(centre[0]), float(centre[1]))
    extent = place.area if place.area is not None else place.shape
    is_area = extent.geom_type in ("Polygon", "MultiPolygon")
    to = geodesy.centroid(extent) if is_area else shapely.get_coordinates(extent.centroid)[0]
    radius = 0.0 if is_area else place.uncertainty
    near = geodesy.distance(shapely.Point(centre), shapely.Point(float(to[0]), float(to[1])))
    distance, azimuth = float(near.distance), float(near.azimuth_a) % 360
    margin = None
    if radius is not None:
        margin = 180.0 if radius >= distance else math.degrees(math.asin(radius / distance))
    return Bearing(azimuth, margin, distance, centre, _span(extent, centre, azimuth) if is_area else None)


def _span(area: BaseGeometry, centre: tuple[float, float], azimuth: float) -> tuple[float, float] | None:
    """Return the least and the greatest azimuth of an area's outline, either way of an azimuth within it; degrees."""
    if shapely.intersects(area, shapely.Point(centre)):
        return None
    lon, lat = shapely.get_coordinates(area).T
    seen = geodesy.inverse(np.full(len(lon), centre[0]), np.full(len(lon), centre[1]), lon, lat)[0]
    off = (np.asarray(seen) - azimuth + 180) % 360 - 180
    return azimuth + float(off.min()), azimuth + float(off.max())


@dataclass(frozen=True)
class Prepared:
    """The country, and whether the places are many."""

    country: Place
    many: bool


class Direction(Analysis):
    """Where in a country a place lies."""

    name = "direction"
    title: ClassVar[Text] = texts("direction.title")
    description: ClassVar[Text] = texts("direction.description")
    parameters = (
        Parameter("layer", texts("parameter.place"), "place", required=True, help=PLACE, metavar="A", positional=True),
        Parameter(
            "target",
            texts("parameter.country"),
            "place",
            default="country-iq",
            help="default country-iq",
            metavar="COUNTRY",
            flags=("--to", "--target"),
        ),
        WHERE,
    )

    columns = OF_PLACES

    def prepare(self, values: Mapping[str, Any], catalog: Catalog) -> Question:
        """Resolve the country, and look whether a single place lies anywhere."""
        rows, many = rows_of("layer", values["layer"], catalog, values.get(WHERE.name))
        country = resolve("target", values["target"], catalog)[0][0]
        if not many and census(rows)[2]:
            raise BadValue("layer", values["layer"], "place_with_extent")
        return Question(values, catalog, (rows,), Prepared(country, many))

    def map(self, batch: Batch, question: Question) -> Answers:
        """Measure the azimuth of every place."""
        places = batch.places
        rows = (
            Row(
                batch.first + number,
                _item(place, question.prepared.country),
                outline=tuple(result_builder.place_feature(place, "place")),
            )
            for number, place in enumerate(places)
            if place.has_extent
        )
        return Answers(tuple(rows), Basis.of(places))

    def merge(self, partials: Iterable[Answers]) -> Answers:
        """Put the answers in the order of their places."""
        return Answers.merged(partials)

    def finalize(self, partial: Answers, question: Question) -> Result:
        """Return the items, with the places drawn."""
        answers = [row.item for row in partial.rows]
        body: Mapping[str, Any] = {"items": answers} if question.prepared.many else answers[0]
        shapes = [shape for row in partial.rows for shape in row.outline]
        basis = Basis.merged([partial.basis, Basis.of([question.prepared.country])])
        return result_builder.result(self.name, question.values, question.catalog, basis, body, shapes, METHOD)


def _item(place: Place, country: Place) -> dict[str, Any]:
    measured = bearing(place, country)
    return {
        "id": place.id,
        "name": dict(place.name),
        "layer": place.layer or None,
        "kind": place.feature.kind if place.feature else None,
        "target": country.id,
        "target_name": dict(country.name),
        "azimuth_deg": measured.azimuth,
        "interval_deg": None if measured.interval is None else list(measured.interval),
        "span_deg": None if measured.span is None else list(measured.span),
        "distance_m": measured.distance,
        "centroid": list(measured.centroid),
        "directions": {word: measured.agrees(word) for word in WORDS},
        "display": None if math.isnan(measured.azimuth) else degrees(measured.azimuth, measured.margin),
        "assumed": result_builder.assumed([place]),
        "assumptions": [dict(text) for text in place.assumptions],
    }
