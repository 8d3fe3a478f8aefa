"""The engine of this process: an analysis runs through the rows of its question, part by part.

Another engine divides a question as this one does, works its parts through elsewhere and merges what comes back: it
needs `prepare`, `map`, `merge` and `finalize` of an analysis and nothing else of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from geodata.analysis import result_builder
from geodata.analysis.batches import Part, Question

if TYPE_CHECKING:
    from geodata.analysis.base import Analysis
    from geodata.catalog import Catalog
    from geodata.model import Result

Division = Callable[[Question], Iterable[Part]]


def by_source(question: Question) -> Iterator[Part]:
    """Divide a question into its sources: each is one part."""
    return (Part(source, 0, len(rows)) for source, rows in enumerate(question.rows))


def in_parts(question: Question, count: int) -> Iterator[Part]:
    """Divide each source of a question into parts of `count` rows; one without rows is one part."""
    for source, rows in enumerate(question.rows):
        for start in range(0, max(1, len(rows)), count):
            yield Part(source, start, min(start + count, len(rows)))


def run(analysis: Analysis, arguments: Mapping[str, Any], catalog: Catalog, divide: Division = by_source) -> Result:
    """Check the arguments against the analysis' parameters, and answer in this process.

    `divide` says in which parts the rows are worked through, which changes no answer. Raises BadValue, NotFound,
    Refused.
    """
    question = analysis.prepare(analysis.read(arguments), catalog)
    result = analysis.finalize(analysis.merge(_mapped(analysis, question, divide(question))), question)
    return result_builder.resting_on(result, question.layers, catalog)


def _mapped(analysis: Analysis, question: Question, parts: Iterable[Part]) -> Iterator[Any]:
    """Yield what each batch adds, so that one batch at a time is held."""
    for part in parts:
        for batch in question.batches(part, analysis.columns):
            yield analysis.map(batch, question)
