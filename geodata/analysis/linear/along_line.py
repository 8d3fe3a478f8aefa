"""What a batch of rows adds to an answer along a line: items and shapes, each with what it is sorted by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from geodata.analysis import result_builder, sensitivity
from geodata.analysis.linear.placement import Laid, area_item, area_order, items, missing_item
from geodata.analysis.result_builder import Basis
from geodata.catalog import Catalog


@dataclass(frozen=True)
class Entry:
    """An item of the answer, what it is sorted by, what is drawn of it, and the list it belongs to."""

    key: tuple[Any, ...]
    item: dict[str, Any]
    shapes: tuple[dict[str, Any], ...] = ()
    group: str = ""


@dataclass(frozen=True)
class AlongLine:
    """Rows as entries: at a kilometre, known to an area only, without any position; and what they rest on."""

    placed: tuple[Entry, ...] = ()
    areas: tuple[Entry, ...] = ()
    missing: tuple[Entry, ...] = ()
    farther: int = 0
    basis: Basis = field(default_factory=Basis)
    layers: frozenset[str] = frozenset()

    @classmethod
    def merged(cls, parts: Iterable[AlongLine]) -> AlongLine:
        """Return the entries of all parts in their order, in whichever order the parts come."""
        parts = list(parts)
        return cls(
            _sorted(entry for part in parts for entry in part.placed),
            _sorted(entry for part in parts for entry in part.areas),
            _sorted(entry for part in parts for entry in part.missing),
            sum(part.farther for part in parts),
            Basis.merged(part.basis for part in parts),
            frozenset[str]().union(*(part.layers for part in parts)),
        )


def _sorted(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=attrgetter("key")))


def along_line(laid: Laid, radius: float, catalog: Catalog, by_source: bool = False) -> AlongLine:
    """Return rows that are laid along a line as entries, if wanted with the answer by each boundary source."""
    fields = items([along for _, along in laid.placed], catalog)
    layers = set[str]()
    if by_source:
        layers = sensitivity.add(fields, [along.measurement for _, along in laid.placed], catalog)
    placed = [
        Entry(
            (*along.order, number),
            item,
            (
                *result_builder.drawn(along.measurement, item["chainage_display"]),
                *result_builder.place_feature(along.measurement.subject, "from"),
            ),
        )
        for (number, along), item in zip(laid.placed, fields, strict=True)
    ]
    areas = [Entry((*area_order(area), number), area_item(area, radius, catalog)) for number, area in laid.areas]
    missing = [Entry((number,), missing_item(place)) for number, place in laid.missing]
    return AlongLine(tuple(placed), tuple(areas), tuple(missing), laid.farther, laid.basis, frozenset(layers))
