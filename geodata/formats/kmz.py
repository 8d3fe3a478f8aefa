"""KMZ: a KML text in a zip file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from geodata.errors import BadData
from geodata.formats import archives, kml
from geodata.formats.dataset import Dataset, Options


def save(parts: Sequence[Dataset], stream: IO[bytes], options: Options) -> list[str]:
    """Write `doc.kml` into a zip file."""
    text = io.BytesIO()
    warnings = kml.save(parts, text, options)
    archives.write(stream, {"doc.kml": text.getvalue()})
    return warnings


def load(path: Path) -> list[Dataset]:
    """Return the placemarks of the first KML text in a zip file; raises BadData."""
    with archives.opened(path) as archive:
        names = [member.filename for member in archive.infolist() if member.filename.lower().endswith(".kml")]
        if not names:
            raise BadData("", "kmz_without_kml")
        return kml.parsed(io.BytesIO(archives.member(archive, names[0])), path.stem)
