"""Prepared geometries are asked by one thread at a time.

GEOS builds their indexes at the first question and keeps state in them while it answers, and shapely releases the
interpreter's lock meanwhile: two threads that ask the same geometry can end the process.
"""

from __future__ import annotations

from threading import RLock

PREPARED = RLock()
"""Held while a geometry that other threads may have, too, is prepared or asked."""
