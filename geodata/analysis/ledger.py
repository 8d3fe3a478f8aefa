"""A claim of one's own, and the source that made it, put into the ledger of the workspace.

Built from a few named fields, the same on the command line and in the page; checked by the schemas the shipped records
keep to, and tried once before anything is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from geodata import validation
from geodata.analysis import claim_tests
from geodata.analysis.base import plain_digits
from geodata.analysis.direction import NAMES, WORDS
from geodata.catalog import Catalog
from geodata.errors import BadData, BadValue, MasafaError, NotFound
from geodata.model import SLUG
from geodata.store.workspace import Workspace

Given = Mapping[str, str]
Record = dict[str, Any]

TESTS = ("proximity", "containment", "direction", "none")
"""The tests a claim of one's own may name: how far from a line, in which area, in which direction, or none."""
MODALITIES = ("asserted", "announced", "alleged", "estimated", "implied")
MOST = 2000
_ARABIC = re.compile(r"[ء-ي]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def add(given: Given, workspace: Workspace, catalog: Catalog) -> Record:
    """Write a claim, and its source where that is new; return the claim's record.

    Fields: `id`, `title_en`, `title_ar`, `said_en`, `said_ar` (what the source reported, in our words), `quote_ar`,
    `paragraph`, `modality`, `test` with what it needs (see `TESTS`), and `source` (the id of a source held) or
    `source_id` with `source_title`, `source_outlet`, `source_url`, `source_date`. Raises BadValue naming the field,
    Unwritable where nothing can be written.
    """
    for name, value in given.items():
        if len(value) > MOST or "\x00" in value:
            raise BadValue(name, value, f"at most {MOST} characters, none of them NUL")
    source = None if _text(given, "source") else _source(given, catalog)
    claim = _claim(given, source, catalog)
    for kind, record in (("source", source), ("claim", claim)):
        for pointer, message in validation.record(kind, record) if record else ():
            raise BadValue(pointer.strip("/").replace("/", ".") or kind, _at(record, pointer), message)
    try:
        claim_tests.test(claim, catalog)
    except (BadData, NotFound) as error:
        raise BadValue("test", claim["test"]["kind"], str(error)) from None
    workspace.put_records({**({"sources": source} if source else {}), "claims": claim})
    return claim


def _at(record: Any, pointer: str) -> Any:
    for part in pointer.strip("/").split("/") if pointer else ():
        record = record[int(part)] if isinstance(record, list) else record.get(part)
    return record


def _text(given: Given, name: str, required: bool = False) -> str:
    value = given.get(name, "").strip()
    if required and not value:
        raise BadValue(name, value, "not empty")
    return value


def _both(given: Given, name: str) -> dict[str, str]:
    """Return a text in both languages: the ledger is read in either."""
    texts = {lang: _text(given, f"{name}_{lang}", required=True) for lang in ("en", "ar")}
    if not _ARABIC.search(texts["ar"]):
        raise BadValue(f"{name}_ar", texts["ar"], "a text in Arabic script")
    return texts


def _slug(given: Given, name: str, held: Mapping[str, Any]) -> str:
    value = _text(given, name, required=True)
    if not SLUG.match(value):
        raise BadValue(name, value, "lower-case letters, digits and single hyphens")
    if value in held:
        raise BadValue(name, value, "an id that nothing has yet")
    return value


def _source(given: Given, catalog: Catalog) -> Record:
    date, url = _text(given, "source_date"), _text(given, "source_url")
    if date and not _DATE.match(date):
        raise BadValue("source_date", date, "a date like 2024-02-11, or nothing")
    if url and not url.startswith(("https://", "http://")):
        raise BadValue("source_url", url, "an address that begins with https:// or http://, or nothing")
    today = datetime.now(UTC).date().isoformat()
    return {
        "id": _slug(given, "source_id", catalog.sources()),
        "title": _text(given, "source_title", required=True),
        "outlet": _text(given, "source_outlet") or None,
        "author": _text(given, "source_author") or None,
        "language": None,
        "published_on": date or None,
        "url": url or None,
        "collected_at": today,
        "collected_by": "workspace",
        "method": None,
        "archived_url": None,
        "licence": None,
        "kind": "article",
        "found_in": None,
        "note": None,
        "says": _both(given, "said"),
        "supports": [],
        "verification": {"status": "read", "by": "workspace", "at": today},
    }


def _claim(given: Given, source: Record | None, catalog: Catalog) -> Record:
    held = _text(given, "source")
    if source is None and held not in catalog.sources():
        raise BadValue("source", held, "the id of a source that is held")
    modality = _text(given, "modality") or "asserted"
    if modality not in MODALITIES:
        raise BadValue("modality", modality, ", ".join(MODALITIES))
    test, reported, features = _test(given, catalog)
    title = _both(given, "title")
    said = _both(given, "said")
    return {
        "id": _slug(given, "id", catalog.claims()),
        "title": title,
        "question": title,
        "source": source["id"] if source else held,
        "paragraph": _paragraph(given),
        "quote_ar": _text(given, "quote_ar") or None,
        "translation": said,
        "modality": modality,
        "features": features,
        "reported": {**reported, "text": said},
        "assumption": None,
        "test": test,
    }


def _paragraph(given: Given) -> int:
    text = plain_digits(_text(given, "paragraph") or "1")
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise BadValue("paragraph", text, "a whole number from 1")
    return int(text)


def _test(given: Given, catalog: Catalog) -> tuple[Record, Record, list[str]]:
    """Return the test, what is reported, and the features named; every id is looked up."""
    kind = _text(given, "test") or "none"
    if kind == "proximity":
        candidates, lines = _ids(given, "candidates", catalog), _ids(given, "lines", catalog)
        test = {"kind": kind, "candidates": candidates, "lines": lines}
        reported = {"type": "quantity", "value": _kilometres(given), "unit": "km", "approx": False}
        return test, reported, candidates + lines
    if kind == "containment":
        feature, area = _ids(given, "feature", catalog, 1)[0], _ids(given, "area", catalog, 1)[0]
        return (
            {"kind": kind, "feature": feature, "area": area},
            {"type": "relation", "value": "in", "approx": False},
            [feature, area],
        )
    if kind == "direction":
        feature, country = _ids(given, "feature", catalog, 1)[0], _ids(given, "country", catalog, 1)[0]
        word = _text(given, "direction")
        if word not in WORDS:
            raise BadValue("direction", word, ", ".join(NAMES))
        test = {"kind": kind, "feature": feature, "country": country, "direction": word}
        return test, {"type": "direction", "value": word, "approx": False}, [feature, country]
    if kind == "none":
        features = _ids(given, "features", catalog) if _text(given, "features") else []
        return (
            {"kind": kind, "contradicted_by": [], "reason": _both(given, "reason")},
            {"type": "text", "value": _text(given, "said_en"), "approx": False},
            features,
        )
    raise BadValue("test", kind, ", ".join(TESTS))


def _ids(given: Given, name: str, catalog: Catalog, most: int = 20) -> list[str]:
    found = list(dict.fromkeys(part.strip() for part in _text(given, name, required=True).split(",") if part.strip()))
    if not 1 <= len(found) <= most:
        raise BadValue(name, ", ".join(found), f"{'one id' if most == 1 else f'1 to {most} ids, with commas'}")
    try:
        return [catalog.feature(id_).id for id_ in found]
    except MasafaError as error:
        raise BadValue(name, ", ".join(found), f"ids of features ({error})") from None


def _kilometres(given: Given) -> float:
    text = plain_digits(_text(given, "km", required=True))
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 20_000:
        raise BadValue("km", text, "a number above 0, at most 20,000")
    return int(value) if value.is_integer() else value
