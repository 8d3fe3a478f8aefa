"""JSON that is no GeoJSON but records: an array of objects, JSON Lines, the answer of an API, Esri JSON.

Which of these a text is, GeoJSON among them, its content tells. Records are read as often as they are asked for: a
first time for the columns, a second for the rows, so that JSON Lines of any length take little memory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

from geodata.errors import BadData, shown
from geodata.formats import (
    archives,
    esri_json,
    geojson,
    geojson_crs,
    geojsonseq,
    json_flat,
    json_grids,
    spreadsheet_cells,
    strict_json,
)
from geodata.formats.dataset import Dataset, Metadata
from geodata.formats.strict_json import step
from geodata.messages import Message
from geodata.settings import MAX_BYTES

BY_CONTENT = ("geojson", "geojsonseq", "json_records")
"""The formats whose files may be any of them, whatever they are called."""
LINES = (".jsonl", ".ndjson", ".geojsonl", ".geojsons", ".geojsonseq")
"""What names of files of JSON Lines end in."""
SHALLOW = 4
"""Objects that may stand around a list of records."""
_USUAL = frozenset(("data", "result", "results", "items", "features", "records", "rows", "value", "values", "hits"))
WEIGHT = 10
"""How much more a list counts that is called as interfaces call the list of what was asked for."""
MAX_LISTS = 50
"""Lists of records of one text that are offered."""
MAX_UNPACKED = 8 * 1024**3
"""Bytes of JSON Lines, when unpacked."""
_BLANK = b"\xef\xbb\xbf\x1e \t\r\n"
_GEOJSON = re.compile(rb'\s*\{\s*"type"\s*:\s*"(?:' + "|".join(geojson.TYPES).encode() + rb')"')
"""How most GeoJSON begins: it is not parsed to be told from records."""
_NAME = re.compile(r"[A-Za-z_]\w*\Z")
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Records:
    """A list of records of a JSON text."""

    path: str
    """Where it stands in the text, as JSONPath (RFC 9535); `$` for JSON Lines."""
    paths: Sequence[str]
    """All lists of records of the text, the one that is read by itself first."""
    read: Callable[[], Iterator[Record]]
    """Yields the records, from the first on each time; raises BadData."""
    again: Callable[[], Iterator[Record]]
    """Yields them once more, without looking for repeated keys and such."""


def opened(path: Path, part: str | None = None) -> Records | tuple[str, list[Dataset]]:
    """Return the records of a JSON text, or the layers of one that is GeoJSON or Esri JSON with the format's name.

    `part` is the path of one of several lists. Raises BadData for what is not JSON, or has no list of records.
    """
    first, several = _first_line(path)
    if not first:
        raise BadData("", "empty_file")
    if several or path.name.removesuffix(".gz").endswith(LINES):
        if _is_geojson(_json_or_none(first)):
            return "geojsonseq", geojsonseq.load(path)
        return Records("$", ["$"], partial(_lines, path, _record), partial(_lines, path, _again))
    with archives.unpacked(path, MAX_UNPACKED) as stream:
        data = stream.read(MAX_BYTES + 1)
    if _GEOJSON.match(data.removeprefix(b"\xef\xbb\xbf")):
        return "geojson", _geojson(data, path.stem)
    value = strict_json.parse(data)
    # What is neither an object nor an array has the word of the GeoJSON reader.
    if _is_geojson(value) or not isinstance(value, dict | list):
        return "geojson", _geojson(data, path.stem)
    for problem in strict_json.problems(value):
        raise BadData(*problem)
    return _chosen(value, part, path.stem)


def _geojson(data: bytes, layer: str) -> list[Dataset]:
    """Return the layer of a GeoJSON text, its coordinates in WGS84 whatever its `crs` says; raises BadData."""
    text, crs = geojson_crs.in_wgs84(data)
    return [replace(part, crs=crs) for part in geojson.loaded(text, layer)]


def load(path: Path) -> list[Dataset]:
    """Return the rows of a JSON text, their geometry from columns of WKT or of longitude and latitude; BadData."""
    source = opened(path)
    if not isinstance(source, Records):
        return source[1]
    cells = [json_flat.flat(record) for record in source.read()]
    names = json_flat.column_names(dict.fromkeys(key for row in cells for key in row))
    header = list(names.values())
    rows = [
        spreadsheet_cells.row(header, [row.get(key) for key in names], number)
        for number, row in enumerate(cells, start=1)
    ]
    return [Dataset(Metadata(path.stem), rows)]


def _first_line(path: Path) -> tuple[bytes, bool]:
    """Return the first line that is not blank, and whether it is a JSON text of its own with others after it."""
    with archives.unpacked(path, MAX_UNPACKED) as stream:
        filled = (line.strip(_BLANK) for line in iter(partial(stream.readline, MAX_BYTES + 1), b""))
        first = next(filter(None, filled), b"")
        closed = first[:1] + first[-1:] in (b"{}", b"[]")
        if not closed or not next(filter(None, filled), b""):
            return first, False
    return first, _json_or_none(first) is not None


def _json_or_none(text: bytes) -> Any:
    try:
        return strict_json.parse(text)
    except BadData:
        return None


def _is_geojson(value: Any) -> bool:
    return isinstance(value, dict) and (
        json_flat.is_geometry(value)
        or (value.get("type") == "Feature" and "geometry" in value)
        or (value.get("type") == "FeatureCollection" and "features" in value)
    )


def _features(value: Mapping[str, Any]) -> list[Any]:
    """Return the features of a GeoJSON object."""
    if value["type"] == "FeatureCollection":
        return value["features"] if isinstance(value["features"], list) else [value]
    return [value if value["type"] == "Feature" else {"type": "Feature", "geometry": value, "properties": {}}]


def _lines(path: Path, parse: Callable[[bytes, int], Record]) -> Iterator[Record]:
    with archives.unpacked(path, MAX_UNPACKED) as stream:
        for number, line in enumerate(iter(partial(stream.readline, MAX_BYTES + 1), b""), start=1):
            text = line.strip(_BLANK)
            if text:
                yield parse(text, number)


def _record(text: bytes, number: int) -> Record:
    try:
        value = strict_json.parse(text)
        for pointer, reason in strict_json.problems(value):
            raise BadData(pointer, reason)
    except BadData as error:
        reason = Message("data.at", pointer=error.pointer, reason=error.reason) if error.pointer else error.reason
        if reason.code == "data.not_json_at":
            # The line of the text that was parsed is always its first.
            raise BadData("", Message(reason.code, **{**reason.parameters, "line": number})) from None
        raise BadData("", "json_line", line=number, reason=reason) from None
    if not isinstance(value, dict):
        raise BadData("", "json_line", line=number, reason=_no_record(value))
    return value


def _again(text: bytes, number: int) -> Record:
    """Return the record of a line that `_record` has passed."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise BadData("", "changed_while_read")
    return value


def _no_record(value: Any) -> Message:
    return Message("data.record_needed", value=shown(json.dumps(value, ensure_ascii=False)))


@dataclass(frozen=True)
class _List:
    """A list of records within a JSON text."""

    path: str
    key: str
    items: Any
    """An array of objects, an object of objects or, where it has names, an array of arrays."""
    names: Sequence[str] = ()
    """The names of the columns of an array of arrays."""
    around: Mapping[str, Any] = field(default_factory=dict)
    """The object that it stands in."""

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """What makes it the list to read rather than another: what is in it, and how much of that."""
        items = self.items
        special = _is_hits(items) or _are_all(items, esri_json.is_feature) or _are_all(items, _is_geojson)
        return special, not self.names, len(items) * (WEIGHT if self.key.lower() in _USUAL else 1)

    def opened(self, paths: Sequence[str], layer: str) -> Records | tuple[str, list[Dataset]]:
        """Return its records, or the layer that it is."""
        read: Callable[[], Iterator[Record]]
        if self.names:
            read = partial(json_grids.records, self.names, self.items)
        elif isinstance(self.items, dict):
            read = partial(_columnar if _is_columnar(self.items) else _keyed, self.items)
        elif _are_all(self.items, esri_json.is_feature):
            return "esri_json", [esri_json.dataset(self.items, self.around, layer)]
        elif _are_all(self.items, _is_geojson):
            collection = {"type": "FeatureCollection", "features": [*chain.from_iterable(map(_features, self.items))]}
            return "geojson", geojson.loaded(json.dumps(collection).encode(), layer)
        else:
            read = partial(_listed, self.items, _pointer(self.path))
        return Records(self.path, paths, read, read)


def _are_all(items: Any, kind: Callable[[Any], bool]) -> bool:
    return isinstance(items, list) and all(map(kind, items))


def _chosen(value: Any, part: str | None, layer: str) -> Records | tuple[str, list[Dataset]]:
    """Return the list of records at a path; the one of the highest rank where none is named."""
    lists = sorted(_lists(value, "$"), key=lambda records: records.rank, reverse=True)[:MAX_LISTS]
    if not lists:
        raise BadData("", "no_records", most=SHALLOW)
    paths = [records.path for records in lists]
    if part is not None and part not in paths:
        raise BadData("", "no_list_at", path=part, paths=paths)
    return lists[0 if part is None else paths.index(part)].opened(paths, layer)


def _lists(
    value: Any, path: str, key: str = "", around: Mapping[str, Any] = MappingProxyType({}), depth: int = 0
) -> Iterator[_List]:
    """Yield every list of records: an array with objects in it, an object of records by their id, rows of cells."""
    if isinstance(value, list):
        if any(isinstance(item, dict) for item in value):
            yield _List(path, key, value, around=around)
        elif json_grids.is_grid(value):
            yield _List(path, key, value[1:], value[0])
    elif isinstance(value, dict):
        if _is_keyed(value):
            yield _List(path, key, value)
        elif grid := json_grids.beside(value):
            rows, names = grid
            yield _List(f"{path}{_selector(rows)}", rows, value[rows], names)
        elif depth < SHALLOW:
            for name, below in value.items():
                yield from _lists(below, f"{path}{_selector(name)}", name, value, depth + 1)


def _is_keyed(value: Mapping[str, Any]) -> bool:
    """Tell whether an object is a list of records by their id: all objects, at least two, of which each has most of
    the fields that any of them has."""
    records = list(value.values())
    if len(records) < 2 or not all(
        isinstance(record, dict) and not json_flat.is_geometry(record) for record in records
    ):
        return False
    fields = set().union(*records)
    shared = set(records[0]).intersection(*records[1:])
    return bool(shared) and 2 * sum(map(len, records)) > len(fields) * len(records)


def _selector(key: str) -> str:
    if _NAME.match(key):
        return f".{key}"
    quoted = key.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{quoted}']"


def _pointer(path: str) -> str:
    """Return the JSON pointer of a path."""
    pointer = ""
    for name, quoted in re.findall(r"\.([A-Za-z_]\w*)|\['((?:[^'\\]|\\.)*)'\]", path):
        pointer = step(pointer, name or re.sub(r"\\(.)", r"\1", quoted))
    return pointer


def _is_hits(items: Any) -> bool:
    """Tell whether a list is one of the hits of Elasticsearch, each with the record as `_source`."""
    return isinstance(items, list) and all(
        isinstance(hit, dict) and isinstance(hit.get("_source"), dict) for hit in items
    )


def _listed(items: list[Any], pointer: str) -> Iterator[Record]:
    hits = _is_hits(items)
    for number, item in enumerate(items):
        if not isinstance(item, dict):
            raise BadData(step(pointer, number), _no_record(item))
        yield _source(item) if hits else item


def _source(hit: Record) -> Record:
    """Return the record of a hit, with what stands beside it."""
    record = hit["_source"]
    fields = {key: value for key, value in record.items() if key in hit}
    beside = {key: value for key, value in hit.items() if key != "_source"}
    free = {key: value for key, value in record.items() if key not in hit}
    return {**beside, **free, "_source": fields} if fields else {**beside, **free}


def _keyed(items: Mapping[str, Record]) -> Iterator[Record]:
    name = "id"
    while any(name in record for record in items.values()):
        name = "key" if name == "id" else f"{name}_"
    for key, record in items.items():
        yield {name: key, **record}


def _is_columnar(value: Mapping[str, Record]) -> bool:
    """Tell whether an object holds columns, each of them its cells by the number of the row, as pandas writes them."""
    rows = list(next(iter(value.values())))
    return all(map(str.isdecimal, rows)) and all(list(column) == rows for column in value.values())


def _columnar(columns: Mapping[str, Record]) -> Iterator[Record]:
    for row in next(iter(columns.values())):
        yield {name: column[row] for name, column in columns.items()}
