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

from geodata.geodesy.arcs import E2, NEAR, STRETCH, distance, inverse, reach

ARCS = "f1025e5e492e"
"""The first digits of the sha256 of arcs.py: compiled code is kept until this file changes, so it must change too."""

LEAF = 4
WIDE = 8
"""Boxes side by side in the tree: as many numbers as a wide register holds."""
HELD = 64
FULL, SCARCE = 16, 8
"""What is looked up for one point serves those close by, as events cluster: about so many pieces are held for that."""
REMEMBERED = 4096
"""Positions answered last, for events that share a place; a power of two."""


def box_gaps(boxes, group, x, y, z, out):
    """Write the squared distances of a point to the boxes of a group, centres and half their sides."""
    for c in range(WIDE):
        dx = max(abs(x - boxes[group, 0, c]) - boxes[group, 3, c], 0.0)
        dy = max(abs(y - boxes[group, 1, c]) - boxes[group, 4, c], 0.0)
        dz = max(abs(z - boxes[group, 2, c]) - boxes[group, 5, c], 0.0)
        out[c] = dx * dx + dy * dy + dz * dz


def chord_gap(pieces, k, x, y, z):
    """Return the squared distance of a point to the chord of a piece."""
    dx, dy, dz = x - pieces[k, 0], y - pieces[k, 1], z - pieces[k, 2]
    ex, ey, ez = pieces[k, 3], pieces[k, 4], pieces[k, 5]
    t = min(1.0, max(0.0, (dx * ex + dy * ey + dz * ez) * pieces[k, 9]))
    dx, dy, dz = dx - t * ex, dy - t * ey, dz - t * ez
    return dx * dx + dy * dy + dz * dz


def foot(pieces, k, x, y, z):
    """Return where on a piece the chord to a point is shortest (t)."""
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
    return t


def foot_far(pieces, k, x, y, z):
    """Return where on a piece its nearest place to a far point is (t), and the geodesic distance; NaN as `inverse`."""
    dx, dy, dz = x - pieces[k, 0], y - pieces[k, 1], z - pieces[k, 2]
    ex, ey, ez = pieces[k, 3], pieces[k, 4], pieces[k, 5]
    wx, wy, wz = pieces[k, 6], pieces[k, 7], pieces[k, 8]
    t = min(1.0, max(0.0, (dx * ex + dy * ey + dz * ez) * pieces[k, 9]))
    s = math.nan
    for _ in range(6):
        b, m = 4 * t * (1 - t), 4 * (1 - 2 * t)
        px, py, pz = pieces[k, 0] + t * ex + b * wx, pieces[k, 1] + t * ey + b * wy, pieces[k, 2] + t * ez + b * wz
        s, east, north = inverse(px, py, pz, x, y, z)
        vx, vy, vz = ex + m * wx, ey + m * wy, ez + m * wz
        square = vx * vx + vy * vy + vz * vz
        if math.isnan(s) or square == 0:
            break
        flat = math.sqrt(px * px + py * py)
        up = math.sqrt(flat * flat + pz * pz * STRETCH * STRETCH)
        if flat < 1e-6:
            break
        cos, sin = flat / up, pz * STRETCH / up
        cx, cy = px / flat, py / flat
        ux, uy, uz = -sin * cx * north - cy * east, -sin * cy * north + cx * east, cos * north
        angle = s / 6.37e6
        # From a quarter of the globe on, distances grow concave: the nearest place of a piece is one of its ends.
        stiff = 1 / math.tan(angle) / 6.37e6 if angle < 1.5 else 1e-9
        bent = 8 * (ux * wx + uy * wy + uz * wz) / square
        step = (ux * vx + uy * vy + uz * vz) / square / max(stiff + bent, 1e-9)
        to = min(1.0, max(0.0, t + step))
        moved, t = abs(to - t), to
        if moved * moved * square < 1e-6:
            break
    return t, s


def search(pieces, turn, boxes, levels, x, y, z, seed, spare, bow, work, waiting):
    """Hold the pieces that may be nearest to a point, and those up to `spare` metres farther.

    Returns how many are held, the greatest squared chord of one that may be nearest, whether all there are are held,
    and piece, t and distance of the best of those there was no room for (-1: of none). `seed` is any piece, the
    nearer the faster; `turn` is the order in which pieces fill the leaves, `levels` are the first groups of each level
    of the tree, the leaves' first (see curve.py); `work` (4, n) and `waiting` (4, n) are room to write in.
    """
    near, gap_of, held_gap = work[0], work[1], work[2]
    level_of, group_of, held = waiting[0], waiting[1], waiting[2]
    count = len(pieces)
    least = chord_gap(pieces, seed, x, y, z)
    far = reach(math.sqrt(least), bow)
    limit = (far + spare) * (far + spare)
    best, best_t, best_s = -1, 0.0, math.inf
    number, top, all_held = 0, 0, True
    level_of[0], group_of[0], gap_of[0] = len(levels) - 1, 0, 0.0
    while top >= 0:
        level, group, gap = level_of[top], group_of[top], gap_of[top]
        top -= 1
        if gap > limit:
            continue
        if level < 0:
            first = group * LEAF
            for at in range(first, min(first + LEAF, count)):
                k = turn[at]
                gap = chord_gap(pieces, k, x, y, z)
                if gap > limit:
                    continue
                if gap < least:
                    least = gap
                    far = reach(math.sqrt(gap), bow)
                    limit = (far + spare) * (far + spare)
                if number == HELD:
                    best, best_t, best_s = judge(pieces, x, y, z, far * far, waiting, work, HELD, best, best_t, best_s)
                    number, all_held = 0, False
                held[number], held_gap[number] = k, gap
                number += 1
            continue
        box_gaps(boxes, levels[level] + group, x, y, z, near)
        base = top
        for c in range(WIDE):
            gap = near[c]
            # A box that is missing is infinitely far, and the limit may be infinite too.
            if gap > limit or gap == math.inf:
                continue
            # The nearest is on top of the stack.
            top += 1
            at = top
            while at > base + 1 and gap_of[at - 1] < gap:
                level_of[at], group_of[at], gap_of[at] = level_of[at - 1], group_of[at - 1], gap_of[at - 1]
                at -= 1
            level_of[at], group_of[at], gap_of[at] = level - 1, group * WIDE + c, gap
    return number, far * far, all_held, best, best_t, best_s


def again(pieces, x, y, z, ax, ay, az, bound, bow, work, waiting, number):
    """Return the greatest squared chord as `search`, where the pieces held for another point serve this one; else -1.

    All other pieces are more than `bound` metres from that point, (ax, ay, az).
    """
    moved = math.sqrt((x - ax) * (x - ax) + (y - ay) * (y - ay) + (z - az) * (z - az))
    if number == 0:
        return -1.0
    least = math.inf
    for i in range(number):
        gap = chord_gap(pieces, waiting[2, i], x, y, z)
        work[2, i] = gap
        least = min(least, gap)
    far = reach(math.sqrt(least), bow)
    return far * far if far + moved + 1e-3 < bound else -1.0


def judge(pieces, x, y, z, limit, waiting, work, number, best, best_t, best_s):
    """Return the nearest of the held pieces and the best so far: by distance, then by the lowest piece."""
    every, gaps, held, holds = waiting[2], work[2], waiting[3], work[3]
    left = 0
    for i in range(number):
        if gaps[i] <= limit:
            held[left], holds[left] = every[i], gaps[i]
            left += 1
    if best < 0 and left > 0 and holds[0] <= NEAR * NEAR:
        t = foot(pieces, held[0], x, y, z)
        if left == 1:
            return held[0], t, math.sqrt(holds[0])
        if left == 2 and (t == 0 or t == 1):
            # Two neighbours and the joint between them: one place, whose distance need not be known to choose.
            second = foot(pieces, held[1], x, y, z)
            if held[0] + 1 == held[1] and t == 1 and second == 0:
                return held[0], t, math.sqrt(holds[0])
            if held[1] + 1 == held[0] and t == 0 and second == 1:
                return held[1], second, math.sqrt(holds[1])
    for i in range(left):
        k = held[i]
        if holds[i] > NEAR * NEAR:
            t, s = foot_far(pieces, k, x, y, z)
        else:
            t = foot(pieces, k, x, y, z)
            s = gap_at(pieces, k, t, x, y, z)
        if math.isnan(s):
            return k, math.nan, -math.inf
        if s < best_s or (s == best_s and k < best):
            best, best_t, best_s = k, t, s
    return best, best_t, best_s


def slope(pieces, k, t, x, y, z):
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
    square = ux * ux + uy * uy + uz * uz
    lift = ux * nx + uy * ny + uz * nz
    ux, uy, uz = ux - lift * nx, uy - lift * ny, uz - lift * nz
    size = math.sqrt(ux * ux + uy * uy + uz * uz)
    speed = math.sqrt(vx * vx + vy * vy + vz * vz)
    if size < 1e-7 or speed < 1e-7:
        return 0.0, 0.0
    ux, uy, uz = ux / size, uy / size, uz / size
    # How long the way is, by a sphere: enough for what depends on it here.
    square /= 4 * 6.37e6**2
    s = 2 * 6.37e6 * math.sqrt(square) * (1 + square / 6)
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


def polish(pieces, before, after, k, t, x, y, z):
    """Move a foot to where the geodesic meets the curve at a right angle, over joints if need be.

    Returns piece and t, and metres to the left of the curve, from close by the foot; at a joint, of both pieces.
    """
    left = second = 0.0
    for _ in range(24):
        step, left = slope(pieces, k, t, x, y, z)
        to, second = t + step, left
        if to < 0 and t == 0 and before[k] >= 0:
            # At the joint: on to the piece before, if the way is downhill there too.
            step, second = slope(pieces, before[k], 1.0, x, y, z)
            if step >= 0:
                break
            k, t, to = before[k], 1.0, 1.0 + step
        elif to > 1 and t == 1 and after[k] >= 0:
            step, second = slope(pieces, after[k], 0.0, x, y, z)
            if step <= 0:
                break
            k, t, to = after[k], 0.0, step
        to = min(1.0, max(0.0, to))
        moved = (to - t) * (to - t) * pieces_square(pieces, k)
        t = to
        # What is left of a step of m metres is of the order of m²/s: below a millimetre.
        if moved < 1e-8 or (moved < 1e-4 * abs(left) and 0 < t < 1):
            break
    return k, t, left, second


def pieces_square(pieces, k):
    """Return the squared length of a piece."""
    return pieces[k, 3] * pieces[k, 3] + pieces[k, 4] * pieces[k, 4] + pieces[k, 5] * pieces[k, 5]


def side_of(pieces, before, after, k, t, x, y, z, s):
    """Return 1 left, -1 right or 0 on the curve; at a corner both edges have a say."""
    if math.isnan(s) or s < 1e-6:
        return 0
    _, left = slope(pieces, k, t, x, y, z)
    other, other_t = -1, 0.0
    if t == 0:
        other, other_t = before[k], 1.0
    elif t == 1:
        other, other_t = after[k], 0.0
    if other >= 0:
        _, second = slope(pieces, other, other_t, x, y, z)
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


def order(lon, lat, keys):
    """Write keys that sort positions along Morton's curve, in cells of 1/90°; the low 32 bits are indices."""
    for i in range(len(lon)):
        key = 0
        if not (math.isnan(lon[i]) or math.isnan(lat[i])):
            key = spread(int((lon[i] + 180.0) * 90.0)) | spread(int((lat[i] + 90.0) * 90.0)) << 1
        keys[i] = key << 32 | i


def spread(number):
    """Return a number of 15 bits with a 0 between every two of them."""
    number = (number | number << 8) & 0x00FF00FF
    number = (number | number << 4) & 0x0F0F0F0F
    number = (number | number << 2) & 0x33333333
    return (number | number << 1) & 0x55555555


def nearest(lon, lat, keys, pieces, turn, boxes, levels, before, after, bow, out_piece, out_t, out_s, out_side):
    """Answer for many points in degrees, in the order of `keys`: piece, t, distance, side.

    NaN gives piece -1 and NaN. Beyond NEAR, t is of the nearest place of the piece; t is NaN where it is not known
    (`inverse`). Each answer depends on its point alone.
    """
    work, waiting = np.empty((4, 256)), np.empty((4, 256), dtype=np.int64)
    memory = np.full(REMEMBERED, -1)
    seed, number, spare, bound, ax, ay, az = 0, 0, 100.0, 0.0, 0.0, 0.0, 0.0
    for j in range(len(keys)):
        i = keys[j] & 0xFFFFFFFF
        if math.isnan(lon[i]) or math.isnan(lat[i]):
            out_piece[i], out_t[i], out_s[i], out_side[i] = -1, math.nan, math.nan, 0
            continue
        slot = int(abs(lon[i]) * 1e9 + abs(lat[i]) * 1e7) & (REMEMBERED - 1)
        last = memory[slot]
        if last >= 0 and lon[i] == lon[last] and lat[i] == lat[last]:
            out_piece[i], out_t[i], out_s[i], out_side[i] = out_piece[last], out_t[last], out_s[last], out_side[last]
            continue
        memory[slot] = i
        lam, phi = math.radians(lon[i]), math.radians(lat[i])
        sin, cos = math.sin(phi), math.cos(phi)
        normal = 6378137.0 / math.sqrt(1 - E2 * sin * sin)
        x, y, z = normal * cos * math.cos(lam), normal * cos * math.sin(lam), normal * (1 - E2) * sin
        limit = again(pieces, x, y, z, ax, ay, az, bound, bow, work, waiting, number)
        k, t, s, all_held = -1, 0.0, math.inf, True
        if limit < 0:
            number, limit, all_held, k, t, s = search(
                pieces, turn, boxes, levels, x, y, z, seed, spare, bow, work, waiting
            )
            ax, ay, az, bound = x, y, z, math.sqrt(limit) + spare
            spare = spare / 2 if number > FULL or not all_held else (spare * 1.5 if number < SCARCE else spare)
            spare = min(max(spare, 1.0), 2_000.0)
        k, t, s = judge(pieces, x, y, z, limit, waiting, work, number, k, t, s)
        if not all_held:
            number = 0
        if t == 0 and k > 0 and before[k] == k - 1:
            # A joint is the end of the piece before it, whichever of the two was found.
            k, t = k - 1, 1.0
        seed, left, second = k, 0.0, 0.0
        if chord_gap(pieces, k, x, y, z) <= NEAR * NEAR:
            k, t, left, second = polish(pieces, before, after, k, t, x, y, z)
        s = gap_at(pieces, k, t, x, y, z)
        out_piece[i], out_t[i], out_s[i] = k, t, s
        if min(abs(left), abs(second)) > 0.5 * s and left * second > 0:
            out_side[i] = 1 if left > 0 else -1
        else:
            out_side[i] = side_of(pieces, before, after, k, t, x, y, z, s)


def gap_at(pieces, k, t, x, y, z):
    """Return the geodesic distance of a point to a place on a piece."""
    b = 4 * t * (1 - t)
    px = pieces[k, 0] + t * pieces[k, 3] + b * pieces[k, 6]
    py = pieces[k, 1] + t * pieces[k, 4] + b * pieces[k, 7]
    pz = pieces[k, 2] + t * pieces[k, 5] + b * pieces[k, 8]
    return distance(px, py, pz, x, y, z)
