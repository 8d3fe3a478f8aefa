"""The WGS84 ellipsoid: positions as vectors and back, and Karney's geodesics through pyproj."""

# The series have no types.
# mypy: allow-untyped-calls

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from geodata.geodesy import ecef_inverse, lanes

Floats = NDArray[np.float64]

GEOD = Geod(ellps="WGS84")
A = 6378137.0
"""Equatorial radius in metres (WGS84)."""
F = 1 / 298.257223563
E2 = F * (2 - F)
"""First eccentricity squared."""
RADIUS = 6.335e6
"""Metres: the least radius of curvature, so that bounds are on the safe side."""


def ecef(lon: Any, lat: Any) -> Floats:
    """Return earth-centred vectors (…, 3) in metres of positions in degrees on the ellipsoid.

    By the kernel's own sines (lanes.py), to the last bit: a vertex lies at distance 0 from itself.
    """
    x, y = wrapped(lon), np.asarray(lat, dtype=float)
    sin, cos = _sine(y), _sine(90.0 - np.abs(y))
    normal = A / np.sqrt(1 - ecef_inverse.E2 * sin * sin)
    level = normal * cos
    return np.stack([level * _sine(90.0 - np.abs(x)), level * _sine(x), normal * (1 - ecef_inverse.E2) * sin], axis=-1)


def _sine(degrees: Floats) -> Floats:
    """Return the sines of angles from -180 to 180 degrees, as `lanes.sine`."""
    turned = degrees - np.where(degrees > 90.0, 180.0, np.where(degrees < -90.0, -180.0, 0.0))
    x = np.where(turned == degrees, turned, -turned) * lanes.DEGREE
    by_cosine = lanes.cosine_series((90.0 - np.abs(turned)) * lanes.DEGREE)
    small = np.abs(turned) <= 45.0
    return np.asarray(np.where(small, lanes.sine_series(x), np.where(x > 0.0, by_cosine, -by_cosine)))


def geodetic(vectors: Floats) -> tuple[Floats, Floats]:
    """Return longitude and latitude in degrees of vectors (…, 3) that lie on the ellipsoid."""
    x, y, z = np.moveaxis(vectors, -1, 0)
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, (1 - E2) * np.hypot(x, y)))


def wrapped(lon: Any) -> Floats:
    """Return longitudes in degrees brought into -180 … 180; those already there keep every bit."""
    values = np.asarray(lon, dtype=float)
    return np.where(np.abs(values) <= 180, values, (values + 180) % 360 - 180)


def bend(lat: Any) -> Floats:
    """Return a bound of the geodesic curvature, 1/m, of edges straight in longitude and latitude, at degrees north.

    On a sphere it is sin α (1 + cos² α) tan φ / R ≤ 1.089 tan φ / R. At a pole it has no bound: `edge_bend` has.
    """
    return np.asarray(1.1 * np.tan(np.radians(np.minimum(np.abs(lat), 89.9999))) / RADIUS)


def edge_bend(start: Floats, end: Floats) -> Floats:
    """Return a bound of the geodesic curvature, 1/m, of edges (n, 2) straight in longitude and latitude.

    As `bend`, with sin α = N cos φ dλ/ds: it is at most 2 sin φ dλ/ds, so that edges along a meridian have none.
    """
    d_lon, d_lat = np.abs(np.radians(end - start)).T
    high = np.minimum(np.maximum(np.abs(start[:, 1]), np.abs(end[:, 1])), 90)
    speed = RADIUS * np.hypot(d_lat, d_lon * np.cos(np.radians(high)))
    by_turn = np.divide(2.02 * d_lon, speed, out=np.where(d_lon > 0, np.inf, 0.0), where=speed > 0)
    return np.asarray(np.minimum(by_turn, 1.1 * np.tan(np.radians(high)) / RADIUS))


def edge_length(start: Floats, end: Floats) -> Floats:
    """Return a bound of the length in metres of edges (n, 2) straight in longitude and latitude."""
    d_lon, d_lat = np.abs(np.radians(end - start)).T
    low = np.minimum(np.abs(start[:, 1]), np.abs(end[:, 1]))
    low = np.where(start[:, 1] * end[:, 1] < 0, 0.0, low)
    return np.asarray(np.hypot(A * 1.0034 * d_lat, A * 1.0034 * np.cos(np.radians(low)) * d_lon))


def inverse(lon1: Any, lat1: Any, lon2: Any, lat2: Any) -> tuple[Floats, Floats, Floats]:
    """Return the forward azimuth at the first position, that at the second, and the distance in metres.

    Positions are in degrees, scalars or arrays that broadcast, and are not checked here; azimuths in degrees from -180
    to 180, both in the direction of travel. NaN gives NaN.
    """
    x1, y1, x2, y2 = (np.array(part, dtype=float) for part in np.broadcast_arrays(lon1, lat1, lon2, lat2))
    azimuth, back, distance = GEOD.inv(x1, y1, x2, y2)
    # Not by the sign of the way back: that is 0 where the way is due south.
    there = np.where(np.asarray(back) > 0, back - 180.0, back + 180.0)
    return np.asarray(azimuth), there, np.asarray(distance)


def direct(lon: Any, lat: Any, azimuth: Any, distance: Any) -> tuple[Floats, Floats]:
    """Return the position `distance` metres from another along a geodesic that starts at `azimuth` degrees.

    Scalars or arrays that broadcast, not checked here; NaN gives NaN in both.
    """
    x, y, azimuths, distances = (
        np.array(part, dtype=float) for part in np.broadcast_arrays(lon, lat, azimuth, distance)
    )
    to_lon, to_lat, _ = (np.asarray(part) for part in GEOD.fwd(x, y, azimuths, distances))
    missing = np.isnan(to_lon) | np.isnan(to_lat)
    return np.where(missing, np.nan, to_lon), np.where(missing, np.nan, to_lat)
