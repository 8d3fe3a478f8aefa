"""The catalogue: what each layer is, who made it, under which licence, and from which bytes it was built."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from typing import Any

from scripts.layers.packages import provenance
from scripts.layers.write import LAYERS, TABLES, record_text


def build(tolerances: Mapping[str, int]) -> None:
    """Write `catalog.json`: the layers of the table that are built, in drawing order from the bottom."""
    items = []
    for row in tomllib.loads((TABLES / "catalog.toml").read_text("utf-8"))["layer"]:
        path = LAYERS / f"{row['id']}.geojson"
        if path.is_file():
            items.append(_entry(row, tolerances, _sources(path)))
    (LAYERS / "catalog.json").write_text(record_text("layers", items), "utf-8")


def _sources(path: Any) -> list[str]:
    features = json.loads(path.read_text("utf-8"))["features"]
    return sorted({source for item in features for source in item["properties"]["sources"]})


def _entry(row: Mapping[str, Any], tolerances: Mapping[str, int], sources: list[str]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "title": row["title"],
        "description": row["description"],
        "kind": row["kind"],
        "geometry": row["geometry"],
        "edges": row.get("edges", "lonlat"),
        "default_uncertainty_m": row.get("default_uncertainty_m"),
        "licence": row["licence"],
        "licence_url": row["licence_url"],
        "share_alike": row["share_alike"],
        "attribution": row["attribution"],
        "sources": sources,
        "as_of": row.get("as_of"),
        "display_tolerance_m": tolerances.get(row["id"]),
        "hidden": row.get("hidden", False),
        "note": row.get("note"),
        "provenance": [
            {**provenance(key), "script": f"scripts/layers/{row['script']}"} for key in row.get("packages", [])
        ],
    }
