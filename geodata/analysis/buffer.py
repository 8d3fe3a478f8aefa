"""Rings round places, and what lies inside them: certainly, or possibly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, ClassVar

import shapely
from shapely.geometry.base import BaseGeometry

from geodata import geodesy
from geodata.analysis import result_builder, ring_contents
from geodata.analysis.base import PLACE, Analysis, Parameter
from geodata.analysis.batches import Batch, PlaceRows, Question
from geodata.analysis.figures import Figure
from geodata.analysis.number_format import quantity, stated
from geodata.analysis.places import Place, resolve
from geodata.analysis.result_builder import Basis
from geodata.analysis.subjects import WHERE
from geodata.catalog import Catalog
from geodata.errors import BadValue, Refused
from geodata.geodesy.polygon_area import area_and_perimeter
from geodata.geodesy.validation import MAX_POINT_RADIUS
from geodata.messages import LANGUAGES, texts
from geodata.model import Result, Text

LAYER = Parameter("layer", texts("parameter.around"), "place", required=True, help=PLACE, metavar="A", positional=True)
KM = Parameter(
    "km",
    texts("parameter.radii_km"),
    "kilometres",
    required=True,
    minimum=-1000.0,
    maximum=5000.0,
    help="radii in kilometres; negative: into polygons",
    metavar="R[,R…]",
)
DISSOLVE = Parameter("dissolve", texts("parameter.dissolve"), "flag", default="false", help="one ring a radius, merged")
OF = Parameter(
    "of",
    texts("parameter.contents"),
    "layers",
    default="sites,events,places,own",
    help="the layers to look in (default sites,events,places,own)",
    metavar="LAYER[,LAYER…]",
)
TOLERANCE = Parameter(
    "tolerance",
    texts("parameter.tolerance_m"),
    "number",
    default="1",
    minimum=0.1,
    maximum=10_000.0,
    help="metres the ring may be off (default 1)",
    metavar="M",
)

AREA: Text = texts("figure.area")
WITHIN: Mapping[str, Text] = {
    "certainly": texts("figure.certainly"),
    "possibly": texts("figure.possibly"),
}
MAX_RINGS = 600
MAX_VERTICES = 200_000
BUFFER = texts("buffer.method")


@dataclass(frozen=True)
class Prepared:
    """The rings, and the layers of the workspace that are not looked in."""

    rings: ring_contents.Rings
    left_out: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Inside:
    """What the rings hold of some features, the nearest first, and what the features rest on."""

    contents: tuple[ring_contents.Content, ...]
    basis: Basis

    @classmethod
    def merged(cls, parts: Iterable[Inside]) -> Inside:
        """Return what the rings hold of all parts, in whichever order they come."""
        parts = list(parts)
        contents = sorted((content for part in parts for content in part.contents), key=attrgetter("order"))
        return cls(tuple(contents), Basis.merged(part.basis for part in parts))


class Buffer(Analysis):
    """Geodesic rings of one or several radii."""

    name = "buffer"
    title: ClassVar[Text] = texts("buffer.title")
    description: ClassVar[Text] = texts("buffer.description")
    parameters = (LAYER, KM, DISSOLVE, OF, TOLERANCE, WHERE)
    in_reports = True
    # Without what was added in the workspace.
    report_defaults: ClassVar[Mapping[str, str]] = {"of": "sites,events,places"}

    def lines(self, body: Mapping[str, Any]) -> Iterator[str]:
        """Yield the layers left out, and of each ring its areas and what lies in it."""
        for layer in body["left_out"]:
            yield f"not looked in: {layer['layer']}, {layer['features']} features; name it with --of"
        for ring in body["rings"]:
            yield from ring_contents.lines(ring)

    def figures(self, body: Mapping[str, Any]) -> Iterator[Figure]:
        """Yield the area of each ring, and how many features lie in it certainly and possibly."""
        places = {place["id"]: place["name"] for place in body["around"]}
        for ring in body["rings"]:
            km = stated(ring["km"])
            for area in ring["areas"]:
                place = places.get(area["around"])
                yield Figure(f"{km} {area['around']}", _called(km, AREA, place), area["display"])
            for word, total in (ring["totals"] or {}).items():
                yield Figure(f"{km} {word}", _called(km, WITHIN[word]), {"count": total["features"]})

    columns = ring_contents.COLUMNS

    def prepare(self, values: Mapping[str, Any], catalog: Catalog) -> Question:
        """Resolve the centres, and count the features to look among."""
        around = tuple(place for place in resolve(LAYER.name, values[LAYER.name], catalog)[0] if place.has_extent)
        if not around:
            raise BadValue(LAYER.name, values[LAYER.name], "places_with_extent")
        _bound(around, values["km"])
        of, left_out = ring_contents.layers_of(OF.name, values["of"], catalog)
        rows = ring_contents.rows_in(OF.name, of, catalog, values.get(WHERE.name))
        rings = ring_contents.Rings(around, tuple(km * 1000 for km in values["km"] if km > 0))
        # The id and a citation rest on the layers themselves: what `own` stands for changes with the workspace.
        question = Question({**values, "of": of}, catalog, rows or (PlaceRows(),), Prepared(rings, tuple(left_out)))
        rings.check(question.scan(self.columns))
        return question

    def map(self, batch: Batch, question: Question) -> Inside:
        """Class the features of a batch by the rings that hold them."""
        others = question.prepared.rings.others(batch)
        contents = question.prepared.rings.classify(others)
        return Inside(tuple(contents), Basis.of(place for _, place in others))

    def merge(self, partials: Iterable[Inside]) -> Inside:
        """Put the features in order, the nearest first."""
        return Inside.merged(partials)

    def finalize(self, partial: Inside, question: Question) -> Result:
        """Draw the rings and say what lies in them."""
        values, catalog, around = question.values, question.catalog, question.prepared.rings.around
        drawn = {km: [*_rings(around, km, values["dissolve"], values["tolerance"])] for km in values["km"]}
        shapes = [feature for features in drawn.values() for feature in features]
        shapes += [feature for place in around for feature in result_builder.place_feature(place, "around")]
        body = {
            "around": [_named(place) for place in around],
            "of": list(values["of"]),
            "left_out": list(question.prepared.left_out),
            "dissolve": values["dissolve"],
            "tolerance_m": values["tolerance"],
            "rings": _answered(drawn, partial.contents, question.prepared.rings, catalog),
            "assumptions": [dict(text) for place in around[:1] for text in place.assumptions],
        }
        basis = Basis.merged([partial.basis, Basis.of(around)])
        layers = ("countries", *values["of"])
        return result_builder.result(self.name, values, catalog, basis, body, shapes, method=BUFFER, layers=layers)


def _called(km: str, what: Text, place: Text | None = None) -> Text:
    """Return the name of a figure of a ring: its radius, the place it is round, and what is counted."""
    radius = texts("figure.radius", km=dict.fromkeys(LANGUAGES, f"\u2066{km}\u2069"))
    return {lang: " · ".join(filter(None, (radius[lang], place[lang] if place else "", what[lang]))) for lang in radius}


def _answered(
    drawn: Mapping[float, Sequence[dict[str, Any]]],
    contents: Sequence[ring_contents.Content],
    rings: ring_contents.Rings,
    catalog: Catalog,
) -> list[dict[str, Any]]:
    """Return each ring's radius, areas and contents."""
    inside = ring_contents.rings(contents, rings.around, rings.radii, catalog)
    by_km = dict(zip((km for km in drawn if km > 0), inside, strict=True))
    return [
        {
            "km": km,
            "radius_m": km * 1000,
            "areas": [_area(feature["properties"]) for feature in drawn[km] if feature["properties"]["role"] == "ring"],
            **(by_km[km] if km in by_km else ring_contents.inward()),
        }
        for km in drawn
    ]


def _area(ring: Mapping[str, Any]) -> dict[str, Any]:
    """Return the area of a drawn ring with its interval, as JSON values."""
    low, high = ring["area_low_m2"], ring["area_high_m2"]
    return {
        "around": ring["around"],
        "area_m2": ring["area_m2"],
        "interval_m2": [low, high],
        "display": dict(quantity(ring["area_m2"] / 1e6, low / 1e6, high / 1e6, "km2")) if high else None,
    }


def _named(place: Place) -> dict[str, Any]:
    return {
        "id": place.id,
        "name": dict(place.name),
        "uncertainty_m": place.uncertainty,
        "assumed": place.assumed,
        "placeholder": place.placeholder,
    }


def _bound(around: Sequence[Place], radii: Sequence[float]) -> None:
    vertices = sum(int(shapely.get_num_coordinates(place.shape)) for place in around)
    if len(around) * len(radii) > MAX_RINGS or vertices * len(radii) > MAX_VERTICES:
        raise Refused(
            "rings",
            parameter=LAYER.name,
            places=len(around),
            vertices=vertices,
            radii=len(radii),
            rings=MAX_RINGS,
            most=MAX_VERTICES,
        )


def _rings(around: Sequence[Place], km: float, dissolve: bool, tolerance: float) -> list[dict[str, Any]]:
    radius = km * 1000
    fine = min(tolerance, abs(radius) / 10)
    rings = [geodesy.buffer(place.shape, radius, tolerance=fine, edges=place.edges) for place in around]
    about = {"role": "ring", "radius_m": radius, "tolerance_m": fine}
    if dissolve:
        merged = shapely.union_all(rings)
        return [
            result_builder.shape(f"ring-{km:g}", merged, {**about, "around": len(around), **_measured(merged, fine)})
        ]
    features = []
    for place, ring in zip(around, rings, strict=True):
        low, high = spread(place, radius)
        own = {**about, "around": place.id, "low_m": low, "high_m": high}
        features.append(result_builder.shape(f"ring-{km:g}-{place.id}", ring, {**own, **_measured(ring, fine)}))
        band = _band(place, low, high, fine)
        if band is not None:
            features.append(result_builder.shape(f"band-{km:g}-{place.id}", band, {**own, "role": "band"}))
    return features


def _measured(ring: BaseGeometry, tolerance: float) -> dict[str, float]:
    """Return the area of a ring in square metres, and between what its tolerance leaves it."""
    area, perimeter = area_and_perimeter(ring)
    margin = perimeter * tolerance
    return {"area_m2": area, "area_low_m2": max(0.0, area - margin), "area_high_m2": area + margin}


def spread(place: Place, radius: float) -> tuple[float | None, float | None]:
    """Return the least and the greatest radius (metres) that a ring may truly have, by the place's own uncertainty.

    The order of the numbers holds for a negative radius too; no ring turns from inward to outward.
    """
    if place.uncertainty is None:
        return None, None
    low, high = radius - place.uncertainty, radius + place.uncertainty
    return (low, min(0.0, high)) if radius < 0 else (max(0.0, low), high)


def _band(place: Place, low: float | None, high: float | None, tolerance: float) -> BaseGeometry | None:
    """Return the stretch between the nearest and the farthest that a point's ring may lie; None where it has none."""
    if not place.is_point or not place.uncertainty or low is None or high is None or high > MAX_POINT_RADIUS:
        return None
    outer = geodesy.buffer(place.shape, high, tolerance=tolerance)
    if low < 10 * tolerance:
        return outer
    return shapely.difference(outer, geodesy.buffer(place.shape, low, tolerance=tolerance))
