"""Build every layer and record: `python -m scripts.layers`, or only those named."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from scripts.layers import (
    backdrop,
    borders,
    catalogue,
    countries,
    country_boxes,
    display,
    events,
    governorates,
    places,
    records,
    rivers,
    sites,
    wall,
)
from scripts.layers.write import LAYERS, layer_text

BUILDERS: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "backdrop": backdrop.build,
    "countries": countries.build,
    "governorates": governorates.build,
    "rivers": rivers.build,
    "borders": borders.build,
    "borders-alternatives": borders.alternatives,
    "wall": wall.build,
    "places": places.build,
    "sites": sites.build,
    "events": events.build,
}


def main(names: Sequence[str]) -> None:
    """Build the layers named, or all; then the display copies, the records and the catalogue."""
    (LAYERS / "display").mkdir(parents=True, exist_ok=True)
    for name in names or BUILDERS:
        features = BUILDERS[name]()
        (LAYERS / f"{name}.geojson").write_text(layer_text(features), "utf-8")
        print(f"{name}: {len(features)} features")
    country_boxes.write()
    tolerances = display.build()
    records.build()
    catalogue.build(tolerances)


if __name__ == "__main__":
    main(sys.argv[1:])
