"""The backdrop: land, lakes, and the borders of countries that are not the map's subject; drawn, never measured."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from scripts.layers import countries, natural_earth
from scripts.layers.write import feature, polygons, rounded

# Degrees, about 2 km; islands and lakes below 40 km² are left out.
TOLERANCE = 0.02
LEAST = 0.004

# Lines this near to a country of the primary source are drawn by the layer `borders`, not here.
NEAR = 0.08

SOURCES = ["data-gpuwm", "data-naturalearth-repo", "data-naturalearth-terms"]


def _simple(geometry: BaseGeometry) -> BaseGeometry:
    return polygons(rounded(geometry.simplify(TOLERANCE), 3), LEAST)


def build() -> list[dict[str, Any]]:
    """Return three features: land, lakes, lines."""
    lakes = [item.intersection(natural_earth.REGION) for item in natural_earth.shapes("ne10m-lakes")]
    subject = shapely.union_all([countries.land(code) for code in (*countries.WHOLE, *countries.NEIGHBOURS)])
    lines = shapely.union_all(natural_earth.shapes("ne10m-lines")).intersection(natural_earth.REGION)
    lines = shapely.line_merge(lines.difference(subject.simplify(0.01).buffer(NEAR))).simplify(TOLERANCE)
    lines = shapely.MultiLineString([line for line in shapely.get_parts(lines) if line.length > NEAR])
    shape = (
        ("backdrop-land", "Land", "اليابسة", _simple(natural_earth.land()), "backdrop"),
        ("backdrop-lakes", "Lakes", "البحيرات", _simple(shapely.union_all(lakes)), "lake"),
        ("backdrop-lines", "Borders of other countries", "حدود دول أخرى", rounded(lines, 3), "backdrop"),
    )
    return [
        feature(
            id_,
            geometry,
            name_en=english,
            name_ar=arabic,
            kind=kind,
            coordinateUncertaintyInMeters=5000,
            precision="country",
            sources=SOURCES,
            derived={
                "en": "Natural Earth 1:10m, cut to the region and simplified (about 2 km).",
                "ar": "Natural Earth بمقياس 1:10 ملايين، مقصوصة على المنطقة ومبسطة (نحو كيلومترين).",
            },
            note={"en": "Not legal boundaries.", "ar": "ليست حدودًا قانونية."} if id_ == "backdrop-lines" else None,
        )
        for id_, english, arabic, geometry, kind in shape
    ]
