"""Groups of neighbouring points, side by side in flat rows of numbers: positions, vectors, and the ball round them.

Rows have a fixed length, LANES, so that compilers see that they do not overlap and use wide instructions. Compiled
with `kernel.py`, by the same rules.
"""

# Types come with the arrays, when the functions are compiled.
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import math

from geodata.geodesy.ecef_inverse import E2, A

GROUP = 32
"""Points looked up together where they lie apart; LANES where all of them lie within CLOSE metres."""
LANES = 64
CLOSE = 1_500.0

LON, LAT, X, Y, Z, LEAST, SPAN, BASE, STEEP, BEST, PLACE = (LANES * row for row in range(11))
ROWS = 11
DEGREE = math.pi / 180


def sine(degrees):
    """Return the sine of an angle from -180 to 180 degrees, by its series: the same bits wherever it runs."""
    turned = degrees - (180.0 if degrees > 90.0 else (-180.0 if degrees < -90.0 else 0.0))
    x = (turned if turned == degrees else -turned) * DEGREE
    y = (90.0 - abs(turned)) * DEGREE
    by_cosine = cosine_series(y)
    small = abs(turned) <= 45.0
    return sine_series(x) if small else (by_cosine if x > 0.0 else -by_cosine)


def cosine(degrees):
    """Return the cosine of an angle from -180 to 180 degrees, as `sine`."""
    return sine(90.0 - abs(degrees))


def sine_series(x):
    """Return sin x up to π/4."""
    q = x * x
    low = 1 / 362880 - q * (1 / 39916800 - q * (1 / 6227020800 - q * (1 / 1307674368000 - q / 355687428096000)))
    return x - x * q * (1 / 6 - q * (1 / 120 - q * (1 / 5040 - q * low)))


def cosine_series(x):
    """Return cos x up to π/4."""
    q = x * x
    low = 1 / 3628800 - q * (1 / 479001600 - q * (1 / 87178291200 - q * (1 / 20922789888000 - q / 6402373705728000)))
    return 1 - q * (0.5 - q * (1 / 24 - q * (1 / 720 - q * (1 / 40320 - q * low))))


def place_lanes(lanes, n):
    """Write the vectors of the positions of a group."""
    for i in range(n):
        lon, lat = lanes[LON + i], lanes[LAT + i]
        sin, cos = sine(lat), cosine(lat)
        normal = A / math.sqrt(1 - E2 * sin * sin)
        lanes[X + i] = normal * cos * cosine(lon)
        lanes[Y + i] = normal * cos * sine(lon)
        lanes[Z + i] = normal * (1 - E2) * sin


def enclosing_ball(lanes, n):
    """Return a centre and a radius that hold the vectors of a group."""
    x = y = z = 0.0
    for i in range(n):
        x, y, z = x + lanes[X + i], y + lanes[Y + i], z + lanes[Z + i]
    x, y, z = x / n, y / n, z / n
    most = 0.0
    for i in range(n):
        dx, dy, dz = lanes[X + i] - x, lanes[Y + i] - y, lanes[Z + i] - z
        square = dx * dx + dy * dy + dz * dz
        most = square if square > most else most
    return x, y, z, math.sqrt(most) + 1e-6 if n > 1 else 0.0


def take_group(lon, lat, keys, mask, first, size, lanes, source):
    """Put the next positions that differ from the one before into a group; return how many, and where the next begin.

    Positions that repeat the last of the group are passed over: their answer is its.
    """
    n, at = 0, first
    last_lon, last_lat = math.nan, math.nan
    while at < len(keys):
        i = keys[at] & mask
        x, y = lon[i], lat[i]
        if not (math.isnan(x) or math.isnan(y) or (x == last_lon and y == last_lat)):
            if n == size:
                break
            lanes[LON + n], lanes[LAT + n], source[n] = x, y, i
            last_lon, last_lat = x, y
            n += 1
        at += 1
    return n, at
