"""The moment, as records write it."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> str:
    """Return the moment in UTC to the second, in ISO 8601."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
