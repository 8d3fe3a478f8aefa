"""Sites: the document's places and their neighbours, at positions their sources support."""

from __future__ import annotations

import tomllib
from typing import Any

import airportsdata
from shapely.geometry import Point

from scripts.layers import gazetteer
from scripts.layers.write import TABLES, feature


def _position(row: dict[str, Any]) -> tuple[float, float] | None:
    if "geoname" in row:
        return gazetteer.position(row["geoname"])
    if "airport" in row:
        found = airportsdata.load()[row["airport"]]
        return (found["lon"], found["lat"])
    return (row["lon"], row["lat"]) if "lon" in row else None


def build() -> list[dict[str, Any]]:
    """Return the sites in the order of their table, the figures said of them at a date with them."""
    items = []
    for known in tomllib.loads((TABLES / "sites.toml").read_text("utf-8"))["site"]:
        row = dict(known)
        at = _position(row)
        for key in ("lat", "lon", "geoname", "airport"):
            row.pop(key, None)
        id_, radius = row.pop("id"), row.pop("u", None)
        figures = [{"low": None, "high": None, **figure} for figure in row.pop("figures", [])]
        items.append(
            feature(
                id_,
                None if at is None else Point(at),
                **row,
                coordinateUncertaintyInMeters=radius,
                figures=figures,
            )
        )
    return items
