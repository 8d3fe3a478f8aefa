"""How work grows with its input, as a ratio within one run: no limit in seconds, which a busy machine would break."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

TURNS = 5
LINEAR = 5.0
"""Work that grows with the size may come to this many times what it would; with the square, it comes to the ratio."""


def cpu_seconds(call: Callable[[], Any]) -> float:
    """Return the least processor time in seconds that a call takes in some turns."""
    spent = []
    for _ in range(TURNS):
        start = time.process_time()
        call()
        spent.append(time.process_time() - start)
    return max(min(spent), 1e-6)


def assert_linear(call: Callable[[int], Any], small: int, large: int) -> None:
    """Assert that a call for `large` costs no more than LINEAR times its share of one for `small`."""
    ratio = cpu_seconds(lambda: call(large)) / cpu_seconds(lambda: call(small))
    assert ratio < LINEAR * large / small, f"{large / small:g} times the size cost {ratio:.0f} times the work"
