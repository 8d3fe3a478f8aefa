"""Shapefile, zipped: one file for each kind of geometry, UTF-8, names of at most ten letters.

DBF holds 254 bytes a text: there is no column of all properties, and longer texts are cut; both are reported.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO, Any

from geodata.errors import BadData
from geodata.formats import archives, encodings, gdal
from geodata.formats.column_types import TEXT
from geodata.formats.columns import BY_SHORT, WHOLE, Column, chosen
from geodata.formats.dataset import Dataset, Metadata, Options, Row

MAX_TEXT = 254
"""Bytes of UTF-8."""
_KINDS = {
    "Point": ("Point", "point"),
    "MultiPoint": ("MultiPoint", "multipoint"),
    "LineString": ("LineString", "line"),
    "MultiLineString": ("LineString", "line"),
    "Polygon": ("Polygon", "area"),
    "MultiPolygon": ("Polygon", "area"),
}
_NEEDED = (".shx", ".dbf")
_SUFFIXES = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_UNSAID = (0x00, 0x57)
"""Marks of a table whose encoding is not told, or is "that of the machine"."""
_ABOUT = "masafa.json"
_NAMES = {short: column.name for short, column in BY_SHORT.items()}


def save(parts: Sequence[Dataset], stream: IO[bytes], options: Options) -> list[str]:
    """Write every part; its name, and the kind of geometry where a part has several, name the files."""
    warnings: list[str] = []
    files: dict[str, Any] = {}
    members: dict[str, bytes | Path] = {}
    with tempfile.TemporaryDirectory(prefix="masafa-") as folder:
        for part in parts:
            for stem, some in _by_kind(part, warnings).items():
                columns, cut = _columns(options)
                kind = next((_KINDS[row.geometry.geom_type][0] for row in some if row.geometry is not None), "Point")
                path = Path(folder) / f"{stem}.shp"
                layer = Dataset(replace(part.metadata, layer=part.metadata.layer), some)
                gdal.write(path, layer, options, "ESRI Shapefile", columns, kind, ENCODING="UTF-8")
                members |= {f"{stem}{suffix}": path.with_suffix(suffix) for suffix in _SUFFIXES}
                files[stem] = part.metadata.to_dict()
                warnings += [f"{stem}: {count} texts of {name} are cut at 254 bytes" for name, count in cut.items()]
        members[_ABOUT] = json.dumps({"files": files}, ensure_ascii=False, indent=1).encode()
        members["LICENCE.txt"] = "\n".join(_licence(part.metadata) for part in parts).encode()
        archives.write(stream, members)
    return [*warnings, "properties beyond the flat columns are left out: Shapefile has no room for them"]


def _by_kind(part: Dataset, warnings: list[str]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    bare, odd = [], 0
    for row in part.rows:
        if row.geometry is None or row.geometry.is_empty:
            bare.append(row)
        elif row.geometry.geom_type in _KINDS:
            groups[_KINDS[row.geometry.geom_type][1]].append(row)
        else:
            odd += 1
            bare.append(row._replace(geometry=None))
    if odd:
        warnings.append(f"{part.metadata.layer}: {odd} geometry collections are left out: Shapefile has none")
    first = next(iter(groups), "point")
    groups[first] += bare
    layer = part.metadata.layer
    if len(groups) == 1:
        return {layer: groups[first]}
    warnings.append(f"{layer}: written as {len(groups)} files, as Shapefile holds one kind of geometry each")
    return {f"{layer}_{name}": rows for name, rows in groups.items()}


def _columns(options: Options) -> tuple[list[Column], Counter[str]]:
    cut: Counter[str] = Counter()

    def shortened(column: Column) -> Column:
        def take(row: Row, about: Metadata) -> Any:
            value = column.value(row, about)
            if (
                not isinstance(value, str)
                or len(value) * 4 <= MAX_TEXT
                or len(value.encode("utf-8", "replace")) <= MAX_TEXT
            ):
                return value
            cut[column.name] += 1
            return value.encode("utf-8", "replace")[:MAX_TEXT].decode("utf-8", "ignore")

        if column.kind == "timestamp":
            # DBF has no times of day: as a date it would lose them.
            column = replace(column, kind="text", type=TEXT)
        return replace(column, value=take) if column.kind == "text" else column

    columns = chosen(options.fields, options.original, options.types)
    return [shortened(column) for column in columns if column is not WHOLE], cut


def _licence(about: Metadata) -> str:
    lines = [about.layer, about.licence, about.licence_url, *about.attribution.values(), *about.notice.values()]
    return "".join(f"{line}\n" for line in lines if line)


def load(path: Path) -> list[Dataset]:
    """Return the layers of a zip file; files that one layer was split into are merged. Raises BadData."""
    with archives.opened(path) as archive, tempfile.TemporaryDirectory(prefix="masafa-") as folder:
        names = [member.filename for member in archive.infolist() if not member.is_dir()]
        metadata = _metadata(archives.member(archive, _ABOUT)) if _ABOUT in names else {}
        layers: dict[str, Dataset] = {}
        for name in names:
            if PurePosixPath(name).suffix.lower() == ".shp":
                part = gdal.read(_unpacked(archive, name, names, Path(folder)), short=_NAMES)
                stem = PurePosixPath(name).stem
                about = Metadata.from_dict(metadata.get(stem), stem)
                rows = layers[about.layer].rows if about.layer in layers else ()
                layers[about.layer] = Dataset(about, [*rows, *part.rows], part.types)
    if not layers:
        raise BadData("", "zip_without_shp")
    return list(layers.values())


def _unpacked(archive: Any, name: str, names: Sequence[str], folder: Path) -> Path:
    """Unpack one Shapefile under our own name; its files share a stem, compared without case."""
    stem = str(PurePosixPath(name).with_suffix("")).lower()
    target = folder / f"layer{len(list(folder.iterdir()))}.shp"
    for other in names:
        suffix = PurePosixPath(other).suffix.lower()
        if str(PurePosixPath(other).with_suffix("")).lower() == stem and suffix in _SUFFIXES:
            target.with_suffix(suffix).write_bytes(archives.member(archive, other))
    with target.open("rb") as stream:
        if stream.read(4) != b"\x00\x00\x27\x0a":
            raise BadData("", "shapefile_signature", name=name)
    for suffix in _NEEDED:
        if not target.with_suffix(suffix).is_file():
            raise BadData("", "shapefile_member", name=name, suffix=suffix)
    _tell_encoding(target.with_suffix(".dbf"), target.with_suffix(".cpg"))
    return target


def _tell_encoding(table: Path, note: Path) -> None:
    """Write the encoding of a table that does not state it, detected from the bytes of its texts."""
    data = table.read_bytes()
    if note.is_file() or len(data) < 33 or data[29] not in _UNSAID:
        return
    start = int.from_bytes(data[8:10], "little")
    encoding = encodings.detect(data[start:].replace(b"\x00", b" "))
    note.write_text(encoding.removeprefix("cp") if encoding.startswith("cp") else "UTF-8", "ascii")


def _metadata(data: bytes) -> dict[str, Any]:
    try:
        files = json.loads(data)["files"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return {}
    return files if isinstance(files, dict) else {}
