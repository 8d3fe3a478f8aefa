"""What the scripts of a page with a map begin with: words, vocabularies, layers, names of actors and sources."""

from __future__ import annotations

from typing import Any

from geodata.catalog import current
from geodata.errors import BadValue
from geodata.records.sources import supporting
from geodata.text.plain_digits import plain_digits
from webapp.i18n import catalogue, language

MAIN_BORDER = "border-iq-sy"
"""The border that questions begin with."""

DRAWN = 2000
"""Events that a map draws one by one; a layer of more is looked at on a page of its own."""


def as_of() -> str:
    """Return the newest date that a layer states for itself."""
    return max((str(layer.entry.get("as_of") or "") for layer in current().layers()), default="")


def page_number(text: str) -> int:
    """Return which page of a list is asked for; raises BadValue."""
    number = plain_digits(text)
    if not (number.isdecimal() and 1 <= int(number[:9]) <= 100_000):
        raise BadValue("page", text, "number_from", least=1)
    return int(number)


FORM_WORDS = (
    *(
        "picker_new_source",
        "picker_remove",
        "picker_list",
        "search_results",
        "search_none",
        "failed",
        "close",
        "cancel",
    ),
    *("record_new_source", "record_title", "record_outlet", "record_author", "record_url", "record_published_on"),
    *("record_says_ar", "record_says_en", "record_by", "record_write", "record_needed"),
)
"""The words that the scripts of a form need."""


def form_boot() -> dict[str, Any]:
    """Return what the script of a page with a form begins with."""
    lang = language()
    words = catalogue(lang)
    return {"lang": lang, "words": {key: words[key] for key in FORM_WORDS}, "vocabulary": {}}


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
