"""The forms of records: which fields each has, and what they begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geodata.catalog import Catalog
from webapp.i18n import language
from webapp.picker import FIELDS as PICKERS


@dataclass(frozen=True)
class Field:
    """A field: its name, whether it is needed, the script it is written in, its lines, and what its choices are of.

    Without `of`, a field that webapp/picker.py knows chooses by name.
    """

    name: str
    required: bool = False
    script: str = ""
    rows: int = 0
    of: str = ""


_WHO = (Field("by", True), Field("why"))
_SAYS = (Field("says_ar", True, "ar", 2), Field("says_en", True, "en", 2))
_NOTE = (Field("note_ar", False, "ar", 2), Field("note_en", False, "en", 2))
_SOURCE = (
    *(Field("title"), Field("title_ar", False, "ar"), Field("title_en", False, "en"), Field("outlet"), Field("author")),
    *(Field("kind", True, of="source_kind"), Field("language", False, "en"), Field("published_on", False, "en")),
    *(Field("accessed_on", False, "en"), Field("url", False, "en"), Field("archived_url", False, "en")),
    *(Field("licence"), Field("method"), *_SAYS, *_NOTE),
)
_ACTOR = (
    *(Field("name_ar", True, "ar"), Field("name_en", True, "en"), Field("aliases", rows=3)),
    *(Field("kind", True, of="actor_kind"), Field("part_of")),
    *(Field("sources", True), Field("office_ar", False, "ar"), Field("office_en", False, "en")),
    *_NOTE,
)
_MARK = (Field("reliability", True, of="reliability"), Field("credibility", True, of="credibility"), Field("note"))
FORMS: Mapping[tuple[str, str], Sequence[Field]] = {
    ("sources", "new"): (*_SOURCE, Field("supports"), Field("file"), Field("by", True)),
    ("sources", "change"): (*_SOURCE, *_WHO),
    ("sources", "attach"): (Field("supports", True), *_WHO),
    ("sources", "detach"): (Field("supports", True), *_WHO),
    ("sources", "grade"): (*_MARK, *_WHO),
    ("sources", "second"): (*_MARK, *_WHO),
    ("actors", "new"): (*_ACTOR, Field("by", True)),
    ("actors", "change"): (*_ACTOR, *_WHO),
    ("actors", "alias"): (Field("alias", True), *_WHO),
    ("actors", "merge"): (Field("into", True), *_WHO),
    ("actors", "unmerge"): _WHO,
}
"""By records and what is done."""


def inputs(fields: Sequence[Field], catalog: Catalog) -> list[dict[str, Any]]:
    """Return fields as a template draws them, with their choices in the language of the page."""
    return [
        {
            **vars(field),
            "closed": bool(field.of),
            "picker": field.name in PICKERS,
            "choices": _choices(field.of, catalog),
        }
        for field in fields
    ]


def begun(what: str, record: Mapping[str, Any]) -> dict[str, str]:
    """Return what the form of a change begins with: the record as it is, where that is what is changed."""
    if what == "detach":
        return {"supports": ", ".join(record["supports"])}
    if what != "change":
        return {}
    values: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, Mapping) and {"en", "ar"} <= value.keys():
            values |= {f"{name}_{lang}": value[lang] for lang in ("en", "ar")}
        elif isinstance(value, list):
            values[name] = ("\n" if name == "aliases" else ", ").join(value)
        elif isinstance(value, str):
            values[name] = value
    return values


def _choices(of: str, catalog: Catalog) -> list[tuple[str, str]]:
    lang = language()
    scale = of in ("reliability", "credibility")
    words = catalog.vocabulary().get(of, {})
    return [(id_, f"{id_} · {label[lang]}" if scale else label[lang]) for id_, label in words.items()]
