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
NEAR = 600_000.0
"""Metres up to which feet and distances come from chords; beyond, from `inverse`."""
CHORD = 500_000.0
"""Metres: longer chords are halved by `halved`."""
TURNS = 40
"""Rounds of `inverse`; only ways almost round to the antipodes need more (see far.py)."""


def distance(px, py, pz, qx, qy, qz):
    """Return the geodesic distance between two points of the ellipsoid, from their chord.

    An arc of the curvature in the middle (Euler), and the next term, of the curvature's change along the geodesic:
    with κ = κm + κ''x²/2, s = 2/κm·asin(cκm/2) + s⁵κκ''/480, and κκ'' = -3e²/a⁴·(t_z² - n_z²) for the tangent t and
    the normal n in the middle. Within 2e-6 m up to 300 km, 2e-4 m up to 600 km.
    """
    tx, ty, tz = qx - px, qy - py, qz - pz
    chord = math.sqrt(tx * tx + ty * ty + tz * tz)
    if chord < 1e-3:
        return chord
    mx, my, mz = (px + qx) / 2, (py + qy) / 2, (pz + qz) / 2
    # Up from the middle of the chord along the normal, to the surface.
    nx, ny, nz = mx, my, mz * STRETCH
    norm = math.sqrt(nx * nx + ny * ny + nz * nz)
    nx, ny, nz = nx / norm, ny / norm, nz / norm
    inside = (mx * mx + my * my + mz * mz * STRETCH) / A2 - 1
    slope = (mx * nx + my * ny + mz * nz * STRETCH) / A2
    bend = (nx * nx + ny * ny + nz * nz * STRETCH) / A2
    up = -inside / (slope + math.sqrt(max(0.0, slope * slope - bend * inside)))
    nx, ny, nz = mx + up * nx, my + up * ny, (mz + up * nz) * STRETCH
    norm = math.sqrt(nx * nx + ny * ny + nz * nz)
    nx, ny, nz = nx / norm, ny / norm, nz / norm
    tx, ty, tz = tx / chord, ty / chord, tz / chord
    lift = tx * nx + ty * ny + tz * nz
    tx, ty, tz = tx - lift * nx, ty - lift * ny, tz - lift * nz
    curvature = (tx * tx + ty * ty + tz * tz * STRETCH) / (tx * tx + ty * ty + tz * tz) / norm
    q = chord * curvature / 2
    q *= q
    # asin(√q)/√q, to the last bit: q is below 0.0023.
    s = chord * (1 + q * (1 / 6 + q * (3 / 40 + q * (15 / 336 + q * (105 / 3456 + q * (945 / 42240))))))
    x = 4 * q
    return s - s * x * x * (E2 / 160) * (tz * tz - nz * nz)


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


def halved(px, py, pz, qx, qy, qz):
    """Return the geodesic distance from chord to chord: as `distance`, of parts of at most 500 km, 1 mm at 2,000 km.

    The way's middle is looked for on the normal of the chord's middle: beside it by too little to matter. Beyond
    2,000 km, NaN.
    """
    square = (qx - px) ** 2 + (qy - py) ** 2 + (qz - pz) ** 2
    if square < CHORD * CHORD:
        return distance(px, py, pz, qx, qy, qz)
    if square > 16 * CHORD * CHORD:
        return math.nan
    mx, my, mz = lifted((px + qx) / 2, (py + qy) / 2, (pz + qz) / 2)
    if square < 4 * CHORD * CHORD:
        return distance(px, py, pz, mx, my, mz) + distance(mx, my, mz, qx, qy, qz)
    ax, ay, az = lifted((px + mx) / 2, (py + my) / 2, (pz + mz) / 2)
    bx, by, bz = lifted((mx + qx) / 2, (my + qy) / 2, (mz + qz) / 2)
    first = distance(px, py, pz, ax, ay, az) + distance(ax, ay, az, mx, my, mz)
    return first + distance(mx, my, mz, bx, by, bz) + distance(bx, by, bz, qx, qy, qz)


def lifted(x, y, z):
    """Return where the normal through a point inside the ellipsoid comes out, to the order of a chord's middle."""
    nx, ny, nz = x, y, z * STRETCH
    inside = (x * x + y * y + z * z * STRETCH) / A2 - 1
    slope = (x * nx + y * ny + z * nz * STRETCH) / A2
    bend = (nx * nx + ny * ny + nz * nz * STRETCH) / A2
    up = -inside / (slope + math.sqrt(max(0.0, slope * slope - bend * inside)))
    return x + up * nx, y + up * ny, z + up * nz


def pairs(first, second, out):
    """Write the distances (n, m) between vectors (n, 3) and (m, 3); NaN beyond 2,000 km."""
    for i in range(len(first)):
        x, y, z = first[i, 0], first[i, 1], first[i, 2]
        for j in range(len(second)):
            out[i, j] = halved(x, y, z, second[j, 0], second[j, 1], second[j, 2])
