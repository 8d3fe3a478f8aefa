"""What the operator may set: where to listen, and under which names the app answers."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from geodata.errors import BadValue

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
# An origin and perhaps a path: no user, no query, nothing that a link could not begin with.
_BASE = re.compile(r"https?://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:/[A-Za-z0-9._~/-]*)?\Z")


@dataclass(frozen=True)
class Config:
    """`base_url` is the address people use where the app is not on their own machine."""

    port: int = 8000
    base_url: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Config:
        """Return the configuration of `PORT` and `MASAFA_BASE_URL`; raises BadValue."""
        text = environment.get("PORT") or "8000"
        if not (re.fullmatch(r"[0-9]{1,5}", text) and 1 <= int(text) <= 65535):
            raise BadValue("PORT", text, "port")
        base = environment.get("MASAFA_BASE_URL") or None
        if base is not None and not _BASE.match(base):
            raise BadValue("MASAFA_BASE_URL", base, "base_url")
        return cls(int(text), base.rstrip("/") if base else None)

    @property
    def hosts(self) -> frozenset[str]:
        """The names in a Host header that the app answers to, in lower case and without ports."""
        found = _BASE.match(self.base_url or "")
        return LOOPBACK | ({found["host"].lower()} if found else set())
