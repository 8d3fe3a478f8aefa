"""CQL2 as text or JSON to one checked tree, CQL2-JSON as plain values: bounded in length, depth and size."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from geodata.errors import BadData, BadValue
from geodata.formats import strict_json
from geodata.messages import Message, one_of

LANGUAGES = ("cql2-text", "cql2-json")
MAX_LENGTH = 4000
"""Characters of a filter."""
MAX_DEPTH = 32
"""Nesting of a filter: the parser works by recursion and would fall over at some hundreds."""
MAX_NODES = 500
"""Operators, functions, properties and literals of a filter; positions of a geometry are counted elsewhere."""

_QUOTED = re.compile(r"'(?:[^']|'')*+'|\"[^\"]*+\"")
_LITERAL = re.compile(r"\"[^\"]*+\"|'(?:[^'\\]|''|\\.)*+'", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"'": "''", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
"""What the standard lets a backslash stand before in a text; before anything else it stays, as LIKE reads it."""
_UNARY = re.compile(rf"(?:(?:not|[-+])\s*+){{{MAX_DEPTH},}}", re.IGNORECASE)
_PLACE = re.compile(r"-->\s*(\d+):(\d+)")


def parse(text: str, lang: str = LANGUAGES[0]) -> Any:
    """Return the CQL2-JSON tree of a filter; raises BadValue, which names `filter` or `filter-lang`."""
    if lang not in LANGUAGES:
        raise BadValue("filter-lang", lang, one_of(LANGUAGES))
    if len(text) > MAX_LENGTH or "\x00" in text:
        raise BadValue("filter", text, "text_at_most", most=MAX_LENGTH)
    tree = _from_json(text) if lang == "cql2-json" else _from_text(text)
    _bound(tree, text)
    return tree


@contextmanager
def naming(parameter: str) -> Iterator[None]:
    """Let what is wrong with a filter name the parameter that states it."""
    try:
        yield
    except BadValue as error:
        if error.parameter != "filter":
            raise
        raise BadValue(parameter, error.value, error.allowed) from None


def _from_text(text: str) -> Any:
    # Imported when a filter is first read: the library starts without it.
    import cql2

    # The parser knows only two quotes for one.
    unescaped = _LITERAL.sub(_unescaped, text)
    bare = _QUOTED.sub("", unescaped)
    if _nesting(bare) > MAX_DEPTH or _UNARY.search(bare):
        raise BadValue("filter", text, "nested_at_most", most=MAX_DEPTH)
    try:
        return cql2.parse_text(unescaped).to_json()
    except cql2.ParseError as error:
        position = _PLACE.search(str(error))
        where = Message("allowed.cql2_text")
        if position:
            where = Message("allowed.cql2_text_from", line=position[1], column=position[2])
        raise BadValue("filter", text, where) from None


def _unescaped(literal: re.Match[str]) -> str:
    """Return a text with its escapes written out; a quoted name has none."""
    if literal[0].startswith('"'):
        return literal[0]
    return _ESCAPE.sub(lambda escape: _ESCAPED.get(escape[1], escape[0]), literal[0])


def _nesting(text: str) -> int:
    depth = most = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        most = max(most, depth)
    return most


def _from_json(text: str) -> Any:
    try:
        value = strict_json.parse(text.encode("utf-8", "surrogatepass"))
    except BadData as error:
        raise BadValue("filter", text, "cql2_json", reason=error.reason) from None
    problems = strict_json.problems(value)
    if problems:
        raise BadValue("filter", text, "cql2_json_at", pointer=problems[0][0] or "/", reason=problems[0][1])
    return value


def _bound(tree: Any, text: str) -> None:
    stack = [(tree, 1)]
    nodes = 0
    while stack:
        value, depth = stack.pop()
        nodes += 1
        if isinstance(value, dict):
            # A geometry's positions are bounded where it is made.
            below = [] if "coordinates" in value or "geometries" in value else list(value.values())
        else:
            below = value if isinstance(value, list) else []
        stack += [(item, depth + 1) for item in below]
        # An operator is two levels of JSON: the object and its list of arguments.
        if depth > 2 * MAX_DEPTH or nodes > MAX_NODES:
            raise BadValue("filter", text, "cql2_size", depth=MAX_DEPTH, parts=MAX_NODES)
        if isinstance(value, float) and not math.isfinite(value):
            raise BadValue("filter", text, "finite_numbers")
