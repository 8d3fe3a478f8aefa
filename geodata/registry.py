"""Questions about layers: each a class in the registry, each with the same parameters everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from geodata.analysis.base import Analysis, Parameter
from geodata.analysis.buffer import Buffer
from geodata.analysis.direction import Direction
from geodata.analysis.distance import Distance
from geodata.analysis.linear.coverage import Coverage
from geodata.analysis.linear.gaps import Gaps
from geodata.analysis.linear.profile import Profile
from geodata.analysis.linear.strip import BorderRuler
from geodata.analysis.matrix import Matrix
from geodata.analysis.proximity import Proximity, Within
from geodata.catalog import Catalog, shipped
from geodata.claims.analysis import Claims
from geodata.errors import NotFound
from geodata.model import Result

__all__ = ["Analysis", "Parameter", "analyses", "run"]

_REGISTRY: Mapping[str, Analysis] = MappingProxyType(
    {
        analysis.name: analysis
        for analysis in (
            Distance(),
            Proximity(),
            Within(),
            Buffer(),
            Direction(),
            Claims(),
            BorderRuler(),
            Gaps(),
            Coverage(),
            Profile(),
            Matrix(),
        )
    }
)


def analyses() -> Mapping[str, Analysis]:
    """Return every analysis by name."""
    return _REGISTRY


def run(name: str, parameters: Mapping[str, Any], catalog: Catalog | None = None) -> Result:
    """Run an analysis on a catalogue (default: the shipped layers).

    Parameters are given as text, as the command line and the API have them; numbers and lists do too. Raises NotFound
    for an unknown analysis, BadValue for a bad parameter, Refused for a question that is too heavy.

    >>> run("proximity", {"layer": "hasakah-prison", "target": "border-iq-sy"}).body["display"]["number"]
    '49 ± 3'
    """
    if name not in _REGISTRY:
        raise NotFound("analysis", name, _REGISTRY)
    return _REGISTRY[name].run(parameters, catalog or shipped())
