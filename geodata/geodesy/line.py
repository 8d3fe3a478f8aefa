"""A line as a ruler: the nearest place on it, how far along, on which side; lengths, places and parts of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from geodata.errors import BadValue
from geodata.geodesy import ellipsoid, ties, validation, within_grid
from geodata.geodesy.ellipsoid import Floats
from geodata.geodesy.segments import Curve
from geodata.messages import Message

SIDES = np.array(["on", "left", "", "right"])
"""By the kernel's code: 0 on, 1 left, -1 right; 2 (NOWHERE) where the position is NaN or the target no line."""
NOWHERE = 2


@dataclass(frozen=True)
class Nearest:
    """The nearest places on a line or another target, arrays in the shape of the positions asked.

    `lon`, `lat` (degrees) are the feet, `distance` and `chainage` metres, `side` "left", "right" or "on" looking along
    the line ("" where the target is no line), `piece` the edge or point of the input, `beyond_end` whether the foot is
    an end of the line, `start` the positions asked. Where a position is NaN, numbers are NaN, `side` "", `piece` -1,
    `beyond_end` False. `side_code` is the side as a number: 1 left, -1 right, 0 on, 2 none; `several` says where `tied`
    has to be looked for.
    """

    distance: Any
    lon: Any
    lat: Any
    chainage: Any
    side_code: Any
    piece: Any
    beyond_end: Any
    several: Any = field(repr=False)
    start: tuple[Any, Any] = field(repr=False)
    curve: Curve = field(repr=False)

    @cached_property
    def side(self) -> Any:
        """The side in words."""
        return SIDES[self.side_code]

    @cached_property
    def tied(self) -> Any:
        """Whether another foot is as near: a local minimum equal within 1 mm, parted by a rise of more (ties.py)."""
        lon, lat, several = (np.asarray(part) for part in (*self.start, self.several))
        return ties.confirmed(self.curve, lon.ravel(), lat.ravel(), several.ravel()).reshape(lon.shape)[()]

    @cached_property
    def azimuth(self) -> Any:
        """Degrees, 0 to 360, at the position asked, towards the foot; NaN where they are one place."""
        azimuth, _, _ = ellipsoid.inverse(*self.start, self.lon, self.lat)
        return np.where(np.asarray(self.distance) > 0, azimuth % 360, np.nan)[()]


class Line:
    """A line of vertices (n, 2), longitude before latitude, prepared for measuring.

    `edges` says what lies between two vertices: "lonlat", straight in longitude and latitude (RFC 7946), or
    "geodesic". The preparation (pieces of at most 250 m, a tree over them) is kept on the object.

    Raises BadValue for less than two different vertices, coordinates out of range or not finite, more than
    2,000,000 vertices, and for a lon/lat edge over more than 180° of longitude.

    >>> border = Line([[41.38, 35.63], [41.28, 36.36], [41.84, 36.59]])
    >>> near = border.nearest(40.74, 36.5)
    >>> round(float(near.distance)), str(near.side)
    (50854, 'left')
    """

    def __init__(self, coordinates: Any, edges: str = "lonlat") -> None:
        self.edges = validation.edges(edges)
        self.coordinates = validation.vertices(coordinates, edges)
        self.coordinates.flags.writeable = False

    @cached_property
    def curve(self) -> Curve:
        """The pieces and the tree."""
        return Curve([self.coordinates], self.edges)

    @property
    def length(self) -> float:
        """Metres along the line as its edges are defined."""
        return float(self.curve.chainages[-1])

    def nearest(self, lon: Any, lat: Any) -> Nearest:
        """Find the nearest place on the line for positions in degrees, scalars or arrays of one shape.

        None and NaN give NaN. Distances are within 1e-6 m up to 300 km and 1 mm up to 2,000 km of Karney's geodesics
        to every point of the line, feet and chainages within 1 cm up to 100 km.
        """
        return answer(self.curve, lon, lat, is_line=True)

    def within(self, lon: Any, lat: Any, radius: Any) -> Any:
        """Tell for positions in degrees whether the line is at most `radius` metres away; NaN is not."""
        return reached(self.curve, lon, lat, radius)

    def point_at(self, chainage: Any) -> tuple[Any, Any]:
        """Return longitude and latitude at metres from the start; NaN gives NaN.

        Raises BadValue for a chainage before the start or beyond the end.
        """
        wanted = validation.numbers("chainage", chainage, Message("allowed.metres_from_start"))
        slack = 1e-6 + 1e-12 * self.length
        if ((wanted < -slack) | (wanted > self.length + slack)).any():
            raise BadValue("chainage", chainage, "chainage_m", length=f"{self.length:.3f}")
        missing = np.isnan(wanted)
        piece, t = self.curve.at(np.where(missing, 0.0, wanted).ravel())
        lon, lat = self.curve.position(piece, t)
        return tuple(np.where(missing, np.nan, part.reshape(wanted.shape))[()] for part in (lon, lat))  # type: ignore[return-value]

    def slice(self, start: float, end: float) -> Line:
        """Return the part between two chainages in metres, start before end."""
        start, end = validation.finite("start", start), validation.finite("end", end)
        if not start < end:
            raise BadValue("end", end, "metres_above_start", start=start)
        lon, lat = self.point_at(np.array([start, end], dtype=float))
        piece, _ = self.curve.at(np.array([start, end], dtype=float))
        edge = self.curve.edge[piece]
        inner = self.coordinates[edge[0] + 1 : edge[1] + 1]
        path = np.concatenate([[[lon[0], lat[0]]], inner, [[lon[1], lat[1]]]])
        same = np.concatenate([[False], (np.diff(path, axis=0) == 0).all(axis=1)])
        return Line(path[~same] if (~same).sum() > 1 else path, self.edges)


def reached(curve: Curve, lon: Any, lat: Any, radius: Any) -> Any:
    """Tell whether a curve is at most `radius` metres away, in the shape of the question; NaN is not."""
    limit = validation.not_negative("radius", radius)
    x, y = validation.positions(lon, lat)
    try:
        np.broadcast_shapes(limit.shape, x.shape)
    except ValueError:
        raise BadValue("radius", f"shape {limit.shape}", "radius_broadcasts", shape=x.shape) from None
    if limit.ndim == 0:
        return within_grid.within(curve, x.ravel(), y.ravel(), float(limit)).reshape(x.shape)[()]
    return (curve.nearest(x.ravel(), y.ravel()).distance.reshape(x.shape) <= limit)[()]


def answer(
    curve: Curve, lon: Any, lat: Any, *, is_line: bool, inside: Callable[[Floats, Floats], Any] | None = None
) -> Nearest:
    """Ask a curve, and put the answers into the shape of the question; positions `inside` are at distance 0."""
    x, y = validation.positions(lon, lat)
    flat_x, flat_y = x.ravel(), y.ravel()
    nearest = curve.nearest(flat_x, flat_y, feet=True, measured=is_line)
    distance, foot_lon, foot_lat, side = nearest.distance, nearest.lon, nearest.lat, nearest.side
    chainage, beyond = nearest.chainage, nearest.end
    if is_line:
        side[nearest.piece < 0] = NOWHERE
    else:
        chainage, beyond = np.full(len(flat_x), np.nan), np.zeros(len(flat_x), dtype=bool)
        side = np.full(len(flat_x), NOWHERE, dtype=np.int8)
    if inside is not None:
        mask = inside(flat_x, flat_y)
        distance[mask], side[mask], nearest.several[mask] = 0.0, 0, False
        foot_lon[mask], foot_lat[mask] = flat_x[mask], flat_y[mask]
    parts: tuple[Any, ...] = (distance, foot_lon, foot_lat, chainage, side, nearest.edge, beyond, nearest.several)
    names = ("distance", "lon", "lat", "chainage", "side_code", "piece", "beyond_end", "several")
    shaped = {name: part.reshape(x.shape)[()] for name, part in zip(names, parts, strict=True)}
    return Nearest(start=(x, y), curve=curve, **shaped)
