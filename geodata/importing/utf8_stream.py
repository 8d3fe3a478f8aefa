"""A text in any encoding, read as UTF-8 block by block, no more of it ahead than there is room for."""

from __future__ import annotations

import codecs
import io
from threading import Semaphore
from typing import IO

import pyarrow as pa

BLOCK = 8 * 1024 * 1024
"""Bytes parsed at a time; a row must be shorter."""


class Utf8Stream(io.RawIOBase):
    """A text in any encoding as UTF-8; what its encoding does not know becomes a sign of loss."""

    broken: Exception | None = None
    """Why the text ends before its end: an error is not sent through the parser's threads."""

    def __init__(self, stream: IO[bytes], encoding: str, room: Semaphore) -> None:
        self._stream, self._first, self._room = stream, True, room
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._is_utf8 = codecs.lookup(encoding).name == "utf-8"

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        # The parser reads dozens of blocks ahead, were it let; one of blank lines alone gives no rows and no room.
        self._room.acquire(timeout=0.2)
        try:
            return self._next(size)
        except Exception as error:
            self.broken = error
            return b""

    def _next(self, size: int) -> bytes:
        while True:
            data = self._stream.read(size if size >= 0 else BLOCK)
            if self._is_utf8 and not self._first and data and (chunk := self._as_it_is(data)) is not None:
                if chunk:
                    return chunk
                continue
            text = self._decoder.decode(data, final=not data)
            if self._first and text:
                text, self._first = text.removeprefix("\ufeff"), False
            if text or not data:
                return text.encode("utf-8", "replace")

    def _as_it_is(self, data: bytes) -> bytes | None:
        """Return the bytes that are valid UTF-8, up to the last complete character; None where they are not.

        Validation is many times as fast as decoding and encoding.
        """
        data = self._decoder.getstate()[0] + data
        cut = len(data) - _begun(data[-3:])
        ends = pa.array([0, cut], pa.int32()).buffers()[1]
        try:
            pa.Array.from_buffers(pa.binary(), 1, [None, ends, pa.py_buffer(data)]).cast(pa.string())
        except pa.ArrowInvalid:
            return None
        self._decoder.reset()
        return data[:cut] + self._decoder.decode(data[cut:]).encode()


def _begun(end: bytes) -> int:
    """Return how many bytes of a letter that goes on end a text of UTF-8."""
    for back, byte in enumerate(reversed(end), start=1):
        if byte >= 0xC0:
            return back if back < 2 + (byte >= 0xE0) + (byte >= 0xF0) else 0
    return 0
