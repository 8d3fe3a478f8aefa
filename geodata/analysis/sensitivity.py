"""How an answer depends on whose line is taken: the distance to a border by each boundary source held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from geodata.analysis import measure
from geodata.analysis.base import Parameter
from geodata.analysis.measure import Measured
from geodata.analysis.number_format import kilometres
from geodata.analysis.places import Place, of_feature
from geodata.catalog import Catalog, parted

SENSITIVITY = Parameter("sensitivity", {"en": "By each boundary source", "ar": "بحسب كل مصدر للحدود"}, "flag")
KIND = "border"


def lines_of(border: Place, catalog: Catalog) -> list[Place]:
    """Return every line held of the border between the same two countries, the one asked for first.

    Empty where the place is no border between two countries.
    """
    pair = parted(border.feature.properties) if border.feature else None
    if pair is None:
        return []
    others = [
        of_feature(feature, layer, catalog)
        for layer in catalog.layers_of(KIND)
        for feature in layer.features
        if feature.id != border.id and feature.geometry is not None and parted(feature.properties) == pair
    ]
    return [border, *others]


def add(items: Sequence[dict[str, Any]], found: Sequence[Measured | None], catalog: Catalog) -> set[str]:
    """Add `sensitivity` to the items of measurements whose target is a border; return the layers that were used."""
    groups: dict[str, list[tuple[int, Measured]]] = defaultdict(list)
    for index, made in enumerate(found):
        if made is not None:
            groups[made.target.id].append((index, made))
    layers: set[str] = set()
    for group in groups.values():
        lines = lines_of(group[0][1].target, catalog)
        layers |= {line.layer for line in lines}
        rows = [measure.to_target([made.subject for _, made in group], line) for line in lines]
        for at, (index, _) in enumerate(group):
            items[index]["sensitivity"] = [
                _row(made, line) for made, line in zip((row[at] for row in rows), lines, strict=True) if made
            ]
    return layers


def _row(made: Measured, line: Place) -> dict[str, Any]:
    value = made.shown_distance
    return {
        "line": line.id,
        "line_name": dict(line.name),
        "reference": bool(line.feature and line.feature.properties.get("reference")),
        "source": list(line.feature.sources) if line.feature else [],
        "distance_m": made.distance,
        "interval_m": None if made.low is None or made.high is None else [made.low, made.high],
        "foot": list(made.foot) if made.foot else None,
        "display": dict(kilometres(value, made.low, made.high)),
    }
