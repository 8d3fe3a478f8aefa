"""Records of results: the analysis, its parameters and the versions of its layers; never data.

A record that is not cited expires. Citing stores the versions of the layers first and marks the record last, so a
crash leaves a version too many and never a citation without its data.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

from geodata.errors import BadData, BadValue, NotFound, Refused
from geodata.formats import strict_json
from geodata.model import Layer, Result, result_id
from geodata.store.geojson_store import write_whole
from geodata.store.workspace import Workspace
from geodata.timestamps import utc_now

ID = re.compile(r"[0-9a-f]{16}\Z")
EXPIRE_DAYS = 30
SWEEP_SECONDS = 24 * 3600.0
MAX_BYTES = 64 * 1024


@dataclass(frozen=True)
class Record:
    """The record of a result."""

    id: str
    analysis: str
    parameters: Mapping[str, Any]
    layers: Mapping[str, str]
    code_version: str
    asked_at: str
    cited_at: str | None = None


class Results:
    """The records of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.folder = workspace.folder / "results"

    def remember(self, result: Result) -> Record:
        """Write the record of a result, unless there is one; raises Unwritable where nothing can be written."""
        path = self.folder / f"{result.id}.json"
        if path.is_file():
            return self.read(result.id)
        record = Record(
            result.id,
            result.analysis,
            dict(result.parameters),
            dict(result.layers),
            str(result.to_dict()["code_version"]),
            utc_now(),
        )
        with self.workspace.lock():
            self._sweep()
            if not path.is_file():
                self._write(record)
        return record

    def read(self, id_: str) -> Record:
        """Return a record; raises BadValue for what is no id, NotFound, and BadData where the record is damaged."""
        if not ID.match(id_):
            raise BadValue("id", id_, "result_id")
        path = self.folder / f"{id_}.json"
        try:
            data = path.read_bytes()
        except OSError:
            raise NotFound("result", id_) from None
        try:
            value = strict_json.parse(data)
            record = Record(**{key: item for key, item in value.items() if key != "schema"})
            intact = result_id(record.analysis, record.parameters, record.layers) == id_ == record.id
        except (TypeError, AttributeError, BadData):
            intact = False
        if not intact:
            raise BadData("", "result_damaged", id=id_)
        return record

    def cite(self, id_: str, part: Callable[[str], tuple[Layer, bytes]]) -> Record:
        """Keep the layer versions that a result needs, and mark its record as cited.

        `part` gives a layer as it is now, with its content. Raises Refused where one has changed since the answer and
        the version asked is no longer held; Unwritable where nothing can be written.
        """
        record = self.read(id_)
        if record.cited_at is not None and all(self.workspace.keeps(version) for version in record.layers.values()):
            return record
        with self.workspace.lock():
            for name, version in record.layers.items():
                if self.workspace.keeps(version):
                    continue
                layer, content = part(name)
                if layer.version != version:
                    raise Refused("version_gone", id=id_, layer=name, version=version[:16])
                self.workspace.keep(layer, content)
            record = replace(record, cited_at=record.cited_at or utc_now())
            self._write(record)
        return record

    def _write(self, record: Record) -> None:
        data = json.dumps({"schema": 1, **asdict(record)}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        if len(data) > MAX_BYTES:
            raise Refused("long_parameters", id=record.id)
        write_whole(self.folder / f"{record.id}.json", data)

    def _sweep(self) -> None:
        """Remove the records that expired uncited, at most once a day. The caller holds the lock."""
        marker = self.folder / ".swept"
        moment = time.time()
        if marker.exists() and moment - marker.stat().st_mtime < SWEEP_SECONDS:
            return
        for path in self.folder.glob("*.json"):
            if moment - path.stat().st_mtime > EXPIRE_DAYS * 24 * 3600:
                with suppress(BadData, NotFound, BadValue):
                    if self.read(path.stem).cited_at is None:
                        path.unlink()
        marker.touch()
