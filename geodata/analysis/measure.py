"""The distance between places, with its interval: the one computation under every analysis of distance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata import geodesy
from geodata.analysis.places import Place

Edges = Literal["lonlat", "geodesic"]
Floats = NDArray[np.float64]
Position = tuple[float, float]
Within = Literal["certainly", "possibly", "no", "unknown"]

PATH_SPACING = 20_000.0
"""Metres between the points of a measured line as it is drawn."""


@dataclass(frozen=True)
class Measured:
    """A distance in metres and what belongs to it; `start` is where on the subject it begins."""

    subject: Place
    target: Place
    distance: float | None
    low: float | None
    high: float | None
    start: Position | None = None
    foot: Position | None = None
    azimuth: float | None = None
    chainage: float | None = None
    side: str | None = None
    beyond_end: bool = False
    tied: bool | None = None
    """Whether another foot, on the line or on another target, is as near; None where none was looked for."""
    rivals: tuple[Measured, ...] = ()
    """The measurements to other targets that are as near, at another place."""
    by_area: bool = False
    """Whether one of the two is known to an area only, so that `distance` is that of a label and is not shown."""

    @property
    def shown_distance(self) -> float | None:
        """The distance as it may be shown: None where one of the two is known to an area only."""
        return None if self.by_area else self.distance

    @property
    def order(self) -> float:
        """What the nearest of several is chosen by: the distance, else the least it can be."""
        if self.distance is not None:
            return self.distance
        return math.inf if self.low is None else self.low

    @property
    def angle(self) -> float:
        """Half the angle in degrees that the uncertainty of both places spans; 180 where it holds the foot."""
        return angle(self.distance, self.low)

    def within(self, radius: float) -> Within:
        """Tell whether the two places lie within `radius` metres; a placeholder never certainly does."""
        ends = (math.nan if end is None else end for end in (self.low, self.high, self.distance))
        low, high, distance = ends
        vague = self.subject.placeholder or self.target.placeholder
        word: Within = str(geodesy.classify(low, high, radius, vague, distance))  # type: ignore[assignment]
        return word


def angle(distance: float | None, low: float | None) -> float:
    """Return half the angle in degrees that radii of `distance` - `low` metres span; 180 where they hold the foot."""
    if not distance or low is None or low <= 0:
        return 180.0
    return math.degrees(math.asin(1 - low / distance)) if low < distance else 0.0


@lru_cache(maxsize=256)
def line_of(geometry: BaseGeometry, edges: Edges) -> geodesy.Line:
    """Return a LineString prepared for measuring; kept, because the same borders are asked again and again."""
    return geodesy.Line(shapely.get_coordinates(geometry), edges=edges)


@lru_cache(maxsize=256)
def target_of(geometry: BaseGeometry, edges: Edges) -> geodesy.Target:
    """Return any geometry prepared for measuring; kept like `line_of`."""
    return geodesy.Target(geometry, edges=edges)


def feet(target: Place, lon: Floats, lat: Floats) -> geodesy.Nearest:
    """Return the nearest points of a target that stands for no area to positions in degrees (n)."""
    prepared = line_of if target.shape.geom_type == "LineString" else target_of
    return prepared(target.shape, target.edges).nearest(lon, lat)


def to_target(subjects: Sequence[Place], target: Place) -> list[Measured | None]:
    """Measure every subject to one target; None for a subject without any geometry.

    A feature's distance to itself is 0 exactly. Of several places, all of which are true, the nearest is measured.
    """
    if target.parts:
        each = zip(*(to_target(subjects, part) for part in target.parts), strict=True)
        return [
            _itself(subject, target) if subject.is_same(target) else _nearest_part(found, subject, target)
            for subject, found in zip(subjects, each, strict=True)
        ]
    answers: list[Measured | None] = [
        _itself(subject, target) if subject.is_same(target) else None for subject in subjects
    ]
    _several(answers, subjects, target)
    free = [index for index, answer in enumerate(answers) if answer is None and not subjects[index].parts]
    points = [index for index in free if subjects[index].is_point]
    if points and target.area is None:
        for index, answer in zip(points, _points_to([subjects[i] for i in points], target), strict=True):
            answers[index] = answer
    for index in free:
        if answers[index] is None and subjects[index].has_extent:
            answers[index] = _pair(subjects[index], target)
    return answers


def _itself(subject: Place, target: Place) -> Measured | None:
    """Return the measurement of a feature to itself: 0, however little is known of where it lies."""
    return Measured(subject, target, 0.0, 0.0, 0.0) if subject.has_extent else None


def _several(answers: list[Measured | None], subjects: Sequence[Place], target: Place) -> None:
    """Fill in the answers of the subjects that are several places, all their parts measured at once."""
    several = [index for index, subject in enumerate(subjects) if answers[index] is None and subject.parts]
    if not several:
        return
    measured = iter(to_target([part for index in several for part in subjects[index].parts], target))
    for index in several:
        each = [next(measured) for _ in subjects[index].parts]
        answers[index] = _nearest_part(each, subjects[index], target)


def _nearest_part(found: Sequence[Measured | None], subject: Place, target: Place) -> Measured | None:
    """Return the measurement of the nearest of several places, all of which are true, with the interval of all."""
    each = [one for one in found if one is not None]
    if not each:
        return None
    # A point is nearer than an area whose label lies farther, though the area may reach nearer still.
    best = min(each, key=lambda one: (one.by_area, one.order))
    intervals = [(one.low, one.high) for one in each if one.low is not None and one.high is not None]
    low, high = geodesy.nearest_of(*zip(*intervals, strict=True)) if len(intervals) == len(each) else (None, None)
    clear = low is None or low > 0 or best.side is None
    side = best.side if clear else "unclear"
    return replace(best, subject=subject, target=target, low=low, high=high, side=side)


def _points_to(subjects: Sequence[Place], target: Place) -> list[Measured]:
    near = feet(target, *shapely.get_coordinates([subject.shape for subject in subjects]).T)
    return [of_foot(subject, target, near, row) for row, subject in enumerate(subjects)]


def of_foot(subject: Place, target: Place, near: geodesy.Nearest, row: int) -> Measured:
    """Return the measurement of a point to a target, whose nearest point to it is a row of `feet`."""
    distance = float(near.distance[row])
    low, high = _spread(subject, target, distance)
    measured = Measured(
        subject,
        target,
        distance,
        low,
        high,
        start=(float(subject.shape.x), float(subject.shape.y)),
        foot=(float(near.lon[row]), float(near.lat[row])),
        azimuth=float(near.azimuth[row]) if distance > 0 else None,
    )
    if target.shape.geom_type != "LineString":
        return measured
    beyond = bool(near.beyond_end[row])
    side = "unclear" if beyond or low is None or low <= 0 < distance else str(near.side[row])
    measured = replace(measured, chainage=float(near.chainage[row]), side=side, beyond_end=beyond)
    return replace(measured, tied=bool(near.tied[row]))


def _pair(subject: Place, target: Place) -> Measured:
    """Measure shapes that are not a point to a line, or that stand for an area."""
    if subject.area is not None or target.area is not None:
        return _regions(subject, target)
    near = geodesy.distance(subject.shape, target.shape, edges_a=subject.edges, edges_b=target.edges)
    distance = float(near.distance)
    low, high = _spread(subject, target, distance)
    foot = _position(near.foot_b)
    measured = Measured(
        subject,
        target,
        distance,
        low,
        high,
        start=_position(near.foot_a),
        foot=foot,
        azimuth=float(near.azimuth_a) if distance > 0 else None,
    )
    if target.shape.geom_type != "LineString":
        return measured
    on = line_of(target.shape, target.edges).nearest(np.array([foot[0]]), np.array([foot[1]]))
    return replace(measured, chainage=float(on.chainage[0]), side="unclear")


def _regions(subject: Place, target: Place) -> Measured:
    """Measure places one of which is known only to an area: the interval runs over all of it."""
    slack = sum(0.0 if place.area is not None else place.uncertainty or 0.0 for place in (subject, target))
    near, high = _reach(subject.area, subject.shape, subject.edges, target.area, target.shape, target.edges)
    low = max(0.0, near - slack)
    labels = [place.geometry for place in (subject, target)]
    measured = Measured(subject, target, None, low, high + slack, by_area=True)
    if any(label is None for label in labels):
        return measured
    point = geodesy.distance(labels[0], labels[1], edges_a=subject.edges, edges_b=target.edges)
    return replace(
        measured,
        distance=float(point.distance),
        start=_position(point.foot_a),
        foot=_position(point.foot_b),
        azimuth=float(point.azimuth_a) if point.distance > 0 else None,
    )


@lru_cache(maxsize=4096)
def _reach(
    area_a: BaseGeometry | None,
    shape_a: BaseGeometry,
    edges_a: Edges,
    area_b: BaseGeometry | None,
    shape_b: BaseGeometry,
    edges_b: Edges,
) -> tuple[float, float]:
    """Return the least and the greatest distance between two places, areas whole; kept, because outlines are long."""
    a, b = target_of(area_a or shape_a, edges_a), target_of(area_b or shape_b, edges_b)
    near = float(geodesy.distance(a, b).distance)
    if area_a is not None and area_b is not None:
        # Through one common point: never less than the farthest pair (triangle inequality).
        middle = shapely.Point(*geodesy.centroid(area_b))
        return near, sum(float(geodesy.extent(area, middle)[1]) for area in (area_a, area_b))
    area, other = (area_a, b) if area_a is not None else (area_b, a)
    return near, float(geodesy.extent(area, other)[1])


def _spread(subject: Place, target: Place, distance: float) -> tuple[float | None, float | None]:
    if subject.uncertainty is None or target.uncertainty is None:
        return None, None
    low, high = geodesy.interval(distance, subject.uncertainty, target.uncertainty)
    return float(low), float(high)


def _position(foot: Sequence[float]) -> Position:
    return float(foot[0]), float(foot[1])


def path(start: Position, end: Position) -> BaseGeometry:
    """Return the geodesic between two positions as a line to draw, cut at the antimeridian."""
    azimuth, _, length = geodesy.inverse(*start, *end)
    count = max(2, math.ceil(length / PATH_SPACING) + 1)
    lon, lat = geodesy.direct(*start, azimuth, np.linspace(0.0, length, count))
    # The ends are the positions asked for, to the last digit.
    lon[[0, -1]], lat[[0, -1]] = (start[0], end[0]), (start[1], end[1])
    cuts = np.flatnonzero(np.abs(np.diff(lon)) > 180) + 1
    parts = [part for part in np.split(np.column_stack([lon, lat]), cuts) if len(part) > 1]
    return shapely.LineString(parts[0]) if len(parts) == 1 else shapely.MultiLineString(parts)
