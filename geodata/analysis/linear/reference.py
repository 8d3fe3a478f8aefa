"""One line made into a ruler: which way it runs, where its kilometre 0 is, and on whose official kilometres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata import geodesy
from geodata.analysis import measure, result_builder
from geodata.analysis.base import Parameter
from geodata.analysis.linear.calibration import PILLARS, Calibration, calibrated
from geodata.analysis.linear.self_intersections import Loop, loops_of
from geodata.analysis.number_format import kilometres, length, quantity
from geodata.analysis.places import Place, resolve
from geodata.catalog import Catalog
from geodata.errors import BadValue
from geodata.messages import texts
from geodata.model import Text

LINE = Parameter(
    "layer",
    texts("parameter.line"),
    "place",
    required=True,
    help="the id of one line: a border, a wall, a river or your own",
    metavar="LINE",
    positional=True,
)
REVERSE = Parameter("reverse", texts("parameter.reverse"), "flag", help="measure from the line's other end")
ZERO = Parameter(
    "zero",
    texts("parameter.zero_km"),
    "number",
    minimum=0.0,
    maximum=100_000.0,
    zero=True,
    help="the kilometre of the line that is km 0",
    metavar="KM",
)
OWN = (REVERSE, ZERO, PILLARS)
"""The parameters that make a line one's own: every analysis along a line has them."""

MARKS = (1, 5, 10, 20, 50, 100)
"""Kilometres between marks, the first with which a line has few enough of them."""
MOST_MARKS = 16

JOINED: Text = texts("line.joined")
REPEATED: Text = texts("line.repeated")
LOOPED: Text = texts("line.looped")


@dataclass(frozen=True)
class Ruler:
    """A line in the direction asked for; chainages count metres from km 0, negative before it."""

    place: Place
    zero: float = 0.0
    calibration: Calibration | None = None
    loops: tuple[Loop, ...] = ()
    sides: tuple[str | None, str | None] = (None, None)
    """The ids of the countries to the left and to the right, where the line parts two."""
    notes: tuple[Text, ...] = ()

    @cached_property
    def line(self) -> geodesy.Line:
        """The line, prepared for measuring."""
        return measure.line_of(self.place.shape, self.place.edges)

    @cached_property
    def start(self) -> float:
        """The chainage of the line's first vertex."""
        return 0.0 - self.zero

    @cached_property
    def end(self) -> float:
        """The chainage of the line's last vertex."""
        return self.line.length - self.zero

    @property
    def assumptions(self) -> tuple[Text, ...]:
        """What a reader must know of this line."""
        return (*self.place.assumptions, *self.notes)

    def official(self, chainage: float | None) -> float | None:
        """Return the official kilometre at a chainage; None without pillars, or where none stand on both sides."""
        if self.calibration is None or chainage is None:
            return None
        return self.calibration.kilometre(chainage + self.zero)

    def official_display(self, chainage: float, interval: tuple[float, float] | None) -> dict[str, str] | None:
        """Return the official kilometre at a chainage as it is shown, with those at the ends of its interval."""
        value = self.official(chainage)
        if value is None:
            return None
        ends = [self.official(end) for end in interval or ()]
        kilometres_at_ends = [end for end in ends if end is not None]
        # The official kilometre is a broken line of the chainage, so its ends are those of the interval.
        low, high = (min(kilometres_at_ends), max(kilometres_at_ends)) if len(kilometres_at_ends) == 2 else (None, None)
        return dict(quantity(value, low, high, is_length=False))

    def at(self, chainage: Any) -> tuple[Any, Any]:
        """Return longitude and latitude at chainages."""
        return self.line.point_at(np.asarray(chainage, dtype=float) + self.zero)

    def stretch(self, start: float, end: float) -> shapely.LineString:
        """Return the part of the line between two chainages."""
        return shapely.LineString(self.line.slice(start + self.zero, end + self.zero).coordinates)

    def to_dict(self) -> dict[str, Any]:
        """Return the line as JSON values: length, direction, and where it comes from."""
        feature = self.place.feature
        return {
            "id": self.place.id,
            "name": dict(self.place.name),
            "layer": self.place.layer or None,
            "kind": feature.kind if feature else None,
            "length_m": self.line.length,
            "display": dict(length(self.line.length)),
            "vertices": len(self.line.coordinates),
            "start_m": self.start,
            "end_m": self.end,
            "start": self.line.coordinates[0].tolist(),
            "end": self.line.coordinates[-1].tolist(),
            "left": self.sides[0],
            "right": self.sides[1],
            "uncertainty_m": self.place.uncertainty,
            "assumed": result_builder.assumed([self.place]),
            "sources": list(feature.sources) if feature else [],
            "illustration": self.place.illustration,
        }

    def body(self) -> dict[str, Any]:
        """Return what every answer along this line begins with."""
        return {
            "line": self.to_dict(),
            "loops": [self._loop(loop) for loop in self.loops],
            "calibration": None if self.calibration is None else self.calibration.to_dict(self.zero),
            "assumptions": [dict(text) for text in self.assumptions],
        }

    def _loop(self, loop: Loop) -> dict[str, Any]:
        return {
            "lon": loop.lon,
            "lat": loop.lat,
            "start_m": loop.start - self.zero,
            "end_m": loop.end - self.zero,
            "length_m": loop.end - loop.start,
            "display": dict(kilometres(loop.end - loop.start, loop.end - loop.start, loop.end - loop.start)),
        }

    def marks(self) -> list[dict[str, Any]]:
        """Return the kilometre marks: round kilometres from km 0, or the official ones between the pillars."""
        rows: list[tuple[float, float | None]]
        if self.calibration is not None:
            step = _step(abs(self.calibration.kilometres[-1] - self.calibration.kilometres[0]))
            rows = [(chainage - self.zero, km) for km, chainage in self.calibration.marks(step)]
        else:
            step = _step(self.line.length / 1000)
            metres = step * 1000
            first, last = int(np.ceil(self.start / metres - 1e-9)), int(np.floor(self.end / metres + 1e-9))
            rows = [(min(max(i * metres, self.start), self.end), None) for i in range(first, last + 1)]
        if not rows:
            return []
        lon, lat = self.at([chainage for chainage, _ in rows])
        return [
            {"chainage_m": chainage, "official_km": km, "lon": float(x), "lat": float(y), "step_km": step}
            for (chainage, km), x, y in zip(rows, lon, lat, strict=True)
        ]

    def drawn(self) -> list[dict[str, Any]]:
        """Return the line's marks as GeoJSON points."""
        shapes = []
        for mark in self.marks():
            km = mark["official_km"] if mark["official_km"] is not None else mark["chainage_m"] / 1000
            about = {"role": "mark", "line": self.place.id, "km": round(km, 6), "chainage_m": mark["chainage_m"]}
            id_ = f"mark-{self.place.id}-{round(km, 3):g}"
            shapes.append(result_builder.shape(id_, shapely.Point(mark["lon"], mark["lat"]), about))
        return shapes


def _step(kilometres_long: float) -> int:
    return next((step for step in MARKS if kilometres_long / step <= MOST_MARKS), MARKS[-1])


def line_place(parameter: str, text: str, catalog: Catalog) -> tuple[Place, tuple[Text, ...]]:
    """Return the one line that `text` names, its parts joined where they join, and what was done to it.

    Raises BadValue where it is not one line: no line at all, several features, or branches.
    """
    places, _ = resolve(parameter, text, catalog)
    if len(places) != 1 or places[0].geometry is None:
        raise BadValue(parameter, text, "one_line")
    place = places[0]
    shape, notes = one_line(parameter, place.shape, text)
    return (place if shape is place.geometry else replace(place, geometry=shape)), notes


def one_line(
    parameter: str, shape: BaseGeometry, text: str | None = None
) -> tuple[shapely.LineString, tuple[Text, ...]]:
    """Return a geometry as one line, its parts joined where they join, and what was done to it.

    `text` is what a complaint names; by default the kind of geometry. Raises BadValue as `line_place` does.
    """
    notes, text = [], text or shape.geom_type
    if shape.geom_type == "MultiLineString":
        merged = shapely.line_merge(shape)
        if merged.geom_type != "LineString":
            raise BadValue(parameter, text, "one_line_branches", parts=len(merged.geoms))
        shape, notes = merged, [JOINED]
    if shape.geom_type != "LineString":
        raise BadValue(parameter, text, "one_line_type", type=shape.geom_type)
    path = shapely.get_coordinates(shape)
    same = np.concatenate([[False], (np.diff(path, axis=0) == 0).all(axis=1)])
    if same.any():
        if (~same).sum() < 2:
            raise BadValue(parameter, text, "one_line_vertices")
        shape, notes = shapely.LineString(path[~same]), [*notes, REPEATED]
    return shape, tuple(notes)


def ruler(values: Mapping[str, Any], catalog: Catalog, parameter: str = LINE.name) -> Ruler:
    """Return the line that the parameters name, reversed, with its own km 0 or its pillars as they ask."""
    place, notes = line_place(parameter, values[parameter], catalog)
    loops = loops_of(place.shape, place.edges, parameter)
    sides = _sides(place, catalog)
    if values.get(REVERSE.name):
        place, sides = replace(place, geometry=place.shape.reverse()), (sides[1], sides[0])
        length = measure.line_of(place.shape, place.edges).length
        loops = tuple(loop.turned(length) for loop in loops)
    reference = Ruler(place, loops=loops, sides=sides, notes=(*notes, *([LOOPED] if loops else [])))
    zero = values.get(ZERO.name, 0.0) * 1000
    if zero > reference.line.length:
        raise BadValue(ZERO.name, values[ZERO.name], "chainage_km", length=f"{reference.line.length / 1000:.3f}")
    calibration = None
    if values.get(PILLARS.name):
        if ZERO.name in values:
            raise BadValue(ZERO.name, values[ZERO.name], "not_with_pillars")
        calibration = calibrated(values[PILLARS.name], place)
    return replace(reference, zero=zero, calibration=calibration)


def _sides(place: Place, catalog: Catalog) -> tuple[str | None, str | None]:
    """Return what a line has to its left and right: by its own record, or by the border it was drawn along."""
    if place.feature is None:
        return None, None
    properties = place.feature.properties
    if properties.get("border") and not properties.get("left"):
        properties = catalog.feature(properties["border"]).properties
    return properties.get("left"), properties.get("right")
