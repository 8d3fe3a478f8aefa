"""Masafa: a conflict map that measures. The library; importing it is cheap."""

from __future__ import annotations

__version__ = "0.1.0"
