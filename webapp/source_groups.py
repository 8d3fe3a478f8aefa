"""Sources by what they support, a page of them at a time, and those whose text has the words that are looked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geodata.catalog import LINE_KINDS, Catalog
from geodata.records.sources import supporting
from geodata.text import arabic

SHOWN = 25
"""Sources on a page."""
GROUPS = ("claims", "events", "sites", "lines", "layers", "actors", "nothing")
"""What a source may support, in the order in which the groups are listed."""
_KINDS = {"event": "events", "site": "sites", **dict.fromkeys(LINE_KINDS, "lines")}

Record = Mapping[str, Any]


@dataclass(frozen=True)
class SourcePage:
    """A page of sources, each group with those of its sources that stand on the page."""

    groups: Sequence[tuple[str, Sequence[Record]]]
    counts: Mapping[str, int]
    """How many sources support what is in a group, among those that match; `all` counts each of them once."""
    page: int
    pages: int
    first: int
    last: int
    total: int


def source_page(catalog: Catalog, text: str = "", group: str = "", page: int = 1) -> SourcePage:
    """Return a page of the sources that match a text: those of a group, or of all, each in its first group."""
    groups = supported_groups(catalog)
    records = [record for record in catalog.sources().values() if _matches(record, text)]
    counts = {name: sum(name in groups[record["id"]] for record in records) for name in GROUPS}
    by_group: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        for name in [group] if group in groups[record["id"]] else [] if group else groups[record["id"]][:1]:
            by_group[name].append(record)
    rows = [(name, record) for name in GROUPS for record in by_group[name]]
    pages = max(1, -(-len(rows) // SHOWN))
    page = min(page, pages)
    shown = rows[(page - 1) * SHOWN : page * SHOWN]
    return SourcePage(
        [(name, [record for of, record in shown if of == name]) for name in dict.fromkeys(of for of, _ in shown)],
        {"all": len(records), **counts},
        page,
        pages,
        (page - 1) * SHOWN + 1 if shown else 0,
        (page - 1) * SHOWN + len(shown),
        len(rows),
    )


def supported_groups(catalog: Catalog) -> Mapping[str, Sequence[str]]:
    """Return by the id of a source the groups of what it supports, in order; `nothing` where there are none."""
    groups: dict[str, set[str]] = defaultdict(set)
    for source, group in _ties(catalog):
        groups[source].add(group)
    return {id_: [name for name in GROUPS if name in groups[id_]] or ["nothing"] for id_ in catalog.sources()}


def _ties(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yield each source with a group: by what it is attached to, and by what names it."""
    by_supported, claims, actors = supporting(catalog), catalog.claims(), catalog.actors()
    kinds = {layer.id: _KINDS.get(layer.kind, "layers") for layer in catalog.layers()}
    groups = {**dict.fromkeys(claims, "claims"), **dict.fromkeys(actors, "actors"), **kinds}
    for layer in catalog.layers():
        for feature in layer.features if layer.stored is None else ():
            groups.setdefault(feature.id, kinds[layer.id])
            yield from ((source, kinds[layer.id]) for source in feature.sources)
    for id_, sources in by_supported.items():
        yield from ((source, groups.get(id_, "layers")) for source in sources)
    for claim in claims.values():
        yield claim["source"], "claims"
    for actor in actors.values():
        yield from ((source, "actors") for source in actor["sources"])


def _matches(record: Record, text: str) -> bool:
    """Tell whether a source has every word of a text, in either language."""
    words = arabic.fold(text).split()
    return not words or all(word in _folded(record) for word in words)


def _folded(record: Record) -> str:
    names = ("id", "title", "title_en", "title_ar", "outlet", "author", "published_on", "url", "found_in")
    texts = [str(record.get(name) or "") for name in names]
    for name in ("says", "note", "supplied_title"):
        texts += (record.get(name) or {}).values()
    return arabic.fold(" ".join(texts))
