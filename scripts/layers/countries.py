"""Countries: the land of the seven round the border from the primary, the five farther ones from Natural Earth."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from scripts.layers import natural_earth, osm
from scripts.layers.geometry import on_land, thinned
from scripts.layers.write import TABLES, feature, polygons, rounded

WHOLE = ("iq", "sy", "jo", "gaza")
NEIGHBOURS = ("ir", "tr", "sa", "kw")
FAR = {"us": "USA", "il": "ISR", "fr": "FRA", "es": "ESP", "gb": "GBR"}

# About 300 m, for the far sides of the neighbours alone: nothing is measured there.
FAR_SIDE = 0.003
FAR_SIDE_M = 500

LAND = {
    "en": "Territorial sea cut off with Natural Earth 1:10m land, so coasts are good to 2 km; land borders keep every "
    "vertex of the source.",
    "ar": "حُذف البحر الإقليمي باستعمال يابسة Natural Earth بمقياس 1:10 ملايين، فدقة السواحل كيلومتران؛ أما الحدود "
    "البرية فتحتفظ بكل نقاط المصدر.",
}
THINNED = {
    "en": " Stretches shared with no other country of this layer are simplified (about 300 m).",
    "ar": " وبُسّطت المقاطع التي لا تشترك فيها دولة أخرى من هذه الطبقة (نحو 300 م).",
}
DEFAULT_EDITION = {
    "en": "Natural Earth 1:110m, default edition, cut back where a country of the primary source lies.",
    "ar": "Natural Earth بمقياس 1:110 ملايين، الطبعة الأصلية، مقصوصة حيث تقع دولة من المصدر الأساسي.",
}


@cache
def land(code: str) -> BaseGeometry:
    """Return a country of the primary source without its territorial sea."""
    zone = osm.polygon(code)
    if code in NEIGHBOURS:
        keep = {
            tuple(vertex)
            for other in (*WHOLE, *NEIGHBOURS)
            if other != code
            for vertex in shapely.get_coordinates(osm.polygon(other)).tolist()
        }
        zone = thinned(zone, keep, FAR_SIDE)
    return on_land(zone)


@cache
def far(code: str) -> BaseGeometry:
    """Return a farther country from the default edition, without what the primary gives to others."""
    whole = natural_earth.country("ne110m", FAR[code])
    return polygons(rounded(whole.difference(shapely.union_all([land(item) for item in (*WHOLE, *NEIGHBOURS)])), 5))


def build() -> list[dict[str, Any]]:
    """Return the countries, the Gaza Strip, and the regions the document names without saying where they end."""
    table = tomllib.loads((TABLES / "countries.toml").read_text("utf-8"))
    items = []
    for row in table["country"]:
        code, extra = row["code"], {key: row[key] for key in ("note",) if key in row}
        name = {"name_en": row["en"], "name_ar": row["ar"], "aliases": row.get("aliases", [])}
        if code in FAR:
            items.append(
                feature(
                    f"country-{code}",
                    far(code),
                    **name,
                    kind="country",
                    coordinateUncertaintyInMeters=20000,
                    precision="country",
                    sources=["data-gpuwm", "data-naturalearth-repo", "data-naturalearth-terms"],
                    derived=DEFAULT_EDITION,
                    **extra,
                )
            )
            continue
        derived = LAND
        if code in NEIGHBOURS:
            derived = {lang: LAND[lang] + THINNED[lang] for lang in ("en", "ar")}
        items.append(
            feature(
                row.get("id", f"country-{code}"),
                land(code),
                **name,
                kind=row.get("kind", "country"),
                coordinateUncertaintyInMeters=500,
                precision="country",
                sources=["data-timezonefinder-data", "data-tbb-osmwiki", "data-osm-copyright"],
                derived=derived,
                as_of="2026-09-10",
                **extra,
            )
        )
    return items + [_region(row) for row in table["region"]]


def _region(row: dict[str, Any]) -> dict[str, Any]:
    return feature(
        row["id"],
        None,
        name_en=row["en"],
        name_ar=row["ar"],
        kind="region",
        sources=["hussein-2024"],
        placeholder=True,
        identification=row.get("identification"),
        area=row.get("area"),
        aliases=row.get("aliases", []),
        note=row["note"],
    )
