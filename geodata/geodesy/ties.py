"""Where else along a line a position is as near: local minima of the distance, parted by a rise.

A tie is another local minimum, equal within 1 mm (EQUAL) and parted from the first by a rise of more than that: two
sides of a bend, two arms of a river. The distance is convex along a piece (at most 250 m long), so samples at its ends
and at the foot on its chord show each minimum and each rise; golden sections on Karney's geodesic find the foot itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.geodesy import ellipsoid
from geodata.geodesy.ellipsoid import Floats
from geodata.geodesy.kernel import EQUAL
from geodata.geodesy.segments import Curve

SPREAD = 0.0213 / 24 / 6.33e6**2
"""Geodesics of one chord c differ by less than 0.0213 c³/24R² (docs/accuracy.md)."""
CHORD_LIMIT = 3_000_000.0
"""Metres up to which SPREAD holds; beyond, every piece is looked at."""
GOLDEN = (5**0.5 - 1) / 2
STEPS = 40

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ties:
    """Local minima of the distance (n), nearest first: chainage and distance in metres, feet in degrees."""

    chainage: Floats
    distance: Floats
    lon: Floats
    lat: Floats

    def __len__(self) -> int:
        return len(self.chainage)


def local_minima(curve: Curve, lon: float, lat: float, beyond: float = 0.0) -> Ties:
    """Return the feet of a position on a curve that are as near as the nearest, it first; one where there is no tie.

    `beyond` metres more are let through, so that every foot comes that an uncertain position may have.
    """
    centre = ellipsoid.ecef(np.array([lon]), np.array([lat]))[0]
    chord = _chords(curve, centre[None, :])[0]
    least = float(chord.min())
    limit = (
        np.inf if least > CHORD_LIMIT else least + beyond + 3 * EQUAL + curve.bow + 2 * SPREAD * (least + beyond) ** 3
    )
    minima: list[tuple[float, float, float, float]] = []
    for first, last in curve.runs.tolist():
        near = np.flatnonzero(chord[first : last + 1] <= limit) + first
        for run in np.split(near, np.flatnonzero(np.diff(near) > 1) + 1) if len(near) else ():
            minima += _minima(curve, lon, lat, int(run[0]), int(run[-1]), first, last)
    minima = _closed_once(curve, minima)
    nearest = min(minimum[1] for minimum in minima)
    equal = sorted(
        (minimum for minimum in minima if minimum[1] <= nearest + beyond + EQUAL),
        key=lambda minimum: (minimum[1], minimum[0]),
    )
    return Ties(*np.array(equal).T)


def confirmed(curve: Curve, lon: Floats, lat: Floats, several: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell for positions (n,) in degrees whether another foot is as near, among those the kernel counted several for.

    The kernel sifts: only where it counts two places that may be local minima are the geodesics compared.
    """
    answer = several.copy()
    for index in np.flatnonzero(several):
        answer[index] = len(local_minima(curve, float(lon[index]), float(lat[index]))) > 1
    return answer


def _chords(curve: Curve, here: Floats, part: slice | Ints = slice(None)) -> Floats:
    """Return the chords (n, pieces) from positions to the nearest place of each piece's own chord, metres."""
    piece = curve.pieces[part]
    start, vector = piece[:, :3], piece[:, 3:6]
    along = _shares(curve, here, part)
    squares = np.zeros(along.shape)
    for axis in range(3):
        squares += (here[:, axis, None] - start[:, axis] - along * vector[:, axis]) ** 2
    return np.asarray(np.sqrt(squares))


def _shares(curve: Curve, here: Floats, part: slice | Ints) -> Floats:
    """Return where (n, pieces; 0 to 1) the nearest place of each piece's own chord lies."""
    piece = curve.pieces[part]
    start, vector = piece[:, :3], piece[:, 3:6]
    # Differences first: products of whole radii of the earth would lose the metres.
    along = sum((here[:, axis, None] - start[:, axis]) * vector[:, axis] for axis in range(3))
    return np.asarray(np.clip(along * piece[:, 9], 0.0, 1.0))


def _minima(
    curve: Curve, lon: float, lat: float, a: int, b: int, first: int, last: int
) -> list[tuple[float, float, float, float]]:
    """Return the local minima on pieces `a` to `b`, one more either side, of the path from `first` to `last`."""
    a, b = max(first, a - 1), min(last, b + 1)
    piece = np.repeat(np.arange(a, b + 1), 2)
    share = np.zeros(len(piece))
    share[1::2] = _shares(curve, ellipsoid.ecef(np.array([lon]), np.array([lat])), slice(a, b + 1))[0]
    piece, share = np.append(piece, b), np.append(share, 1.0)
    value = _away(curve, lon, lat, piece, share)
    flat = np.concatenate([[np.inf], value, [np.inf]])
    lows = np.flatnonzero((flat[1:-1] <= flat[:-2]) & (flat[1:-1] <= flat[2:]))
    # What rises at the end of the stretch that was looked at goes on falling beyond it.
    lows = lows[((lows > 0) | (a == first)) & ((lows < len(value) - 1) | (b == last))]
    lowest: list[tuple[float, int, Ints, Floats]] = []
    for at in lows.tolist():
        refined = _refine(curve, lon, lat, piece, share, at)
        if lowest and value[lowest[-1][1] : at + 1].max() - max(lowest[-1][0], refined[0]) <= EQUAL:
            if refined[0] < lowest[-1][0]:
                lowest[-1] = (refined[0], at, *refined[1:])
            continue
        lowest.append((refined[0], at, *refined[1:]))
    minima = []
    for distance, _, on, t in lowest:
        x, y = curve.position(on, t)
        minima.append((float(curve.chainage(on, t)[0]), distance, float(x[0]), float(y[0])))
    return minima


def _away(curve: Curve, lon: float, lat: float, piece: Ints, share: Floats) -> Floats:
    x, y = curve.position(piece, share)
    return np.asarray(ellipsoid.inverse(np.full(len(x), lon), np.full(len(x), lat), x, y)[2])


def _refine(curve: Curve, lon: float, lat: float, piece: Ints, share: Floats, at: int) -> tuple[float, Ints, Floats]:
    """Return the least distance between the samples beside one, and the piece and place on it, by golden sections.

    The distance is convex on each piece: a minimum at a vertex lies on one piece or the other, so both are tried.
    """
    on, t = piece[at : at + 1], share[at : at + 1]
    best = (float(_away(curve, lon, lat, on, t)[0]), on, t)
    for which in {int(piece[at]), int(piece[max(0, at - 1)])} if share[at] == 0.0 else {int(piece[at])}:
        low, high, both = 0.0, 1.0, np.array([which, which])
        for _ in range(STEPS):
            step = GOLDEN * (high - low)
            near = _away(curve, lon, lat, both, np.array([high - step, low + step]))
            low, high = (low, low + step) if near[0] <= near[1] else (high - step, high)
        t = np.array([(low + high) / 2])
        distance = float(_away(curve, lon, lat, both[:1], t)[0])
        if distance < best[0]:
            best = (distance, both[:1], t)
    return best


def _closed_once(
    curve: Curve, minima: list[tuple[float, float, float, float]]
) -> list[tuple[float, float, float, float]]:
    """Drop the second of two minima that are one vertex: where a path closes, or two paths meet."""
    seen: dict[tuple[float, float], tuple[float, float, float, float]] = {}
    for minimum in minima:
        seen.setdefault((round(minimum[2], 9), round(minimum[3], 9)), minimum)
    return list(seen.values())
