"""The map of a report as drawing elements: layers, sites with their radii, what was measured, names apart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.catalog import Catalog
from geodata.model import Feature
from webapp.report.frame import FOOT, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Frame, parts, path
from webapp.report.names import Names

Shape = Mapping[str, Any]

MEASURED = {
    "distance": "distance",
    "reported": "reported",
    "ring": "ring",
    "band": "band",
    "line": "ruled",
    "gap": "gap",
}
"""How each role of what was measured is drawn."""
SIGNS = {"city", "town", "air_base", "airport", "outpost", "headquarters", "prison", "camp", "crossing"}
FIGURES = 4
"""With more measured lines than this their figures stand in the strip and the table, not on the map."""
TOWNS = 14
"""So many populated places at most, the largest first."""


def of(shapes: Sequence[Shape], features: Sequence[Feature], catalog: Catalog, lang: str) -> dict[str, Any] | None:
    """Return the drawing of what was measured (GeoJSON) and of its features; None where nothing has a place."""
    view = _view(shapes, features)
    if not view:
        return None
    frame = Frame(view)
    names = Names(lang)
    land = land_of(frame, catalog)
    lines = lines_of(frame, catalog)
    measured, points = _measured(frame, shapes, names)
    signs = _sites(frame, catalog, {feature.id for feature in features}, names)
    _areas(frame, catalog, names)
    graticule, labels = frame.graticule()
    present = {element["class"] for element in (*lines, *measured)} | {element["class"] for element in points}
    present |= {f"sign-{element['sign']}" for element in signs} | (
        {"circle"} if any(element["r"] for element in signs) else set()
    )
    return {
        "width": LEFT + WIDTH + RIGHT,
        "height": TOP + HEIGHT + FOOT,
        "frame": {"x": LEFT, "y": TOP, "width": WIDTH, "height": HEIGHT},
        "land": land,
        "lines": lines,
        "measured": measured,
        "points": points,
        "signs": signs,
        "names": names.placed,
        "graticule": graticule,
        "labels": labels,
        "scale": frame.scale(),
        "present": present,
        "layers": [id_ for id_ in _DRAWN if id_ in catalog.ids()],
    }


_DRAWN = ("backdrop", "countries", "governorates", "rivers", "borders", "wall", "places", "sites")


def _view(shapes: Sequence[Shape], features: Sequence[Feature]) -> list[BaseGeometry]:
    """Return the geometries that must be in view: those measured and their places, else the features."""
    geometries = [shapely.geometry.shape(shape["geometry"]) for shape in shapes if shape["geometry"] is not None]
    small = [
        feature.geometry
        for feature in features
        if feature.geometry is not None and feature.geometry.geom_type in ("Point", "MultiPoint")
    ]
    lines = [
        feature.geometry for feature in features if feature.geometry is not None and feature.kind in ("wall", "border")
    ]
    others = [feature.geometry for feature in features if feature.geometry is not None]
    if geometries:
        return geometries + small
    walls = [feature.geometry for feature in features if feature.geometry is not None and feature.kind == "wall"]
    return walls or lines or small or others


@lru_cache(maxsize=16)
def _display(text: bytes) -> tuple[tuple[str, str, BaseGeometry], ...]:
    features = json.loads(text)["features"]
    return tuple(
        (feature["id"], feature["properties"].get("kind", ""), shapely.geometry.shape(feature["geometry"]))
        for feature in features
        if feature["geometry"] is not None
    )


def _shown(catalog: Catalog, layer: str) -> tuple[tuple[str, str, BaseGeometry], ...]:
    return _display(catalog.display_path(layer).read_bytes()) if layer in catalog.ids() else ()


def land_of(frame: Frame, catalog: Catalog) -> list[dict[str, str]]:
    """Return countries and lakes in view, as paths."""
    drawn = []
    for layer in ("backdrop", "countries"):
        for id_, kind, shape in _shown(catalog, layer):
            if data := path(frame.cut(shape)):
                drawn.append({"class": "lake" if kind == "lake" else layer, "d": data, "id": id_})
    return drawn


def lines_of(frame: Frame, catalog: Catalog) -> list[dict[str, str]]:
    """Return governorates, rivers, borders and the announced wall, the lowest first."""
    drawn = []
    for _, _, shape in _shown(catalog, "governorates"):
        drawn.append(("governorate", frame.cut(shape)))
    for _, _, shape in _shown(catalog, "rivers"):
        drawn.append(("river", frame.cut(shape)))
    for layer, kind in (("borders", "border"), ("wall", "wall")):
        for feature in catalog.layer(layer).features if layer in catalog.ids() else ():
            if feature.geometry is not None:
                drawn.append((kind, frame.cut(feature.geometry)))
    return [{"class": kind, "d": path(shape)} for kind, shape in drawn if path(shape)]


def _measured(frame: Frame, shapes: Sequence[Shape], names: Names) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """Return what was measured as paths and points, and name the measured figures first of all."""
    paths: list[dict[str, str]] = []
    points: list[dict[str, Any]] = []
    few = sum(feature["properties"].get("role") == "distance" for feature in shapes) <= FIGURES
    for feature in shapes:
        about, geometry = feature["properties"], feature["geometry"]
        if geometry is None:
            continue
        role, shape = about.get("role"), shapely.geometry.shape(geometry)
        if role in MEASURED:
            cut = frame.cut(shape)
            if path(cut):
                paths.append({"class": MEASURED[role], "d": path(cut)})
            if role == "distance" and few and about.get("shown") and not cut.is_empty:
                middle = cut.interpolate(0.5, normalized=True)
                names.figure(middle.x, middle.y, about["shown"], about.get("shown_unit", "km"))
                for step in range(int(cut.length / 5) + 1):
                    on = cut.interpolate(step * 5)
                    names.block(on.x, on.y, 2)
            if role == "ring" and about.get("radius_m") and not cut.is_empty:
                top = min((at for part in parts(cut) for at in part.exterior.coords), key=lambda at: at[1])
                names.figure(top[0], top[1], f"{about['radius_m'] / 1000:g}", "km")
        elif role in ("foot", "mark") and (at := frame.at(shape.x, shape.y)):
            points.append({"class": role, "x": round(at[0], 1), "y": round(at[1], 1)})
            names.block(*at, 5)
            if role == "mark":
                names.mark(*at, f"{about['chainage_m'] / 1000:g}")
    order = ("band", "ring", "reported", "ruled", "gap", "distance")
    paths.sort(key=lambda element: order.index(element["class"]))
    return paths, points


def _sites(frame: Frame, catalog: Catalog, about: set[str], names: Names) -> list[dict[str, Any]]:
    """Return the sites in view with their radii of uncertainty, those the question is about first."""
    located = [site for site in catalog.layer("sites").features if site.geometry is not None]
    signs = []
    for feature in sorted(located, key=lambda site: (site.id not in about, -int(site.properties.get("priority") or 0))):
        for point in parts(feature.geometry):
            at = frame.at(point.x, point.y) if point.geom_type == "Point" else None
            if at is None:
                continue
            vague = bool(feature.properties.get("placeholder"))
            radius = float(catalog.layer("sites").uncertainty(feature) or 0) / frame.metres
            kind = "placeholder" if vague else feature.kind if feature.kind in SIGNS else "town"
            signs.append(
                {
                    "x": round(at[0], 1),
                    "y": round(at[1], 1),
                    "r": round(radius, 1) if radius > 4 else 0,
                    "sign": kind,
                    "about": feature.id in about,
                }
            )
            names.block(*at, 8)
    _once(signs)
    for feature in sorted(located, key=lambda site: (site.id not in about, bool(site.properties.get("placeholder")))):
        for point in parts(feature.geometry):
            if point.geom_type == "Point" and (at := frame.at(point.x, point.y)):
                names.site(*at, feature.name, feature.id in about)
    return signs[::-1]


def _once(signs: list[dict[str, Any]]) -> None:
    """Draw one circle where several places share their point and radius: shades must not add up."""
    seen: set[tuple[float, float, float]] = set()
    for sign in signs:
        circle = (sign["x"], sign["y"], sign["r"])
        if circle in seen:
            sign["r"] = 0
        seen.add(circle)


def _areas(frame: Frame, catalog: Catalog, names: Names) -> None:
    """Name wall, countries, rivers, governorates and the largest towns, each where it finds room."""
    for feature in catalog.layer("wall").features if "wall" in catalog.ids() else ():
        cut = frame.cut(feature.geometry) if feature.geometry is not None else None
        if cut is not None and not cut.is_empty:
            names.wall(_spots(cut))
    for layer, kind in (("countries", "country"), ("rivers", "river"), ("governorates", "gov")):
        for id_, _, shape in _shown(catalog, layer):
            cut = frame.cut(shape)
            if cut.is_empty:
                continue
            if kind == "river" or cut.area > 9000:
                names.area(_spots(cut), catalog.feature(f"{layer}/{id_}").name, kind)
    seen = [
        place
        for place in catalog.layer("places").features
        if place.geometry is not None and place.geometry.geom_type == "Point"
    ]
    seen.sort(key=lambda place: -float(place.properties.get("population") or 0))
    count = 0
    for feature in seen:
        at = frame.at(*feature.geometry.coords[0][:2]) if feature.geometry is not None else None
        if at and count < TOWNS:
            count += names.town(*at, feature.name)


def _spots(shape: BaseGeometry) -> Iterable[tuple[float, float]]:
    """Return candidate label positions of a geometry, the middle first."""
    biggest = max(parts(shape), key=lambda part: (part.area, part.length))
    if biggest.geom_type == "Polygon":
        inner = biggest.representative_point()
        west, south, east, north = biggest.bounds
        grid = [
            (west + (east - west) * x, south + (north - south) * y)
            for y in (0.5, 0.35, 0.65, 0.2, 0.8)
            for x in (0.5, 0.35, 0.65, 0.2, 0.8)
        ]
        return [(inner.x, inner.y), *(at for at in grid if biggest.contains(shapely.Point(at)))]
    if biggest.geom_type == "Point":
        return [(biggest.x, biggest.y)]
    at = [biggest.interpolate(share, normalized=True) for share in (0.5, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9)]
    return [(point.x, point.y) for point in at]
