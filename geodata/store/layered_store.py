"""Stores over stores: the user's layers over the shipped ones, and kept versions in the place of present ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geodata.errors import NotFound
from geodata.model import Layer
from geodata.store.geojson_store import FileStore


class Layered:
    """A store over a store: the layers of the upper one stand in place of those with the same id below."""

    def __init__(self, upper: FileStore, lower: FileStore) -> None:
        self._upper, self._lower = upper, lower
        below = dict(lower.entries)
        self.entries: Mapping[str, Mapping[str, Any]] = {
            **{id_: upper.entries.get(id_, entry) for id_, entry in below.items()},
            **{id_: entry for id_, entry in upper.entries.items() if id_ not in below},
        }

    def _of(self, layer: str) -> FileStore:
        if layer not in self.entries:
            raise NotFound("layer", layer, self.entries)
        return self._upper if layer in self._upper.entries else self._lower

    def path(self, layer: str) -> Path:
        """Return the file that holds a layer whole."""
        return self._of(layer).path(layer)

    def display_path(self, layer: str) -> Path:
        """Return the file with a layer's display geometry."""
        return self._of(layer).display_path(layer)

    def layer(self, layer: str) -> Layer:
        """Return a layer; raises NotFound, and BadData where its file is not valid GeoJSON."""
        return self._of(layer).layer(layer)


class Pinned:
    """A store in which some layers are those of kept versions, and some are left out."""

    def __init__(
        self, below: FileStore | Layered | Pinned, pinned: Mapping[str, Layer], without: frozenset[str] = frozenset()
    ) -> None:
        self._below, self._pinned = below, pinned
        entries = {**below.entries, **{id_: layer.entry for id_, layer in pinned.items()}}
        self.entries: Mapping[str, Mapping[str, Any]] = {
            id_: entry for id_, entry in entries.items() if id_ not in without
        }

    def path(self, layer: str) -> Path:
        """Return the file that holds a layer whole, of the layers that are not pinned."""
        return self._below.path(layer)

    def display_path(self, layer: str) -> Path:
        """Return the file with a layer's display geometry, of the layers that are not pinned."""
        return self._below.display_path(layer)

    def layer(self, layer: str) -> Layer:
        """Return a layer, of the pinned version where there is one."""
        return self._pinned[layer] if layer in self._pinned else self._below.layer(layer)
