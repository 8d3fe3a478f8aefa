"""JSON without surprises: bounded depth and size, no NaN, no doubled keys; every complaint points to its place."""

from __future__ import annotations

import json
import math
import re
from itertools import chain
from typing import Any

import numpy as np

from geodata.errors import BadData, shown
from geodata.messages import Message
from geodata.settings import MAX_BYTES, MAX_DEPTH

# A string nobody closed runs to the end: looked for anew from each quote in it, a long one would take hours.
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\Z)', re.DOTALL)
_OPENED = bytes.maketrans(b"[{]}", bytes([1, 1, 255, 255]))
_NO_BRACKETS = bytes(set(range(256)) - set(b"[{]}"))


class Object(dict[str, Any]):
    """A JSON object that records its duplicate keys."""

    doubled: tuple[str, ...] = ()


class NotANumber(float):
    """The value that replaces NaN, Infinity or -Infinity."""


def _object(pairs: list[tuple[str, Any]]) -> Object:
    item = Object(pairs)
    if len(item) != len(pairs):
        seen: set[str] = set()
        item.doubled = tuple(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return item


def depth(data: bytes) -> int:
    """Return how deep brackets nest in `data`, without parsing it."""
    brackets = _STRING.sub(b"", data).translate(_OPENED, _NO_BRACKETS)
    steps = np.frombuffer(brackets, dtype=np.int8)
    return int(np.cumsum(steps, dtype=np.int64).max(initial=0))


def parse(data: bytes) -> Any:
    """Return the value of a JSON text in UTF-8.

    Raises BadData for what is not JSON, too large (128 MiB) or nested deeper than 64. Doubled keys and numbers that
    are not finite are left in the value, marked, so that `problems` can say where they stand.
    """
    if len(data) > MAX_BYTES:
        raise BadData("", "bytes", size=len(data), most=MAX_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadData("", "not_utf8", position=error.start, byte=f"{data[error.start]:02x}") from None
    # A text with fewer brackets, as a line of a long file, is not nested deeper.
    if data.count(b"{") + data.count(b"[") > MAX_DEPTH and depth(data) > MAX_DEPTH:
        raise BadData("", "nested", depth=depth(data), most=MAX_DEPTH)
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=NotANumber)
    except json.JSONDecodeError as error:
        raise BadData("", "not_json_at", error=error.msg, line=error.lineno, column=error.colno) from None
    except ValueError as error:
        raise BadData("", "not_json", error=error) from None


def step(pointer: str, key: str | int) -> str:
    """Return the JSON pointer (RFC 6901) of `key` below `pointer`."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def problems(value: Any, pointer: str = "") -> list[tuple[str, Message]]:
    """Return pointer and message of every doubled key and every number that is not finite."""
    issues: list[tuple[str, Message]] = []
    stack = [(pointer, value)]
    while stack:
        here, item = stack.pop()
        if isinstance(item, Object):
            issues += [(here, Message("data.doubled_key", key=shown(key))) for key in item.doubled]
        if isinstance(item, dict):
            members = reversed(item.items())
            stack += [(step(here, key), below) for key, below in members if isinstance(below, dict | list | float)]
        elif isinstance(item, list):
            if _finite(item):
                continue
            stack += [(step(here, index), below) for index, below in reversed(list(enumerate(item)))]
        elif isinstance(item, float) and not math.isfinite(item):
            issues.append((here, Message("data.not_finite", number=item)))
    return issues


def _finite(positions: list[Any]) -> bool:
    """Tell quickly whether a list holds only lists of finite numbers; False where that needs a closer check."""
    try:
        return math.isfinite(sum(chain.from_iterable(positions)))
    except (TypeError, OverflowError):
        return False
