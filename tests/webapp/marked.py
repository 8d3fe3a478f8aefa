"""Texts of a page as they are read, whatever language their parts are marked with."""

from __future__ import annotations

import re

_PART = re.compile('<span lang="(?:ar|en)">([^<]*)</span>')


def unmarked(html: str) -> str:
    """Return a page without the elements that only tell the language of a part."""
    return _PART.sub(r"\1", html)
