"""Questions about layers: each a class in the registry, each with the same parameters everywhere.

An analysis is one class and one line here. Its module is imported when the analysis is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from geodata.errors import NotFound

if TYPE_CHECKING:
    from geodata.analysis.base import Analysis
    from geodata.catalog import Catalog
    from geodata.model import Result

__all__ = ["Registry", "analyses", "parameter_names", "register", "registered", "run"]

_SHIPPED: Mapping[str, tuple[str, str]] = {
    "distance": ("geodata.analysis.distance:Distance", "How far two places are from each other"),
    "proximity": (
        "geodata.analysis.proximity:Proximity",
        "The nearest point of a target to each place, or to each row of a file",
    ),
    "within": ("geodata.analysis.proximity:Within", "Which places lie within a distance: certainly, possibly or not"),
    "buffer": ("geodata.analysis.buffer:Buffer", "Rings round places, and what lies inside"),
    "direction": ("geodata.analysis.direction:Direction", "In which direction of a country a place lies"),
    "claims": ("geodata.claims.analysis:Claims", "What was reported beside what is measured"),
    "ruler": ("geodata.analysis.linear.strip:BorderRuler", "What lies along a line, by its kilometre"),
    "gaps": (
        "geodata.analysis.linear.gaps:Gaps",
        "Stretches of a line with no feature of a layer within a distance",
    ),
    "coverage": (
        "geodata.analysis.linear.coverage:Coverage",
        "Which share of a line another line covers, and what lies behind",
    ),
    "profile": ("geodata.analysis.linear.profile:Profile", "Sites and events per kilometre of a line, over time"),
    "matrix": ("geodata.analysis.matrix:Matrix", "Every distance between two sets of places"),
}
"""Name → `module:class`, and what `geodata --help` says of it without importing the module."""


class Registry(Mapping[str, "Analysis"]):
    """The analyses by name; one of the package is imported when it is looked up."""

    def __init__(self, lines: Mapping[str, tuple[str, str]]) -> None:
        self._lines = dict(lines)
        self._loaded: dict[str, Analysis] = {}

    def __getitem__(self, name: str) -> Analysis:
        if name not in self._loaded:
            module, _, class_ = self._lines[name][0].partition(":")
            self._loaded[name] = getattr(import_module(module), class_)()
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        # Not by looking it up, which imports its module.
        return name in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def summary(self, name: str) -> str:
        """Return what an analysis does in one line of English; raises KeyError."""
        return self._lines[name][1]

    def add(self, analysis: Analysis) -> None:
        """Add an analysis under its name; raises ValueError where the name is taken."""
        if analysis.name in self._lines:
            raise ValueError(f"an analysis is called {analysis.name!r} already")
        self._loaded[analysis.name] = analysis
        self._lines[analysis.name] = ("", analysis.title["en"])

    def remove(self, name: str) -> None:
        """Take an analysis out; raises KeyError."""
        del self._lines[name]
        self._loaded.pop(name, None)


_REGISTRY = Registry(_SHIPPED)


def analyses() -> Registry:
    """Return every analysis by name."""
    return _REGISTRY


def register(analysis: Analysis) -> None:
    """Make an analysis available to the command line, the API and the pages of this process.

    Raises ValueError where another has its name.
    """
    _REGISTRY.add(analysis)


@contextmanager
def registered(analysis: Analysis) -> Iterator[Analysis]:
    """Register an analysis for the duration of a block, as a test does."""
    _REGISTRY.add(analysis)
    try:
        yield analysis
    finally:
        _REGISTRY.remove(analysis.name)


def parameter_names() -> tuple[str, ...]:
    """Return the names of the parameters of all analyses, each once."""
    return tuple(dict.fromkeys(p.name for analysis in _REGISTRY.values() for p in analysis.parameters))


def run(name: str, parameters: Mapping[str, Any], catalog: Catalog | None = None) -> Result:
    """Run an analysis on a catalogue (default: the shipped layers).

    Parameters are given as text, as the command line and the API have them; numbers and lists do too. Raises NotFound
    for an unknown analysis, BadValue for a bad parameter, Refused for a question that is too heavy.

    >>> run("proximity", {"layer": "hasakah-prison", "target": "border-iq-sy"}).body["display"]["number"]
    '49 ± 3'
    """
    if name not in _REGISTRY:
        raise NotFound("analysis", name, _REGISTRY)
    from geodata.analysis import engine

    if catalog is None:
        from geodata.catalog import shipped

        catalog = shipped()
    return engine.run(_REGISTRY[name], parameters, catalog)
