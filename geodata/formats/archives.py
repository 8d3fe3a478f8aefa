"""Untrusted zip and gzip files: checked before anything is unpacked."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from geodata.errors import BadData

MAX_MEMBERS = 2_000
MAX_UNPACKED = 1024 * 1024 * 1024
"""Bytes of all members together."""
MAX_RATIO = 200
"""Unpacked to packed; WKT and JSON stay below 30."""
_SMALL = 1024 * 1024
_FIRST = (1980, 1, 1, 0, 0, 0)


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip file; raises BadData where it is none, is damaged, or holds too much or what reaches out of it."""
    try:
        with zipfile.ZipFile(path) as archive:
            _look(archive)
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise BadData("", "zip_unreadable", error=error) from None


def _look(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise BadData("", "zip_members", count=len(members), most=MAX_MEMBERS)
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > MAX_UNPACKED:
        raise BadData("", "unpacked_bytes", size=unpacked, most=MAX_UNPACKED)
    if unpacked > _SMALL and unpacked > MAX_RATIO * packed:
        raise BadData("", "unpacked_ratio", ratio=unpacked // max(packed, 1), most=MAX_RATIO)
    seen = set()
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in member.filename or "\x00" in member.filename:
            raise BadData("", "zip_member_outside", name=member.filename[:80])
        if member.filename in seen:
            raise BadData("", "zip_member_twice", name=member.filename[:80])
        seen.add(member.filename)


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return all bytes of a member, never more than its header states."""
    with archive.open(name) as stream:
        return stream.read(archive.getinfo(name).file_size)


@contextmanager
def unpacked(path: Path, most: int = MAX_UNPACKED) -> Iterator[IO[bytes]]:
    """Open a file, unpacked where it is gzipped; reading raises BadData where it is damaged or past `most` bytes."""
    with path.open("rb") as plain:
        packed = plain.read(2) == b"\x1f\x8b"
        plain.seek(0)
        if packed:
            with gzip.open(plain) as stream:
                yield io.BufferedReader(_Bounded(stream, most), _SMALL)
        else:
            yield plain


class _Bounded(io.RawIOBase):
    """An unpacked stream with a limit on its size."""

    def __init__(self, stream: gzip.GzipFile, most: int) -> None:
        self._stream, self._most, self._left = stream, most, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._stream.read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise BadData("", "not_unpacked", error=error) from None
        self._left -= len(data)
        if self._left < 0:
            raise BadData("", "unpacked_more", most=self._most)
        buffer[: len(data)] = data
        return len(data)


def write(stream: IO[bytes], members: Mapping[str, bytes | Path]) -> None:
    """Write a zip file; the same members give the same bytes."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, _FIRST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with archive.open(info, "w") as target:
                if isinstance(content, bytes):
                    target.write(content)
                else:
                    with content.open("rb") as source:
                        while block := source.read(_SMALL):
                            target.write(block)
