"""The workspace: the user's data in one folder beside the package; written atomically, under a lock.

layers/      GeoJSON layers with a catalog.json of their own; one with the id of a shipped layer stands in its place
tables/      large layers: the files and manifests of all their versions (parquet.py)
incoming/    files that are being imported; what a crash leaves here belongs to nothing
versions/    layers that a citation or a newer import needs, each under the sha256 of its content, with its entry
results/     records of results
sources/     sources, actors and claims of the user's own, beside the shipped ones, with every change of them
server/      what the web app's server processes share: jobs and sign-ins; nothing else rests on it
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from geodata import system
from geodata.errors import BadData, BadValue, NotFound, Refused, Unwritable, cause
from geodata.formats import geojson, strict_json
from geodata.messages import Message
from geodata.model import SLUG, Layer
from geodata.store.geojson_store import (
    STORED,
    TABLES,
    FileStore,
    large_layer_of,
    layer_of,
    records,
    sync_folder,
    write_whole,
)
from geodata.store.history import Change, Record, Records

Item = dict[str, Any]
"""A GeoJSON feature as plain values."""
RESERVED = ("claims", "own")
"""Names that no new layer may have: versions of the claims are kept under the one, the other means all own layers."""
FORMAT = 2
"""The version of the layout: a later one is refused. Since 2 the columns of imported files have types."""
UPGRADED = (1,)
"""Earlier versions: their files are read as they are, and the next write marks the workspace as FORMAT."""
_SHA = re.compile(r"[0-9a-f]{64}\Z")


class Workspace:
    """One workspace folder; it need not exist before something is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def layers(self) -> Path:
        """The folder of the user's layers."""
        return self.folder / "layers"

    @property
    def sources(self) -> Path:
        """The folder of the user's sources and claims."""
        return self.folder / "sources"

    @property
    def stamp(self) -> tuple[int, ...]:
        """A value that changes when a layer or a record of the workspace does, without reading any."""
        stamps: list[tuple[int, ...]] = []
        for folder in (self.layers, self.sources):
            # Computed at every request: one directory scan, no pattern matching.
            try:
                with os.scandir(folder) as entries:
                    stats = [entry.stat() for entry in entries if entry.name.endswith("json")]
            except OSError:
                # The folder is missing or cannot be read: the user has no data.
                continue
            stamps += [(stat.st_ino, stat.st_mtime_ns, stat.st_size) for stat in stats]
        return tuple(number for three in sorted(stamps) for number in three)

    def writable(self) -> str | None:
        """Return why nothing can be written here; None where it can."""
        try:
            with self.lock():
                return None
        except Unwritable as error:
            return str(error)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock of the workspace; creates the folder. Raises Unwritable."""
        with self._locked(".lock"):
            self._check_format()
            yield

    @contextmanager
    def edit_lock(self) -> Iterator[None]:
        """Hold the lock for editing, from reading a feature to writing it. Raises Unwritable."""
        with self._locked(".turn"):
            yield

    @contextmanager
    def _locked(self, file: str) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for name in ("layers", "sources", "versions", "results", TABLES, "incoming"):
                (self.folder / name).mkdir(exist_ok=True)
            handle = os.open(self.folder / file, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise Unwritable("workspace", path=self.folder, error=cause(error)) from None
        try:
            system.lock(handle)
            yield
        finally:
            os.close(handle)

    def _check_format(self) -> None:
        path = self.folder / "workspace.json"
        value = strict_json.parse(path.read_bytes()) if path.exists() else {"masafa": UPGRADED[0]}
        version = value.get("masafa") if isinstance(value, dict) else None
        if version in UPGRADED:
            write_whole(path, json.dumps({"masafa": FORMAT}).encode() + b"\n")
        elif version != FORMAT:
            raise Unwritable("workspace_format", path=self.folder, format=version, ours=FORMAT)

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """Yield a temporary folder to assemble files in; removed afterwards, as are folders left by crashes.

        Raises Unwritable.
        """
        incoming = self.folder / "incoming"
        with self.lock():
            for left in incoming.iterdir():
                if _abandoned(left):
                    shutil.rmtree(left, ignore_errors=True)
            folder = Path(tempfile.mkdtemp(dir=incoming))
            handle = os.open(folder / ".held", os.O_RDWR | os.O_CREAT, 0o600)
            system.lock(handle)
        try:
            yield folder
        except OSError as error:
            raise Unwritable("file", path=folder, error=cause(error)) from None
        finally:
            os.close(handle)
            shutil.rmtree(folder, ignore_errors=True)

    def store(self) -> FileStore | None:
        """Return the user's layers as a store; None where there are none."""
        return FileStore(self.layers) if (self.layers / "catalog.json").is_file() else None

    def put_layer(self, entry: Mapping[str, Any], data: bytes, first: Callable[[], None] | None = None) -> str:
        """Write a layer and its catalogue entry; return its version. Raises BadValue, BadData, Unwritable.

        `first` is called under the lock before anything is written, and may refuse.

        The content goes first and the entry second: a crash between them leaves a layer that is not listed yet, or
        the new content under the old entry, and never half a file.
        """
        _check_layer(entry, data)
        with self.lock():
            if first is not None:
                first()
            return self._write_layer(entry, data)

    def put_large(
        self,
        entry: Mapping[str, Any],
        manifest: bytes,
        files: Mapping[str, Path],
        first: Callable[[], None] | None = None,
    ) -> str:
        """Move the files of a large layer, by sha256, into place, and make its manifest the layer's version; return it.

        The files lie in this workspace, and are moved. The entry goes last: until then the layer is as it was.
        `first` as in `put_layer`.
        Raises BadValue, NotFound where the manifest names a file that is not there, Unwritable.
        """
        id_, version = str(entry.get("id", "")), hashlib.sha256(manifest).hexdigest()
        _check_id(id_)
        _check_entry(entry)
        folder = self.folder / TABLES
        with self.lock():
            if first is not None:
                first()
            try:
                for sha, path in files.items():
                    with path.open("rb") as stream:
                        os.fsync(stream.fileno())
                    path.replace(folder / f"{sha}.parquet")
                sync_folder(folder)
            except OSError as error:
                raise Unwritable("file", path=folder, error=cause(error)) from None
            write_whole(folder / f"{version}.json", manifest)
            write_whole(self.folder / "versions" / f"{version}.json", _json(dict(entry)))
            large_layer_of(folder, id_, version, entry)
            self._write_entry({**entry, STORED: version})
        return version

    def change_layer(self, entry: Mapping[str, Any], change: Callable[[list[Item]], list[Item]]) -> str:
        """Read a layer of the user, empty where there is none, and write the features that `change` returns.

        Under the lock from reading to writing: of two people who add at once neither loses. Errors as `put_layer`.
        """
        with self.lock():
            path = self.layers / f"{entry['id']}.geojson"
            data = geojson.write(change(geojson.read(path.read_bytes()) if path.exists() else []))
            _check_layer(entry, data)
            return self._write_layer(entry, data)

    def _write_layer(self, entry: Mapping[str, Any], data: bytes) -> str:
        write_whole(self.layers / f"{entry['id']}.geojson", data)
        self._write_entry(entry)
        return hashlib.sha256(data).hexdigest()

    def _write_entry(self, entry: Mapping[str, Any]) -> None:
        id_, catalog = entry["id"], self.layers / "catalog.json"
        entries = records(catalog, "layers") if catalog.exists() else []
        updated = [dict(entry) if old["id"] == id_ else old for old in entries]
        if all(old["id"] != id_ for old in entries):
            updated.append(dict(entry))
        if updated != entries:
            write_whole(catalog, _json({"schema": 1, "layers": updated}))

    def put_records(self, added: Mapping[str, Mapping[str, Any]], by: str = "workspace") -> None:
        """Add a record to each named file (`sources`, `actors`, `claims`), in order; raises BadValue for an id held.

        A record comes after those it refers to: a crash between two files leaves a source that nothing cites yet.
        """
        with self.lock():
            for name, record in added.items():
                path = self.sources / f"{name}.json"
                stored = Records(path, name)
                if record["id"] in stored.records:
                    raise BadValue("id", record["id"], "unused_record_id", kind=Message(f"records.{name}"))
                stored.put(record, Change(by, "recorded"))
                write_whole(path, stored.data)

    def change_record(
        self, name: str, shipped: Record | None, id_: str, make: Callable[[Record], Record], change: Change
    ) -> Record:
        """Replace a record by what `make` returns for it, and record its former state; return the new record.

        Under the lock from reading to writing. `shipped` is the record of that id that comes with the package, in
        whose place the changed one stands from then on. Raises NotFound, Unwritable, and what `make` raises.
        """
        with self.lock():
            path = self.sources / f"{name}.json"
            stored = Records(path, name)
            before = stored.records.get(id_, shipped)
            if before is None:
                raise NotFound(name.removesuffix("s"), id_)
            changed = dict(make(before))
            if changed != before:
                stored.put(changed, change, shipped)
                write_whole(path, stored.data)
            return changed

    def restore(self, id_: str, version: str | None, now: str) -> None:
        """Put a kept version of a layer in the place of the present one, which is kept too; None takes the layer away.

        `now` is the version that is to be replaced. Raises Refused where the layer has another by now, NotFound,
        BadData and Unwritable.
        """
        with self.lock():
            store = self.store()
            present = store.layer(id_) if store is not None and id_ in store.entries else None
            if store is None or present is None or present.version != now:
                raise Refused("layer_changed", layer=id_)
            self.keep(present, b"" if present.stored is not None else store.path(id_).read_bytes())
            if version is None:
                self._remove_entry(id_)
                return
            layer = self.version(id_, version)
            if layer.stored is None:
                self._write_layer(layer.entry, (self.folder / "versions" / f"{version}.geojson").read_bytes())
            else:
                self._write_entry({**layer.entry, STORED: version})

    def _remove_entry(self, id_: str) -> None:
        """Take a layer out of the catalogue; of a small one its file too, whose content is kept as a version."""
        catalog = self.layers / "catalog.json"
        entries = [entry for entry in records(catalog, "layers") if entry["id"] != id_]
        write_whole(catalog, _json({"schema": 1, "layers": entries}))
        (self.layers / f"{id_}.geojson").unlink(missing_ok=True)

    def keep(self, layer: Layer, data: bytes) -> None:
        """Keep a version of a layer for good; those of large ones are. The caller holds the lock."""
        if layer.stored is not None:
            return
        if hashlib.sha256(data).hexdigest() != layer.version:
            raise NotFound("version_of_layer", layer.id, version=layer.version[:16])
        folder = self.folder / "versions"
        for path, content in (
            (folder / f"{layer.version}.json", _json(dict(layer.entry))),
            (folder / f"{layer.version}.geojson", data),
        ):
            if not path.exists():
                write_whole(path, content)

    def keeps(self, version: str) -> bool:
        """Tell whether a version is kept."""
        paths = (self.folder / "versions" / f"{version}.geojson", self.folder / TABLES / f"{version}.json")
        return bool(_SHA.match(version)) and any(path.is_file() for path in paths)

    def find_version(self, start: str) -> str | None:
        """Return the stored version that begins with these hexadecimal digits; None where none or several do."""
        paths = [*(self.folder / "versions").glob("*.geojson"), *(self.folder / TABLES).glob("*.json")]
        versions = [path.stem for path in paths if path.stem.startswith(start)]
        return versions[0] if len(versions) == 1 else None

    def version(self, id_: str, version: str) -> Layer:
        """Return a kept version of a layer; raises NotFound where it is gone, BadData where it is damaged."""
        if not self.keeps(version):
            raise NotFound("kept_version", version[:16], layer=id_)
        entry = strict_json.parse((self.folder / "versions" / f"{version}.json").read_bytes())
        if not isinstance(entry, dict) or entry.get("id") != id_:
            raise NotFound("kept_version", version[:16], layer=id_)
        path = self.folder / "versions" / f"{version}.geojson"
        if not path.is_file():
            return large_layer_of(self.folder / TABLES, id_, version, entry)
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != version:
            raise BadData("", "version_damaged", version=version[:16], layer=id_)
        return layer_of(id_, data, entry)


def _abandoned(folder: Path) -> bool:
    """Tell whether the process that assembled files in a folder has ended."""
    try:
        handle = os.open(folder / ".held", os.O_RDWR)
    except OSError:
        return True
    try:
        return system.lock(handle, wait=False)
    finally:
        os.close(handle)


def _check_layer(entry: Mapping[str, Any], data: bytes) -> None:
    """Raise where the data cannot be read as a layer: it must never replace one that can."""
    id_ = str(entry.get("id", ""))
    _check_id(id_)
    _check_entry(entry)
    layer_of(id_, data, entry)


def _check_id(id_: str) -> None:
    if not SLUG.match(id_) or id_ in RESERVED:
        raise BadValue("id", id_, "slug_not_reserved", reserved=list(RESERVED))


def _check_entry(entry: Mapping[str, Any]) -> None:
    for name in ("title", "description", "attribution"):
        text = entry.get(name)
        if not isinstance(text, Mapping) or not all(isinstance(text.get(lang), str) for lang in ("en", "ar")):
            raise BadValue(name, text, "text_in_both_languages")
    for name in ("kind", "licence"):
        if not isinstance(entry.get(name), str):
            raise BadValue(name, entry.get(name), "text")
    if entry.get("edges") not in ("lonlat", "geodesic"):
        raise BadValue("edges", entry.get("edges"), "edges")
    radius = entry.get("default_uncertainty_m")
    if radius is not None and (isinstance(radius, bool) or not isinstance(radius, int | float) or not radius >= 0):
        raise BadValue("default_uncertainty_m", radius, "metres_or_null")


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
