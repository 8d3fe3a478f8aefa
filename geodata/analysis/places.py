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

from geodata.catalog import Catalog
from geodata.errors import BadValue, NotFound
from geodata.formats import coordinates as formats
from geodata.formats.row_errors import Unread
from geodata.geodesy import validation
from geodata.messages import texts
from geodata.model import Feature, Layer, Text
from geodata.text.plain_digits import plain_digits

_LINESTRING = re.compile(r"LINESTRING\s*\(([^()]*)\)\Z", re.IGNORECASE)
_CLICK = re.compile(r"(.*)@(\d{1,2}(?:\.\d+)?)\Z")
PIXEL_M = 156_543.033_928
"""Metres on the equator of a pixel of the web map at zoom 0."""
CLICK_PIXELS = 1.5
MAX_ZOOM = 24.0
CLICKED = texts("place.clicked")
BY_LAYER = texts("place.radius_of_layer")
TYPED = texts("place.typed")
PLACEHOLDER = texts("place.placeholder")
AREA = texts("place.area")
ILLUSTRATION = texts("place.illustration")
SWAPPED = texts("place.swapped")
SQUARE = texts("place.square")
DRAWN = texts("place.drawn")
UNKNOWN = texts("place.no_uncertainty")


EXACT: Mapping[str, object] = {"radius_m": 0.0, "by": "typed"}
"""What is assumed of coordinates that were typed: nobody gave them a radius."""


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
    assumed: Mapping[str, object] | None = field(default=None, repr=False)
    """{"radius_m", "by"} where nothing states the radius: by "typed", "click" (its zoom) or "layer" (its id)."""
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
            raise NotFound("geometry", self.id)
        return shape

    @property
    def is_point(self) -> bool:
        """Whether this is one point (an area's label point is not)."""
        return self.area is None and self.geometry is not None and self.geometry.geom_type == "Point"

    @cached_property
    def parts(self) -> tuple[Place, ...]:
        """The places of an event that happened at several: each point on its own, and the area beside them; else none.

        The area of a place with one point, or with none, is where that place itself may be.
        """
        if self.geometry is None or self.geometry.geom_type != "MultiPoint":
            return ()
        points = [replace(self, geometry=point, area=None) for point in shapely.get_parts(self.geometry)]
        beside = [] if self.area is None else [replace(self, geometry=None, uncertainty=None)]
        return (*points, *beside)

    def is_same(self, other: Place) -> bool:
        """Tell whether this is the same feature as another."""
        return self.feature is not None and other.feature is not None and self.feature.ref == other.feature.ref

    @property
    def illustration(self) -> bool:
        """Whether this was drawn from a claim."""
        return bool(self.feature and self.feature.properties.get("illustration"))

    @cached_property
    def assumptions(self) -> tuple[Text, ...]:
        """What a reader must know of how this place is known, in both languages."""
        notes: list[Text] = []
        properties: Mapping[str, object] = self.feature.properties if self.feature else {}
        for key in ("identification", "derived"):
            text = properties.get(key)
            if isinstance(text, Mapping):
                notes.append(dict(text))
        if self.illustration:
            notes.append(ILLUSTRATION)
        if self.swapped:
            notes.append(SWAPPED)
        by = self.assumed["by"] if self.assumed else None
        if by == "layer":
            notes.append(BY_LAYER)
        if self.feature is None:
            notes.append(CLICKED if by == "click" else TYPED if not self.uncertainty else SQUARE)
        elif self.area is not None:
            notes.append(AREA)
        elif self.placeholder:
            notes.append(PLACEHOLDER)
        elif self.uncertainty is None:
            notes.append(UNKNOWN)
        return tuple(notes)


def resolve(parameter: str, text: str, catalog: Catalog) -> tuple[tuple[Place, ...], bool]:
    """Return the places that `text` names, and whether it named a whole layer.

    `text` is a feature id, `layer/id`, a layer id, a name that only one feature has, several of these joined by
    semicolons, `longitude,latitude` in decimal degrees, or a WKT LINESTRING of them. Raises BadValue with the
    parameter's name.
    """
    if ";" in text:
        parts = [part.strip() for part in text.split(";") if part.strip()]
        if not parts:
            raise BadValue(parameter, text, "places_between_semicolons")
        return tuple(_one(parameter, part, catalog) for part in parts), True
    if text in catalog.ids():
        layer = catalog.layer(text)
        return tuple(of_feature(feature, layer, catalog) for feature in layer.features), True
    return (_one(parameter, text, catalog),), False


def _one(parameter: str, text: str, catalog: Catalog) -> Place:
    path = drawn_path(parameter, text)
    if path is not None:
        return Place("drawn-line", DRAWN, "", path, 0.0, assumed=EXACT)
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
    try:
        found = formats.read(text, bare=True)
    except Unread:
        return None
    if found.notation == "decimal" and not re.search(r"[A-Z]", formats.plainly(text)):
        return None
    name = _name(found.lon, found.lat)
    point, assumed = shapely.Point(found.lon, found.lat), None if found.uncertainty else EXACT
    return Place(name, {"en": name, "ar": name}, "", point, found.uncertainty, assumed=assumed)


def _name(lon: float, lat: float) -> str:
    return f"{lon:.7f}".rstrip("0").rstrip(".") + "," + f"{lat:.7f}".rstrip("0").rstrip(".")


def _called(parameter: str, text: str, catalog: Catalog) -> Feature:
    """Return the one feature of that name; raises BadValue that lists several, or what is nearly called so.

    Where a site is a populated place, at the same position, there is nothing to choose: the site is meant.
    """
    found = catalog.named(text)
    if len(found) == 2:
        site = next((ref for ref in found if ref.startswith("sites/")), None)
        town = next((ref for ref in found if ref.startswith("places/")), None)
        if site and town and catalog.geometry(site) == catalog.geometry(town):
            found = [site]
    if len(found) == 1:
        return catalog.feature(found[0])
    if found:
        raise BadValue(parameter, text, "ambiguous_name", ids=list(found))
    near = catalog.close(text)
    if near:
        raise BadValue(parameter, text, "feature_layer_or_position_near", near=near, layers=catalog.ids())
    raise BadValue(parameter, text, "feature_layer_or_position", layers=catalog.ids())


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
        raise BadValue(parameter, text, "linestring")
    return shapely.LineString(validation.vertices(path, "lonlat", parameter))


def coordinates(parameter: str, text: str) -> Place | None:
    """Return the place of `longitude,latitude`, or of a click as `longitude,latitude@zoom`; None for other text."""
    click = _CLICK.match(plain_digits(text))
    parts = plain_digits(click[1] if click else text).split(",")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return None
    if len(numbers) != 2 or not all(math.isfinite(number) for number in numbers):
        raise BadValue(parameter, text, "position_ranges")
    lon, lat = numbers
    if abs(lon) > 180 or abs(lat) > 90:
        raise BadValue(parameter, text, "position_ranges")
    name, radius, assumed = _name(lon, lat), 0.0, EXACT
    if click:
        zoom = float(click[2])
        if zoom > MAX_ZOOM:
            raise BadValue(parameter, text, "click", most=f"{MAX_ZOOM:g}")
        radius = CLICK_PIXELS * PIXEL_M * math.cos(math.radians(lat)) / 2**zoom
        assumed = {"radius_m": radius, "by": "click", "zoom": zoom}
    return Place(name, {"en": name, "ar": name}, "", shapely.Point(lon, lat), radius, assumed=assumed)


def of_feature(feature: Feature, layer: Layer, catalog: Catalog) -> Place:
    """Return a feature as a place, its area looked up."""
    area = catalog.feature(feature.area).geometry if feature.area else None
    radius, assumed = layer.uncertainty(feature), None
    if radius is not None and feature.properties.get("coordinateUncertaintyInMeters") is None:
        why = (layer.entry.get("assumed") or {}).get("why")
        assumed = {"radius_m": radius, "by": "layer", "layer": layer.id, **({"why": why} if why else {})}
    return Place(
        id=feature.id,
        name=feature.name,
        layer=layer.id,
        geometry=feature.geometry,
        uncertainty=radius,
        assumed=assumed,
        area=area,
        edges=layer.edges,
        placeholder=feature.placeholder,
        feature=feature,
    )
