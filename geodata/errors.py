"""Errors by meaning; the command line and the web map them to exit codes and statuses in one place.

Each is raised with a code and parameters; how it is said in either language lies in `messages`.

MasafaError
├── BadValue      a parameter's value is not allowed
├── NotFound      no layer, feature, source or claim of that name
├── BadData       a file's content is not what its format demands
├── Conflict      a feature has changed since it was read
├── Refused       the question is well put but too heavy
└── Unwritable    a place to write to cannot be written
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from typing import Any, ClassVar

from geodata.messages import Message

_SHOWN = 80


def shown(value: object) -> str:
    """Return `value` as a message may show it: one line, at most 80 characters."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


_CAUSES = {
    errno.EACCES: "denied",
    errno.EDQUOT: "quota",
    errno.EISDIR: "folder",
    errno.ENOENT: "missing",
    errno.ENOSPC: "space",
    errno.ENOTDIR: "no_folder",
    errno.EPERM: "denied",
    errno.EROFS: "read_only",
}


def cause(error: OSError) -> Message:
    """Return why the system refused a file: a usual reason in either language, else what the system says."""
    code = _CAUSES.get(error.errno or 0)
    return Message(f"cause.{code}") if code else Message("cause.other", text=error.strerror or str(error))


class MasafaError(ValueError):
    """The root of every error Masafa raises on purpose; `message` says it in either language."""

    prefix: ClassVar[str] = "failed"
    """What the codes of its messages begin with."""

    def __init__(self, code: str | Message, /, **parameters: Any) -> None:
        self.message = self._message(code, parameters)
        super().__init__(self.message.code)

    def _message(self, code: str | Message, parameters: dict[str, Any]) -> Message:
        return code if isinstance(code, Message) else Message(f"{self.prefix}.{code}", **parameters)

    @property
    def code(self) -> str:
        """The code of the message."""
        return self.message.code

    def __str__(self) -> str:
        return self.message.text()


class BadValue(MasafaError):
    """Say which parameter has which value, and by a code or a message what is allowed."""

    prefix = "allowed"

    def __init__(self, parameter: str, value: object, allowed: str | Message, /, **parameters: Any) -> None:
        self.parameter = parameter
        self.value = shown(value)
        self.allowed = self._message(allowed, parameters)
        super().__init__(Message("bad_value", parameter=parameter, value=self.value, allowed=self.allowed))

    @property
    def code(self) -> str:
        """The code of what is allowed."""
        return self.allowed.code


class NotFound(MasafaError):
    """Say by a code or a message what was looked for, under which name, and what is available."""

    prefix = "thing"

    def __init__(self, what: str | Message, name: object, available: Iterable[str] = (), /, **parameters: Any) -> None:
        self.what = self._message(what, parameters)
        self.name = shown(name)
        self.available = tuple(available)
        among = {"available": self.available} if self.available else {}
        code = "not_found_among" if among else "not_found"
        super().__init__(Message(code, what=self.what, name=self.name, **among))

    @property
    def code(self) -> str:
        """The code of what was looked for."""
        return self.what.code


class BadData(MasafaError):
    """Say where in a file something is wrong, as a JSON pointer, and by a code or a message what."""

    prefix = "data"

    def __init__(self, pointer: str, reason: str | Message, /, **parameters: Any) -> None:
        self.pointer = pointer
        self.reason = self._message(reason, parameters)
        super().__init__(Message("bad_data", pointer=pointer or "/", reason=self.reason))

    @property
    def code(self) -> str:
        """The code of what is wrong."""
        return self.reason.code


class Conflict(MasafaError):
    """Say that a feature is no longer what it was when it was read; `now` is what it is, None where it is gone."""

    prefix = "conflict"

    def __init__(self, id_: str, now: object) -> None:
        self.id = id_
        self.now = now
        super().__init__("deleted" if now is None else "changed", id=id_)


class Refused(MasafaError):
    """Say which limit a question would pass."""

    prefix = "refused"


class Unwritable(MasafaError):
    """Say which place cannot be written, and why."""

    prefix = "unwritable"
