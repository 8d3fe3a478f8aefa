"""Tests of how claims are tested, on layers small enough to work the answer out."""

from __future__ import annotations

from typing import Any

from geodata.analysis import claim_tests
from geodata.analysis.claim_tests import Outcome
from geodata.catalog import Catalog


def outcome(claim: dict[str, Any], catalog: Catalog | None = None) -> Outcome:
    """Return what testing a claim gives, whose reason is told in both languages."""
    found = claim_tests.test(claim, catalog)  # type: ignore[arg-type]
    assert set(found.reason) == {"en", "ar"}
    assert all(found.reason.values())
    return found
