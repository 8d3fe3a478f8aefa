"""The frame of a report's map: what is in view, a projection centred on it, and geometry cut to its edge."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

WIDTH, HEIGHT = 640.0, 310.0
"""The map inside its frame, in pixels of the drawing."""
LEFT, RIGHT, TOP, FOOT = 40.0, 2.0, 2.0, 20.0
"""Margins that hold the labels of the graticule."""
LEAST_M = 15_000.0
"""Half the least width in view: sites are never shown finer than their published radii."""
_DEGREES = (0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
_KILOMETRES = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)


class Frame:
    """An azimuthal equidistant view of some geometry: true to scale from its centre, north up at its centre."""

    def __init__(self, shapes: Sequence[BaseGeometry]) -> None:
        west, south, east, north = shapely.total_bounds(shapes)
        self.centre = ((west + east) / 2, (south + north) / 2)
        local = f"+proj=aeqd +lon_0={self.centre[0]} +lat_0={self.centre[1]} +datum=WGS84 +units=m"
        self._to = Transformer.from_crs("EPSG:4326", local, always_xy=True)
        projected = [self.project(shape) for shape in shapes]
        left, low, right, high = shapely.total_bounds(projected)
        half_x, half_y = max((right - left) / 2, LEAST_M) * 1.3, max((high - low) / 2, LEAST_M) * 1.25
        self.metres = max(2 * half_x / WIDTH, 2 * half_y / HEIGHT)
        """Metres a pixel."""
        self._middle = ((left + right) / 2, (low + high) / 2)
        self.box = shapely.box(LEFT, TOP, LEFT + WIDTH, TOP + HEIGHT)
        reach = math.degrees(max(WIDTH, HEIGHT) * self.metres / 6_371_000) * 1.2
        wide = reach / max(math.cos(math.radians(self.centre[1])), 0.1)
        lon, lat = self.centre
        self.around = (lon - wide, max(lat - reach, -90), lon + wide, min(lat + reach, 90))

    def project(self, shape: BaseGeometry) -> BaseGeometry:
        """Return a geometry of longitudes and latitudes in metres from the centre."""
        return shapely.transform(shape, self._to.transform, interleaved=False)

    def pixels(self, shape: BaseGeometry) -> BaseGeometry:
        """Return a geometry of longitudes and latitudes in pixels of the drawing, not cut."""
        x, y = self._middle

        def place(points: Any) -> Any:
            points = points.copy()
            points[:, 0] = LEFT + WIDTH / 2 + (points[:, 0] - x) / self.metres
            points[:, 1] = TOP + HEIGHT / 2 - (points[:, 1] - y) / self.metres
            return points

        return shapely.transform(self.project(shape), place)

    def cut(self, shape: BaseGeometry, simplify: float = 0.35) -> BaseGeometry:
        """Return a geometry in pixels, cut to the frame; empty where nothing of it is in view."""
        near = shapely.clip_by_rect(shape, *self.around)
        if near.is_empty:
            return near
        drawn = self.pixels(near).simplify(simplify)
        return shapely.intersection(drawn if drawn.is_valid else shapely.make_valid(drawn), self.box)

    def at(self, lon: float, lat: float) -> tuple[float, float] | None:
        """Return where a point stands; None outside the frame."""
        point = self.pixels(shapely.Point(lon, lat))
        return (point.x, point.y) if self.box.contains(point) else None

    def scale(self) -> dict[str, Any]:
        """Return the scale bar: a round length that takes about a fifth of the width."""
        km = max((length for length in _KILOMETRES if length * 1000 / self.metres <= WIDTH / 4), default=1)
        return {"km": km, "width": round(km * 1000 / self.metres, 1), "half": f"{km / 2:g}"}

    def graticule(self) -> tuple[list[str], list[dict[str, Any]]]:
        """Return the lines of the graticule as paths, and their labels at the left and lower edge."""
        west, south, east, north = self.around
        span = WIDTH * self.metres / 111_320 / max(math.cos(math.radians(self.centre[1])), 0.1)
        step = next((degrees for degrees in _DEGREES if span / degrees <= 6), 10.0)
        lines, labels = [], []
        for lon in _steps(west, east, step):
            clipped = self.cut(_line([(lon, y) for y in _steps(south, north, step / 8)]), 0.05)
            for part in parts(clipped):
                lines.append(path(part))
                x, y = max(part.coords, key=lambda at: at[1])[:2]
                if y > TOP + HEIGHT - 1 and LEFT + 14 < x < LEFT + WIDTH - 14:
                    labels.append(
                        {"x": round(x, 1), "y": TOP + HEIGHT + 14, "anchor": "middle", "text": _degrees(lon, "E", "W")}
                    )
        for lat in _steps(south, north, step):
            clipped = self.cut(_line([(x, lat) for x in _steps(west, east, step / 8)]), 0.05)
            for part in parts(clipped):
                lines.append(path(part))
                x, y = min(part.coords, key=lambda at: at[0])[:2]
                if x < LEFT + 1 and TOP + 6 < y < TOP + HEIGHT - 4:
                    labels.append(
                        {"x": LEFT - 5, "y": round(y + 3, 1), "anchor": "end", "text": _degrees(lat, "N", "S")}
                    )
        return lines, labels


def _steps(low: float, high: float, step: float) -> list[float]:
    return [index * step for index in range(math.floor(low / step), math.ceil(high / step) + 1)]


def _line(points: Sequence[tuple[float, float]]) -> BaseGeometry:
    return shapely.LineString(points)


def _degrees(value: float, plus: str, minus: str) -> str:
    return f"{abs(value):g}°{'' if value == 0 else plus if value > 0 else minus}"


def parts(shape: BaseGeometry) -> Iterable[Any]:
    """Give the simple parts of a geometry: points, lines, polygons."""
    if shape.is_empty:
        return
    if hasattr(shape, "geoms"):
        for part in shape.geoms:
            yield from parts(part)
    else:
        yield shape


def path(shape: BaseGeometry) -> str:
    """Return lines and polygons as the data of an SVG path, to a tenth of a pixel."""
    drawn = []
    for part in parts(shape):
        if part.geom_type == "Polygon":
            drawn += [_points(ring.coords) + "Z" for ring in (part.exterior, *part.interiors)]
        elif part.geom_type in ("LineString", "LinearRing"):
            drawn.append(_points(part.coords))
    return "".join(drawn)


def _points(coordinates: Any) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y, *_ in coordinates)
