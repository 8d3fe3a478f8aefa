"""Esri's file geodatabase, a zipped folder: every layer and table of it, read through GDAL's OpenFileGDB."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from geodata.errors import BadData
from geodata.formats import archives, gdal
from geodata.formats.dataset import Dataset
from geodata.formats.json_flat import unique

_MEMBER = re.compile(
    r"(a[0-9a-f]{8}\.(gdbtable|gdbtablx|gdbindexes|freelist|horizon|spx|[\w-]+\.atx)|gdb|timestamps)\Z"
)
"""The files of a geodatabase: whatever else lies in its folder is left where it is."""
_CATALOGUE = "a00000001.gdbtable"


def load(path: Path) -> list[Dataset]:
    """Return the layers and tables of the geodatabases in a zip file; raises BadData."""
    with archives.opened(path) as archive, tempfile.TemporaryDirectory(prefix="masafa-") as folder:
        roots = [name.parent for name in _names(archive) if name.name.lower() == _CATALOGUE]
        if not roots:
            raise BadData("", "zip_without_gdb")
        parts = []
        for number, root in enumerate(roots):
            target = Path(folder) / f"layers{number}.gdb"
            target.mkdir()
            _unpack(archive, root, target)
            parts += [gdal.read(target, name) for name in gdal.layers(target)]
    names = unique(part.metadata.layer for part in parts)
    return [replace(part, metadata=replace(part.metadata, layer=name)) for part, name in zip(parts, names, strict=True)]


def _names(archive: zipfile.ZipFile) -> list[PurePosixPath]:
    return [PurePosixPath(member.filename) for member in archive.infolist() if not member.is_dir()]


def _unpack(archive: zipfile.ZipFile, root: PurePosixPath, target: Path) -> None:
    """Unpack the files of a geodatabase, of those that are called as such files are, under their own names."""
    for name in _names(archive):
        if name.parent == root and _MEMBER.match(name.name.lower()):
            with archive.open(str(name)) as source, (target / name.name.lower()).open("wb") as copy:
                shutil.copyfileobj(source, copy)
