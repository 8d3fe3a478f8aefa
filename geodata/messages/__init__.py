"""Messages in both languages: a code and its parameters, rendered where a reader sees them.

The catalogues `en.json` and `ar.json` hold a text by code in ICU MessageFormat: `{name}` stands for a parameter,
`{count, plural, one {# row} other {# rows}}` for a noun in the form that its number takes (CLDR's plural rules).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = ("en", "ar")
_SEPARATORS = {"en": ", ", "ar": "، "}
_ISOLATED = "\u2068{}\u2069"
"""First strong isolate: among Arabic words a value keeps the direction it has by itself."""

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_MAX_TEXT = 1_000
"""Characters of a value that leave a process: what a library says of an untrusted file may be long."""

Nodes = list[Any]


class Message:
    """A code of the catalogues and the values of its parameters.

    A value is a text, a number, another message, a text in both languages (`{"en": …, "ar": …}`), or several of them.

    >>> str(Message("allowed.vertices_at_least", least=2))
    'at least 2 vertices'
    """

    def __init__(self, code: str, /, **parameters: Any) -> None:
        self.code = code
        self.parameters = parameters

    def text(self, language: str = "en") -> str:
        """Return the message in a language; raises KeyError for a code or a parameter that there is not."""
        return rendered(_parsed(language, self.code), self.parameters, language, _rendered)

    def texts(self) -> dict[str, str]:
        """Return the message in every language."""
        return {language: self.text(language) for language in LANGUAGES}

    def to_dict(self) -> dict[str, Any]:
        """Return the message as JSON values, from which `from_dict` makes an equal one."""
        return {"code": self.code, "parameters": {name: _plain(value) for name, value in self.parameters.items()}}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Message:
        """Return the message that `to_dict` described."""
        return cls(value["code"], **{name: _read(part) for name, part in value["parameters"].items()})

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"Message({self.code!r}, {self.parameters!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.code, self.parameters) == (other.code, other.parameters)

    def __hash__(self) -> int:
        return hash(self.code)


def one_of(values: Iterable[object]) -> Message:
    """Return the message that lists what is allowed."""
    return Message("allowed.one_of", values=[str(value) for value in values])


def texts(code: str, /, **parameters: Any) -> dict[str, str]:
    """Return the text of a code in every language."""
    return Message(code, **parameters).texts()


def same_in_all(value: object) -> dict[str, str]:
    """Return a value as a parameter that stands the same in every language, its direction not isolated."""
    return dict.fromkeys(LANGUAGES, str(value))


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return the texts of a language by code."""
    entries: Mapping[str, str] = json.loads((Path(__file__).parent / f"{language}.json").read_text("utf-8"))
    return entries


@cache
def parse(text: str) -> Nodes:
    """Return the nodes of a text in ICU MessageFormat: texts, parameters and plurals."""
    from pyicumessageformat import Parser

    nodes: Nodes = Parser().parse(text)
    return nodes


@cache
def _parsed(language: str, code: str) -> Nodes:
    text = catalogue(language)[code]
    return parse(text) if "{" in text or "'" in text else [text]


@cache
def _plural_form(language: str) -> Any:
    # Babel takes a fiftieth of a second to load, which only messages with a count should wait for.
    from babel import Locale

    return Locale.parse(language).plural_form


def category(language: str, value: object) -> str:
    """Return the plural category of a number, or of a number as it is written: of a range, that of its end.

    >>> category("ar", 3), category("ar", "3,500"), category("ar", "16–17"), category("en", 1)
    ('few', 'other', 'many', 'one')
    """
    numbers = _NUMBER.findall(str(value))
    return str(_plural_form(language)(Decimal(numbers[-1].replace(",", "")))) if numbers else "other"


def rendered(
    nodes: Nodes,
    parameters: Mapping[str, Any],
    language: str,
    show: Callable[[Any, str], str],
    count: Callable[[Any], str] = str,
) -> str:
    """Return a parsed text with its parameters put in; raises KeyError for one that is missing.

    `show` gives a value as it stands in a text of the language, `count` the number of a counted noun, which stands
    beside it and turns nothing round.
    """

    def part(node: str | Mapping[str, Any]) -> str:
        if isinstance(node, str):
            return node
        value = parameters[node["name"]]
        if node.get("type") == "plural":
            options = node["options"]
            chosen = options.get(f"={value}") or options.get(category(language, value)) or options["other"]
            return "".join(map(part, chosen))
        return count(value) if node.get("hash") else show(value, language)

    return "".join(map(part, nodes))


def _rendered(value: Any, language: str) -> str:
    if isinstance(value, Message):
        return value.text(language)
    if isinstance(value, Mapping) and language in value:
        return str(value[language])
    if isinstance(value, list | tuple):
        return _SEPARATORS[language].join(_rendered(part, language) for part in value)
    # A whole number without a sign turns nothing round.
    bare = language == "en" or (isinstance(value, int) and value >= 0)
    return str(value) if bare else _ISOLATED.format(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return {"message": value.to_dict()}
    if isinstance(value, Mapping) and set(value) == set(LANGUAGES):
        return dict(value)
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value if isinstance(value, int | float) else str(value)[:_MAX_TEXT]


def _read(value: Any) -> Any:
    if isinstance(value, dict) and "message" in value:
        return Message.from_dict(value["message"])
    return [_read(part) for part in value] if isinstance(value, list) else value
