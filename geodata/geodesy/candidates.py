"""Which pieces of a curve may hold the place nearest to any point of a ball: the box tree, and the bounds.

The bounds (docs/accuracy.md has them in words). Let f be any place of the curve, c its chord to a point p, and q
another place, X = |q - f|. Geodesics of one chord length differ by the curvature of the ellipsoid along them, which
changes with their direction and latitude by at most 0.0111/a · X/c: where |p - q| > c + w, w = SKEW·c²·X, q is not
the geodesically nearest place of the curve. For all p within r of a centre, |p - q|² - |p - f|² is at least
d² - e² - 2rX with the chords d and e of q and f to the centre (the bisector plane of f and q), so that q needs no
look where that exceeds (c + w)² - c² for the greatest c there is, e + r.

Compiled with `kernel.py`, by the same rules.
"""

# Types come with the arrays, when the functions are compiled.
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import math

import numpy as np

from geodata.geodesy.ecef_inverse import reach

LEAF = 4
WIDE = 8
"""Boxes side by side in the tree: a multiple of the numbers that a wide register holds."""
SKEW = 2.5e-17
"""1/m²: 2 · 0.0111 / 24 / (6.335e6)², the least radius of curvature."""
STACK = 256
"""Room for boxes still to be looked at: levels of the tree times WIDE, and more."""
CAPACITY = 128
"""Candidates of a group of points; where there are more, the group is divided."""
COLUMNS = 11
"""Of a candidate: its piece's ten, and the most that any of it lies from the reference place."""


def chord_gap(pieces, k, x, y, z):
    """Return the squared distance of a point to the chord of a piece."""
    dx, dy, dz = x - pieces[k, 0], y - pieces[k, 1], z - pieces[k, 2]
    ex, ey, ez = pieces[k, 3], pieces[k, 4], pieces[k, 5]
    t = (dx * ex + dy * ey + dz * ez) * pieces[k, 9]
    t = 0.0 if t < 0.0 else t
    t = 1.0 if t > 1.0 else t
    dx, dy, dz = dx - t * ex, dy - t * ey, dz - t * ez
    return dx * dx + dy * dy + dz * dz


def box_gaps(boxes, group, x, y, z, out):
    """Write the squared distances of a point to the boxes of a group, centres and half their sides."""
    for c in range(WIDE):
        dx = abs(x - boxes[group, 0, c]) - boxes[group, 3, c]
        dy = abs(y - boxes[group, 1, c]) - boxes[group, 4, c]
        dz = abs(z - boxes[group, 2, c]) - boxes[group, 5, c]
        dx = 0.0 if dx < 0.0 else dx
        dy = 0.0 if dy < 0.0 else dy
        dz = 0.0 if dz < 0.0 else dz
        out[c] = dx * dx + dy * dy + dz * dz


def box_reaches(boxes, group, x, y, z, out):
    """Write the distances of a point to the farthest corners of the boxes of a group."""
    for c in range(WIDE):
        dx = abs(x - boxes[group, 0, c]) + boxes[group, 3, c]
        dy = abs(y - boxes[group, 1, c]) + boxes[group, 4, c]
        dz = abs(z - boxes[group, 2, c]) + boxes[group, 5, c]
        out[c] = math.sqrt(dx * dx + dy * dy + dz * dz)


def nearest_chord(pieces, order, boxes, levels, x, y, z, seed, near, gaps, stack):
    """Return the piece whose chord is nearest to a point; `seed` is any piece, the nearer the faster.

    `order` is the order in which pieces fill the leaves, `levels` are the first groups of each level of the tree, the
    leaves' first (see segments.py); `near` (WIDE), `gaps` (STACK) and `stack` (2, STACK) are room to write in.
    """
    best, least = seed, chord_gap(pieces, seed, x, y, z)
    top = 0
    stack[0, 0], stack[1, 0], gaps[0] = len(levels) - 1, 0, 0.0
    while top >= 0:
        level, group, gap = stack[0, top], stack[1, top], gaps[top]
        top -= 1
        if gap >= least:
            continue
        if level < 0:
            for at in range(group * LEAF, min(group * LEAF + LEAF, len(order))):
                gap = chord_gap(pieces, order[at], x, y, z)
                if gap < least:
                    best, least = order[at], gap
            continue
        box_gaps(boxes, levels[level] + group, x, y, z, near)
        base = top
        for c in range(WIDE):
            gap = near[c]
            # A box that is missing is infinitely far.
            if gap >= least or gap == math.inf:
                continue
            # The nearest is on top of the stack.
            top += 1
            at = top
            while at > base + 1 and gaps[at - 1] < gap:
                stack[0, at], stack[1, at], gaps[at] = stack[0, at - 1], stack[1, at - 1], gaps[at - 1]
                at -= 1
            stack[0, at], stack[1, at], gaps[at] = level - 1, group * WIDE + c, gap
    return best


def collect(pieces, order, boxes, levels, x, y, z, radius, best, bow, near, reaches, stack, indices, rows):
    """Write the pieces that may be nearest to any point within `radius` of (x, y, z); return how many, -1 if too many.

    `best` is a piece, the reference place its nearest to the centre; `bow` bounds how far curves leave chords, twice.
    `near` and `reaches` (WIDE) and `stack` are room to write in; answers go to `found` and `rows` (CAPACITY, COLUMNS).
    """
    dx, dy, dz = x - pieces[best, 0], y - pieces[best, 1], z - pieces[best, 2]
    ex, ey, ez = pieces[best, 3], pieces[best, 4], pieces[best, 5]
    t = min(1.0, max(0.0, (dx * ex + dy * ey + dz * ez) * pieces[best, 9]))
    fx, fy, fz = pieces[best, 0] + t * ex, pieces[best, 1] + t * ey, pieces[best, 2] + t * ez
    base = (x - fx) * (x - fx) + (y - fy) * (y - fy) + (z - fz) * (z - fz)
    far = math.sqrt(base) + radius
    skew = SKEW * far * far
    # For a point alone the farthest that chords may mislead will do: it costs less than looking at every box twice.
    alone = reach(far, bow)
    alone = alone * alone if radius == 0 else -1.0
    number, top = 0, 0
    stack[0, 0], stack[1, 0] = len(levels) - 1, 0
    while top >= 0:
        level, group = stack[0, top], stack[1, top]
        top -= 1
        if level < 0:
            for at in range(group * LEAF, min(group * LEAF + LEAF, len(order))):
                k = order[at]
                gap, span = chord_span(pieces, k, x, y, z, fx, fy, fz)
                window = bow + skew * span
                if gap - base > 2 * radius * span + window * (2 * far + window):
                    continue
                if number == CAPACITY:
                    return -1
                indices[number] = k
                for column in range(10):
                    rows[number, column] = pieces[k, column]
                rows[number, 10] = span
                number += 1
            continue
        box_gaps(boxes, levels[level] + group, x, y, z, near)
        if alone < 0:
            box_reaches(boxes, levels[level] + group, fx, fy, fz, reaches)
        for c in range(WIDE):
            limit = alone
            if alone < 0:
                window = bow + skew * reaches[c]
                limit = base + 2 * radius * reaches[c] + window * (2 * far + window)
            if near[c] > limit or near[c] == math.inf:
                continue
            top += 1
            stack[0, top], stack[1, top] = level - 1, group * WIDE + c
    return number


def chord_span(pieces, k, x, y, z, fx, fy, fz):
    """Return the squared distance of a point to a piece's chord, and the most that any of the chord lies from f."""
    ax, ay, az = pieces[k, 0], pieces[k, 1], pieces[k, 2]
    ex, ey, ez = pieces[k, 3], pieces[k, 4], pieces[k, 5]
    dx, dy, dz = x - ax, y - ay, z - az
    t = (dx * ex + dy * ey + dz * ez) * pieces[k, 9]
    t = 0.0 if t < 0.0 else t
    t = 1.0 if t > 1.0 else t
    dx, dy, dz = dx - t * ex, dy - t * ey, dz - t * ez
    ax, ay, az = ax - fx, ay - fy, az - fz
    start = ax * ax + ay * ay + az * az
    ax, ay, az = ax + ex, ay + ey, az + ez
    end = ax * ax + ay * ay + az * az
    return dx * dx + dy * dy + dz * dz, math.sqrt(start if start > end else end)


def chords_within(pieces, order, boxes, levels, x, y, z, certain, possible, out):
    """Write for vectors (n,) whether any chord is within `certain` metres (1), none within `possible` (0), or -1.

    The first chord within `certain` ends the search: no nearest is looked for.
    """
    near, stack = np.empty(WIDE), np.empty((2, STACK), dtype=np.int64)
    least, most = certain * certain if certain > 0 else -1.0, possible * possible
    for i in range(len(x)):
        out[i], top = 0, 0
        stack[0, 0], stack[1, 0] = len(levels) - 1, 0
        while top >= 0:
            level, group = stack[0, top], stack[1, top]
            top -= 1
            if level < 0:
                for at in range(group * LEAF, min(group * LEAF + LEAF, len(order))):
                    gap = chord_gap(pieces, order[at], x[i], y[i], z[i])
                    if gap <= least:
                        out[i], top = 1, -1
                        break
                    if gap <= most:
                        out[i] = -1
                continue
            box_gaps(boxes, levels[level] + group, x[i], y[i], z[i], near)
            for c in range(WIDE):
                if near[c] <= most and near[c] < math.inf:
                    top += 1
                    stack[0, top], stack[1, top] = level - 1, group * WIDE + c
