"""The named fields of what a person adds: read as text, checked one by one, each complaint naming its field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from geodata import validation
from geodata.catalog import Catalog
from geodata.errors import BadValue
from geodata.messages import one_of
from geodata.model import SLUG

Form = Mapping[str, str]
Record = dict[str, Any]

MOST = 2000
MOST_NAME = 100
MOST_ID = 60
"""Letters of an id that is made of a text."""
_WORD = re.compile(r"[a-z0-9]+")
_ARABIC = re.compile(r"[ء-ي]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def bounded(form: Form) -> None:
    """Raise BadValue for a field that is too long, or holds a NUL."""
    for name, value in form.items():
        if len(value) > MOST or "\x00" in value:
            raise BadValue(name, value, "text_at_most", most=MOST)


def text(form: Form, name: str, required: bool = False) -> str:
    """Return a field without the blanks around it; raises BadValue where it is needed and empty."""
    value = form.get(name, "").strip()
    if required and not value:
        raise BadValue(name, value, "not_empty")
    return value


def both(form: Form, name: str) -> dict[str, str]:
    """Return a text in both languages: what is added is read in either."""
    texts = {lang: text(form, f"{name}_{lang}", required=True) for lang in ("en", "ar")}
    if not _ARABIC.search(texts["ar"]):
        raise BadValue(f"{name}_ar", texts["ar"], "arabic_text")
    return texts


def slug(form: Form, name: str, existing: Collection[str]) -> str:
    """Return a new id; raises BadValue for one of the `existing`."""
    value = text(form, name, required=True)
    if not SLUG.match(value):
        raise BadValue(name, value, "slug")
    if value in existing:
        raise BadValue(name, value, "unused_id")
    return value


def new_id(form: Form, name: str, existing: Collection[str], *texts: str) -> str:
    """Return a new id: the one that the form has, else one made of the first of the texts that has Latin letters.

    Raises BadValue for an id that is none, or one of the `existing`, and where nothing can be made of the texts.

    >>> new_id({}, "id", ["al-hol-lies-14-km-from"], "Al-Hol lies 14 km from")
    'al-hol-lies-14-km-from-2'
    """
    if text(form, name):
        return slug(form, name, existing)
    for written in texts:
        plain = unicodedata.normalize("NFKD", written).encode("ascii", "ignore").decode().lower()
        stem = "-".join(_WORD.findall(plain.replace("'", "")))[:MOST_ID].rstrip("-")
        if any(sign.isalpha() for sign in stem):
            return next(id_ for id_ in _numbered(stem) if id_ not in existing)
    return slug(form, name, existing)


def _numbered(stem: str) -> Iterator[str]:
    """Yield a stem, then the stem with 2, 3, …"""
    yield stem
    yield from (f"{stem}-{number}" for number in count(2))


def person(form: Form, name: str = "by") -> str:
    """Return the name of who does something; raises BadValue where it is missing, long, or has no letter."""
    value = " ".join(text(form, name, required=True).split())
    if len(value) > MOST_NAME or not any(sign.isalpha() for sign in value):
        raise BadValue(name, value, "person_name", most=MOST_NAME)
    return value


def day(form: Form, name: str) -> str | None:
    """Return a day as it is written, None where there is none; raises BadValue for what is no day of the calendar."""
    value = text(form, name)
    try:
        if not value or (_DATE.match(value) and date.fromisoformat(value)):
            return value or None
    except ValueError:
        pass
    raise BadValue(name, value, "day_or_nothing")


def address(form: Form, name: str) -> str | None:
    """Return an address of the web, None where there is none; raises BadValue."""
    value = text(form, name)
    if value and not (value.startswith(("https://", "http://")) and value.isprintable() and " " not in value):
        raise BadValue(name, value, "url_or_nothing")
    return value or None


def choice(form: Form, name: str, words: Collection[str], default: str = "") -> str:
    """Return a word of a closed list; raises BadValue."""
    value = text(form, name) or default
    if value not in words:
        raise BadValue(name, value, one_of(words))
    return value


def listed(form: Form, name: str, sign: str) -> list[str]:
    """Return the texts between signs (or on lines), each once."""
    parts = text(form, name).replace("\n", sign).split(sign)
    return list(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))


def maybe_both(form: Form, name: str) -> dict[str, str] | None:
    """Return a text in both languages, None where both are empty; raises BadValue for one without the other."""
    return both(form, name) if any(text(form, f"{name}_{lang}") for lang in ("en", "ar")) else None


def source(form: Form, catalog: Catalog, says: str) -> tuple[str, Record | None]:
    """Return the id of the source, and its record where it is new.

    `source` names a recorded source; else `source_id`, `source_title` and the optional fields describe a new one, and
    the texts under `says` are what it reported.
    """
    existing = text(form, "source")
    if existing:
        if existing not in catalog.sources():
            raise BadValue("source", existing, "source_id")
        return existing, None
    if not any(name.startswith("source_") and value.strip() for name, value in form.items()):
        raise BadValue("source", "", "not_empty")
    today = datetime.now(UTC).date().isoformat()
    record: Record = {
        "id": new_id(
            form,
            "source_id",
            catalog.sources(),
            *source_names(form, "source_title", "source_outlet", "source_author", day="source_date"),
        ),
        "title": text(form, "source_title", required=True),
        "outlet": text(form, "source_outlet") or None,
        "author": text(form, "source_author") or None,
        "language": None,
        "published_on": day(form, "source_date"),
        "url": address(form, "source_url"),
        "collected_at": today,
        "collected_by": "workspace",
        "method": None,
        "archived_url": None,
        "licence": None,
        "kind": "article",
        "found_in": None,
        "note": None,
        "says": both(form, says),
        "supports": [],
        "verification": {"status": "read", "by": "workspace", "at": today},
    }
    return str(record["id"]), record


def source_names(form: Form, *fields: str, day: str) -> Iterator[str]:
    """Yield what the id of a new source may be made of: these fields of a form, then its day."""
    yield from (form.get(name, "") for name in fields)
    yield f"source {form.get(day, '')}"


def valid(kind: str, record: Record) -> None:
    """Raise BadValue for the first thing that the schema of its kind has against a record."""
    for pointer, message in validation.record(kind, record):
        raise BadValue(pointer.strip("/").replace("/", ".") or kind, _at(record, pointer), "schema", reason=message)


def _at(record: Any, pointer: str) -> Any:
    for part in pointer.strip("/").split("/") if pointer else ():
        record = record[int(part)] if isinstance(record, list) else record.get(part)
    return record
