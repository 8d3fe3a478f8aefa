"""Sources of one's own: recorded, changed, attached to what they speak of, graded by one reader and by a second.

The same on the command line and in the page; nothing is overwritten without a trace (geodata/store/history.py).
Grades are the two scales of the Admiralty Code: reliability of the source A–F, credibility of what it says 1–6.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from geodata.catalog import Catalog
from geodata.errors import BadValue, MasafaError
from geodata.records import fields
from geodata.records.fields import Form, Record
from geodata.records.update import changed
from geodata.store.history import changes
from geodata.store.workspace import Workspace
from geodata.text import arabic

PLAIN = ("title", "outlet", "author", "language", "method", "licence", "title_en", "title_ar")
DAYS = ("published_on", "accessed_on")
ADDRESSES = ("url", "archived_url")
TEXTS = ("says", "note")
FIELDS = (*PLAIN, *DAYS, *ADDRESSES, "kind", *(f"{name}_{lang}" for name in TEXTS for lang in ("en", "ar")))
"""What is given of a source; `id` and `by` beside it when it is new."""
RESERVED = ("new",)
"""Ids that addresses of the pages have."""
MOST_SUPPORTED = 500


def add(form: Form, workspace: Workspace, catalog: Catalog, file: Record | None = None) -> Record:
    """Record a source; return its record. Raises BadValue naming the field, Unwritable.

    Fields: FIELDS, `id` (else made of the title), `by`, `supports` (ids of features and claims, with commas). `file`
    says name, bytes and sha256 of the copy that was read.
    """
    fields.bounded(form)
    by, today = fields.person(form), _today()
    names = fields.source_names(form, "title_en", "title", "outlet", "author", day="published_on")
    record: Record = {
        "id": fields.new_id(form, "id", [*catalog.sources(), *RESERVED], *names),
        **dict.fromkeys((*PLAIN, *DAYS, *ADDRESSES)),
        "collected_at": today,
        "collected_by": by,
        "kind": "article",
        "found_in": None,
        "note": None,
        "supports": [],
        "verification": {"status": "read", "by": by, "at": today},
    }
    record = _filled(record, {**dict.fromkeys(("says_en", "says_ar"), ""), **form}, catalog)
    record["supports"] = resolve_ids(fields.listed(form, "supports", ","), catalog)
    if file is not None:
        record["file"] = dict(file)
    fields.valid("source", record)
    workspace.put_records({"sources": record}, by)
    return record


def change(id_: str, form: Form, workspace: Workspace, catalog: Catalog, file: Record | None = None) -> Record:
    """Change the fields of a source that the form has, keeping the old values; return its record."""
    fields.bounded(form)
    fields.text(form, "by", required=True)

    def make(before: Mapping[str, Any]) -> Record:
        record = _filled(dict(before), form, catalog)
        return record if file is None else {**record, "file": dict(file)}

    return changed("source", id_, form, "changed", make, workspace, catalog)


def attach(id_: str, form: Form, workspace: Workspace, catalog: Catalog) -> Record:
    """Attach a source to the features and claims of `supports` as well; return its record."""
    wanted = resolve_ids(fields.listed(form, "supports", ","), catalog, required=True)

    def make(before: Mapping[str, Any]) -> Record:
        return {**before, "supports": list(dict.fromkeys([*before["supports"], *wanted]))}

    return changed("source", id_, form, "attached", make, workspace, catalog)


def detach(id_: str, form: Form, workspace: Workspace, catalog: Catalog) -> Record:
    """Detach a source from the features and claims of `supports`; return its record."""
    wanted = fields.listed(form, "supports", ",")

    def make(before: Mapping[str, Any]) -> Record:
        strange = [name for name in wanted if name not in before["supports"]]
        if strange or not wanted:
            raise BadValue(
                "supports",
                ", ".join(strange),
                "attached_ids" if before["supports"] else "nothing_attached",
                ids=list(before["supports"]),
            )
        return {**before, "supports": [name for name in before["supports"] if name not in wanted]}

    return changed("source", id_, form, "detached", make, workspace, catalog)


def grade(id_: str, form: Form, workspace: Workspace, catalog: Catalog) -> Record:
    """Grade a source as its first reader (`reliability`, `credibility`, `note`, `by`); a second one's mark falls."""
    mark = _mark(form, catalog)

    def make(before: Mapping[str, Any]) -> Record:
        return {**before, "verification": {"status": "graded", **mark}}

    return changed("source", id_, form, "graded", make, workspace, catalog)


def second(id_: str, form: Form, workspace: Workspace, catalog: Catalog) -> Record:
    """Grade a source as its second reader, who is another than the first: confirmed where both grade it alike.

    Raises BadValue for the first reader, and where nobody has graded it.
    """
    mark = _mark(form, catalog)

    def make(before: Mapping[str, Any]) -> Record:
        first = {name: value for name, value in before["verification"].items() if name != "second"}
        if "reliability" not in first:
            raise BadValue("second", mark["by"], "graded_source")
        if arabic.fold(first["by"]) == arabic.fold(mark["by"]):
            raise BadValue("by", mark["by"], "other_reader", reader=first["by"])
        same = all(first[name] == mark[name] for name in ("reliability", "credibility"))
        return {**before, "verification": {**first, "status": "confirmed" if same else "disputed", "second": mark}}

    return changed("source", id_, form, "second", make, workspace, catalog)


CHANGES: Mapping[str, Callable[[str, Form, Workspace, Catalog], Record]] = {
    "change": change,
    "attach": attach,
    "detach": detach,
    "grade": grade,
    "second": second,
}


def history(id_: str, workspace: Workspace, name: str = "sources") -> Sequence[Record]:
    """Return what was done to a record, the newest first."""
    entries = changes(workspace.sources / f"{name}.json")
    return [entry for entry in reversed(entries) if entry["id"] == id_]


def marks(source: Mapping[str, Any]) -> str:
    """Return the marks of a source's readers: B2, or B2/C3 of two who differ; nothing where nobody graded it."""
    first = source["verification"]
    readers = [reader for reader in (first, first.get("second")) if reader and "reliability" in reader]
    return "/".join(dict.fromkeys(f"{reader['reliability']}{reader['credibility']}" for reader in readers))


def supporting(catalog: Catalog) -> Mapping[str, Sequence[str]]:
    """Return the sources by the id of the feature or claim that they are attached to."""
    by_supported: dict[str, list[str]] = defaultdict(list)
    for record in catalog.sources().values():
        for id_ in record["supports"]:
            by_supported[id_].append(record["id"])
    return by_supported


def resolve_ids(ids: Sequence[str], catalog: Catalog, required: bool = False) -> list[str]:
    """Return ids of claims and features as records name them; raises BadValue for one that is neither."""
    if len(ids) > MOST_SUPPORTED or (required and not ids):
        raise BadValue("supports", ", ".join(ids)[:80], "supported_ids", most=MOST_SUPPORTED)
    try:
        return list(dict.fromkeys(id_ if id_ in catalog.claims() else catalog.feature(id_).id for id_ in ids))
    except MasafaError as error:
        raise BadValue("supports", ", ".join(ids), "feature_and_claim_ids", error=error.message) from None


def _filled(record: Record, form: Form, catalog: Catalog) -> Record:
    """Return a record with the fields of the form filled in."""
    for name in (*PLAIN, *DAYS, *ADDRESSES):
        if name in form:
            read = fields.day if name in DAYS else fields.address if name in ADDRESSES else _text
            record[name] = read(form, name)
    if "kind" in form:
        record["kind"] = fields.choice(form, "kind", catalog.vocabulary()["source_kind"], "article")
    if {"says_en", "says_ar"} & form.keys():
        record["says"] = fields.both({**_flat(record, "says"), **form}, "says")
    if {"note_en", "note_ar"} & form.keys():
        record["note"] = fields.maybe_both({**_flat(record, "note"), **form}, "note")
    if not any(record.get(name) for name in ("title", "title_en", "title_ar", "author")):
        raise BadValue("title", "", "title_or_author")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    for name in DAYS:
        if record.get(name) and date.fromisoformat(record[name]) > tomorrow:
            raise BadValue(name, record[name], "past_day")
    if record.get("accessed_on") and record.get("published_on") and record["accessed_on"] < record["published_on"]:
        raise BadValue("accessed_on", record["accessed_on"], "not_before_publication", day=record["published_on"])
    return record


def _flat(record: Record, name: str) -> dict[str, str]:
    return {f"{name}_{lang}": text for lang, text in (record.get(name) or {}).items()}


def _text(form: Form, name: str) -> str | None:
    return fields.text(form, name) or None


def _mark(form: Form, catalog: Catalog) -> Record:
    fields.bounded(form)
    scales = {name: fields.choice(form, name, catalog.vocabulary()[name]) for name in ("reliability", "credibility")}
    note = fields.text(form, "note")
    return {"by": fields.person(form), "at": _today(), **scales, **({"note": note} if note else {})}


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
