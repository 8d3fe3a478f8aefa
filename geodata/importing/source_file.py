"""A file opened to be brought in: what is known of it, and its rows, as they come from the process apart."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from geodata.errors import BadData, BadValue
from geodata.formats import registry
from geodata.formats.column_types import ColumnType
from geodata.formats.encodings import ENCODINGS
from geodata.importing import worker
from geodata.importing.delimited import DELIMITERS, ENDINGS, ROW
from geodata.sandbox import Apart, running

BUFFER = 64 * 1024
PACKED = (".gz", ".zip")


@dataclass(frozen=True)
class Asked:
    """How a person says a file is written; what is None is found out."""

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    part: str | None = None
    """The layer or sheet, of a file that holds several."""

    def __post_init__(self) -> None:
        if self.encoding is not None and self.encoding not in ENCODINGS:
            raise BadValue("encoding", self.encoding, ", ".join(ENCODINGS))
        if self.delimiter is not None and (len(self.delimiter) != 1 or self.delimiter not in DELIMITERS):
            raise BadValue("delimiter", self.delimiter, "one of: , ; | or a tab")


@dataclass(frozen=True)
class Raw:
    """A file's columns and rows; `told` is what the reader found out (header, encoding, tags, parts)."""

    format: str
    told: Mapping[str, Any]
    batches: Iterator[pa.RecordBatch]
    apart: Apart

    def leave(self) -> None:
        """Read no further."""
        self.apart.enough = True

    @property
    def header(self) -> list[str]:
        """The names of the columns, in order, each once."""
        return list(self.told["header"])

    @property
    def types(self) -> dict[str, ColumnType]:
        """The types of the columns that the file itself tells; none of a table of texts."""
        return {name: ColumnType.from_dict(one) for name, one in (self.told.get("types") or {}).items()}

    @property
    def tags(self) -> list[str]:
        """The HXL tag of each column; empty where there are none."""
        return list(self.told.get("tags") or [])


def format_of(name: str) -> str:
    """Return the format that a file of this name is read in; raises BadValue."""
    plain = name.lower()
    stem = plain.removesuffix(".gz").removesuffix(".zip") if plain.endswith(PACKED) else plain
    if stem.endswith(ENDINGS):
        return worker.TEXT
    if plain.endswith(".shp"):
        raise BadValue("file", name, "a Shapefile as a zip file, with its .shp, .shx, .dbf and .prj")
    try:
        return registry.of_file(name).name
    except BadValue as error:
        raise BadValue("file", name, f"{error.allowed}, {', '.join(ENDINGS)}, each also with .gz or .zip") from None


@contextmanager
def opened(path: Path, name: str, asked: Asked) -> Iterator[Raw]:
    """Open a file called `name`, read in a process apart.

    Raises BadValue for a name or an option that is not allowed, BadData where the file is not what it should be, and
    Refused past a limit, also while the rows are read.
    """
    form = _form(asked.format) if asked.format else format_of(name)
    words = json.dumps({"encoding": asked.encoding, "delimiter": asked.delimiter, "part": asked.part})
    extension = ".csv" if form == worker.TEXT else registry.FORMATS[form].extensions[0]
    with running("geodata.importing.worker", path, extension, form, words) as apart:
        try:
            # Through a buffer of its own Arrow keeps account of what the batches take, and gives it back.
            source = pa.ipc.open_stream(pa.input_stream(apart.stream, buffer_size=BUFFER))
        except (pa.ArrowInvalid, OSError):
            raise apart.broken(name) from None
        known = source.schema.metadata or {}
        if b"error" in known:
            raise BadData("", f"{name}: {known[b'error'].decode()}")
        told = json.loads(known[b"told"])
        yield Raw(form, told, _batches(source, name, apart), apart)
        # What is left is read, so that the process may end by itself.
        while not apart.enough and next(source, None) is not None:
            pass


def _form(name: str) -> str:
    return worker.TEXT if name.strip().lower() in (worker.TEXT, "csv", "tsv") else registry.named(name).name


def _batches(source: Any, name: str, apart: Apart) -> Iterator[pa.RecordBatch]:
    try:
        for batch in source:
            batch.validate(full=True)
            if not len(batch):
                continue
            if batch.column(ROW)[0].as_py() == worker.BROKEN:
                raise BadData("", f"{name}: {batch.column(0)[0].as_py()}")
            yield batch
    except (pa.ArrowInvalid, OSError):
        raise apart.broken(name) from None
