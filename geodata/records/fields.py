"""The named fields of what a person adds: read as text, checked one by one, each complaint naming its field."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any

from geodata import validation
from geodata.catalog import Catalog
from geodata.errors import BadValue
from geodata.model import SLUG

Given = Mapping[str, str]
Record = dict[str, Any]

MOST = 2000
MOST_NAME = 100
_ARABIC = re.compile(r"[ء-ي]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def bounded(given: Given) -> None:
    """Raise BadValue for a field that is too long, or holds a NUL."""
    for name, value in given.items():
        if len(value) > MOST or "\x00" in value:
            raise BadValue(name, value, f"at most {MOST} characters, none of them NUL")


def text(given: Given, name: str, required: bool = False) -> str:
    """Return a field without the blanks around it; raises BadValue where it is needed and empty."""
    value = given.get(name, "").strip()
    if required and not value:
        raise BadValue(name, value, "not empty")
    return value


def both(given: Given, name: str) -> dict[str, str]:
    """Return a text in both languages: what is added is read in either."""
    texts = {lang: text(given, f"{name}_{lang}", required=True) for lang in ("en", "ar")}
    if not _ARABIC.search(texts["ar"]):
        raise BadValue(f"{name}_ar", texts["ar"], "a text in Arabic script")
    return texts


def slug(given: Given, name: str, held: Collection[str]) -> str:
    """Return a new id; raises BadValue for one that is `held`."""
    value = text(given, name, required=True)
    if not SLUG.match(value):
        raise BadValue(name, value, "lower-case letters, digits and single hyphens")
    if value in held:
        raise BadValue(name, value, "an id that nothing has yet")
    return value


def person(given: Given, name: str = "by") -> str:
    """Return the name of who does something; raises BadValue where it is missing, long, or has no letter."""
    value = " ".join(text(given, name, required=True).split())
    if len(value) > MOST_NAME or not any(sign.isalpha() for sign in value):
        raise BadValue(name, value, f"the name of who does this: letters, at most {MOST_NAME} characters")
    return value


def day(given: Given, name: str) -> str | None:
    """Return a day as it is written, None where there is none; raises BadValue for what is no day of the calendar."""
    value = text(given, name)
    try:
        if not value or (_DATE.match(value) and date.fromisoformat(value)):
            return value or None
    except ValueError:
        pass
    raise BadValue(name, value, "a day like 2024-02-11, or nothing")


def address(given: Given, name: str) -> str | None:
    """Return an address of the web, None where there is none; raises BadValue."""
    value = text(given, name)
    if value and not (value.startswith(("https://", "http://")) and value.isprintable() and " " not in value):
        raise BadValue(name, value, "an address that begins with https:// or http://, or nothing")
    return value or None


def one_of(given: Given, name: str, words: Collection[str], default: str = "") -> str:
    """Return a word of a closed list; raises BadValue."""
    value = text(given, name) or default
    if value not in words:
        raise BadValue(name, value, ", ".join(words))
    return value


def listed(given: Given, name: str, sign: str) -> list[str]:
    """Return the texts between signs (or on lines), each once."""
    parts = text(given, name).replace("\n", sign).split(sign)
    return list(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))


def maybe_both(given: Given, name: str) -> dict[str, str] | None:
    """Return a text in both languages, None where neither is given; raises BadValue for one without the other."""
    return both(given, name) if any(text(given, f"{name}_{lang}") for lang in ("en", "ar")) else None


def source(given: Given, catalog: Catalog, says: str) -> tuple[str, Record | None]:
    """Return the id of the source, and its record where it is new.

    `source` names one that is held; else `source_id`, `source_title` and what else is known make a new one, and the
    texts under `says` stand for what it reported.
    """
    held = text(given, "source")
    if held:
        if held not in catalog.sources():
            raise BadValue("source", held, "the id of a source that is held")
        return held, None
    today = datetime.now(UTC).date().isoformat()
    made: Record = {
        "id": slug(given, "source_id", catalog.sources()),
        "title": text(given, "source_title", required=True),
        "outlet": text(given, "source_outlet") or None,
        "author": text(given, "source_author") or None,
        "language": None,
        "published_on": day(given, "source_date"),
        "url": address(given, "source_url"),
        "collected_at": today,
        "collected_by": "workspace",
        "method": None,
        "archived_url": None,
        "licence": None,
        "kind": "article",
        "found_in": None,
        "note": None,
        "says": both(given, says),
        "supports": [],
        "verification": {"status": "read", "by": "workspace", "at": today},
    }
    return str(made["id"]), made


def valid(kind: str, record: Record) -> None:
    """Raise BadValue for the first thing that the schema of its kind has against a record."""
    for pointer, message in validation.record(kind, record):
        raise BadValue(pointer.strip("/").replace("/", ".") or kind, _at(record, pointer), message)


def _at(record: Any, pointer: str) -> Any:
    for part in pointer.strip("/").split("/") if pointer else ():
        record = record[int(part)] if isinstance(record, list) else record.get(part)
    return record
