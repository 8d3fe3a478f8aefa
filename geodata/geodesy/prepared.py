"""Prepared copies of geometries that several threads have, asked by one thread at a time.

GEOS builds the indexes of a prepared geometry at the first question and keeps state in them while it answers, and
shapely releases the interpreter's lock meanwhile: two threads that ask the same one can end the process. The copy
leaves the geometry itself unprepared, so that other predicates may be asked of it anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import RLock

import shapely
from shapely.geometry.base import BaseGeometry

_LOCK = RLock()


@contextmanager
def prepared(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    """Give a prepared copy of a geometry, for this thread alone while the context lasts."""
    with _LOCK:
        yield _copy_of(_Same(geometry))


class _Same:
    """A geometry that is looked up as this one object: its hash takes all its coordinates."""

    def __init__(self, geometry: BaseGeometry) -> None:
        self.geometry = geometry

    def __hash__(self) -> int:
        return id(self.geometry)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.geometry is other.geometry


@lru_cache(maxsize=128)
def _copy_of(same: _Same) -> BaseGeometry:
    return _copy(same.geometry)


@lru_cache(maxsize=128)
def _copy(geometry: BaseGeometry) -> BaseGeometry:
    copy = shapely.from_wkb(shapely.to_wkb(geometry))
    shapely.prepare(copy)
    return copy
