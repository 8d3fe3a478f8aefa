"""Errors by meaning; the command line and the web map them to exit codes and statuses in one place.

MasafaError
├── BadValue      a parameter's value is not allowed
├── NotFound      no layer, feature, source or claim of that name
├── BadData       a file's content is not what its format demands
├── Conflict      a feature has changed since it was read
├── Refused       the question is well put but too heavy
└── Unwritable    a place to write to cannot be written
"""

from __future__ import annotations

from collections.abc import Iterable

_SHOWN = 80


def shown(value: object) -> str:
    """Return `value` as a message may show it: one line, at most 80 characters."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


class MasafaError(ValueError):
    """The root of every error Masafa raises on purpose."""


class BadValue(MasafaError):
    """Say which parameter has which value, and what is allowed."""

    def __init__(self, parameter: str, value: object, allowed: str) -> None:
        self.parameter = parameter
        self.value = shown(value)
        self.allowed = allowed
        super().__init__(f"{parameter}: {self.value!r} is not allowed; allowed: {allowed}")


class NotFound(MasafaError):
    """Say what was looked for, under which name, and what is available."""

    def __init__(self, what: str, name: object, available: Iterable[str] = ()) -> None:
        self.what = what
        self.name = shown(name)
        self.available = tuple(available)
        hint = f"; there are: {', '.join(self.available)}" if self.available else ""
        super().__init__(f"no {what} is called {self.name!r}{hint}")


class BadData(MasafaError):
    """Say where in a file something is wrong, as a JSON pointer, and what."""

    def __init__(self, pointer: str, message: str) -> None:
        self.pointer = pointer
        self.reason = message
        super().__init__(f"{pointer or '/'}: {message}")


class Conflict(MasafaError):
    """Say that a feature is no longer what it was when it was read; `now` is what it is, None where it is gone."""

    def __init__(self, id_: str, now: object) -> None:
        self.id = id_
        self.now = now
        gone = "it has been deleted" if now is None else "somebody has changed it"
        super().__init__(f"feature {id_}: {gone} since it was read; look at both and choose")


class Refused(MasafaError):
    """Say which limit a question would pass."""


class Unwritable(MasafaError):
    """Say which place cannot be written, and why."""
