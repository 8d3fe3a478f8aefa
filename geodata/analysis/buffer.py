"""Rings round places, and what lies inside them: certainly, or possibly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import shapely
from shapely.geometry.base import BaseGeometry

from geodata import geodesy
from geodata.analysis import answer, measure
from geodata.analysis.base import Analysis, Parameter
from geodata.analysis.country import country_of
from geodata.analysis.places import Place, resolve
from geodata.analysis.reach import kilometres_of
from geodata.catalog import Catalog
from geodata.errors import BadValue, Refused
from geodata.geodesy.checks import MAX_POINT_RADIUS
from geodata.model import Result, Text

LAYER = Parameter("layer", {"en": "Around", "ar": "حول"}, "place", required=True)
KM = Parameter(
    "km", {"en": "Radii, km", "ar": "أنصاف الأقطار، كم"}, "kilometres", required=True, minimum=-1000.0, maximum=5000.0
)
DISSOLVE = Parameter("dissolve", {"en": "Dissolve", "ar": "دمج"}, "flag", default="false")
OF = Parameter("of", {"en": "What is inside, of", "ar": "ما بداخلها، من"}, "layers", default="sites,events")
TOLERANCE = Parameter(
    "tolerance",
    {"en": "Tolerance, m", "ar": "التفاوت، م"},
    "number",
    default="1",
    minimum=0.1,
    maximum=10_000.0,
)

MAX_RINGS = 600
MAX_VERTICES = 200_000
BUFFER = {
    "en": "Every point of a ring lies at the radius from the place, measured by geodesics on the WGS84 ellipsoid, "
    "within the tolerance. Certainly inside: the whole interval of the distance; possibly: a part of it.",
    "ar": "كل نقطة من الحلقة على بعد نصف القطر من المكان، مقيسًا بالخطوط الجيوديسية على مجسّم WGS84، ضمن التفاوت. "
    "داخلها يقينًا: المجال كله؛ واحتمالًا: بعضه.",
}


class Buffer(Analysis):
    """Geodesic rings of one or several radii."""

    name = "buffer"
    title: ClassVar[Text] = {"en": "Rings and buffers", "ar": "الحلقات والنطاقات"}
    description: ClassVar[Text] = {
        "en": "Geodesic rings round places, lines or areas, and what lies inside each: certainly or possibly.",
        "ar": "حلقات جيوديسية حول أماكن أو خطوط أو مناطق، وما يقع داخل كلٍّ منها يقينًا أو احتمالًا.",
    }
    parameters = (LAYER, KM, DISSOLVE, OF, TOLERANCE)

    def answer(self, values: Mapping[str, Any], catalog: Catalog) -> Result:
        """Draw the rings and class what lies in them."""
        around = [place for place in resolve(LAYER.name, values[LAYER.name], catalog)[0] if place.has_extent]
        if not around:
            raise BadValue(LAYER.name, values[LAYER.name], "places with a geometry or an area")
        _bound(around, values["km"])
        others = contents(values["of"], around, catalog)
        found = [made for made in measure.nearest(others, around) if made is not None]
        rings = [{"km": km, "radius_m": km * 1000, **_inside(found, km * 1000, catalog)} for km in values["km"]]
        shapes = [
            feature for km in values["km"] for feature in _rings(around, km, values["dissolve"], values["tolerance"])
        ]
        shapes += [feature for place in around for feature in answer.place_feature(place, "around")]
        body = {
            "around": [_named(place) for place in around],
            "dissolve": values["dissolve"],
            "tolerance_m": values["tolerance"],
            "rings": rings,
            "assumptions": [dict(text) for place in around[:1] for text in place.assumptions],
        }
        return answer.result(
            self.name, values, catalog, [*around, *others], body, shapes, method=BUFFER, layers=("countries",)
        )


def contents(layers: Sequence[str], around: Sequence[Place], catalog: Catalog) -> list[Place]:
    """Return the places of the named layers, without those the rings are drawn round."""
    centres = {place.id for place in around}
    found: list[Place] = []
    for name in layers:
        if name not in catalog.ids():
            raise BadValue(OF.name, name, ", ".join(catalog.ids()))
        found += [place for place in resolve(OF.name, name, catalog)[0] if place.id not in centres]
    return found


def _named(place: Place) -> dict[str, Any]:
    return {"id": place.id, "name": dict(place.name), "uncertainty_m": place.uncertainty, "assumed": place.assumed}


def _bound(around: Sequence[Place], radii: Sequence[float]) -> None:
    vertices = sum(int(shapely.get_num_coordinates(place.shape)) for place in around)
    if len(around) * len(radii) > MAX_RINGS or vertices * len(radii) > MAX_VERTICES:
        raise Refused(
            f"{LAYER.name}: {len(around)} places with {vertices} vertices and {len(radii)} radii are too much for one "
            f"question; at most {MAX_RINGS} rings and {MAX_VERTICES} vertices"
        )


def _rings(around: Sequence[Place], km: float, dissolve: bool, tolerance: float) -> list[dict[str, Any]]:
    radius = km * 1000
    fine = min(tolerance, abs(radius) / 10)
    made = [geodesy.buffer(place.shape, radius, tolerance=fine, edges=place.edges) for place in around]
    about = {"role": "ring", "radius_m": radius, "tolerance_m": fine}
    if dissolve:
        return [answer.shape(f"ring-{km:g}", shapely.union_all(made), {**about, "around": len(around)})]
    features = []
    for place, ring in zip(around, made, strict=True):
        low, high = _spread(place, radius)
        own = {**about, "around": place.id, "low_m": low, "high_m": high}
        features.append(answer.shape(f"ring-{km:g}-{place.id}", ring, own))
        band = _band(place, low, high, fine)
        if band is not None:
            features.append(answer.shape(f"band-{km:g}-{place.id}", band, {**own, "role": "band"}))
    return features


def _spread(place: Place, radius: float) -> tuple[float | None, float | None]:
    """Return how near and how far the ring may truly lie, by the place's own uncertainty."""
    if place.uncertainty is None:
        return None, None
    return max(0.0, radius - place.uncertainty), radius + place.uncertainty


def _band(place: Place, low: float | None, high: float | None, tolerance: float) -> BaseGeometry | None:
    """Return the stretch between the nearest and the farthest that a point's ring may lie; None where it has none."""
    if not place.is_point or not place.uncertainty or low is None or high is None or high > MAX_POINT_RADIUS:
        return None
    outer = geodesy.buffer(place.shape, high, tolerance=tolerance)
    if low < 10 * tolerance:
        return outer
    return shapely.difference(outer, geodesy.buffer(place.shape, low, tolerance=tolerance))


def _inside(found: Sequence[measure.Measured], radius: float, catalog: Catalog) -> dict[str, Any]:
    lists: dict[str, list[dict[str, Any]]] = {"certainly": [], "possibly": []}
    if radius > 0:
        for made in sorted(found, key=lambda measured: (measured.order, measured.subject.id)):
            word = made.within(radius)
            if word in lists:
                item = answer.item(made, country_of(made.subject, catalog), kilometres_of(made))
                lists[word].append({**item, "within": word})
    return lists
