"""Karney's geodesics between positions: how far and which way, and where one gets to; what is asked is checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from geodata.errors import BadValue
from geodata.geodesy import ellipsoid, validation
from geodata.geodesy.ellipsoid import Floats
from geodata.messages import Message


def inverse(lon1: Any, lat1: Any, lon2: Any, lat2: Any) -> tuple[Floats, Floats, Floats]:
    """Return the forward azimuth at the first position, that at the second, and the distance in metres.

    Positions are in degrees, scalars or arrays that broadcast; azimuths in degrees from -180 to 180, both in the
    direction of travel. None and NaN give NaN. Raises BadValue for what is no number, or out of range.

    >>> round(float(inverse(40.74, 36.5, 41.1, 36.42)[2]))
    33468
    """
    (x1, y1), (x2, y2) = validation.positions(lon1, lat1), validation.positions(lon2, lat2)
    return ellipsoid.inverse(*validation.together(lon1=x1, lat1=y1, lon2=x2, lat2=y2))


def direct(lon: Any, lat: Any, azimuth: Any, distance: Any) -> tuple[Floats, Floats]:
    """Return the position `distance` metres from another along a geodesic that starts at `azimuth` degrees.

    Scalars or arrays that broadcast; None and NaN give NaN in both. Raises BadValue for what is no number, out of
    range or infinite.

    >>> lon, lat = direct(40.74, 36.5, 90, 50_000)
    >>> round(float(lon), 4), round(float(lat), 4)
    (41.2981, 36.4987)
    """
    azimuths = _not_infinite("azimuth", azimuth, Message("unit.degrees"))
    distances = _not_infinite("distance", distance, Message("unit.metres"))
    x, y = validation.positions(lon, lat)
    return ellipsoid.direct(*validation.together(lon=x, lat=y, azimuth=azimuths, distance=distances))


def _not_infinite(parameter: str, value: Any, unit: Message) -> Floats:
    array = validation.numbers(parameter, value, Message("allowed.finite_units", unit=unit))
    if np.isinf(array).any():
        raise BadValue(parameter, float(array[np.isinf(array)].flat[0]), "finite_unit", unit=unit)
    return array
