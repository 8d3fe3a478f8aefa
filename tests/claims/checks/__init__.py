"""Tests of how claims are tested, on layers small enough to work the answer out."""

from __future__ import annotations

from typing import Any

from geodata.catalog import Catalog
from geodata.claims import checks
from geodata.claims.checks import Outcome


def outcome(claim: dict[str, Any], catalog: Catalog | None = None) -> Outcome:
    """Return what testing a claim gives, whose reason is told in both languages."""
    found = checks.test(claim, catalog)  # type: ignore[arg-type]
    assert set(found.reason) == {"en", "ar"}
    assert all(found.reason.values())
    return found
