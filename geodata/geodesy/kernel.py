"""The inner loops: the place of a curve nearest to each of many points.

Plain Python over numpy arrays; `jit.py` compiles the very same functions. Nothing here may depend on which of
the two runs, nor on which other points are asked: ties go to the lowest piece.

A piece is a row of `pieces`: its start A, the chord D to its end, the sagitta W at its middle (true middle minus that
of the chord) and 1/|D|² (0 for a piece without length); the curve is P(t) = A + tD + 4t(1-t)W, t from 0 to 1. Vectors
are earth-centred, in metres.

Points are answered in groups of neighbours. What may be nearest to any of a group is looked up once (candidates.py);
each point then judges its own candidates. A piece that is not looked at is farther than the nearest by more than SLACK,
whatever the group, and what is found for a piece and a point is of these two alone (refine.py).

Room to write in is flat, in rows of LANES numbers, so that compilers see that rows do not overlap.
"""

# Types come with the arrays, when the functions are compiled.
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import math

import numpy as np

from geodata.geodesy.candidates import (
    CAPACITY,
    COLUMNS,
    LEAF,
    SKEW,
    STACK,
    WIDE,
    box_gaps,
    chord_gap,
    chord_span,
    collect,
    nearest_chord,
)
from geodata.geodesy.ecef_inverse import E2, NEAR, far_along, reach
from geodata.geodesy.lanes import (
    BASE,
    BEST,
    CLOSE,
    LANES,
    LEAST,
    PLACE,
    ROWS,
    SPAN,
    STEEP,
    X,
    Y,
    Z,
    enclosing_ball,
    place_lanes,
    take_group,
)
from geodata.geodesy.refine import corner_orientation, foot_far, refine_foot, towards

DEPENDENCIES = "5d11c4a8606d"
"""The first digits of the sha256 of the files compiled into these functions: compiled code is kept until this file
changes, so it must change with them."""

TASKS = 256
"""Pairs of a point and a candidate that are refined in one go."""
EQUAL = 1e-3
"""Metres: places whose distances differ by no more are equally near (ties.py)."""
SIFTED = EQUAL + 2e-4
"""Metres up to which distances may turn out to be equal: they are good to 1e-4 m."""
SLACK = SIFTED + 1e-4
"""Metres by which pieces left out must be farther: more than may be equal, and than distances are off by rounding."""
ROOMY = 6_000.0
"""Metres about which a group may spread: where neighbours are farther apart, fewer of them share their candidates."""
EDGE = 10.0
"""Metres short of NEAR from which on a point is asked alone, so that a group does not decide how it is measured."""

TWO_PLACES = 4
"""What `count_minima` counts for two places of the line."""
TURN_ROWS = 12
ON = 1e-6
"""Metres up to which a point lies on the curve."""
TASK_ROWS = 15
"""Rows of a task: its piece's ten, the point's vector, t and distance."""
T, S = TASKS * 13, TASKS * 14


def candidate_gaps(rows, count, lanes, n, gaps):
    """Write the squared chords of all candidates to all points of a group, and each point's least."""
    for i in range(n):
        lanes[LEAST + i] = math.inf
    for c in range(count):
        ax, ay, az = rows[c, 0], rows[c, 1], rows[c, 2]
        ex, ey, ez = rows[c, 3], rows[c, 4], rows[c, 5]
        inverse_square, span = rows[c, 9], rows[c, 10]
        for i in range(n):
            dx, dy, dz = lanes[X + i] - ax, lanes[Y + i] - ay, lanes[Z + i] - az
            t = (dx * ex + dy * ey + dz * ez) * inverse_square
            t = 0.0 if t < 0.0 else t
            t = 1.0 if t > 1.0 else t
            dx, dy, dz = dx - t * ex, dy - t * ey, dz - t * ez
            gap = dx * dx + dy * dy + dz * dz
            gaps[c * LANES + i] = gap
            least = lanes[LEAST + i]
            lanes[SPAN + i] = span if gap < least else lanes[SPAN + i]
            lanes[LEAST + i] = gap if gap < least else least


def select_nearest(rows, indices, count, lanes, n, bow, gaps, tasks, lane_of, piece_of, best):
    """Refine every candidate that may be nearest to a point of a group; keep each point's best, ties by lowest piece.

    Returns how many pairs of a point and a piece are left in `tasks`, -1 where there was no room for all.

    A piece is left out of a point's where its chord is longer than the least by more than `bow` and what the
    curvature may differ by (candidates.py), both measured by way of the group's reference place.
    """
    for i in range(n):
        chord = math.sqrt(lanes[LEAST + i])
        lanes[STEEP + i] = SKEW * lanes[LEAST + i]
        base = chord + bow + SKEW * lanes[LEAST + i] * lanes[SPAN + i]
        # NaN: no piece passes, as a far point is asked alone.
        lanes[BASE + i] = math.nan if chord > NEAR - EDGE else base
        lanes[BEST + i] = math.inf
    number, crowded = 0, False
    for c in range(count):
        span = rows[c, 10]
        hits = 0
        for i in range(n):
            limit = lanes[BASE + i] + lanes[STEEP + i] * span
            hits += 1 if gaps[c * LANES + i] <= limit * limit else 0
        if hits == 0:
            continue
        if number + hits > TASKS:
            refine_tasks(tasks, number, lane_of, piece_of, lanes, best)
            number, crowded = 0, True
        for i in range(n):
            limit = lanes[BASE + i] + lanes[STEEP + i] * span
            if gaps[c * LANES + i] <= limit * limit:
                for column in range(10):
                    tasks[TASKS * column + number] = rows[c, column]
                tasks[TASKS * 10 + number] = lanes[X + i]
                tasks[TASKS * 11 + number] = lanes[Y + i]
                tasks[TASKS * 12 + number] = lanes[Z + i]
                lane_of[number], piece_of[number] = i, indices[c]
                number += 1
    refine_tasks(tasks, number, lane_of, piece_of, lanes, best)
    return -1 if crowded else number


def count_minima(tasks, number, lane_of, piece_of, before, after, lanes, n, minima):
    """Count twice the places of the line that may be local minima as near as each point's nearest.

    A foot within a piece counts 2, one at a joint 1 for each of its pieces, as it is a minimum only where both have it.
    """
    for i in range(n):
        minima[i] = 0
    for j in range(number):
        i, k, t = lane_of[j], piece_of[j], tasks[T + j]
        if tasks[S + j] <= lanes[BEST + i] + SIFTED:
            joint = (t == 0 and before[k] >= 0) or (t == 1 and after[k] >= 0)
            minima[i] += 1 if joint else 2


def refine_tasks(tasks, number, lane_of, piece_of, lanes, best):
    """Refine pairs of a point and a piece, and keep what is better than each point's best."""
    for j in range(number):
        t, s = refine_foot(
            tasks[j],
            tasks[TASKS + j],
            tasks[TASKS * 2 + j],
            tasks[TASKS * 3 + j],
            tasks[TASKS * 4 + j],
            tasks[TASKS * 5 + j],
            tasks[TASKS * 6 + j],
            tasks[TASKS * 7 + j],
            tasks[TASKS * 8 + j],
            tasks[TASKS * 9 + j],
            tasks[TASKS * 10 + j],
            tasks[TASKS * 11 + j],
            tasks[TASKS * 12 + j],
        )
        tasks[T + j] = t
        tasks[S + j] = s
    for j in range(number):
        i, k, s = lane_of[j], piece_of[j], tasks[S + j]
        if s < lanes[BEST + i] or (s == lanes[BEST + i] and k < best[i]):
            lanes[BEST + i], lanes[PLACE + i], best[i] = s, tasks[T + j], k


def nearest_alone(pieces, order, boxes, levels, bow, x, y, z, seed, near, gaps, stack):
    """Return piece, t and distance for one point, from every piece that may be nearest, and whether others are as near.

    t is NaN as in `foot_far`. Of the others, neighbours do not count.
    """
    first = nearest_chord(pieces, order, boxes, levels, x, y, z, seed, near, gaps, stack)
    chord = math.sqrt(chord_gap(pieces, first, x, y, z))
    limit = reach(chord, bow)
    limit *= limit
    best, best_t, best_s, several = first, 0.0, math.inf, False
    fx, fy, fz, from_f = x, y, z, 0.0
    top = 0
    stack[0, 0], stack[1, 0] = len(levels) - 1, 0
    while top >= 0:
        level, group = stack[0, top], stack[1, top]
        top -= 1
        if level < 0:
            for at in range(group * LEAF, min(group * LEAF + LEAF, len(order))):
                k = order[at]
                gap, span = chord_span(pieces, k, x, y, z, fx, fy, fz)
                # A distance changes by no more than a metre a metre: from the place measured last to this piece.
                if gap > limit or from_f - far_along(span) > best_s + SIFTED:
                    continue
                t, s = foot_far(pieces, k, x, y, z) if chord > NEAR else refine_piece(pieces, k, x, y, z)
                if math.isnan(s):
                    return k, math.nan, math.inf, False
                equal = abs(s - best_s) <= SIFTED
                several = (several and s > best_s - SIFTED) or (equal and abs(k - best) > 1)
                if s < best_s or (s == best_s and k < best):
                    best, best_t, best_s = k, t, s
                b, from_f = 4 * t * (1 - t), s
                fx = pieces[k, 0] + t * pieces[k, 3] + b * pieces[k, 6]
                fy = pieces[k, 1] + t * pieces[k, 4] + b * pieces[k, 7]
                fz = pieces[k, 2] + t * pieces[k, 5] + b * pieces[k, 8]
            continue
        box_gaps(boxes, levels[level] + group, x, y, z, near)
        for c in range(WIDE):
            if near[c] <= limit and near[c] < math.inf:
                top += 1
                stack[0, top], stack[1, top] = level - 1, group * WIDE + c
    return best, best_t, best_s, several


def refine_piece(pieces, k, x, y, z):
    """Return t and distance of the nearest place of a piece, as `refine_foot`."""
    return refine_foot(
        pieces[k, 0],
        pieces[k, 1],
        pieces[k, 2],
        pieces[k, 3],
        pieces[k, 4],
        pieces[k, 5],
        pieces[k, 6],
        pieces[k, 7],
        pieces[k, 8],
        pieces[k, 9],
        x,
        y,
        z,
    )


def nearest(lon, lat, keys, mask, group, curve, feet, out):
    """Answer for many points in degrees, in the order of `keys` (bits of `mask`: indices), so many in a `group`.

    `curve` holds the pieces and the tree (`Curve.arrays`), `out` arrays to write to (`NearestPieces`): piece, t,
    distance and side (1 left, -1 right, 0 on); where `feet`, also the foot's edge, whether it is an end of the line,
    whether others may be as near, its longitude and latitude in degrees and its chainage in metres. NaN gives piece -1
    and NaN; t is NaN where it is not known (`foot_far`). Each answer depends on its point alone.
    """
    pieces, order, boxes, levels, before, after, edge, track, bow, lonlat = curve
    lanes, gaps, turns = np.empty(ROWS * LANES), np.empty(CAPACITY * LANES), np.empty(TURN_ROWS * LANES)
    tasks, rows = np.empty(TASK_ROWS * TASKS), np.empty((CAPACITY, COLUMNS))
    near, reaches, far = np.empty(WIDE), np.empty(WIDE), np.empty(STACK)
    stack, indices = np.empty((2, STACK), dtype=np.int64), np.empty(CAPACITY, dtype=np.int64)
    lane_of, piece_of = np.empty(TASKS, dtype=np.int64), np.empty(TASKS, dtype=np.int64)
    best, source = np.empty(LANES, dtype=np.int64), np.empty(LANES, dtype=np.int64)
    minima = np.empty(LANES, dtype=np.int64)
    slack = bow + SLACK
    seed, size, first = 0, group, 0
    while first < len(keys):
        n, end = take_group(lon, lat, keys, mask, first, size, lanes, source)
        if n > 0:
            place_lanes(lanes, n)
            x, y, z, radius = enclosing_ball(lanes, n)
            if radius > ROOMY:
                size = max(1, int(n * (ROOMY / radius) ** 2))
                continue
            seed = nearest_chord(pieces, order, boxes, levels, x, y, z, seed, near, far, stack)
            count = collect(
                pieces, order, boxes, levels, x, y, z, radius, seed, slack, near, reaches, stack, indices, rows
            )
            crowded = count < 0
            if crowded and n > 1:
                size = (n + 1) // 2
                continue
            size = min(LANES if radius < CLOSE else group, 2 * n) if group > 1 else 1
            if not crowded:
                candidate_gaps(rows, count, lanes, n, gaps)
                number = select_nearest(rows, indices, count, lanes, n, slack, gaps, tasks, lane_of, piece_of, best)
                count_minima(tasks, number, lane_of, piece_of, before, after, lanes, n, minima)
            for i in range(n):
                if crowded or math.sqrt(lanes[LEAST + i]) > NEAR - EDGE:
                    x, y, z = lanes[X + i], lanes[Y + i], lanes[Z + i]
                    best[i], lanes[PLACE + i], lanes[BEST + i], several = nearest_alone(
                        pieces, order, boxes, levels, slack, x, y, z, seed, near, far, stack
                    )
                    minima[i] = TWO_PLACES if several else 0
                elif number < 0:
                    minima[i] = TWO_PLACES
            settle_sides(pieces, before, after, lanes, n, turns, best)
            write_answers(pieces, before, after, edge, track, lonlat, lanes, n, turns, best, minima, source, feet, out)
        repeat_answers(lon, lat, keys, mask, first, end, source, n, feet, out)
        first = end


def write_answers(pieces, before, after, edge, track, lonlat, lanes, n, turns, best, minima, source, feet, out):
    """Write the answers of a group where its positions came from."""
    out_piece, out_t, out_s, out_side, out_edge, out_end, out_several, out_lon, out_lat, out_chainage = out
    for i in range(n):
        at, k, t, s = source[i], best[i], lanes[PLACE + i], lanes[BEST + i]
        out_piece[at], out_t[at], out_s[at], out_side[at] = k, t, s, sided(turns, lanes, i)
        if feet:
            out_edge[at] = edge[k]
            out_end[at] = s > ON and ((t == 0 and before[k] < 0) or (t == 1 and after[k] < 0))
            out_several[at] = s > ON and minima[i] >= TWO_PLACES
            out_lon[at], out_lat[at] = foot_position(pieces, track, lonlat, k, t)
            out_chainage[at] = track[k, 4] + track[k, 5] * (t + track[k, 6] * t * (1 - t))


def repeat_answers(lon, lat, keys, mask, first, end, source, n, feet, out):
    """Write the answers of positions that repeat the one before, and of those that are not known."""
    out_piece, out_t, out_s, out_side, out_edge, out_end, out_several, out_lon, out_lat, out_chainage = out
    last = 0
    for at in range(first, end):
        i = keys[at] & mask
        if last < n and source[last] == i:
            last += 1
        elif math.isnan(lon[i]) or math.isnan(lat[i]):
            out_piece[i], out_t[i], out_s[i], out_side[i] = -1, math.nan, math.nan, 0
            if feet:
                out_edge[i], out_end[i], out_several[i] = -1, False, False
                out_lon[i], out_lat[i], out_chainage[i] = math.nan, math.nan, math.nan
        else:
            j = source[last - 1]
            out_piece[i], out_t[i], out_s[i], out_side[i] = out_piece[j], out_t[j], out_s[j], out_side[j]
            if feet:
                out_edge[i], out_end[i], out_several[i] = out_edge[j], out_end[j], out_several[j]
                out_lon[i], out_lat[i], out_chainage[i] = out_lon[j], out_lat[j], out_chainage[j]


def settle_sides(pieces, before, after, lanes, n, turns, best):
    """Bring joints to the piece before, and write how far each point lies to the left of both edges at its foot.

    Rows of `turns`: the foot, the tangent there, that of the other edge where the foot is a joint, what both make of
    the point; then the corner's orientation.
    """
    for i in range(n):
        k, t = best[i], lanes[PLACE + i]
        if t == 0 and k > 0 and before[k] == k - 1:
            # A joint is the end of the piece before it, whichever of the two was found.
            k, t = k - 1, 1.0
            best[i], lanes[PLACE + i] = k, t
        b, m = 4 * t * (1 - t), 4 * (1 - 2 * t)
        other = after[k] if t == 1 else (before[k] if t == 0 else -1)
        for axis in range(3):
            way, sagitta = pieces[k, 3 + axis], pieces[k, 6 + axis]
            turns[LANES * axis + i] = pieces[k, axis] + t * way + b * sagitta
            turns[LANES * (3 + axis) + i] = way + m * sagitta
            turns[LANES * (6 + axis) + i] = way + m * sagitta
            if other >= 0:
                turns[LANES * (6 + axis) + i] = pieces[other, 3 + axis] - m * pieces[other, 6 + axis]
        turns[LANES * 11 + i] = 0.0
        if other >= 0:
            first, last = (other, k) if t == 0 else (k, other)
            turns[LANES * 11 + i] = corner_orientation(pieces, first, last)
    for i in range(n):
        px, py, pz = turns[i], turns[LANES + i], turns[LANES * 2 + i]
        _, _, _, cx, cy, cz, _ = towards(px, py, pz, lanes[X + i], lanes[Y + i], lanes[Z + i])
        vx, vy, vz = turns[LANES * 3 + i], turns[LANES * 4 + i], turns[LANES * 5 + i]
        turns[LANES * 9 + i] = cx * vx + cy * vy + cz * vz
        vx, vy, vz = turns[LANES * 6 + i], turns[LANES * 7 + i], turns[LANES * 8 + i]
        turns[LANES * 10 + i] = cx * vx + cy * vy + cz * vz


def sided(turns, lanes, i):
    """Return 1 left, -1 right or 0 on the curve; at a corner both edges have a say."""
    if not lanes[BEST + i] > ON:
        return 0
    left = turns[LANES * 9 + i]
    if left * turns[LANES * 10 + i] <= 0:
        # The point sees one edge from each side, or one end on: it lies in the wedge outside the corner.
        left = -turns[LANES * 11 + i]
    return 1 if left > 0 else (-1 if left < 0 else 0)


def foot_position(pieces, track, lonlat, k, t):
    """Return longitude and latitude in degrees of a place on a piece; its ends as they were given."""
    if t == 0:
        return track[k, 0], track[k, 1]
    if t == 1:
        return track[k, 2], track[k, 3]
    if lonlat:
        return track[k, 0] + (track[k, 2] - track[k, 0]) * t, track[k, 1] + (track[k, 3] - track[k, 1]) * t
    b = 4 * t * (1 - t)
    x = pieces[k, 0] + t * pieces[k, 3] + b * pieces[k, 6]
    y = pieces[k, 1] + t * pieces[k, 4] + b * pieces[k, 7]
    z = pieces[k, 2] + t * pieces[k, 5] + b * pieces[k, 8]
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, (1 - E2) * math.sqrt(x * x + y * y)))
