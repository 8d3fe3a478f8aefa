"""From measurements to a Result: the shared shape of items, features to draw, sources, licences and versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from geodata.messages import texts
from geodata.model import Result, Text, rounded_json

MOST_NAMED = 50
"""Places whose own sources an answer names; of more, it names those of their layers."""
NOTICE = texts("result.notice")
GEODESIC = texts("result.geodesic")


@dataclass(frozen=True)
class Basis:
    """What an answer rests on: how many places, of which layers, and with which sources of their own by layer.

    The sources are empty of more places than an answer names (`MOST_NAMED`).
    """

    count: int = 0
    sources: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, places: Iterable[Place]) -> Basis:
        """Return what places rest on."""
        count, sources = 0, dict[str, set[str]]()
        for place in places:
            count += 1
            if place.layer:
                own = sources.setdefault(place.layer, set())
                own.update(place.feature.sources if place.feature and count <= MOST_NAMED else ())
        return cls.merged([cls(count, {layer: frozenset(own) for layer, own in sources.items()})])

    @classmethod
    def merged(cls, parts: Iterable[Basis]) -> Basis:
        """Return what all parts together rest on, in whichever order they come."""
        count, sources = 0, dict[str, frozenset[str]]()
        for part in parts:
            count += part.count
            for layer, own in part.sources.items():
                sources[layer] = sources.get(layer, frozenset()) | own
        return cls(count, sources if count <= MOST_NAMED else dict.fromkeys(sources, frozenset()))


def item(measurement: Measured, country: dict[str, Any] | None, chainages: Span | None) -> dict[str, Any]:
    """Return one measurement, the country of its place and the interval of its chainage, as all answers share it."""
    subject, target = measurement.subject, measurement.target
    interval = None if measurement.low is None or measurement.high is None else [measurement.low, measurement.high]
    fields: dict[str, Any] = {
        "id": subject.id,
        "name": dict(subject.name),
        "layer": subject.layer or None,
        "kind": subject.feature.kind if subject.feature else None,
        "target": target.id,
        "target_name": dict(target.name),
        "distance_m": measurement.distance,
        "interval_m": interval,
        "foot": list(measurement.foot) if measurement.foot else None,
        "azimuth_deg": measurement.azimuth,
        "chainage_m": measurement.chainage,
        "side": "unclear" if measurement.tied and measurement.side is not None else measurement.side,
        "beyond_end": measurement.beyond_end,
        "tied": measurement.tied,
        "display": dict(kilometres(measurement.shown_distance, measurement.low, measurement.high)),
        "placeholder": subject.placeholder,
        "uncertainty_m": subject.uncertainty,
        "assumed": assumed((subject, target)),
        "assumptions": [dict(text) for text in (*subject.assumptions, *target.assumptions)],
    }
    interval_display = span(measurement.low, measurement.high)
    if interval_display is not None:
        fields["interval_display"] = dict(interval_display)
    if measurement.azimuth is not None:
        fields["azimuth_display"] = degrees(measurement.azimuth, measurement.angle)
    if measurement.chainage is not None:
        fields["chainage_interval_m"] = None if chainages is None else list(chainages)
        fields["chainage_display"] = dict(along(measurement.chainage, chainages, measurement.beyond_end))
    fields["country"] = country
    return fields


def assumed(places: Iterable[Place]) -> list[dict[str, Any]]:
    """Return the radii that were assumed of places, because nothing states them, each with what it comes from."""
    return [{"of": place.id, **place.assumed} for place in places if place.assumed is not None]


def drawn(measurement: Measured, chainage_display: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Return a measurement as GeoJSON features: the line, and its foot with its kilometre as it is shown."""
    if measurement.start is None or measurement.foot is None:
        return []
    shown = kilometres(measurement.shown_distance, measurement.low, measurement.high)
    about = {
        "subject": measurement.subject.id,
        "target": measurement.target.id,
        "distance_m": measurement.distance,
        "low_m": measurement.low,
        "high_m": measurement.high,
        "azimuth_deg": measurement.azimuth,
        "chainage_m": measurement.chainage,
        "side": measurement.side,
        "shown": shown["number"],
        "shown_unit": shown["unit"],
        "shown_chainage": chainage_display["number"] if chainage_display else None,
    }
    name = f"{measurement.subject.id}-{measurement.target.id}"
    features = [shape(f"foot-{name}", shapely.Point(*measurement.foot), {"role": "foot", **about})]
    if measurement.distance:
        features.insert(
            0, shape(f"line-{name}", path(measurement.start, measurement.foot), {"role": "distance", **about})
        )
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
    feature = {"type": "Feature", "id": f"{role}-{place.id}", "geometry": _outline(place.shape)}
    return [{**feature, "properties": rounded_json(about)}]


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
    places: Basis | Iterable[Place],
    body: Mapping[str, Any],
    geometries: Sequence[Mapping[str, Any]] = (),
    method: Text = GEODESIC,
    layers: Iterable[str] = (),
) -> Result:
    """Return the Result of an analysis on some places, with everything those places rest on.

    `layers` names layers that were used although none of the places lies in them, LEDGER among them where claims were.
    """
    basis = places if isinstance(places, Basis) else Basis.of(places)
    used = sorted(basis.sources.keys() | set(layers))
    used_layers = [catalog.layer(id_) for id_ in used if id_ != LEDGER]
    # The sources of its places asked about, else those of the whole layer.
    sources = {id_ for layer in used_layers for id_ in (basis.sources.get(layer.id) or layer.entry.get("sources", ()))}
    attribution = list({layer.attribution["en"]: layer.attribution for layer in used_layers}.values())
    return Result(
        analysis=analysis,
        parameters=_json_parameters(parameters),
        layers={id_: str(catalog.version(id_)) for id_ in used},
        body={**body, "notice": NOTICE},
        method=method,
        sources=tuple(sorted(sources)),
        licence=tuple(sorted({layer.licence for layer in used_layers})),
        attribution=tuple(attribution),
        geometries=tuple(geometries),
    )


def resting_on(result: Result, layers: Iterable[str], catalog: Catalog) -> Result:
    """Return a result that rests on more layers than its own, whole: those that filters of its rows refer to."""
    more = [catalog.layer(id_) for id_ in sorted(set(layers) - result.layers.keys())]
    if not more:
        return result
    attribution = {text["en"]: text for text in (*result.attribution, *(layer.attribution for layer in more))}
    return replace(
        result,
        layers=dict(sorted([*result.layers.items(), *((layer.id, str(catalog.version(layer.id))) for layer in more)])),
        sources=tuple(sorted({*result.sources, *(id_ for layer in more for id_ in layer.entry.get("sources", ()))})),
        licence=tuple(sorted({*result.licence, *(layer.licence for layer in more)})),
        attribution=tuple(attribution.values()),
    )


def _json_parameters(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in sorted(parameters.items())}
