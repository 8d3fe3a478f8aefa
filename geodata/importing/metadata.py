"""The catalogue entry of an imported layer, and the record of the file as its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geodata.formats.column_types import TEXT, ColumnType
from geodata.importing import attributes, dates
from geodata.importing.meaning import Meaning
from geodata.importing.options import ImportOptions
from geodata.importing.source_file import SourceFile
from geodata.messages import same_in_all, texts
from geodata.model import Layer
from geodata.timestamps import utc_now
from geodata.version import __version__

KEPT = 50
"""Imports of a layer that its entry lists."""


def entry_of(
    meaning: Meaning,
    name: str,
    sha: str,
    options: ImportOptions,
    before: Layer | None,
    dimensions: int,
    counts: Mapping[str, int],
    types: Mapping[str, ColumnType],
    source: SourceFile,
) -> dict[str, Any]:
    """Return the catalogue entry; what a user set before stays."""
    stem, title = name.rsplit("/", 1)[-1], options.title
    called = attributes.layer_title(stem)
    titles = {lang: title.get(lang) or title.get(other) or called for lang, other in (("en", "ar"), ("ar", "en"))}
    profile = meaning.profile
    entry: dict[str, Any] = {} if before is None else dict(before.entry)
    imported = entry.get("imported", {})
    release = {
        "file": stem,
        "sha256": sha,
        "at": utc_now(),
        "profile": profile.name,
        "encoding": source.metadata.get("encoding"),
        "roles": {role: list(names) for role, names in meaning.roles.items()},
        "date_orders": sorted(dates.decided_by(meaning.date_orders) & frozenset(dates.ORDERS)),
        "date_notation": meaning.date_notation,
        "separators": meaning.separators,
        "code_version": __version__,
        "before": _version_before(before, sha),
    }
    # The same file once more is the same release.
    earlier = [past for past in imported.get("releases", ()) if past["sha256"] != sha]
    sources = list(dict.fromkeys([*meaning.sources, *entry.get("sources", ())]))
    return {
        "id": meaning.layer,
        "title": dict(entry["title"]) if entry and not title else titles,
        "description": texts("import.description", name=same_in_all(f"\u2068{stem}\u2069")),
        "kind": entry.get("kind") or attributes.kind(meaning, dimensions),
        "geometry": entry.get("geometry") or ("point", "line", "area")[dimensions],
        "edges": "lonlat",
        **_assumed(options, entry),
        "licence": entry.get("licence") or profile.licence,
        "attribution": entry.get("attribution") or dict(profile.attribution or titles),
        "sources": sources,
        "as_of": None,
        **({"time_zone": meaning.time_zone} if meaning.time_zone else {}),
        "hidden": False,
        "counts": dict(counts),
        **({"journal": entry["journal"]} if "journal" in entry else {}),
        "imported": {
            "columns": list(types),
            "types": {name: kind.to_dict() for name, kind in types.items() if kind != TEXT},
            "geometry": source.metadata.get("geometry") or imported.get("geometry"),
            "releases": [release, *earlier][:KEPT],
        },
    }


def _assumed(options: ImportOptions, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the radius that is assumed of positions without one, with who, why and when; what was assumed before."""
    if options.radius is None:
        return {name: entry[name] for name in ("default_uncertainty_m", "assumed") if name in entry} or {
            "default_uncertainty_m": None
        }
    assumed = {"radius_m": options.radius, "by": "the user of this workspace", "at": utc_now()}
    return {"default_uncertainty_m": options.radius, "assumed": {**assumed, "why": options.radius_reason or None}}


def _version_before(before: Layer | None, sha: str) -> str | None:
    if before is None:
        return None
    again = [release for release in before.entry["imported"]["releases"] if release["sha256"] == sha]
    return again[0]["before"] if again else before.version


def source_of(meaning: Meaning, name: str, sha: str) -> dict[str, Any]:
    """Return the record of a file as a source."""
    stem = name.rsplit("/", 1)[-1]
    return {
        "id": meaning.sources[0],
        "title": stem,
        "outlet": None,
        "author": None,
        "language": None,
        "published_on": None,
        "url": None,
        "collected_at": utc_now()[:10],
        "collected_by": "the user of this workspace",
        "method": f"imported as {meaning.profile.title['en']}, sha256 {sha}",
        "archived_url": None,
        "licence": meaning.profile.licence,
        "kind": "dataset",
        "found_in": None,
        "note": None,
        "says": texts("import.rows_of_layer", layer=same_in_all(meaning.layer)),
        "supports": [],
        "verification": {"status": "read", "by": "the user of this workspace", "at": utc_now()[:10]},
    }
