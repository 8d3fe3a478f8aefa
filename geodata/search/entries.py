"""What can be searched for: an entry for each place, event, actor, claim and source, with its names and its rank."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from geodata.catalog import Catalog
from geodata.model import Feature, Layer, Text
from geodata.text.skeleton import skeletons

Kind = Literal["place", "event", "actor", "claim", "source", "layer", "page"]
LARGEST = 200_000
"""Features of a large layer whose names are searched; the events of a larger one have their own filter."""
_RANKS: Mapping[str, int] = {
    **dict.fromkeys(("border", "wall", "river", "country", "region", "territory", "governorate", "lake"), 2),
    "city": 3,
    "town": 4,
}
"""The rank of a place by its kind; a site that a claim names has 0, another site 1, a village 5."""
VILLAGE, EVENT, RECORD = 5, 6, 3
_LEFT_OUT = ("backdrop",)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found. The lower `rank`, and then the higher `weight`, the sooner among equal matches."""

    kind: Kind
    layer: str
    id: str
    name: Text
    names: tuple[str, ...]
    """Every name it is found by, those of `name` among them."""
    label: str
    """A word of the vocabulary: what kind of place, event or actor it is; or an empty text."""
    rank: int
    weight: float = 0.0


def entries(catalog: Catalog) -> Iterator[Entry]:
    """Yield everything of a catalogue that can be searched for."""
    claimed = {ref.rpartition("/")[2] for claim in catalog.claims().values() for ref in claim.get("features") or ()}
    layers = [layer for layer in catalog.layers() if layer.kind not in _LEFT_OUT]
    towns = _towns_of_sites(layers)
    of_sites = {town.id for town in towns.values()}
    for layer in layers:
        if layer.stored is None:
            for feature in layer.features:
                if layer.id != "places" or feature.id not in of_sites:
                    yield _feature(feature, layer, claimed, towns if layer.id == "sites" else {})
        elif layer.stored.rows <= LARGEST:
            yield from _rows(layer)
    for id_, actor in catalog.actors().items():
        yield _record("actor", id_, actor, {"en": actor["name_en"], "ar": actor["name_ar"]}, actor.get("aliases") or ())
    for id_, claim in catalog.claims().items():
        yield _record("claim", id_, claim, claim["title"], _values(claim.get("question")))
    for id_, source in catalog.sources().items():
        title = str(source.get("title") or id_)
        more = [source[name] for name in ("outlet", "author", "found_in") if source.get(name)]
        yield _record("source", id_, source, {"en": title, "ar": title}, more)


def _towns_of_sites(layers: Sequence[Layer]) -> dict[str, Feature]:
    """Return, by the id of a site, the populated place that it is: of the same name, at the same position.

    Such a place is one entry, the site's: nobody who looks for Baghdad looks for two.
    """
    features = {layer.id: layer.features for layer in layers if layer.stored is None}
    towns = {key: town for town in features.get("places", ()) for key in _spelled(town)}
    twins = ((site.id, towns.get(key)) for site in features.get("sites", ()) for key in _spelled(site))
    return {id_: town for id_, town in twins if town is not None}


def _spelled(feature: Feature) -> set[tuple[bytes, tuple[str, ...]]]:
    """Return the position of a feature, where it is one, with the consonants of each of its names."""
    if feature.geometry is None or feature.properties.get("placeholder"):
        return set()
    return {(feature.geometry.wkb, skeletons(name)) for name in _names(feature)}


def _names(feature: Feature) -> tuple[str, ...]:
    aliases = [str(alias) for alias in feature.properties.get("aliases") or ()]
    return tuple(dict.fromkeys([*feature.name.values(), *aliases, *_other_names().get(feature.id, ())]))


def _feature(feature: Feature, layer: Layer, claimed: set[str], towns: Mapping[str, Feature]) -> Entry:
    properties = feature.properties
    event = layer.kind == "event"
    if layer.id == "sites":
        rank = 0 if feature.id in claimed else 1
    else:
        rank = EVENT if event else _RANKS.get(feature.kind, VILLAGE)
    label = str(properties.get("event_type") or properties.get("category") or "") if event else feature.kind
    town = towns.get(feature.id)
    names = _names(feature) if town is None else tuple(dict.fromkeys([*_names(feature), *_names(town)]))
    weight = float(properties.get("population") or properties.get("priority") or 0)
    return Entry("event" if event else "place", layer.id, feature.id, feature.name, names, label, rank, weight)


def _rows(layer: Layer) -> Iterator[Entry]:
    """Yield the entries of a large layer, from the columns that hold its names."""
    kind: Kind = "event" if layer.kind == "event" else "place"
    for batch in layer.stored.batches(["id", "name_en", "name_ar", "kind", "category"]):
        for row in batch.to_pylist():
            english, arabic = row["name_en"], row["name_ar"]
            if english or arabic:
                name = {"en": english or arabic, "ar": arabic or english}
                label, rank = row["category"] or row["kind"] or "", EVENT if kind == "event" else VILLAGE
                yield Entry(kind, layer.id, row["id"], name, tuple(dict.fromkeys(name.values())), label, rank)


def _record(kind: Kind, id_: str, record: Mapping[str, Any], name: Text, more: Any) -> Entry:
    names = tuple(dict.fromkeys([*name.values(), *(str(one) for one in more), id_]))
    label = str(record.get("kind") or "") if kind == "actor" else ""
    return Entry(kind, "", id_, dict(name), names, label, RECORD)


def _values(text: Any) -> list[str]:
    return [str(value) for value in text.values()] if isinstance(text, Mapping) else []


@cache
def _other_names() -> dict[str, list[str]]:
    """Return the names in other languages of shipped places, by id: from GeoNames (CC BY 4.0), as it lists them."""
    found: dict[str, list[str]] = json.loads(Path(__file__).with_name("other_names.json").read_text("utf-8"))
    return found
