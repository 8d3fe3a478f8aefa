"""What the scripts of a page with a map begin with: words, vocabularies, layers, names of actors and sources."""

from __future__ import annotations

from typing import Any

from geodata.catalog import Catalog, current
from geodata.errors import BadValue
from geodata.records.sources import supporting
from geodata.text.plain_digits import plain_digits
from webapp.i18n import catalogue, language

MAIN_BORDER = "border-iq-sy"
"""The border that questions begin with."""

DRAWN = 2000
"""Events that a map draws one by one; a layer of more is looked at on a page of its own."""

SUGGESTED = 100
"""Features of a layer that a field suggests by name."""


def as_of() -> str:
    """Return the newest date that a layer states for itself."""
    return max((str(layer.entry.get("as_of") or "") for layer in current().layers()), default="")


def page_number(text: str) -> int:
    """Return which page of a list is asked for; raises BadValue."""
    number = plain_digits(text)
    if not (number.isdecimal() and 1 <= int(number[:9]) <= 100_000):
        raise BadValue("page", text, "number_from", least=1)
    return int(number)


def suggestions(catalog: Catalog) -> list[dict[str, str]]:
    """Return what a field for places suggests: layers, and the features of the small ones."""
    lang = language()
    small = [layer for layer in catalog.layers() if len(layer.features) <= SUGGESTED]
    return [{"id": layer.id, "name": layer.title[lang]} for layer in catalog.layers()] + [
        {"id": feature.id, "name": feature.name[lang]} for layer in small for feature in layer.features
    ]


def boot(**more: Any) -> dict[str, Any]:
    """Return what the script of a map begins with, and `more` of the page's own."""
    catalog, lang = current(), language()
    return {
        "lang": lang,
        "reference": catalog.reference(MAIN_BORDER),
        "words": dict(catalogue(lang)),
        "vocabulary": catalog.vocabulary(),
        "layers": [
            {
                "id": layer.id,
                "title": layer.title,
                "count": len(layer.features),
                "version": layer.version[:12],
                "kind": layer.kind,
                "large": layer.stored is not None or (layer.kind == "event" and len(layer.features) > DRAWN),
                "hidden": bool(layer.entry.get("hidden")),
                "attribution": layer.attribution,
                "licence": layer.licence,
            }
            for layer in catalog.layers()
        ],
        "actors": {
            id_: {key: record[key] for key in ("name_en", "name_ar")} for id_, record in catalog.actors().items()
        },
        "sources": {
            id_: {key: record.get(key) for key in ("title", "outlet", "author")}
            for id_, record in catalog.sources().items()
        },
        "speaking": dict(supporting(catalog)),
        **more,
    }
