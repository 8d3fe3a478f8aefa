"""The inner loops: the piece of a curve nearest to a point, and where on it.

Plain Python over numpy arrays; `compiled.py` compiles the very same functions. Nothing here may depend on which of
the two runs, nor on the order of the questions: ties go to the lowest piece.

A piece is a row of `pieces`: its start A, the way D to its end, the bow W at its middle (true middle minus that of the
chord) and 1/|D|² (0 for a piece without length); the curve is P(t) = A + tD + 4t(1-t)W, t from 0 to 1. Vectors are
earth-centred, in metres.
"""

# Types come with the arrays, when the functions are compiled.
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import math

import numpy as np

A2 = 6378137.0**2
E2 = 0.0066943799901413165
STRETCH = 1 / (1 - E2)
"""a²/b²: the ellipsoid is x² + y² + z²·STRETCH = a²."""
SPREAD = 0.0213 / 24 / 6.37e6**2
"""Chords of one length stand for geodesics that differ by at most SPREAD·c³: the radii of curvature differ by 1 %."""
NEAR = 600_000.0
"""Metres up to which the distance comes from the chord; beyond, it is Karney's (see far.py)."""
LEAF = 4
HELD = 64


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
    s = 2 / curvature * math.asin(min(1.0, chord * curvature / 2))
    x = s * curvature
    return s - s * (x * x) * (x * x) * (E2 / 160) * (tz * tz - nz * nz)


def reach(chord, bow):
    """Return the chord beyond which no piece can be nearer than one at `chord`; infinite where chords say nothing."""
    if chord < 2e6:
        return chord + bow + SPREAD * chord * chord * chord
    if chord > 1.2e7:
        return math.inf
    return 2 * 6.4e6 * math.sin(6.335e6 / 6.4e6 * math.asin(chord / 2 / 6.335e6)) + bow


def box_gap(boxes, node, x, y, z):
    """Return the squared distance of a point to a box."""
    dx = max(boxes[node, 0] - x, 0.0, x - boxes[node, 3])
    dy = max(boxes[node, 1] - y, 0.0, y - boxes[node, 4])
    dz = max(boxes[node, 2] - z, 0.0, z - boxes[node, 5])
    return dx * dx + dy * dy + dz * dz


def chord_gap(pieces, k, x, y, z):
    """Return the squared distance of a point to the chord of a piece."""
    dx, dy, dz = x - pieces[k, 0], y - pieces[k, 1], z - pieces[k, 2]
    ex, ey, ez = pieces[k, 3], pieces[k, 4], pieces[k, 5]
    t = min(1.0, max(0.0, (dx * ex + dy * ey + dz * ez) * pieces[k, 9]))
    dx, dy, dz = dx - t * ex, dy - t * ey, dz - t * ez
    return dx * dx + dy * dy + dz * dz


def foot(pieces, k, x, y, z):
    """Return where on a piece the chord to a point is shortest (t), and the geodesic distance from there."""
    dx, dy, dz = x - pieces[k, 0], y - pieces[k, 1], z - pieces[k, 2]
    ex, ey, ez = pieces[k, 3], pieces[k, 4], pieces[k, 5]
    wx, wy, wz = pieces[k, 6], pieces[k, 7], pieces[k, 8]
    t = min(1.0, max(0.0, (dx * ex + dy * ey + dz * ez) * pieces[k, 9]))
    b, m = 4 * t * (1 - t), 4 * (1 - 2 * t)
    rx, ry, rz = dx - t * ex - b * wx, dy - t * ey - b * wy, dz - t * ez - b * wz
    vx, vy, vz = ex + m * wx, ey + m * wy, ez + m * wz
    steep = vx * vx + vy * vy + vz * vz + 8 * (rx * wx + ry * wy + rz * wz)
    if steep > 0:
        t = min(1.0, max(0.0, t + (rx * vx + ry * vy + rz * vz) / steep))
        b = 4 * t * (1 - t)
        rx, ry, rz = dx - t * ex - b * wx, dy - t * ey - b * wy, dz - t * ez - b * wz
    return t, distance(x - rx, y - ry, z - rz, x, y, z)


def search(pieces, boxes, x, y, z, seed, bow, stack, gaps, held, holds):
    """Return the piece nearest to a point, t on it, and the distance; `seed` is any piece, the nearer the faster."""
    count, leaves = len(pieces), len(boxes) // 2
    least = chord_gap(pieces, seed, x, y, z)
    far = reach(math.sqrt(least), bow)
    limit = far * far
    best, best_t, best_s = -1, 0.0, math.inf
    number, top = 0, 0
    stack[0], gaps[0] = 1, 0.0
    while top >= 0:
        node, gap = stack[top], gaps[top]
        top -= 1
        if gap > limit:
            continue
        if node >= leaves:
            first = (node - leaves) * LEAF
            for k in range(first, min(first + LEAF, count)):
                gap = chord_gap(pieces, k, x, y, z)
                if gap > limit:
                    continue
                if gap < least:
                    least = gap
                    far = reach(math.sqrt(gap), bow)
                    limit = far * far
                if number == HELD:
                    best, best_t, best_s = judge(pieces, x, y, z, limit, held, holds, number, best, best_t, best_s)
                    number = 0
                held[number], holds[number] = k, gap
                number += 1
            continue
        left, right = 2 * node, 2 * node + 1
        a, b = box_gap(boxes, left, x, y, z), box_gap(boxes, right, x, y, z)
        if a <= b:
            left, right, a, b = right, left, b, a
        # The nearer child is on top of the stack.
        if a <= limit:
            top += 1
            stack[top], gaps[top] = left, a
        if b <= limit:
            top += 1
            stack[top], gaps[top] = right, b
    return judge(pieces, x, y, z, limit, held, holds, number, best, best_t, best_s)


def judge(pieces, x, y, z, limit, held, holds, number, best, best_t, best_s):
    """Return the nearest of the held pieces and the best so far: by distance, then by the lowest piece."""
    for i in range(number):
        if holds[i] <= limit:
            k = held[i]
            t, s = foot(pieces, k, x, y, z)
            if s < best_s or (s == best_s and k < best):
                best, best_t, best_s = k, t, s
    return best, best_t, best_s


def slope(pieces, k, t, x, y, z, s):
    """Return Newton's step in t towards the geodesic foot, and how far the point lies to the left of the tangent.

    The direction to the point is the geodesic's: the normal section's, turned by (e'²/6)(s/N)² sin α cos α cos² φ.
    """
    b, m = 4 * t * (1 - t), 4 * (1 - 2 * t)
    wx, wy, wz = pieces[k, 6], pieces[k, 7], pieces[k, 8]
    px = pieces[k, 0] + t * pieces[k, 3] + b * wx
    py = pieces[k, 1] + t * pieces[k, 4] + b * wy
    pz = pieces[k, 2] + t * pieces[k, 5] + b * wz
    vx, vy, vz = pieces[k, 3] + m * wx, pieces[k, 4] + m * wy, pieces[k, 5] + m * wz
    nx, ny, nz = px, py, pz * STRETCH
    norm = math.sqrt(nx * nx + ny * ny + nz * nz)
    nx, ny, nz = nx / norm, ny / norm, nz / norm
    ux, uy, uz = x - px, y - py, z - pz
    lift = ux * nx + uy * ny + uz * nz
    ux, uy, uz = ux - lift * nx, uy - lift * ny, uz - lift * nz
    size = math.sqrt(ux * ux + uy * uy + uz * uz)
    speed = math.sqrt(vx * vx + vy * vy + vz * vz)
    if size < 1e-7 or speed < 1e-7:
        return 0.0, 0.0
    ux, uy, uz = ux / size, uy / size, uz / size
    curve = s / 6.37e6
    turn = (E2 * STRETCH / 6) * curve * curve * uz * (nx * uy - ny * ux)
    # u × n points to growing azimuths.
    cx, cy, cz = uy * nz - uz * ny, uz * nx - ux * nz, ux * ny - uy * nx
    ux, uy, uz = ux - turn * cx, uy - turn * cy, uz - turn * cz
    along = (ux * vx + uy * vy + uz * vz) / speed
    across = -(cx * vx + cy * vy + cz * vz) / speed
    square = curve * curve
    flat = s * (1 + square / 3 * (1 + 0.4 * square))
    bend = 1 + flat * 8 * (ux * wx + uy * wy + uz * wz) / (speed * speed)
    if bend < 0.1:
        return 0.0, -across * size
    return flat * along / bend / speed, -across * size


def polish(pieces, before, after, k, t, s, x, y, z):
    """Move a foot to where the geodesic meets the curve at a right angle, over joints if need be."""
    for _ in range(24):
        step, _ = slope(pieces, k, t, x, y, z, s)
        to = t + step
        if to < 0 and t == 0 and before[k] >= 0:
            # At the joint: on to the piece before, if the way is downhill there too.
            step, _ = slope(pieces, before[k], 1.0, x, y, z, s)
            if step >= 0:
                break
            k, t, to = before[k], 1.0, 1.0 + step
        elif to > 1 and t == 1 and after[k] >= 0:
            step, _ = slope(pieces, after[k], 0.0, x, y, z, s)
            if step <= 0:
                break
            k, t, to = after[k], 0.0, step
        to = min(1.0, max(0.0, to))
        moved = abs(to - t)
        t = to
        if moved * moved * pieces_square(pieces, k) < 1e-8:
            break
    return k, t


def pieces_square(pieces, k):
    """Return the squared length of a piece."""
    return pieces[k, 3] * pieces[k, 3] + pieces[k, 4] * pieces[k, 4] + pieces[k, 5] * pieces[k, 5]


def side_of(pieces, before, after, k, t, x, y, z, s):
    """Return 1 left, -1 right or 0 on the curve; at a corner both edges have a say."""
    if s < 1e-6:
        return 0
    _, left = slope(pieces, k, t, x, y, z, s)
    other, other_t = -1, 0.0
    if t == 0:
        other, other_t = before[k], 1.0
    elif t == 1:
        other, other_t = after[k], 0.0
    if other >= 0:
        _, second = slope(pieces, other, other_t, x, y, z, s)
        if left * second < 0:
            # The point sees one edge from each side: it lies in the wedge outside the corner.
            first, last = (other, k) if t == 0 else (k, other)
            left = -turning(pieces, first, last)
    return 1 if left > 0 else (-1 if left < 0 else 0)


def turning(pieces, first, last):
    """Return a positive number where the curve turns left from one piece to the next."""
    m = 4.0
    ax, bx = pieces[first, 3] - m * pieces[first, 6], pieces[last, 3] + m * pieces[last, 6]
    ay, by = pieces[first, 4] - m * pieces[first, 7], pieces[last, 4] + m * pieces[last, 7]
    az, bz = pieces[first, 5] - m * pieces[first, 8], pieces[last, 5] + m * pieces[last, 8]
    x, y, z = pieces[last, 0], pieces[last, 1], pieces[last, 2] * STRETCH
    return (ay * bz - az * by) * x + (az * bx - ax * bz) * y + (ax * by - ay * bx) * z


def nearest(lon, lat, pieces, boxes, before, after, bow, out_piece, out_t, out_s, out_side):
    """Answer for many points in degrees: piece, t, distance, side. NaN gives piece -1 and NaN."""
    stack, gaps = np.empty(80, dtype=np.int64), np.empty(80)
    held, holds = np.empty(HELD, dtype=np.int64), np.empty(HELD)
    seed = 0
    for i in range(len(lon)):
        if math.isnan(lon[i]) or math.isnan(lat[i]):
            out_piece[i], out_t[i], out_s[i], out_side[i] = -1, math.nan, math.nan, 0
            continue
        lam, phi = math.radians(lon[i]), math.radians(lat[i])
        sin, cos = math.sin(phi), math.cos(phi)
        normal = 6378137.0 / math.sqrt(1 - E2 * sin * sin)
        x, y, z = normal * cos * math.cos(lam), normal * cos * math.sin(lam), normal * (1 - E2) * sin
        k, t, s = search(pieces, boxes, x, y, z, seed, bow, stack, gaps, held, holds)
        seed = k
        if s <= NEAR:
            k, t = polish(pieces, before, after, k, t, s, x, y, z)
            s = gap_at(pieces, k, t, x, y, z)
        out_piece[i], out_t[i], out_s[i] = k, t, s
        out_side[i] = side_of(pieces, before, after, k, t, x, y, z, s)


def gap_at(pieces, k, t, x, y, z):
    """Return the geodesic distance of a point to a place on a piece."""
    b = 4 * t * (1 - t)
    px = pieces[k, 0] + t * pieces[k, 3] + b * pieces[k, 6]
    py = pieces[k, 1] + t * pieces[k, 4] + b * pieces[k, 7]
    pz = pieces[k, 2] + t * pieces[k, 5] + b * pieces[k, 8]
    return distance(px, py, pz, x, y, z)
