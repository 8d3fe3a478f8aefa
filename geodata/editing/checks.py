"""What a feature must be before it may be written; every error names the property, its value and what is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from geodata import validation
from geodata.catalog import Catalog, shipped
from geodata.errors import BadData, BadValue, NotFound
from geodata.formats import geojson
from geodata.messages import Message, one_of
from geodata.model import SLUG, Layer
from geodata.settings import MAX_RADIUS

Item = dict[str, Any]
KINDS = ("site", "event", "place", "area")
"""Layers whose features may be edited: not those that are built from a source as a whole."""
MAX_TEXT, MAX_NAME, MAX_SOURCES, MAX_KILLED = 5_000, 300, 50, 10_000_000
_TEXTS = ("name_en", "name_ar", "notes", "category", "reported_by", "country", "admin1")
_WORDS = {"kind": "kind", "precision": "precision", "event_type": "event_type"}


def editable(id_: str, catalog: Catalog) -> Layer:
    """Return a layer whose features may be edited; raises NotFound, BadValue for another."""
    layer = catalog.layer(id_)
    if layer.kind not in KINDS:
        allowed = [layer_id for layer_id in catalog.ids() if catalog.store.entries[layer_id].get("kind") in KINDS]
        raise BadValue("layer", id_, "editable_layer", layers=list(allowed))
    return layer


def reason(text: str) -> str:
    """Return why; raises BadValue where it is too long."""
    return _text("why", text.strip()) or ""


def checked(item: Mapping[str, Any], layer: Layer, catalog: Catalog, new: bool) -> Item:
    """Return a feature as it will be written; raises BadValue."""
    id_ = item.get("id")
    if not isinstance(id_, str) or not SLUG.match(id_) or len(id_) > 100:
        raise BadValue("id", id_, "slug")
    if new:
        _free(id_, catalog)
    properties = dict(item["properties"])
    shape = _geometry(item.get("geometry"))
    for name in _TEXTS:
        _text(name, properties.get(name))
    if not (properties.get("name_en") or properties.get("name_ar")):
        raise BadValue("name_en", properties.get("name_en"), "name_in_a_language")
    for name, table in _WORDS.items():
        _word(name, properties.get(name), catalog.vocabulary()[table])
    _place(properties, shape, catalog)
    _sources(properties.get("sources"), catalog)
    _dates(properties)
    _killed(properties.get("killed"))
    feature = geojson.feature(id_, shape, properties, exact=True)
    if layer.id in shipped().ids():
        _like_the_shipped(feature, layer)
    return feature


def _free(id_: str, catalog: Catalog) -> None:
    try:
        catalog.feature(id_)
    except NotFound:
        return
    raise BadValue("id", id_, "unused_id")


def _text(name: str, value: Any) -> str | None:
    most = MAX_NAME if name.startswith("name_") else MAX_TEXT
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > most or "\x00" in value:
        raise BadValue(name, value, "text_at_most", most=most)
    return value


def _word(name: str, value: Any, words: Mapping[str, Any]) -> None:
    if value is not None and (not isinstance(value, str) or (value not in words and value != "event")):
        raise BadValue(name, value, one_of(words))


def _geometry(value: Any) -> Any:
    if value is None:
        return None
    try:
        (item,) = geojson.read(geojson.write([{"type": "Feature", "geometry": value, "properties": {}}]))
        return geojson.geometry(item["geometry"])
    except (BadData, ValueError, TypeError) as error:
        why = error.reason if isinstance(error, BadData) else Message("data.no_json")
        raise BadValue("geometry", value, "geometry_because", reason=why) from None


def _place(properties: Mapping[str, Any], shape: Any, catalog: Catalog) -> None:
    radius, area = properties.get("coordinateUncertaintyInMeters"), properties.get("area")
    if radius is not None and (isinstance(radius, bool) or not isinstance(radius, int | float)):
        raise BadValue("coordinateUncertaintyInMeters", radius, "metres_above_zero", most=f"{MAX_RADIUS:.0f}")
    if radius is not None and not 0 < radius <= MAX_RADIUS:
        raise BadValue("coordinateUncertaintyInMeters", radius, "metres_above_zero", most=f"{MAX_RADIUS:.0f}")
    if shape is not None and shape.geom_type == "Point" and radius is None and not area:
        raise BadValue("coordinateUncertaintyInMeters", radius, "metres_of_point", most=f"{MAX_RADIUS:.0f}")
    if not isinstance(properties.get("placeholder", False), bool):
        raise BadValue("placeholder", properties["placeholder"], "boolean")
    if area is None:
        return
    try:
        catalog.feature(str(area))
    except NotFound:
        raise BadValue("area", area, "feature_reference") from None


def _sources(value: Any, catalog: Catalog) -> None:
    recorded = catalog.sources()
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= MAX_SOURCES:
        raise BadValue("sources", value, "source_ids", most=MAX_SOURCES)
    for source in value:
        if source not in recorded:
            raise BadValue("sources", source, "source_id")


def _dates(properties: Mapping[str, Any]) -> None:
    days = {}
    for name in ("date_start", "date_end"):
        value = properties.get(name)
        try:
            days[name] = None if value is None else date.fromisoformat(value)
        except (TypeError, ValueError):
            raise BadValue(name, value, "iso_day") from None
    first, last = days.values()
    if first and last and first > last:
        raise BadValue("date_end", properties["date_end"], "day_from", day=properties["date_start"])


def _killed(value: Any) -> None:
    if value is None:
        return
    figures = [value.get(name) for name in ("low", "best", "high")] if isinstance(value, Mapping) else [value]
    recorded = [figure for figure in figures if figure is not None]
    if not isinstance(value, Mapping) or any(
        isinstance(figure, bool) or not isinstance(figure, int) for figure in recorded
    ):
        raise BadValue("killed", value, "ordered_figures", most=MAX_KILLED)
    if recorded != sorted(recorded) or any(not 0 <= figure <= MAX_KILLED for figure in recorded):
        raise BadValue("killed", dict(value), "ordered_figures", most=MAX_KILLED)


def _like_the_shipped(feature: Mapping[str, Any], layer: Layer) -> None:
    """Refuse what the schema of the document's layers refuses: an edited copy of them must pass wherever they do."""
    problems = validation.record("event" if layer.kind == "event" else "feature", feature)
    if problems:
        pointer, message = problems[0]
        name = pointer.rpartition("/")[2] or "properties"
        raise BadValue(name, feature["properties"].get(name), "schema", reason=message)
