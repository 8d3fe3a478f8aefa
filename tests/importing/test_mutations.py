"""Good files of every format with random damage: an error that says why, or what is left of the rows; soon."""

from __future__ import annotations

import io
import os
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from geodata.catalog import current, workspace
from geodata.errors import MasafaError
from geodata.formats.registry import FORMATS, READABLE
from geodata.importing.ingest import load
from geodata.importing.options import ImportOptions
from tests.formats.parts import part, saved
from tests.formats.samples import SAMPLES
from tests.importing.made import acled, acled_file

TORTURE = "MASAFA_TORTURE" in os.environ
MUTATIONS = 300 if TORTURE else 4
SECONDS = 10
"""That no damaged file may take: with so few rows it is a reader that does not end."""
TEXTS = {
    "acled": lambda: acled_file(*(acled(f"E{at}", fatalities=str(at % 7)) for at in range(30))),
    "table": lambda: ("Ort;Länge;Breite;Datum\n" + "Mosul;43,13;36,34;03.04.2024\n" * 20).encode("cp1252"),
}


def sample(name: str) -> bytes:
    """Return a good file of a format."""
    if name in TEXTS:
        return TEXTS[name]()
    return SAMPLES[name]() if name in SAMPLES else saved(FORMATS[name], [part("sites")])[0]


def mutated(data: bytes, random: np.random.Generator) -> bytes:
    """Return bytes some of which are changed, cut off, left out, doubled or in another place."""
    first, second, third = sorted(random.integers(0, len(data) + 1, 3).tolist())
    match random.integers(0, 7):
        case 0:
            changed = np.frombuffer(data, dtype=np.uint8).copy()
            places = random.integers(0, len(data), int(random.choice([1, 8, 64])))
            changed[places] = random.integers(0, 256, len(places))
            return changed.tobytes()
        case 1:
            return data[:second]
        case 2:
            return data[:first] + data[second:]
        case 3:
            return data[:second] + data[first:second] + data[second:]
        case 4:
            return data[:first] + data[second:third] + data[first:second] + data[third:]
        case 5:
            return data[:first] + bytes(second - first) + data[second:]
        case _:
            # One digit or sign for another: most likely to be read still.
            signs = b"0129-+.eE,;:\"'<>[]{}()/ \n\t\xd9"
            return data[:first] + bytes([signs[int(random.integers(len(signs)))]]) + data[first + 1 :]


def damaged(data: bytes, random: np.random.Generator) -> bytes:
    """Return a file with damage; of a zip file, every other time, within one of its members."""
    if not data.startswith(b"PK") or random.integers(2):
        return mutated(data, random)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        names = whole.namelist()
        struck = names[int(random.integers(len(names)))]
        for name in names:
            content = whole.read(name)
            archive.writestr(name, mutated(content, random) if name == struck and content else content)
    return stream.getvalue()


def stored() -> dict[str, str]:
    return {id_: current().layer(id_).version for id_ in current().ids()}


@pytest.mark.parametrize("name", [*READABLE, *TEXTS])
def test_damage_is_an_error_with_nothing_stored_or_is_read(name: str, tmp_path: Path) -> None:
    whole, random = sample(name), np.random.default_rng(20_240_105)
    extension = READABLE[name].extensions[0] if name in READABLE else ".csv"
    slowest = 0.0
    for number in range(MUTATIONS):
        path = tmp_path / f"damaged-{number}{extension}"
        path.write_bytes(damaged(whole, random))
        before, start = stored(), time.monotonic()
        options = ImportOptions(layer="damaged", replace=True, unplaced=bool(number % 2))
        try:
            load(path, path.name, options, workspace(), current())
        except MasafaError as error:
            assert str(tmp_path) not in str(error)  # noqa: PT017
            assert error.message.text("ar")  # noqa: PT017
            assert stored() == before, number
        else:
            assert len(list(current().layer("damaged").features)) > 0, number
        slowest = max(slowest, time.monotonic() - start)
        assert not list((workspace().folder / "incoming").iterdir()), number
        path.unlink()
    assert slowest < SECONDS or not TORTURE
