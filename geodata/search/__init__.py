"""Search: places, events, actors, claims, sources and positions by what somebody types, in either script."""

from __future__ import annotations

from geodata.search.entries import Entry
from geodata.search.finding import Found, find

__all__ = ["Entry", "Found", "find"]
