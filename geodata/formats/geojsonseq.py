"""GeoJSON text sequences: a feature a line (RFC 8142; the record separator is read, and not written)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from geodata.errors import BadData
from geodata.formats import archives, geojson, strict_json
from geodata.formats.dataset import Dataset, Metadata, Options, Row
from geodata.formats.geojson_text import dumped, pour

_SEPARATOR = b"\x1e"


def save(parts: Sequence[Dataset], stream: IO[bytes], options: Options) -> list[str]:
    """Write one part, a feature a line; the first carries what must travel with the layer as `masafa`."""
    about = b'"masafa":' + dumped(parts[0].metadata.to_dict())
    count = pour(parts[0], options, stream, b"\n", member=about)
    stream.write(b"\n" if count else b"")
    return [] if count else ["an empty sequence holds no licence and no attribution"]


def load(path: Path) -> list[Dataset]:
    """Return the features of a file; raises BadData with the line for the first that is not a good feature."""
    about = Metadata(path.stem)
    with archives.unpacked(path) as stream:
        rows = list(_rows(stream))
    with archives.unpacked(path) as stream:
        first = next((line for line in stream if line.strip(_SEPARATOR + b" \t\r\n")), b"")
    if first:
        about = Metadata.from_dict(strict_json.parse(first.strip(_SEPARATOR)).get("masafa"), path.stem)
    return [Dataset(about, rows)]


def _rows(stream: IO[bytes]) -> Iterator[Row]:
    for number, line in enumerate(stream):
        text = line.strip(_SEPARATOR + b" \t\r\n")
        if text:
            try:
                yield from map(geojson.row, geojson.read(text))
            except BadData as error:
                raise BadData(f"/{number}{error.pointer}", error.reason) from None
