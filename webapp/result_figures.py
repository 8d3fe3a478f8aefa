"""The figures of a result as rows of a table: what each is of, what it was then, and what it is now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from geodata import registry
from webapp import charts

Answer = Mapping[str, Any]


def figures(analysis: str, then: Answer | None, now: Answer | None) -> Iterator[dict[str, Any]]:
    """Yield, for each thing an answer is about, its name and its figures then and now as people read them."""
    before, after = (_by_id(analysis, answer) for answer in (then, now))
    for id_ in after | before:
        was, is_ = before.get(id_, (None, None)), after.get(id_, (None, None))
        if was[1] or is_[1]:
            yield {"name": is_[0] or was[0], "then": was[1], "now": is_[1], "changed": was[1] != is_[1]}


def _by_id(analysis: str, answer: Answer | None) -> dict[str, tuple[Answer, Answer | None]]:
    if answer is None:
        return {}
    return {figure.id: (figure.name, _drawn(figure.shown)) for figure in registry.analyses()[analysis].figures(answer)}


def _drawn(shown: Answer | None) -> Answer | None:
    """Return a figure, that of a claim with its drawing."""
    return {**shown, **charts.of(shown)} if shown and shown.get("verdict") else shown
