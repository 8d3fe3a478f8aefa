"""Actors of one's own: recorded with their names in both scripts, changed, and merged by a person alone.

Names that look alike are shown; that two of them are one actor is said by somebody, by name, and can be taken back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from geodata.catalog import Catalog
from geodata.errors import BadValue
from geodata.model import Layer
from geodata.records import fields
from geodata.records.fields import Given, Record
from geodata.records.update import changed
from geodata.store.workspace import Workspace
from geodata.text import arabic

TEXTS = ("office", "note")
FIELDS = ("name_en", "name_ar", "aliases", "kind", "part_of", "sources", "office_en", "office_ar", "note_en", "note_ar")
RESERVED = ("new", "alike")
"""Ids that addresses of the pages have."""
MOST_ALIASES = 50
MOST_NAMES = 300
"""Names of a layer that are compared, those of most events first."""
KEPT = 32
_NUMBER = re.compile(r"\d+")
SMALL = ("of", "the", "and", "for")
_USED: dict[tuple[str, str], Sequence[tuple[str, int]]] = {}
CLOSE = 0.87
"""The share of letters in common from which two names are shown as alike,"""
CLOSE_WORDS = 0.7
"""and that of the words that only one of them has."""


def add(given: Given, workspace: Workspace, catalog: Catalog) -> Record:
    """Record an actor; return its record. Fields: FIELDS, `id`, `by`. Raises BadValue naming the field, Unwritable."""
    fields.bounded(given)
    by = fields.person(given)
    made: Record = {
        "id": fields.slug(given, "id", [*catalog.actors(), *RESERVED]),
        "name_en": "",
        "name_ar": "",
        "aliases": [],
        "kind": "",
        "part_of": None,
        "office": None,
        "note": None,
        "sources": [],
        "recorded_by": by,
    }
    made = _filled(made, {**dict.fromkeys(("name_en", "name_ar", "kind", "sources"), ""), **given}, catalog)
    fields.valid("actor", made)
    workspace.put_records({"actors": made}, by)
    return made


def change(id_: str, given: Given, workspace: Workspace, catalog: Catalog) -> Record:
    """Change those fields of an actor that are given, and keep what they were; return its record."""
    return changed(
        "actor", id_, given, "changed", lambda before: _filled(dict(before), given, catalog), workspace, catalog
    )


def alias(id_: str, given: Given, workspace: Workspace, catalog: Catalog) -> Record:
    """Say that an actor is also called `alias`; return its record."""
    name = fields.text(given, "alias", required=True)

    def make(before: Mapping[str, Any]) -> Record:
        return _filled(dict(before), {"aliases": "\n".join([*before["aliases"], name])}, catalog)

    return changed("actor", id_, given, "changed", make, workspace, catalog)


def merge(id_: str, given: Given, workspace: Workspace, catalog: Catalog) -> Record:
    """Say that an actor is the one whose id is `into`; both records stay. Raises BadValue for a ring."""
    into = fields.text(given, "into", required=True)
    if into not in catalog.actors():
        raise BadValue("into", into, "the id of an actor that is recorded")
    if whole(into, catalog) == id_ or into == id_:
        raise BadValue("into", into, "another actor, that is not merged into this one")

    def make(before: Mapping[str, Any]) -> Record:
        if before.get("merged_into"):
            raise BadValue("into", into, f"an actor that is not merged yet; this one is, into {before['merged_into']}")
        return {**before, "merged_into": into}

    return changed("actor", id_, given, "merged", make, workspace, catalog)


def unmerge(id_: str, given: Given, workspace: Workspace, catalog: Catalog) -> Record:
    """Say that an actor is one of its own again; return its record. Raises BadValue where it is not merged."""

    def make(before: Mapping[str, Any]) -> Record:
        if not before.get("merged_into"):
            raise BadValue("id", id_, "an actor that is merged into another")
        return {name: value for name, value in before.items() if name != "merged_into"}

    return changed("actor", id_, given, "unmerged", make, workspace, catalog)


CHANGES: Mapping[str, Callable[[str, Given, Workspace, Catalog], Record]] = {
    "change": change,
    "alias": alias,
    "merge": merge,
    "unmerge": unmerge,
}


def whole(id_: str, catalog: Catalog) -> str:
    """Return the id of the actor that an actor is by what people said: its own where it is merged into none."""
    actors, seen = catalog.actors(), {id_}
    while True:
        into = str(actors[id_].get("merged_into"))
        if into not in actors or into in seen:
            return id_
        seen.add(into)
        id_ = into


def names(id_: str, catalog: Catalog) -> list[str]:
    """Return all names of an actor, with its id, and those of the actors that are merged into it."""
    found = [one for one in catalog.actors().values() if id_ == one["id"] or whole(one["id"], catalog) == id_]
    return list(dict.fromkeys(name for one in found for name in (one["id"], *_names(one))))


def alike(catalog: Catalog) -> list[Record]:
    """Return pairs that could be one actor, the likest first: an actor, and another or a name that events use.

    `actor`, `other` (an id, or null), `name` (as written there), `layer` and `events` where events use it, `why`,
    `likeness` (0–1). Those that are merged already, and names that are an alias already, are left out.
    """
    actors = {id_: one for id_, one in catalog.actors().items() if whole(id_, catalog) == id_}
    held = {arabic.fold(name): id_ for id_ in actors for name in names(id_, catalog)}
    found = list(_between(actors))
    for layer in catalog.layers():
        for name, count in used(layer)[:MOST_NAMES] if layer.kind == "event" else ():
            if name in catalog.actors() or arabic.fold(name) in held:
                continue
            best = max(((*_likeness(name, _names(one)), id_) for id_, one in actors.items()), default=(0.0, "", ""))
            if best[0] >= CLOSE:
                found.append(_pair(best[2], None, name, layer.id, count, best[1], best[0]))
    return sorted(found, key=lambda one: (-one["likeness"], -(one["events"] or 0), one["actor"], one["name"]))


def used(layer: Layer) -> Sequence[tuple[str, int]]:
    """Return the names of actors that the events of a layer use, and how many do, those of most events first."""
    key = (layer.id, layer.version)
    if key not in _USED:
        if len(_USED) >= KEPT:
            _USED.clear()
        _USED[key] = sorted(_counted(layer).items(), key=lambda one: (-one[1], one[0]))
    return _USED[key]


def _counted(layer: Layer) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    if layer.stored is None:
        counts.update(str(name) for feature in layer.features for name in feature.properties.get("actors") or ())
    else:
        for batch in layer.stored.batches(["actors"]):
            for one in batch.column("actors").flatten().value_counts().to_pylist():
                counts[one["values"]] += one["counts"]
    return {name: count for name, count in counts.items() if name}


def _between(actors: Mapping[str, Mapping[str, Any]]) -> Iterator[Record]:
    held = list(actors.values())
    for at, one in enumerate(held):
        for other in held[at + 1 :]:
            likest = max(((*_likeness(name, _names(one)), name) for name in _names(other)), default=(0.0, "", ""))
            if likest[0] >= CLOSE and other.get("part_of") != one["id"] and one.get("part_of") != other["id"]:
                yield _pair(one["id"], other["id"], likest[2], None, None, likest[1], likest[0])


def _pair(
    actor: str, other: str | None, name: str, layer: str | None, events: int | None, why: str, likeness: float
) -> Record:
    return {
        "actor": actor,
        "other": other,
        "name": name,
        "layer": layer,
        "events": events,
        "why": why,
        "likeness": round(likeness, 2),
    }


def _names(actor: Mapping[str, Any]) -> list[str]:
    return [actor["name_en"], actor["name_ar"], *actor["aliases"]]


def _likeness(name: str, others: Sequence[str]) -> tuple[float, str]:
    """Return how alike a name is to the likest of others, and by what."""
    return max((_compared(_key(name), _key(other)) for other in others), default=(0.0, ""))


Key = tuple[str, tuple[str, ...], str, bool]


@lru_cache(maxsize=20_000)
def _key(name: str) -> Key:
    """Return a name folded, its words sorted, their initials, and whether it is written as initials are."""
    folded = arabic.fold(name)
    words = [word for word in folded.replace("-", " ").split() if word not in SMALL]
    return folded, tuple(sorted(words)), "".join(word[0] for word in words), len(name) > 1 and name.isupper()


def _compared(one: Key, other: Key) -> tuple[float, str]:
    if one[0] == other[0]:
        return 1.0, "same"
    if one[1] == other[1]:
        return 0.98, "words"
    if (one[3] and one[0] == other[2]) or (other[3] and other[0] == one[2]):
        return 0.9, "initials"
    texts = " ".join(one[1]), " ".join(other[1])
    matcher = SequenceMatcher(None, texts[0], texts[1], autojunk=False)
    if min(map(len, texts)) < 4 or matcher.real_quick_ratio() < CLOSE or matcher.quick_ratio() < CLOSE:
        return 0.0, ""
    # The 12th brigade is not the 13th.
    if _NUMBER.findall(one[0]) != _NUMBER.findall(other[0]):
        return 0.0, ""
    # "Government of Syria" and "Government of Iraq" have most letters in common, and not those that count.
    apart = [" ".join(word for word in a[1] if word not in b[1]) for a, b in ((one, other), (other, one))]
    if all(apart) and SequenceMatcher(None, apart[0], apart[1], autojunk=False).ratio() < CLOSE_WORDS:
        return 0.0, ""
    return matcher.ratio(), "close"


def _filled(made: Record, given: Given, catalog: Catalog) -> Record:
    """Return a record with those fields that are given."""
    if {"name_en", "name_ar"} & given.keys():
        was = {f"name_{lang}": made[f"name_{lang}"] for lang in ("en", "ar")}
        said = fields.both({**was, **given}, "name")
        made |= {f"name_{lang}": said[lang] for lang in said}
    if "aliases" in given:
        made["aliases"] = fields.listed(given, "aliases", ";")
        if len(made["aliases"]) > MOST_ALIASES:
            raise BadValue("aliases", len(made["aliases"]), f"at most {MOST_ALIASES} names")
    if "kind" in given:
        made["kind"] = fields.one_of(given, "kind", catalog.vocabulary()["actor_kind"])
    if "part_of" in given:
        made["part_of"] = fields.text(given, "part_of") or None
        if made["part_of"] is not None and (made["part_of"] not in catalog.actors() or made["part_of"] == made["id"]):
            raise BadValue("part_of", made["part_of"], "the id of another actor, or nothing")
    if "sources" in given:
        made["sources"] = fields.listed(given, "sources", ",")
        strange = [one for one in made["sources"] if one not in catalog.sources()]
        if strange or not made["sources"]:
            raise BadValue("sources", ", ".join(strange), "ids of sources that are held, with commas; at least one")
    for name in TEXTS:
        if {f"{name}_en", f"{name}_ar"} & given.keys():
            was = {f"{name}_{lang}": text for lang, text in (made.get(name) or {}).items()}
            made[name] = fields.maybe_both({**was, **given}, name)
    if made["kind"] == "person" and not made["office"]:
        raise BadValue("office_en", "", "the office or command that a person is named for")
    return made
