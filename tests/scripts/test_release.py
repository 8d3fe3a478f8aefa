"""Wheel and source distribution hold the whole project, and nothing of the place or the time of their build."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.release import RELEASE, distributions, normalised
from tests.tree import ROOT, tracked

EPOCH = 1_700_000_000
PACKAGES = ("geodata/*", "webapp/*")
# What setuptools adds to a source distribution.
ADDED = ("PKG-INFO", "setup.cfg", "masafa.egg-info/")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the distributions of the tree as it is now."""
    folder = tmp_path_factory.mktemp("release")
    for path in tracked("*"):
        target = folder / "tree" / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    distributions(folder / "tree", folder / "dist", EPOCH)
    return folder / "dist"


@pytest.fixture(scope="module")
def sdist(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the unpacked source distribution."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    return next(folder.iterdir())


def names(*patterns: str) -> set[str]:
    """Return tracked files as they are called within the project."""
    return {path.relative_to(ROOT).as_posix() for path in tracked(*patterns)}


def test_the_wheel_holds_the_packages_and_nothing_else(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
        assert {entry.date_time[:3] for entry in wheel.infolist()} == {(2023, 11, 14)}
    assert len(packed) > 400
    assert packed == names(*PACKAGES)


def test_the_source_distribution_is_the_tree(sdist: Path) -> None:
    packed = {path.relative_to(sdist).as_posix() for path in sdist.rglob("*") if path.is_file()}
    assert names("*") - packed == set()
    assert [name for name in packed - names("*") if not name.startswith(ADDED)] == []


def test_its_tests_run_from_it(sdist: Path) -> None:
    chosen = ["tests/test_model.py", "tests/test_offline.py", "tests/test_sizes.py"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *chosen],
        cwd=sdist,
        env={**os.environ, "PYTHONPATH": str(sdist)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_image_takes_what_the_release_writes() -> None:
    recipe = (ROOT / "deploy/Dockerfile").read_text("utf-8")
    copied = [line.split()[1] for line in recipe.splitlines() if line.startswith("COPY")]
    assert copied == ["requirements.txt", f"{RELEASE.relative_to(ROOT).as_posix()}/*.whl"]
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert ignored == ["*", *(f"!{name}" for name in copied)]
    assert "--require-hashes" in recipe


def archive(files: dict[str, bytes], time: int, owner: int) -> bytes:
    """Return a .tar.gz as somebody's machine writes it."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as target:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.uid, member.uname = len(content), time, owner, f"user{owner}"
            target.addfile(member, io.BytesIO(content))
    return gzip.compress(stream.getvalue(), mtime=time)


@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8})?", fullmatch=True), st.binary(max_size=40), min_size=1),
    st.integers(0, 2**31),
    st.integers(0, 2**20),
)
def test_neither_time_nor_owner_nor_order_is_in_the_bytes(files: dict[str, bytes], time: int, owner: int) -> None:
    elsewhere = archive(dict(reversed(files.items())), time, owner)
    assert normalised(elsewhere, EPOCH) == normalised(archive(files, EPOCH, 0), EPOCH)
    with tarfile.open(fileobj=io.BytesIO(normalised(elsewhere, EPOCH))) as result:
        assert {m.name: (f := result.extractfile(m)) and f.read() for m in result} == files
