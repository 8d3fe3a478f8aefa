"""Numbers as people type them, so that Python reads them."""

from __future__ import annotations

_FROM_ARABIC = str.maketrans("٫−", ".-", "\u200e\u200f\u061c\u2066\u2067\u2068\u2069")


def plain_digits(text: str) -> str:
    """Return `text` with the Arabic decimal sign, minus and direction marks as Python's float reads them."""
    return text.translate(_FROM_ARABIC).replace("،", ",")
