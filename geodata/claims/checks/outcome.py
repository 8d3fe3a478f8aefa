"""What testing one claim gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geodata.claims.verdict import Verdict
from geodata.model import Text


@dataclass(frozen=True)
class Outcome:
    """A verdict with its reason in both languages, what was measured, and the table behind it."""

    verdict: Verdict
    reason: Text
    measured: Any = None
    """The measured number in `unit`, a string for relations, or None."""
    interval: Sequence[float] | None = None
    unit: str | None = None
    reported: Mapping[str, Any] = field(default_factory=dict)
    """What is added to the record's `reported`: the interval it stands for."""
    readings: Sequence[Mapping[str, Any]] = ()
    """How the number words of the claim are read (number_words.py): the choice that the verdict rests on."""
    table: Sequence[Mapping[str, Any]] = ()
    statements: Sequence[Mapping[str, Any]] = ()
    dial: Mapping[str, float] | None = None
    layers: Sequence[str] = ()
    geometries: Sequence[Mapping[str, Any]] = field(default=(), repr=False)
