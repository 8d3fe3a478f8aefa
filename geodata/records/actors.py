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
from geodata.records.fields import Form, Record
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


def add(form: Form, workspace: Workspace, catalog: Catalog) -> Record:
    """Record an actor; return its record.

    Fields: FIELDS, `id` (else made of the name), `by`. Raises BadValue naming the field, Unwritable.
    """
    fields.bounded(form)
    by = fields.person(form)
    record: Record = {
        "id": fields.new_id(form, "id", [*catalog.actors(), *RESERVED], form.get("name_en", "")),
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
    record = _filled(record, {**dict.fromkeys(("name_en", "name_ar", "kind", "sources"), ""), **form}, catalog)
    fields.valid("actor", record)
    workspace.put_records({"actors": record}, by)
    return record


def change(id_: str, form: Form, workspace: Workspace, catalog: Catalog) -> Record:
    """Change the fields of an actor that the form has, keeping the old values; return its record."""
    return changed(
        "actor", id_, form, "changed", lambda before: _filled(dict(before), form, catalog), workspace, catalog
    )


def alias(id_: str, form: Form, workspace: Workspace, catalog: Catalog) -> Record:
    """Say that an actor is also called `alias`; return its record."""
    name = fields.text(form, "alias", required=True)

    def make(before: Mapping[str, Any]) -> Record:
        return _filled(dict(before), {"aliases": "\n".join([*before["aliases"], name])}, catalog)

    return changed("actor", id_, form, "changed", make, workspace, catalog)


def merge(id_: str, form: Form, workspace: Workspace, catalog: Catalog) -> Record:
    """Say that an actor is the one whose id is `into`; both records stay. Raises BadValue for a ring."""
    into = fields.text(form, "into", required=True)
    if into not in catalog.actors():
        raise BadValue("into", into, "actor_id")
    if canonical_id(into, catalog) == id_ or into == id_:
        raise BadValue("into", into, "other_unmerged_actor")

    def make(before: Mapping[str, Any]) -> Record:
        if before.get("merged_into"):
            raise BadValue("into", into, "unmerged_actor", into=before["merged_into"])
        return {**before, "merged_into": into}

    return changed("actor", id_, form, "merged", make, workspace, catalog)


def unmerge(id_: str, form: Form, workspace: Workspace, catalog: Catalog) -> Record:
    """Say that an actor is one of its own again; return its record. Raises BadValue where it is not merged."""

    def make(before: Mapping[str, Any]) -> Record:
        if not before.get("merged_into"):
            raise BadValue("id", id_, "merged_actor")
        return {name: value for name, value in before.items() if name != "merged_into"}

    return changed("actor", id_, form, "unmerged", make, workspace, catalog)


CHANGES: Mapping[str, Callable[[str, Form, Workspace, Catalog], Record]] = {
    "change": change,
    "alias": alias,
    "merge": merge,
    "unmerge": unmerge,
}


def canonical_id(id_: str, catalog: Catalog) -> str:
    """Return the id of the actor into which an actor is merged, through all merges; its own where there is none."""
    actors, seen = catalog.actors(), {id_}
    while True:
        into = str(actors[id_].get("merged_into"))
        if into not in actors or into in seen:
            return id_
        seen.add(into)
        id_ = into


def names(id_: str, catalog: Catalog) -> list[str]:
    """Return all names of an actor, with its id, and those of the actors that are merged into it."""
    group = [
        actor for actor in catalog.actors().values() if id_ == actor["id"] or canonical_id(actor["id"], catalog) == id_
    ]
    return list(dict.fromkeys(name for actor in group for name in (actor["id"], *_names(actor))))


def alike(catalog: Catalog) -> list[Record]:
    """Return pairs that could be one actor, the likest first: an actor, and another or a name that events use.

    `actor`, `other` (an id, or null), `name` (as written there), `layer` and `events` where events use it, `why`,
    `likeness` (0–1). Those that are merged already, and names that are an alias already, are left out.
    """
    actors = {id_: actor for id_, actor in catalog.actors().items() if canonical_id(id_, catalog) == id_}
    recorded = {arabic.fold(name): id_ for id_ in actors for name in names(id_, catalog)}
    pairs = list(_between(actors))
    for layer in catalog.layers():
        for name, count in used(layer)[:MOST_NAMES] if layer.kind == "event" else ():
            if name in catalog.actors() or arabic.fold(name) in recorded:
                continue
            best = max(((*_likeness(name, _names(actor)), id_) for id_, actor in actors.items()), default=(0.0, "", ""))
            if best[0] >= CLOSE:
                pairs.append(_pair(best[2], None, name, layer.id, count, best[1], best[0]))
    return sorted(pairs, key=lambda pair: (-pair["likeness"], -(pair["events"] or 0), pair["actor"], pair["name"]))


def used(layer: Layer) -> Sequence[tuple[str, int]]:
    """Return the names of actors that the events of a layer use, and how many do, those of most events first."""
    key = (layer.id, layer.version)
    if key not in _USED:
        if len(_USED) >= KEPT:
            _USED.clear()
        _USED[key] = sorted(_counted(layer).items(), key=lambda entry: (-entry[1], entry[0]))
    return _USED[key]


def _counted(layer: Layer) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    if layer.stored is None:
        counts.update(str(name) for feature in layer.features for name in feature.properties.get("actors") or ())
    else:
        for batch in layer.stored.batches(["actors"]):
            for entry in batch.column("actors").flatten().value_counts().to_pylist():
                counts[entry["values"]] += entry["counts"]
    return {name: count for name, count in counts.items() if name}


def _between(actors: Mapping[str, Mapping[str, Any]]) -> Iterator[Record]:
    records = list(actors.values())
    for at, actor in enumerate(records):
        for other in records[at + 1 :]:
            likest = max(((*_likeness(name, _names(actor)), name) for name in _names(other)), default=(0.0, "", ""))
            if likest[0] >= CLOSE and other.get("part_of") != actor["id"] and actor.get("part_of") != other["id"]:
                yield _pair(actor["id"], other["id"], likest[2], None, None, likest[1], likest[0])


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


def _compared(left: Key, right: Key) -> tuple[float, str]:
    if left[0] == right[0]:
        return 1.0, "same"
    if left[1] == right[1]:
        return 0.98, "words"
    if (left[3] and left[0] == right[2]) or (right[3] and right[0] == left[2]):
        return 0.9, "initials"
    texts = " ".join(left[1]), " ".join(right[1])
    matcher = SequenceMatcher(None, texts[0], texts[1], autojunk=False)
    if min(map(len, texts)) < 4 or matcher.real_quick_ratio() < CLOSE or matcher.quick_ratio() < CLOSE:
        return 0.0, ""
    # The 12th brigade is not the 13th.
    if _NUMBER.findall(left[0]) != _NUMBER.findall(right[0]):
        return 0.0, ""
    # "Government of Syria" and "Government of Iraq" have most letters in common, and not those that count.
    apart = [" ".join(word for word in a[1] if word not in b[1]) for a, b in ((left, right), (right, left))]
    if all(apart) and SequenceMatcher(None, apart[0], apart[1], autojunk=False).ratio() < CLOSE_WORDS:
        return 0.0, ""
    return matcher.ratio(), "close"


def _filled(record: Record, form: Form, catalog: Catalog) -> Record:
    """Return a record with the fields of the form filled in."""
    if {"name_en", "name_ar"} & form.keys():
        was = {f"name_{lang}": record[f"name_{lang}"] for lang in ("en", "ar")}
        texts = fields.both({**was, **form}, "name")
        record |= {f"name_{lang}": texts[lang] for lang in texts}
    if "aliases" in form:
        record["aliases"] = fields.listed(form, "aliases", ";")
        if len(record["aliases"]) > MOST_ALIASES:
            raise BadValue("aliases", len(record["aliases"]), "names_at_most", most=MOST_ALIASES)
    if "kind" in form:
        record["kind"] = fields.choice(form, "kind", catalog.vocabulary()["actor_kind"])
    if "part_of" in form:
        record["part_of"] = fields.text(form, "part_of") or None
        if record["part_of"] is not None and (
            record["part_of"] not in catalog.actors() or record["part_of"] == record["id"]
        ):
            raise BadValue("part_of", record["part_of"], "other_actor_or_nothing")
    if "sources" in form:
        record["sources"] = fields.listed(form, "sources", ",")
        strange = [source for source in record["sources"] if source not in catalog.sources()]
        if strange or not record["sources"]:
            raise BadValue("sources", ", ".join(strange), "source_ids_or_more")
    for name in TEXTS:
        if {f"{name}_en", f"{name}_ar"} & form.keys():
            was = {f"{name}_{lang}": text for lang, text in (record.get(name) or {}).items()}
            record[name] = fields.maybe_both({**was, **form}, name)
    if record["kind"] == "person" and not record["office"]:
        raise BadValue("office_en", "", "office")
    return record
