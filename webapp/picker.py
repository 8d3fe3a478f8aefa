"""The picker: sites, lines, layers, sources and actors chosen by name; a form's names become the ids that are stored.

The script of the page offers names while somebody types, and sends ids. Without it the field offers the names of a
list, and what was typed is read here: an id, a name, or several of them with semicolons between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask

from geodata.catalog import LINE_KINDS, Catalog, current
from geodata.errors import NotFound
from geodata.model import Text
from geodata.search.entries import Entry
from geodata.search.finding import index_of
from geodata.search.index import EXACT
from geodata.text import arabic
from webapp.i18n import language

KINDS = ("layer", "place", "line", "area", "country", "event", "claim", "source", "actor")
"""What can be chosen: `line`, `area` and `country` are places."""
OFFERED = 300
"""Names that a field lists where the page has no script."""
_WITH_ID = re.compile(r".*\(([a-z0-9/-]+)\)\Z", re.DOTALL)


@dataclass(frozen=True)
class Choice:
    """What a field lets somebody choose, and what stands between the ids where there may be several."""

    kinds: tuple[str, ...]
    separator: str = ""


_SUPPORTED = ("place", "event", "claim")
FIELDS: Mapping[str, Choice] = {
    "candidates": Choice(("place", "event"), ", "),
    "lines": Choice(("line",), ", "),
    "feature": Choice(("place", "event")),
    "area": Choice(("area",)),
    "country": Choice(("country",)),
    "source": Choice(("source",)),
    "sources": Choice(("source",), ", "),
    "supports": Choice(_SUPPORTED, ", "),
    "part_of": Choice(("actor",)),
    "into": Choice(("actor",)),
}
"""The fields of the forms that write."""
PLACES = Choice(("place", "event", "layer"), ";")
PARAMETERS: Mapping[str, Choice] = {
    "place": PLACES,
    "layers": Choice(("layer",), ","),
    "claim": Choice(("claim",)),
}
"""The inputs of analyses, by their kind."""


def matching(text: str, kinds: Sequence[str], catalog: Catalog, most: int) -> list[Entry]:
    """Return what may be chosen of some kinds by a text, the likeliest first; by no text the first of the list."""
    if not text.strip():
        entries = sorted(_entries(kinds, catalog), key=lambda entry: (entry.rank, -entry.weight))
        return entries[:most]
    layers = [entry for entry in _layers(kinds, catalog) if _has(entry, text, catalog)]
    entries = [entry for _, entry in index_of(catalog).find(text) if _fits(entry, kinds)]
    return [*layers, *entries][:most]


def resolved(text: str, choice: Choice, catalog: Catalog) -> str:
    """Return the ids of what a text names; what names nothing, or several things, stays as it is."""
    id_ = _id_of(text.strip(), choice.kinds, catalog)
    if id_ or not choice.separator:
        return id_ or text
    parts = re.split(r"[;\n]", text) if re.search(r"[;\n]", text) else re.split(r"[,،]", text)
    ids = [(part.strip(), _id_of(part.strip(), choice.kinds, catalog)) for part in parts if part.strip()]
    return choice.separator.join(id_ or part for part, id_ in ids) if any(id_ for _, id_ in ids) else text


def resolved_form(form: Mapping[str, str], catalog: Catalog) -> dict[str, str]:
    """Return a form with ids for the names in the fields that are pickers."""
    return {
        name: resolved(value, FIELDS[name], catalog) if name in FIELDS and value.strip() else value
        for name, value in form.items()
    }


def field_of(value: str, choice: Choice, catalog: Catalog) -> dict[str, Any]:
    """Return what a template needs of a field: its kinds, what is chosen, as text too, and the names it lists."""
    ids = [part.strip() for part in re.split(r"[,;\n]", value) if part.strip()] if choice.separator else [value]
    names = [(id_, _shown(id_, choice.kinds, catalog)) for id_ in ids if id_]
    chosen = [{"id": id_, "name": name} for id_, name in names if name]
    is_all = len(chosen) == len(names)
    return {
        "kinds": ",".join(choice.kinds),
        "separator": choice.separator,
        "chosen": chosen if is_all else [],
        "text": "; ".join(_typable(id_, name, choice.kinds, catalog) for id_, name in names if name)
        if is_all
        else value,
        "names": [name for entry in matching("", choice.kinds, catalog, OFFERED) for name in [_name(entry, catalog)]],
    }


def key_of(entry: Entry, catalog: Catalog) -> str:
    """Return the id that something is chosen by: with its layer before it where the id alone is another feature's."""
    if not entry.layer:
        return entry.id
    return entry.id if catalog.feature(entry.id).layer == entry.layer else f"{entry.layer}/{entry.id}"


def names_of(entry: Entry, catalog: Catalog) -> Text:
    """Return the names that something is offered by: of a source its publisher or author and its title."""
    if entry.kind != "source":
        return entry.name
    source = catalog.sources()[entry.id]
    supplied = source.get("supplied_title") or {}
    return {
        lang: ": ".join(
            filter(None, [source["outlet"] or source["author"], source.get(f"title_{lang}") or source["title"]])
        )
        or supplied.get(lang, entry.id)
        for lang in ("en", "ar")
    }


def source_name(id_: str, catalog: Catalog) -> str:
    """Return the name that a source is chosen by, in the language of the page."""
    return str(names_of(Entry("source", "", id_, {}, (), "", 0), catalog)[language()])


def wire(app: Flask) -> None:
    """Give the templates what their pickers need."""
    app.jinja_env.globals["picked"] = lambda name, value: field_of(value, FIELDS[name], current())
    app.jinja_env.globals["picked_parameter"] = lambda kind, value: field_of(value, PARAMETERS[kind], current())
    app.jinja_env.globals["picker_kinds"] = tuple(PARAMETERS)


def _name(entry: Entry, catalog: Catalog) -> str:
    return str(names_of(entry, catalog)[language()])


def _entries(kinds: Sequence[str], catalog: Catalog) -> Iterator[Entry]:
    yield from _layers(kinds, catalog)
    yield from (entry for entry in index_of(catalog).entries if _fits(entry, kinds))


def _layers(kinds: Sequence[str], catalog: Catalog) -> list[Entry]:
    if "layer" not in kinds:
        return []
    return [Entry("layer", "", one.id, one.title, tuple(one.title.values()), "", 0) for one in catalog.layers()]


def _has(entry: Entry, text: str, catalog: Catalog) -> bool:
    return arabic.fold(text) in arabic.fold(" ".join([entry.id, *names_of(entry, catalog).values()]))


def _fits(entry: Entry, kinds: Sequence[str]) -> bool:
    narrower = {
        "line": entry.label in LINE_KINDS,
        "area": entry.layer == "governorates",
        "country": entry.layer == "countries",
    }
    return entry.kind in kinds or (entry.kind == "place" and any(narrower.get(kind) for kind in kinds))


def _id_of(text: str, kinds: Sequence[str], catalog: Catalog) -> str:
    """Return the id of the one thing that a text names; an empty text where there is none, or are several."""
    written = _WITH_ID.match(text)
    for id_ in (text, written[1] if written else ""):
        if id_ and _is_id(id_, kinds, catalog):
            return id_
    folded = arabic.fold(text)
    if not folded:
        return ""
    exact = [entry for match, entry in index_of(catalog).find(text) if match == EXACT and _fits(entry, kinds)]
    shown = [
        entry for entry in _entries(kinds, catalog) if folded in map(arabic.fold, names_of(entry, catalog).values())
    ]
    ids = {key_of(entry, catalog) for entry in shown or exact}
    return ids.pop() if len(ids) == 1 else ""


def _is_id(text: str, kinds: Sequence[str], catalog: Catalog) -> bool:
    records = {
        "layer": catalog.ids(),
        "claim": catalog.claims(),
        "source": catalog.sources(),
        "actor": catalog.actors(),
    }
    if any(kind in kinds and text in ids for kind, ids in records.items()):
        return True
    try:
        return not set(kinds).isdisjoint(KINDS[1:6]) and bool(catalog.feature(text))
    except NotFound:
        return False


def _shown(id_: str, kinds: Sequence[str], catalog: Catalog) -> str:
    """Return the name of what an id stands for in the language of the page; an empty text where there is none."""
    lang = language()
    if "layer" in kinds and id_ in catalog.ids():
        return str(catalog.layer(id_).title[lang])
    if "claim" in kinds and id_ in catalog.claims():
        return str(catalog.claims()[id_]["title"][lang])
    if "actor" in kinds and id_ in catalog.actors():
        return str(catalog.actors()[id_][f"name_{lang}"])
    if "source" in kinds and id_ in catalog.sources():
        return source_name(id_, catalog)
    try:
        return str(catalog.feature(id_).name[lang])
    except NotFound:
        return ""


def _typable(id_: str, name: str, kinds: Sequence[str], catalog: Catalog) -> str:
    """Return a name that is read as this id when it is sent back: with the id where the name is another's too."""
    return name if _id_of(name, kinds, catalog) == id_ and not re.search("[;,،]", name) else f"{name} ({id_})"
