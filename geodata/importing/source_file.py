"""A file opened for import: its metadata and its rows, as the sandboxed process sends them."""

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
from geodata.importing.delimited import ENDINGS, ROW
from geodata.importing.delimiters import DELIMITERS
from geodata.messages import one_of
from geodata.sandbox import SandboxedProcess, reason_of, running

BUFFER = 64 * 1024
PACKED = (".gz", ".zip")


@dataclass(frozen=True)
class ReadOptions:
    """How a file is to be read; what is None is detected."""

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    part: str | None = None
    """The layer or sheet, of a file that has several."""

    def __post_init__(self) -> None:
        if self.encoding is not None and self.encoding not in ENCODINGS:
            raise BadValue("encoding", self.encoding, one_of(ENCODINGS))
        if self.delimiter is not None and (len(self.delimiter) != 1 or self.delimiter not in DELIMITERS):
            raise BadValue("delimiter", self.delimiter, "delimiter")


@dataclass(frozen=True)
class SourceFile:
    """A file's columns and rows; `metadata` is what the reader reports (header, encoding, tags, parts)."""

    format: str
    metadata: Mapping[str, Any]
    batches: Iterator[pa.RecordBatch]
    process: SandboxedProcess

    def leave(self) -> None:
        """Stop reading."""
        self.process.enough = True

    @property
    def header(self) -> list[str]:
        """The names of the columns, in order, each once."""
        return list(self.metadata["header"])

    @property
    def types(self) -> dict[str, ColumnType]:
        """The column types that the file itself declares; empty for a table of texts."""
        return {name: ColumnType.from_dict(kind) for name, kind in (self.metadata.get("types") or {}).items()}

    @property
    def tags(self) -> list[str]:
        """The HXL tag of each column; empty where there are none."""
        return list(self.metadata.get("tags") or [])


def format_of(name: str) -> str:
    """Return the format that a file of this name is read in; raises BadValue."""
    lower = name.lower()
    stem = lower.removesuffix(".gz").removesuffix(".zip") if lower.endswith(PACKED) else lower
    if stem.endswith(ENDINGS):
        return worker.TEXT
    if lower.endswith(".shp"):
        raise BadValue("file", name, "zipped_shapefile")
    try:
        return registry.of_readable(name).name
    except BadValue:
        raise BadValue(
            "file", name, "file_extension", extensions=list(registry.READABLE_EXTENSIONS), tables=list(ENDINGS)
        ) from None


@contextmanager
def opened(path: Path, name: str, options: ReadOptions) -> Iterator[SourceFile]:
    """Open a file called `name`, read in a sandboxed process.

    Raises BadValue for a name or an option that is not allowed, BadData where the file is not what it should be, and
    Refused past a limit, also while the rows are read.
    """
    form = _form(options.format) if options.format else format_of(name)
    words = json.dumps({"encoding": options.encoding, "delimiter": options.delimiter, "part": options.part})
    extension = ".csv" if form == worker.TEXT else registry.extension_of(registry.READABLE[form], name)
    with running("geodata.importing.worker", path, extension, form, words) as process:
        try:
            # Through a buffer of its own Arrow keeps account of what the batches take, and gives it back.
            source = pa.ipc.open_stream(pa.input_stream(process.stream, buffer_size=BUFFER))
        except (pa.ArrowInvalid, OSError):
            raise process.broken(name) from None
        schema_metadata = source.schema.metadata or {}
        if b"error" in schema_metadata:
            raise BadData("", "kind", name=name, reason=reason_of(json.loads(schema_metadata[b"error"])))
        metadata = json.loads(schema_metadata[b"told"])
        yield SourceFile(metadata.get("format", form), metadata, _batches(source, name, process), process)
        # What is left is read, so that the process may end by itself.
        while not process.enough and next(source, None) is not None:
            pass


def _form(name: str) -> str:
    return worker.TEXT if name.strip().lower() in (worker.TEXT, "csv", "tsv") else registry.readable(name).name


def _batches(source: Any, name: str, process: SandboxedProcess) -> Iterator[pa.RecordBatch]:
    try:
        for batch in source:
            batch.validate(full=True)
            if not len(batch):
                continue
            if batch.column(ROW)[0].as_py() == worker.BROKEN:
                raise BadData("", "kind", name=name, reason=reason_of(json.loads(batch.column(0)[0].as_py())))
            yield batch
    except (pa.ArrowInvalid, OSError):
        raise process.broken(name) from None
