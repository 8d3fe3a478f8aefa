"""What many positions are measured to: the places that one text names, resolved once a request."""

from __future__ import annotations

from geodata.analysis.base import Parameter
from geodata.analysis.places import Place, resolve
from geodata.catalog import Catalog
from geodata.errors import BadValue, Refused
from geodata.messages import texts

TARGET = Parameter("target", texts("parameter.nearest_on"), "place", required=True)
MAX_TARGETS = 50


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
