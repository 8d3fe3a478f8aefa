"""From measurements to a Result: the shared shape of items, features to draw, sources, licences and versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.analysis.linear.chainage_interval import Span
from geodata.analysis.measure import Measured, path
from geodata.analysis.number_format import along, degrees, kilometres, span
from geodata.analysis.places import Place
from geodata.catalog import LEDGER, Catalog
from geodata.formats import geojson
from geodata.model import Layer, Result, Text, rounded_json

MOST_NAMED = 50
"""Places whose own sources an answer names; of more, it names those of their layers."""
NOTICE = {
    "en": "Not for navigation, targeting or legal boundaries.",
    "ar": "لا تصلح للملاحة ولا لتحديد الأهداف ولا لترسيم الحدود.",
}
GEODESIC = {
    "en": "Shortest geodesic on the WGS84 ellipsoid (Karney 2013); the interval is the distance plus and minus the "
    "radii of uncertainty of both places. Straight-line distance, not a route.",
    "ar": "أقصر خط جيوديسي على مجسّم WGS84 (كارني 2013)؛ والمجال هو المسافة زائد وناقص نصفَي قطر عدم اليقين للمكانين. "
    "مسافة مستقيمة لا طريق.",
}


def item(made: Measured, country: dict[str, Any] | None, chainages: Span | None) -> dict[str, Any]:
    """Return one measurement, the country of its place and the interval of its chainage, as all answers share it."""
    subject, target = made.subject, made.target
    interval = None if made.low is None or made.high is None else [made.low, made.high]
    fields: dict[str, Any] = {
        "id": subject.id,
        "name": dict(subject.name),
        "layer": subject.layer or None,
        "kind": subject.feature.kind if subject.feature else None,
        "target": target.id,
        "target_name": dict(target.name),
        "distance_m": made.distance,
        "interval_m": interval,
        "foot": list(made.foot) if made.foot else None,
        "azimuth_deg": made.azimuth,
        "chainage_m": made.chainage,
        "side": "unclear" if made.tied and made.side is not None else made.side,
        "beyond_end": made.beyond_end,
        "tied": made.tied,
        "display": dict(kilometres(made.shown_distance, made.low, made.high)),
        "placeholder": subject.placeholder,
        "uncertainty_m": subject.uncertainty,
        "assumed": assumed((subject, target)),
        "assumptions": [dict(text) for text in (*subject.assumptions, *target.assumptions)],
    }
    interval_display = span(made.low, made.high)
    if interval_display is not None:
        fields["interval_display"] = dict(interval_display)
    if made.azimuth is not None:
        fields["azimuth_display"] = degrees(made.azimuth, made.angle)
    if made.chainage is not None:
        fields["chainage_interval_m"] = None if chainages is None else list(chainages)
        fields["chainage_display"] = dict(along(made.chainage, chainages, made.beyond_end))
    fields["country"] = country
    return fields


def assumed(places: Iterable[Place]) -> list[dict[str, Any]]:
    """Return the radii that were assumed of places, because nothing states them, each with what it comes from."""
    return [{"of": place.id, **place.assumed} for place in places if place.assumed is not None]


def drawn(made: Measured, chainage_display: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Return a measurement as GeoJSON features: the line, and its foot with its kilometre as it is shown."""
    if made.start is None or made.foot is None:
        return []
    shown = kilometres(made.shown_distance, made.low, made.high)
    about = {
        "subject": made.subject.id,
        "target": made.target.id,
        "distance_m": made.distance,
        "low_m": made.low,
        "high_m": made.high,
        "azimuth_deg": made.azimuth,
        "chainage_m": made.chainage,
        "side": made.side,
        "shown": shown["number"],
        "shown_unit": shown["unit"],
        "shown_chainage": chainage_display["number"] if chainage_display else None,
    }
    name = f"{made.subject.id}-{made.target.id}"
    features = [shape(f"foot-{name}", shapely.Point(*made.foot), {"role": "foot", **about})]
    if made.distance:
        features.insert(0, shape(f"line-{name}", path(made.start, made.foot), {"role": "distance", **about}))
    return features


def place_feature(place: Place, role: str) -> list[dict[str, Any]]:
    """Return a measured place as a GeoJSON feature of its own, or nothing where it has no geometry."""
    if not place.has_extent:
        return []
    about = {
        "role": role,
        "feature": place.id,
        "name_en": place.name["en"],
        "name_ar": place.name["ar"],
        "coordinateUncertaintyInMeters": place.uncertainty,
        "placeholder": place.placeholder,
    }
    made = {"type": "Feature", "id": f"{role}-{place.id}", "geometry": _outline(place.shape)}
    return [{**made, "properties": rounded_json(about)}]


@lru_cache(maxsize=256)
def _outline(geometry: BaseGeometry) -> dict[str, Any] | None:
    """Return a place's GeoJSON geometry; kept, because outlines are long and the same ones are drawn again."""
    return geojson.to_geometry(geometry)


def shape(id_: str, geometry: BaseGeometry, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return a GeoJSON feature whose metres are rounded as in the JSON answers."""
    return geojson.feature(id_, geometry, rounded_json(properties))


def result(
    analysis: str,
    parameters: Mapping[str, Any],
    catalog: Catalog,
    places: Iterable[Place],
    body: Mapping[str, Any],
    geometries: Sequence[Mapping[str, Any]] = (),
    method: Text = GEODESIC,
    layers: Iterable[str] = (),
) -> Result:
    """Return the Result of an analysis on some places, with everything those places rest on.

    `layers` names layers that were used although none of the places lies in them, LEDGER among them where claims were.
    """
    places = list(places)
    used = sorted({place.layer for place in places if place.layer} | set(layers))
    held = [catalog.layer(id_) for id_ in used if id_ != LEDGER]
    sources = {id_ for layer in held for id_ in _sources(layer, places)}
    attribution = list({layer.attribution["en"]: layer.attribution for layer in held}.values())
    return Result(
        analysis=analysis,
        parameters=_plain(parameters),
        layers={id_: str(catalog.version(id_)) for id_ in used},
        body={**body, "notice": NOTICE},
        method=method,
        sources=tuple(sorted(sources)),
        licence=tuple(sorted({layer.licence for layer in held})),
        attribution=tuple(attribution),
        geometries=tuple(geometries),
    )


def _sources(layer: Layer, places: Sequence[Place]) -> Iterable[str]:
    """Return what an answer owes to a layer: the sources of its places asked about, else those of the whole."""
    own = [id_ for place in places if place.layer == layer.id and place.feature for id_ in place.feature.sources]
    return own if own and len(places) <= MOST_NAMED else layer.entry.get("sources", ())


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in sorted(parameters.items())}
