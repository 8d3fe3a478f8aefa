"""How long a call takes in CPU time, and how much memory it needs at its height."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Timed:
    """CPU seconds of the fastest call, and what it returned."""

    seconds: float
    answer: Any


def best(call: Callable[[], Any], times: int = 5) -> Timed:
    """Call once to warm up, then so many times, and keep the fastest."""
    answer = call()
    seconds = []
    for _ in range(times):
        start = time.process_time()
        answer = call()
        seconds.append(time.process_time() - start)
    return Timed(min(seconds), answer)


def shortest(call: Callable[[], Any], times: int = 5) -> float:
    """Return the wall seconds of the fastest of so many calls, the first not counted."""
    call()
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def once(call: Callable[[], Any]) -> Timed:
    """Call once: for peers so slow that one call says enough."""
    start = time.process_time()
    answer = call()
    return Timed(time.process_time() - start, answer)


def peak(call: Callable[[], Any]) -> float:
    """Return the most megabytes that a call holds at a time, its answer included."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    answer = call()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del answer
    return (most - before) / 1e6
