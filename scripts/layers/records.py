"""The records beside the layers: sources, actors and claims, from their tables."""

from __future__ import annotations

import csv
import tomllib
from typing import Any

from scripts.layers.write import SOURCES, TABLES, record_text

COLLECTED = "2026-11-23"

# Rows of the table that are not articles; all others are.
KINDS = {"data": "dataset", "airportsdata": "dataset", "border": "reference"}
SOFTWARE = ("data-leaflet", "data-geographiclib")
REFERENCES = ("data-karney-2013", "data-ucdp-2013")


def build() -> None:
    """Write the three files of records."""
    SOURCES.mkdir(parents=True, exist_ok=True)
    (SOURCES / "sources.json").write_text(record_text("sources", sources()), "utf-8")
    for name in EMPTY:
        (SOURCES / f"{name}.json").write_text(record_text(name, records(name)), "utf-8")


def _tsv(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def sources() -> list[dict[str, Any]]:
    """Return the document and every source of the table; what is not recorded is null."""
    document = tomllib.loads((TABLES / "document.toml").read_text("utf-8"))["document"]
    return [_source(document), *(_source(_row(row)) for row in _tsv("sources.tsv"))]


def _kind(id_: str, outlet: str) -> str:
    if id_ in SOFTWARE:
        return "software"
    if id_ in REFERENCES or outlet.startswith(("Wikipedia", "Knowpia")):
        return "reference"
    return KINDS.get(id_.split("-")[0], "article")


def _row(row: dict[str, str]) -> dict[str, Any]:
    return {
        **{key: row[key] or None for key in ("id", "title", "outlet", "language", "published_on", "url", "found_in")},
        "kind": _kind(row["id"], row["outlet"]),
        "says": {"en": row["says_en"], "ar": row["says_ar"]},
        "supports": [item.strip() for item in row["supports"].split(";") if item.strip()],
        "note": {"en": row["note_en"], "ar": row["note_ar"]} if row["note_en"] else None,
    }


def _source(known: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": None,
        "title": None,
        "outlet": None,
        "author": None,
        "language": None,
        "published_on": None,
        "url": None,
        "collected_at": COLLECTED,
        "collected_by": "Masafa",
        "method": None,
        "archived_url": None,
        "licence": None,
        "kind": None,
        "found_in": None,
        "note": None,
        "says": None,
        "supports": [],
        "verification": {"status": "read", "by": "Masafa", "at": COLLECTED},
        **known,
    }


# A record always has these; the table gives those that hold something.
EMPTY: dict[str, dict[str, Any]] = {
    "actors": {"aliases": [], "part_of": None, "office": None, "note": None, "sources": ["hussein-2024"]},
    "claims": {"source": "hussein-2024", "quotes": [], "assumption": None},
}


def records(name: str) -> list[dict[str, Any]]:
    """Return the actors or the claims of their table, every member present."""
    rows = tomllib.loads((TABLES / f"{name}.toml").read_text("utf-8"))[name[:-1]]
    return [{**EMPTY[name], **row} for row in rows]
