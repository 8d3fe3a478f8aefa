"""Distances on the ellipsoid between earth-centred vectors in metres: by the chord when near, by iteration when far.

Compiled with `kernel.py`, by the same rules.
"""

# Types come with the arrays, when the functions are compiled.
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import math

A2 = 6378137.0**2
E2 = 0.0066943799901413165
STRETCH = 1 / (1 - E2)
"""a²/b²: the ellipsoid is x² + y² + z²·STRETCH = a²."""
A, B = 6378137.0, 6356752.314245179
"""Semi-axes in metres (WGS84)."""
F = 1 / 298.257223563
SPREAD = 0.0213 / 24 / 6.37e6**2
"""Chords of one length stand for geodesics that differ by at most SPREAD·c³: the radii of curvature differ by 1 %."""
NEAR = 1_300_000.0
"""Metres of chord up to which feet and distances come from chords; beyond, from `inverse`."""
CHORD = 1_400_000.0
"""Metres of chord up to which `distance` keeps to 1e-4 m."""
TURNS = 40
"""Rounds of `inverse`; only ways almost round to the antipodes need more (see nearest_far.py)."""
TINY = 1e-300
"""Added to a divisor that may be 0 where the quotient does not count then."""


def arc(px, py, pz, qx, qy, qz):
    """Return the geodesic distance between two points of the ellipsoid, from their chord, without a branch.

    An arc of the curvature in the middle (Euler), and the next term, of the curvature's change along the geodesic:
    with κ = κm + κ''x²/2, s = 2/κm·asin(cκm/2) + s⁵κκ''/480, and κκ'' = -3e²/a⁴·(t_z² - n_z²) for the tangent t and
    the normal n in the middle. Within 2e-6 m up to 300 km; the error grows with the seventh power of the length.
    """
    tx, ty, tz = qx - px, qy - py, qz - pz
    # The middle of the chord, twice: the curvature is taken where the ray through it leaves the ellipsoid.
    mx, my, mz = px + qx, py + qy, pz + qz
    nx, ny, nz = mx, my, mz * STRETCH
    level = mx * nx + my * ny + mz * nz
    normal = nx * nx + ny * ny + nz * nz
    square = tx * tx + ty * ty + tz * tz
    # The chord is a tangent there: q - p and (p + q)·diag(1, 1, STRETCH) are at right angles for p, q of the ellipsoid.
    tangent = square + TINY
    form = (tx * tx + ty * ty + tz * tz * STRETCH) / tangent
    # (cκ/2)²; asin(√q)/√q to the last bit, as q is below 0.0032.
    q = square * form * form * level / (4 * A2 * normal)
    series = 1 + q * (1 / 6 + q * (3 / 40 + q * (15 / 336 + q * (105 / 3456 + q * (945 / 42240)))))
    bend = tz * tz / tangent - nz * nz / normal
    return math.sqrt(square) * series * (1 - q * q * (E2 / 10) * bend)


def distance(px, py, pz, qx, qy, qz):
    """Return the geodesic distance between two points of the ellipsoid, as two arcs, without a branch.

    The way's middle is taken on the normal of the chord's middle: beside it by too little to matter. Within 1e-7 m up
    to 300 km, 1e-4 m up to 1,400 km (CHORD).
    """
    dx, dy, dz = qx - px, qy - py, qz - pz
    # How far the chord's middle lies inside, from the chord: no digits are lost where the points are close.
    inside = -(dx * dx + dy * dy + dz * dz * STRETCH) / (4 * A2)
    mx, my, mz = lifted((px + qx) / 2, (py + qy) / 2, (pz + qz) / 2, inside)
    return arc(px, py, pz, mx, my, mz) + arc(mx, my, mz, qx, qy, qz)


def lifted(x, y, z, inside):
    """Return where the normal through a point inside the ellipsoid comes out, to the order of a chord's middle.

    `inside` is (x² + y² + z²·STRETCH)/a² - 1.
    """
    nx, ny, nz = x, y, z * STRETCH
    slope = (x * nx + y * ny + z * nz * STRETCH) / A2
    bend = (nx * nx + ny * ny + nz * nz * STRETCH) / A2
    up = -inside / (slope + math.sqrt(slope * slope - bend * inside))
    return x + up * nx, y + up * ny, z + up * nz


def inverse(px, py, pz, qx, qy, qz):
    """Return the geodesic distance between two points of the ellipsoid, and east and north of the way at the first.

    Vincenty's equations on the auxiliary sphere (Survey Review 176, 1975), within 1e-4 m; NaN where their iteration
    does not settle, near the antipodes.
    """
    sin1, sin2 = pz / B, qz / B
    cos1, cos2 = math.sqrt(px * px + py * py) / A, math.sqrt(qx * qx + qy * qy) / A
    between = math.atan2(px * qy - py * qx, px * qx + py * qy)
    turn = between
    for _ in range(TURNS):
        sin, cos = math.sin(turn), math.cos(turn)
        east, north = cos2 * sin, cos1 * sin2 - sin1 * cos2 * cos
        sin_s, cos_s = math.sqrt(east * east + north * north), sin1 * sin2 + cos1 * cos2 * cos
        sigma = math.atan2(sin_s, cos_s)
        if sin_s < 1e-12:
            break
        alpha = cos1 * east / sin_s
        square = 1 - alpha * alpha
        middle = cos_s - 2 * sin1 * sin2 / square if square > 1e-12 else 0.0
        c = F / 16 * square * (4 + F * (4 - 3 * square))
        inner = middle + c * cos_s * (2 * middle * middle - 1)
        then = between + (1 - c) * F * alpha * (sigma + c * sin_s * inner)
        moved, turn = abs(then - turn), then
        if moved < 1e-13:
            u = square * (A * A - B * B) / (B * B)
            grow = 1 + u / 16384 * (4096 + u * (u * (320 - 175 * u) - 768))
            b = u / 1024 * (256 + u * (u * (74 - 47 * u) - 128))
            third = b / 6 * middle * (4 * sin_s * sin_s - 3) * (4 * middle * middle - 3)
            off = b * sin_s * (middle + b / 4 * (cos_s * (2 * middle * middle - 1) - third))
            return B * grow * (sigma - off), east / sin_s, north / sin_s
    return math.nan, 0.0, 0.0


def reach(chord, bow):
    """Return the chord beyond which no piece can be nearer than one at `chord`; infinite where chords say nothing."""
    if chord < 2e6:
        return chord + bow + SPREAD * chord * chord * chord
    if chord > 1.2e7:
        return math.inf
    return 2 * 6.4e6 * math.sin(6.335e6 / 6.4e6 * math.asin(chord / 2 / 6.335e6)) + bow


def far_along(chord):
    """Return more than any geodesic between places so far apart by the chord, and what distances are off by."""
    return chord * (1 + chord * chord / 8e14) + 1e-3 if chord < 2e6 else 1.6 * chord


def pairs(x, y, z, to_x, to_y, to_z, out):
    """Write the distances (n, m) between vectors (n,) and (m,), as `distance`; meaningless beyond CHORD."""
    for i in range(len(x)):
        px, py, pz = x[i], y[i], z[i]
        row = out[i]
        for j in range(len(to_x)):
            row[j] = distance(px, py, pz, to_x[j], to_y[j], to_z[j])
