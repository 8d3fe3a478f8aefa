"""Which layers, sources, actors and claims exist, and what an id means."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry

from geodata import settings
from geodata.errors import BadValue, NotFound
from geodata.formats import geojson, strict_json
from geodata.messages import texts
from geodata.model import Feature, Layer, Text
from geodata.store.geojson_store import STORED, FileStore, layer_of, records
from geodata.store.layered_store import Layered, Pinned
from geodata.store.package_store import PackageStore
from geodata.store.workspace import Workspace
from geodata.text import arabic
from geodata.text.skeleton import skeletons

CONSONANTS = 4
"""How many a spelling needs to be another of a name: "raid" is not al-Rawdah."""

LINE_KINDS = ("border", "wall", "river")
OWN_LINES = {"border": "own-borders", "wall": "own-walls", "river": "own-rivers"}
"""The layers that hold the user's lines, by kind."""
LEDGER = "claims"
"""The claims, among the versions an answer rests on: kept as a layer of records without geometry."""
LEDGER_ENTRY = {
    "id": LEDGER,
    "title": texts("claims_layer.title"),
    "description": texts("claims_layer.description"),
    "kind": "claim",
    "edges": "lonlat",
    "licence": "CC-BY-4.0",
    "attribution": texts("claims_layer.attribution"),
}
_VERSION = re.compile(r"[0-9a-f]{8,64}\Z")
Record = Mapping[str, Any]
Store = FileStore | Layered | Pinned


class Catalog:
    """The layers of a store, with the sources, actors and claims that speak of them."""

    def __init__(
        self,
        store: Store,
        sources: Path = settings.SOURCES,
        schemas: Path = settings.SCHEMAS,
        own: Path | None = None,
        claims: Mapping[str, Record] | None = None,
    ) -> None:
        """`own` is a folder of records added to those of `sources`; `claims` replace all claims."""
        self.store = store
        self.own = own
        self._sources = sources
        self._schemas = schemas
        self._claims = claims
        self._indexes: dict[str, Mapping[str, Feature]] = {}
        self._without: dict[frozenset[str], Catalog] = {}

    def ids(self) -> tuple[str, ...]:
        """Return the layer ids in drawing order, the lowest first."""
        return tuple(self.store.entries)

    def own_ids(self) -> tuple[str, ...]:
        """Return the ids of the layers that did not come with the package, in drawing order."""
        return tuple(id_ for id_ in self.ids() if id_ not in shipped().ids())

    def additions(self) -> Mapping[str, frozenset[str]]:
        """Return the additions of the workspace: feature ids by layer, all of them for a layer of the user.

        Features of large layers are not listed: a layer of one's own that is large has none of them.
        """
        added = {}
        for id_ in self.ids():
            if self._large(id_):
                added[id_] = frozenset[str]()
            elif id_ not in shipped().ids():
                added[id_] = frozenset(self._index(id_))
            elif self.version(id_) != shipped().version(id_):
                added[id_] = frozenset(self._index(id_).keys() - shipped()._index(id_).keys())
        return {id_: ids for id_, ids in added.items() if ids or id_ not in shipped().ids()}

    def without_additions(self, keep: frozenset[str] = frozenset()) -> Catalog:
        """Return this catalogue without what was added in the workspace, but for the features and layers to `keep`."""
        if keep not in self._without:
            layers = {}
            dropped = set()
            for id_, ids in self.additions().items():
                if id_ not in shipped().ids():
                    if id_ not in keep and not ids & keep:
                        dropped.add(id_)
                elif ids - keep:
                    layers[id_] = self._reduced(id_, ids - keep)
            store = Pinned(self.store, layers, frozenset(dropped)) if layers or dropped else self.store
            self._without[keep] = Catalog(store, self._sources, self._schemas, self.own, self._claims)
        return self._without[keep]

    def _reduced(self, layer: str, without: frozenset[str]) -> Layer:
        """Return a layer without some features: the package's own where no other change was made."""
        source = self.layer(layer)
        features = tuple(feature for feature in source.features if feature.id not in without)
        if {feature.id: feature for feature in features} == shipped()._index(layer):
            return shipped().layer(layer)
        items = [geojson.feature(feature.id, feature.geometry, feature.properties, exact=True) for feature in features]
        return layer_of(layer, geojson.write(items), source.entry)

    def layers(self) -> tuple[Layer, ...]:
        """Return every layer in drawing order."""
        return tuple(self.layer(id_) for id_ in self.ids())

    def layer(self, id_: str) -> Layer:
        """Return a layer by id; raises NotFound."""
        return self.store.layer(id_)

    def layers_of(self, kind: str) -> tuple[Layer, ...]:
        """Return the layers whose catalogue entry is of a kind; only they are read."""
        return tuple(self.layer(id_) for id_ in self.ids() if self.store.entries[id_].get("kind") == kind)

    def line_layers(self) -> tuple[Layer, ...]:
        """Return the layers of lines: borders, walls, rivers, the user's among them."""
        return tuple(layer for kind in LINE_KINDS for layer in self.layers_of(kind))

    def reference(self, id_: str) -> str:
        """Return the user's reference line between the countries that a border parts; the border itself without one."""
        own = OWN_LINES["border"]
        if own in self.ids():
            wanted = parted(self.feature(id_).properties)
            for feature in self.layer(own).features:
                if feature.properties.get("reference") and parted(feature.properties) == wanted:
                    return feature.id
        return id_

    def version(self, name: str) -> str | None:
        """Return the version of a layer, or of the claims; None where there is no such layer."""
        if name == LEDGER:
            return self._ledger[0].version
        return self.layer(name).version if name in self.ids() else None

    def part(self, name: str) -> tuple[Layer, bytes]:
        """Return a layer, or the claims, with the content that its version is of; raises NotFound."""
        return self._ledger if name == LEDGER else (self.layer(name), self.layer_path(name).read_bytes())

    @cached_property
    def _ledger(self) -> tuple[Layer, bytes]:
        items = [geojson.feature(id_, None, record) for id_, record in self.claims().items()]
        data = geojson.write(items)
        return layer_of(LEDGER, data, LEDGER_ENTRY), data

    def layer_path(self, id_: str) -> Path:
        """Return the GeoJSON file of a layer, full geometry."""
        return self.store.path(id_)

    def display_path(self, id_: str) -> Path:
        """Return the GeoJSON file of a layer's display geometry."""
        return self.store.display_path(id_)

    def feature(self, id_: str) -> Feature:
        """Return a feature by `id` or `layer/id`; raises NotFound.

        Layers are searched from the top of the drawing order, where the small ones lie, so that a question about a
        site never waits for the rivers to be read. The features of a large layer have its id before their own.
        """
        layer, _, bare = id_.rpartition("/")
        if layer and layer not in self.ids():
            raise NotFound("layer", layer, self.ids())
        for name in (layer,) if layer else reversed(self.ids()):
            match = self._in_large(name, bare) if self._large(name) else self._index(name).get(bare)
            if match is not None:
                return match
        raise NotFound("feature", id_)

    def _large(self, layer: str) -> bool:
        return STORED in self.store.entries[layer]

    def _in_large(self, layer: str, id_: str) -> Feature | None:
        if not id_.startswith(f"{layer}-"):
            return None
        large = self.layer(layer)
        row = large.stored.row_of(id_)
        return None if row is None else large.features[row]

    def _small_layers(self) -> Iterator[Layer]:
        """Yield the layers whose features are held in memory."""
        return (self.layer(id_) for id_ in self.ids() if not self._large(id_))

    def _index(self, layer: str) -> Mapping[str, Feature]:
        if layer not in self._indexes:
            self._indexes[layer] = {feature.id: feature for feature in self.layer(layer).features}
        return self._indexes[layer]

    @cached_property
    def _names(self) -> Mapping[str, Sequence[str]]:
        """The features by folded id, name and alias, as `layer/id`."""
        refs_by_name: dict[str, dict[str, None]] = defaultdict(dict)
        for layer in self._small_layers():
            for feature in layer.features:
                names = [feature.id, *feature.name.values(), *(feature.properties.get("aliases") or ())]
                # "Hasakah prison (al-Sina'a)" is called Hasakah prison, too.
                for name in {*names, *(name.partition(" (")[0] for name in names)}:
                    refs_by_name[arabic.fold(name)][feature.ref] = None
        return {name: tuple(refs) for name, refs in refs_by_name.items()}

    @cached_property
    def _spellings(self) -> Mapping[tuple[str, ...], Sequence[str]]:
        """The features by the consonants of their names, of those with enough of them to mean one place."""
        refs_by_bones: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
        for name, refs in self._names.items():
            bones = skeletons(name)
            if sum(map(len, bones)) >= CONSONANTS:
                refs_by_bones[bones].update(dict.fromkeys(refs))
        return {bones: tuple(refs) for bones, refs in refs_by_bones.items()}

    def spellings(self, text: str) -> frozenset[str]:
        """Return the folded names, in either script, of the places that a text is a name or a spelling of a name of."""
        refs = (*self.named(text), *self._spellings.get(skeletons(text), ()))
        places = [self.feature(ref) for ref in refs if self.layer(ref.partition("/")[0]).kind != "event"]
        names = (name for one in places for name in (*one.name.values(), *(one.properties.get("aliases") or ())))
        return frozenset(map(arabic.fold, names)) - {""}

    def title(self, text: str) -> Text | None:
        """Return the title of a layer or a feature with that id; None where there is none."""
        if text in self.ids():
            return self.layer(text).title
        try:
            return self.feature(text).name
        except NotFound:
            return None

    def geometry(self, ref: str) -> BaseGeometry | None:
        """Return the geometry of the feature that an id names; None where there is none, or no such feature."""
        try:
            return self.feature(ref).geometry
        except NotFound:
            return None

    def named(self, text: str) -> Sequence[str]:
        """Return the features (`layer/id`) whose id, name or alias is `text` as search folds it, in any language."""
        return self._names.get(arabic.fold(text), ())

    def close(self, text: str, most: int = 3) -> Sequence[str]:
        """Return features (`layer/id`) whose names are nearly `text`, the closest first."""
        names = get_close_matches(arabic.fold(text), self._names, n=most, cutoff=0.7)
        return list(dict.fromkeys(ref for name in names for ref in self._names[name]))[:most]

    def clashes(self) -> tuple[str, ...]:
        """Return the feature ids that stand in more than one place, which `layer/id` alone can tell apart.

        Those of large layers begin with the layer's own id.
        """
        counts = Counter(feature.id for layer in self._small_layers() for feature in layer.features)
        return tuple(id_ for id_, count in counts.items() if count > 1)

    def _records(self, name: str) -> dict[str, Record]:
        combined = records(self._sources / f"{name}.json", name)
        own = self.own / f"{name}.json" if self.own else None
        if own is not None and own.is_file():
            combined += records(own, name)
        return {record["id"]: record for record in combined}

    @cached_property
    def _source_records(self) -> dict[str, Record]:
        return self._records("sources")

    @cached_property
    def _actor_records(self) -> dict[str, Record]:
        return self._records("actors")

    @cached_property
    def _claim_records(self) -> dict[str, Record]:
        return self._records("claims") if self._claims is None else dict(self._claims)

    def sources(self) -> Mapping[str, Record]:
        """Return the source records by id."""
        return self._source_records

    def actors(self) -> Mapping[str, Record]:
        """Return the actor records by id."""
        return self._actor_records

    def claims(self) -> Mapping[str, Record]:
        """Return the claim records by id, in the order of the file."""
        return self._claim_records

    @cached_property
    def _vocabulary(self) -> Record:
        value: Record = strict_json.parse((self._schemas / "vocabulary.json").read_bytes())
        return value

    def vocabulary(self) -> Record:
        """Return the closed vocabularies: name → word → label in both languages."""
        return self._vocabulary


def parted(border: Record) -> frozenset[str] | None:
    """Return the two countries that a border's properties name, whichever lies left; None where they do not."""
    sides = (border.get("left"), border.get("right"))
    return frozenset(str(side) for side in sides) if all(sides) else None


@cache
def _shipped_store() -> FileStore:
    return PackageStore(settings.LAYERS)


@cache
def shipped() -> Catalog:
    """Return the catalogue of the layers that come with the package."""
    return Catalog(_shipped_store())


def workspace() -> Workspace:
    """Return the workspace: the folder that MASAFA_WORKSPACE names, else ./workspace."""
    return Workspace(Path(os.environ.get("MASAFA_WORKSPACE") or "workspace"))


def current() -> Catalog:
    """Return the catalogue of the workspace's layers first, then the shipped ones, as they are now."""
    place = workspace()
    return _current(place.folder.absolute(), place.stamp)


def version_of(now: Layer, version: str) -> Layer:
    """Return a layer of the version that begins so: as it is now, or as the workspace keeps it.

    Raises BadValue for what are no digits of a version, NotFound.
    """
    if not _VERSION.match(version):
        raise BadValue("version", version, "version_digits")
    if now.version.startswith(version):
        return now
    full_version = workspace().find_version(version)
    if full_version is None:
        raise NotFound("version_of_layer_kept", version, [now.version[:12]], layer=now.id)
    return workspace().version(now.id, full_version)


@lru_cache(maxsize=4)
def _current(folder: Path, stamp: tuple[int, ...]) -> Catalog:
    # The stamp is part of the key: a layer or a record written since is a catalogue not seen yet.
    if not stamp:
        return shipped()
    upper, own = Workspace(folder).store(), Workspace(folder).sources
    return Catalog(_shipped_store() if upper is None else Layered(upper, _shipped_store()), own=own)
