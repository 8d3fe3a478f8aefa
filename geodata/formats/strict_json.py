"""JSON without surprises: bounded depth and size, no NaN, no doubled keys; every complaint points to its place."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from geodata.errors import BadData, shown
from geodata.settings import MAX_BYTES, MAX_DEPTH

_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


class Object(dict[str, Any]):
    """A JSON object that remembers which of its keys stood there twice."""

    doubled: tuple[str, ...] = ()


class NotANumber(float):
    """What stands where the text said NaN, Infinity or -Infinity."""


def _object(pairs: list[tuple[str, Any]]) -> Object:
    made = Object(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        made.doubled = tuple(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return made


def depth(data: bytes) -> int:
    """Return how deep brackets nest in `data`, without parsing it."""
    level = deepest = 0
    for match in _BRACKETS.finditer(data):
        sign = match[0]
        if sign in (b"[", b"{"):
            level += 1
            deepest = max(deepest, level)
        elif sign in (b"]", b"}"):
            level -= 1
    return deepest


def parse(data: bytes) -> Any:
    """Return the value of a JSON text in UTF-8.

    Raises BadData for what is not JSON, too large (128 MiB) or nested deeper than 64. Doubled keys and numbers that
    are not finite are left in the value, marked, so that `problems` can say where they stand.
    """
    if len(data) > MAX_BYTES:
        raise BadData("", f"{len(data)} bytes; at most {MAX_BYTES} are read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadData("", f"not UTF-8: byte {error.start} is 0x{data[error.start]:02x}") from None
    if depth(data) > MAX_DEPTH:
        raise BadData("", f"nested {depth(data)} deep; at most {MAX_DEPTH} is read")
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=NotANumber)
    except json.JSONDecodeError as error:
        raise BadData("", f"not JSON: {error.msg} (line {error.lineno}, column {error.colno})") from None
    except ValueError as error:
        raise BadData("", f"not JSON: {error}") from None


def step(pointer: str, key: str | int) -> str:
    """Return the JSON pointer (RFC 6901) of `key` below `pointer`."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def problems(value: Any, pointer: str = "") -> list[tuple[str, str]]:
    """Return pointer and message of every doubled key and every number that is not finite."""
    found: list[tuple[str, str]] = []
    stack = [(pointer, value)]
    while stack:
        here, item = stack.pop()
        if isinstance(item, Object):
            found += [(here, f"the key {shown(key)!r} stands here twice") for key in item.doubled]
        if isinstance(item, dict):
            stack += [(step(here, key), below) for key, below in reversed(item.items())]
        elif isinstance(item, list):
            if all(isinstance(below, float) and math.isfinite(below) for below in item):
                continue
            stack += [(step(here, index), below) for index, below in reversed(list(enumerate(item)))]
        elif isinstance(item, float) and not math.isfinite(item):
            found.append((here, f"{item} is not a finite number"))
    return found
