"""Masafa: a conflict map that measures. The library; importing it is cheap.

>>> import geodata
>>> geodata.run("proximity", layer="hasakah-prison", target="border-iq-sy").body["display"]["number"]
'49 ± 3'
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from geodata.version import __version__

if TYPE_CHECKING:
    from geodata.frames import layer, run, show

# Which of Arrow's allocators is used is settled at its first import: this one gives back what a large file took.
if sys.platform == "linux":
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "jemalloc")

__all__ = ["__version__", "layer", "run", "show"]


def __getattr__(name: str) -> Any:
    """Give `layer`, `run` and `show` when they are first asked for: what they need takes a second to import."""
    if name in ("layer", "run", "show"):
        from geodata import frames

        return getattr(frames, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
