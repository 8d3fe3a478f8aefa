"""Events as the page reads them: words for ids, values as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import shapely

from geodata.catalog import Catalog
from geodata.events.filters import NO_FLAG
from geodata.model import Feature, rounded_json
from webapp.i18n import language, word

_VOCABULARY = {
    "category": ("category", "event_type"),
    "flag": ("flag",),
    "precision": ("precision",),
    "kind": ("kind",),
}


def label(name: str, id_: str, catalog: Catalog) -> str:
    """Return the label of a filter value in the language of the page; the value itself where it is a name."""
    lang = language()
    if name == "flag" and id_ == NO_FLAG:
        return word("events_no_flag")
    for table in _VOCABULARY.get(name, ()):
        term = catalog.vocabulary().get(table, {}).get(id_)
        if term:
            return str(term[lang])
    if name in ("country", "governorate"):
        title = catalog.title(id_)
        return str(title[lang]) if title else id_
    if name == "actor" and id_ in catalog.actors():
        return str(catalog.actors()[id_][f"name_{lang}"])
    return id_


def row_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of the table as JSON values."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def event_as_json(event: Feature, catalog: Catalog) -> dict[str, Any]:
    """Return an event with its geometry, its flags with their labels, and the columns of the file."""
    terms = catalog.vocabulary()["flag"]
    flags = [{"id": id_, "label": dict(terms[id_])} for id_ in event.properties.get("flags") or () if id_ in terms]
    geometry = None if event.geometry is None else shapely.geometry.mapping(event.geometry)
    return dict(
        rounded_json(
            {**event.properties, "id": event.id, "name": dict(event.name), "geometry": geometry, "flags": flags}
        )
    )
