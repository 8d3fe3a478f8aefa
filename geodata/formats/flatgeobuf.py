"""FlatGeobuf: one layer with a spatial index, in a file that can be read by parts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from geodata.errors import BadData
from geodata.formats import gdal
from geodata.formats.dataset import Dataset, Metadata, Options

_MAGIC = b"fgb\x03"
_MOST_HEADER = 10 * 1024 * 1024


def save(parts: Sequence[Dataset], stream: IO[bytes], options: Options) -> list[str]:
    """Write one part. Rows without a geometry have no place in a spatial index: with any, the file has none."""
    metadata = parts[0].metadata
    rows = list(parts[0].rows)
    lost = gdal.stray(rows)
    with gdal.delivered(stream, "layer.fgb") as path:
        gdal.write(
            path,
            Dataset(metadata, rows),
            options,
            "FlatGeobuf",
            SPATIAL_INDEX="NO" if lost else "YES",
            TITLE=metadata.title.get("en") or metadata.layer,
            DESCRIPTION=json.dumps(metadata.to_dict(), ensure_ascii=False),
        )
    return [f"{warning}: the file is written without a spatial index" for warning in lost]


def load(path: Path) -> list[Dataset]:
    """Return the layer of a file; raises BadData."""
    with path.open("rb") as stream:
        if stream.read(4) != _MAGIC:
            raise BadData("", "flatgeobuf_signature")
    part = gdal.read(path)
    return [replace(part, metadata=Metadata.from_dict(_described(path), part.metadata.layer))]


def _described(path: Path) -> Any:
    """Return the JSON that `save` put into the header's description, which GDAL does not hand out."""
    with path.open("rb") as stream:
        size = int.from_bytes(stream.read(12)[8:], "little")
        header = stream.read(min(size, _MOST_HEADER))
    start = header.find(b'{"schema": 1')
    if start < 0:
        return None
    try:
        return json.JSONDecoder().raw_decode(header[start:].decode("utf-8", "replace"))[0]
    except (ValueError, RecursionError):
        return None
