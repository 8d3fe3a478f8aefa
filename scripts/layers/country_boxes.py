"""The boxes of the countries of the world and their names, by which coordinates of a file are told that are swapped.

Boxes are no borders: they are rounded outwards to a tenth of a degree, and islands far away have boxes of their own.
"""

from __future__ import annotations

import json
import math
from typing import Any

import shapefile
import shapely
from shapely.geometry import shape

from scripts.layers.packages import PACKAGES
from scripts.layers.write import ROOT

PATH = ROOT / "geodata/schemas/country-boxes.json"
LANGUAGES = ("EN", "AR", "DE", "ES", "FA", "FR", "RU", "TR", "UK")
NEAR = 8.0
"""Degrees within which parts of a country share a box."""
NOTE = (
    "Boxes (west, south, east, north) and names of countries, from Natural Earth 1:10m (public domain), by ISO 3166-1. "
    "Made by scripts/layers/country_boxes.py; rounded outwards to 0.1 degrees; no borders."
)


def boxes_of(geometry: Any) -> list[list[float]]:
    """Return the boxes of the parts of a country, those near each other joined, the largest first."""
    parts = [shapely.box(*part.bounds) for part in shapely.get_parts(shapely.make_valid(geometry))]
    joined = shapely.union_all([shapely.buffer(part, NEAR / 2, join_style="mitre") for part in parts])
    groups = [
        shapely.total_bounds([part for part in parts if part.intersects(group)]) for group in shapely.get_parts(joined)
    ]
    groups.sort(key=lambda box: -(box[2] - box[0]) * (box[3] - box[1]))
    return [
        [
            math.floor(box[0] * 10) / 10,
            math.floor(box[1] * 10) / 10,
            math.ceil(box[2] * 10) / 10,
            math.ceil(box[3] * 10) / 10,
        ]
        for box in groups
    ]


def build() -> dict[str, Any]:
    """Return the file: by ISO 3166-1 alpha-3 the names and boxes of each country."""
    countries: dict[str, Any] = {}
    with shapefile.Reader(str(PACKAGES["ne10m"].path), encoding="utf-8") as reader:
        for item in reader.iterShapeRecords():
            record = item.record
            code = record["ADM0_A3"]
            names = [record[f"NAME_{language}"] for language in LANGUAGES]
            names += [
                record["NAME"],
                record["NAME_LONG"],
                record["FORMAL_EN"],
                record["ISO_A2_EH"],
                record["ISO_A3_EH"],
            ]
            names = list(dict.fromkeys(name.strip() for name in names if name and name.strip() != "-99"))
            known = countries.setdefault(code, {"names": [], "boxes": []})
            known["names"] += [name for name in names if name not in known["names"]]
            known["boxes"] += boxes_of(shape(item.shape.__geo_interface__))
    return {"schema": 1, "note": NOTE, "countries": dict(sorted(countries.items()))}


def write() -> None:
    """Write the file."""
    value = build()
    lines = [
        f"  {json.dumps(code)}: {json.dumps(entry, ensure_ascii=False)}" for code, entry in value["countries"].items()
    ]
    head = f'{{\n "schema": 1,\n "note": {json.dumps(value["note"])},\n "countries": {{\n'
    PATH.write_text(head + ",\n".join(lines) + "\n }\n}\n", "utf-8")


if __name__ == "__main__":
    write()
