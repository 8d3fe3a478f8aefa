"""Layers as GeoJSON files in one folder beside a `catalog.json`; read once, versions by content."""

from __future__ import annotations

import gc
import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from geodata.errors import BadData, NotFound, Unwritable, cause
from geodata.formats import geojson, strict_json
from geodata.model import Feature, Layer

STORED = "stored"
"""In a catalogue entry the version of a large layer, whose files lie in TABLES."""
TABLES = "tables"


class FileStore:
    """The layers of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._layers: dict[str, Layer] = {}

    @cached_property
    def entries(self) -> Mapping[str, Mapping[str, Any]]:
        """The catalogue entries by layer id, in drawing order."""
        return {entry["id"]: entry for entry in records(self.folder / "catalog.json", "layers")}

    def path(self, layer: str) -> Path:
        """Return the file that holds a layer whole; of a large one, that of its manifest."""
        if layer not in self.entries:
            raise NotFound("layer", layer, self.entries)
        version = self.entries[layer].get(STORED)
        if version is not None:
            return self.folder.parent / TABLES / f"{version}.json"
        return self.folder / f"{layer}.geojson"

    def display_path(self, layer: str) -> Path:
        """Return the file with a layer's display geometry: the simplified copy where there is one."""
        whole = self.path(layer)
        simplified = self.folder / "display" / whole.name
        return simplified if simplified.is_file() else whole

    def layer(self, layer: str) -> Layer:
        """Return a layer; raises NotFound, and BadData where its file is not valid GeoJSON."""
        if layer not in self._layers:
            path, entry = self.path(layer), self.entries[layer]
            version = entry.get(STORED)
            self._layers[layer] = (
                self.read(layer, path.read_bytes(), entry)
                if version is None
                else large_layer_of(path.parent, layer, str(version), entry)
            )
        return self._layers[layer]

    def read(self, id_: str, data: bytes, entry: Mapping[str, Any]) -> Layer:
        """Return the layer that the text of a file holds; raises BadData where it is not valid GeoJSON."""
        return layer_of(id_, data, entry)


def layer_of(id_: str, data: bytes, entry: Mapping[str, Any]) -> Layer:
    """Return the layer that a GeoJSON text holds; raises BadData where it is not valid."""
    with uncollected():
        features = tuple(_feature(id_, item) for item in geojson.read(data))
    return Layer(id=id_, version=hashlib.sha256(data).hexdigest(), entry=entry, features=features)


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the collector of cycles rest: of many small values that are made at once and stay none is one."""
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()


def records(path: Path, member: str) -> list[dict[str, Any]]:
    """Return the list under `member` of a JSON file of records."""
    value = strict_json.parse(path.read_bytes())
    if not isinstance(value, dict) or not isinstance(value.get(member), list):
        raise BadData(f"/{member}", "no_list", name=path.name, member=member)
    return list(value[member])


def large_layer_of(folder: Path, id_: str, version: str, entry: Mapping[str, Any]) -> Layer:
    """Return a large layer whose files lie in a folder; raises NotFound and BadData."""
    # pyarrow stays out of a process that reads GeoJSON alone.
    from geodata.store import parquet

    return parquet.layer_of(folder, id_, version, entry)


def digest(path: Path) -> str:
    """Return the sha256 of a file, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """Give a stream to write a file through, whole or not at all: temporary file, fsync, rename, fsync of the folder.

    Raises Unwritable with the reason where the folder is missing, read-only or full.
    """
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise Unwritable("file", path=path, error=cause(error)) from None


def sync_folder(folder: Path) -> None:
    """See to it that the names in a folder outlast a crash."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, as `writing` does."""
    with writing(path) as stream:
        stream.write(data)


def _feature(layer: str, item: Mapping[str, Any]) -> Feature:
    return Feature(
        id=str(item.get("id", "")),
        layer=layer,
        geometry=geojson.geometry(item["geometry"]),
        properties=item["properties"] or {},
    )
