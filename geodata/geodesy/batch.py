"""Many positions asked of a curve: sorted so that neighbours are answered together, in blocks, over threads."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.geodesy import ordering
from geodata.geodesy.ellipsoid import Floats
from geodata.geodesy.jit import SMALL, kernel_for, twin
from geodata.geodesy.lanes import GROUP

BLOCK = 65_536
"""Positions of one task of a thread."""
BITS = 62
"""Of a key: cells and indices."""


def threads() -> int:
    """Return how many threads a batch may use: as many as there are processors for this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads(), thread_name_prefix="geodesy")


if hasattr(os, "register_at_fork"):
    # Threads do not live on in a forked process: it makes a pool of its own.
    os.register_at_fork(after_in_child=_pool.cache_clear)


def answer_batch(curve: tuple[Any, ...], lon: Floats, lat: Floats, feet: bool, out: tuple[Any, ...]) -> None:
    """Write the answers for all positions, whatever their order and however they are divided."""
    kernel = kernel_for(len(lon))
    # Few positions may lie anywhere: each is asked alone. Many are sorted first.
    keys, mask, group = (np.arange(len(lon)), -1, 1) if len(lon) <= SMALL else (*_keys(lon, lat), GROUP)

    def answer(first: int) -> None:
        kernel.nearest(lon, lat, keys[first : first + BLOCK], mask, group, curve, feet, out)

    in_blocks(answer, len(lon))


def in_blocks(call: Callable[[int], None], count: int) -> None:
    """Call for the first position of every block; several at a time where there are several blocks."""
    starts = range(0, count, BLOCK)
    if len(starts) < 2 or threads() < 2:
        for first in starts:
            call(first)
        return
    for done in [_pool().submit(call, first) for first in starts]:
        done.result()


def _keys(lon: Floats, lat: Floats) -> tuple[NDArray[np.int64], int]:
    """Return the order in which positions are asked: keys whose low bits, those of the mask, are indices."""
    count = len(lon)
    keys = np.empty(count, dtype=np.int64)
    shift = (count - 1).bit_length()
    hilbert_keys = twin(ordering).hilbert_keys

    def sort_out(first: int) -> None:
        part = slice(first, first + BLOCK)
        x, y = lon[part], lat[part]
        room = np.empty((2, len(x)), dtype=np.int64)
        hilbert_keys(x, y, first, min(21, (BITS - shift) // 2), shift, room[0], room[1], keys[part])

    in_blocks(sort_out, count)
    keys.sort()
    return keys, (1 << shift) - 1
