"""Where on a piece the geodesic from a point meets it at a right angle, and on which side of it the point lies.

A piece is P(t) = A + tD + 4t(1-t)W, t from 0 to 1: start A, chord D, sagitta W (see kernel.py). What is returned is of
the point and the piece alone. Compiled with `kernel.py`, by the same rules.
"""

# Types come with the arrays, when the functions are compiled.
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import math

from geodata.geodesy.ecef_inverse import E2, STRETCH, TINY, distance, inverse

RADIUS2 = 6.37e6**2
TURN = E2 * STRETCH / 6
"""Of the angle between a geodesic and the normal section of the same two points: (e'²/6)(s/N)² sin α cos α cos² φ."""


def refine_foot(ax, ay, az, ex, ey, ez, wx, wy, wz, inverse_square, x, y, z):
    """Return t of the nearest place of a piece by geodesics, and its distance, for points up to NEAR; no branch.

    The chord's foot, moved by Newton's method: once on the parabola, twice on the ellipsoid. What is left of a step of
    m metres is of the order of m²/s, below a millimetre.
    """
    dx, dy, dz = x - ax, y - ay, z - az
    t = clamped((dx * ex + dy * ey + dz * ez) * inverse_square)
    b, m = 4 * t * (1 - t), 4 * (1 - 2 * t)
    rx, ry, rz = dx - t * ex - b * wx, dy - t * ey - b * wy, dz - t * ez - b * wz
    vx, vy, vz = ex + m * wx, ey + m * wy, ez + m * wz
    square = vx * vx + vy * vy + vz * vz
    steep = square + 8 * (rx * wx + ry * wy + rz * wz)
    step = (rx * vx + ry * vy + rz * vz) / (steep if steep > 0.1 * square else 1.0)
    t = clamped(t + (step if steep > 0.1 * square else 0.0))
    t = newton_step(ax, ay, az, ex, ey, ez, wx, wy, wz, t, x, y, z)
    t = newton_step(ax, ay, az, ex, ey, ez, wx, wy, wz, t, x, y, z)
    b = 4 * t * (1 - t)
    px, py, pz = ax + t * ex + b * wx, ay + t * ey + b * wy, az + t * ez + b * wz
    return t, distance(px, py, pz, x, y, z)


def clamped(t):
    """Return t between 0 and 1; NaN stays."""
    t = 0.0 if t < 0.0 else t
    return 1.0 if t > 1.0 else t


def newton_step(ax, ay, az, ex, ey, ez, wx, wy, wz, t, x, y, z):
    """Return t moved towards where the geodesic meets a piece at a right angle."""
    b, m = 4 * t * (1 - t), 4 * (1 - 2 * t)
    px, py, pz = ax + t * ex + b * wx, ay + t * ey + b * wy, az + t * ez + b * wz
    vx, vy, vz = ex + m * wx, ey + m * wy, ez + m * wz
    ux, uy, uz, _, _, _, sec = towards(px, py, pz, x, y, z)
    square = vx * vx + vy * vy + vz * vz
    # The second derivative of half the squared distance along the piece.
    bend = square + sec * 8 * (ux * wx + uy * wy + uz * wz)
    step = sec * (ux * vx + uy * vy + uz * vz) / (bend if bend > 0.1 * square else 1.0)
    return clamped(t + (step if bend > 0.1 * square else 0.0))


def towards(px, py, pz, x, y, z):
    """Return the way from one point to another in the tangent plane: vector, the vector to its right, secant.

    The direction is the geodesic's: the normal section's, turned. The length is that of the chord, laid into the
    plane; times the secant of the angle at the earth's centre it is the radius of curvature of the distance circle.
    """
    nx, ny, nz = px, py, pz * STRETCH
    normal = nx * nx + ny * ny + nz * nz
    ux, uy, uz = x - px, y - py, z - pz
    q = (ux * ux + uy * uy + uz * uz) / (4 * RADIUS2)
    lift = (ux * nx + uy * ny + uz * nz) / normal
    ux, uy, uz = ux - lift * nx, uy - lift * ny, uz - lift * nz
    # The square of the angle at the centre: (2 asin √q)².
    angle = 4 * q * (1 + q * (1 / 3 + q * (8 / 45)))
    size = math.sqrt(normal)
    cx, cy, cz = (uy * nz - uz * ny) / size, (uz * nx - ux * nz) / size, (ux * ny - uy * nx) / size
    turn = TURN * angle * uz * (nx * uy - ny * ux) / (size * (ux * ux + uy * uy + uz * uz) + TINY)
    right = cx + turn * ux, cy + turn * uy, cz + turn * uz
    ux, uy, uz = ux - turn * cx, uy - turn * cy, uz - turn * cz
    sec = 1 + angle * (1 / 2 + angle * (5 / 24 + angle * (61 / 720)))
    return ux, uy, uz, right[0], right[1], right[2], sec


def foot_far(pieces, k, x, y, z):
    """Return where on a piece its nearest place to a far point is (t), and the geodesic distance; NaN as `inverse`.

    One step of Newton's method from the chord's foot: of a piece's length at most, so that less than m²/s is left.
    """
    ex, ey, ez = pieces[k, 3], pieces[k, 4], pieces[k, 5]
    wx, wy, wz = pieces[k, 6], pieces[k, 7], pieces[k, 8]
    dx, dy, dz = x - pieces[k, 0], y - pieces[k, 1], z - pieces[k, 2]
    t = clamped((dx * ex + dy * ey + dz * ez) * pieces[k, 9])
    b, m = 4 * t * (1 - t), 4 * (1 - 2 * t)
    px, py, pz = pieces[k, 0] + t * ex + b * wx, pieces[k, 1] + t * ey + b * wy, pieces[k, 2] + t * ez + b * wz
    s, east, north = inverse(px, py, pz, x, y, z)
    flat = math.sqrt(px * px + py * py)
    if math.isnan(s) or flat < 1e-6:
        return t, s
    vx, vy, vz = ex + m * wx, ey + m * wy, ez + m * wz
    square = vx * vx + vy * vy + vz * vz + TINY
    up = math.sqrt(flat * flat + pz * pz * STRETCH * STRETCH)
    cos, sin = flat / up, pz * STRETCH / up
    cx, cy = px / flat, py / flat
    ux, uy, uz = -sin * cx * north - cy * east, -sin * cy * north + cx * east, cos * north
    angle = s / 6.37e6
    # From a quarter of the globe on, distances grow concave: the nearest place of a piece is one of its ends.
    stiff = 1 / math.tan(angle) / 6.37e6 if angle < 1.5 else 1e-9
    bent = 8 * (ux * wx + uy * wy + uz * wz) / square
    t = clamped(t + (ux * vx + uy * vy + uz * vz) / square / max(stiff + bent, 1e-9))
    b = 4 * t * (1 - t)
    px, py, pz = pieces[k, 0] + t * ex + b * wx, pieces[k, 1] + t * ey + b * wy, pieces[k, 2] + t * ez + b * wz
    return t, inverse(px, py, pz, x, y, z)[0]


def corner_orientation(pieces, first, last):
    """Return a positive number where the curve turns left from one piece to the next."""
    m = 4.0
    ax, bx = pieces[first, 3] - m * pieces[first, 6], pieces[last, 3] + m * pieces[last, 6]
    ay, by = pieces[first, 4] - m * pieces[first, 7], pieces[last, 4] + m * pieces[last, 7]
    az, bz = pieces[first, 5] - m * pieces[first, 8], pieces[last, 5] + m * pieces[last, 8]
    x, y, z = pieces[last, 0], pieces[last, 1], pieces[last, 2] * STRETCH
    return (ay * bz - az * by) * x + (az * bx - ax * bz) * y + (ax * by - ay * bx) * z
