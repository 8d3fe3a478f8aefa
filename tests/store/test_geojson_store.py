"""Files written whole or not at all, in the order that a crash needs; and stores of files."""

from __future__ import annotations

import errno
import gc
import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import BadData, NotFound, Unwritable
from geodata.store import geojson_store
from geodata.store.geojson_store import FileStore, digest, layer_of, records, sync_folder, write_whole, writing

NOTHING = b'{"type":"FeatureCollection","features":[]}'


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Return what is synced and renamed, in order, with the content that was synced."""
    done: list[tuple[str, Any]] = []
    fsync, replace = os.fsync, Path.replace

    def synced(handle: int) -> None:
        folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        path = Path(f"/proc/self/fd/{handle}").readlink()
        done.append(("folder", path) if folder else ("file", path.read_bytes()))
        fsync(handle)

    def renamed(self: Path, target: Path) -> Path:
        done.append(("rename", target))
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    return done


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10, deadline=None)
@given(st.binary(max_size=100_000))
def test_content_then_name_then_folder(tmp_path: Path, steps: list[tuple[str, Any]], data: bytes) -> None:
    steps.clear()
    write_whole(tmp_path / "a.json", data)
    assert steps == [("file", data), ("rename", tmp_path / "a.json"), ("folder", tmp_path)]
    assert (tmp_path / "a.json").read_bytes() == data
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o644
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def put(path: Path, then: Callable[[], None] | None) -> None:
    """Write a file, and do something before it is whole."""
    with writing(path) as stream:
        stream.write(b"new")
        if then is not None:
            then()


class Stopped(BaseException):
    """Something that no handler of errors takes for one of its own."""


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left on device"), Stopped()])
@pytest.mark.parametrize("step", ["write", "fsync", "chmod", "replace"])
def test_what_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: BaseException
) -> None:
    path = tmp_path / "a.json"
    write_whole(path, b"old")

    def fail(*_: object) -> None:
        raise failure

    expected = Unwritable if isinstance(failure, OSError) else Stopped
    with monkeypatch.context() as patched:
        if step == "fsync":
            patched.setattr(os, "fsync", fail)
        elif step != "write":
            patched.setattr(Path, step, fail)
        with pytest.raises(expected) as error:
            put(path, fail if step == "write" else None)
    if expected is Unwritable:
        assert str(error.value) == f"{path}: cannot be written: No space left on device"
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]


def test_the_temporary_file_is_hidden_and_in_the_same_folder(tmp_path: Path) -> None:
    with writing(tmp_path / "a.json") as stream:
        stream.write(b"x")
        (stored,) = tmp_path.iterdir()
        assert stored.name.startswith(".a.json.")


def test_a_reason_that_has_no_words_is_told_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError("odd")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(Unwritable, match="cannot be written: odd"):
        write_whole(tmp_path / "a", b"")


def test_a_folder_is_closed_again(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    sync_folder(tmp_path)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unwritable, match="gone/a: cannot be written: No such file"):
        write_whole(tmp_path / "gone" / "a", b"")


@given(st.binary(max_size=10_000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10, deadline=None)
def test_a_digest_is_the_sha256(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    assert digest(tmp_path / "a") == hashlib.sha256(data).hexdigest()
    (tmp_path / "a").unlink()


def catalogue(folder: Path, *entries: dict[str, Any]) -> FileStore:
    folder.mkdir(exist_ok=True)
    import json

    (folder / "catalog.json").write_text(json.dumps({"layers": list(entries)}))
    return FileStore(folder)


def test_a_layer_is_read_once_and_its_version_is_its_content(tmp_path: Path) -> None:
    store = catalogue(tmp_path / "layers", {"id": "a"}, {"id": "b", geojson_store.STORED: "f" * 64})
    path = tmp_path / "layers" / "a.geojson"
    path.write_bytes(NOTHING)
    layer = store.layer("a")
    assert (layer.version, layer.features) == (hashlib.sha256(NOTHING).hexdigest(), ())
    path.unlink()
    assert store.layer("a") is layer
    assert list(store.entries) == ["a", "b"]
    assert store.path("b") == tmp_path / "tables" / f"{'f' * 64}.json"
    for ask in (store.layer, store.path, store.display_path):
        with pytest.raises(NotFound, match="no layer is called 'nope'; there are: a, b"):
            ask("nope")


def test_the_simplified_copy_is_shown_where_there_is_one(tmp_path: Path) -> None:
    store = catalogue(tmp_path, {"id": "a"})
    assert store.display_path("a") == store.path("a") == tmp_path / "a.geojson"
    (tmp_path / "display").mkdir()
    (tmp_path / "display" / "a.geojson").write_bytes(NOTHING)
    assert store.display_path("a") == tmp_path / "display" / "a.geojson"


@pytest.mark.parametrize("text", [b"[]", b"{}", b'{"layers": {}}', b'{"layers": null}', b'"layers"'])
def test_a_file_of_records_holds_a_list(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "catalog.json"
    path.write_bytes(text)
    with pytest.raises(BadData, match=r"/layers: catalog\.json holds no list of layers"):
        records(path, "layers")


@pytest.mark.parametrize("working", [True, False])
def test_reading_leaves_the_collector_as_it_was(working: bool) -> None:
    try:
        (gc.enable if working else gc.disable)()
        layer_of("a", NOTHING, {})
        assert gc.isenabled() == working
        with pytest.raises(BadData):
            layer_of("a", b"{", {})
        assert gc.isenabled() == working
    finally:
        gc.enable()


def test_a_feature_keeps_what_the_file_says_of_it() -> None:
    text = (
        b'{"type":"FeatureCollection","features":[{"type":"Feature","id":"a","geometry":'
        b'{"type":"Point","coordinates":[41,34]},"properties":{"kind":"town"}},'
        b'{"type":"Feature","id":"b","geometry":null,"properties":null}]}'
    )
    first, second = layer_of("places", text, {}).features
    assert (first.id, first.layer, first.kind) == ("a", "places", "town")
    assert first.geometry is not None
    assert (first.geometry.x, first.geometry.y) == (41, 34)
    assert (second.geometry, second.properties) == (None, {})
