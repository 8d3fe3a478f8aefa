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
from geodata.messages import texts

SENSITIVITY = Parameter(
    "sensitivity",
    texts("parameter.sensitivity"),
    "flag",
    help="also the answer by each boundary source held, where the target is a border",
)
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


def add(items: Sequence[dict[str, Any]], measurements: Sequence[Measured | None], catalog: Catalog) -> set[str]:
    """Add `sensitivity` to the items of measurements whose target is a border; return the layers that were used."""
    groups: dict[str, list[tuple[int, Measured]]] = defaultdict(list)
    for index, measurement in enumerate(measurements):
        if measurement is not None:
            groups[measurement.target.id].append((index, measurement))
    layers: set[str] = set()
    for group in groups.values():
        lines = lines_of(group[0][1].target, catalog)
        layers |= {line.layer for line in lines}
        rows = [measure.to_target([measurement.subject for _, measurement in group], line) for line in lines]
        for at, (index, _) in enumerate(group):
            items[index]["sensitivity"] = [
                _row(measurement, line)
                for measurement, line in zip((row[at] for row in rows), lines, strict=True)
                if measurement
            ]
    return layers


def _row(measurement: Measured, line: Place) -> dict[str, Any]:
    value = measurement.shown_distance
    return {
        "line": line.id,
        "line_name": dict(line.name),
        "reference": bool(line.feature and line.feature.properties.get("reference")),
        "source": list(line.feature.sources) if line.feature else [],
        "distance_m": measurement.distance,
        "interval_m": None
        if measurement.low is None or measurement.high is None
        else [measurement.low, measurement.high],
        "foot": list(measurement.foot) if measurement.foot else None,
        "display": dict(kilometres(value, measurement.low, measurement.high)),
    }
