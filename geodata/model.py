"""What the product speaks of: features, layers, intervals, results. Frozen, checked at birth."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from shapely.geometry.base import BaseGeometry

from geodata.errors import BadValue
from geodata.version import __version__

Lang = Literal["en", "ar"]
Text = Mapping[str, str]

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
RESULT_ID_DIGITS = 16
SCHEMA = 3
"""What a JSON answer means, counted: 1 until intervals of several places, ties and assumed radii, 2 until the columns
of imported files had types (docs/api.md)."""
METRE_DIGITS, OTHER_DIGITS = 4, 9
"""The decimals that answers hold of metres, and of everything else."""
INTERVALS = frozenset({"interval_m", "chainage_interval_m", "interval_deg", "interval"})
"""The names of intervals in answers: [low, high], whose ends are rounded outward."""
COMMON: Mapping[str, Any] = {
    "name_en": None,
    "name_ar": None,
    "kind": None,
    "coordinateUncertaintyInMeters": None,
    "precision": None,
    "sources": (),
    "derived": None,
    "placeholder": False,
    "identification": None,
    "area": None,
    "as_of": None,
    "valid_from": None,
    "valid_to": None,
    "note": None,
    "aliases": (),
    "priority": 0,
}
"""The properties that every feature of ours has, as they are where nothing is known."""


@dataclass(frozen=True)
class Interval:
    """A quantity known to lie between `low` and `high`, both in the same unit."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise BadValue("interval", (self.low, self.high), "two_numbers_ordered")

    @property
    def half_width(self) -> float:
        """Half of the distance between the ends."""
        return (self.high - self.low) / 2

    def meets(self, other: Interval) -> bool:
        """Tell whether the two have a number in common."""
        return self.low <= other.high and other.low <= self.high


@dataclass(frozen=True)
class Feature:
    """A thing with an id, perhaps a geometry (WGS84, longitude first), and what is known of it."""

    id: str
    layer: str
    geometry: BaseGeometry | None
    properties: Mapping[str, Any]

    def __post_init__(self) -> None:
        if not SLUG.match(self.id):
            raise BadValue("id", self.id, "slug")

    @classmethod
    def deferred(
        cls, id_: str, layer: str, read: Callable[[], BaseGeometry | None], properties: Mapping[str, Any]
    ) -> Feature:
        """Return a feature whose geometry is read when it is first accessed: outlines are long, and few are needed."""
        feature = cls(id_, layer, None, properties)
        del feature.__dict__["geometry"]
        feature.__dict__["_read"] = read
        return feature

    def __getattr__(self, name: str) -> Any:
        # Reached only for what is not set: the geometry of a deferred feature.
        if name != "geometry" or "_read" not in self.__dict__:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self.__dict__.setdefault("geometry", self.__dict__["_read"]())

    @property
    def ref(self) -> str:
        """The id with its layer, unique everywhere."""
        return f"{self.layer}/{self.id}"

    @property
    def name(self) -> Text:
        """The name in both languages; that of the other one, else the id, where none is recorded."""
        english, arabic = self.properties.get("name_en"), self.properties.get("name_ar")
        return {"en": str(english or arabic or self.id), "ar": str(arabic or english or self.id)}

    @property
    def kind(self) -> str:
        """A word of the closed vocabulary, or an empty string."""
        return str(self.properties.get("kind") or "")

    @property
    def placeholder(self) -> bool:
        """Whether the position stands for "somewhere there"."""
        return bool(self.properties.get("placeholder"))

    @property
    def area(self) -> str | None:
        """The `layer/id` of the polygon this feature stands for."""
        value = self.properties.get("area")
        return str(value) if value else None

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of the sources of this feature."""
        return tuple(self.properties.get("sources") or ())


@dataclass(frozen=True)
class Layer:
    """A catalogue entry with its features; `version` is the sha256 of the content."""

    id: str
    version: str
    entry: Mapping[str, Any]
    features: Sequence[Feature] = field(repr=False)
    """All of them; those of a large layer are read from its files as they are asked for."""
    stored: Any = field(default=None, repr=False, compare=False)
    """The files of a large layer (geodata.store.parquet.Stored); None where the features are held in memory."""

    @property
    def title(self) -> Text:
        """The title in both languages."""
        return dict(self.entry["title"])

    @property
    def description(self) -> Text:
        """The description in both languages."""
        return dict(self.entry["description"])

    @property
    def kind(self) -> str:
        """What kind of layer the catalogue says this is."""
        return str(self.entry["kind"])

    @property
    def edges(self) -> Literal["lonlat", "geodesic"]:
        """How this layer defines the line between two vertices."""
        return "geodesic" if self.entry["edges"] == "geodesic" else "lonlat"

    @property
    def licence(self) -> str:
        """The licence of the data, as an SPDX id where there is one."""
        return str(self.entry["licence"])

    @property
    def attribution(self) -> Text:
        """The credit that must travel with the data."""
        return dict(self.entry["attribution"])

    @property
    def default_uncertainty(self) -> float | None:
        """The radius in metres that is assumed of features that state none; None leaves it unknown."""
        value = self.entry.get("default_uncertainty_m")
        return None if value is None else float(value)

    def uncertainty(self, feature: Feature) -> float | None:
        """Return a feature's radius of uncertainty in metres: its own, else the layer's, else None (unknown)."""
        value = feature.properties.get("coordinateUncertaintyInMeters")
        if value is None and feature.area is None:
            return self.default_uncertainty
        return None if value is None else float(value)


@dataclass(frozen=True)
class Result:
    """An answer: its items, how it was computed and from what, and geometry for a map."""

    analysis: str
    parameters: Mapping[str, Any]
    layers: Mapping[str, str]
    body: Mapping[str, Any]
    method: Text
    sources: tuple[str, ...]
    licence: tuple[str, ...]
    attribution: tuple[Text, ...]
    geometries: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    """GeoJSON features of what was measured: feature, foot, line, ring."""

    @property
    def id(self) -> str:
        """The first 16 hex digits of the hash of analysis, parameters and layer versions."""
        return result_id(self.analysis, self.parameters, self.layers)

    def _head(self) -> dict[str, Any]:
        return {
            "method": self.method,
            "inputs": {"parameters": dict(self.parameters), "layers": dict(self.layers)},
            "sources": list(self.sources),
            "licence": list(self.licence),
            "attribution": [dict(text) for text in self.attribution],
            "code_version": __version__,
            "result_id": self.id,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON values, numbers rounded to 0.1 mm and 1e-9 degrees."""
        answer = {"schema": SCHEMA, "analysis": self.analysis, **self.body, **self._head()}
        rounded: dict[str, Any] = rounded_json(answer)
        return rounded

    def to_geojson(self) -> dict[str, Any]:
        """Return the measured geometries as a FeatureCollection (RFC 7946), with method and sources."""
        return {
            "type": "FeatureCollection",
            "features": [dict(feature) for feature in self.geometries],
            "masafa": {"schema": SCHEMA, "analysis": self.analysis, **self._head()},
        }


def result_id(analysis: str, parameters: Mapping[str, Any], layers: Mapping[str, str]) -> str:
    """Return the id of a result: the hash of the analysis, its parameters and the versions of its layers."""
    canonical = json.dumps([analysis, parameters, layers], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:RESULT_ID_DIGITS]


def rounded_json(value: Any, name: str = "") -> Any:
    """Return `value` with metres rounded to 0.1 mm, degrees to 1e-9; numbers that are not finite become null."""
    kind = type(value)
    # Plain values first: an answer about a hundred thousand rows has millions of them.
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return round(value, METRE_DIGITS if name.endswith("_m") else OTHER_DIGITS)
    if isinstance(value, Mapping):
        return {key: rounded_json(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        if name in INTERVALS and len(value) == 2 and all(isinstance(end, float) for end in value):
            ends = outward(value[0], value[1], METRE_DIGITS if name.endswith("_m") else OTHER_DIGITS)
            return [end if math.isfinite(end) else None for end in ends]
        return [rounded_json(item, name) for item in value]
    return value


def outward(low: float, high: float, digits: int) -> tuple[float, float]:
    """Return an interval with its ends rounded outward to some decimals.

    >>> outward(0.12341, 0.12349, 4)
    (0.1234, 0.1235)
    """
    step = 10.0**-digits
    least, most = round(low, digits), round(high, digits)
    if least > low:
        least = round(least - step, digits)
    if most < high:
        most = round(most + step, digits)
    return least, most
