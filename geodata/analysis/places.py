"""What a parameter like `hasakah-prison`, `sites` or `41.1,36.4` stands for: places with their uncertainty."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.analysis.base import plain_digits
from geodata.catalog import Catalog
from geodata.errors import BadValue, NotFound
from geodata.formats import coordinates as formats
from geodata.formats.unread import Unread
from geodata.geodesy import checks
from geodata.model import Feature, Layer, Text

_LINESTRING = re.compile(r"LINESTRING\s*\(([^()]*)\)\Z", re.IGNORECASE)
TYPED = {
    "en": "Typed coordinates are taken as exact: no uncertainty was given.",
    "ar": "تُعدّ الإحداثيات المُدخلة دقيقة: لم يُذكر لها عدم يقين.",
}
PLACEHOLDER = {
    "en": "The position is a placeholder: no citable coordinate is known, and the wide radius says so.",
    "ar": "الموضع تقريبي: لا إحداثيات موثَّقة له، والدائرة الواسعة تقول ذلك.",
}
AREA = {
    "en": "The place is known only to an area; the interval runs over the whole of it.",
    "ar": "لا يُعرف المكان إلا ضمن منطقة، والمجال يشملها كلها.",
}
ILLUSTRATION = {
    "en": "This line illustrates a claim: it is no evidence that anything stands there.",
    "ar": "هذا الخط رسم توضيحي لادعاء، وليس دليلًا على قيام شيء هناك.",
}
SWAPPED = {
    "en": "Longitude and latitude may be swapped: longitude is read first, and the other way round this lies here.",
    "ar": "ربما قُلب خط الطول وخط العرض: يُقرأ خط الطول أولًا، ولو عُكسا لوقع الموضع هنا.",
}
SQUARE = {
    "en": "The reference names a square: its middle is taken, and its half diagonal as the uncertainty.",
    "ar": "يسمّي المرجع مربعًا: أُخذ وسطه، ونصف قطره عدمَ يقين.",
}
DRAWN = {"en": "Drawn line", "ar": "خط مرسوم"}
UNKNOWN = {
    "en": "No uncertainty is recorded for this place: the interval is not known.",
    "ar": "لم يُسجَّل عدم يقين لهذا المكان: المجال غير معروف.",
}


@dataclass(frozen=True)
class Place:
    """Something that can be measured from or to. `uncertainty` in metres; None: unknown, or the area decides."""

    id: str
    name: Text
    layer: str
    geometry: BaseGeometry | None = field(repr=False)
    uncertainty: float | None
    area: BaseGeometry | None = field(default=None, repr=False)
    edges: Literal["lonlat", "geodesic"] = "lonlat"
    placeholder: bool = False
    feature: Feature | None = field(default=None, repr=False)
    swapped: bool = False
    """Whether typed longitude and latitude are suspected to stand the other way round."""

    @property
    def has_extent(self) -> bool:
        """Whether there is anything to measure."""
        return self.geometry is not None or self.area is not None

    @property
    def shape(self) -> BaseGeometry:
        """The geometry to measure to: the point or line, or the area where there is no point."""
        shape = self.geometry if self.geometry is not None else self.area
        if shape is None:
            raise NotFound("geometry of", self.id)
        return shape

    @property
    def is_point(self) -> bool:
        """Whether this is one point (an area's label point is not)."""
        return self.area is None and self.geometry is not None and self.geometry.geom_type == "Point"

    @property
    def illustration(self) -> bool:
        """Whether this was drawn from a claim."""
        return bool(self.feature and self.feature.properties.get("illustration"))

    @cached_property
    def assumptions(self) -> tuple[Text, ...]:
        """What a reader must know of how this place is known, in both languages."""
        said: list[Text] = []
        properties: Mapping[str, object] = self.feature.properties if self.feature else {}
        for key in ("identification", "derived"):
            text = properties.get(key)
            if isinstance(text, Mapping):
                said.append(dict(text))
        if self.illustration:
            said.append(ILLUSTRATION)
        if self.swapped:
            said.append(SWAPPED)
        if self.feature is None:
            said.append(TYPED if not self.uncertainty else SQUARE)
        elif self.area is not None:
            said.append(AREA)
        elif self.placeholder:
            said.append(PLACEHOLDER)
        elif self.uncertainty is None:
            said.append(UNKNOWN)
        return tuple(said)


def resolve(parameter: str, text: str, catalog: Catalog) -> tuple[tuple[Place, ...], bool]:
    """Return the places that `text` names, and whether it named a whole layer.

    `text` is a feature id, `layer/id`, a layer id, a name that only one feature has, several of these joined by
    semicolons, `longitude,latitude` in decimal degrees, or a WKT LINESTRING of them. Raises BadValue with the
    parameter's name.
    """
    if ";" in text:
        parts = [part.strip() for part in text.split(";") if part.strip()]
        if not parts:
            raise BadValue(parameter, text, "at least one place between semicolons")
        return tuple(_one(parameter, part, catalog) for part in parts), True
    if text in catalog.ids():
        layer = catalog.layer(text)
        return tuple(of_feature(feature, layer, catalog) for feature in layer.features), True
    return (_one(parameter, text, catalog),), False


def _one(parameter: str, text: str, catalog: Catalog) -> Place:
    path = drawn_path(parameter, text)
    if path is not None:
        return Place("drawn-line", DRAWN, "", path, 0.0)
    typed = coordinates(parameter, text)
    if typed is not None:
        return replace(typed, swapped=_swapped(typed, catalog))
    try:
        feature = catalog.feature(text)
    except NotFound:
        written = None if catalog.named(text) else _written(text)
        if written is not None:
            return written
        feature = _called(parameter, text, catalog)
    return of_feature(feature, catalog.layer(feature.layer), catalog)


def _swapped(place: Place, catalog: Catalog) -> bool:
    """Tell whether longitude and latitude were perhaps typed the other way round: so they lie among our borders."""
    lines = [
        one.geometry for layer in catalog.layers_of("border") for one in layer.features if one.geometry is not None
    ]
    if not lines or place.geometry is None:
        return False
    west, south, east, north = (float(end) for end in shapely.total_bounds(lines))
    return formats.swapped(place.geometry.x, place.geometry.y, (west, south, east, north))


def _written(text: str) -> Place | None:
    """Return the place of degrees with letters, minutes, UTM or MGRS; None for anything else, two plain numbers too."""
    if not any(sign.isdecimal() for sign in text):
        return None
    try:
        found = formats.read(text)
    except Unread:
        return None
    if found.notation == "decimal" and not re.search(r"[A-Z]", formats.plainly(text)):
        return None
    name = _name(found.lon, found.lat)
    return Place(name, {"en": name, "ar": name}, "", shapely.Point(found.lon, found.lat), found.uncertainty)


def _name(lon: float, lat: float) -> str:
    return f"{lon:.7f}".rstrip("0").rstrip(".") + "," + f"{lat:.7f}".rstrip("0").rstrip(".")


def _called(parameter: str, text: str, catalog: Catalog) -> Feature:
    """Return the one feature of that name; raises BadValue that lists several, or what is nearly called so."""
    found = catalog.named(text)
    if len(found) == 1:
        return catalog.feature(found[0])
    if found:
        raise BadValue(parameter, text, f"one of those called so: {', '.join(found)}")
    near = catalog.close(text)
    perhaps = f" (perhaps {', '.join(near)})" if near else ""
    known = ", ".join(catalog.ids())
    raise BadValue(parameter, text, f"the id of a feature{perhaps}, one of the layers {known}, or longitude,latitude")


def drawn_path(parameter: str, text: str) -> shapely.LineString | None:
    """Return the line of `LINESTRING (lon lat, lon lat, …)`; None where `text` does not begin like one."""
    if not text.upper().startswith("LINESTRING"):
        return None
    # Read here and not by GEOS: what is typed is checked number by number, as everything else is.
    inside = _LINESTRING.match(text)
    places = [coordinates(parameter, ",".join(pair.split())) for pair in inside[1].split(",")] if inside else []
    path = [
        (place.geometry.x, place.geometry.y) for place in places if place is not None and place.geometry is not None
    ]
    if len(path) != len(places) or len(set(path)) < 2:
        raise BadValue(
            parameter, text, "LINESTRING (longitude latitude, longitude latitude, …), two different ones at least"
        )
    return shapely.LineString(checks.vertices(path, "lonlat", parameter))


def coordinates(parameter: str, text: str) -> Place | None:
    """Return the place of `longitude,latitude`; None where `text` is not two numbers."""
    parts = plain_digits(text).split(",")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return None
    allowed = "longitude,latitude in degrees: longitude within ±180 first, latitude within ±90"
    if len(numbers) != 2 or not all(math.isfinite(number) for number in numbers):
        raise BadValue(parameter, text, allowed)
    lon, lat = numbers
    if abs(lon) > 180 or abs(lat) > 90:
        raise BadValue(parameter, text, allowed)
    name = _name(lon, lat)
    return Place(name, {"en": name, "ar": name}, "", shapely.Point(lon, lat), 0.0)


def of_feature(feature: Feature, layer: Layer, catalog: Catalog) -> Place:
    """Return a feature as a place, its area looked up."""
    area = catalog.feature(feature.area).geometry if feature.area else None
    return Place(
        id=feature.id,
        name=feature.name,
        layer=layer.id,
        geometry=feature.geometry,
        uncertainty=layer.uncertainty(feature),
        area=area,
        edges=layer.edges,
        placeholder=feature.placeholder,
        feature=feature,
    )
