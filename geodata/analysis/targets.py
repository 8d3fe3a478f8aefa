"""What many positions are measured to: the places that one text names, resolved once a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geodata.analysis.base import Parameter
from geodata.analysis.places import Place, resolve
from geodata.catalog import Catalog
from geodata.errors import BadValue, Refused
from geodata.formats.coordinates import Box
from geodata.messages import texts

TARGET = Parameter("target", texts("parameter.nearest_on"), "place", required=True)
EACH = "|"
"""Between targets each of which gets an answer of its own; between semicolons the nearest is taken."""
MAX_TARGETS = 50
ROUND = 1.0
"""Degrees round the targets: a position outside that lies inside the other way round is suspected to be swapped."""


def targets_of(text: str, catalog: Catalog) -> list[Place]:
    """Return the places that `text` names, none of which stands for an area.

    Raises BadValue where none has a geometry, Refused for too many.
    """
    targets = [place for place in resolve(TARGET.name, text, catalog)[0] if place.geometry is not None]
    if not targets or any(place.area is not None for place in targets):
        raise BadValue(TARGET.name, text, "targets_with_extent")
    if len(targets) > MAX_TARGETS:
        raise Refused("targets", parameter=TARGET.name, count=len(targets), most=MAX_TARGETS)
    return targets


@dataclass(frozen=True)
class Targets:
    """The targets of a table: what was written, and the places of each of its parts."""

    text: str
    groups: Mapping[str, Sequence[Place]]

    @classmethod
    def read(cls, raw: object, catalog: Catalog) -> Targets:
        """Return the targets that a text names, `EACH` between those that are answered for; errors as `targets_of`."""
        text = str(TARGET.read(raw))
        parts = dict.fromkeys(part.strip() for part in text.split(EACH) if part.strip())
        return cls(text, {part: targets_of(part, catalog) for part in parts or [text]})

    @cached_property
    def places(self) -> list[Place]:
        """The places of all parts, in their order."""
        return [place for group in self.groups.values() for place in group]

    @cached_property
    def by_id(self) -> Mapping[str, Place]:
        """The places by id."""
        return {place.id: place for place in self.places}

    @property
    def region(self) -> Box:
        """The box in which positions are expected: the targets' own, a degree wider."""
        boxes = np.array([place.shape.bounds for place in self.places])
        west, south = (boxes.min(axis=0)[:2] - ROUND).tolist()
        east, north = (boxes.max(axis=0)[2:] + ROUND).tolist()
        return west, south, east, north
