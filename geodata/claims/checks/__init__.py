"""How a claim is tested: one function a kind of test, each from record and catalogue to Outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from geodata.catalog import Catalog
from geodata.claims.checks import spatial, textual
from geodata.claims.checks.outcome import Outcome
from geodata.errors import BadData

__all__ = ["KINDS", "VERDICTS", "Outcome", "test"]

VERDICTS = ("disagrees", "agrees", "cannot_tell")

KINDS: Mapping[str, Callable[[Mapping[str, Any], Catalog], Outcome]] = {
    "proximity": spatial.proximity,
    "length": spatial.length,
    "frontage": spatial.room,
    "direction": spatial.direction,
    "containment": spatial.containment,
    "statements": textual.statements,
    "sum": textual.total,
    "order": textual.order,
    "dates": textual.dates,
    "none": textual.untestable,
}


def test(claim: Mapping[str, Any], catalog: Catalog) -> Outcome:
    """Return the outcome of testing a claim record."""
    kind = claim["test"]["kind"]
    if kind not in KINDS:
        raise BadData(f"/{claim['id']}/test/kind", "unknown_test", kind=kind, tests=list(KINDS))
    return KINDS[kind](claim, catalog)
