"""Add, change, delete and restore features: validated, and recorded in the journal first.

The journal comes first and the layer's file follows; after a crash the journal is what counts (`writing.settled`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from geodata.catalog import Catalog, current, workspace
from geodata.editing import writing
from geodata.editing.checks import checked, editable, reason
from geodata.editing.defaults import completed
from geodata.errors import BadValue, Conflict, NotFound, Refused
from geodata.formats import geojson
from geodata.model import Layer
from geodata.records import fields
from geodata.store.journal import Edit, Journal
from geodata.timestamps import utc_now

Item = dict[str, Any]
ATTEMPTS = 5
"""How often an edit is tried anew where a file is brought into its layer meanwhile."""


def tag(item: Mapping[str, Any] | None) -> str:
    """Return what tells one state of a feature from another: 16 hexadecimal digits; of none, an empty text."""
    if item is None:
        return ""
    text = json.dumps(item, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_feature(layer: str, id_: str) -> Item:
    """Return a feature as it is now; raises NotFound."""
    return _read_feature(editable(layer, current()), id_)


def add(layer: str, item: Mapping[str, Any], who: str, why: str = "") -> Edit:
    """Add a feature (GeoJSON, its id free); raises BadValue naming what is wrong, Refused, Unwritable."""
    there = editable(layer, current())
    properties = completed(_properties(item), there)
    feature = {"type": "Feature", "id": item.get("id"), "geometry": item.get("geometry"), "properties": properties}
    return _commit(layer, str(item.get("id", "")), lambda _: feature, "add", who, why)


def change(layer: str, id_: str, update: Mapping[str, Any], seen: str, who: str, why: str = "") -> Edit:
    """Change a feature: its `geometry` where the update has one, and the `properties` named; null removes one.

    `seen` is the tag of the state that was changed. Raises Conflict where that is no longer the feature's, NotFound,
    and as `add` does.
    """

    def make(before: Item | None) -> Item | None:
        _same(id_, before, seen)
        if before is None:
            raise NotFound("feature_of_layer", id_, layer=layer)
        properties = {**before["properties"], **_properties(update)}
        return {**before, "geometry": update.get("geometry", before["geometry"]), "properties": properties}

    return _commit(layer, id_, make, "change", who, why)


def delete(layer: str, id_: str, seen: str, who: str, why: str = "") -> Edit:
    """Delete a feature; it stays in the journal. Raises as `change` does."""

    def make(before: Item | None) -> None:
        _same(id_, before, seen)
        if before is None:
            raise NotFound("feature_of_layer", id_, layer=layer)

    return _commit(layer, id_, make, "delete", who, why)


def undo(number: int, who: str, why: str = "") -> Edit:
    """Put a feature back to what it was before an edit; raises Conflict where it has been changed since."""
    edit = journal().get(number)

    def make(before: Item | None) -> Item | None:
        _same(edit.feature, before, tag(edit.after))
        return None if edit.before is None else dict(edit.before)

    word = "delete" if edit.before is None else "add" if edit.after is None else "change"
    return _commit(edit.layer, edit.feature, make, word, who, why, edit.number)


def journal() -> Journal:
    """Return the journal of the workspace."""
    return Journal(workspace().folder)


def _commit(layer: str, id_: str, make: Any, operation: str, who: str, why: str, undoes: int | None = None) -> Edit:
    by, because, place = fields.person({"by": who}), reason(why), workspace()
    with place.edit_lock():
        for _ in range(ATTEMPTS):
            catalog = writing.settled(layer, place, current)
            there = editable(layer, catalog)
            before = None if operation == "add" and undoes is None else _read_or_none(there, id_)
            after = make(before)
            if after is not None:
                after = writing.as_held(checked(after, there, catalog, new=before is None), there)
            edit = Edit(layer, id_, operation, before, after, by, utc_now(), because, undoes)
            number = writing.written(there, edit, place)
            if number is not None:
                return replace(edit, number=number)
    raise Refused("busy_layer", layer=layer)


def _properties(item: Mapping[str, Any]) -> Mapping[str, Any]:
    value = item.get("properties") or {}
    if not isinstance(value, Mapping):
        raise BadValue("properties", value, "object_of_values")
    return value


def _same(id_: str, now_: Item | None, seen: str) -> None:
    if tag(now_) != seen:
        raise Conflict(id_, now_)


def _read_or_none(layer: Layer, id_: str) -> Item | None:
    try:
        return _read_feature(layer, id_)
    except NotFound:
        return None


def _read_feature(layer: Layer, id_: str) -> Item:
    row = layer.stored.row_of(id_) if layer.stored is not None else None
    matches = (
        [layer.features[row]]
        if row is not None
        else [feature for feature in layer.features if feature.id == id_]
        if layer.stored is None
        else []
    )
    if not matches:
        raise NotFound("feature_of_layer", id_, layer=layer.id)
    feature = matches[0]
    item: Item = json.loads(json.dumps(geojson.feature(feature.id, feature.geometry, feature.properties, exact=True)))
    return item


def history(catalog: Catalog, layer: str = "", id_: str = "", most: int = 1_000) -> list[Edit]:
    """Return the edits of a layer or a feature, the newest first; raises NotFound for a layer that there is not."""
    if layer and layer not in catalog.ids():
        raise NotFound("layer", layer, catalog.ids())
    return journal().of(layer, id_, most)
