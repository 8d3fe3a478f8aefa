"""Rings at one distance round points and short edges, as polygons in longitude and latitude, cut at ±180.

The error of every ring edge is bounded when the ring is made, not sampled afterwards. Along an edge of length l the
distance d to the centre bends by at most 1/ρ + K (ρ = R tan(r/R): curvature of the circle; K: of the edge itself,
`ellipsoid.edge_bend`) and by no less than -K. With both ends at r + l²/16ρ, d stays within l²/8·(1/2ρ + K) of r.
"""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.geodesy import ellipsoid
from geodata.geodesy.ellipsoid import GEOD, RADIUS, Floats

ARC_SHARE = 0.75
"""Of the tolerance, for arcs; a tenth each is for straight sides and for the edges' own bow."""
DEGREE = 110_500.0
"""Metres: a degree of latitude is longer than this everywhere."""
POLAR = 87.0
"""Degrees: capsules that reach beyond are made one by one, arcs and sides divided as the parallels need it."""
BATCH = 300_000
NUDGE = 0.01
"""Metres: a ring that would pass through a pole is moved off it by this; tolerances begin at ten times as much."""

WORLD = (-180.0, -90.0, 180.0, 90.0)


def bulge(radius: float) -> float:
    """Return ρ = R tan(r/R) in metres: the distance from a point bends by 1/ρ across its circle."""
    return float(RADIUS * np.tan(radius / RADIUS))


def steps(radius: float, tolerance: float, lat: float) -> int:
    """Return into how many arcs a circle must be divided that reaches to `lat` degrees at most."""
    length = np.sqrt(8 * ARC_SHARE * tolerance / (0.5 / bulge(radius) + float(ellipsoid.bend(lat))))
    around = 2 * np.pi * ellipsoid.A * np.sin(min(radius / RADIUS, np.pi / 2)) * 1.01
    return max(8, int(np.ceil(around / length)))


def longest_piece(radius: float, tolerance: float, lat: Floats, own: Floats) -> Floats:
    """Return how long, in metres, an edge may be for its capsule's straight sides to keep within the tolerance.

    `lat` is how far from the equator it reaches, in degrees; `own` its own curvature, 1/m.
    """
    sides = ellipsoid.bend(np.minimum(lat + radius / DEGREE, POLAR))
    bend = np.tan(radius / RADIUS) / RADIUS + np.maximum(sides, own)
    return np.asarray(np.maximum(np.sqrt(0.8 * tolerance / bend), tolerance))


def circles(lon: Floats, lat: Floats, radius: float, tolerance: float) -> Floats:
    """Return the polygon of every position's circle: an array of shapely geometries (n,)."""
    ends = np.stack([lon, lat], axis=1)
    return capsules(ends, ends, radius, tolerance)


def capsules(start: Floats, end: Floats, radius: float, tolerance: float) -> Floats:
    """Return what lies within a radius of each edge from `start` to `end` (n, 2), or of a point where they are one."""
    shapes = np.empty(len(start), dtype=object)
    top = np.maximum(np.abs(start[:, 1]), np.abs(end[:, 1])) + radius / DEGREE
    polar = top > POLAR
    for at in np.flatnonzero(polar):
        shapes[at] = _polar(start[at], end[at], radius, tolerance)
    others = np.flatnonzero(~polar)
    # Neighbouring latitudes share the number of arcs of the highest.
    bands = np.where(top[others] < 80, np.ceil(top[others] / 5) * 5, np.ceil(top[others]))
    for band in np.unique(bands):
        which = others[bands == band]
        count = steps(radius, tolerance, float(band))
        size = max(1, BATCH // count)
        for first in range(0, len(which), size):
            part = which[first : first + size]
            shapes[part] = _uniform(start[part], end[part], radius, count)
    return shapes


def _uniform(start: Floats, end: Floats, radius: float, count: int) -> Floats:
    points = (start == end).all(axis=1)
    shapes = np.empty(len(start), dtype=object)
    arc = 2 * np.pi * RADIUS * np.sin(min(radius / RADIUS, np.pi / 2)) / count
    out = radius + arc * arc / 16 / bulge(radius)
    if points.any():
        turns = np.linspace(0, -360, count, endpoint=False)
        lon, lat = ellipsoid.direct(start[points, :1], start[points, 1:], turns[None, :], out)
        shapes[points] = _polygons(lon, lat)
    if not points.all():
        sides = ~points
        first, last = start[sides], end[sides]
        ahead, there, _ = ellipsoid.inverse(*first.T, *last.T)
        turns = np.linspace(90, -90, count // 2 + 2)
        azimuth = np.concatenate([there[:, None] + turns, ahead[:, None] + turns - 180], axis=1)
        half = len(turns)
        lon = np.repeat(np.stack([last[:, 0], first[:, 0]], axis=1), half, axis=1)
        lat = np.repeat(np.stack([last[:, 1], first[:, 1]], axis=1), half, axis=1)
        shapes[sides] = _polygons(*ellipsoid.direct(lon, lat, azimuth, out))
    return shapes


def _polygons(lon: Floats, lat: Floats) -> Floats:
    """Return rings (n, m) as polygons; those that cross the antimeridian cut in two."""
    lon = lon[:, :1] + np.cumsum(np.diff(lon, axis=1, prepend=lon[:, :1]) - _jumps(lon), axis=1)
    shapes = shapely.polygons(np.stack([lon, lat], axis=-1))
    for at in np.flatnonzero((lon < -180).any(axis=1) | (lon > 180).any(axis=1)):
        shapes[at] = cut(shapes[at])
    return np.asarray(shapes)


def _jumps(lon: Floats) -> Floats:
    """Return the whole turns between neighbours that are nearer the other way round."""
    return 360 * np.round(np.diff(lon, axis=-1, prepend=lon[..., :1]) / 360)


def cut(polygon: BaseGeometry) -> BaseGeometry:
    """Return a polygon with longitudes beyond ±180 wrapped, its parts cut at the antimeridian."""
    parts = []
    for shift in (-360, 0, 360):
        moved = shapely.transform(polygon, lambda xy, by=shift: np.add(xy, [by, 0]))
        part = shapely.intersection(moved, shapely.box(*WORLD))
        parts += [each for each in shapely.get_parts(part) if shapely.get_dimensions(each) == 2]
    return shapely.union_all(parts)


def _polar(start: Floats, end: Floats, radius: float, tolerance: float) -> BaseGeometry:
    """Return one capsule near a pole: its rim is divided where the parallels turn sharply; a pole may lie inside."""
    count = 4 * (steps(radius, tolerance, 60.0) // 4 + 1)
    arc = 2 * np.pi * RADIUS * np.sin(min(radius / RADIUS, np.pi / 2)) / count
    out = radius + arc * arc / 16 / bulge(radius)
    poles = GEOD.inv([start[0], end[0]] * 2, [start[1], end[1]] * 2, [0.0] * 4, [90.0, 90.0, -90.0, -90.0])[2]
    if (np.abs(np.array(poles) - out) < NUDGE).any():
        out += 2 * NUDGE
    fraction = np.linspace(0, 1, count + 1)
    for _ in range(60):
        lon, lat = _round(start, end, out, fraction)
        long = _too_long(lon, lat, radius, tolerance)
        if not long.any():
            break
        fraction = np.sort(np.concatenate([fraction, (fraction[:-1] + fraction[1:])[long] / 2]))
    lon = lon[0] + np.cumsum(np.diff(lon, prepend=lon[:1]) - _jumps(lon))
    ring = np.column_stack([lon, lat])
    if abs(lon[-1] - lon[0]) > 180:
        ring = _over_pole(ring)
    return cut(shapely.make_valid(shapely.Polygon(ring)))


def _over_pole(ring: Floats) -> Floats:
    """Return a ring that encloses a pole, starting at the antimeridian and closed along it and the pole."""
    turns = np.floor((ring[:, 0] - 180) / 360)
    at = int(np.argmax(turns[1:] != turns[:-1]))
    (x1, y1), (x2, y2) = ring[at], ring[at + 1]
    seam = 180 + 360 * max(turns[at], turns[at + 1])
    lat = y1 + (y2 - y1) * (seam - x1) / (x2 - x1)
    sense = np.sign(ring[-1, 0] - ring[0, 0])
    rest = np.concatenate([ring[at + 1 : -1], np.add(ring[: at + 1], [360 * sense, 0])]) - [seam + 180 * sense, 0]
    pole = np.copysign(90.0, ring[np.argmax(np.abs(ring[:, 1])), 1])
    first, last = -180 * sense, 180 * sense
    return np.concatenate([[[first, lat]], rest, [[last, lat], [last, pole], [first, pole]]])


def _round(start: Floats, end: Floats, out: float, fraction: Floats) -> tuple[Floats, Floats]:
    """Return the rim at each `fraction` of its circuit, clockwise: an arc about the end, a side, an arc, a side."""
    if (start == end).all():
        return ellipsoid.direct(start[0], start[1], -360 * fraction, out)
    (x1, y1), (x2, y2) = start, end
    ahead, _, length = ellipsoid.inverse(x1, y1, x2, y2)
    # Where on the edge the rim's place belongs to, and its direction from there.
    share = np.interp(fraction, [0, 0.4, 0.5, 0.9, 1], [1, 1, 0, 0, 1])
    lon, lat = ellipsoid.direct(x1, y1, ahead, length * share)
    lon, lat = (np.where(share == 1, end[i], now) for i, now in enumerate((lon, lat)))
    here = np.where(share > 0.5, ellipsoid.inverse(x1, y1, lon, lat)[1], ellipsoid.inverse(lon, lat, x2, y2)[0])
    azimuth = here + np.interp(fraction, [0, 0.4, 0.5, 0.9, 1], [90, -90, -90, -270, -270])
    return ellipsoid.direct(lon, lat, azimuth, out)


def _too_long(lon: Floats, lat: Floats, radius: float, tolerance: float) -> Floats:
    """Tell which edges of a rim may leave it by more than arcs may: by their bend, or by their mere length."""
    lon = lon + np.cumsum(-_jumps(lon))
    start, end = np.column_stack([lon, lat])[:-1], np.column_stack([lon, lat])[1:]
    length = ellipsoid.edge_length(start, end)
    error = length * length / 8 * (0.5 / bulge(radius) + ellipsoid.edge_bend(start, end))
    return np.asarray(np.minimum(error, length / 2) > ARC_SHARE * tolerance * 1.1)
