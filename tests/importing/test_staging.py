"""Rows set down in memory and in a file, in one piece and in many, are the same layer in the end."""

from __future__ import annotations

import io
from pathlib import Path
from threading import Semaphore

import numpy as np
import pyarrow as pa
import pytest

from geodata.importing import delimited, staging
from geodata.importing import ingest as loading
from geodata.importing.staging import CURVE, InFiles, InMemory, stage
from geodata.importing.utf8_stream import Utf8Stream
from tests.importing.conftest import Bring
from tests.importing.made import acled, acled_file

COUNT = 2_000


def made() -> bytes:
    """Return a file with places here and there, nowhere and known to a governorate, and with ids and events twice."""
    random = np.random.default_rng(2)
    rows = []
    for at in range(COUNT):
        lon, lat = random.uniform([39, 30], [48, 37])
        place = (
            {"latitude": f"{lat:.3f}", "longitude": f"{lon:.3f}", "geo_precision": str(at % 3 + 1)} if at % 9 else {}
        )
        text = {"notes": f"  ملاحظة {at} ", "actor2": "" if at % 4 else f"Group {at % 50}", "location": f"L{at}"}
        rows.append(acled(f"IRQ{at % (COUNT - 5)}", **(place if at % 9 else {}), **text))
    return acled_file(*rows, acled("A"), acled("B"))


def test_the_version_is_the_same_however_rows_were_set_down(
    bring: Bring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "LARGE", 1)
    versions, data = [], made()
    monkeypatch.setattr(delimited, "BLOCK", 64 * 1024)
    for stored, piece in ((10**9, 10**9), (10**9, 40_000), (100_000, 40_000)):
        monkeypatch.setattr(loading, "HELD", stored)
        monkeypatch.setattr(staging, "PIECE", piece)
        monkeypatch.setenv("MASAFA_WORKSPACE", str(tmp_path / f"{stored}-{piece}"))
        report, layer = bring(data, layer="made")
        versions.append(report.version)
        assert len(layer.features) == COUNT + 2
        again, _ = bring(data, layer="made")
        assert (again.version, again.tally.unchanged) == (report.version, COUNT + 2)
    assert len(set(versions)) == 1


def tables(size: int) -> list[pa.Table]:
    """Return rows of coded and plain texts, in tables that code them each in their own way."""
    random = np.random.default_rng(1)
    found = []
    for start in range(0, COUNT, size):
        numbers = np.arange(start, min(COUNT, start + size))
        columns = {
            "lon": random.uniform(-180, 180, len(numbers)),
            "lat": random.uniform(-90, 90, len(numbers)),
            "coded": pa.array([None if at % 7 == 0 else f"w{at % 20}" for at in numbers]).dictionary_encode(),
            "plain": pa.array([f"n{at}" for at in numbers]),
            "number": numbers,
        }
        found.append(pa.table(columns))
    return found


@pytest.mark.parametrize(("most", "kind"), [(10**9, InMemory), (0, InFiles)])
def test_rows_are_had_at_any_places_in_any_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, kind: type
) -> None:
    monkeypatch.setattr(staging, "GROUP", 64)
    monkeypatch.setattr(staging, "PIECE", 10_000)
    staged = stage(tables(100), tmp_path / "rows.parquet", most)
    assert isinstance(staged, kind)
    assert len(staged) == COUNT
    assert CURVE in staged.names
    numbers = staged.rows(np.arange(COUNT)).column("number").to_numpy()
    assert sorted(numbers) == list(range(COUNT))
    for places in (np.array([5, 1_999, 0, 5]), np.random.default_rng(3).permutation(COUNT)):
        rows = staged.rows(places)
        assert CURVE not in rows.schema.names
        found = numbers[places].tolist()
        assert rows.column("number").to_pylist() == found
        assert rows.column("plain").to_pylist() == [f"n{at}" for at in found]
        assert rows.column("coded").to_pylist() == [None if at % 7 == 0 else f"w{at % 20}" for at in found]


@pytest.mark.parametrize(
    "data",
    [
        "\ufeffa,الهول\n😀é\n".encode() * 9,
        b"a,\xd8\n\xff\xfe,\xe2\x80\n" + "الهول".encode() * 5 + b"\xf0\x9f",
        b"",
    ],
)
def test_utf8_is_read_the_same_in_blocks_of_any_size(data: bytes) -> None:
    whole = data.decode("utf-8", "replace").removeprefix("\ufeff").encode()
    for size in range(1, 12):
        stream = Utf8Stream(io.BytesIO(data), "utf-8", Semaphore(1_000))
        assert b"".join(iter(lambda stream=stream, size=size: stream.read(size), b"")) == whole
